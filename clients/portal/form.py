"""The form on a dataflow's page: one control per dimension, whatever the length of its list."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub_client.generated.fragments import AvailabilityFields, CodeChoice, DimensionChoices, ListFields

from clients.portal.choice import FIND, RECODE, Choice, parameter

SHOWN_WHOLE = 300
"""Lists longer than this are searched; without a search their top is shown. The query asks for so many."""


@dataclass(frozen=True)
class Option:
    """``depth``: its place in the hierarchy, from 0. ``offered``: whether it gives data with the rest of the choice."""

    id: str
    name: str
    depth: int
    chosen: bool
    offered: bool = True


@dataclass(frozen=True)
class Control:
    """``long``: only a part of the codes is shown. ``find``: the words looked for, None where nothing was looked for.

    ``targets``: the lists its figures can be recoded to; ``target``: the one that is wanted, empty for none.
    """

    id: str
    name: str
    parameter: str
    find_parameter: str
    options: tuple[Option, ...]
    codes: int
    long: bool
    find: str | None
    found: int
    recode_parameter: str
    target: str
    targets: tuple[ListFields, ...]

    @property
    def chosen(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.chosen)


Names = dict[tuple[str, str], str]
"""Dimension and code -> name."""

Found = dict[str, Sequence[CodeChoice]]
"""Dimension -> the codes that a search gave."""


def controls(
    availability: AvailabilityFields, choice: Choice, found: Found, names: Names, targets: Mapping[str, tuple[ListFields, ...]]
) -> list[Control]:
    """The controls in key order. ``names``: the names of chosen codes that the lists do not hold."""
    return [_control(each, choice, found.get(each.id), names, targets.get(each.id, ())) for each in availability.dimensions]


def _control(
    dimension: DimensionChoices,
    choice: Choice,
    found: Sequence[CodeChoice] | None,
    names: Names,
    targets: tuple[ListFields, ...],
) -> Control:
    long = dimension.open_count > SHOWN_WHOLE
    shown = found if found is not None else dimension.top if long else dimension.first
    chosen = choice.codes.get(dimension.id, ())
    depths = _depths(shown)
    options = [Option(code.id, code.name, depths[code.id], code.id in chosen) for code in shown]
    offered = {code.id for code in (*dimension.first, *dimension.top, *shown)}
    kept = [
        Option(id_, names.get((dimension.id, id_), id_), 0, True, long or id_ in offered) for id_ in chosen if id_ not in depths
    ]
    return Control(
        id=dimension.id,
        name=dimension.name,
        parameter=parameter(dimension.id),
        find_parameter=FIND + dimension.id,
        options=(*kept, *options),
        codes=dimension.open_count,
        long=long,
        find=choice.find.get(dimension.id),
        found=len(found or ()),
        recode_parameter=RECODE + dimension.id,
        target=choice.recode.get(dimension.id, ""),
        targets=targets,
    )


def _depths(codes: Sequence[CodeChoice]) -> dict[str, int]:
    """How far to indent each code: its depth among the codes that are shown."""
    parents = {code.id: code.parent_id for code in codes}
    depths: dict[str, int] = {}
    for id_ in parents:
        depth, above = 0, parents[id_]
        while above is not None and above in parents and depth < len(parents):
            depth, above = depth + 1, parents[above]
        depths[id_] = depth
    return depths


def best_first(codes: Sequence[CodeChoice], words: str) -> list[CodeChoice]:
    """Codes found, those that hold the words side by side first."""
    phrase = " ".join(fold(words).split())
    return sorted(codes, key=lambda code: (fold(code.id) != phrase, phrase not in fold(code.name)))


def fold(text: str) -> str:
    """Lower case without diacritics, as the hub searches."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in bare if not unicodedata.combining(char))
