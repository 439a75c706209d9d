"""Data questions: REST text of either version becomes one checked :class:`registry.selection.Selection`.

Only syntax is refused here. Codes that no codelist has are no error in SDMX: they give no results.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice

from adapters.sdmx.faults import no_results
from adapters.sdmx.filters import codes, component, expression, span, without_zone
from adapters.sdmx.packaging import shape_of_components, shape_of_detail
from adapters.sdmx.request import Parameters
from adapters.sdmx.writing.shape import Shape
from registry.errors import Invalid, Unsupported, suggest
from registry.model import DataStructure, Structure
from registry.selection import MOST_CODES, Selection, select
from registry.series import Series

Pattern = dict[str, tuple[str, ...]]
"""Dimension -> codes wanted; a dimension left out means all."""

Test = Callable[[tuple[str, ...]], bool]
"""Whether a series key is wanted."""

_CODE = re.compile(r"[A-Za-z0-9_@$-]+")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a dataflow: ``test`` tells apart the keys that the selection alone cannot."""

    selection: Selection
    test: Test | None = None

    def keep(self, series: Iterator[Series]) -> Iterator[Series]:
        """Only the series wanted."""
        return series if self.test is None else (one for one in series if self.test(one.key))


@dataclass(frozen=True, kw_only=True)
class Window:
    """A page of an answer, counted in observations, or in series where only series are shown."""

    offset: int = 0
    limit: int | None = None

    def cut(self, series: Iterator[Series], shape: Shape) -> Iterator[Series]:
        """The series, or parts of series, inside the window."""
        if self.offset == 0 and self.limit is None:
            return series
        stop = None if self.limit is None else self.offset + self.limit
        return _observations(series, self.offset, stop) if shape.observations else islice(series, self.offset, stop)


def _observations(series: Iterator[Series], start: int, stop: int | None) -> Iterator[Series]:
    seen = 0
    for one in series:
        low, high = max(start - seen, 0), len(one.values) if stop is None else min(stop - seen, len(one.values))
        seen += len(one.values)
        if low < high:
            yield _part(one, slice(low, high))
        if stop is not None and seen >= stop:
            return


def _part(one: Series, part: slice) -> Series:
    columns = {name: texts[part] for name, texts in one.observation_attributes.items()}
    return replace(one, ordinals=one.ordinals[part], values=one.values[part], observation_attributes=columns)


def question_1(structure: Structure, key: str, parameters: Parameters) -> Question:
    """A 1.x question: ``D.USD+JPY..A`` and start and end periods."""
    pattern = _key_1(structure.dsd, key)
    start, end = (parameters.take(name) for name in ("startPeriod", "endPeriod"))
    return _question(structure, [pattern], parameters, without_zone(start or ""), without_zone(end or ""))


def question_2(structure: Structure, key: str, parameters: Parameters) -> Question:
    """A 2.x question: ``D.*.EUR,A.USD`` and ``c[DIM]`` filters."""
    filters = parameters.matching(component)
    time = structure.dsd.time.id if structure.dsd.time else None
    start, end = span(time, expression(time, filters.pop(time))) if time in filters else (None, None)
    narrowed = _filtered(structure, filters)
    patterns = [_both(pattern, narrowed) for pattern in _keys_2(structure.dsd, key)]
    return _question(structure, [pattern for pattern in patterns if pattern is not None], parameters, start, end)


def window(parameters: Parameters) -> Window:
    """``offset`` and ``limit`` of 2.2."""
    return Window(offset=parameters.count("offset", 0) or 0, limit=parameters.count("limit"))


def shape_1(structure: Structure, parameters: Parameters) -> Shape:
    _no_history(parameters)
    return shape_of_detail(structure.dsd, parameters)


def shape_2(structure: Structure, parameters: Parameters) -> Shape:
    _no_history(parameters)
    _usual_order(structure.dsd, parameters.take("sort"))
    return shape_of_components(structure.dsd, parameters)


def _question(
    structure: Structure, patterns: Sequence[Pattern], parameters: Parameters, start: str | None, end: str | None
) -> Question:
    as_of, updated_after = parameters.moment("asOf"), parameters.moment("updatedAfter")
    if as_of and updated_after and updated_after > as_of:
        raise Invalid("SDMX_UPDATED_AFTER_AS_OF", updated=updated_after.isoformat(), as_of=as_of.isoformat())
    if not patterns:
        raise no_results()
    wanted, test = _gathered(structure.dsd, patterns)
    selection = select(
        structure,
        wanted,
        start=start or None,
        end=end or None,
        first_n=parameters.count("firstNObservations"),
        last_n=parameters.count("lastNObservations"),
        as_of=as_of,
        updated_after=updated_after,
    )
    if any(set(selection.codes[name]) <= set(missing) for name, missing in selection.unknown.items()):
        raise no_results()
    return Question(selection=selection, test=test)


