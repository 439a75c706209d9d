"""A checked question to one dataflow: both doors, the portal and the clients end up with this value.

``select`` checks against the structure. A wrong dimension is always an error; unknown codes are reported in ``unknown`` and
the door decides (GraphQL: an error with suggestions; SDMX REST: as the standard says).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from registry.calculation import (
    Aggregation,
    Change,
    OverTime,
    Recoding,
    Sort,
    Splice,
    check_aggregation,
    check_over_time,
    check_recoding,
    check_roll_ups,
    check_sort,
    check_splice,
)
from registry.choice import Choice, resolved
from registry.errors import Invalid, suggest
from registry.model import Codelist, Structure
from registry.period import Period, PeriodRange, parse_period
from registry.recoding import ORIGIN, RECODING
from registry.ref import Ref
from registry.text import matches

ALL_PERIODS = PeriodRange()

MOST_CODES = 2000
"""Codes one selection may name for one dimension."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """``codes``: dimension -> codes wanted, a dimension left out means all. Times are aware, in UTC.

    history               every state an observation has had, one release after another
    series_only           series without their observations
    measures, attributes  what is wanted of them; None: all
    sort                  the order of series, and of the periods inside one; key order and time without it
    after                 only what comes after this series in that order: its codes and its frequency
    preview               releases under embargo too, as far as the viewer may see them before their moment
    splice ... change     what is computed of the released figures, see :mod:`registry.calculation`
    """

    dataflow: Ref
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    periods: PeriodRange = ALL_PERIODS
    first_n: int | None = None
    last_n: int | None = None
    as_of: datetime | None = None
    updated_after: datetime | None = None
    history: bool = False
    series_only: bool = False
    measures: tuple[str, ...] | None = None
    attributes: tuple[str, ...] | None = None
    sort: tuple[Sort, ...] = ()
    after: tuple[str, ...] | None = None
    splice: Splice | None = None
    recode: tuple[Recoding, ...] = ()
    aggregate: Aggregation | None = None
    over_time: OverTime | None = None
    rebase: Period | None = None
    change: Change | None = None
    preview: bool = False

    @property
    def computes(self) -> bool:
        """Whether the answer holds other figures than the released ones."""
        return bool(self.splice or self.recode or self.aggregate or self.over_time or self.rebase or self.change)

    @property
    def dataflows(self) -> tuple[Ref, ...]:
        """Every dataflow whose figures are in the answer, the one asked first."""
        return (self.dataflow, *(self.splice.versions if self.splice else ()))

    def refuse_unknown(self, structure: Structure) -> Selection:
        """This selection, or :class:`Invalid` UNKNOWN_CODE naming the valid codes nearest to the first unknown one."""
        for dimension, codes in self.unknown.items():
            raise unknown_code(structure, dimension, codes[0])
        return self


def unknown_code(structure: Structure, dimension: str, code: str) -> Invalid:
    """The error for a code that is not in the dimension's codelist."""
    codelist = structure.codelists[dimension]
    near = suggest(code, codelist.by_id) or _named(codelist, code) or [item.id for item in codelist.items[:5]]
    return Invalid("UNKNOWN_CODE", found=code[:60], dimension=dimension, codelist=str(codelist.ref), near=", ".join(near))


def _named(codelist: Codelist, words: str) -> list[str]:
    """The codes with these words in their names: people write ``Ha Noi`` where the code is ``01``."""
    found = (item.id for item in codelist.items if words.strip() and matches(words[:60], *item.names.values()))
    return list(islice(found, 3))


