"""The ``c[COMPONENT]`` filters of SDMX REST 2.x: operators, ``,`` for OR and ``+`` for AND.

Source: SDMX REST 2.2, "Data queries", operators of the parameter c.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from adapters.sdmx.faults import no_results
from registry.errors import Invalid
from registry.period import LAST_YEAR, Period, parse_period

Term = tuple[str, str]
"""An operator and a value."""

Expression = tuple[tuple[Term, ...], ...]
"""Alternatives, each a list of terms that must all hold."""

OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda code, value: code == value,
    "ne": lambda code, value: code != value,
    "lt": lambda code, value: code < value,
    "le": lambda code, value: code <= value,
    "gt": lambda code, value: code > value,
    "ge": lambda code, value: code >= value,
    "co": lambda code, value: value in code,
    "nc": lambda code, value: value not in code,
    "sw": lambda code, value: code.startswith(value),
    "ew": lambda code, value: code.endswith(value),
}
_LATE = re.compile(r"^(\d{4}-\d{2}-\d{2})T24:00:00$", re.ASCII)
_FOR_EVER = re.compile(r"^9999")
_OPERATOR = re.compile(r"[a-z]{2}:", re.ASCII)
_NAME = re.compile(r"c\[([A-Za-z_][A-Za-z0-9_@$-]*)\]")
_EAST = re.compile(
    r"(?<![^+,:])(\d{4}(?:-\w{2,4}){0,2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?)?)\+(?=\d{2}:\d{2}(?:[+,/]|$))", re.ASCII
)
"""A period before a plus sign that leads its time zone and joins nothing."""

_KEPT = "\0"
_ZONE = re.compile(
    r"^(\d{4}(?:(?:-\d{2}){0,2}|-[ASTQMWD]\d{1,3}))(T\d{2}:\d{2}:\d{2})?(?:(?<=:\d\d)\.\d+)?(?:Z|[+-]\d{2}:\d{2})?$", re.ASCII
)


def component(parameter: str) -> str | None:
    """``DIM`` of ``c[DIM]``, None for any other parameter."""
    match = _NAME.fullmatch(parameter)
    return match.group(1) if match else None


def expression(name: str, text: str) -> Expression:
    """Read a filter; :class:`Invalid` SDMX_BAD_FILTER when a value is missing, or what looks like an operator is none."""
    kept = _EAST.sub(rf"\1{_KEPT}", text)
    groups = [[part.replace(_KEPT, "+") for part in group.split("+")] for group in kept.split(",")]
    alternatives = tuple(tuple(map(_term, group)) for group in groups)
    terms = [part for group in groups for part in group]
    strange = any(_OPERATOR.match(part) and part[:2] not in OPERATORS for part in terms)
    if strange or any(value == "" for group in alternatives for _, value in group):
        raise Invalid("SDMX_BAD_FILTER", name=name[:60], found=text[:120])
    return alternatives


def _term(text: str) -> Term:
    operator, colon, value = text.partition(":")
    return (operator, value) if colon and operator in OPERATORS else ("eq", text)


def codes(wanted: Expression, universe: Sequence[str]) -> tuple[str, ...]:
    """The codes that fit, in codelist order, then those that were named but are not in the codelist."""
    fitting = [code for code in universe if any(_holds(group, code) for group in wanted)]
    named = [value for group in wanted for operator, value in group if operator == "eq" and _holds(group, value)]
    return tuple(dict.fromkeys([*fitting, *named]))


def _holds(group: Sequence[Term], code: str) -> bool:
    return all(OPERATORS[operator](code, value) for operator, value in group)


def is_span(wanted: Expression) -> bool:
    """Whether a filter on time is one range."""
    return len(wanted) == 1 and all(operator in ("eq", "ge", "gt", "le", "lt") for operator, _ in wanted[0])


def span(wanted: Expression) -> tuple[str | None, str | None]:
    """The first and last period of a filter on time that is one range."""
    starts: list[Period] = []
    ends: list[Period] = []
    for operator, value in wanted[0]:
        period = parse_period(without_zone(value))
        if operator in ("eq", "ge", "gt"):
            starts.append(_next(period, 1) if operator == "gt" else period)
        if operator in ("eq", "le", "lt"):
            ends.append(_next(period, -1) if operator == "lt" else period)
    start, end = max(starts, key=_first, default=None), min(ends, key=_last, default=None)
    return (str(start) if start else None), (str(end) if end else None)


def without_zone(text: str) -> str:
    """A period without fraction of a second and time zone: statistics are compared by the calendar.

    Who writes the year 9999 means that there is no end, and gets the last year that is counted; the 24th hour of a day is the
    first of the next.
    """
    return _FOR_EVER.sub(str(LAST_YEAR), _LATE.sub(_next_day, _ZONE.sub(r"\1\2", text)))


def _next_day(match: re.Match[str]) -> str:
    try:
        return f"{date.fromisoformat(match.group(1)) + timedelta(days=1)}T00:00:00"
    except (ValueError, OverflowError):
        return match.group()


def _first(period: Period) -> datetime:
    return period.start


def _last(period: Period) -> datetime:
    return period.end


def _next(period: Period, step: int) -> Period:
    """The neighbour of a period; no results at either end of the calendar, where nothing can be."""
    moved = Period(period.frequency, period.ordinal + step)
    try:
        return parse_period(str(moved))
    except (Invalid, ValueError, OverflowError):
        raise no_results() from None
