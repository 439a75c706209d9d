"""How the figures of a series came to be what they are: the revision triangle and its mean revisions.

Source: ESS Handbook for Quality and Metadata Reports (Eurostat), indicator A6 "Data revision - average size": with P the value
first published for a period and L the latest one, over the n periods that were published more than once,
MAR = sum |L - P| / n, RMAR = sum |L - P| / sum |L|, MR = sum (L - P) / n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.answers import Release
from registry.number import ROUNDING, plain

Values = Sequence[str | None]


@dataclass(frozen=True)
class MeanRevisions:
    """``count``: periods that were published more than once; the means are decimal texts, None where there are none."""

    count: int
    absolute: str | None
    relative: str | None
    mean: str | None


@dataclass(frozen=True)
class Triangle:
    """One series through its releases.

    key, frequency  which series                  releases  k, oldest first
    periods         p, as SDMX texts              values    k rows of p decimal texts; None: no value in that release
    """

    key: tuple[str, ...]
    frequency: str
    releases: tuple[Release, ...]
    periods: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]

    def overall(self) -> MeanRevisions:
        """From the first published value of each period to the latest release."""
        published = [[text for text in column if text is not None] for column in zip(*self.values, strict=True)]
        old = [texts[0] if len(texts) > 1 else None for texts in published]
        return mean_revisions(old, self.values[-1] if self.values else ())

    def steps(self) -> list[MeanRevisions]:
        """From each release to the next, over the periods that both have; k - 1 entries."""
        return [mean_revisions(old, new) for old, new in zip(self.values, self.values[1:], strict=False)]


def mean_revisions(old: Values, new: Values) -> MeanRevisions:
    """The mean revisions from one state to a later one, over the periods that have a number in both."""
    pairs = [(_number(before), _number(after)) for before, after in zip(old, new, strict=True)]
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    if not both:
        return MeanRevisions(0, None, None, None)
    # Fractions: the context of decimals would round each sum to 28 digits, and what is left of large revisions would be gone.
    moved = sum((abs(after - before) for before, after in both), Fraction())
    size = sum((abs(after) for _, after in both), Fraction())
    drift = sum((after - before for before, after in both), Fraction())
    relative = _text(moved / size) if size else None
    return MeanRevisions(len(both), _text(moved / len(both)), relative, _text(drift / len(both)))


def _number(text: str | None) -> Fraction | None:
    try:
        number = Decimal(text) if text is not None else None
    except ArithmeticError:
        return None
    return Fraction(number) if number is not None and number.is_finite() else None


def _text(number: Fraction) -> str:
    return plain(f"{ROUNDING.divide(Decimal(number.numerator), Decimal(number.denominator)):f}")