def select(
    structure: Structure,
    codes: Mapping[str, Iterable[str] | Choice] | None = None,
    *,
    start: str | None = None,
    end: str | None = None,
    first_n: int | None = None,
    last_n: int | None = None,
    as_of: datetime | None = None,
    updated_after: datetime | None = None,
    history: bool = False,
    series_only: bool = False,
    measures: Iterable[str] | None = None,
    attributes: Iterable[str] | None = None,
    sort: Iterable[Sort] = (),
    splice: Splice | None = None,
    recode: Sequence[Recoding] = (),
    aggregate: Aggregation | None = None,
    over_time: OverTime | None = None,
    rebase: str | None = None,
    change: Change | None = None,
    preview: bool = False,
) -> Selection:
    """Check a question against a structure; :class:`Invalid` for a wrong dimension, period, count, time or calculation."""
    wanted = {name: _wanted(structure, name, values) for name, values in (codes or {}).items()}
    unknown = {name: missing for name, values in wanted.items() if (missing := _missing(structure, name, values))}
    told = (*((RECODING,) if recode or splice else ()), *((ORIGIN,) if splice else ()))
    selection = Selection(
        dataflow=structure.dataflow.ref,
        codes={name: values for name, values in wanted.items() if values},
        unknown=unknown,
        periods=_range(start, end),
        first_n=_count("first", first_n),
        last_n=_count("last", last_n),
        as_of=_moment("asOf", as_of),
        updated_after=_moment("updatedAfter", updated_after),
        history=history,
        series_only=series_only,
        measures=_components(structure, "measures", measures),
        attributes=_components(structure, "attributes", attributes, told),
        sort=check_sort(structure, sort),
        splice=check_splice(structure, splice) if splice else None,
        recode=check_recoding(structure, recode),
        aggregate=check_aggregation(structure, aggregate) if aggregate else None,
        over_time=over_time,
        rebase=parse_period(rebase) if rebase else None,
        change=change,
        preview=preview,
    )
    _check_computed(structure, selection)
    return selection


def _wanted(structure: Structure, name: str, values: Iterable[str] | Choice) -> tuple[str, ...]:
    plain = values.codes if isinstance(values, Choice) else tuple(dict.fromkeys(values))
    _check_dimension(structure, name, plain)
    return resolved(structure, name, values) if isinstance(values, Choice) else plain


def _components(
    structure: Structure, part: str, wanted: Iterable[str] | None, also: tuple[str, ...] = ()
) -> tuple[str, ...] | None:
    """``also``: what the answer tells beside what the structure has."""
    if wanted is None:
        return None
    dsd = structure.dsd
    known = [*(each.id for each in (dsd.measures if part == "measures" else dsd.attributes)), *also]
    names = tuple(dict.fromkeys(wanted))
    for name in names:
        if name not in known:
            near = ", ".join(suggest(name[:60], known) or known) or "-"
            raise Invalid("COMPONENT_UNKNOWN", found=name[:60], part=part, dataflow=str(structure.dataflow.ref), near=near)
    return names


def _check_computed(structure: Structure, selection: Selection) -> None:
    """What cannot go together: figures are computed of one state of the data, not of changes to it."""
    recoded = {one.dimension for one in selection.recode}
    if selection.aggregate:
        check_roll_ups(structure, (one for one in selection.aggregate.along if one.dimension not in recoded))
        gone = set(selection.aggregate.drop)
        if lost := [key.by for key in selection.sort if key.by in gone]:
            raise Invalid("CANNOT_SORT", found=lost[0], valid=", ".join(name for name in structure.dsd.key if name not in gone))
    if selection.over_time:
        check_over_time(structure, selection.over_time, selection.aggregate.drop if selection.aggregate else ())
    if selection.computes and (selection.updated_after or selection.history):
        raise Invalid("COMPUTED_OF_CHANGES", word="updatedAfter" if selection.updated_after else "includeHistory")


def _check_dimension(structure: Structure, name: str, values: tuple[str, ...]) -> None:
    key = structure.dsd.key
    if name not in key:
        near = suggest(name, key) or list(key)
        raise Invalid(
            "UNKNOWN_DIMENSION",
            found=name[:60],
            dataflow=str(structure.dataflow.ref),
            near=", ".join(near),
            valid=", ".join(key),
        )
    if len(values) > MOST_CODES:
        raise Invalid("TOO_MANY_CODES", dimension=name, found=len(values), most=MOST_CODES)


def _missing(structure: Structure, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    codelist = structure.codelists.get(name)
    return () if codelist is None else tuple(code for code in values if code not in codelist.by_id)


def _range(start: str | None, end: str | None) -> PeriodRange:
    first, last = (parse_period(text) if text else None for text in (start, end))
    if first and last and first.start >= last.end:
        raise Invalid("PERIODS_REVERSED", start=start, end=end)
    return PeriodRange(first, last)


def _count(name: str, number: int | None) -> int | None:
    if number is not None and number < 1:
        raise Invalid("BAD_COUNT", name=name, found=number)
    return number


def _moment(name: str, moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Invalid("TIME_WITHOUT_ZONE", name=name, found=moment.isoformat())
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        raise Invalid("TIME_OUT_OF_RANGE", name=name, found=str(moment)) from None
