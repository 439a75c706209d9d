"""Questions by years that do not begin on 1 January: 2023-Q3 of years from 1 July on begins on 1 January 2024.

                 2023-Q1   2023-Q2   2023-Q3   2023-Q4   2024-Q1      of the calendar
Q.01.LUA           120.5     98.25    130.0        -      140.125
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.sdmx.filters import expression
from adapters.sdmx.reporting_years import by_days, days
from registry.errors import Invalid
from registry.period import parse_period
from tests.doors import STRUCTURE_TYPE, Door, valid
from tests.test_sdmx_conditions import door as door

JULY = (7, 1)
LONGEST = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12, "W": 52, "D": 365}
NUMBERED = st.sampled_from(sorted(LONGEST)).flatmap(lambda one: st.tuples(st.just(one), st.integers(1, LONGEST[one])))
YEARS = st.integers(1900, 2100)
STARTS = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))


@pytest.mark.parametrize(
    ("year", "indicator", "number", "first", "last"),
    [(2010, "Q", 2, "2010-10-01", "2010-12-31"), (2011, "W", 36, "2012-03-05", "2012-03-11")],
)
def test_the_examples_of_the_standard(year: int, indicator: str, number: int, first: str, last: str) -> None:
    assert days(year, indicator, number, JULY) == (date.fromisoformat(first), date.fromisoformat(last))


@given(YEARS, NUMBERED)
def test_a_year_from_1_january_is_the_calendar_year(year: int, numbered: tuple[str, int]) -> None:
    indicator, number = numbered
    period = parse_period(f"{year}-{indicator}{number}")
    assert days(year, indicator, number, (1, 1)) == (period.start.date(), period.end.date() - timedelta(days=1))


@given(YEARS, NUMBERED, STARTS)
def test_the_periods_of_a_year_follow_each_other(year: int, numbered: tuple[str, int], start: tuple[int, int]) -> None:
    indicator, number = numbered
    assume(number > 1)
    assert days(year, indicator, number, start)[0] == days(year, indicator, number - 1, start)[1] + timedelta(days=1)


@given(YEARS, st.sampled_from("ASTQM"), STARTS)
def test_a_year_ends_where_the_next_begins(year: int, indicator: str, start: tuple[int, int]) -> None:
    last = days(year, indicator, LONGEST[indicator], start)[1]
    assert last + timedelta(days=1) == days(year + 1, indicator, 1, start)[0]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("ge:2010-Q3", "ge:2011-01-01"),
        ("gt:2010-Q3", "gt:2011-03-31"),
        ("lt:2010-Q3", "lt:2011-01-01"),
        ("le:2010-Q3", "le:2011-03-31"),
        ("2010-Q3", "ge:2011-01-01+le:2011-03-31"),
        ("2010-Q3,2010-A1", "ge:2011-01-01+le:2011-03-31,ge:2010-07-01+le:2011-06-30"),
        ("ne:2010-Q3+ge:2010", "lt:2011-01-01+ge:2010,gt:2011-03-31+ge:2010"),
        ("ge:2010-07+le:2011", "ge:2010-07+le:2011"),
    ],
)
def test_reporting_periods_are_told_by_their_days_and_calendar_periods_stay(asked: str, meant: str) -> None:
    assert by_days(expression("TIME_PERIOD", asked), JULY) == expression("TIME_PERIOD", meant)


def test_a_period_that_no_year_has_is_refused() -> None:
    with pytest.raises(Invalid) as found:
        by_days(expression("TIME_PERIOD", "2010-Q5"), JULY)
    assert found.value.code == "BAD_PERIOD"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ge:2023-Q1", ["2023-Q3", "2023-Q4", "2024-Q1"]),
        ("ge:2023-Q3", ["2024-Q1"]),
        ("2022-S2", ["2023-Q1", "2023-Q2"]),
        ("2022-Q4,2023-Q3", ["2023-Q2", "2024-Q1"]),
        ("le:2022-A1", ["2023-Q1", "2023-Q2"]),
        ("ge:2023-04+le:2023-Q1", ["2023-Q2", "2023-Q3"]),
    ],
)
def test_observations_are_found_by_years_from_1_july_on(door: Door, asked: str, found: list[str]) -> None:
    time = asked.replace("+", "%2B")
    table = door.get(
        f"/v2/data/dataflow/SEN/MUA/1.0/Q.01.LUA?format=csv&c[TIME_PERIOD]={time}&reportingYearStartDay=--07-01"
    ).text
    head, *rows = [line.split(",") for line in table.splitlines()]
    assert [row[head.index("TIME_PERIOD")] for row in rows] == found


def test_what_is_there_is_told_by_the_same_years(door: Door) -> None:
    path = "/v2/availability/dataflow/SEN/MUA?c[TIME_PERIOD]=ge:2023-Q3&reportingYearStartDay=--07-01"
    told = valid(door.get(path, Accept=STRUCTURE_TYPE))
    crops = told.findall(".//{*}KeyValue[@id='CROP']/{*}Value")
    assert [crop.text for crop in crops] == ["LUA"]


def test_a_day_that_is_none_is_refused(door: Door) -> None:
    for question in ("data", "availability"):
        for day in ("07-01", "--13-01", "--02-30", "--7-1", "2023-07-01"):
            assert door.error(f"/v2/{question}/dataflow/SEN/MUA?reportingYearStartDay={day}&format=structure")[0] == 400
    for path in ("/v1/data/MUA", "/v1/availableconstraint/MUA"):
        assert door.error(f"{path}?reportingYearStartDay=--01-01")[0] == 400
