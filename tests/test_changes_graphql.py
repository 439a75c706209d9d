"""*What changed between two releases* asked in GraphQL: lines with old and new values, counts, pages. On SQLite and PostgreSQL.

The harvest is drawn in tests/world.py; the second release of it here has one change of every kind.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.actions import put
from registry.comparison import two
from registry.period import PeriodRange, parse_period
from registry.ports import PUBLIC
from registry.raw import Action
from registry.series import batch_of
from registry.staging import Delta, Removal
from tests import model, world
from tests.asking import Asker
from tests.conftest import Hands, publish
from tests.world import series

LINES = "nodes { key period kind oldValue newValue attributes { id old new } }"


@pytest.fixture
def asker(hub: Hub) -> Asker:
    return Asker(hub.ports)


def second(hub: Hub) -> str:
    """The second release: a value revised, one added, one deleted, a flag changed, a series with another unit, a comment."""
    quarter = parse_period("2023-Q1")
    content = [
        Delta(Action.MERGE, batch_of([series("Q.01.LUA", {"2023-Q2": "99", "2024-Q2": "7"})], "OBS_VALUE")),
        Delta(Action.MERGE, batch_of([series("Q.01.NGO", {"2023-Q1": None}, status="A")], "OBS_VALUE")),
        Removal({"FREQ": "Q", "PROVINCE": "02", "CROP": "LUA"}, PeriodRange(quarter, quarter)),
        Removal({"FREQ": "A"}, components=frozenset({"UNIT_MULT"})),
    ]
    return publish(hub, content, dataset_attributes={"COMMENT_DSET": "Đã sửa"})


def changes(asker: Asker, fields: str, arguments: str = "", **how: Any) -> Any:
    return asker.data(query(fields, arguments), **how)["dataflow"]["changes"]


def query(fields: str = "to { number } totalCount", arguments: str = "") -> str:
    return 'query { dataflow(ref: "SEN:MUA(1.0)") { changes' + (arguments and f"({arguments})") + " { " + fields + " } } }"


def test_what_changed_stands_line_by_line(hub: Hub, asker: Asker) -> None:
    second(hub)
    found = changes(asker, "from { number } to { number } dimensions " + LINES)
    assert (found["from"], found["to"], found["dimensions"]) == ({"number": 1}, {"number": 2}, ["FREQ", "PROVINCE", "CROP"])
    assert [told(line) for line in found["nodes"]] == [
        ("A.01.LUA", None, "described", None, None, [("UNIT_MULT", "3", None)]),
        ("Q.01.LUA", "2023-Q2", "revised", Decimal("98.25"), 99, []),
        ("Q.01.LUA", "2024-Q2", "added", None, 7, []),
        ("Q.01.NGO", "2023-Q1", "described", Decimal("15.1"), Decimal("15.1"), [("OBS_STATUS", "P", "A")]),
        ("Q.02.LUA", "2023-Q1", "deleted", 80, None, []),
    ]


def told(line: Any) -> tuple[Any, ...]:
    attributes = [(each["id"], each["old"], each["new"]) for each in line["attributes"]]
    return (*(line[name] for name in ("key", "period", "kind", "oldValue", "newValue")), attributes)


def test_every_measure_is_told_before_and_after(empty_hub: Hub, clock: Hands) -> None:
    """Of two measures and a text; a line names those that have a value."""
    three_measures(empty_hub, clock)
    fields = "nodes { key period kind oldValue newValue measures { id oldValue newValue oldValueText newValueText } }"
    found = Asker(empty_hub.ports).data(query(fields).replace("SEN:MUA(1.0)", str(model.FLOW)))["dataflow"]["changes"]
    assert [(line["key"], line["kind"], line["oldValue"], line["newValue"]) for line in found["nodes"]] == [
        ("01.LUA", "revised", 5, 5),
        ("01.NGO", "added", None, None),
    ]
    assert [[tuple(each.values()) for each in line["measures"]] for line in found["nodes"]] == [
        [("AREA", 5, 5, "5", "5"), ("YIELD", Decimal("0.1"), Decimal("0.2"), "0.1", "0.2"), ("REMARK", None, None, "a", None)],
        [("YIELD", None, 7, None, "7"), ("REMARK", None, None, None, "b")],
    ]


def three_measures(hub: Hub, clock: Hands) -> None:
    """Area, yield and a remark of 2000 in two releases: area stays, yield is revised, a remark goes, a series comes."""
    structure = model.structure(True)
    with hub.engine.begin() as connection:
        put(connection, [*world.ARTEFACTS, structure.dsd, structure.dataflow], world.act(clock.now()))
    states: list[dict[str, dict[str, str]]] = [
        {"LUA": {"AREA": "5", "YIELD": "0.1", "REMARK": "a"}},
        {"LUA": {"AREA": "5", "YIELD": "0.2"}, "NGO": {"YIELD": "7", "REMARK": "b"}},
    ]
    for state in states:
        said = model.Said(Action.REPLACE, [((("01", crop), "A"), {2000: cell}, {}) for crop, cell in state.items()])
        draft = hub.drafts.draft(structure, [said.staged()], LOCAL_ADMINISTRATOR)
        assert draft is not None
        hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
        hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)


def test_names_are_in_the_language_asked(hub: Hub, asker: Asker) -> None:
    second(hub)
    fields = "datasetAttributes { name old new } nodes { codes { id name } attributes { name oldName newName } }"
    found = changes(asker, fields, lang="vi")
    assert found["datasetAttributes"] == [{"name": "Ghi chú về bộ dữ liệu", "old": "Số liệu thử", "new": "Đã sửa"}]
    changed = found["nodes"][3]
    assert [code["name"] for code in changed["codes"]] == ["Quý", "Đồng Sen", "Ngô"]
    assert changed["attributes"] == [{"name": "Trạng thái quan sát", "oldName": "Sơ bộ", "newName": "Bình thường"}]
    (english,) = changes(asker, fields, lang="en")["nodes"][3]["attributes"]
    assert english == {"name": "Observation status", "oldName": "Provisional", "newName": "Normal"}


def test_counts_are_of_all_pages(hub: Hub, asker: Asker) -> None:
    second(hub)
    found = changes(asker, "totalCount summary { added revised deleted described series } nodes { key }", "first: 2")
    assert found["summary"] == {"added": 1, "revised": 1, "deleted": 1, "described": 1, "series": 1}
    assert (found["totalCount"], len(found["nodes"])) == (5, 2)


def test_counting_is_done_once_for_all_pages(hub: Hub, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    second(hub)
    first = changes(asker, "totalCount pageInfo { endCursor }", "first: 2")
    monkeypatch.setattr("schema.changes.tally", None)
    page = changes(asker, "totalCount", f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')
    assert page["totalCount"] == first["totalCount"] == 5


def test_the_first_release_added_everything(hub: Hub, asker: Asker) -> None:
    found = changes(asker, "from { id } to { number } summary { added series } nodes { kind period }")
    assert (found["from"], found["to"]["number"], found["summary"]) == (None, 1, {"added": 9, "series": 4})
    assert {line["kind"] for line in found["nodes"]} == {"added"}


def test_releases_are_named_by_id_or_number_in_any_order(hub: Hub, asker: Asker) -> None:
    id_ = second(hub)
    forward = changes(asker, LINES, f'from: 1, to: "{id_}"')
    back = changes(asker, LINES, f'from: "{id_}", to: 1')
    assert changes(asker, LINES) == forward
    assert [line["kind"] for line in back["nodes"]] == ["described", "revised", "deleted", "described", "added"]
    assert changes(asker, LINES, "from: 2, to: 2")["nodes"] == []
    assert changes(asker, "totalCount", "from: 0, to: 1") == {"totalCount": 13}


def test_only_what_is_selected_is_compared(hub: Hub, asker: Asker) -> None:
    second(hub)
    chosen = 'selection: { dimensions: [{ id: "CROP", codes: ["LUA"] }], startPeriod: "2023-Q2", endPeriod: "2024" }'
    found = changes(asker, LINES, chosen)
    assert [(line["key"], line["period"]) for line in found["nodes"] if line["period"]] == [
        ("Q.01.LUA", "2023-Q2"),
        ("Q.01.LUA", "2024-Q2"),
    ]


@pytest.mark.parametrize("word", ["firstN: 1", "seriesOnly: true", 'rebase: "2023"', 'asOf: "2025-01-01T00:00:00Z"'])
def test_what_cannot_be_compared_is_refused_by_name(asker: Asker, word: str) -> None:
    error = asker.error(query(arguments=f"selection: {{ {word} }}"), lang="en")
    assert error["code"] == "NOT_WHEN_COMPARING" and word.split(":")[0] in error["help"]


def test_nothing_changed_while_nothing_is_published(empty_hub: Hub) -> None:
    assert changes(Asker(empty_hub.ports), "totalCount") is None


@pytest.mark.parametrize("wanted", ["to: 3", "from: 3", 'from: "0123456789abcdef"', "to: 0", "to: -1"])
def test_releases_that_are_not_there_are_named(asker: Asker, wanted: str) -> None:
    error = asker.error(query(arguments=wanted), lang="en")
    assert error["code"] == "COMPARED_RELEASE_NOT_FOUND" and "The newest numbers: 1." in error["help"]


# Pages


def pages(asker: Asker, first: int, arguments: str = "") -> list[Any]:
    """All lines, page by page."""
    found: list[Any] = []
    after, more = "", True
    while more:
        page = changes(asker, LINES + " pageInfo { hasNextPage endCursor }", f"first: {first}{arguments}{after}")
        assert len(page["nodes"]) <= first
        found += page["nodes"]
        more, cursor = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        after = f', after: "{cursor}"'
        assert more == (cursor is not None)
    return found


def test_pages_of_any_length_give_every_line_once(hub: Hub, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.comparing.SERIES_COMPARED", 2)
    second(hub)
    for arguments in ("", ", from: 0"):
        whole = changes(asker, LINES, f"first: 1000{arguments}")["nodes"]
        for first in (1, 2, 3, 4, 7, len(whole)):
            assert pages(asker, first, arguments) == whole


def test_pages_stay_with_their_releases(hub: Hub, asker: Asker) -> None:
    second(hub)
    whole = changes(asker, LINES)["nodes"]
    cursor = changes(asker, "pageInfo { endCursor }", "first: 2")["pageInfo"]["endCursor"]
    publish(hub, [Removal({"PROVINCE": "01"})])
    assert changes(asker, LINES, f'after: "{cursor}"')["nodes"] == whole[2:]


@pytest.mark.parametrize("other", ["from: 0, ", "to: 1, ", 'selection: { startPeriod: "2023" }, '])
def test_a_cursor_fits_no_other_question(hub: Hub, asker: Asker, other: str) -> None:
    second(hub)
    cursor = changes(asker, "pageInfo { endCursor }", "first: 2")["pageInfo"]["endCursor"]
    assert asker.error(query(LINES, f'{other}after: "{cursor}"'))["code"] == "BAD_CURSOR"
    assert asker.error(query(LINES, f'after: "{cursor[:-6]}"'))["code"] == "BAD_CURSOR"


# What nobody may see, and what is kept


def test_a_release_under_embargo_is_no_release(hub: Hub, asker: Asker, clock: Hands) -> None:
    later = series("Q.01.LUA", {"2024-Q2": "7"})
    waiting = publish(hub, [Delta(Action.APPEND, batch_of([later], "OBS_VALUE"))], clock.now() + timedelta(hours=2))
    for wanted in (f'to: "{waiting}"', f'from: "{waiting}"', "to: 2"):
        hidden, nowhere = (
            asker.error(query(arguments=name), lang="en") for name in (wanted, wanted.replace(waiting, "f" * 16))
        )
        assert hidden["code"] == "COMPARED_RELEASE_NOT_FOUND"
        assert hidden["message"].replace(waiting, "f" * 16) == nowhere["message"]
    assert changes(asker, "to { number }", "from: 0")["to"] == {"number": 1}
    early = query(arguments="selection: { preview: true }")
    assert asker.data(early, token="publisher")["dataflow"]["changes"] == {"to": {"number": None}, "totalCount": 1}, (
        "its number comes with its moment"
    )
    assert asker.error(early)["code"] == "TOKEN_NEEDED"
    clock.pass_by(hours=3)
    assert changes(asker, "to { number } totalCount") == {"to": {"number": 2}, "totalCount": 1}


def test_an_answer_that_was_kept_is_made_anew_after_a_release(hub: Hub, asker: Asker) -> None:
    assert changes(asker, "to { number }") == changes(asker, "to { number }") == {"to": {"number": 1}}
    second(hub)
    assert changes(asker, "to { number }") == {"to": {"number": 2}}


def test_what_was_compared_is_kept_and_looked_up_no_more(hub: Hub, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    second(hub)
    first = changes(asker, LINES)
    monkeypatch.setattr(hub.cube, "changes", None)
    assert changes(asker, LINES) == first


def test_the_release_before_is_the_nearest_that_is_kept(hub: Hub, asker: Asker) -> None:
    second(hub)
    publish(hub, [Removal({"CROP": "NGO"})])
    releases = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)
    thinned = [replace(each, thinned_at=each.created_at) if each.number == 2 else each for each in releases]
    pair = two(thinned, None, None)
    assert pair is not None and pair[0] is not None and (pair[0].number, pair[1].number) == (1, 3)


def test_large_pages_cost_no_more_than_a_question_may(hub: Hub) -> None:
    small = replace(hub.ports.service, limits={"cells": 10})
    error = Asker(replace(hub.ports, service=small)).error(query(LINES, "from: 0"), lang="en")
    assert error["code"] == "TOO_LARGE" and "/dataflows/SEN/MUA/1.0/changes.csv?from=0&to=" in error["help"]


@pytest.mark.parametrize("measures", [1, 3])
def test_both_ways_of_making_the_answer_give_the_same_bytes(
    hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch, measures: int
) -> None:
    second(hub)
    three_measures(hub, clock)
    fields = """nodes { __typename k: key codes { dimension id name(lang: "en") names { lang value } dimensionName } period kind
        oldValue newValue oldValueText newValueText
        measures { __typename id name name_vi: name(lang: "vi") oldValue newValue oldValueText newValueText }
        attributes { id name old new oldName newName(lang: "en") } }"""
    asked = {"query": query(fields, "from: 0").replace("SEN:MUA(1.0)", "SEN:MUA(1.0)" if measures == 1 else str(model.FLOW))}
    fast = Asker(hub.ports).send("POST", json=asked).content
    monkeypatch.setattr("schema.changes.Tables", chain.from_iterable)
    ordinary = Asker(hub.ports).send("POST", json=asked).content
    assert fast == ordinary and b"errors" not in fast
    assert (b'"newName":"Tonnes"' if measures == 1 else b'"newValueText":"b"') in fast
