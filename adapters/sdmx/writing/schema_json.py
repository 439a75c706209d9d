"""JSON schemas for SDMX-JSON data messages 2.0 and 2.1 of one structure: its components, where they stand, and their values.

They say what is particular to the structure; a message is valid by these and by the schema of the format itself.

Source: sdmx-twg/sdmx-json, field guides of the data message 2.0 and 2.1, "structure"; SDMX REST 2.2, "Schema queries".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.schema_types import NUMERIC
from adapters.sdmx.writing.shape import ALL_DIMENSIONS
from adapters.sdmx.writing.validity import Valid, Values
from registry.model import Format, Level

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2019-09/schema"


def schema_json(valid: Valid) -> bytes:
    """The schema."""
    groups = {"dimensions": _dimensions(valid), "attributes": _attributes(valid), "measures": _measures(valid)}
    structures = {"type": "array", "minItems": 1, "items": {"type": "object", "properties": groups}}
    data = {"type": "object", "required": ["structures"], "properties": {"structures": structures}}
    head = {"$schema": DIALECT, "title": str(valid.ref), "$comment": valid.ref.urn, "type": "object"}
    definitions = {values.id: _component(values) for values in valid.every}
    return dumped({**head, "required": ["data"], "properties": {"data": data}, "$defs": definitions})


def _dimensions(valid: Valid) -> Json:
    """Each dimension once: at the data set, where all series share its value, at the series or at the observation."""
    inside = list(valid.dimensions) if valid.at == ALL_DIMENSIONS else [valid.at]
    above = [name for name in valid.dimensions if name not in inside]
    levels = {"dataSet": above, "series": above, "observation": inside}
    return {"type": "object", "properties": {level: _list(names) for level, names in levels.items()}}


def _attributes(valid: Valid) -> Json:
    shared = [one.id for one in valid.attributes if one.level in (Level.SERIES, Level.GROUP)]
    near = [one.id for one in valid.at_level(Level.OBSERVATION)]
    whole = [one.id for one in valid.at_level(Level.DATA_SET)]
    # An attribute whose value all series or observations share may stand higher.
    levels = {"dataSet": [*whole, *shared, *near], "dimensionGroup": shared, "series": [*shared, *near]}
    levels["observation"] = near if valid.at == valid.time else [*shared, *near]
    return {"type": "object", "properties": {level: _list(names) for level, names in levels.items()}}


def _measures(valid: Valid) -> Json:
    return {"type": "object", "properties": {"observation": _list(one.id for one in valid.measures)}}


def _list(names: Iterable[str]) -> Json:
    """Components of these ids and no others."""
    possible = [{"$ref": f"#/$defs/{name}"} for name in names]
    return {"type": "array", "items": {"oneOf": possible} if possible else False}


def _component(values: Values) -> Json:
    """A component by its id, and what may stand in its list of values."""
    listed = {"type": "array", "items": _value(values)}
    return {"type": "object", "required": ["id"], "properties": {"id": {"const": values.id}, "values": listed}}


def _value(values: Values) -> Json:
    if values.codes is not None:
        return {"type": "object", "required": ["id"], "properties": {"id": {"enum": list(values.codes)}}}
    return {"type": "object", "properties": {"value": free(values.format)}}


def free(format: Format) -> Json:
    """What JSON Schema can say of a free value: numbers may be written as texts, and texts come by language."""
    if format.text_type in NUMERIC:
        low = {"minimum": float(format.min_value)} if format.min_value is not None else {}
        high = {"maximum": float(format.max_value)} if format.max_value is not None else {}
        return {"type": ["number", "string"], **low, **high}
    shortest = {"minLength": format.min_length} if format.min_length is not None else {}
    longest = {"maxLength": format.max_length} if format.max_length is not None else {}
    return {"type": ["string", "boolean", "object"], **shortest, **longest}
