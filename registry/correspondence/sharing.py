"""How a figure is parted among the targets of its code, and how sure that is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from registry.correspondence.table import Correspondence
from registry.errors import Invalid, suggest

TOLERANCE = Decimal("0.001")
"""How far the shares of a code may miss 1 by rounding."""

MOST_DECIMALS = 30
"""Digits of a share behind the point: more than any computation of weights gives. ``1e-999999999`` is short to write, and all
of its digits would be worked out."""


class State(StrEnum):
    """``exact``: goes to one target as a whole; ``estimated``: parted by shares that add up to 1, or all under one target by
    convention; ``broken``: a share is unknown, the shares do not add up to 1, or there is no target."""

    EXACT = "exact"
    ESTIMATED = "estimated"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Exactness:
    """How many source codes of a table are in each state."""

    exact: int
    estimated: int
    broken: int


def is_share(text: str) -> bool:
    """Whether a text is a share: above 0, at most 1, in plain digits and with at most :data:`MOST_DECIMALS` decimals."""
    if not text.isascii() or "_" in text:
        return False
    try:
        share = Decimal(text)
        return 0 < share <= 1 and _decimals(share) <= MOST_DECIMALS
    except InvalidOperation:
        return False


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def state_of(table: Correspondence, code: str) -> State:
    """What can be done with a figure of a source code; one that the table does not have is broken."""
    links = table.targets.get(code, ())
    if code in table.gone or not _complete(_total(table, code)):
        return State.BROKEN
    return State.EXACT if len(links) == 1 and not links[0].by_convention else State.ESTIMATED


def uneven(table: Correspondence, code: str) -> bool:
    """Whether the shares of a code are known and do not add up to 1: a part of it goes nowhere, or twice."""
    total = _total(table, code)
    return total is not None and not _complete(total)


def exactness(table: Correspondence) -> Exactness:
    """How many of the source codes that the table has can be recoded exactly, by estimates, or not at all."""
    found = Counter(state_of(table, code) for code in table.codes)
    return Exactness(found[State.EXACT], found[State.ESTIMATED], found[State.BROKEN])


def parts(table: Correspondence, code: str) -> tuple[tuple[str, Fraction], ...]:
    """The targets of a code and their shares, decimal fractions that add up to 1 whatever the table was rounded to.

    :class:`Invalid` CODE_NOT_LINKED where the table has no target for it, SHARES_UNKNOWN or SHARES_INCOMPLETE where it is
    broken: a table that only says which codes touch cannot part a figure, and half a figure must not get lost.
    """
    links = table.targets.get(code, ())
    if not links:
        near = ", ".join(suggest(code[:60], table.targets)) or ", ".join(list(table.targets)[:5]) or "-"
        raise _refused("CODE_NOT_LINKED", table, code, source=str(table.from_list), near=near)
    total = _total(table, code)
    if total is None:
        raise _refused("SHARES_UNKNOWN", table, code, targets=", ".join(link.target for link in links)[:120])
    if not _complete(total):
        raise _refused("SHARES_INCOMPLETE", table, code, total=total)
    return tuple(zip((link.target for link in links), _completed([Fraction(link.share or 0) for link in links]), strict=True))


def _completed(shares: list[Fraction]) -> list[Fraction]:
    """What the shares miss to 1 by rounding is put to the largest: so they stay decimal fractions, by which a figure is parted
    without rounding."""
    largest = shares.index(max(shares))
    return [share + (1 - sum(shares) if place == largest else 0) for place, share in enumerate(shares)]


def _refused(error: str, table: Correspondence, code: str, **facts: object) -> Invalid:
    return Invalid(error, correspondence=str(table.ref), found=code[:60], **facts)


def _total(table: Correspondence, code: str) -> Decimal | None:
    """What the shares of a code add up to; None where one is unknown."""
    shares = [link.share for link in table.targets.get(code, ())]
    known = [Decimal(share) for share in shares if share is not None]
    return sum(known, Decimal(0)) if len(known) == len(shares) and code not in table.gone else None


def _complete(total: Decimal | None) -> bool:
    return total is not None and abs(total - 1) <= TOLERANCE