def _key_1(dsd: DataStructure, text: str) -> Pattern:
    """``all``, or exactly one position per dimension, empty for all codes."""
    if text in ("all", ""):
        return {}
    positions = text.split(".")
    if len(positions) != len(dsd.key):
        raise _wrong_length(dsd, len(positions))
    return {name: _codes(name, part.split("+")) for name, part in zip(dsd.key, positions, strict=True) if part}


def _keys_2(dsd: DataStructure, text: str) -> list[Pattern]:
    """Keys separated by commas; positions left out at the end mean all."""
    return [_key_2(dsd, key) for key in text.split(",")]


def _key_2(dsd: DataStructure, text: str) -> Pattern:
    positions = [] if text in ("*", "") else text.split(".")
    if len(positions) > len(dsd.key):
        raise _wrong_length(dsd, len(positions))
    return {name: _codes(name, [part]) for name, part in zip(dsd.key, positions, strict=False) if part not in ("*", "")}


def _codes(name: str, parts: Sequence[str]) -> tuple[str, ...]:
    for part in parts:
        if not _CODE.fullmatch(part):
            raise Invalid("SDMX_BAD_KEY", dimension=name, found=part[:60])
    return tuple(dict.fromkeys(parts))


def _wrong_length(dsd: DataStructure, found: int) -> Invalid:
    return Invalid("SDMX_KEY_LENGTH", found=found, expected=len(dsd.key), dimensions=".".join(dsd.key))


def _filtered(structure: Structure, filters: dict[str, str]) -> Pattern:
    """The codes that the filters leave of each dimension; an empty tuple where none is left."""
    narrowed: Pattern = {}
    for name, text in filters.items():
        if name not in structure.dsd.key:
            raise _no_filter(structure.dsd, name)
        codelist = structure.codelists.get(name)
        narrowed[name] = codes(name, expression(name, text), tuple(codelist.by_id) if codelist else None)
    return narrowed


def _no_filter(dsd: DataStructure, name: str) -> Invalid | Unsupported:
    if name in dsd.components:
        return Unsupported("SDMX_NO_VALUE_FILTER", name=name, dimensions=", ".join(dsd.key))
    near = suggest(name, dsd.components) or list(dsd.components)
    return Invalid("SDMX_NO_SUCH_COMPONENT", found=name[:60], near=", ".join(near))


def _both(pattern: Pattern, narrowed: Pattern) -> Pattern | None:
    """What fits both; None when nothing can."""
    merged = pattern | {
        name: tuple(code for code in wanted if name not in pattern or code in pattern[name])
        for name, wanted in narrowed.items()
    }
    return merged if all(merged.values()) else None


def _gathered(dsd: DataStructure, patterns: Sequence[Pattern]) -> tuple[Pattern, Test | None]:
    """One selection that holds all patterns, and a test for what it holds too much."""
    shared = reduce(lambda names, pattern: names & pattern.keys(), patterns[1:], set(patterns[0]))
    union = {name: tuple(dict.fromkeys(code for one in patterns for code in one[name])) for name in dsd.key if name in shared}
    wanted = {name: found for name, found in union.items() if len(found) <= MOST_CODES}
    if len(patterns) == 1 and len(wanted) == len(union):
        return wanted, None
    places = [[(dsd.key.index(name), frozenset(found)) for name, found in one.items()] for one in patterns]
    return wanted, lambda key: any(all(key[place] in found for place, found in one) for one in places)


def _no_history(parameters: Parameters) -> None:
    if parameters.choice("includeHistory", ("true", "false"), "false") == "true":
        raise Unsupported("SDMX_NO_HISTORY")
    if parameters.take("reportingYearStartDay") not in (None, "--01-01"):
        raise Unsupported("SDMX_NO_REPORTING_YEAR")


def _usual_order(dsd: DataStructure, sort: str | None) -> None:
    """Answers are ordered by series key and time; any other order is not offered."""
    time = [dsd.time.id] if dsd.time else []
    words = [part.removesuffix(":asc") for part in (sort or "*").split("+")]
    usual = [["*"], ["series_key"], ["series_key", *time], [*dsd.key], [*dsd.key, *time]]
    if words not in usual:
        raise Unsupported("SDMX_NO_SORT", found=(sort or "")[:60], usual="+".join([*dsd.key, *time]))
