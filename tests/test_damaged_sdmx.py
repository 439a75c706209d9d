"""One artefact that no longer reads, and what the SDMX doors list beside structures as a whole: it is named wherever it may
belong, items, roles, narrowed lists, reports and registrations."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from lxml import etree

from hub.wiring import Hub
from registry.actions import put
from registry.model import ConceptScheme, MetadataStructure
from registry.ref import Kind, Ref
from tests import world
from tests.conftest import Hands
from tests.doors import Door
from tests.metadata import AGREEMENT as REPORTING
from tests.metadata import FLOW, REPORT, STRUCTURE, STRUCTURES
from tests.official import ml_schema
from tests.test_damaged_figures import footer
from tests.test_registry_damaged import damage
from tests.test_sdmx_metadata import OTHER
from tests.test_sdmx_registrations import AGREEMENT as GIVEN
from tests.test_sdmx_registrations import PROVIDERS as GIVERS
from tests.test_sdmx_registrations import request
from tests.test_sdmx_structures import MORE
from tests.test_sdmx_submitting import Office

ML = "application/vnd.sdmx.structure+xml;version=3.0.0"
JS = "application/vnd.sdmx.structure+json;version=2.1.0"
UNREAD = "{} : Left out because it can no longer be read"


def missing(answer: httpx.Response) -> list[str]:
    """What a message says that it lacks, but for what its format has no place for."""
    return [text for text in footer(answer) if "Left out because" in text]


@pytest.fixture
def door(empty_hub: Hub, clock: Hands) -> Door:
    with empty_hub.engine.begin() as connection:
        put(connection, MORE, world.act(clock.now()))
    return Door(empty_hub.ports)


# Structures


def test_single_items_are_told_without_saying_that_there_are_no_others(empty_hub: Hub, door: Door) -> None:
    damage(empty_hub, "CL_PROVINCE", body="{")
    answer = door.get("/v2/structure/codelist/*/*/*/NGO", Accept=ML)
    assert answer.status_code == 200 and UNREAD.format("Codelist SEN:CL_PROVINCE(1.0)") in missing(answer)
    assert door.get("/v2/structure/codelist/*/*/*/01", Accept=ML).status_code == 503, "it may be there"
    assert door.get("/v1/codelist/all/all/all/01").status_code == 503


@pytest.mark.parametrize("word", ["allowedconstraint", "actualconstraint"])
def test_a_constraint_of_unknown_role_is_missing_among_those_of_either(empty_hub: Hub, door: Door, word: str) -> None:
    damage(empty_hub, "CHI_LUA", "DataConstraint", body="{")
    answer = door.get(f"/v2/structure/{word}/*/*/*", Accept=ML)
    assert UNREAD.format("DataConstraint SEN:CHI_LUA(1.0)") in missing(answer)


def test_a_list_that_a_constraint_no_longer_narrows_says_so(empty_hub: Hub, door: Door) -> None:
    damage(empty_hub, "CHI_LUA", "DataConstraint", body="{")
    path = "/v2/structure/dataflow/SEN/MUA/1.0?detail=referencepartial&references="
    narrowed = door.get(f"{path}descendants", Accept=ML)
    assert "NGO" in narrowed.text and missing(narrowed) == [UNREAD.format("DataConstraint SEN:CHI_LUA(1.0)")]
    assert missing(door.get(f"{path}conceptscheme", Accept=ML)) == [], "nothing there would be narrowed"


def test_what_is_valid_is_not_told_without_a_constraint(empty_hub: Hub, door: Door) -> None:
    damage(empty_hub, "CHI_LUA", "DataConstraint", body="{")
    for accept in (JS, "application/vnd.sdmx.schema+xml;version=2.1.0"):
        assert door.get("/v2/schema/dataflow/SEN/MUA", Accept=accept).status_code == 503


def test_what_is_valid_is_told_without_who_maintains_it(empty_hub: Hub, door: Door) -> None:
    damage(empty_hub, "AGENCIES", "AgencyScheme", body="{")
    answer = door.get("/v2/schema/dataflow/SEN/MUA", Accept=ML)
    assert missing(answer)[0] == UNREAD.format("AgencyScheme SDMX:AGENCIES(1.0)") and "CL_CROP" in answer.text


# Reports


@pytest.fixture
def reports(empty_hub: Hub, clock: Hands) -> Door:
    """Reports about the harvest and about its structure, and one more with words of its own."""
    words = ConceptScheme(ref=Ref(Kind.CONCEPT_SCHEME, "SEN", "TU", "1.0"), names={"vi": "Từ"}, items=world.CONCEPTS.items)
    field = replace(STRUCTURE.attributes[0], concept_identity=words.ref.item("NOTE"), children=())
    own = MetadataStructure(ref=replace(STRUCTURE.ref, id="CAU_TRUC_2"), names={"vi": "Khác"}, attributes=(field,))
    flow = replace(FLOW, ref=replace(FLOW.ref, id="DONG_2"), structure=own.ref, targets=())
    said = tuple(replace(one, children=()) for one in REPORT.attributes if one.id == field.id)
    more = replace(REPORT, ref=replace(REPORT.ref, id="THEM"), metadataflow=flow.ref, attributes=said)
    given = (*(one for one in STRUCTURES if one is not FLOW), replace(FLOW, targets=()), words, own, flow, REPORT, OTHER, more)
    with empty_hub.engine.begin() as connection:
        put(connection, given, world.act(clock.now()))
    return Door(empty_hub.ports)


@pytest.mark.parametrize(
    "path", ["metadataset/*/*/*", "metadataflow/*/*/*", "metadataflow/*/*/*/SEN", "structure/dataflow/SEN/MUA", "structure"]
)
def test_a_report_is_missing_wherever_it_may_belong(empty_hub: Hub, reports: Door, path: str) -> None:
    damage(empty_hub, REPORT.ref.id, "MetadataSet", body="{")
    answer = reports.get(f"/v2/metadata/{path}?format=metadata&formatVersion=3.0.0")
    assert answer.status_code == 200 and missing(answer) == [UNREAD.format(f"MetadataSet {REPORT.ref}")], answer.text
    ml_schema("3.0.0").assertValid(etree.fromstring(answer.content))


def test_whose_a_report_is_is_not_known_where_the_agreement_no_longer_reads(empty_hub: Hub, reports: Door) -> None:
    damage(empty_hub, REPORTING.ref.id, "MetadataProvisionAgreement", body="{")
    ask = "/v2/metadata/metadataflow/*/*/*{}?format=metadata&formatVersion=3.0.0"
    every = reports.get(ask.format(""))
    assert missing(every) == [] and OTHER.ref.id in every.text
    theirs = reports.get(ask.format("/SEN"))
    (said,) = missing(theirs)
    assert said.startswith(f"MetadataSet {OTHER.ref} : Left out because the MetadataProvisionAgreement")
    assert reports.get(ask.format("/BTC")).status_code == 503


def test_a_report_without_the_names_of_its_fields_is_left_out_of_a_table_with_names(empty_hub: Hub, reports: Door) -> None:
    damage(empty_hub, "TU", "ConceptScheme", body="{")
    answer = reports.get("/v2/metadata/metadataset?format=csv&labels=both")
    plain = reports.get("/v2/metadata/metadataset?format=csv")
    assert REPORT.ref.id in answer.text and "THEM" not in answer.text and "THEM" in plain.text
    assert int(answer.headers["sdmx-lost"]) > 0


# Registrations


def test_whose_a_source_is_is_not_known_where_the_agreement_no_longer_reads(empty_hub: Hub, clock: Hands) -> None:
    other = replace(GIVEN, ref=replace(GIVEN.ref, id="MUA_KHAC"))
    with empty_hub.engine.begin() as connection:
        put(connection, [GIVERS, GIVEN, other], world.act(clock.now()))
    office = Office(empty_hub)
    for id, agreement in (("A1", GIVEN), ("A2", other)):
        sent = office.send(
            "POST", "/sdmx/v2/registration", request("Append", id, agreement.ref.urn), Content_Type="application/xml"
        )
        assert sent.status_code == 201, sent.text
    door = Door(Hub.build(empty_hub.settings, clock).ports)
    damage(empty_hub, "MUA_KHAC", "ProvisionAgreement", body="{")
    theirs = door.get("/v2/registration/provider/SEN/BNN", Accept="application/vnd.sdmx.registry+xml;version=3.1.0")
    ml_schema("3.1.0").assertValid(etree.fromstring(theirs.content))
    assert theirs.headers["sdmx-lost"] == "1" and missing(theirs) == [UNREAD.format("ProvisionAgreement SEN:MUA_KHAC(1.0)")]
    assert [one.get("id") for one in etree.fromstring(theirs.content).iter("{*}Registration")] == ["A1"]
    for path in ("provider/*/*", "dataflow/SEN/MUA", "id/A2"):
        answer = door.get(f"/v2/registration/{path}")
        assert "sdmx-lost" not in answer.headers and 'id="A2"' in answer.text, "which one it is is known without reading it"
    assert door.get("/v2/registration/provider/SEN/BTC").status_code == 503
    assert door.get("/v2/registration/provider/SEN/BNN?strict=true").status_code in (400, 406)
