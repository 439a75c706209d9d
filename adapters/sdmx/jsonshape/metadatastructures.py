"""Metadata structures, metadata flows and their agreements.

Source: ``MetadataStructureType``, ``MetadataflowType``, ``MetadataProvisionAgreementType`` of the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from adapters.sdmx.jsonshape.components import component, component_list, unlisted_notes
from adapters.sdmx.jsonshape.formats import METADATA_ATTRIBUTE, OCCURRENCES
from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.ways import FLAG, NO_VALUE, NOTHING, Each, Later, Loss, Losses, Unlike, at, count, moved
from registry.model import ComponentList, MetadataAttribute, MetadataStructure
from registry.ref import Ref

_LIST = "MetadataAttributeDescriptor"


@cache
def metadata_attribute(version: str) -> Record:
    """The way of a metadata attribute and of those below it."""
    return component(
        MetadataAttribute,
        version,
        METADATA_ATTRIBUTE,
        # These have defaults in the schema; pysdmx wants them said.
        Part("min_occurs", "minOccurs", count(0), needed=True),
        Part("max_occurs", "maxOccurs", OCCURRENCES, needed=True),
        Part("is_presentational", "isPresentational", FLAG, needed=True),
        Part("children", "metadataAttributes", Each(Later(lambda: metadata_attribute(version)))),
    )


def metadata_structure(version: str) -> tuple[Piece, ...]:
    """The pieces of a metadata structure in 2.x."""
    attributes, itself = Each(metadata_attribute(version)), component_list(version)

    def put(value: MetadataStructure, into: Json, of: Ref, losses: Losses) -> bool:
        own = value.lists.get(_LIST, ComponentList())
        if not value.attributes:
            losses.extend([Loss(f"lists[{_LIST}]", NO_VALUE)] if own != ComponentList() else [])
            return True
        before = len(losses)
        said = attributes.write(value.attributes, of, losses)
        if said is NOTHING:
            return False
        moved(losses, before, "attributes")
        before = len(losses)
        listed = {"id": _LIST, "metadataAttributes": said, **itself.write(own, of, losses)}
        moved(losses, before, f"lists[{_LIST}]")
        into["metadataStructureComponents"] = {"metadataAttributeList": listed}
        return True

    def take(found: Mapping[str, Any], into: Json, lang: str) -> None:
        inner = found.get("metadataStructureComponents") or {}
        listed = inner.get("metadataAttributeList") or {} if isinstance(inner, dict) else None
        if not isinstance(listed, dict):
            raise Unlike("an object", "metadataStructureComponents")
        into["attributes"] = at("metadataAttributes", attributes, listed.get("metadataAttributes") or [], lang)
        if (said := itself.read(listed, lang)) != ComponentList():
            into["lists"] = {_LIST: said}

    return (Custom(("attributes",), put, take), unlisted_notes(frozenset({_LIST})))
