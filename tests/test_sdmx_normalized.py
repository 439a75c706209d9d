"""``timeFormat=normalized`` of SDMX-CSV: every period a day, so that figures of several frequencies stand in one calendar.

SEN:NHIP(1.0) is the harvest's structure with COLLECTION (when in its period a figure was collected) and
REPORTING_YEAR_START_DAY on series. A.01.LUA is collected at the END of the year, A.02.LUA in its MIDDLE, and of A.03.LUA
nobody knows when.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sdmx.normalising import Kind, Kinds, Normal, kinds, moment, placed
from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.actions import put
from registry.columns import Batch
from registry.model import Attribute, Code, Codelist, Level, coded
from registry.period import FREQUENCIES, parse_period
from registry.ref import Kind as Of
from registry.ref import Ref
from registry.series import Series, batch_of
from tests import world
from tests.doors import Door

DATA = "/v2/data/dataflow/SEN/NHIP/1.0/"
CSV = "application/vnd.sdmx.data+csv;version={version};timeFormat=normalized"
VERSIONS = ("1.0.0", "2.0.0", "2.1.0")
FREQ = Codelist(
    ref=Ref(Of.CODELIST, "SEN", "CL_NHIP", "1.0"),
    names={"vi": "Nhịp", "en": "Frequency"},
    items=tuple(Code(one, {"vi": one, "en": one}) for one in ("A", "S", "Q", "M", "W", "D", "H")),
    is_final=True,
)


def text(id: str) -> Attribute:
    return Attribute(id=id, concept_identity=world.CONCEPTS.ref.item("NOTE"), representation=coded(None), level=Level.SERIES)


DSD = replace(
    world.DSD,
    ref=Ref(Of.DATA_STRUCTURE, "SEN", "NHIP", "1.0"),
    dimensions=(replace(world.DSD.dimensions[0], representation=coded(FREQ.ref)), *world.DSD.dimensions[1:]),
    attributes=(*world.DSD.attributes, text("COLLECTION"), text("REPORTING_YEAR_START_DAY")),
)
FLOW = replace(world.DATAFLOW, ref=Ref(Of.DATAFLOW, "SEN", "NHIP", "1.0"), structure=DSD.ref)


def series(key: str, figures: dict[str, str], collected: str = "", start: str = "") -> Series:
    said = {"COLLECTION": collected, "REPORTING_YEAR_START_DAY": start}
    found = world.series(key, dict(figures))
    return replace(found, attributes={**found.attributes, **{name: word for name, word in said.items() if word}})


ALL = (
    series("A.01.LUA", {"2023": "1", "2024": "2"}, "E"),
    series("A.02.LUA", {"2023": "3"}, "M"),
    series("A.03.LUA", {"2023": "4"}),
    series("Q.01.LUA", {"2023-Q3": "5"}),
    series("Q.02.LUA", {"2023-Q3": "6"}, "B", "--07-01"),
    series("M.01.LUA", {"2023-12": "7"}),
    series("D.01.NGO", {"2024-02-29": "8"}),
)


@pytest.fixture
def door(empty_hub: Hub) -> Door:
    with empty_hub.engine.begin() as connection:
        put(connection, [FREQ, DSD, FLOW], world.act(empty_hub.clock.now()))
    draft = empty_hub.drafts.draft(empty_hub.ports.catalogue.structure(FLOW.ref), ALL, LOCAL_ADMINISTRATOR)
    assert draft is not None
    empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    return Door(empty_hub.ports)


def days(door: Door, query: str, version: str = "2.1.0") -> dict[str, str]:
    """Value -> period of the rows of an answer."""
    answer = door.get(f"{DATA}{query}", Accept=CSV.format(version=version))
    assert answer.status_code == 200, answer.text
    return {row["OBS_VALUE"]: row["TIME_PERIOD"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_message_of_one_frequency_has_the_first_days_of_its_periods(door: Door, version: str) -> None:
    """As example 5 of the field guide: 2014-01 is 2014-01-01."""
    assert days(door, "M", version) == {"7": "2023-12-01"}
    assert days(door, "A", version) == {"1": "2023-01-01", "2": "2024-01-01", "3": "2023-01-01", "4": "2023-01-01"}


def test_a_lower_frequency_stands_where_its_figures_were_collected(door: Door) -> None:
    """As the text of the field guide: beside daily data the year, collected at its end, is its last day."""
    assert days(door, "A.01,D") == {"1": "2023-12-31", "2": "2024-12-31", "8": "2024-02-29"}
    assert days(door, "A.01,M") == {"1": "2023-12-01", "2": "2024-12-01", "7": "2023-12-01"}
    assert days(door, "A.02,M") == {"3": "2023-07-01", "7": "2023-12-01"}
    assert days(door, "A.02,D") == {"3": "2023-07-02", "8": "2024-02-29"}


def test_years_that_begin_in_july_are_counted_from_july(door: Door) -> None:
    assert days(door, "Q") == {"5": "2023-07-01", "6": "2024-01-01"}
    assert days(door, "Q,D") == {"5": "2023-Q3", "6": "2024-01-01", "8": "2024-02-29"}


def test_what_is_not_known_stays_as_it_is_and_is_counted(door: Door) -> None:
    answer = door.get(f"{DATA}A.03,M", Accept=CSV.format(version="2.1.0"))
    assert days(door, "A.03,M") == {"4": "2023", "7": "2023-12-01"}
    assert answer.headers["sdmx-lost"] == "1"
    assert "sdmx-lost" not in door.get(f"{DATA}A.01,M", Accept=CSV.format(version="2.1.0")).headers


def test_who_wants_all_or_nothing_gets_nothing(door: Door) -> None:
    status, code, said = door.error(f"{DATA}A.03,M?strict=true", Accept=CSV.format(version="2.1.0"))
    assert (status, code) == (406, "1406") and "1 observations" in said
    assert door.get(f"{DATA}A.01,M?strict=true", Accept=CSV.format(version="2.1.0")).status_code == 200


def test_what_tells_the_moment_need_not_be_shown(door: Door) -> None:
    assert days(door, "A.01,M?attributes=none") == {"1": "2023-12-01", "2": "2024-12-01", "7": "2023-12-01"}
    answer = door.get(f"{DATA}A.01,M?attributes=none", Accept=CSV.format(version="2.1.0"))
    assert "COLLECTION" not in answer.text


@pytest.mark.parametrize("query", ["A.01,M?sort=OBS_VALUE:desc", "A.01,M?includeHistory=true", "A.01,M?c[OBS_VALUE]=ge:1"])
def test_however_they_are_asked_for(door: Door, query: str) -> None:
    assert days(door, query) == {"1": "2023-12-01", "2": "2024-12-01", "7": "2023-12-01"}


def test_the_highest_frequency_is_that_of_the_message_and_not_of_all_data(door: Door) -> None:
    assert days(door, "A.01,M?limit=2") == {"1": "2023-01-01", "2": "2024-01-01"}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_answer_says_in_which_format_its_times_are(door: Door, version: str) -> None:
    asked = CSV.format(version=version)
    assert door.get(f"{DATA}M", Accept=asked).headers["content-type"] == asked
    assert door.get(f"{DATA}M", Accept=f"{asked};labels=both").headers["content-type"] == f"{asked};labels=both"
    original = door.get(f"{DATA}M", Accept=asked.replace("normalized", "original"))
    assert original.headers["content-type"] == asked.replace("normalized", "original") and ",2023-12," in original.text
    assert original.headers["etag"] != door.get(f"{DATA}M", Accept=asked).headers["etag"]


def test_series_without_observations_have_no_periods(door: Door) -> None:
    answer = door.get("/v1/data/NHIP?detail=serieskeysonly", Accept=CSV.format(version="1.0.0"))
    assert answer.status_code == 200 and "sdmx-lost" not in answer.headers


def test_days_come_in_again_and_other_periods_are_refused_with_the_reason(door: Door) -> None:
    """The file does not say that its periods were others, so a month that is written as a day is none."""
    publisher = {"Authorization": "Bearer publisher", "Content_Type": CSV.format(version="2.1.0")}
    daily = door.get(f"{DATA}D", Accept=CSV.format(version="2.1.0")).text
    told = door.send("POST", "/sdmx/v2/data", daily, **publisher).json()["data"]
    assert (told["accepted"], told["refused"]) == (1, 0), told
    monthly = door.get(f"{DATA}M", Accept=CSV.format(version="2.1.0")).text
    told = door.send("POST", "/sdmx/v2/data", monthly, **publisher).json()["data"]
    assert {one["rule"] for one in told["rejects"]} == {"PERIOD_FREQUENCY"}, told


PERIODS = st.sampled_from(FREQUENCIES[:-1]).flatmap(
    lambda one: st.tuples(st.just(one), st.integers(1900, 2100).map(lambda year: parse_period(f"{year}-{one}1").ordinal))
)
MOMENTS = st.sampled_from("BME")
STARTS = st.sampled_from(["", "--01-01", "--04-01", "--07-01", "--10-15"])


@given(PERIODS, MOMENTS, STARTS, st.sampled_from(FREQUENCIES))
def test_the_moments_of_a_period_lie_in_it_in_their_order(
    period: tuple[str, int], collected: str, start: str, finest: str
) -> None:
    frequency, ordinal = period
    if FREQUENCIES.index(frequency) > FREQUENCIES.index(finest):
        return
    found = [moment(Kind(frequency, word, start), ordinal, finest) for word in "BME"]
    after = moment(Kind(frequency, "B", start), ordinal + 1, finest)
    assert found == sorted(found) and found[-1] < after


def test_the_end_of_the_calendar_is_no_failure() -> None:
    for year in ("0001", "9998"):
        for finest in FREQUENCIES:
            assert moment(Kind("A", "E", ""), parse_period(year).ordinal, finest).year == int(year)


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        (Kind("A", "", ""), False),
        (Kind("A", "S", ""), False),
        (Kind("A", "E", ""), True),
        (Kind("M", "", ""), True),
        (Kind("M", "", "--07-01"), False),
        (Kind("M", "", "*"), False),
        (Kind("_", "", ""), False),
    ],
)
def test_what_is_known_of_a_kind_of_series_beside_months(kind: Kind, known: bool) -> None:
    assert placed(kind, "M") is known


def test_a_batch_is_read_when_it_is_wanted_and_only_its_kinds_are_kept() -> None:
    taken: list[int] = []

    def batches() -> Iterator[Batch]:
        for number in range(3):
            taken.append(number)
            yield batch_of(ALL[:3], "OBS_VALUE")

    found = Normal(DSD, "M").of(batches(), {})
    next(found)
    assert taken == [0]
    counted = Kinds()
    for _ in range(100):
        counted.add(DSD, batch_of(ALL, "OBS_VALUE"), {})
    assert len(counted.found) == len(set(kinds(DSD, batch_of(ALL, "OBS_VALUE"), {}))) and counted.finest == "D"


def test_what_is_said_of_observations_holds_where_they_all_say_the_same() -> None:
    near = replace(DSD, attributes=tuple(replace(one, level=Level.OBSERVATION) for one in DSD.attributes))
    one = Series(("A", "01", "LUA"), "A", np.array([2023, 2024]), ["1", "2"], observation_attributes={"COLLECTION": ["E", "E"]})
    two = replace(one, observation_attributes={"COLLECTION": ["E", "B"]})
    assert [kind.collected for kind in kinds(near, batch_of([one, two], "OBS_VALUE"), {})] == ["E", "*"]
