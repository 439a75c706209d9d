"""The keywords of a PX file: before the figures are known, and after the last of them was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from adapters.formats.axes import Axes
from adapters.formats.flat import Columns
from adapters.formats.px_text import Tongue, bare, clean, in_all, keyword, long_text, short
from adapters.formats.uniform import Uniform
from adapters.formats.units import DECIMALS, Units
from adapters.formats.wording import code_label, label, title
from adapters.notices import notice
from adapters.outlets import Wish
from registry.answers import Answer

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TIME_LISTS = {"A": "A1", "S": "H1", "Q": "Q1", "M": "M1", "W": "W1"}
MOST_SHOWN = 6
ABSENT, EMPTY, CONFIDENTIAL = b'"."', b'".."', b'"..."'
LEGEND = {
    "vi": ". không có số liệu này; .. chưa có giá trị; ... giá trị được bảo mật",
    "en": ". no such figure; .. figure without a value; ... confidential",
}


@dataclass(frozen=True)
class Sheet:
    """What all keywords of a file are made from."""

    answer: Answer
    wish: Wish
    axes: Axes
    languages: list[Tongue]
    columns: Columns

    def head(self) -> Iterator[str]:
        """What is known before the first figure."""
        yield keyword("CHARSET", ["ANSI"]) + keyword("AXIS-VERSION", ["2013"]) + keyword("CODEPAGE", ["utf-8"])
        tags = [tongue.tag for tongue in self.languages]
        yield keyword("LANGUAGE", tags[:1]) + keyword("LANGUAGES", tags)
        yield keyword("CREATION-DATE", [_stamp(self.wish.prepared)])
        yield from self._identity()
        yield from self._variables()
        yield from self._values()
        yield from self._origin()

    def _identity(self) -> Iterator[str]:
        flow = self.answer.structure.dataflow
        yield keyword("TABLEID", [str(flow.ref)]) + keyword("MATRIX", [flow.ref.id[:20]])
        yield keyword("SUBJECT-CODE", [flow.ref.agency[:20]])
        names = [tongue.text(flow.names) for tongue in self.languages]
        yield from in_all(self.languages, "SUBJECT-AREA", names)
        for tongue, name in zip(self.languages, names, strict=True):
            by = {"vi": "theo"}.get(tongue.tag, "by")
            yield long_text("TITLE", f"{name} {by} {', '.join(tongue.variables.values())}", tongue.mark)
        yield from in_all(self.languages, "CONTENTS", names)

    def _variables(self) -> Iterator[str]:
        """Periods are the heading, everything else the stub."""
        timed = self.axes.times.timed
        for place, name in enumerate(("STUB", "HEADING") if timed else ("STUB",)):
            for tongue in self.languages:
                shown = list(tongue.variables.values())
                yield keyword(name, (shown[:-1], shown[-1:])[place] if timed else shown, tongue.mark)

    def _values(self) -> Iterator[str]:
        for variable, codes in self.languages[0].values.items():
            for tongue in self.languages:
                yield keyword("VALUES", tongue.values[variable].values(), tongue.mark, [tongue.variables[variable]])
            if periods := self._time_list(variable):
                for tongue in self.languages:
                    head = f'TIMEVAL{f"[{tongue.mark}]" if tongue.mark else ""}("{tongue.variables[variable]}")='
                    yield head + keyword(periods[0], periods[1:]).replace("=", ",", 1)
            for tongue in self.languages:
                yield keyword("CODES", map(clean, codes), tongue.mark, [tongue.variables[variable]])

    def _time_list(self, variable: str) -> list[str]:
        """``TLIST(Q1)`` and the periods as it wants them; they must be consecutive and of one frequency."""
        time, ordinals = self.answer.structure.dsd.time, self.axes.times.ordinals
        frequency = next(iter(ordinals))
        if time is None or variable != time.id or len(ordinals) > 1 or frequency not in TIME_LISTS:
            return []
        if any(after - before != 1 for before, after in pairwise(ordinals[frequency].tolist())):
            return []
        plain = [text.replace("-", "").replace(frequency, "") for text in self.axes.times.texts()]
        return [f"TLIST({TIME_LISTS[frequency]})", *plain]

    def _origin(self) -> Iterator[str]:
        service, release = self.wish.service, self.answer.release
        if release is not None and release.released_at is not None:
            yield keyword("LAST-UPDATED", [_stamp(release.released_at)])
        if service is not None:
            names = [tongue.text(service.names) for tongue in self.languages]
            for word in ("CONTACT", "DATABASE", "SOURCE"):
                yield from in_all(self.languages, word, names)
            yield keyword("LINK", [short(service.license)])
        yield keyword("OFFICIAL-STATISTICS", ["YES"]).replace('"', "")

    def tail(self, units: Units) -> Iterator[str]:
        """What is known after the last figure."""
        shown = units.number(DECIMALS) if units.dimension is None and units.known else None
        yield bare("DECIMALS", str(units.decimals))
        yield bare("SHOWDECIMALS", str(min(units.decimals if shown is None else max(shown, 0), units.decimals, MOST_SHOWN)))
        yield from self._units(units)
        for tongue in self.languages:
            yield long_text("NOTEX", "#".join(self._always(tongue)), tongue.mark)
        for tongue in self.languages:
            if said := self._shared(tongue, units.uniform):
                yield long_text("NOTE", "#".join(said), tongue.mark)
        for number, symbol in ((1, ABSENT), (2, EMPTY), (3, CONFIDENTIAL)):
            yield f"DATASYMBOL{number}={symbol.decode()};\r\n"

    def _units(self, units: Units) -> Iterator[str]:
        various = {"vi": "khác nhau giữa các chuỗi", "en": "differs between series"}
        dimension = units.dimension
        if dimension is None:
            for tongue in self.languages:
                words = units.words((tongue.tag,)) if units.known else label(various, (tongue.tag,))
                yield keyword("UNITS", [short(words) or "-"], tongue.mark)
            return
        for tongue in self.languages:
            yield keyword("CONTVARIABLE", [tongue.variables[dimension]], tongue.mark)
        for code in self.axes.codes[dimension]:
            for tongue in self.languages:
                words = short(units.words((tongue.tag,), code)) or "-"
                yield keyword("UNITS", [words], tongue.mark, [tongue.values[dimension][code]])

    def _always(self, tongue: Tongue) -> Iterator[str]:
        """What a reader must know: the release, the dots, how the figures were computed, what is said of the whole."""
        if said := notice(self.answer.release):
            yield label(said, (tongue.tag,))
        yield label(LEGEND, (tongue.tag,))
        for step in self.answer.computed:
            yield label(step, (tongue.tag,))
        for name, text in self.answer.dataset_attributes.items():
            if name in self.wish.attributes:
                yield f"{title(self.answer.structure, name, (tongue.tag,))}: {text}"
        if self.answer.release is not None:
            word = {"vi": "Bản công bố"}.get(tongue.tag, "Release")
            yield f"{word} {self.answer.release.id}"

    def _shared(self, tongue: Tongue, uniform: Uniform) -> list[str]:
        """The attributes of series: one text for all, or by the code that decides it."""
        structure, found = self.answer.structure, list[str]()
        for name in self.columns.series:
            words, dimension = title(structure, name, (tongue.tag,)), uniform.deciding(name)
            if (text := uniform.one(name)) is not None:
                found.append(f"{words} ({name}): {code_label(structure, name, text, (tongue.tag,))} ({text})")
            elif uniform.differs(name) and dimension is None:
                found.append(f"{words} ({name}): {label({'vi': 'khác nhau', 'en': 'differs'}, (tongue.tag,))}")
            elif dimension is not None:
                told = ((code, uniform.of(name, dimension, code)) for code in self.axes.codes[dimension])
                listed = "; ".join(f"{tongue.values[dimension][code]}: {text}" for code, text in told if text is not None)
                found.append(f"{words} ({name}): {listed}")
        return found


def _stamp(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y%m%d %H:%M")
