"""Faults put into made-up declarations on purpose, each with the rules that must find it.

One declaration has at most one; amended and repeated declarations have none of these (amendments have their own, a missing
explanation), so that the counts in the manifest are exactly what the checks must report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.tax.figures import AT
from adapters.tax.population import Ints

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Defect:
    """``share`` of the declarations that ``can`` have it (by amounts, and by quarterly period); ``rules`` that find it."""

    name: str
    share: float
    rules: tuple[str, ...]
    can: Callable[[Ints, Mask], Mask]
    spoil: Callable[[Ints], None] = lambda sheet: None


def _any(sheet: Ints, quarterly: Mask) -> Mask:
    return np.ones(len(sheet), dtype=bool)


def _trading(sheet: Ints, quarterly: Mask) -> Mask:
    return np.asarray(sheet[:, AT["ct21"]] == 0)


def _small(sheet: Ints, quarterly: Mask) -> Mask:
    """Below a billion, so that thousands read as dong fall under a million; the credit carried in must shrink with the rest."""
    return np.asarray(_trading(sheet, quarterly) & (sheet[:, AT["ct34"]] < 900_000_000))


def _quarterly(sheet: Ints, quarterly: Mask) -> Mask:
    return quarterly


def _in_thousands(sheet: Ints) -> None:
    sheet[:, AT["ct22"] :] //= 1000


def _without_a_line(sheet: Ints) -> None:
    sheet[:, AT["ct27"]] += 1_000_000


def _wrong_sign(sheet: Ints) -> None:
    sheet[:, AT["ct43"]] = -sheet[:, AT["ct43"]] - 1000


def _marked_empty(sheet: Ints) -> None:
    sheet[:, AT["ct21"]] = 1


CHECK_DIGIT, PERIOD_KIND, LAYOUT = "bad check digit", "wrong kind of period", "layout of an earlier form"
PROVINCE, MERGED, ACTIVITY = "unknown province", "merged province after 2025-07-01", "unknown activity"
THOUSANDS_MARKS = "thousands marks in an amount"
OUTDATED, PARTED = "activity of VSIC 2018 after its time", "activity of VSIC 2018 that was parted, after its time"

DEFECTS = (
    Defect(CHECK_DIGIT, 0.004, ("VAT_TAX_CODE_CHECK_DIGIT",), _any),
    Defect(PERIOD_KIND, 0.002, ("VAT_PERIOD_KIND",), _quarterly),
    Defect(LAYOUT, 0.001, ("VAT_FORM_LAYOUT",), _any),
    Defect(PROVINCE, 0.003, ("VAT_PROVINCE_UNKNOWN",), _any),
    Defect(MERGED, 0.02, ("VAT_PROVINCE_ABOLISHED",), _any),
    Defect(ACTIVITY, 0.004, ("VAT_ACTIVITY_UNKNOWN",), _any),
    Defect("thousands for dong", 0.003, ("VAT_UNIT_DOUBTFUL",), _small, _in_thousands),
    Defect("a line left out of a sum", 0.003, ("VAT_SUM_27", "VAT_SUM_34"), _trading, _without_a_line),
    Defect("negative where impossible", 0.002, ("VAT_NEGATIVE_43", "VAT_SUM_43"), _trading, _wrong_sign),
    Defect("marked empty with amounts", 0.002, ("VAT_NO_TRANSACTIONS",), _trading, _marked_empty),
    Defect(THOUSANDS_MARKS, 0.002, ("VAT_NUMBER_32",), _trading),
    Defect(OUTDATED, 0.02, ("VAT_ACTIVITY_OTHER_VERSION",), _any),
    Defect(PARTED, 0.02, ("VAT_ACTIVITY_NOT_IN_FORCE",), _any),
)
BY_NAME = {defect.name: number for number, defect in enumerate(DEFECTS, 1)}
NONE = 0


def assign(sheet: Ints, quarterly: Mask, only: Mapping[str, Mask], rng: np.random.Generator) -> Ints:
    """The number of the defect each declaration gets (0: none), and its amounts spoilt accordingly.

    ``only``: defect -> the declarations it makes sense for, beyond what the amounts tell.
    """
    chosen = np.zeros(len(sheet), dtype=np.int64)
    draw = rng.random(len(sheet))
    low = 0.0
    for number, defect in enumerate(DEFECTS, 1):
        hit = (draw >= low) & (draw < low + defect.share) & defect.can(sheet, quarterly)
        hit &= only.get(defect.name, True)
        chosen[hit] = number
        spoilt = sheet[hit]
        defect.spoil(spoilt)
        sheet[hit] = spoilt
        low += defect.share
    return chosen
