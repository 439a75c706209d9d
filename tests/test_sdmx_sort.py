"""In which order an SDMX answer comes: ``sort`` by every component, in every packing and format, with pages and histories."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow
import pyarrow.ipc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx import arranging, figures
from adapters.sdmx.arranging import Arrangement, Packing
from adapters.sdmx.holding import Room
from adapters.sdmx.order import Work, arrangement, order
from adapters.sdmx.window import Window
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, usual_shape
from hub.wiring import Hub
from registry.calculation import Sort
from registry.columns import Batch, Coded, Numbers
from registry.errors import TooLarge, Unavailable
from registry.model import Attribute, Level
from registry.model.representation import typed
from registry.ranking import by_value, directed, of_attribute, of_measure
from registry.series import batch_of
from registry.staging import Removal
from tests import world
from tests.conftest import Hands, publish
from tests.doors import Door
from tests.test_sdmx_history import rows

DATA = "/v2/data/dataflow/SEN/MUA/1.0"
FLAT = "dimensionAtObservation=AllDimensions"
XML_31 = "application/vnd.sdmx.data+xml;version=3.1.0"
JSON_21 = "application/vnd.sdmx.data+json;version=2.1.0"


def told(door: Door, path: str) -> list[tuple[str, str, str]]:
    """Key, period and value of each row of a table."""
    return [(key, period, value) for _, key, period, value in rows(door, path)]


def observed(root: Any) -> list[tuple[str, str, str | None]]:
    """The same of an SDMX-ML message as it is packed."""
    found = []
    for obs in root.iterfind(".//Obs"):
        parent = obs.getparent().attrib if obs.getparent().tag == "Series" else {}
        said = {**parent, **obs.attrib}
        found.append((f"{said['FREQ']}.{said['PROVINCE']}.{said['CROP']}", said["TIME_PERIOD"], said.get("OBS_VALUE")))
    return found


LARGEST = [("A.01.LUA", "2023", "348.75"), ("Q.01.LUA", "2024-Q1", "140.125"), ("Q.01.LUA", "2023-Q3", "130")]


def test_the_largest_figures_come_first_in_a_table(hub: Hub) -> None:
    door = Door(hub.ports)
    every = told(door, f"{DATA}?sort=OBS_VALUE:desc")
    assert every[:3] == LARGEST
    assert [value for _, _, value in every] == ["348.75", "140.125", "130", "120.5", "98.25", "81", "80", "15.1", ""]
    upwards = told(door, f"{DATA}?sort=OBS_VALUE")
    assert [value for _, _, value in upwards] == ["15.1", "80", "81", "98.25", "120.5", "130", "140.125", "348.75", ""]


@pytest.mark.parametrize("packing", [FLAT, "dimensionAtObservation=TIME_PERIOD", "dimensionAtObservation=CROP"])
def test_a_page_holds_the_first_of_the_order_whatever_the_packing(hub: Hub, packing: str) -> None:
    answer = Door(hub.ports).get(f"{DATA}?sort=OBS_VALUE:desc&limit=3&{packing}", Accept=XML_31)
    assert answer.status_code == 200, answer.text
    assert sorted(observed(etree.fromstring(answer.content))) == sorted(LARGEST)
    second = Door(hub.ports).get(f"{DATA}?sort=OBS_VALUE:desc&offset=1&limit=1&{packing}", Accept=XML_31)
    assert observed(etree.fromstring(second.content)) == LARGEST[1:2]


def test_observations_packed_in_series_are_ordered_inside_each(hub: Hub) -> None:
    answer = Door(hub.ports).get(f"{DATA}/Q?sort=OBS_VALUE:desc+CROP:desc", Accept=XML_31)
    assert observed(etree.fromstring(answer.content)) == [
        ("Q.01.NGO", "2023-Q1", "15.1"),
        ("Q.01.LUA", "2024-Q1", "140.125"),
        ("Q.01.LUA", "2023-Q3", "130"),
        ("Q.01.LUA", "2023-Q1", "120.5"),
        ("Q.01.LUA", "2023-Q2", "98.25"),
        ("Q.01.LUA", "2023-Q4", None),
        ("Q.02.LUA", "2023-Q3", "81"),
        ("Q.02.LUA", "2023-Q1", "80"),
    ]


def test_time_may_stand_before_other_dimensions(hub: Hub) -> None:
    door = Door(hub.ports)
    wanted = [
        ("Q.01.LUA", "2024-Q1"),
        ("Q.01.LUA", "2023-Q4"),
        ("Q.02.LUA", "2023-Q3"),
        ("Q.01.LUA", "2023-Q3"),
        ("Q.01.LUA", "2023-Q2"),
        ("Q.02.LUA", "2023-Q1"),
        ("Q.01.LUA", "2023-Q1"),
        ("Q.01.NGO", "2023-Q1"),
    ]
    path = f"{DATA}/Q?sort=TIME_PERIOD:desc%2BPROVINCE:desc%2BCROP"
    assert [(key, period) for key, period, _ in told(door, path)] == wanted
    flat = door.get(f"{path}&{FLAT}", Accept=XML_31)
    assert [(key, period) for key, period, _ in observed(etree.fromstring(flat.content))] == wanted


def test_periods_of_all_frequencies_are_one_calendar(hub: Hub) -> None:
    found = [period for _, period, _ in told(Door(hub.ports), f"{DATA}/*.01.LUA?sort=TIME_PERIOD")]
    assert found == ["2023-Q1", "2023", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"]


def test_what_is_alike_by_the_first_word_is_ordered_by_the_next_across_series(hub: Hub) -> None:
    found = told(Door(hub.ports), f"{DATA}/Q?sort=CROP+TIME_PERIOD")
    assert [(key, period) for key, period, _ in found][:3] == [
        ("Q.01.LUA", "2023-Q1"),
        ("Q.02.LUA", "2023-Q1"),
        ("Q.01.LUA", "2023-Q2"),
    ]


def test_what_is_said_of_observations_orders_them_and_nothing_comes_last(hub: Hub, clock: Hands) -> None:
    clock.pass_by(hours=1)
    publish(hub, [world.series("Q.02.LUA", {"2023-Q1": "80"}, status="A")])
    door = Door(hub.ports)
    assert [value for _, _, value in told(door, f"{DATA}/Q?sort=OBS_STATUS+OBS_VALUE&limit=3")] == ["80", "15.1", "81"]
    assert [value for _, _, value in told(door, f"{DATA}/Q?sort=OBS_STATUS:desc+OBS_VALUE&limit=3")] == ["15.1", "80", "81"]
    hidden = door.get(f"{DATA}/Q?sort=OBS_STATUS&limit=1&attributes=none&{FLAT}", Accept=XML_31)
    assert observed(etree.fromstring(hidden.content)) == [("Q.02.LUA", "2023-Q1", "80")]
    assert b"OBS_STATUS" not in hidden.content


def test_sections_are_ordered_by_what_tells_them_apart(hub: Hub) -> None:
    answer = Door(hub.ports).get(f"{DATA}/Q?dimensionAtObservation=CROP&sort=TIME_PERIOD:desc+CROP:desc", Accept=XML_31)
    root = etree.fromstring(answer.content)
    sections = [(one.get("TIME_PERIOD"), one.get("PROVINCE"), [obs.get("CROP") for obs in one]) for one in root.iter("Series")]
    assert sections == [
        ("2024-Q1", "01", ["LUA"]),
        ("2023-Q4", "01", ["LUA"]),
        ("2023-Q3", "01", ["LUA"]),
        ("2023-Q3", "02", ["LUA"]),
        ("2023-Q2", "01", ["LUA"]),
        ("2023-Q1", "01", ["NGO", "LUA"]),
        ("2023-Q1", "02", ["LUA"]),
    ]


def test_series_alone_are_ordered_by_what_series_have(hub: Hub) -> None:
    path = f"{DATA}?measures=none&attributes=none&sort=OBS_VALUE+CROP:desc+FREQ&limit=2"
    root = etree.fromstring(Door(hub.ports).get(path, Accept=XML_31).content)
    assert [(one.get("CROP"), one.get("FREQ")) for one in root.iter("Series")] == [("NGO", "Q"), ("LUA", "A")]


FORMATS = [
    *(f"application/vnd.sdmx.data+json;version={one}" for one in ("1.0.0", "2.0.0", "2.1.0")),
    *(f"application/vnd.sdmx.data+xml;version={one}" for one in ("3.0.0", "3.1.0")),
    *(f"application/vnd.sdmx.{one}data+xml;version=2.1" for one in ("generic", "structurespecific")),
    *(f"application/vnd.sdmx.data+csv;version={one}" for one in ("1.0.0", "2.0.0", "2.1.0")),
    *("application/vnd.json-stat+json", "application/x-px", "application/vnd.hub.table+csv"),
    *("application/vnd.hub.wide-table+csv", "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"),
]


@pytest.mark.parametrize("media", FORMATS)
@pytest.mark.parametrize("packing", [FLAT, "dimensionAtObservation=TIME_PERIOD", "dimensionAtObservation=PROVINCE"])
def test_every_format_takes_every_order(hub: Hub, media: str, packing: str) -> None:
    door = Door(hub.ports)
    for sort in ("OBS_VALUE:desc", "OBS_STATUS%2BTIME_PERIOD", "TIME_PERIOD:desc%2BCROP", "COMMENT_DSET", "UNIT_MULT%2BNOTE"):
        for page in ("", "&offset=2&limit=3"):
            answer = door.get(f"{DATA}/Q?sort={sort}&{packing}{page}", Accept=media)
            assert answer.status_code == 200, answer.text
            assert answer.content


def test_a_table_of_other_formats_is_in_order_too(hub: Hub) -> None:
    door = Door(hub.ports)
    answer = door.get(f"{DATA}?sort=OBS_VALUE:desc&limit=3&format=arrow")
    table = pyarrow.ipc.open_stream(answer.content).read_all()
    assert [float(value) for value in table["OBS_VALUE"].to_pylist()] == [348.75, 140.125, 130.0]
    text = door.get(f"{DATA}?sort=OBS_VALUE:desc&limit=3&format=csv-plain&labels=id").content.decode("utf-8-sig")
    assert [row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(text, newline=""))] == ["348.75", "140.125", "130"]


def test_a_flat_message_in_json_is_in_order(hub: Hub) -> None:
    data = json.loads(Door(hub.ports).get(f"{DATA}?sort=OBS_VALUE:desc&limit=3&{FLAT}", Accept=JSON_21).content)["data"]
    assert [one[0] for one in data["dataSets"][0]["observations"].values()] == [348.75, 140.125, 130]


# Changes and histories


@pytest.fixture
def revised(hub: Hub, clock: Hands) -> Hub:
    """The harvest, and two hours later a revision, a new period, and maize gone."""
    clock.pass_by(hours=1)
    gone = Removal(codes={"FREQ": "Q", "PROVINCE": "01", "CROP": "NGO"})
    publish(hub, [gone, world.series("Q.01.LUA", {"2024-Q1": "141", "2024-Q2": "111"})])
    clock.pass_by(hours=1)
    return hub


def test_each_data_set_of_a_history_is_in_order(revised: Hub) -> None:
    path = f"{DATA}/Q?includeHistory=true&sort=OBS_VALUE:desc"
    assert [(action, value) for action, _, _, value in rows(Door(revised.ports), path)] == [
        *[("R", value) for value in ("140.125", "130", "120.5", "98.25", "81", "80", "15.1", "")],
        *[("R", "141"), ("R", "111"), ("D", "")],
    ]


def test_a_page_of_a_history_is_a_piece_of_all_its_data_sets(revised: Hub) -> None:
    door = Door(revised.ports)
    for sort in ("", "&sort=OBS_VALUE:desc", "&sort=TIME_PERIOD:desc"):
        path = f"{DATA}/Q?includeHistory=true{sort}"
        every = rows(door, path)
        assert len(every) == 11
        for offset in (0, 3, 7, 8, 9, 10):
            for limit in (1, 2, 5):
                assert rows(door, f"{path}&offset={offset}&limit={limit}") == every[offset : offset + limit], (sort, offset)


def test_changes_come_in_order(revised: Hub) -> None:
    door = Door(revised.ports)
    since = f"{DATA}?updatedAfter=2025-07-01T02:00:00Z"
    assert told(door, f"{since}&sort=OBS_VALUE")[:2] == [("Q.01.LUA", "2024-Q2", "111"), ("Q.01.LUA", "2024-Q1", "141")]
    series = door.get(f"{since}&sort=TIME_PERIOD:desc", Accept=XML_31)
    found = observed(etree.fromstring(series.content))
    assert [period for _, period, _ in found] == ["2024-Q2", "2024-Q1", "2023-Q1"]


# Bounds


def test_more_than_can_be_ordered_together_is_refused_before_anything_is_written(
    revised: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_ORDERED", 4)
    door = Door(revised.ports)
    for question in ("", "&includeHistory=true", f"&{FLAT}", "&limit=5", "&dimensionAtObservation=CROP"):
        status, code, text = door.error(f"{DATA}/Q?sort=TIME_PERIOD%2BOBS_VALUE&format=csv{question}")
        assert (status, code) == (413, "130"), question
        assert "more than 4 observations" in text
    assert len(told(door, f"{DATA}/Q?sort=OBS_VALUE&limit=4")) == 4
    assert len(told(door, f"{DATA}/Q?sort=CROP:desc")) == 8
    assert door.get(f"{DATA}/Q?sort=OBS_VALUE", Accept=XML_31).status_code == 200


def test_of_a_page_no_more_is_held_than_can_be_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "PILED", 10)
    held: list[int] = []
    kept = Arrangement._first

    def watched(self: Arrangement, batch: Batch, end: int) -> Batch:
        held.append(batch.observations)
        return kept(self, batch, end)

    monkeypatch.setattr(Arrangement, "_first", watched)
    batches = (batch_of(list(world.harvest()), "OBS_VALUE") for _ in range(50))
    found = replace(by_largest(), most=20)
    given_ = list(found.arranged(batches, Window(limit=5).opened(observations=True)))
    assert [batch.measures["OBS_VALUE"].floats.tolist() for batch in given_] == [[348.75] * 5]
    assert max(held) < 20 < sum(held)
    with pytest.raises(TooLarge):
        every = (batch_of(list(world.harvest()), "OBS_VALUE") for _ in range(50))
        list(found.arranged(every, Window().opened(observations=True)))


def test_all_orders_of_a_process_share_what_may_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(most=10)
    monkeypatch.setattr(arranging, "ROOM", room)

    def answer() -> Iterator[Batch]:
        batches = iter([batch_of(list(world.harvest()), "OBS_VALUE")])
        return by_largest().arranged(batches, Window().opened(observations=True))

    first = answer()
    next(first)
    assert room.held == 9
    with pytest.raises(Unavailable):
        next(answer())
    assert room.held == 9
    assert list(first) == []
    assert room.held == 0
    assert [batch.observations for batch in answer()] == [9]


def test_an_answer_that_has_begun_is_not_broken_off(revised: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(most=8)
    monkeypatch.setattr(arranging, "ROOM", room)
    path = f"{DATA}/Q?includeHistory=true&sort=OBS_VALUE:desc"
    assert len(rows(Door(revised.ports), path)) == 11
    room.held = 1
    assert Door(revised.ports).error(f"{path}&format=csv")[:2] == (503, "503")
    assert room.held == 1


def by_largest() -> Arrangement:
    shape = replace(usual_shape(world.DSD), at=ALL_DIMENSIONS)
    found = order(world.DSD, shape, "OBS_VALUE:desc")
    return arrangement(world.DSD, shape, found, rows=True, whole=False, work=Work.STANDING)


# How an order is read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, ()),
        ("TIME_PERIOD:desc", (Sort("TIME_PERIOD", True),)),
        ("series_key+TIME_PERIOD:desc", (Sort("FREQ"), Sort("PROVINCE"), Sort("CROP"), Sort("TIME_PERIOD", True))),
        ("CROP:desc+*:asc", (Sort("CROP", True), Sort("FREQ"), Sort("PROVINCE"), Sort("TIME_PERIOD"))),
        ("OBS_VALUE+NOTE:desc", (Sort("OBS_VALUE"), Sort("NOTE", True))),
    ],
)
def test_an_order_is_read_as_components(text: str | None, wanted: tuple[Sort, ...]) -> None:
    assert order(world.DSD, usual_shape(world.DSD), text) == wanted


def arranged(text: str, rows: bool | None = None, whole: bool = True, alike: tuple[str, ...] = (), at: str = "") -> Arrangement:
    shape = replace(usual_shape(world.DSD), at=at or "TIME_PERIOD")
    found = order(world.DSD, shape, text)
    return arrangement(world.DSD, shape, found, rows=rows, whole=whole, work=Work.STANDING, alike=alike)


@pytest.mark.parametrize("text", ["*", "series_key", "FREQ+PROVINCE", "series_key:asc+TIME_PERIOD:asc"])
def test_the_order_that_answers_have_anyway_is_none_to_be_made(text: str) -> None:
    assert arranged(text, rows=True).components == ()


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("CROP:desc", {"rows": True}),
        ("series_key+TIME_PERIOD:desc", {"rows": True, "whole": False}),
        ("PROVINCE+CROP+FREQ+OBS_VALUE", {"rows": True, "whole": False}),
        ("TIME_PERIOD:desc", {"rows": True, "whole": False, "alike": ("FREQ", "PROVINCE", "CROP")}),
        ("TIME_PERIOD:desc", {}),
        ("OBS_VALUE+CROP", {}),
    ],
)
def test_what_leaves_series_whole_needs_nothing_held(text: str, how: dict[str, Any]) -> None:
    assert not arranged(text, **how).gathers


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("CROP+TIME_PERIOD", {"rows": True}),
        ("TIME_PERIOD", {"rows": True}),
        ("TIME_PERIOD:desc", {"whole": False}),
        ("CROP", {"at": "CROP"}),
        ("OBS_VALUE", {"rows": True, "alike": ("FREQ", "PROVINCE")}),
    ],
)
def test_what_mixes_series_has_to_be_ordered_together(text: str, how: dict[str, Any]) -> None:
    assert arranged(text, **how).gathers


def test_an_order_by_what_there_is_not_is_refused(hub: Hub) -> None:
    door = Door(hub.ports)
    assert door.error(f"{DATA}?sort=CROPS&format=csv")[0] == 422
    assert door.error(f"{DATA}?sort=CROP:up&format=csv")[0] == 400
    assert door.error(f"{DATA}?sort=CROP:&format=csv")[0] == 400


# The numbers behind


def test_numbers_are_ordered_as_numbers_and_codes_as_texts() -> None:
    assert by_value(Coded.of(["10", "9", "9.0", "-1", "x", None])).tolist() == [2, 1, 1, 0, 3, -1]
    column = Numbers(np.array([10.0, 9.0, np.nan, np.nan]), np.array([None, None, "9.00000000000000000001", None], object))
    assert of_measure(column, coded=False).tolist() == [2, 0, 1, -1]
    assert of_measure(column, coded=True).tolist() == [0, 1, 2, -1]
    assert directed(of_measure(column, coded=False), descending=True).tolist() == [-2, 0, -1, 3]


def test_an_attribute_that_is_a_number_is_ordered_as_one() -> None:
    decimals = Attribute(
        id="DECIMALS", concept_identity=world.CONCEPTS.ref.item("NOTE"), representation=typed("Integer"), level=Level.SERIES
    )
    dsd, said = replace(world.DSD, attributes=(*world.DSD.attributes, decimals)), Coded.of(["10", "9", None, "2"])
    assert of_attribute(dsd, "DECIMALS", said).tolist() == [2, 1, -1, 0]
    assert of_attribute(dsd, "NOTE", said).tolist() == [0, 2, -1, 1]


VALUES = st.lists(st.one_of(st.none(), st.integers(-9, 9), st.just(Decimal("0.10000000000000000001"))), min_size=1, max_size=8)
WORDS = st.permutations(["CROP", "TIME_PERIOD:desc", "OBS_VALUE", "PROVINCE:desc", "OBS_STATUS:desc"])


@given(st.lists(VALUES, min_size=1, max_size=5), WORDS, st.integers(1, 5), st.integers(0, 12), st.none() | st.integers(1, 12))
def test_an_order_is_that_of_sorting_what_was_read(
    columns: list[list[Any]], words: list[str], taken: int, offset: int, limit: int | None
) -> None:
    dsd, shape = world.DSD, replace(usual_shape(world.DSD), at=ALL_DIMENSIONS)
    batches = [batch_of([drawn(place, column)], "OBS_VALUE") for place, column in enumerate(columns)]
    sort = order(dsd, shape, "+".join(words[:taken]))
    found = Arrangement(dsd=dsd, packing=Packing.ROWS, at=shape.at, sort=sort)
    every = [row for batch in batches for row in listed(batch)]
    for one in reversed(sort):
        every.sort(key=lambda row, name=one.by: row[name][1:], reverse=one.descending)  # type: ignore[misc]
        every.sort(key=lambda row, name=one.by: row[name][0])  # type: ignore[misc]
    page = Window(offset=offset, limit=limit).opened(observations=True)
    rows = [row for batch in found.arranged(iter(batches), page) for row in listed(batch)]
    assert rows == every[offset : None if limit is None else offset + limit]


def drawn(place: int, column: list[Any]) -> Any:
    observations = {f"202{number}": None if value is None else str(value) for number, value in enumerate(column)}
    key = f"A.0{place % 2 + 1}.{['LUA', 'NGO', 'CAM'][place // 2]}"
    return world.series(key, observations, status=["A", "P"][place % 2] if place % 3 else None)


def listed(batch: Batch) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Each observation; before each value whether there is none."""
    measure, none = batch.measures["OBS_VALUE"], Coded.constant(None, batch.observations)
    texts = [None] * batch.observations if measure.texts is None else measure.texts.tolist()
    status = batch.attributes.get("OBS_STATUS", none).decoded()
    keys = batch.keys()
    for place, series in enumerate(batch.series_of.tolist()):
        number = Decimal(texts[place] or repr(float(measure.floats[place])))
        absent = number.is_nan()
        yield {
            "CROP": (False, keys[series][2]),
            "PROVINCE": (False, keys[series][1]),
            "TIME_PERIOD": (False, int(batch.ordinals[place])),
            "OBS_VALUE": (absent, Decimal(0) if absent else number),
            "OBS_STATUS": (status[place] is None, status[place] or ""),
        }
