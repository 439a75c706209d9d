"""The advisor over the real hub: published figures counted by code, and ``hub registry advise``.

The statisticians of Lotus Country merge Stone Quay (02) into Lotus Field (01) and hand in SEN:CL_PROVINCE(1.1), while version
1.0 has harvests published: A.01.LUA 1, Q.01.LUA 5, Q.01.NGO 1 and Q.02.LUA 2 observations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.advising import advise_files
from hub.console import words
from hub.wiring import Hub
from registry.advisor import Severity
from registry.advisor.mapping import Why
from registry.check import check
from registry.document import from_document
from registry.errors import Invalid
from registry.model import Artefact, Code, RepresentationMap
from registry.ports import PUBLIC
from registry.usage import Use
from tests import world
from tests.messages import HARVEST, specific, structure
from tests.test_cli import Shell

FLOW = world.DATAFLOW.ref
MERGED = replace(
    world.PROVINCE,
    ref=replace(world.PROVINCE.ref, version="1.1"),
    items=(
        world.PROVINCE.items[0],
        Code("01", {"vi": "Đồng Sen và Bến Đá", "en": "Lotus Field and Stone Quay"}, parent="_T"),
        world.PROVINCE.items[3],
    ),
)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_every_weight_and_reason_has_words() -> None:
    assert {f"why_{one}" for one in Why} | {f"weight_{one.name.lower()}" for one in Severity if one} <= words().keys()


def test_published_figures_are_counted_by_code(hub: Hub) -> None:
    assert hub.cube.used(FLOW, "PROVINCE", PUBLIC) == {"01": Use(3, 7), "02": Use(1, 2)}
    assert hub.cube.used(FLOW, "FREQ", PUBLIC) == {"A": Use(1, 1), "Q": Use(3, 8)}
    assert hub.cube.used(FLOW, "UNIT_MEASURE", PUBLIC) == {"TAN": Use(4, 9)}
    assert hub.cube.used(FLOW, None, PUBLIC) == {"": Use(4, 9)}
    assert hub.cube.used(FLOW, "OBS_STATUS", PUBLIC) == {}, "observations are not read"


def test_where_nothing_is_published_nothing_is_used(empty_hub: Hub) -> None:
    assert empty_hub.cube.used(FLOW, "PROVINCE", PUBLIC) == empty_hub.cube.used(FLOW, None, PUBLIC) == {}


def message(folder: Path, artefacts: Sequence[Artefact]) -> Path:
    path = folder / "proposed.xml"
    path.write_bytes(structure(artefacts, "2_1"))
    return path


def test_a_message_is_judged_and_nothing_is_stored(hub: Hub, tmp_path: Path) -> None:
    before = hub.catalogue.revision
    told = advise_files([message(tmp_path, [MERGED])], hub.catalogue, hub.cube, LOCAL_ADMINISTRATOR)
    (one,) = told.advice
    assert (one.next_version, one.legal) == ("2.0", False)
    assert {each.ref for each in one.affected} == {world.DSD.ref, FLOW}
    assert [(each.dataflow, each.component, each.code, each.use) for each in one.series] == [
        (FLOW, "PROVINCE", "02", Use(1, 2))
    ]
    assert hub.catalogue.revision == before


def test_a_partial_list_is_not_judged_by_what_it_leaves_out(hub: Hub, tmp_path: Path) -> None:
    path = message(tmp_path, [MERGED])
    path.write_bytes(path.read_bytes().replace(b"<s:Codelist ", b'<s:Codelist isPartial="true" '))
    told = advise_files([path], hub.catalogue, hub.cube, LOCAL_ADMINISTRATOR)
    assert (told.advice, told.partial) == ((), (MERGED.ref,))


def test_data_are_no_structures(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "data.xml"
    path.write_bytes(specific(HARVEST))
    with pytest.raises(Invalid) as refused:
        advise_files([path], hub.catalogue, hub.cube, LOCAL_ADMINISTRATOR)
    assert refused.value.code == "NOT_A_STRUCTURE_MESSAGE"


def test_the_command_says_it_in_both_languages_and_to_programs(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    (tmp_path / "world.xml").write_bytes(structure(world.ARTEFACTS, "2_1"))
    (tmp_path / "data.xml").write_bytes(specific(HARVEST))
    shell.type("import", "--release", tmp_path / "world.xml", tmp_path / "data.xml")
    path = message(tmp_path, [MERGED, replace(MERGED, ref=replace(MERGED.ref, id="CL_NEW")), world.CROP])

    printed = shell.type("registry", "advise", path)
    for text in ("CL_PROVINCE(1.1) against 1.0: breaking", "smallest version it may have is 2.0", "not allowed", "items/02"):
        assert text in printed
    for text in ("CL_NEW(1.1) is new", "CL_CROP(1.0): nothing changed", "merged?", "Dataflow SEN:MUA(1.0)"):
        assert text in printed
    shell.speak("vi")
    printed = shell.type("registry", "advise", path)
    for text in ("phá vỡ tương thích", "Phiên bản nhỏ nhất được phép là 2.0", "Bị xóa", "sáp nhập?", "là đối tượng mới"):
        assert text in printed

    told = {one["proposed"]: one for one in shell.json("registry", "advise", path)["advice"]}
    merged = told["Codelist SEN:CL_PROVINCE(1.1)"]
    assert (merged["severity"], merged["next_version"], merged["legal"]) == ("major", "2.0", False)
    (left,) = merged["draft_map"]["open"]
    assert [left["source"], *((each["target"], each["why"]) for each in left["candidates"])] == ["02", ("01", "merged")]
    made = from_document(merged["draft_map"]["correspondence"])
    check(made)
    assert isinstance(made, RepresentationMap) and [each.targets for each in made.mappings] == [("_T",), ("01",), ("03",)]
    gone = next(one for one in merged["findings"] if one["code"] == "PART_REMOVED")
    assert gone["place"] == "items/02" and gone["vi"]["title"] != gone["en"]["title"]
    assert [(one["code"], one["series"]) for one in merged["series"]] == [("02", 1)]
    assert told["Codelist SEN:CL_CROP(1.0)"]["next_version"] is None
