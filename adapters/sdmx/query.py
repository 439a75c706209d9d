"""Data questions: REST text of either version becomes one checked :class:`registry.selection.Selection`.

Only syntax is refused here. Codes that no codelist has are no error in SDMX: they give no results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from adapters.sdmx.arranging import Arrangement
from adapters.sdmx.conditions import Conditions, sensible
from adapters.sdmx.faults import no_results
from adapters.sdmx.filters import Expression, codes, component, expression, is_span, span, without_zone
from adapters.sdmx.reporting_years import by_days, start_day
from adapters.sdmx.request import Parameters
from adapters.sdmx.time_ranges import by_ends, range_ends
from adapters.sdmx.window import Test, Window
from adapters.sdmx.writing.shape import MEASURE, Shape
from registry.errors import Invalid, suggest
from registry.model import DataStructure, Structure
from registry.selection import MOST_CODES, Selection, select

Pattern = dict[str, tuple[str, ...]]
"""Dimension -> codes wanted; a dimension left out means all."""

_CODE = re.compile(r"[A-Za-z0-9_@$-]+")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a dataflow.

    patterns    the keys wanted, of which the selection holds all
    test        tells apart the keys that the selection alone cannot
    conditions  what else must hold, of values that only reading tells
    """

    selection: Selection
    patterns: tuple[Pattern, ...] = ()
    test: Test | None = None
    conditions: Conditions | None = None

    def of(self, shape: Shape, arrangement: Arrangement | None = None) -> Question:
        """The question with what is wanted of the observations, and in which order."""
        needed = (*(self.conditions.components if self.conditions else ()), *(arrangement.components if arrangement else ()))
        near = self.conditions is not None and self.conditions.near
        selection = replace(
            self.selection,
            series_only=not shape.observations and not near,
            measures=tuple(dict.fromkeys([*shape.measures, *needed])),
            attributes=tuple(dict.fromkeys([*shape.attributes, *needed])),
            sort=arrangement.cube if arrangement else (),
        )
        return replace(self, selection=selection)

    def without(self, dsd: DataStructure, dimension: str) -> Question:
        """The question without what it says of a dimension."""
        patterns = tuple({name: found for name, found in one.items() if name != dimension} for one in self.patterns)
        wanted, test = _gathered(dsd, patterns)
        selection = replace(self.selection, codes=wanted, unknown={})
        left = self.conditions.without(dimension) if self.conditions else None
        return replace(self, patterns=patterns, selection=selection, test=test, conditions=left)


def question_1(structure: Structure, key: str, parameters: Parameters, *, counted: bool = True) -> Question:
    """A 1.x question: ``D.USD+JPY..A`` and start and end periods. ``counted``: whether a number may be asked for."""
    pattern = _key_1(structure.dsd, key)
    start, end = (parameters.take(name) for name in ("startPeriod", "endPeriod"))
    return _question(structure, [pattern], parameters, without_zone(start or ""), without_zone(end or ""), None, counted)


def question_2(structure: Structure, key: str, parameters: Parameters, *, counted: bool = True) -> Question:
    """A 2.x question: ``D.*.EUR,A.USD`` and ``c[COMPONENT]`` filters. ``counted`` as with 1.x."""
    filters = _filters(structure.dsd, parameters.matching(component))
    time = structure.dsd.time.id if structure.dsd.time else None
    day = parameters.take("reportingYearStartDay")
    begin = start_day(day) if day is not None else None
    if begin is not None and time in filters:
        filters[time] = by_days(filters[time], begin)
    start, end = span(filters.pop(time)) if time in filters and is_span(filters[time]) else (None, None)
    narrowed = _filtered(structure, filters)
    others = {name: wanted for name, wanted in filters.items() if name not in narrowed}
    patterns = [_both(pattern, narrowed) for pattern in _keys_2(structure.dsd, key)]
    fitting = [pattern for pattern in patterns if pattern is not None]
    return _question(structure, fitting, parameters, start, end, others, counted)


def window(parameters: Parameters) -> Window:
    """``offset`` and ``limit`` of 2.2."""
    return Window(offset=parameters.count("offset", 0) or 0, limit=parameters.count("limit"))


def history(parameters: Parameters) -> bool:
    """Whether every state is wanted that the data have had."""
    return parameters.choice("includeHistory", ("true", "false"), "false") == "true"


def _question(
    structure: Structure,
    patterns: Sequence[Pattern],
    parameters: Parameters,
    start: str | None,
    end: str | None,
    others: Mapping[str, Expression] | None,
    counted: bool,
) -> Question:
    as_of, updated_after = parameters.moment("asOf"), parameters.moment("updatedAfter")
    if as_of and updated_after and updated_after > as_of:
        raise Invalid("SDMX_UPDATED_AFTER_AS_OF", updated=updated_after.isoformat(), as_of=as_of.isoformat())
    if not patterns:
        raise no_results()
    wanted, test = _gathered(structure.dsd, patterns)
    first, last = (parameters.count(name) if counted else None for name in ("firstNObservations", "lastNObservations"))
    conditions = Conditions(dsd=structure.dsd, wanted=others, first=first, last=last) if others else None
    selection = select(
        structure,
        wanted,
        start=start or None,
        end=end or None,
        # Counted are those that fit, so where only reading tells which these are they are counted afterwards.
        first_n=None if conditions else first,
        last_n=None if conditions else last,
        as_of=as_of,
        updated_after=updated_after,
        preview=parameters.choice("preview", ("true", "false"), "false") == "true",
    )
    if any(set(selection.codes[name]) <= set(missing) for name, missing in selection.unknown.items()):
        raise no_results()
    return Question(selection=selection, patterns=tuple(patterns), test=test, conditions=conditions)


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


def _filters(dsd: DataStructure, given: Mapping[str, str]) -> dict[str, Expression]:
    """The filters by component; ``OBS_VALUE`` means the only measure, whatever it is called."""
    found: dict[str, Expression] = {}
    for name, text in given.items():
        own = dsd.measures[0].id if name == MEASURE and len(dsd.measures) == 1 else name
        if own not in dsd.components:
            near = suggest(name, dsd.components) or list(dsd.components)
            raise Invalid("SDMX_NO_SUCH_COMPONENT", found=name[:60], near=", ".join(near))
        found[own] = expression(name, text)
        if dsd.time is not None and own == dsd.time.id:
            found[own] = by_ends(found[own], range_ends)
        if not sensible(dsd, own, found[own]):
            raise Invalid("SDMX_BAD_FILTER", name=name[:60], found=text[:120])
    return found


def _filtered(structure: Structure, filters: Mapping[str, Expression]) -> Pattern:
    """The codes that the filters leave of each dimension; an empty tuple where none is left.

    Without a code list only equality says which codes are meant.
    """
    narrowed: Pattern = {}
    for name, wanted in filters.items():
        codelist = structure.codelists.get(name)
        plain = all(operator == "eq" for group in wanted for operator, _ in group)
        if name in structure.dsd.key and (codelist is not None or plain):
            narrowed[name] = codes(wanted, tuple(codelist.by_id) if codelist else ())
    return narrowed


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
