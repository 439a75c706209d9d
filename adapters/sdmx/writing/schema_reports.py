"""JSON schemas for SDMX-JSON metadata messages 2.0 and 2.1 of one metadata structure: its fields, how often, and their values.

They say what is particular to the structure; a message is valid by these and by the schema of the format itself.

Source: sdmx-twg/sdmx-json, field guide of the metadata message; SDMX REST 2.2, "Schema queries".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.schema_json import DIALECT, free
from adapters.sdmx.writing.validity import ReportField
from registry.model import UNBOUNDED
from registry.ref import Ref

Json = dict[str, Any]


def schema_reports(of: Ref, fields: Sequence[ReportField]) -> bytes:
    """The schema."""
    report = {"type": "object", "required": ["attributes"], "properties": {"attributes": _list(fields)}}
    sets = {"type": "array", "items": report}
    data = {"type": "object", "required": ["metadataSets"], "properties": {"metadataSets": sets}}
    head = {"$schema": DIALECT, "title": str(of), "$comment": of.urn, "type": "object"}
    return dumped({**head, "required": ["data"], "properties": {"data": data}})


def _list(fields: Sequence[ReportField]) -> Json:
    """Fields of these ids and no others, each as often as it must and may be there."""
    times = [found for one in fields if (found := _occurring(one))]
    items = {"oneOf": [_field(one) for one in fields]} if fields else False
    return {"type": "array", "items": items, **({"allOf": times} if times else {})}


def _occurring(field: ReportField) -> Json:
    least = {"minContains": field.least} if field.least != 1 else {}
    most = {"maxContains": field.most} if field.most != UNBOUNDED else {}
    if not field.least and not most:
        return {}
    return {"contains": {"type": "object", "properties": {"id": {"const": field.id}}, "required": ["id"]}, **least, **most}


def _field(field: ReportField) -> Json:
    below: Json = {"attributes": _list(field.below)}
    required = ["attributes"] if any(one.least for one in field.below) else []
    value = False if field.heading else _value(field)
    return {"type": "object", "required": ["id", *required], "properties": {"id": {"const": field.id}, "value": value, **below}}


def _value(field: ReportField) -> Json:
    return {"enum": list(field.codes)} if field.codes is not None else free(field.format)
