"""Where two persons must agree (``HUB_FOUR_EYES``), what one hands in at the SDMX doors waits for the other as proposals do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest
from lxml import etree

from hub.wiring import Hub
from registry.errors import Conflict
from registry.ports import Role, Viewer
from registry.proposals import Decision
from tests.asking import TOKENS
from tests.conftest import Hands
from tests.test_sdmx_submitting import FLOW, ORPHAN, SCHEMAS, SOIL, Office, message, told

HERE = "/sdmx/v2/structure"
SOILS = f"{HERE}/codelist/SEN/CL_SOIL/1.0"
SECOND = Viewer(Role.PUBLISHER, "SEN", "somebody else")


@pytest.fixture
def strict(empty_hub: Hub, clock: Hands) -> Iterator[Office]:
    yield Office(Hub.build(replace(empty_hub.settings, four_eyes=True), clock))


def agree(office: Office) -> None:
    """A second person agrees to all that waits, the oldest first."""
    for one in reversed(office.hub.ports.proposals.proposals(SECOND)):
        office.hub.ports.proposals.approve(one.id, SECOND)


def test_what_is_handed_in_stands_once_a_second_person_agrees(strict: Office) -> None:
    body = message(SOIL, FLOW)
    answer = strict.send("POST", f"{HERE}?reason=new%20map", body)
    assert told(answer) == (202, {"CL_SOIL": 202, "DAT": 202}) and "location" not in answer.headers
    assert not strict.has(SOIL.ref)
    (waiting,) = strict.hub.ports.proposals.proposals(SECOND)
    results = orjson.loads(answer.content)["data"]["results"]
    assert {one["proposal"] for one in results} == {waiting.id} and waiting.why == "new map"
    with pytest.raises(Conflict) as alone:
        strict.hub.ports.proposals.approve(waiting.id, TOKENS["publisher"])
    assert alone.value.code == "FOUR_EYES"
    agree(strict)
    assert strict.codes(SOIL.ref) == ["PHUSA", "CAT"]
    entry = strict.hub.catalogue.history(SOIL.ref)[-1]
    assert entry.who == TOKENS["publisher"].name and entry.why == "new map" and "somebody else" in entry.what
    original = strict.hub.catalogue.original(SOIL.ref)
    assert original is not None and original.content == body.encode()


def test_so_do_replacements_parts_and_deletions(strict: Office) -> None:
    strict.post(SOIL)
    agree(strict)
    assert told(strict.send("PUT", SOILS, message(replace(SOIL, names={"en": "Soils"})))) == (202, {"CL_SOIL": 202})
    agree(strict)
    assert told(strict.send("DELETE", f"{SOILS}/CAT")) == (202, {"CL_SOIL": 202})
    assert strict.codes(SOIL.ref) == ["PHUSA", "CAT"]
    agree(strict)
    assert strict.codes(SOIL.ref) == ["PHUSA"]
    assert told(strict.send("DELETE", SOILS)) == (202, {"CL_SOIL": 202})
    assert strict.has(SOIL.ref)
    agree(strict)
    assert not strict.has(SOIL.ref)


def test_what_cannot_be_taken_is_told_at_once_and_what_changes_nothing_waits_for_nobody(strict: Office) -> None:
    assert strict.post(SOIL, ORPHAN) == (409, {"CL_SOIL": 424, "MO_COI": 409})
    assert strict.post(SOIL, at=f"{HERE}?dryRun=true") == (201, {"CL_SOIL": 201})
    assert not strict.hub.ports.proposals.proposals(SECOND)
    assert strict.post(SOIL, ORPHAN, at=f"{HERE}?partial=true") == (207, {"CL_SOIL": 202, "MO_COI": 409})
    agree(strict)
    assert strict.post(SOIL) == (200, {"CL_SOIL": 200})
    assert not strict.hub.ports.proposals.proposals(SECOND)


def test_one_of_two_that_change_the_same_is_overtaken(strict: Office) -> None:
    strict.post(SOIL)
    strict.post(replace(SOIL, names={"en": "Soils"}))
    first, second = reversed(strict.hub.ports.proposals.proposals(SECOND))
    strict.hub.ports.proposals.approve(second.id, SECOND)
    with pytest.raises(Conflict) as late:
        strict.hub.ports.proposals.approve(first.id, SECOND)
    assert late.value.code == "PROPOSAL_OVERTAKEN"
    assert strict.hub.ports.proposals.withdraw(first.id, SECOND).state is Decision.WITHDRAWN


def test_the_answer_is_a_message_of_the_standard(strict: Office) -> None:
    root = etree.fromstring(strict.send("POST", HERE, message(SOIL), Accept="*/*").content)
    SCHEMAS["3.1.0"].assertValid(root)
    (status,) = root.iterfind(".//{*}StatusMessage")
    assert status.get("status") == "Warning", "it is not yet so"
