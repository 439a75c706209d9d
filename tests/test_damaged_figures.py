"""One artefact that no longer reads, and figures of several dataflows: those that rest on it are left out and named.

The dataflows are those of :mod:`tests.test_sdmx_dataflows`: the prices SEN:GIA have no provinces, the harvests SEN:MUA and
SEN:MUA_2 have the same structure. An agreement says that SEN:MUA is given by SEN:BNN.
"""

from __future__ import annotations

import httpx
import orjson
import pytest
from lxml import etree

from hub.wiring import Hub
from registry.actions import put
from registry.errors import Unavailable
from registry.model import Structure
from registry.ref import Ref
from registry.state import State
from tests import world
from tests.conftest import Hands
from tests.doors import LANG, Door, valid
from tests.test_registry_damaged import damage
from tests.test_sdmx_dataflows import FLOWS, PRICES, release
from tests.test_sdmx_structures import AGREEMENT, PROVIDERS

MISSING = "Dataflow SEN:MUA(1.0) : Left out because "
ML = "application/vnd.sdmx.structure+xml;version=2.1"

under_the_harvest = pytest.mark.parametrize(
    ("kind", "id", "said"),
    [
        ("Dataflow", "MUA", "it can no longer be read"),
        ("DataStructure", "MUA", "the DataStructure SEN:MUA(1.0) can no longer be read"),
        ("Codelist", "CL_PROVINCE", "the Codelist SEN:CL_PROVINCE(1.0) can no longer be read"),
    ],
)
"""What the harvest rests on and the prices do not, and what an answer about both says of it."""


@pytest.fixture
def many(hub: Hub, clock: Hands) -> Hub:
    """A server of both that has read nothing yet."""
    with hub.engine.begin() as connection:
        put(connection, (PRICES, *FLOWS, PROVIDERS, AGREEMENT), world.act(hub.clock.now()))
    release(hub, FLOWS[0], ("Q", "LUA"), "5")
    release(hub, FLOWS[1], ("Q", "03", "LUA"), "7")
    return Hub.build(hub.settings, clock)


def footer(answer: httpx.Response) -> list[str]:
    """What a message of SDMX-ML says that it lacks."""
    said = [one for one in etree.fromstring(answer.content).iterfind(".//{*}Footer//{*}Text") if one.get(LANG) == "en"]
    return [" ".join((one.text or "").split()) for one in said]


@under_the_harvest
@pytest.mark.parametrize(
    "format", ["genericdata&formatVersion=2.1", "structurespecificdata", "structurespecificdata&formatVersion=3.0.0"]
)
def test_the_others_are_given(many: Hub, kind: str, id: str, said: str, format: str) -> None:
    damage(many, id, kind, body="{")
    for path in ("/v1/data/SEN,MUA+GIA,1.0", "/v2/data/dataflow/SEN/GIA,MUA/1.0"):
        answer = Door(many.ports).get(f"{path}?format={format}")
        assert (answer.status_code, answer.headers["sdmx-lost"]) == (200, "1"), answer.text
        assert footer(answer) == [MISSING + said] and '"5"' in answer.text and "120.5" not in answer.text
    if "generic" in format:
        valid(answer)


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_in_json_it_is_told_among_the_errors(many: Hub, version: str) -> None:
    damage(many, "MUA", "DataStructure", body="{")
    answer = Door(many.ports).get(f"/v2/data/dataflow/SEN/GIA,MUA/1.0?format=jsondata&formatVersion={version}")
    assert (answer.status_code, answer.headers["sdmx-lost"]) == (200, "1"), answer.text
    (error,) = orjson.loads(answer.content)["errors"]
    assert (
        error["code"] == 1406 and "Dataflow SEN:MUA(1.0)" in error["title"] and "DataStructure SEN:MUA(1.0)" in error["title"]
    )


def test_where_a_format_has_no_words_for_it_the_header_counts(many: Hub) -> None:
    damage(many, "MUA", "DataStructure", body="{")
    answer = Door(many.ports).get("/v2/data/*/*/*?format=csv")
    assert answer.headers["sdmx-lost"] == "3" and answer.text.splitlines()[1].startswith("dataflow,SEN:GIA(1.0)")


