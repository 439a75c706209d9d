"""The formats that structures and schemas can be had as, our preference first.

Source: SDMX REST 1.5.0 and 2.2, "HTTP Content-Negotiation", the response types of structure, availability and schema.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.sdmx.negotiation import CSV, GENERIC_METADATA, JSON, METADATA, SPECIFIC_METADATA, XML, Format, plain_types
from adapters.sdmx.writing.csvmetadata import CSV_METADATA
from adapters.sdmx.writing.jsonmetadata import JSON_METADATA
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.markupmetadata import ML_METADATA
from adapters.sdmx.writing.shown import StructureFormat
from adapters.sdmx.writing.specificmetadata import ML_SPECIFIC_METADATA
from adapters.sdmx.writing.table import Labels

STRUCTURE = "structure"
_WRITERS = {
    STRUCTURE: {XML: ML_STRUCTURES, JSON: JSON_STRUCTURES},
    METADATA: {XML: ML_METADATA, JSON: JSON_METADATA, CSV: CSV_METADATA},
    SPECIFIC_METADATA: {XML: ML_SPECIFIC_METADATA},
}

_TABLE_PARAMETERS = {"labels": tuple(Labels)}
_TABLES = ((CSV, "2.1.0"), (CSV, "2.0.0"))
_ORDER = {
    1: ((XML, "2.1"), (JSON, "1.0.0"), (XML, "3.1.0"), (XML, "3.0.0"), (JSON, "2.1.0"), (JSON, "2.0.0"), *_TABLES),
    2: (
        (JSON, "2.1.0"),
        (XML, "3.1.0"),
        _TABLES[0],
        (JSON, "2.0.0"),
        (XML, "3.0.0"),
        _TABLES[1],
        (XML, "2.1"),
        (JSON, "1.0.0"),
    ),
}
"""Each door begins with what its own version of the standard names as the default."""

_SCHEMAS = ((XML, "2.1"), (XML, "3.0.0"), (XML, "3.1.0"), (JSON, "2.0.0"), (JSON, "2.1.0"))
_OF_REPORTS = ((XML, "2.1"), (JSON, "2.0.0"), (JSON, "2.1.0"))


def structure_offers(major: int) -> tuple[Format, ...]:
    """What structures and constraints can be had as."""
    return _offers(STRUCTURE, _held(STRUCTURE), major)


def metadata_offers(major: int) -> tuple[Format, ...]:
    """What reports can be had as."""
    return (*_offers(METADATA, _held(METADATA), major), *_offers(SPECIFIC_METADATA, _held(SPECIFIC_METADATA), major))


def _held(resource: str) -> list[tuple[str, str]]:
    return [(kind, version) for kind, writers in _WRITERS[resource].items() for version in writers]


def schema_offers(major: int, of_reports: bool) -> tuple[Format, ...]:
    """What a schema can be had as: a schema, or the structure with only what is valid. Markup has a form of their own for
    reports of a structure in SDMX 2.1 only."""
    held = [one for one in _SCHEMAS if not of_reports or one in _OF_REPORTS]
    return (*_offers("schema", held, major), *structure_offers(major))


def writer(chosen: Format) -> StructureFormat:
    """What writes a format of structures or of reports."""
    resource = METADATA if METADATA in chosen.media else STRUCTURE
    return _WRITERS[SPECIFIC_METADATA if is_specific(chosen) else resource][chosen.kind][chosen.version]


def is_specific(chosen: Format) -> bool:
    """Whether reports are told in the words of their structure."""
    return SPECIFIC_METADATA in chosen.media


def _offers(resource: str, held: Iterable[tuple[str, str]], major: int) -> tuple[Format, ...]:
    ordered = sorted(held, key=_ORDER[major].index)
    return tuple(
        Format(
            _name(resource, kind, version),
            f"application/vnd.sdmx.{_generic(resource, kind, version)}+{kind}",
            version,
            kind,
            plain=plain_types(kind),
            parameters=_TABLE_PARAMETERS if kind == CSV else {},
        )
        for kind, version in ordered
    )


def _generic(resource: str, kind: str, version: str) -> str:
    """What a message is called in its media type: SDMX-ML 2.1 has generic reports and others."""
    return GENERIC_METADATA if (resource, kind, version) == (METADATA, XML, "2.1") else resource


def _name(resource: str, kind: str, version: str) -> str:
    """The word of a format in an address."""
    return {XML: _generic(resource, kind, version), JSON: f"json{resource}", CSV: "csv"}[kind]
