"""Changes of the registry proposed over GraphQL: the advisor's answer first, a second person's agreement, all or nothing.

An and Bình are statisticians of Đất Nước Sen; Chi works in a ministry. An renames a code, or merges Bến Đá into Đồng Sen.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from hub.access import Rules
from hub.proposals import ProposedChanges
from hub.wiring import Hub
from registry.document import to_document
from registry.errors import Conflict, Denied, HubError, Invalid, NotFound
from registry.model import Artefact, Code, Codelist
from registry.ports import Role, Viewer
from registry.proposals import Decision
from registry.ref import Kind, Ref
from tests import asking, world
from tests.asking import Asker
from tests.conftest import Hands
from tests.messages import structure

AN = Viewer(Role.STATISTICIAN, "SEN", "An")
BINH = Viewer(Role.STATISTICIAN, "SEN", "Bình")
CHI = Viewer(Role.MINISTRY, "BNN", "Chi")

MERGED = replace(
    world.PROVINCE,
    ref=replace(world.PROVINCE.ref, version="1.1"),
    items=tuple(item for item in world.PROVINCE.items if item.id != "02"),
)
COLOURS = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_COLOUR", "1.0.0"),
    names={"vi": "Màu", "en": "Colours"},
    items=(Code("DO", {"vi": "Đỏ", "en": "Red"}),),
)


def content(*made: Artefact) -> str:
    return json.dumps([to_document(one) for one in made])


@pytest.fixture
def office(hub: Hub) -> ProposedChanges:
    """Where four eyes are required."""
    return ProposedChanges(hub.engine, hub.clock, Rules(), hub.catalogue, hub.cube, four_eyes=True)


@pytest.fixture
def asker(hub: Hub, office: ProposedChanges, monkeypatch: pytest.MonkeyPatch) -> Asker:
    monkeypatch.setattr(asking, "TOKENS", {**asking.TOKENS, "an": AN, "binh": BINH, "chi": CHI})
    return Asker(replace(hub.ports, proposals=office))


PROPOSE = """mutation ($content: String!, $remove: [String!]) {
  propose(content: $content, remove: $remove, why: "counted anew") {
  id state madeBy why advice { ref base severity nextVersion legal findings { nodes { code severity place title } } } } }"""
APPROVE = "mutation ($id: String!) { approveProposal(proposal: $id) { state decidedBy revision } }"


def propose(asker: Asker, *made: Artefact, token: str = "an", remove: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = asker.data(PROPOSE, token=token, content=content(*made), remove=remove)["propose"]
    return found


# The whole way


def test_a_change_waits_until_a_second_person_agrees_and_the_log_says_who_and_why(asker: Asker, hub: Hub, clock: Hands) -> None:
    made = propose(asker, COLOURS)
    assert (made["state"], made["madeBy"]) == ("waiting", "An")
    assert hub.catalogue.find(Kind.CODELIST, "SEN", "CL_COLOUR") == [], "nothing is stored yet"
    assert asker.error(APPROVE, token="an", id=made["id"])["code"] == "FOUR_EYES"
    clock.pass_by(hours=1)
    approved = asker.data(APPROVE, token="binh", id=made["id"])["approveProposal"]
    assert approved == {"state": "approved", "decidedBy": "Bình", "revision": hub.catalogue.revision}
    assert hub.catalogue.get(COLOURS.ref) == COLOURS
    (entry,) = hub.catalogue.history(COLOURS.ref)
    assert (entry.who, entry.why) == ("An", "counted anew")
    assert made["id"] in entry.what and "Bình" in entry.what
    assert asker.error(APPROVE, token="binh", id=made["id"])["code"] == "WRONG_STATE"


def test_the_advisor_answers_before_anything_is_stored(asker: Asker, hub: Hub) -> None:
    before = hub.catalogue.revision
    question = """query ($content: String!) { advice(content: $content) { ref base severity nextVersion legal inPlace
      findings { totalCount nodes { code severity place old title detail } } affected { nodes { kind ref follows } }
      affectedSeries { dataflow component code series observations } draftMap { source target
      linked { totalCount } open { nodes { code candidates { code why } } } document } } }"""
    (one,) = asker.data(
        question, token="an", lang="en", content=content(replace(MERGED, ref=replace(MERGED.ref, version="2.0")))
    )["advice"]
    assert (one["base"], one["severity"]) == ("SEN:CL_PROVINCE(1.0)", "major")
    assert {"kind": "Dataflow", "ref": "SEN:MUA(1.0)", "follows": False} in one["affected"]["nodes"]
    assert {"dataflow": "SEN:MUA(1.0)", "component": "PROVINCE", "code": "02", "series": 1, "observations": 2} in one[
        "affectedSeries"
    ]
    assert one["draftMap"]["source"] == "SEN:CL_PROVINCE(1.0)" and one["draftMap"]["linked"]["totalCount"] == 3
    assert [code["code"] for code in one["draftMap"]["open"]["nodes"]] == ["02"]
    assert one["draftMap"]["document"]["kind"] == "RepresentationMap"
    found = one["findings"]["nodes"][0]
    assert (found["severity"], found["old"] is not None, bool(found["title"])) == ("major", True, True)
    vi = asker.data(question, token="an", content=content(MERGED))["advice"][0]["findings"]["nodes"][0]
    assert vi["title"] != found["title"], "in the language of the reader"
    assert hub.catalogue.revision == before and hub.ports.proposals.proposals(AN) == []


def test_a_change_comes_as_an_sdmx_message_too_and_the_message_is_kept(office: ProposedChanges, hub: Hub) -> None:
    message = structure([COLOURS], version="3_0").decode()
    made = office.propose(message, [], "as the ministry sent it", AN)
    assert [one.ref for one in made.given] == [COLOURS.ref]
    office.approve(made.id, BINH)
    kept = hub.catalogue.original(COLOURS.ref)
    assert kept is not None and kept.content.decode() == message


def test_what_is_not_wanted_any_more_is_taken_away_with_it(asker: Asker, hub: Hub, office: ProposedChanges) -> None:
    office.approve(office.propose(content(COLOURS), [], "new", AN).id, BINH)
    made = propose(asker, replace(COLOURS, ref=replace(COLOURS.ref, id="CL_COLOURS")), remove=[COLOURS.ref.urn])
    asker.data(APPROVE, token="binh", id=made["id"])
    assert [ref.id for ref in hub.catalogue.find(Kind.CODELIST, "SEN") if "COLOUR" in ref.id] == ["CL_COLOURS"]


def test_a_proposal_is_withdrawn_and_stays_in_the_list_of_all(asker: Asker, hub: Hub) -> None:
    made = propose(asker, COLOURS)
    withdrawn = "mutation ($id: String!) { withdrawProposal(proposal: $id) { state decidedBy advice { ref } } }"
    assert asker.data(withdrawn, token="an", id=made["id"])["withdrawProposal"] == {
        "state": "withdrawn",
        "decidedBy": "An",
        "advice": [],
    }
    inside = "{ proposals%s { id artefacts { kind ref removed document } } }"
    assert asker.data(inside % "", token="binh")["proposals"] == []
    (kept,) = asker.data(inside % "(all: true)", token="binh")["proposals"]
    assert kept["artefacts"][0]["document"] == to_document(COLOURS)
    assert asker.error(APPROVE, token="binh", id=made["id"])["code"] == "WRONG_STATE"
    assert hub.catalogue.find(Kind.CODELIST, "SEN", "CL_COLOUR") == []


# What is refused


def test_what_could_not_be_stored_is_refused_when_it_is_proposed(office: ProposedChanges) -> None:
    nowhere = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, id="X"), structure=replace(world.DSD.ref, id="X"))
    for given, gone, code in (
        (content(nowhere), [], "REFERENCE_MISSING"),
        (content(replace(world.CROP, names={"vi": "Cây"})), [], "VERSION_NOT_LEGAL"),
        (content(MERGED), [], "VERSION_NOT_LEGAL"),
        ("", [world.CROP.ref], "ARTEFACT_REFERENCED"),
        ("", [], "NOTHING_PROPOSED"),
        ('{"kind": "Codelist"}', [], "BAD_DOCUMENT"),
        ('[{"kind": "Codelist", "ref": "SEN:X(1.0)", "names": {}, "colour": 1}]', [], "BAD_DOCUMENT"),
        ("what?", [], "FORMAT_UNKNOWN"),
        ("<a/>", [], "FORMAT_UNKNOWN"),
    ):
        with pytest.raises(HubError) as refused:
            office.propose(given, gone, "counted anew", AN)
        assert refused.value.code == code, given
        assert all(refused.value.detail(lang) for lang in ("vi", "en"))
    assert office.proposals(AN, waiting=False) == []


@pytest.mark.parametrize(("why", "code"), [("", "REASON_MISSING"), (" \n", "REASON_MISSING"), ("dòng\nhai", "REASON_UNFIT")])
def test_nothing_is_proposed_without_a_reason_that_the_log_can_show(office: ProposedChanges, why: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.propose(content(COLOURS), [], why, AN)
    assert refused.value.code == code and office.proposals(AN) == []


def test_a_trial_leaves_nothing_in_the_registry(office: ProposedChanges, hub: Hub) -> None:
    before = hub.catalogue.revision
    office.propose(content(COLOURS), [], "counted anew", AN)
    assert (hub.catalogue.revision, hub.catalogue.find(Kind.CODELIST, "SEN", "CL_COLOUR")) == (before, [])


def test_a_proposal_is_overtaken_when_somebody_changes_the_same_first(office: ProposedChanges) -> None:
    first, second = (office.propose(content(COLOURS), [], "counted anew", AN) for _ in range(2))
    office.approve(first.id, BINH)
    with pytest.raises(Conflict) as refused:
        office.approve(second.id, BINH)
    assert refused.value.code == "PROPOSAL_OVERTAKEN"
    assert office.proposal(second.id, AN).state is Decision.WAITING


def test_only_those_who_may_change_the_registry_see_proposals(asker: Asker, office: ProposedChanges) -> None:
    made = propose(asker, COLOURS)
    one = '{ proposal(id: "' + str(made["id"]) + '") { id } }'
    questions = ("{ proposals { id } }", one, '{ advice(content: "") { ref } }')
    for question in questions:
        assert asker.error(question)["code"] == "TOKEN_NEEDED"
        assert asker.error(question, token="chi")["code"] == "NOT_ALLOWED"
    for act in (office.approve, office.withdraw, office.proposal, office.advice):
        with pytest.raises(Denied):
            act(made["id"], CHI)
    with pytest.raises(Denied):
        office.propose(content(COLOURS), [], "counted anew", CHI)
    with pytest.raises(NotFound):
        office.proposal("nobody's", AN)