def test_alone_it_is_an_honest_error(many: Hub) -> None:
    damage(many, "CL_PROVINCE", body="{")
    door = Door(many.ports)
    for path in ("/v1/data/MUA", "/v2/data/dataflow/SEN/MUA,MUA_2", "/v1/availableconstraint/MUA"):
        status, code, text = door.error(path)
        assert (status, code) == (503, "503") and "CL_PROVINCE" in text, path
    # GIA has no such key: whether the others have is not known.
    assert door.get("/v2/data/dataflow/SEN/GIA,MUA/1.0/Q.01.LUA").status_code == 503
    assert door.get("/v2/data/dataflow/SEN/GIA,MUA/1.0/A").status_code == 503


def test_who_wants_everything_or_nothing_gets_nothing(many: Hub) -> None:
    damage(many, "MUA", "DataStructure", body="{")
    door = Door(many.ports)
    for word in ("data", "availability"):
        answer = door.get(f"/v2/{word}/dataflow/SEN/GIA,MUA/1.0", Prefer="handling=strict")
        assert answer.status_code == 406 and "Dataflow SEN:MUA(1.0)" in answer.text, word


@under_the_harvest
@pytest.mark.parametrize("references", ["none", "all"])
def test_what_there_is_of_the_others_is_told(many: Hub, kind: str, id: str, said: str, references: str) -> None:
    damage(many, id, kind, body="{")
    for path in ("/v1/availableconstraint/SEN,MUA+GIA,1.0", "/v2/availability/dataflow/SEN/GIA,MUA/1.0"):
        answer = Door(many.ports).get(f"{path}?references={references}", Accept=ML)
        assert footer(answer) == [MISSING + said] and answer.headers["sdmx-lost"] == "1", answer.text
        assert len(valid(answer).findall(".//{*}ContentConstraint")) == 1


def test_whose_figures_are_is_not_known_where_the_agreement_no_longer_reads(many: Hub) -> None:
    damage(many, "BNN_MUA", "ProvisionAgreement", body="{")
    door = Door(many.ports)
    answer = door.get("/v1/data/SEN,MUA+GIA,1.0/all/SEN")
    assert footer(answer) == [MISSING + "the ProvisionAgreement SEN:BNN_MUA(1.0) can no longer be read"]
    assert door.get("/v1/data/SEN,MUA+GIA,1.0/all/BNN").status_code == 503, "it may be theirs"
    figures = door.get("/v2/data/provisionagreement/SEN/BNN_MUA?format=genericdata")
    assert "120.5" in figures.text, "which figures it is about is known"
    assert footer(figures) == ["ProvisionAgreement SEN:BNN_MUA(1.0) : Left out because it can no longer be read"]
    there = door.get("/v2/availability/dataflow/SEN/MUA?references=all", Accept=ML)
    assert footer(there) == ["ProvisionAgreement SEN:BNN_MUA(1.0) : Left out because it can no longer be read"]


def test_a_scheme_of_providers_is_missing_alone(many: Hub) -> None:
    damage(many, "DATA_PROVIDERS", "DataProviderScheme", body="{")
    for accept in (ML, "application/vnd.sdmx.structure+json;version=2.1.0"):
        answer = Door(many.ports).get("/v2/availability/dataflow/SEN/MUA?references=all", Accept=accept)
        assert (answer.status_code, int(answer.headers["sdmx-lost"]) > 0) == (200, True) and "CL_CROP" in answer.text
        assert "DataProviderScheme SEN:DATA_PROVIDERS(1.0)" in answer.text


def test_figures_are_not_left_out_for_anything_else(many: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer for a moment must not make an answer shorter."""
    whole = State.structure

    def interrupted(state: State, dataflow: Ref) -> Structure:
        if dataflow.id == "MUA":
            raise Unavailable("DATABASE_UNREACHABLE", kind="sqlite", reason="-")
        return whole(state, dataflow)

    monkeypatch.setattr(State, "structure", interrupted)
    assert Door(many.ports).get("/v1/data/SEN,MUA+GIA,1.0").status_code == 503
