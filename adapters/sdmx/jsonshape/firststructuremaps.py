"""Maps of structures in structure sets of 1.0: they are read, but not written.

The message names mapped components by URNs with their class, which a structure set does not know.
Source: ``StructureMapType``, ``ComponentMapType``, ``RepresentationMapType`` of the schema of 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.formats import Breadth, every_type, text_format
from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Custom, Former, Inside, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, artefact
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import FLAG, ID, TEXT, Each, Leaf, Unlike, at, member, string
from registry.model import InnerComponentMap, InnerStructureMap, ToValue
from registry.ref import Kind

STRUCTURES = (Kind.DATA_STRUCTURE, Kind.DATAFLOW, Kind.METADATA_STRUCTURE, Kind.METADATAFLOW)


def structure_maps() -> Piece:
    """The maps of a set."""
    structure = artefact(FIRST, *STRUCTURES)
    pieces = (
        Part("id", "id", ID),
        Texts("names", "name", "names", instead="id"),
        Texts("descriptions", "description", "descriptions"),
        Part("source_structure", "source", structure),
        Part("target_structure", "target", structure),
        Part("is_extension", "isExtension", FLAG),
        Part("component_maps", "componentMaps", Each(_component_map())),
        noted(FIRST),
        linked(FIRST),
    )
    return Former(Part("structure_maps", "structureMaps", Each(Record(InnerStructureMap, pieces))))


def _component_map() -> Record:
    inside = (
        Part("codelist_map", "codelistMap", _NAMED),
        Part("to_format", "toTextFormat", text_format(Breadth.BASIC, FIRST, every_type(FIRST))),
        Part("to_value", "toValueType", member(ToValue)),
        Custom(("values",), lambda value, into, of, losses: True, _take_values),
    )
    ends = (Part("source", "source", _NAMED), Part("target", "target", _NAMED))
    return Record(InnerComponentMap, (*ends, Inside("representationMapping", inside), noted(FIRST)))


def _id_in(found: object) -> str:
    """The id of a component or map, from its URN."""
    urn, _, id_ = string(found).rpartition(").")
    if not urn.startswith("urn:sdmx:") or not id_:
        raise Unlike("the URN of a part of an artefact")
    return str(id_)


_NAMED = Leaf(lambda value: value, _id_in)
_PAIR = dict.fromkeys(("source", "target"), TEXT)


def _take_values(found: Mapping[str, Any], into: Json, lang: str) -> None:
    given = found.get("valueMap") or {}
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.get("valueMappings") or []):
        raise Unlike("an object", "valueMap")
    pairs = [
        {name: at(name, way, one.get(name), lang) for name, way in _PAIR.items()} for one in given.get("valueMappings") or []
    ]
    into["values"] = {pair["source"]: pair["target"] for pair in pairs}
