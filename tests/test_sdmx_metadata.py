"""Reference metadata at the SDMX doors: asked for by set, flow and structure, handed in, changed and taken out.

The report is that of :mod:`tests.metadata`; two more are about other things, or older.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.reading import structures_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import Shown, StructureFormat
from registry.actions import put
from registry.model import (
    Artefact,
    Attachment,
    DataConstraint,
    MemberSelection,
    MetadataSet,
    MetadataTarget,
    Region,
    ReportedAttribute,
    ReportStructure,
    SelectedValue,
    TargetObject,
    TargetType,
)
from registry.ref import Kind, Ref
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.metadata import AGREEMENT, FLOW, REPORT, STRUCTURE, STRUCTURES
from tests.official import json_schema, ml_schema
from tests.test_sdmx_metadata_formats import FORMATS
from tests.test_sdmx_submitting import Office, told
from tests.test_sdmx_submitting import office as office

OTHER = replace(
    REPORT,
    ref=Ref(Kind.METADATA_SET, "SEN.BNN", "GIONG", "1.0.0"),
    is_final=True,
    provision=AGREEMENT.ref,
    targets=(world.DSD.ref,),
)
OLD = replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "BAO_CAO", "0.9.0"), is_final=True)


def _selected(id: str, *codes: str) -> MemberSelection:
    return MemberSelection(id=id, values=tuple(map(SelectedValue, codes)))


@pytest.fixture
def country(office: Office, clock: Hands) -> Office:
    """Lotus Country with reports; those about structures are allowed too."""
    open_flow = replace(FLOW, targets=())
    given = (*(one for one in STRUCTURES if one is not FLOW), open_flow, REPORT, OTHER, OLD)
    with office.hub.engine.begin() as connection:
        put(connection, given, world.act(clock.now()))
    return office


def media(name: str) -> str:
    kind, version = name.split()
    word = "genericmetadata" if name == "xml 2.1" else "metadata"
    return f"application/vnd.sdmx.{word}+{kind};version={version}"


def asked(country: Office, path: str, **headers: str) -> list[str]:
    """The reports of an answer."""
    answer = country.door.get(path, **headers)
    if answer.status_code in (204, 404):
        return []
    assert answer.status_code == 200, answer.text
    return [f"{one.ref.id}({one.ref.version})" for one in structures_of(answer.content).artefacts]


# Asking


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("metadataset", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("metadataset/SEN", ["BAO_CAO(1.0)"]),
        ("metadataset/SEN/BAO_CAO/*", ["BAO_CAO(0.9.0)", "BAO_CAO(1.0)"]),
        ("metadataset/SEN,SEN.BNN/BAO_CAO,GIONG/1.0,1.0.0", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("metadataset/*/*/1.0.0", ["GIONG(1.0.0)"]),
        ("metadataset/SEN/BAO_CAO/1.0", ["BAO_CAO(1.0)"]),
        ("metadataset/IMF", []),
        ("metadataflow", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("metadataflow/SEN/CHAT_LUONG/1.0", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("metadataflow/SEN/CHAT_LUONG/*/BNN", ["GIONG(1.0.0)"]),
        ("metadataflow/*/*/*/SEN.BNN,X", ["GIONG(1.0.0)"]),
        ("metadataflow/*/*/*/SEN", ["BAO_CAO(1.0)"]),
        ("metadataflow/*/*/*/IMF.BNN", []),
        ("metadataflow/IMF", []),
        ("structure/dataflow", ["BAO_CAO(1.0)"]),
        ("structure/dataflow/SEN/MUA/1.0", ["BAO_CAO(1.0)"]),
        ("structure/datastructure/SEN", ["GIONG(1.0.0)"]),
        ("structure", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("structure/codelist", []),
        # So the examples of the text ask, for reports about a structure and about what it uses or is used by.
        ("datastructure/SEN/MUA/1.0?references=dataflow", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("datastructure/SEN/MUA/1.0?references=children&detail=referencepartial", ["GIONG(1.0.0)"]),
        ("structure/codelist/SEN/CL_CROP?references=parents", ["GIONG(1.0.0)"]),
        ("", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
    ],
)
def test_reports_are_found_by_what_they_are_of_and_about(country: Office, path: str, expected: list[str]) -> None:
    assert asked(country, f"/v2/metadata/{path}") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("CHAT_LUONG", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("SEN,CHAT_LUONG,1.0/all/SEN,BNN", ["GIONG(1.0.0)"]),
        ("SEN+IMF,CHAT_LUONG/all/BNN+SEN", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("KHONG", []),
    ],
)
def test_1_5_asks_by_flow_and_provider(country: Office, path: str, expected: list[str]) -> None:
    assert asked(country, f"/v1/metadata/{path}") == expected


RICE = DataConstraint(
    ref=Ref(Kind.DATA_CONSTRAINT, "SEN", "LUA_QUY", "1.0"),
    names={"vi": "Lúa theo quý", "en": "Rice by quarters"},
    attachment=Attachment(structures=(world.DATAFLOW.ref,)),
    regions=(
        Region(key_values=(_selected("FREQ", "Q"), _selected("CROP", "LUA"))),
        Region(include=False, key_values=(_selected("PROVINCE", "02"),)),
    ),
)
OF_RICE = replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "VE_LUA", "1.0"), targets=(RICE.ref,))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Q.01.LUA", ["VE_LUA(1.0)"]),
        ("Q..", ["VE_LUA(1.0)"]),
        ("A+Q.01+02.LUA+NGO", ["VE_LUA(1.0)"]),
        ("Q.01.NGO", []),
        ("Q.02.LUA", []),
        ("A..", []),
        ("all", ["BAO_CAO(1.0)", "VE_LUA(1.0)", "GIONG(1.0.0)"]),
    ],
)
def test_a_key_of_1_5_finds_the_reports_about_a_part_of_the_data(
    country: Office, clock: Hands, key: str, expected: list[str]
) -> None:
    with country.hub.engine.begin() as connection:
        put(connection, (RICE, OF_RICE), world.act(clock.now()))
    assert asked(country, f"/v1/metadata/CHAT_LUONG/{key}") == expected
    assert country.door.error("/v1/metadata/CHAT_LUONG/Q.01")[:2] == (400, "140")


def test_where_no_report_is_about_a_part_of_the_data_a_key_finds_none(country: Office) -> None:
    assert country.door.error("/v1/metadata/CHAT_LUONG/A.B")[:2] == (404, "100")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_text_is_given_as_its_schema_wants(country: Office, name: str) -> None:
    answer = country.door.get("/v2/metadata/metadataset", Accept=media(name))
    assert answer.headers["content-type"] == media(name)
    kind, version = name.split()
    if kind == "json":
        assert json_schema(version, "metadata").is_valid(orjson.loads(answer.content))
    if kind == "xml":
        ml_schema(version).assertValid(etree.fromstring(answer.content))
    found = {one.ref: one for one in structures_of(answer.content).artefacts}
    assert [one.value for one in attributes(found[REPORT.ref]) if one.id == "TIMELINESS"] == ["45"]


def attributes(made: Artefact) -> tuple[ReportedAttribute, ...]:
    assert isinstance(made, MetadataSet)
    return made.attributes


def test_the_default_is_json_at_2_and_markup_at_1(country: Office) -> None:
    assert country.door.get("/v2/metadata/metadataset").headers["content-type"] == media("json 2.1.0")
    assert country.door.get("/v1/metadata/CHAT_LUONG").headers["content-type"] == media("xml 2.1")
    assert country.door.get("/v2/metadata/metadataset?format=csv").headers["content-type"].startswith("text/csv")
    assert country.door.get("/v2/metadata/metadataset?format=sdmx-ml").headers["content-type"] == media("xml 3.1.0")


def table(country: Office, labels: str, lang: str) -> tuple[list[str], list[str]]:
    """Head and row of the table of the report, its names in a language."""
    path = f"/v2/metadata/metadataset/SEN/BAO_CAO/1.0?format=csv&labels={labels}"
    head, row = csv.reader(io.StringIO(country.door.get(path, Accept_Language=lang).text, newline=""))
    return head, row


def test_a_table_names_what_it_speaks_of_beside_it_or_behind_it(country: Office) -> None:
    """Texts in languages have no names, whatever language is wanted."""
    head, row = table(country, "name", "vi")
    assert dict(zip(head, row, strict=True)) | {"ACCURACY[vi;en]": ""} == {
        "MDSTRUCTURE[;]": "metadataflow",
        "MDSTRUCTURE_ID": "SEN:CHAT_LUONG(1.0)",
        "MDSTRUCTURE_NAME": "Chất lượng",
        "METADATASET_ID": "SEN:BAO_CAO(1.0)",
        "METADATASET_NAME": "Báo cáo chất lượng",
        "IS_PARTIAL_LANGUAGE": "0",
        "TARGET_TYPES": "dataflow",
        "TARGET_IDS": "SEN:MUA(1.0)",
        "TARGET_NAMES": world.DATAFLOW.names["vi"],
        "publicationYear": "2025",
        "CONTACT.EMAIL[]": "so-lieu@sen.example;hoi@sen.example",
        "Thư điện tử": ";",
        "ACCURACY[vi;en]": "",
        "Độ chính xác": "",
        "CROPS": "LUA",
        "Cây trồng": "Lúa",
        "TIMELINESS": "45",
        "Độ kịp thời": "",
    }
    head, row = table(country, "both", "en")
    assert (head[1], row[1], row[2]) == ("MDSTRUCTURE_ID", "SEN:CHAT_LUONG(1.0): Quality", "SEN:BAO_CAO(1.0): Quality report")
    assert head[7:] == ["CONTACT.EMAIL[]: Email", "ACCURACY[vi;en]: Accuracy", "CROPS: Crops", "TIMELINESS: Timeliness"]
    assert (row[5], row[-2:]) == (f"SEN:MUA(1.0): {world.DATAFLOW.names['en']}", ["LUA: Rice", "45"])


@pytest.mark.parametrize("labels", ["id", "name"])
def test_a_table_comes_in_again_whatever_its_fields_are_called(country: Office, labels: str) -> None:
    """A name may look like an id, as Accuracy does."""
    path = f"/v2/metadata/metadataset/SEN/BAO_CAO/1.0?format=csv&labels={labels}"
    (found,) = structures_of(country.door.get(path, Accept_Language="en").content).artefacts
    assert found == replace(REPORT, names={"en": "BAO_CAO"})


def test_a_table_with_names_behind_codes_is_handed_in_again(country: Office) -> None:
    path = "/v2/metadata/metadataset/SEN/BAO_CAO/1.0?format=csv&labels=both"
    table = country.door.get(path, Accept_Language="en").text
    assert "LUA: Rice" in table
    again = table.replace("SEN:BAO_CAO(1.0)", "SEN:BAO_CAO(1.1)")
    answer = country.send("POST", "/sdmx/v2/metadata", again, Content_Type=media("csv 2.1.0"))
    assert told(answer) == (201, {"BAO_CAO": 201}), answer.text
    stored = country.hub.catalogue.get(replace(REPORT.ref, version="1.1"))
    assert attributes(stored) == REPORT.attributes


def test_what_a_table_cannot_hold_is_counted_and_refused_where_that_is_wished(country: Office) -> None:
    answer = country.door.get("/v2/metadata/metadataset/SEN/BAO_CAO", Accept=media("csv 2.1.0"))
    assert answer.headers["sdmx-lost"] == "1", "the names"
    assert country.door.get("/v2/metadata/metadataset/SEN/BAO_CAO?strict=true", Accept=media("csv 2.1.0")).status_code == 406


def test_stubs_say_where_the_whole_is(country: Office) -> None:
    answer = country.door.get("/v2/metadata/metadataset/SEN/BAO_CAO?detail=allstubs", Accept=media("xml 3.1.0"))
    (stub,) = etree.fromstring(answer.content).iterfind("{*}MetadataSet")
    assert stub.get("isExternalReference") == "true"
    assert stub.get("structureURL") == "https://so-lieu.example/sdmx/v2/metadata/metadataset/SEN/BAO_CAO/1.0"
    assert not list(stub.iterfind("{*}Attribute"))


def test_reports_can_be_read_as_they_stood(country: Office, clock: Hands) -> None:
    before = clock.now()
    clock.pass_by(days=1)
    assert country.send("DELETE", "/sdmx/v2/metadata/metadataset/SEN/BAO_CAO/1.0").status_code == 200
    assert asked(country, "/v2/metadata/metadataset/SEN") == ["BAO_CAO(0.9.0)"]
    then = before.isoformat().replace("+00:00", "Z")
    assert asked(country, f"/v2/metadata/metadataset/SEN?asOf={then}") == ["BAO_CAO(1.0)"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("startPeriod=2024", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("startPeriod=2024-Q3", ["GIONG(1.0.0)"]),
        ("endPeriod=2024-06", ["BAO_CAO(1.0)", "GIONG(1.0.0)"]),
        ("endPeriod=2023", ["GIONG(1.0.0)"]),
        ("startPeriod=2024-02-01T00:00:00&endPeriod=2024-12", ["GIONG(1.0.0)"]),
    ],
)
def test_1_5_asks_for_reports_of_a_time(country: Office, clock: Hands, query: str, expected: list[str]) -> None:
    """BAO_CAO is of the year 2024, GIONG says no time and is of any."""
    dated = replace(REPORT, reporting_begin="2024-01-01", reporting_end="2024-12-31", is_final=False)
    with country.hub.engine.begin() as connection:
        put(connection, [dated], world.act(clock.now()))
    assert asked(country, f"/v1/metadata/CHAT_LUONG?{query}") == expected


def test_1_5_asks_for_what_has_changed_since(country: Office, clock: Hands) -> None:
    before = clock.now().isoformat().replace("+00:00", "Z")
    clock.pass_by(hours=1)
    with country.hub.engine.begin() as connection:
        put(connection, [replace(OTHER, ref=replace(OTHER.ref, version="1.0.1"))], world.act(clock.now()))
    clock.pass_by(hours=1)
    path = "/v1/metadata/CHAT_LUONG?updatedAfter="
    assert asked(country, f"{path}{before}") == ["GIONG(1.0.1)"]
    assert asked(country, f"{path}2000-01-01T00:00:00Z") == ["BAO_CAO(1.0)", "GIONG(1.0.1)"]
    assert country.door.error(f"{path}{clock.now().isoformat().replace('+00:00', 'Z')}")[:2] == (404, "100")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("startPeriod=20244", 400),
        ("startPeriod=2025&endPeriod=2024", 403),
        ("updatedAfter=yesterday", 400),
        ("updatedAfter=2025-08-01T00:00:00Z&asOf=2025-07-15T00:00:00Z", 403),
        ("firstNObservations=1", 400),
    ],
)
def test_times_that_make_no_sense_are_told(country: Office, query: str, status: int) -> None:
    assert country.door.get(f"/v1/metadata/CHAT_LUONG?{query}").status_code == status
    assert country.door.get("/v2/metadata/metadataset?startPeriod=2024").status_code == 400, "2.x has no such parameter"


@pytest.mark.parametrize("path", ["/v2/metadata/metadataset", "/v1/metadata/CHAT_LUONG"])
def test_an_unchanged_answer_costs_a_304(country: Office, clock: Hands, path: str) -> None:
    clock.pass_by(seconds=1)
    first = country.door.get(path)
    assert country.door.get(path, If_None_Match=first.headers["etag"]).status_code == 304
    assert country.door.get(path, If_Modified_Since=first.headers["last-modified"]).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v2/metadata/reports", 400),
        ("/v2/metadata/metadataset/SEN/BAO_CAO/1.0/more", 400),
        ("/v2/metadata/structure/nothing", 400),
        ("/v2/metadata/metadataset/SEN/BAO_CAO/x", 400),
        ("/v2/metadata/metadataset?detail=referencestubs", 400),
        ("/v2/metadata/metadataset?references=all", 400),
        ("/v2/metadata/structure/dataflow?references=everything", 400),
        ("/v2/metadata/metadataset/SEN/KHONG/1.0", 404),
        ("/v2/structure/metadataset", 400),
    ],
)
def test_what_makes_no_sense_is_told(country: Office, path: str, status: int) -> None:
    assert country.door.get(path).status_code == status


def test_reports_are_no_structures(country: Office) -> None:
    """They come along with nothing, whatever is asked."""
    answer = country.door.get("/v2/structure/*?references=all&detail=allstubs")
    assert answer.status_code == 200 and "BAO_CAO" not in answer.text
    parents = country.door.get("/v2/structure/metadataflow/SEN/CHAT_LUONG?references=parents")
    assert "BNN_CHAT_LUONG" in parents.text and "BAO_CAO(" not in parents.text


# Handing in


def message(name: str, *reports: MetadataSet) -> str:
    format: StructureFormat = FORMATS[name]
    return b"".join(format.write(Header("SEN", Hands().now()), [Shown(one) for one in reports])).decode()


@pytest.fixture
def ready(office: Office) -> Iterator[Office]:
    """The structure is there and no report."""
    with office.hub.engine.begin() as connection:
        put(connection, STRUCTURES, world.act(Hands().now()))
    yield office


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_handed_in_in_every_format(ready: Office, name: str) -> None:
    answer = ready.send("POST", "/sdmx/v2/metadata/metadataset?reason=new", message(name, REPORT), Content_Type=media(name))
    assert told(answer) == (201, {"BAO_CAO": 201})
    stored = ready.hub.catalogue.get(REPORT.ref)
    assert isinstance(stored, MetadataSet)
    assert (stored.attributes, stored.targets) == (REPORT.attributes, REPORT.targets)
    (entry,) = ready.hub.catalogue.history(REPORT.ref)
    assert (entry.who, entry.why) == ("a publisher", "new")
    assert ready.hub.catalogue.original(REPORT.ref) is not None


def test_every_fault_of_a_report_is_told_with_its_place(ready: Office) -> None:
    wrong = replace(REPORT, attributes=(ReportedAttribute(id="TIMELINESS", value="soon"),))
    body = message("json 2.1.0", wrong)
    answer = ready.send("POST", "/sdmx/v2/metadata", body, Content_Type=media("json 2.1.0"))
    (result,) = orjson.loads(answer.content)["data"]["results"]
    assert answer.status_code == 422
    assert [(one["place"], one["code"]) for one in result["faults"]] == [
        ("TIMELINESS", "REPORT_BAD_TYPE"),
        ("ACCURACY", "REPORT_FIELD_MISSING"),
    ]
    markup = ready.send("POST", "/sdmx/v2/metadata", body, Accept="application/xml", Content_Type=media("json 2.1.0"))
    texts = [text.text or "" for text in etree.fromstring(markup.content).iter("{*}Text")]
    assert any(text.startswith("TIMELINESS: ") for text in texts)
    assert ready.hub.catalogue.find(Kind.METADATA_SET) == []


def test_put_replaces_what_the_address_names(ready: Office) -> None:
    at, body = "/sdmx/v2/metadata/metadataset/SEN/BAO_CAO/1.0", message("xml 3.1.0", REPORT)
    assert ready.send("PUT", at, body).status_code == 404
    ready.send("POST", "/sdmx/v2/metadata/metadataset", body)
    changed = replace(REPORT, names={"vi": "Khác", "en": "Other"})
    assert told(ready.send("PUT", at, message("xml 3.1.0", changed))) == (200, {"BAO_CAO": 200})
    assert ready.hub.catalogue.get(REPORT.ref).names == changed.names
    assert ready.send("PUT", at.replace("BAO_CAO", "KHAC"), body).status_code == 422


def test_a_report_in_one_language_leaves_the_others(ready: Office) -> None:
    ready.send("POST", "/sdmx/v2/metadata", message("xml 3.1.0", REPORT))
    part = replace(
        REPORT,
        is_partial_language=True,
        attributes=tuple(replace(one, texts={"en": "Fair"}) if one.id == "ACCURACY" else one for one in REPORT.attributes),
    )
    assert told(ready.send("POST", "/sdmx/v2/metadata", message("xml 3.1.0", part)))[0] == 200
    stored = ready.hub.catalogue.get(REPORT.ref)
    (accuracy,) = (one for one in attributes(stored) if one.id == "ACCURACY")
    assert accuracy.texts == {"vi": "Tốt; đủ", "en": "Fair"}


def test_structures_are_not_handed_in_as_reports_nor_reports_as_structures(ready: Office) -> None:
    report = message("json 2.1.0", REPORT)
    assert ready.send("POST", "/sdmx/v2/structure", report).status_code == 422
    assert ready.send("POST", "/sdmx/v2/metadata/metadataflow", report).status_code == 400


def test_who_may_not_change_the_registry_hands_in_no_reports(ready: Office) -> None:
    body = message("json 2.1.0", REPORT)
    assert ready.door.send("POST", "/sdmx/v2/metadata", body).status_code == 401


def test_the_address_of_other_registries_takes_reports(ready: Office) -> None:
    """As pysdmx sends them."""
    at, body = "/ws/secure/sdmx/v2/metadata", message("json 2.0.0", REPORT)
    assert told(ready.send("POST", at, body, Content_Type="application/text", Action="Replace")) == (201, {"BAO_CAO": 201})


def test_what_a_report_is_about_cannot_be_deleted_under_it(country: Office) -> None:
    answer = country.send("DELETE", f"/sdmx/v2/structure/metadatastructure/SEN/{STRUCTURE.ref.id}/1.0")
    assert answer.status_code == 409
    assert country.send("DELETE", "/sdmx/v2/metadata/metadataset/SEN.BNN/GIONG/1.0.0").status_code == 409, "final"


ODD = [b"[]", b"{}", b'"', b";", b"<", b"7", b"\xff"]


@pytest.mark.parametrize("name", ["json 2.1.0", "xml 3.1.0", "csv 2.1.0"])
def test_whatever_is_handed_in_is_answered_and_never_a_fault_of_ours(ready: Office, name: str) -> None:
    whole = message(name, REPORT).encode()

    @hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(whole) - 1), st.integers(0, 12), st.sampled_from(ODD))
    def journey(place: int, gone: int, come: bytes) -> None:
        body: Any = (whole[:place] + come + whole[place + gone :]).decode("latin-1")
        answer = ready.send("POST", "/sdmx/v2/metadata?dryRun=true", body, Content_Type=media(name))
        assert answer.status_code < 500, answer.text

    journey()


# What may be reported


@pytest.mark.parametrize(
    "context",
    ["metadatastructure/SEN/CHAT_LUONG", "metadataflow/SEN/CHAT_LUONG", "metadataprovisionagreement/SEN/BNN_CHAT_LUONG"],
)
@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_a_schema_says_what_reports_may_say(country: Office, context: str, version: str) -> None:
    answer = country.door.get(f"/v2/schema/{context}", Accept=f"application/vnd.sdmx.schema+json;version={version}")
    assert answer.status_code == 200, answer.text
    schema = jsonschema.Draft201909Validator(orjson.loads(answer.content))
    schema.check_schema(schema.schema)

    def fits(*fields: ReportedAttribute) -> bool:
        told = message(f"json {version}", replace(REPORT, attributes=fields))
        assert json_schema(version, "metadata").is_valid(orjson.loads(told))
        return bool(schema.is_valid(orjson.loads(told)))

    accuracy, crops = (one for one in REPORT.attributes if one.id in ("ACCURACY", "CROPS"))
    assert fits(*REPORT.attributes)
    assert not fits(crops), "accuracy must be there"
    assert not fits(accuracy, accuracy)
    assert not fits(accuracy, replace(crops, value="LUB"))
    assert not fits(accuracy, ReportedAttribute(id="CONTACT", value="x")), "a heading"
    assert not fits(accuracy, ReportedAttribute(id="NOTHING", value="x"))


def test_what_deletes_reports_need_not_have_what_they_must(country: Office) -> None:
    path = "/v2/schema/metadataflow/SEN/CHAT_LUONG"
    (crops,) = (one for one in REPORT.attributes if one.id == "CROPS")
    told = orjson.loads(message("json 2.1.0", replace(REPORT, attributes=(crops,))))

    def schema(query: str) -> Any:
        return jsonschema.Draft201909Validator(orjson.loads(country.door.get(f"{path}{query}").content))

    assert not schema("").is_valid(told), "accuracy must be there"
    assert schema("?deletion=true").is_valid(told)
    assert country.door.get(f"{path}?dimensionAtObservation=AllDimensions").status_code == 400, "reports have no observations"


def test_the_structure_of_reports_can_be_had_instead_of_a_schema(country: Office) -> None:
    path = "/v2/schema/metadataflow/SEN/CHAT_LUONG"
    assert country.door.get(path).headers["content-type"] == "application/vnd.sdmx.schema+json;version=2.1.0"
    structure = country.door.get(path, Accept="application/vnd.sdmx.structure+xml;version=3.1.0")
    assert "CHAT_LUONG" in structure.text
    assert country.door.get(path, Accept="application/vnd.sdmx.schema+xml;version=3.1.0").status_code == 406


# About all that fit


ALL_FLOWS = Ref(Kind.DATAFLOW, "SEN", "*", "*")
GENERAL = replace(REPORT, ref=Ref(Kind.METADATA_SET, "SEN", "CHUNG", "1.0"), names={"en": "CHUNG"}, targets=(ALL_FLOWS,))


@pytest.mark.parametrize("name", ["xml 3.0.0", "xml 3.1.0", "csv 2.0.0", "csv 2.1.0"])
def test_a_report_about_all_dataflows_of_an_agency_stands_beside_each_of_them(ready: Office, name: str) -> None:
    """SDMX-ML and SDMX-CSV have wildcards in targets; nothing need be there that fits."""
    answer = ready.send("POST", "/sdmx/v2/metadata", message(name, GENERAL), Content_Type=media(name))
    assert answer.status_code == 201, answer.text
    assert ready.hub.catalogue.get(GENERAL.ref) == GENERAL
    for path in ("structure/dataflow/SEN/MUA/1.0", "structure/dataflow", "metadataflow/SEN/CHAT_LUONG"):
        assert asked(ready, f"/v2/metadata/{path}", Accept=media("xml 3.1.0")) == ["CHUNG(1.0)"], path
    assert asked(ready, "/v2/metadata/structure/codelist/SEN", Accept=media("xml 3.1.0")) == []
    question = '{ dataflow(ref: "SEN:MUA") { metadataSets { id targets { urn resolved } } } }'
    (found,) = Asker(ready.hub.ports).data(question)["dataflow"]["metadataSets"]
    assert found == {"id": "CHUNG", "targets": [{"urn": ALL_FLOWS.urn, "resolved": None}]}


def test_sdmx_json_has_no_wildcards_in_targets_and_says_so(ready: Office) -> None:
    ready.send("POST", "/sdmx/v2/metadata", message("xml 3.1.0", GENERAL), Content_Type=media("xml 3.1.0"))
    answer = ready.door.get("/v2/metadata/metadataset/SEN/CHUNG")
    assert answer.status_code == 406 and "CHUNG" in answer.text


@pytest.mark.parametrize(
    "target",
    [Ref(Kind.DATAFLOW, "*", "MUA", "1.0"), Ref(Kind.DATA_STRUCTURE, "SEN", "*", "*"), Ref(Kind.DATAFLOW, "IMF", "*", "*")],
)
def test_a_report_may_not_be_about_more_than_its_flow_is(ready: Office, target: Ref) -> None:
    """The flow is about all dataflows of Sen."""
    wider = replace(GENERAL, targets=(target,))
    answer = ready.send("POST", "/sdmx/v2/metadata", message("xml 3.1.0", wider), Content_Type=media("xml 3.1.0"))
    assert answer.status_code == 422 and "targets[0]" in answer.text


# Of structures of SDMX 2.1


def of_2_1(country: Office, object_type: str) -> None:
    """The report is of a structure with two reports, about something of a class and, the other, about a period."""
    about = TargetObject(id="LUONG", type=TargetType.IDENTIFIABLE_OBJECT, object_type=object_type)
    period = TargetObject(id="REPORT_PERIOD_TARGET", type=TargetType.REPORT_PERIOD)
    targets = (MetadataTarget(id="THEO_KY", objects=(period,)), MetadataTarget(id="THEO_LUONG", objects=(about,)))
    fields = STRUCTURE.attributes
    reports = (
        ReportStructure(id="KHAC", targets=("THEO_LUONG",), attributes=fields[:1]),
        ReportStructure(id="DAY_DU", targets=("THEO_KY", "THEO_LUONG"), attributes=fields),
    )
    structure = replace(STRUCTURE, attributes=(), targets=targets, reports=reports)
    with country.hub.engine.begin() as connection:
        put(connection, [*(one for one in STRUCTURES if one is not STRUCTURE), structure, REPORT], world.act(Hands().now()))


def test_a_report_that_does_not_say_which_it_is_gets_the_report_and_target_of_its_structure(office: Office) -> None:
    of_2_1(office, "Dataflow")
    answer = office.door.get("/v1/metadata/CHAT_LUONG")
    assert b'<md:Report id="DAY_DU"><md:Target id="THEO_LUONG"><md:ReferenceValue id="LUONG">' in answer.content
    ml_schema("2.1").assertValid(etree.fromstring(answer.content))


def test_one_that_no_target_of_its_structure_fits_is_refused(office: Office) -> None:
    of_2_1(office, "Codelist")
    assert office.door.get("/v1/metadata/CHAT_LUONG").status_code == 406
    assert asked(office, "/v1/metadata/CHAT_LUONG", Accept=media("xml 3.1.0")) == ["BAO_CAO(1.0)"]
