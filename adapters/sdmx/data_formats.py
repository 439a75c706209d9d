"""Which formats the data of a question can be had in.

Source: SDMX REST 1.5.0 and 2.2, "Data queries", "Response types".
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.formats import OUTLETS
from adapters.sdmx import negotiation as formats
from adapters.sdmx.negotiation import Format
from adapters.sdmx.writing.shape import Shape
from registry.model import DataStructure

_OLD = (formats.GENERIC, formats.SPECIFIC, formats.GENERIC_SERIES, formats.SPECIFIC_SERIES, formats.CSV_1, formats.JSON_1)
"""What can hold one measure only, and one value of an attribute."""

_SINGLE = (formats.JSON_1,)
"""What can hold one dataflow only."""


def data_offers(asked: Sequence[tuple[DataStructure, Shape]], major: int, past: bool) -> tuple[Format, ...]:
    """What data can be had as, our preference first: 1.x begins with generic SDMX-ML, 2.x with SDMX-JSON 2.1, as the texts say.

    ``past``: formats that are no SDMX have no words for a history. Of several dataflows only what can hold them all is left.
    """
    first, *more = [_offers(dsd, shape, major, past) for dsd, shape in asked]
    left = [one for one in first if all(one in others for others in more)]
    if more:
        alike = len({_columns(dsd, shape) for dsd, shape in asked}) == 1
        left = [one for one in left if one.outlet is None and one not in _SINGLE and (alike or one.kind != formats.CSV)]
    return tuple(left)


def tells_what_is_gone(format: Format) -> bool:
    """Whether the format has a word for observations that are gone."""
    return format.outlet is None and format.full != formats.CSV_1.full


def _columns(dsd: DataStructure, shape: Shape) -> tuple[tuple[str, ...], ...]:
    """The columns of a table."""
    return tuple(part.id for part in dsd.dimensions), shape.measures, shape.attributes


def _offers(dsd: DataStructure, shape: Shape, major: int, past: bool) -> tuple[Format, ...]:
    timed = dsd.time is not None and shape.at == dsd.time.id
    series = (formats.GENERIC_SERIES, formats.SPECIFIC_SERIES) if timed else ()
    old: tuple[Format, ...] = (formats.GENERIC, formats.SPECIFIC, *series, formats.CSV_1, formats.JSON_1)
    new = (formats.JSON_21, formats.SPECIFIC_31, formats.CSV_21, formats.JSON_20, formats.SPECIFIC_30, formats.CSV_20)
    several = not dsd.several.isdisjoint(shape.attributes)
    simple = len(shape.measures) < 2 and not several
    fitting = [one for one in ((*old, *new) if major == 1 else (*new, *old)) if simple or one not in _OLD]
    others = () if past or several else tuple(formats.of_outlet(outlet) for outlet in OUTLETS)
    return (*fitting, *others)
