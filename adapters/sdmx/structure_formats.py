"""The formats that structures and schemas can be had as, our preference first.

Source: SDMX REST 1.5.0 and 2.2, "HTTP Content-Negotiation", the response types of structure, availability and schema.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.sdmx.negotiation import JSON, XML, Format, plain_types
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import StructureFormat

_WRITERS = {XML: ML_STRUCTURES, JSON: JSON_STRUCTURES}

_ORDER = {
    1: ((XML, "2.1"), (JSON, "1.0.0"), (XML, "3.1.0"), (XML, "3.0.0"), (JSON, "2.1.0"), (JSON, "2.0.0")),
    2: ((JSON, "2.1.0"), (XML, "3.1.0"), (JSON, "2.0.0"), (XML, "3.0.0"), (XML, "2.1"), (JSON, "1.0.0")),
}
"""Each door begins with what its own version of the standard names as the default."""

_SCHEMAS = ((XML, "2.1"), (XML, "3.0.0"), (XML, "3.1.0"), (JSON, "2.0.0"), (JSON, "2.1.0"))


def structure_offers(major: int) -> tuple[Format, ...]:
    """What structures and constraints can be had as."""
    held = [(kind, version) for kind, writers in _WRITERS.items() for version in writers]
    return _offers("structure", held, major)


def schema_offers(major: int, of_reports: bool) -> tuple[Format, ...]:
    """What a schema can be had as: a schema, or the structure with only what is valid; of reports there is only the latter."""
    return (*(() if of_reports else _offers("schema", _SCHEMAS, major)), *structure_offers(major))


def writer(chosen: Format) -> StructureFormat:
    """What writes a format of structures."""
    return _WRITERS[chosen.kind][chosen.version]


def _offers(resource: str, held: Iterable[tuple[str, str]], major: int) -> tuple[Format, ...]:
    ordered = sorted(held, key=_ORDER[major].index)
    return tuple(
        Format(
            resource if kind == XML else f"json{resource}",
            f"application/vnd.sdmx.{resource}+{kind}",
            version,
            kind,
            plain=plain_types(kind),
        )
        for kind, version in ordered
    )
