"""Filters of SDMX REST 2.x on attributes, measures and times, and what there is under them.

                 2023-Q1   2023-Q2   2023-Q3   2023-Q4   2024-Q1      A.01.LUA  2023: 348.75
Q.01.LUA           120.5     98.25    130.0        -      140.125
Q.02.LUA            80                  81                            UNIT_MEASURE TAN everywhere
Q.01.NGO            15.10                                             OBS_STATUS P here only
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sdmx.filters import expression, without_zone
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from tests import world
from tests.conftest import Hands, publish
from tests.doors import STRUCTURE_TYPE, Door, valid

DATA = "/v2/data/dataflow/SEN/MUA/1.0/"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("conditions")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(chosen), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    publish(hub, world.harvest(), dataset_attributes={"COMMENT_DSET": "Số liệu thử"})
    clock.pass_by(hours=1)
    yield Door(hub.ports)
    hub.engine.dispose()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("c[OBS_VALUE]=gt:100", ["348.75", "120.5", "130", "140.125"]),
        ("c[OBS_VALUE]=15.1", ["15.1"]),
        ("c[OBS_VALUE]=ge:80+lt:98.25,gt:300", ["348.75", "80", "81"]),
        ("c[OBS_VALUE]=ew:5", ["348.75", "120.5", "98.25", "140.125"]),
        ("c[OBS_STATUS]=P", ["15.1"]),
        ("c[OBS_STATUS]=ne:P&c[CROP]=NGO", []),
        ("c[OBS_STATUS]=sw:P,nc:X&c[PROVINCE]=02", ["80", "81"]),
        ("c[UNIT_MEASURE]=TA", []),
        ("c[UNIT_MEASURE]=TAN&c[UNIT_MULT]=ge:3&c[PROVINCE]=02", ["80", "81"]),
        ("c[COMMENT_DSET]=co:thử&c[CROP]=NGO", ["15.1"]),
        ("c[COMMENT_DSET]=X", []),
        ("c[NOTE]=ne:X&c[CROP]=NGO", ["15.1"]),
        ("c[TIME_PERIOD]=2023-Q1,2024-Q1&c[FREQ]=Q&c[PROVINCE]=01", ["120.5", "140.125", "15.1"]),
        ("c[TIME_PERIOD]=ge:2023-Q3%2Ble:2023-Q4,2024&c[FREQ]=Q&c[PROVINCE]=01", ["130", "", "140.125"]),
        ("c[TIME_PERIOD]=ne:2023&c[FREQ]=Q", ["140.125"]),
        ("c[TIME_PERIOD]=ew:Q3", ["130", "81"]),
        ("c[OBS_VALUE]=gt:90&c[FREQ]=Q&firstNObservations=1", ["120.5"]),
        ("c[OBS_VALUE]=gt:90&c[FREQ]=Q&lastNObservations=2", ["130", "140.125"]),
        ("c[OBS_VALUE]=gt:90&c[FREQ]=Q&offset=1&limit=1", ["98.25"]),
    ],
)
def test_observations_are_chosen_by_what_they_say(door: Door, query: str, expected: list[str]) -> None:
    if expected:
        assert [value for _, _, value in door.cells(f"{DATA}*?{query}")] == expected
    else:
        assert door.get(f"{DATA}*?{query}").status_code == 204


def test_what_is_asked_for_need_not_be_shown(door: Door) -> None:
    rows = door.rows(f"{DATA}*?c[OBS_STATUS]=P&attributes=none")
    assert [row["OBS_VALUE"] for row in rows] == ["15.1"]
    assert "OBS_STATUS" not in rows[0]
    series = door.rows(f"{DATA}*?c[OBS_VALUE]=gt:139&attributes=none&measures=none", Accept="text/csv")
    assert sorted(f"{row['FREQ']}.{row['CROP']}" for row in series) == ["A.LUA", "Q.LUA"]


def test_other_formats_hold_the_same(door: Door) -> None:
    for format in ("csv-plain", "jsondata", "genericdata", "structurespecificdata", "csv-wide"):
        answer = door.get(f"{DATA}*?c[OBS_STATUS]=P&format={format}")
        assert answer.status_code == 200, format
        assert "15.1" in answer.text, format
        assert "120.5" not in answer.text, format


def values(door: Door, path: str) -> dict[str, list[str]]:
    region = valid(door.get(path, Accept=STRUCTURE_TYPE)).find(".//{*}CubeRegion")
    return {one.get("id"): [value.text for value in one.iter("{*}Value")] for one in region if one.get("id") != "TIME_PERIOD"}


def test_a_moment_keeps_its_time_zone_among_plus_signs() -> None:
    moments = "ge:2023-01-01T00:00:00+07:00+le:2023-06-30T00:00:00+07:00,2024-01-01T00:00:00"
    assert expression("TIME_PERIOD", moments) == (
        (("ge", "2023-01-01T00:00:00+07:00"), ("le", "2023-06-30T00:00:00+07:00")),
        (("eq", "2024-01-01T00:00:00"),),
    )
    assert expression("NOTE", "a+12:30") == ((("eq", "a"), ("eq", "12:30")),)


@pytest.mark.parametrize("beyond", ["lt:0001", "gt:9998", "gt:9999", "lt:0001-01-01", "gt:9998-12-31", "gt:9998-Q4+le:9998"])
def test_before_the_first_period_and_after_the_last_there_is_nothing(door: Door, beyond: str) -> None:
    assert door.get(f"{DATA}*?c[TIME_PERIOD]={beyond}").status_code == 204


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023Z", "2023"),
        ("2023-05+07:00", "2023-05"),
        ("2023-05-01-03:00", "2023-05-01"),
        ("2023-05-01T10:00:00.25Z", "2023-05-01T10:00:00"),
        ("2023-05-31T24:00:00Z", "2023-06-01T00:00:00"),
        ("2023-02-30T24:00:00", "2023-02-30T24:00:00"),
        ("2023-Q1", "2023-Q1"),
        ("2023-Q1+07:00", "2023-Q1"),
        ("2023.5", "2023.5"),
        ("9999", "9998"),
    ],
)
def test_a_period_is_compared_by_the_calendar_whatever_its_time_zone(text: str, period: str) -> None:
    assert without_zone(text) == period


def test_what_there_is_under_a_filter_or_several_keys(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA/1.0/"
    assert values(door, f"{path}*?c[OBS_VALUE]=gt:140") == {"FREQ": ["A", "Q"], "PROVINCE": ["01"], "CROP": ["LUA"]}
    assert values(door, f"{path}A.01.LUA,Q.02") == {"FREQ": ["A", "Q"], "PROVINCE": ["01", "02"], "CROP": ["LUA"]}
    opened = values(door, f"{path}Q.01.NGO?c[OBS_STATUS]=P&mode=available")
    assert opened == {"FREQ": ["Q"], "PROVINCE": ["01"], "CROP": ["NGO"]}
    opened = values(door, f"{path}Q.01.NGO,Q.02.NGO?mode=available")
    assert opened == {"FREQ": ["Q"], "PROVINCE": ["01"], "CROP": ["LUA", "NGO"]}
    assert door.get(f"{path}*?c[OBS_VALUE]=gt:1000").status_code == 204


def test_what_there_is_among_the_changes(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA/1.0/*?updatedAfter="
    assert values(door, f"{path}2025-01-01T00:00:00Z")["CROP"] == ["LUA", "NGO"]
    assert door.get(f"{path}2025-07-01T01:30:00Z").status_code == 204


PLAIN = [
    (("A", "01", "LUA"), "2023", "348.75", None),
    (("Q", "01", "LUA"), "2023-Q1", "120.5", None),
    (("Q", "01", "LUA"), "2023-Q2", "98.25", None),
    (("Q", "01", "LUA"), "2023-Q3", "130", None),
    (("Q", "01", "LUA"), "2023-Q4", None, None),
    (("Q", "01", "LUA"), "2024-Q1", "140.125", None),
    (("Q", "01", "NGO"), "2023-Q1", "15.1", "P"),
    (("Q", "02", "LUA"), "2023-Q1", "80", None),
    (("Q", "02", "LUA"), "2023-Q3", "81", None),
]
ORDER = {"eq": "__eq__", "ne": "__ne__", "lt": "__lt__", "le": "__le__", "gt": "__gt__", "ge": "__ge__"}
numbers = st.sampled_from(["80", "80.0", "98.25", "130", "1e2", "15.1", "-1"])
terms = st.lists(st.lists(st.tuples(st.sampled_from(list(ORDER)), numbers), min_size=1, max_size=2), min_size=1, max_size=2)


@given(terms)
def test_a_filter_says_the_same_as_reading_every_row(door: Door, wanted: list[list[tuple[str, str]]]) -> None:
    def holds(value: str | None) -> bool:
        if value is None:
            return any(all(operator == "ne" for operator, _ in group) for group in wanted)
        return any(all(getattr(Decimal(value), ORDER[name])(Decimal(other)) for name, other in group) for group in wanted)

    expected = [(period, value or "") for _, period, value, _ in PLAIN if holds(value)]
    query = ",".join("%2B".join(f"{name}:{other}" for name, other in group) for group in wanted)
    answer = door.get(f"{DATA}*?c[OBS_VALUE]={query}", Accept="text/csv")
    found = door.cells(f"{DATA}*?c[OBS_VALUE]={query}") if answer.status_code == 200 else []
    assert [(period, value) for _, period, value in found] == expected
