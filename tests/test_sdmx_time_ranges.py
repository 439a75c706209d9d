"""Filters on time by ranges: ``2023-04-01/P6M`` is what begins from 1 April on and before 1 October.

                 2023-Q1   2023-Q2   2023-Q3   2023-Q4   2024-Q1
Q.01.LUA           120.5     98.25    130.0        -      140.125
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sdmx.filters import OPERATORS, expression
from adapters.sdmx.time_ranges import by_ends, range_ends
from registry.errors import Invalid
from registry.period import LAST_YEAR
from tests.doors import STRUCTURE_TYPE, Door, valid
from tests.test_sdmx_conditions import door as door

RICE = "/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-01-01/P3M", "2025-01-01T00:00:00", "2025-03-31T23:59:59"),
        ("2025-01-31/P1M", "2025-01-31T00:00:00", "2025-02-27T23:59:59"),
        ("2024-02-29/P1Y", "2024-02-29T00:00:00", "2025-02-27T23:59:59"),
        ("2025-01-01T12:00:00/PT36H", "2025-01-01T12:00:00", "2025-01-02T23:59:59"),
        ("2025-01-01T00:00:00.5+07:00/P1DT0.5S", "2025-01-01T00:00:00", "2025-01-02T00:00:00"),
        ("2025-01-01Z/P1Y2M3DT4H5M6S", "2025-01-01T00:00:00", "2026-03-04T04:05:05"),
        ("2025-01-01T24:00:00/P1D", "2025-01-02T00:00:00", "2025-01-02T23:59:59"),
        ("2025-01-01/P99999Y", "2025-01-01T00:00:00", "9998-12-31T23:59:59"),
        ("2025-01-01/P9999999D", "2025-01-01T00:00:00", "9998-12-31T23:59:59"),
    ],
)
def test_a_range_ends_its_duration_after_its_start(text: str, first: str, last: str) -> None:
    assert range_ends(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-01/P3M",
            "2025-02-30/P3M",
            "2025-01-01/",
            "2025-01-01/P",
            "2025-01-01/P1DT",
            "2025-01-01/-P1D",
            "2025-01-01/P3W",
        ),
        *("2025-01-01/2025-03-31", "/P3M", "2025-Q1/P3M", "2025-01-01/P3M/P3M", "2025-01-01/P1.5M", "2025-01-01T25:00:00/P1D"),
    ],
)
def test_what_is_no_range_is_refused(door: Door, text: str) -> None:
    with pytest.raises(Invalid) as found:
        range_ends(text)
    assert found.value.code == "BAD_PERIOD"
    assert door.get(f"{RICE}?c[TIME_PERIOD]={text}").status_code == 400


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("2023-04-01/P6M", ["98.25", "130"]),
        ("eq:2023-04-01%2FP6M", ["98.25", "130"]),
        ("ne:2023-04-01/P6M", ["120.5", "", "140.125"]),
        ("lt:2023-04-01/P6M", ["120.5"]),
        ("le:2023-04-01/P6M", ["120.5", "98.25", "130"]),
        ("gt:2023-04-01/P6M", ["", "140.125"]),
        ("ge:2023-04-01/P6M", ["98.25", "130", "", "140.125"]),
        ("2023-01-01/P1D,2024-01-01T00:00:00+07:00/PT1H", ["120.5", "140.125"]),
        ("2023-01-01/P1Y+ne:2023-04-01/P3M", ["120.5", "130", ""]),
        ("ge:2023-Q2+lt:2023-10-01/P1M", ["98.25", "130"]),
        ("2023-01-02+07:00/P3M", ["98.25"]),
    ],
)
def test_every_operator_takes_a_range(door: Door, asked: str, meant: list[str]) -> None:
    assert [row["OBS_VALUE"] for row in door.rows(f"{RICE}?c[TIME_PERIOD]={asked}")] == meant


def test_nothing_begins_in_a_range_between_periods(door: Door) -> None:
    assert door.get(f"{RICE}?c[TIME_PERIOD]=2023-01-02/P1M").status_code == 204


def test_what_there_is_in_a_range(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA/1.0/Q.01.LUA?c[TIME_PERIOD]=2023-04-01/P6M"
    span = valid(door.get(path, Accept=STRUCTURE_TYPE)).find(".//{*}TimeRange")
    assert [one.text[:10] for one in span] == ["2023-04-01", "2023-09-30"]
    assert door.get(path.replace("2023-04-01", "2025-04-01")).status_code == 204


def test_ranges_are_of_the_calendar_whenever_reporting_years_begin(door: Door) -> None:
    asked = f"{RICE}?c[TIME_PERIOD]=2023-04-01/P6M,2023-Q3&reportingYearStartDay=--07-01"
    assert [row["OBS_VALUE"] for row in door.rows(asked)] == ["98.25", "130", "140.125"]


def test_periods_of_1_have_no_ranges(door: Door) -> None:
    """StandardTimePeriodType, the type of startPeriod, is without them."""
    assert door.error("/v1/data/MUA?startPeriod=2023-04-01/P6M")[0] == 400


def test_dates_and_reporting_periods_keep_their_time_zone_too() -> None:
    assert expression("TIME_PERIOD", "ge:2023-01-01+07:00+le:2023-Q4+07:00,2024+07:00") == (
        (("ge", "2023-01-01+07:00"), ("le", "2023-Q4+07:00")),
        (("eq", "2024+07:00"),),
    )


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(0, 40), st.integers(0, 40), st.integers(0, 400), st.sampled_from(sorted(OPERATORS)))
def test_a_range_is_the_filter_with_both_its_ends(day: date, years: int, months: int, days: int, operator: str) -> None:
    place = day.month - 1 + years * 12 + months
    year, month = day.year + place // 12, place % 12 + 1
    after = datetime(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=days)
    first, last = f"{day}T00:00:00", (after - timedelta(seconds=1)).isoformat()
    both = {
        "eq": f"ge:{first}+le:{last}",
        "ne": f"lt:{first},gt:{last}",
        "lt": f"lt:{first}",
        "ge": f"ge:{first}",
        "le": f"le:{last}",
        "gt": f"gt:{last}",
    }
    text = f"{day}/P{years}Y{months}M{days}D"
    found = by_ends(expression("TIME_PERIOD", f"{operator}:{text}"), range_ends)
    assert found == expression("TIME_PERIOD", both.get(operator, f"{operator}:{text}"))


@given(st.text(max_size=30))
def test_whatever_is_asked_is_a_range_or_none_or_refused(text: str) -> None:
    try:
        found = range_ends(f"2025-01-01/{text}")
    except Invalid:
        return
    assert found is not None and found[1][:4] <= str(LAST_YEAR)
