"""Made-up declarations as they will be written, whatever the format: columns of text beside the matrix of amounts."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from adapters.tax.defects import (
    ACTIVITY,
    BY_NAME,
    CHECK_DIGIT,
    LAYOUT,
    MERGED,
    NONE,
    OUTDATED,
    PARTED,
    PERIOD_KIND,
    PROVINCE,
    THOUSANDS_MARKS,
)
from adapters.tax.population import Filers, Ints, facts

YEAR = 2025
MERGER_MONTH = 7
MARKED_AMOUNT = "12.345.678"


@dataclass
class Declarations:
    """``who`` filed, of which ``month`` the period ends in, which amendment, explained or not, and the amounts."""

    filers: Filers
    who: Ints
    month: int
    version: Ints
    explained: NDArray[np.bool_]
    sheet: Ints
    defect: Ints
    first_id: int

    def __len__(self) -> int:
        return len(self.who)

    def part(self, rows: slice) -> Declarations:
        """Some of them."""
        cut = (self.who[rows], self.month, self.version[rows], self.explained[rows], self.sheet[rows], self.defect[rows])
        return Declarations(self.filers, *cut, first_id=self.first_id + (rows.start or 0))

    def columns(self) -> dict[str, list[str]]:
        """Every header field as text, named as in ``source.yml``."""
        quarterly = (self.who >= self.filers.monthly).tolist()
        wrong_kind = self._has(PERIOD_KIND)
        kinds = ["Q" if quarter and not wrong else "M" for quarter, wrong in zip(quarterly, wrong_kind, strict=True)]
        filed = [
            _filed(self.month, number, int(version)) for number, version in zip(self.who.tolist(), self.version, strict=True)
        ]
        starts = {True: f"01/{self.month - 2:02d}/{YEAR}", False: f"01/{self.month:02d}/{YEAR}"}
        names = {True: f"{self.month // 3}/{YEAR}", False: f"{self.month:02d}/{YEAR}"}
        last = f"{_last_day(self.month):%d/%m/%Y}"
        return {
            "mst": self._tax_codes(),
            "ma_tkhai": ["842"] * len(self),
            "pban_tkhai": [
                "1.7.1" if old else self._form(quarter) for old, quarter in zip(self._has(LAYOUT), quarterly, strict=True)
            ],
            "loai_tkhai": ["B" if version else "C" for version in self.version.tolist()],
            "so_lan": [str(version) for version in self.version.tolist()],
            "kieu_ky": kinds,
            "ky_kkhai": [names[quarter] for quarter in quarterly],
            "tu_ngay": [starts[quarter] for quarter in quarterly],
            "den_ngay": [last] * len(self),
            "ngay_lap": [day.isoformat() for day in filed],
            "ngay_nop": [f"{day:%d/%m/%Y}" for day in filed],
            "ma_tinh": self._provinces(quarterly),
            "ma_cqt": [f"{number % 899 + 10101:05d}" for number in self.who.tolist()],
            "nganh_nghe": self._activities(),
        }

    def _has(self, defect: str) -> list[bool]:
        found: list[bool] = (self.defect == BY_NAME[defect]).tolist()
        return found

    def marked(self) -> NDArray[np.bool_]:
        """Those whose line 32 is written with thousands marks."""
        return np.asarray(self.defect == BY_NAME[THOUSANDS_MARKS])

    def sound(self) -> NDArray[np.bool_]:
        """Originals without any defect, which a writer may still spoil in its own way."""
        return np.asarray((self.defect == NONE) & (self.version == 0))

    def _form(self, quarter: bool) -> str:
        return "2.9.4" if after_merger(self.month, quarter) else "2.8.3"

    def _tax_codes(self) -> list[str]:
        codes = [self.filers.mst[number] for number in self.who.tolist()]
        return [_spoilt(code) if wrong else code for code, wrong in zip(codes, self._has(CHECK_DIGIT), strict=True)]

    def _provinces(self, quarterly: list[bool]) -> list[str]:
        known = facts()["provinces"]
        before = list(known)
        after = [place[1] if len(place) > 1 else code for code, place in known.items()]
        rows = zip(self.filers.province[self.who].tolist(), quarterly, self._has(PROVINCE), self._has(MERGED), strict=True)
        return [
            "999" if unknown else (after if after_merger(self.month, quarter) and not merged else before)[province]
            for province, quarter, unknown, merged in rows
        ]

    def _activities(self) -> list[str]:
        """In the version of VSIC that is in force when the period ends."""
        before, page = list(facts()["activities"]), facts()["vsic_2025"]
        now = [code if _last_day(self.month) < page["from"] else page["codes"].get(code, code) for code in before]
        late = (one or other for one, other in zip(self._has(OUTDATED), self._has(PARTED), strict=True))
        rows = zip(self.filers.activity[self.who].tolist(), self._has(ACTIVITY), late, strict=True)
        return ["0000" if unknown else (before if outdated else now)[activity] for activity, unknown, outdated in rows]


def after_merger(month: int, quarter: bool) -> bool:
    """Whether the period that ends in this month began on or after 2025-07-01."""
    return month - (2 if quarter else 0) >= MERGER_MONTH


def merged(filers: Filers, who: Ints, month: int) -> NDArray[np.bool_]:
    """Whose province has become part of another by the period that ends in this month."""
    gone = np.array([len(place) > 1 for place in facts()["provinces"].values()])[filers.province[who]]
    return np.asarray(gone & np.where(who >= filers.monthly, after_merger(month, True), after_merger(month, False)))


def outdated(filers: Filers, who: Ints, month: int, parted: bool) -> NDArray[np.bool_]:
    """Whose code of VSIC 2018 is in force on no day of the period that ends in this month: the parted codes, or the others."""
    page = facts()["vsic_2025"]
    chosen = [code in page["codes"] and (code in page["parted"]) is parted for code in facts()["activities"]]
    begun = np.where(who >= filers.monthly, _first_day(month - 2) >= page["from"], _first_day(month) >= page["from"])
    return np.asarray(np.array(chosen)[filers.activity[who]] & begun)


def with_check_digit(filers: Filers, who: Ints) -> NDArray[np.bool_]:
    """Whose code has a check digit at all: not the twelve-digit personal numbers."""
    return np.array([not filers.mst[number].startswith("000") for number in who.tolist()], dtype=bool)


def _first_day(month: int) -> date:
    return date(YEAR, max(month, 1), 1)


def _last_day(month: int) -> date:
    return date(YEAR, month, monthrange(YEAR, month)[1])


def _spoilt(code: str) -> str:
    return f"{code[:9]}{(int(code[9]) + 1) % 10}{code[10:]}"


def _filed(month: int, number: int, version: int) -> date:
    """Between the 5th and the 28th of the next month; an amendment a month later each."""
    return _last_day(month) + timedelta(days=5 + number % 24 + 30 * version)
