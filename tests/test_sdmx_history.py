"""What changed, what was, and in which order: the SDMX doors' questions about time and packing, over the real database."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from adapters.sdmx.packaging import shape_of_components
from adapters.sdmx.request import Parameters
from adapters.sdmx.window import Window, kept, limited
from hub.wiring import Hub
from registry.columns import Batch
from registry.period import PeriodRange, parse_period
from registry.series import batch_of, series_of
from registry.staging import Removal
from tests import world
from tests.conftest import Hands, publish
from tests.doors import MESSAGE_SCHEMA, Door

CSV_21 = "application/vnd.sdmx.data+csv;version=2.1.0"
DATA = "/v2/data/dataflow/SEN/MUA/1.0"


@pytest.fixture
def revised(hub: Hub, clock: Hands) -> Hub:
    """Released at 01:00 (the harvest), 03:00 (a revision, a new period, maize gone) and 05:00 (a figure is provisional)."""
    clock.pass_by(hours=1)
    publish(
        hub,
        [
            Removal(codes={"FREQ": "Q", "PROVINCE": "01", "CROP": "NGO"}),
            world.series("Q.01.LUA", {"2024-Q1": "141", "2024-Q2": "111"}),
        ],
    )
    clock.pass_by(hours=2)
    publish(hub, [world.series("Q.02.LUA", {"2023-Q1": "80"}, status="P")])
    return hub


def rows(door: Door, path: str) -> list[tuple[str, str, str, str]]:
    """Action, series key, period and value of each row of SDMX-CSV 2.1."""
    answer = door.get(path, Accept=CSV_21)
    assert answer.status_code == 200, answer.text
    return [
        (row["ACTION"], f"{row['FREQ']}.{row['PROVINCE']}.{row['CROP']}", row["TIME_PERIOD"], row["OBS_VALUE"])
        for row in csv.DictReader(io.StringIO(answer.text, newline=""))
    ]


REVISION = [
    ("R", "Q.01.LUA", "2024-Q1", "141"),
    ("R", "Q.01.LUA", "2024-Q2", "111"),
    ("D", "Q.01.NGO", "2023-Q1", ""),
]
STATUS = [("R", "Q.02.LUA", "2023-Q1", "80")]


def test_what_no_longer_fits_a_filter_is_gone_for_who_asked_with_it(revised: Hub) -> None:
    door, since = Door(revised.ports), f"{DATA}?updatedAfter=2025-07-01T02:00:00Z&c[OBS_VALUE]="
    assert rows(door, f"{since}ge:141") == [("R", "Q.01.LUA", "2024-Q1", "141")]
    assert rows(door, f"{since}lt:141") == [
        ("R", "Q.01.LUA", "2024-Q2", "111"),
        ("R", "Q.02.LUA", "2023-Q1", "80"),
        ("D", "Q.01.LUA", "2024-Q1", ""),
        ("D", "Q.01.NGO", "2023-Q1", ""),
    ]
    status = f"{DATA}?updatedAfter=2025-07-01T04:00:00Z&c[OBS_STATUS]="
    assert rows(door, f"{status}P") == STATUS
    assert rows(door, f"{status}ne:P") == [("D", "Q.02.LUA", "2023-Q1", "")]
    assert rows(door, f"{DATA}?includeHistory=true&c[OBS_VALUE]=ge:141") == [
        ("R", "A.01.LUA", "2023", "348.75"),
        ("R", "Q.01.LUA", "2024-Q1", "141"),
    ]
    path = "/v2/availability/dataflow/SEN/MUA/1.0/*?updatedAfter=2025-07-01T02:00:00Z&c[OBS_VALUE]=ge:141"
    assert '"obsCount":1' in door.get(path).text


@pytest.fixture
def relabelled(revised: Hub, clock: Hands) -> Hub:
    """Released at 06:00: a series is in millions and has a new period, and the comment on the data set is another."""
    clock.pass_by(hours=1)
    in_millions = replace(world.series("Q.01.LUA", {"2024-Q3": "7"}), attributes={"UNIT_MEASURE": "TAN", "UNIT_MULT": "6"})
    publish(revised, [in_millions], dataset_attributes={"COMMENT_DSET": "Số liệu khác"})
    return revised


SINCE = "updatedAfter=2025-07-01T05:30:00Z"


def test_a_series_that_begins_to_fit_comes_whole_and_one_that_no_longer_does_goes_whole(relabelled: Hub) -> None:
    door, periods = Door(relabelled.ports), ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3"]
    came = rows(door, f"{DATA}?{SINCE}&c[UNIT_MULT]=6")
    assert [(action, key, period) for action, key, period, _ in came] == [("R", "Q.01.LUA", period) for period in periods]
    went = [("D", "Q.01.LUA", period, "") for period in periods[:-1]]
    assert rows(door, f"{DATA}?{SINCE}&c[UNIT_MULT]=3") == went
    assert rows(door, f"{DATA}?{SINCE}&c[UNIT_MULT]=ne:6&c[OBS_VALUE]=lt:112") == [went[1], went[5]]
    assert rows(door, f"{DATA}?{SINCE}&c[UNIT_MULT]=6&sort=TIME_PERIOD:desc&limit=1") == [came[-1]]
    path = f"/v2/availability/dataflow/SEN/MUA/1.0/*?{SINCE}&c[UNIT_MULT]="
    assert '"obsCount":7' in door.get(f"{path}6").text
    assert '"obsCount":6' in door.get(f"{path}3").text


def test_what_is_said_of_the_data_set_lets_all_of_it_come_or_go(relabelled: Hub) -> None:
    door = Door(relabelled.ports)
    every = rows(door, DATA)
    found = rows(door, f"{DATA}?{SINCE}&c[COMMENT_DSET]=co:kh%C3%A1c")
    assert found == [("R", *row[1:]) for row in every]
    gone = rows(door, f"{DATA}?{SINCE}&c[COMMENT_DSET]=co:th%E1%BB%AD")
    assert [row[:3] for row in gone] == [("D", *row[1:3]) for row in every if row[2] != "2024-Q3"]
    assert door.get(f"{DATA}?{SINCE}&c[COMMENT_DSET]=x").status_code == 204
    periods = [row[2] for row in every if row[1] == "Q.01.LUA"]
    assert [row[2] for row in rows(door, f"{DATA}?{SINCE}&c[COMMENT_DSET]=sw:S")] == periods


FILTERS = [
    *("c[UNIT_MULT]=3", "c[UNIT_MULT]=6", "c[UNIT_MULT]=ne:6", "c[COMMENT_DSET]=co:kh%C3%A1c"),
    "c[UNIT_MULT]=6,3&c[OBS_VALUE]=lt:112",
]


@pytest.mark.parametrize("wanted", FILTERS)
def test_replaying_a_filtered_history_gives_what_fits_now(relabelled: Hub, wanted: str) -> None:
    door, held = Door(relabelled.ports), dict[tuple[str, str], str]()
    for action, key, period, value in rows(door, f"{DATA}?includeHistory=true&{wanted}"):
        if action == "D":
            del held[key, period]
        else:
            held[key, period] = value
    assert held == {(key, period): value for _, key, period, value in rows(door, f"{DATA}?{wanted}")}


@pytest.mark.parametrize("name", ["json-stat", "px", "csv-plain", "parquet", "arrow"])
def test_formats_that_are_no_sdmx_hold_what_came(relabelled: Hub, name: str) -> None:
    door = Door(relabelled.ports)
    answer = door.get(f"{DATA}?{SINCE}&c[UNIT_MULT]=6&format={name}")
    assert answer.status_code == 200, answer.text
    if name == "csv-plain":
        assert len(answer.text.splitlines()) == 8
    assert door.get(f"{DATA}?{SINCE}&c[UNIT_MULT]=3&format={name}").status_code == 204


def test_what_changed_since_holds_what_is_gone(revised: Hub) -> None:
    door = Door(revised.ports)
    assert rows(door, f"{DATA}?updatedAfter=2025-07-01T04:00:00Z") == STATUS
    assert sorted(rows(door, f"{DATA}?updatedAfter=2025-07-01T02:00:00Z")) == sorted(REVISION + STATUS)
    assert rows(door, f"{DATA}?updatedAfter=2025-07-01T02:00:00Z&asOf=2025-07-01T04:00:00Z") == REVISION
    assert door.get(f"{DATA}?updatedAfter=2025-07-01T05:30:00Z").status_code == 204
    assert door.get(f"{DATA}/Q.02?updatedAfter=2025-07-01T04:00:00Z&c[CROP]=NGO").status_code == 204


def test_a_series_that_changed_replaces_nothing_where_only_its_key_is_shown(revised: Hub) -> None:
    """To replace a series by its key alone would be to take its figures away."""
    told = rows(Door(revised.ports), f"{DATA}?updatedAfter=2025-07-01T02:00:00Z&attributes=none&measures=OBS_VALUE")
    assert {row[0] for row in told} == {"R", "D"}
    keys = Door(revised.ports).get(f"{DATA}?updatedAfter=2025-07-01T02:00:00Z&attributes=none&measures=none", Accept=CSV_21)
    assert [line.split(",")[2:6] for line in keys.text.splitlines()[1:] if line] == [
        ["M", "Q", "01", "LUA"],
        ["M", "Q", "02", "LUA"],
        ["D", "Q", "01", "NGO"],
    ]


def test_a_series_that_lost_a_figure_is_not_told_to_be_gone_by_its_key_alone(hub: Hub, clock: Hands) -> None:
    """Whoever deletes by key alone deletes the whole series: rice of 01 has lost a quarter, maize is gone."""
    clock.pass_by(hours=1)
    quarter = parse_period("2023-Q1")
    lost = Removal({"FREQ": "Q", "PROVINCE": "01"}, PeriodRange(quarter, quarter))
    publish(hub, [lost, world.series("Q.02.LUA", {"2023-Q1": "83"})])
    door, keys = Door(hub.ports), "updatedAfter=2025-07-01T01:30:00Z&attributes=none&measures=none"

    def told(query: str) -> list[list[str]]:
        answer = door.get(f"{DATA}?{query}", Accept=CSV_21)
        return [line.split(",")[2:6] for line in answer.text.splitlines()[1:] if line]

    assert told(keys) == [["M", "Q", "02", "LUA"], ["M", "Q", "01", "LUA"], ["D", "Q", "01", "NGO"]]
    # Of the quarter that was asked for it has nothing left.
    assert told(f"{keys}&c[TIME_PERIOD]=2023-Q1")[1:] == [["D", "Q", "01", "LUA"], ["D", "Q", "01", "NGO"]]
    assert told(f"{keys}&c[OBS_VALUE]=gt:90") == [["M", "Q", "01", "LUA"]]
    history = told("includeHistory=true&attributes=none&measures=none")
    assert history[4:] == told(keys)
    every = rows(door, f"{DATA}?updatedAfter=2025-07-01T01:30:00Z")
    assert [(row[0], row[1]) for row in every] == [("R", "Q.02.LUA"), ("D", "Q.01.LUA"), ("D", "Q.01.NGO")]


@pytest.mark.parametrize("format", ["csv&formatVersion=1.0.0", "csv-plain", "csv-wide", "json-stat", "px", "parquet", "arrow"])
def test_what_a_format_has_no_word_for_is_counted_and_not_left_out_silently(revised: Hub, format: str) -> None:
    """Maize is gone, and of these formats none can say so: the header tells, and who wants all or nothing gets nothing."""
    door, since = Door(revised.ports), f"{DATA}/Q?updatedAfter=2025-07-01T02:00:00Z&format={format}"
    answer = door.get(since)
    assert (answer.status_code, answer.headers["SDMX-Lost"]) == (200, "1")
    status, code, said = door.error(f"{since}&strict=true") if "json" not in format else (406, "1406", "1 observations")
    assert (status, code) == (406, "1406") and "1 observations" in said
    assert door.get(f"{since}&strict=true").status_code == 406
    later = door.get(f"{DATA}/Q?updatedAfter=2025-07-01T04:00:00Z&format={format}&strict=true")
    assert later.status_code == 200 and "SDMX-Lost" not in later.headers


@pytest.mark.parametrize("path", [f"{DATA}?updatedAfter=2025-07-01T02:00:00Z", f"{DATA}?includeHistory=true"])
def test_formats_that_say_what_is_gone_lose_nothing(revised: Hub, path: str) -> None:
    door = Door(revised.ports)
    for format in ("csv", "jsondata", "structurespecificdata", "genericdata"):
        assert "SDMX-Lost" not in door.get(f"{path}&format={format}&strict=true").headers
    first = door.get(f"{path}&format=csv&formatVersion=1.0.0")
    assert first.headers["SDMX-Lost"] == "1", "SDMX-CSV 1.0 has a history, and no word for what is gone"


def test_what_changed_is_two_data_sets_in_sdmx_ml(revised: Hub) -> None:
    answer = Door(revised.ports).get("/v1/data/MUA?updatedAfter=2025-07-01T02:00:00Z")
    root: Any = etree.fromstring(answer.content)
    MESSAGE_SCHEMA.assertValid(root)
    sets = root.findall("{*}DataSet")
    assert [one.get("action") for one in sets] == ["Replace", "Delete"]
    assert sets[1].get("validToDate") == "2025-07-01T05:00:00Z"
    assert [value.get("value") for value in sets[1].iterfind(".//{*}SeriesKey/{*}Value")] == ["Q", "01", "NGO"]


def test_a_history_says_what_each_release_did_and_when(revised: Hub) -> None:
    door = Door(revised.ports)
    data = json.loads(door.get(f"{DATA}?includeHistory=true").content)["data"]
    told = [(one["action"], one.get("validFrom"), one.get("validTo")) for one in data["dataSets"]]
    assert told == [
        ("Replace", "2025-07-01T01:00:00Z", None),
        ("Replace", "2025-07-01T03:00:00Z", None),
        ("Delete", None, "2025-07-01T03:00:00Z"),
        ("Replace", "2025-07-01T05:00:00Z", None),
    ]
    assert rows(door, f"{DATA}/Q?includeHistory=true")[8:] == REVISION + STATUS
    assert rows(door, f"{DATA}?includeHistory=true&updatedAfter=2025-07-01T02:00:00Z") == REVISION + STATUS
    assert rows(door, f"{DATA}?includeHistory=true&updatedAfter=2025-07-01T02:00:00Z&asOf=2025-07-01T03:00:00Z") == REVISION
    dated = door.get(f"{DATA}?includeHistory=true", Accept=CSV_21).text.splitlines()
    assert dated[0].endswith("VALID_FROM,VALID_TO")
    assert dated[-1].endswith(",2025-07-01T05:00:00Z,")
    assert door.error("/v1/data/MUA?includeHistory=true&format=px")[0] == 406


def test_an_answer_of_the_past_says_so(revised: Hub) -> None:
    data = json.loads(Door(revised.ports).get(f"{DATA}?asOf=2025-07-01T02:30:00Z").content)["data"]
    assert data["dataSets"][0]["validFrom"] == data["dataSets"][0]["validTo"] == "2025-07-01T02:30:00Z"


def test_replaying_a_history_gives_what_is_there_now(revised: Hub) -> None:
    door, held = Door(revised.ports), dict[tuple[str, str], str]()
    for action, key, period, value in rows(door, f"{DATA}?includeHistory=true"):
        if action == "D":
            del held[key, period]
        else:
            held[key, period] = value
    assert held == {(key, period): value for _, key, period, value in rows(door, DATA)}


def test_sections_come_by_period(hub: Hub) -> None:
    answer = Door(hub.ports).get("/v1/data/MUA?dimensionAtObservation=PROVINCE")
    root: Any = etree.fromstring(answer.content)
    MESSAGE_SCHEMA.assertValid(root)
    first = root.find(".//{*}Series")
    assert {value.get("id"): value.get("value") for value in first.iterfind("{*}SeriesKey/{*}Value")} == {
        "FREQ": "Q",
        "CROP": "LUA",
        "TIME_PERIOD": "2023-Q1",
    }
    assert [obs.find("{*}ObsDimension").get("value") for obs in first.iterfind("{*}Obs")] == ["01", "02"]


@pytest.mark.parametrize(
    ("name", "media", "start"),
    [
        ("json-stat", "application/vnd.json-stat+json", b"{"),
        ("px", "application/x-px; charset=utf-8", b"CHARSET"),
        ("csv-plain", "text/csv; charset=utf-8", b""),
        ("parquet", "application/vnd.apache.parquet", b"PAR1"),
        ("arrow", "application/vnd.apache.arrow.stream", b""),
    ],
)
def test_the_data_addresses_give_more_than_sdmx(hub: Hub, name: str, media: str, start: bytes) -> None:
    for path in ("/v1/data/MUA/Q..", f"{DATA}/Q"):
        answer = Door(hub.ports).get(f"{path}?format={name}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == media
        assert answer.content.startswith(start)
        assert "etag" in answer.headers
    by_header = Door(hub.ports).get("/v1/data/MUA/Q..", Accept=media.split(";")[0])
    assert by_header.headers["content-type"].split(";")[0] == media.split(";")[0]


# Parts


def one_batch() -> Iterator[Batch]:
    yield batch_of(list(world.harvest()), "OBS_VALUE")


def values(batches: Iterator[Batch]) -> list[str | None]:
    return [value for batch in batches for one in series_of(batch, "OBS_VALUE") for value in one.values]


@pytest.mark.parametrize("offset", range(0, 10, 3))
@pytest.mark.parametrize("limit", [None, 1, 4, 20])
def test_a_page_is_a_piece_of_the_whole(offset: int, limit: int | None) -> None:
    whole = values(one_batch())
    stop = None if limit is None else offset + limit
    assert values(Window(offset=offset, limit=limit).opened(observations=True).cut(one_batch())) == whole[offset:stop]
    series = Window(offset=min(offset, 3), limit=limit).opened(observations=False).cut(one_batch())
    keys = [".".join(key) for batch in series for key in batch.keys()]  # noqa: SIM118 - a batch is no mapping
    every = [".".join(one.key) for one in world.harvest()]
    assert keys == every[min(offset, 3) : None if limit is None else min(offset, 3) + limit]


def test_some_keys_and_some_observations_of_each() -> None:
    assert values(kept(one_batch(), lambda key: key[2] == "NGO")) == ["15.1"]
    assert [values(iter([limited(batch, 1, 1)])) for batch in one_batch()] == [
        ["348.75", "120.5", "140.125", "15.1", "80", "81"]
    ]


def test_measures_and_attributes_are_wanted_one_by_one() -> None:
    shape = shape_of_components(world.DSD, Parameters({"attributes": "NOTE,dataset", "measures": "none"}))
    assert (shape.attributes, shape.measures, shape.observations) == (("NOTE", "COMMENT_DSET"), (), True)
    assert not shape_of_components(world.DSD, Parameters({"attributes": "series", "measures": "none"})).observations
