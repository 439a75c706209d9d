"""What there is among figures that have been read: their codes and their span of time."""

from __future__ import annotations

from collections.abc import Iterable

from registry.answers import Availability
from registry.columns import Batch, Coded
from registry.model import Structure
from registry.period import parse_period


def present(structure: Structure, batches: Iterable[Batch]) -> Availability:
    """The codes, periods and numbers of what was read; the open codes are the same, as only another reading tells them."""
    dsd = structure.dsd
    met: dict[str, set[str]] = {name: set() for name in dsd.key}
    periods: set[str] = set()
    series = observations = 0
    for batch in batches:
        for name, column in zip(dsd.key, batch.key, strict=True):
            met[name] |= _texts(column)
        if dsd.time is not None and batch.observations:
            periods |= _texts(batch.periods())
        series, observations = series + batch.series_count, observations + batch.observations
    codes = {name: ordered(structure, name, found) for name, found in met.items()}
    start, end = _span(periods)
    return Availability(codes, codes, start, end, series, observations)


def ordered(structure: Structure, dimension: str, codes: set[str]) -> tuple[str, ...]:
    """Codes of a dimension in the order of its code list, else of the alphabet."""
    codelist = structure.codelists.get(dimension)
    return tuple(code for code in codelist.by_id if code in codes) if codelist else tuple(sorted(codes))


def _texts(column: Coded) -> set[str]:
    return {column.texts[code] for code in set(column.codes.tolist())}


def _span(periods: set[str]) -> tuple[str | None, str | None]:
    if not periods:
        return None, None
    first = min(periods, key=lambda text: parse_period(text).start)
    return first, max(periods, key=lambda text: parse_period(text).end)
