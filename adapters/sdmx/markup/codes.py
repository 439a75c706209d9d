"""Code lists of all kinds, value lists and concepts.

Source: ``SDMXStructureCodelist.xsd``, ``SDMXStructureConcept.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import DESCRIPTIONS, ITEM_ANNOTATIONS, artefact, item
from adapters.sdmx.markup.formats import BASIC_FORMAT, representation
from adapters.sdmx.markup.grammar import Node, Out, Part, Record, new, old
from adapters.sdmx.markup.holding import Constant, Within
from adapters.sdmx.markup.items import Items, parent, scheme
from adapters.sdmx.markup.parts import Attr, Child, Many, One, Own, Words
from adapters.sdmx.markup.references import RefTo
from adapters.sdmx.markup.values import ID, LANGUAGE, MEMBER, NCNAME, Unfit, plain, word
from registry.model import (
    Cascade,
    Code,
    Codelist,
    CodelistExtension,
    Concept,
    ConceptScheme,
    GeoFeatureSetCode,
    GeographicCodelist,
    GeoGridCode,
    GeoGridCodelist,
    IsoConcept,
    Item,
    MemberValue,
    ValueItem,
    ValueList,
)
from registry.ref import Kind

# Codes

_MEMBER = Record(MemberValue, (Attr("cascade", "cascadeValues", word(Cascade)), Own("value", value=MEMBER, required=True)))
_SELECTIONS = {False: "str:InclusiveCodeSelection", True: "str:ExclusiveCodeSelection"}


@dataclass(frozen=True)
class Selection(Part):
    """The codes chosen from an extension, or all but these."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("members", "exclusive")

    def write(self, of: Any, out: Out) -> None:
        if of.members:
            Within(_SELECTIONS[of.exclusive], (_MEMBERS,)).write(of, out)
        elif of.exclusive:
            out.lose("exclusive", "ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for exclusive, tag in _SELECTIONS.items():
            if (child := node.one(tag)) is not None:
                found["exclusive"] = exclusive
                _MEMBERS.read(Node(child, node.context), found)


_MEMBERS = Many("members", "str:MemberValue", _MEMBER, whole=True)
EXTENSIONS = Many(
    "extensions",
    "str:CodelistExtension",
    Record(
        CodelistExtension,
        (Attr("prefix", "prefix"), RefTo("codelist", "str:Codelist", (Kind.CODELIST,), required=True), Selection()),
    ),
)
_CODE = (*item(ID, "Code"), *parent(ID))
CODE = Record(Code, _CODE)
GEO_FEATURE = Record(GeoFeatureSetCode, (Attr("value", "value", required=True), *_CODE))
GEO_CELL = Record(GeoGridCode, (*_CODE, Child("geo_cell", "str:GeoCell", required=True)))


def bare(items: Sequence[Item], version: str) -> bool:
    """Whether codes say nothing that a version could not hold: found for all at once, since there may be very many."""
    if not all(
        type(one) is Code and not (one.annotations or one.links or one.uri or one.valid_from or one.valid_to) for one in items
    ):
        return False
    ids, parents = (one.id for one in items), (one.parent for one in items if one.parent is not None)
    texts = (text for one in items for said in (one.names, one.descriptions) for text in said.values())
    tags = {lang for one in items for said in (one.names, one.descriptions) for lang in said}
    try:
        for value, found in ((ID, ids), (NCNAME if version == "3.0" else ID, parents), (LANGUAGE, tags)):
            for each in found:
                value.write(each)
        plain("".join(texts))
    except Unfit:
        return False
    return True


CODELIST = scheme(Kind.CODELIST, Codelist, Items("str:Code", CODE), new(EXTENSIONS))
GEOGRAPHIC_CODELIST = scheme(
    Kind.GEOGRAPHIC_CODELIST,
    GeographicCodelist,
    Constant("geoType", "GeographicCodelist"),
    Items("str:GeoFeatureSetCode", GEO_FEATURE),
    EXTENSIONS,
)
GEO_GRID_CODELIST = scheme(
    Kind.GEO_GRID_CODELIST,
    GeoGridCodelist,
    Constant("geoType", "GeoGridCodelist"),
    Items("str:GeoGridCode", GEO_CELL),
    EXTENSIONS,
    Child("grid_definition", "str:GridDefinition", required=True),
)
VALUE_ITEM = Record(ValueItem, (Attr("id", "id", required=True), ITEM_ANNOTATIONS, Words("names", "com:Name"), DESCRIPTIONS))
VALUE_LIST = artefact(Kind.VALUE_LIST, ValueList, Items("str:ValueItem", VALUE_ITEM))

# Concepts

_ISO = Record(
    IsoConcept,
    (
        Child("agency", "str:ConceptAgency", required=True),
        Child("scheme", "str:ConceptSchemeID", required=True),
        Child("concept", "str:ConceptID", required=True),
    ),
)
_CORE = "str:CoreRepresentation"


@dataclass(frozen=True)
class OldCore(One):
    """The representation of a concept in SDMX 2.1: where there is none, a format that says nothing, and the other way round.

    sdmx1 2.28 fails on attributes of the data set whose concept has none.
    """

    @property
    def quiet(self) -> bool:
        return False

    def write(self, of: Any, out: Out) -> None:
        if of.core is None:
            out.content.append(f"<{self.tag}>{_SILENT}</{self.tag}>")
        else:
            super().write(of, out)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        child = node.one(self.tag)
        if child is not None and not (len(child) == 1 and local(child[0]) == "TextFormat" and not child[0].attrib):
            super().read(node, found)


_SILENT = "<str:TextFormat/>"
CONCEPT = Record(
    Concept,
    (
        *item(NCNAME, "Concept"),
        *parent(NCNAME),
        old(OldCore("core", _CORE, representation(BASIC_FORMAT, Kind.CODELIST))),
        new(One("core", _CORE, representation(BASIC_FORMAT, Kind.CODELIST, Kind.VALUE_LIST, occurs=True))),
        One("iso", "str:ISOConceptReference", _ISO),
    ),
)
CONCEPT_SCHEME = scheme(Kind.CONCEPT_SCHEME, ConceptScheme, Items("str:Concept", CONCEPT))
