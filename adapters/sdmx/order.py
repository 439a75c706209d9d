"""``sort`` of SDMX REST 2.2: which components order an answer, and how much of that can be done while it is read.

An order is one of observations, and a page is cut from it. Flat messages and tables show it as it is. Where observations are
packed in series or sections, what tells these apart orders them, and everything else the observations inside each.

Source: SDMX REST 2.2, "Data queries", parameter sort.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from adapters.sdmx.arranging import Arrangement, Packing
from adapters.sdmx.writing.frames import shared_by_sections
from adapters.sdmx.writing.shape import MEASURE, Shape
from registry.calculation import Sort
from registry.errors import Invalid, suggest
from registry.model import DataStructure

_DIRECTIONS = ("asc", "desc")


class Work(Enum):
    """Where an answer comes from: ``STANDING`` figures, which the cube orders by series, or ``CHANGES``, which it does not."""

    STANDING = "standing"
    CHANGES = "changes"


def order(dsd: DataStructure, shape: Shape, text: str | None) -> tuple[Sort, ...]:
    """The words of ``sort``: components with ``:asc`` or ``:desc``, ``*`` for all dimensions, ``series_key`` for those of a
    series. A component that comes again orders nothing more.
    """
    words = [sort for word in text.split("+") for sort in _sorts(dsd, shape, word)] if text else []
    return tuple({sort.by: sort for sort in reversed(words)}[name] for name in dict.fromkeys(sort.by for sort in words))


def _sorts(dsd: DataStructure, shape: Shape, word: str) -> list[Sort]:
    name, colon, direction = word.partition(":")
    every = [dimension.id for dimension in dsd.dimensions]
    inside = () if shape.flat else (shape.at,)
    names = {"*": every, "series_key": [one for one in every if one not in inside]}.get(name, [_own(dsd, name)])
    if colon and direction not in _DIRECTIONS:
        raise Invalid("SDMX_BAD_PARAMETER", name="sort", found=word[:60], valid=f"{name[:60]}:asc, {name[:60]}:desc")
    if unknown := [one for one in names if one not in dsd.components]:
        near = ", ".join(suggest(unknown[0], dsd.components) or dsd.components)
        raise Invalid("SDMX_NO_SUCH_COMPONENT", found=unknown[0][:60], near=near)
    return [Sort(one, direction == "desc") for one in names]


def _own(dsd: DataStructure, name: str) -> str:
    """``OBS_VALUE`` means the only measure, whatever it is called."""
    return dsd.measures[0].id if name == MEASURE and len(dsd.measures) == 1 else name


def arrangement(
    dsd: DataStructure,
    shape: Shape,
    sort: tuple[Sort, ...],
    *,
    rows: bool | None,
    whole: bool,
    work: Work,
    alike: Collection[str] = (),
) -> Arrangement:
    """How the order is made.

    rows   whether the format writes each observation by itself, or series; None: as the shape packs them
    whole  whether no page is cut from the answer
    alike  dimensions of which one code is asked for
    """
    packing = _packing(dsd, shape, rows)
    shared = {*dsd.key, *(one.id for one in dsd.describing)}
    wanted = sort if shape.observations else tuple(one for one in sort if one.by in shared)
    if _as_it_comes(dsd, wanted, packing, shape.at):
        return Arrangement(dsd=dsd, packing=packing)
    outer = tuple(one for one in wanted if one.by in _apart(dsd, packing, shape.at))
    inner = tuple(one for one in wanted if one not in outer)
    found = Arrangement(
        dsd=dsd, packing=packing, at=shape.at, sort=wanted, outer=outer, inner=inner, series=not shape.observations
    )
    streams = work is Work.STANDING and packing is not Packing.SECTIONS
    if not (streams and (_by_series(dsd, wanted, shared, alike) or (packing is Packing.SERIES and whole))):
        return found
    return found.streaming(tuple(one for one in wanted if one.by in shared))


def _packing(dsd: DataStructure, shape: Shape, rows: bool | None) -> Packing:
    if rows is not None:
        return Packing.ROWS if rows else Packing.SERIES
    if shape.flat:
        return Packing.ROWS
    return Packing.SECTIONS if shape.observations and shape.at in dsd.key else Packing.SERIES


def _as_it_comes(dsd: DataStructure, sort: tuple[Sort, ...], packing: Packing, at: str) -> bool:
    """Whether answers are in this order anyway: by key, and by time in each series; sections by time and then by key."""
    time, names = [dsd.time.id] if dsd.time else [], [one.by for one in sort]
    usual = [*dsd.key, *time]
    if packing is Packing.SECTIONS:
        usual = [*time, *(name for name in dsd.key if name != at), at]
    inside = packing is Packing.SERIES and names == time
    return not any(one.descending for one in sort) and (names == usual[: len(names)] or inside)


def _apart(dsd: DataStructure, packing: Packing, at: str) -> set[str]:
    """What tells the groups of a packing apart, or is said of them."""
    if packing is Packing.SECTIONS:
        return {part.id for part in dsd.dimensions if part.id != at} | shared_by_sections(dsd, at)
    return {*dsd.key, *(one.id for one in dsd.describing)}


def _by_series(dsd: DataStructure, sort: tuple[Sort, ...], shared: set[str], alike: Collection[str]) -> bool:
    """Whether the order leaves series whole: what is said of observations comes after all that tells series apart, or never."""
    first = next((place for place, one in enumerate(sort) if one.by not in shared), None)
    return first is None or set(dsd.key) <= {*alike, *(one.by for one in sort[:first])}
