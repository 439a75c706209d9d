"""One correspondence that no longer reads: the others of its list are told, it is named, and nothing is recoded without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.source_tables import source_table
from hub.wiring import Hub
from registry.actions import put
from registry.errors import Unavailable
from registry.model import Artefact, Code, Codelist
from registry.ref import Kind, Ref
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.small_source import write_source
from tests.test_registry_damaged import damage
from tests.test_registry_store import MERGED, MERGER, MERGER_LINKS

ZONES = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_VUNG", "1.0"),
    names={"vi": "Vùng", "en": "Zone"},
    items=(Code("02", {"vi": "Đồng bằng", "en": "Plain"}),),
)
TO_ZONES = replace(MERGER_LINKS, ref=replace(MERGER.ref, id="COR_VUNG"), to_list=ZONES.ref).map

ASKED = """{ codelist(ref: "SEN:CL_PROVINCE(1.0)") { id correspondences { ref toCodelist { id } exactness { exact } } } }"""


@pytest.fixture
def asker(empty_hub: Hub) -> Asker:
    """The provinces of the invented country before and after their merger, and the zones they lie in."""
    store(empty_hub, MERGED, ZONES, MERGER, TO_ZONES)
    return Asker(empty_hub.ports, {"Accept-Language": "en"})


def store(hub: Hub, *artefacts: Artefact) -> None:
    with hub.engine.begin() as connection:
        put(connection, artefacts, world.act(hub.clock.now()))


def told(answer: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The tables of an answer by their ids, and what it says is missing from which place."""
    refs = [one["ref"] for one in answer["data"]["codelist"]["correspondences"]]
    errors = answer.get("errors", [])
    assert {(*error["path"], error["extensions"]["code"]) for error in errors} <= {
        ("codelist", "correspondences", "MEMBER_LEFT_OUT")
    }
    return refs, [error["extensions"]["detail"].split(" makes")[0] for error in errors]


def test_the_other_tables_of_a_list_are_told(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "COR_VUNG", "RepresentationMap", body="{")
    missing = ["What is stored of the RepresentationMap SEN:COR_VUNG(1.0)"]
    assert told(asker.ask(ASKED)) == (["SEN:COR_PROVINCE(1.0)"], missing)


def test_a_version_that_was_replaced_does_not_come_back_for_it(empty_hub: Hub, asker: Asker) -> None:
    store(empty_hub, replace(TO_ZONES, ref=replace(TO_ZONES.ref, version="2.0")))
    damage(empty_hub, "COR_VUNG", "RepresentationMap", version="2.0", body="{")
    missing = ["What is stored of the RepresentationMap SEN:COR_VUNG(2.0)"]
    assert told(asker.ask(ASKED)) == (["SEN:COR_PROVINCE(1.0)"], missing)


def test_nor_is_one_between_other_lists_taken_for_its_earlier_version(empty_hub: Hub, asker: Asker) -> None:
    elsewhere = replace(MERGER_LINKS, ref=replace(MERGER.ref, id="COR_VUNG", version="2.0"), to_list=world.CROP.ref, links=())
    store(empty_hub, elsewhere.map)
    damage(empty_hub, "COR_VUNG", "RepresentationMap", version="2.0", body="{")
    assert told(asker.ask(ASKED))[0] == ["SEN:COR_PROVINCE(1.0)", "SEN:COR_VUNG(1.0)"]


def test_a_way_is_still_refused_which_it_might_have_been_part_of(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "COR_VUNG", "RepresentationMap", body="{")
    for target in (MERGED.ref, ZONES.ref, world.CROP.ref):
        with pytest.raises(Unavailable) as caught:
            empty_hub.catalogue.correspondence(world.PROVINCE.ref, target)
        assert caught.value.facts["ref"] == "SEN:COR_VUNG(1.0)"


def test_a_table_whose_other_list_no_longer_reads_is_told_without_it(empty_hub: Hub, asker: Asker) -> None:
    damage(empty_hub, "CL_VUNG", body="{")
    assert told(asker.ask(ASKED)) == (["SEN:COR_PROVINCE(1.0)", "SEN:COR_VUNG(1.0)"], [])
    codes = asker.ask(ASKED.replace("exactness { exact }", "toCodelist { codes(first: 1) { totalCount } }"))
    assert told(codes) == (["SEN:COR_PROVINCE(1.0)"], ["What is stored of the Codelist SEN:CL_VUNG(1.0)"])


@pytest.mark.parametrize("content", [{"body": "{"}, {"head": "[]"}])
def test_pages_about_the_list_say_what_they_leave_out(empty_hub: Hub, asker: Asker, content: dict[str, str]) -> None:
    damage(empty_hub, "COR_VUNG", "RepresentationMap", **content)
    page = Reader(empty_hub).look("/vi/codelists/SEN/CL_PROVINCE/1.0")
    assert "RepresentationMap SEN:COR_VUNG(1.0)" in page.one("//*[@role='note']/ul/li")
    assert page.all("//ul[@class='lists']/li/a") == ["Tỉnh"]


def test_figures_are_not_compiled_by_the_other_versions_alone(empty_hub: Hub, asker: Asker, tmp_path: Path) -> None:
    source, page = write_source(tmp_path).source, "classification SEN:CL_PROVINCE"
    assert source_table(source, page, Hub.build(empty_hub.settings).catalogue).num_rows > 0
    damage(empty_hub, "CL_PROVINCE", version="2.0", head="[]")
    with pytest.raises(Unavailable) as caught:
        source_table(source, page, empty_hub.catalogue)
    assert caught.value.facts["ref"] == "SEN:CL_PROVINCE(2.0)"


def test_a_file_does_not_say_that_it_follows_another_version_than_it_may(empty_hub: Hub, asker: Asker) -> None:
    store(empty_hub, replace(MERGED, ref=replace(MERGED.ref, version="3.0"), valid_from=date(2026, 1, 1)))
    path, follows = "/codelists/SEN/CL_PROVINCE/3.0/codes.jsonld", "CL_PROVINCE(1.0)"
    damage(empty_hub, "CL_PROVINCE", version="2.0", head="[]")
    answer = Reader(empty_hub).get(path)
    assert answer.status_code == 200 and follows not in answer.text
