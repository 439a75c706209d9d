"""Which format a file is in, found from its first bytes."""

from __future__ import annotations

import io
import re
from enum import Enum
from pathlib import Path

from adapters.sdmx.elements import local, namespace
from adapters.sdmx.jsonshape.references import FIRST, SECOND, THIRD
from adapters.sdmx.jsonshape.shapes import arrays
from adapters.sdmx.reading.csvmetadata import FIRST as METADATA_HEAD
from adapters.sdmx.reading.xml import events
from registry.errors import Invalid

SNIFFED = 256 * 1024
"""Bytes looked at: the head of any message that SDMX software writes is much shorter."""

_NAMESPACE = re.compile(r"^http://www\.sdmx\.org/resources/sdmxml/schemas/v(2_1|3_0|3_1)/message$")
_CSV_HEAD = re.compile(r"^\"?(DATAFLOW|STRUCTURE)(?=[\[,;\t|:\"])")
_JSON_DATA = re.compile(rb"\"dataSets\"\s*:|\"structures?\"\s*:\s*[\[{]\s*[{\"]")
_JSON_METADATA = re.compile(rb"\"metadataSets\"\s*:\s*\[")
_LISTS = {name for version in (FIRST, SECOND, THIRD) for name in arrays(version)}
_JSON_STRUCTURE = re.compile(rb"\"(?:%b)\"\s*:\s*\[" % "|".join(sorted(_LISTS)).encode())


class Format(Enum):
    """The formats the hub reads. The value is how people call them."""

    ML_21_STRUCTURE = "SDMX-ML 2.1 structure"
    ML_30_STRUCTURE = "SDMX-ML 3.0 structure"
    ML_31_STRUCTURE = "SDMX-ML 3.1 structure"
    ML_21_SPECIFIC = "SDMX-ML 2.1 structure-specific data"
    ML_21_GENERIC = "SDMX-ML 2.1 generic data"
    ML_30_SPECIFIC = "SDMX-ML 3.0 structure-specific data"
    CSV_1 = "SDMX-CSV 1.0"
    CSV_2 = "SDMX-CSV 2.0"
    JSON = "SDMX-JSON data"
    JSON_STRUCTURE = "SDMX-JSON structure"
    ML_21_GENERIC_METADATA = "SDMX-ML 2.1 generic metadata"
    ML_21_SPECIFIC_METADATA = "SDMX-ML 2.1 structure-specific metadata"
    ML_METADATA = "SDMX-ML 3.x metadata"
    JSON_METADATA = "SDMX-JSON metadata"
    CSV_METADATA = "SDMX-CSV metadata"

    @property
    def is_structure(self) -> bool:
        """Whether it holds artefacts: structures, or reports as reference metadata."""
        return self in _STRUCTURES


_STRUCTURES = (
    Format.ML_21_STRUCTURE,
    Format.ML_30_STRUCTURE,
    Format.ML_31_STRUCTURE,
    Format.JSON_STRUCTURE,
    Format.ML_21_GENERIC_METADATA,
    Format.ML_21_SPECIFIC_METADATA,
    Format.ML_METADATA,
    Format.JSON_METADATA,
    Format.CSV_METADATA,
)

READ = ", ".join(format.value for format in Format)

_ML = {
    ("2_1", "Structure"): Format.ML_21_STRUCTURE,
    ("3_0", "Structure"): Format.ML_30_STRUCTURE,
    ("3_1", "Structure"): Format.ML_31_STRUCTURE,
    ("2_1", "GenericMetadata"): Format.ML_21_GENERIC_METADATA,
    ("2_1", "StructureSpecificMetadata"): Format.ML_21_SPECIFIC_METADATA,
    ("3_0", "GenericMetadata"): Format.ML_METADATA,
    ("3_1", "GenericMetadata"): Format.ML_METADATA,
    ("2_1", "StructureSpecificData"): Format.ML_21_SPECIFIC,
    ("2_1", "StructureSpecificTimeSeriesData"): Format.ML_21_SPECIFIC,
    ("2_1", "GenericData"): Format.ML_21_GENERIC,
    ("2_1", "GenericTimeSeriesData"): Format.ML_21_GENERIC,
    ("3_0", "StructureSpecificData"): Format.ML_30_SPECIFIC,
    ("3_1", "StructureSpecificData"): Format.ML_30_SPECIFIC,
}


def detect(path: Path) -> Format:
    """The format of a file; :class:`Invalid` FORMAT_UNKNOWN names what was found and what is read."""
    with path.open("rb") as stream:
        head = stream.read(SNIFFED)
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if bare.startswith(b"<"):
        return _detect_xml(head)
    if bare.startswith(b"{"):
        return _detect_json(bare)
    return _detect_csv(bare)


def _detect_xml(head: bytes) -> Format:
    root = next((element for _, element in events(io.BytesIO(head[:SNIFFED]))), None)
    if root is None:
        raise _unknown("<")
    name, home = local(root), namespace(root)
    match = _NAMESPACE.match(home)
    format = _ML.get((match.group(1), name)) if match else None
    if format is None:
        raise _unknown(f"<{name}> ({home or 'no namespace'})")
    return format


def _detect_json(head: bytes) -> Format:
    if _JSON_STRUCTURE.search(head):
        return Format.JSON_STRUCTURE
    if _JSON_METADATA.search(head):
        return Format.JSON_METADATA
    if _JSON_DATA.search(head):
        return Format.JSON
    raise _unknown("JSON")


def _detect_csv(head: bytes) -> Format:
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if match := _CSV_HEAD.match(line):
        return Format.CSV_1 if match.group(1) == "DATAFLOW" else Format.CSV_2
    if METADATA_HEAD.match(line):
        return Format.CSV_METADATA
    if head.startswith(b"PK\x03\x04"):
        raise _unknown("ZIP")
    raise _unknown(ascii(line[:40])[1:-1] or "-")


def _unknown(found: str) -> Invalid:
    return Invalid("FORMAT_UNKNOWN", found=found[:120], read=READ)
