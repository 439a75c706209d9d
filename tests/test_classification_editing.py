"""A new version of a classification, its correspondence and a grouping: drafted and proposed by An, published by Bình.

In Đất Nước Sen the harvest is counted by province (CL_PROVINCE). Bến Đá is merged into Đồng Sen: An proposes the version 2.0 of
the list, the table from the old to the new one, and the grouping of the coast. Everybody sees what rests on the old version
before anything is stored, and nothing is until a second person agrees.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hub.access import Rules
from hub.proposals import ProposedChanges
from hub.wiring import Hub
from registry import model
from registry.correspondence import Correspondence, Link
from registry.document import to_document
from registry.model import Annotation, Artefact
from registry.ports import Role, Viewer
from registry.ref import ItemRef, Kind, Ref
from tests import asking, world
from tests.asking import Asker

FAMILY = Annotation(type="CLASSIFICATION", title="CL_PROVINCE", texts={"vi": "Tỉnh", "en": "Provinces"})
MERGED = replace(
    world.PROVINCE,
    ref=replace(world.PROVINCE.ref, version="2.0"),
    annotations=(FAMILY,),
    valid_from=date(2025, 7, 1),
    items=tuple(item for item in world.PROVINCE.items if item.id != "02"),
)
TABLE = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_PROVINCE", "1.0"),
    names={"vi": "Tỉnh cũ sang tỉnh mới", "en": "Old to new provinces"},
    from_list=world.PROVINCE.ref,
    to_list=MERGED.ref,
    links=(Link("_T", "_T"), Link("01", "01"), Link("02", "01"), Link("03", "03")),
)


def coast(of: Ref, version: str) -> model.Hierarchy:
    return model.Hierarchy(
        ref=Ref(Kind.HIERARCHY, "SEN", "COAST", version),
        names={"vi": "Ven biển", "en": "Coast"},
        codes=(model.HierarchicalCode(id="01", code=ItemRef("Code", of, "01")),),
    )


@pytest.fixture
def asker(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Asker:
    """Where four eyes are required."""
    office = ProposedChanges(hub.engine, hub.clock, Rules(), hub.catalogue, hub.cube, four_eyes=True)
    people = {name: Viewer(Role.STATISTICIAN, "SEN", name) for name in ("an", "binh")}
    monkeypatch.setattr(asking, "TOKENS", {**asking.TOKENS, **people})
    return Asker(replace(hub.ports, proposals=office))


PROPOSE = """mutation ($content: String!, $why: String!) { propose(content: $content, why: $why) { id state
  advice { ref base severity nextVersion legal affected { nodes { kind ref } } affectedSeries { dataflow code series }
           draftMap { linked { totalCount } open { nodes { code } } document } } } }"""
APPROVE = "mutation ($id: String!) { approveProposal(proposal: $id) { state decidedBy revision } }"


def propose(asker: Asker, *made: Artefact) -> dict[str, Any]:
    content = json.dumps([to_document(one) for one in made])
    found: dict[str, Any] = asker.data(PROPOSE, token="an", content=content, why="Act of 1 July")["propose"]
    return found


def publish(asker: Asker, *made: Artefact) -> dict[str, Any]:
    """Proposed by An; agreed to by Bình, as An alone may not."""
    proposed = propose(asker, *made)
    assert asker.error(APPROVE, token="an", id=proposed["id"])["code"] == "FOUR_EYES"
    approved = asker.data(APPROVE, token="binh", id=proposed["id"])["approveProposal"]
    assert (approved["state"], approved["decidedBy"]) == ("approved", "binh")
    return proposed


def reached(proposed: dict[str, Any], ref: Ref) -> set[tuple[str, str]]:
    """What rests on the artefact that is proposed, or on its earlier versions."""
    (advice,) = [one for one in proposed["advice"] if one["ref"] == str(ref)]
    return {(one["kind"], one["ref"]) for one in advice["affected"]["nodes"]}


VERSIONS = """{ classification(id: "CL_PROVINCE", agency: "SEN") { versionAt(date: "2026-01-01") { version variants { id }
  correspondences { steps { ref inverted } exactness { exact broken } } } versions { version } } }"""


def test_a_version_a_correspondence_and_a_variant_are_published_together_by_a_second_person(asker: Asker) -> None:
    publish(asker, coast(world.PROVINCE.ref, "1.0"))
    before = asker.data(VERSIONS)["classification"]
    assert [one["version"] for one in before["versions"]] == ["1.0"]
    waiting = propose(asker, MERGED, TABLE.map, coast(MERGED.ref, "2.0"))
    assert waiting["state"] == "waiting" and asker.data(VERSIONS)["classification"] == before, "nothing is stored yet"
    asker.data(APPROVE, token="binh", id=waiting["id"])
    after = asker.data(VERSIONS)["classification"]
    assert [one["version"] for one in after["versions"]] == ["1.0", "2.0"]
    assert after["versionAt"] == {
        "version": "2.0",
        "variants": [{"id": "COAST"}],
        "correspondences": [
            {"steps": [{"ref": "SEN:COR_PROVINCE(1.0)", "inverted": True}], "exactness": {"exact": 2, "broken": 1}}
        ],
    }


def test_a_list_of_thousands_of_codes_goes_through_draft_and_second_person_too(asker: Asker) -> None:
    codes = (model.Code(id=f"{n:06}", names={"vi": f"Hàng hóa {n}", "en": f"Good {n}"}) for n in range(4000))
    goods = replace(world.PROVINCE, ref=Ref(Kind.CODELIST, "SEN", "CL_HANG", "1.0"), items=tuple(codes))
    publish(asker, goods)
    assert (
        asker.data('{ codelist(ref: "SEN:CL_HANG(1.0)") { codes { totalCount } } }')["codelist"]["codes"]["totalCount"] == 4000
    )


def test_what_rests_on_the_old_version_is_shown_before_the_new_one_is_published(asker: Asker) -> None:
    publish(asker, coast(world.PROVINCE.ref, "1.0"))
    proposed = propose(asker, MERGED)
    assert {("Dataflow", "SEN:MUA(1.0)"), ("Hierarchy", "SEN:COAST(1.0)")} <= reached(proposed, MERGED.ref)
    (advice,) = proposed["advice"]
    assert (advice["base"], advice["severity"], advice["legal"]) == ("SEN:CL_PROVINCE(1.0)", "major", True)
    assert advice["affectedSeries"] == [{"dataflow": "SEN:MUA(1.0)", "code": "02", "series": 1}]
    assert (advice["draftMap"]["linked"]["totalCount"], advice["draftMap"]["open"]["nodes"]) == (3, [{"code": "02"}])


def test_a_correspondence_that_changes_shows_what_rests_on_it(asker: Asker) -> None:
    publish(asker, MERGED, TABLE.map)
    rests = model.StructureMap(
        ref=Ref(Kind.STRUCTURE_MAP, "SEN", "MUA_2025", "1.0"),
        names=world.DATAFLOW.names,
        source_structure=world.DSD.ref,
        target_structure=world.DSD.ref,
        component_maps=(model.ComponentMap(sources=("PROVINCE",), targets=("PROVINCE",), representation_map=TABLE.ref),),
    )
    publish(asker, rests)
    changed = replace(TABLE.map, ref=replace(TABLE.ref, version="1.1"), mappings=TABLE.map.mappings[:3])
    assert ("StructureMap", "SEN:MUA_2025(1.0)") in reached(propose(asker, changed), changed.ref)


def test_a_table_or_a_variant_of_codes_that_are_not_there_is_refused(asker: Asker) -> None:
    for made in (TABLE.map, coast(MERGED.ref, "2.0")):
        error = asker.error(PROPOSE, token="an", content=json.dumps(to_document(made)), why="too early")
        assert error["code"] == "REFERENCE_MISSING"
