"""Periods, references, texts and selections: the small words everything else is written in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import HubError, Invalid, catalogue, message, suggest
from registry.period import (
    FREQUENCIES,
    INSTANT,
    LAST_YEAR,
    PER_YEAR,
    Period,
    PeriodRange,
    containing,
    first_from,
    frequency_of_code,
    parse_period,
    period_text,
)
from registry.ref import Kind, Ref
from registry.selection import MOST_CODES, select, unknown_code
from registry.text import fold, matches, pick
from tests.world import STRUCTURE

MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(LAST_YEAR, 12, 31)).map(lambda moment: moment.replace(microsecond=0))
PERIODS = st.builds(
    lambda frequency, moment: Period(frequency, containing(frequency, moment)), st.sampled_from(FREQUENCIES), MOMENTS
)


@given(PERIODS)
def test_a_period_is_written_and_read_back(period: Period) -> None:
    assert parse_period(str(period)) == period


@given(PERIODS, MOMENTS)
def test_the_period_that_holds_a_moment_begins_before_and_ends_after(period: Period, moment: datetime) -> None:
    holder = Period(period.frequency, containing(period.frequency, moment))
    assert holder.start <= moment < holder.end


@given(st.sampled_from(FREQUENCIES), PERIODS, PERIODS)
def test_a_range_holds_exactly_the_periods_that_begin_inside(frequency: str, one: Period, other: Period) -> None:
    first, last = sorted((one, other), key=lambda period: period.start)
    low, high = PeriodRange(first, last).ordinals(frequency)
    assert low is not None and high is not None
    for ordinal in (low, low - 1, high, high + 1):
        assert (low <= ordinal <= high) == (first.start <= Period(frequency, ordinal).start < last.end)


@given(st.sampled_from(FREQUENCIES), MOMENTS)
def test_the_first_period_from_a_moment_is_the_first(frequency: str, moment: datetime) -> None:
    ordinal = first_from(frequency, moment)
    assert Period(frequency, ordinal).start >= moment > Period(frequency, ordinal - 1).start


@given(st.sampled_from(sorted(PER_YEAR)), st.integers(1, LAST_YEAR), st.data())
def test_gregorian_and_reporting_spellings_mean_the_same(frequency: str, year: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, PER_YEAR[frequency]))
    assert parse_period(f"{year:04d}-{frequency}{number}") == parse_period(
        period_text(frequency, year * PER_YEAR[frequency] + number - 1)
    )


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2024-A1", "2024"),
        ("2024-M03", "2024-03"),
        ("2024-D060", "2024-02-29"),
        ("2024-W01", "2024-W01"),
        ("2020-W53", "2020-W53"),
        ("0001-W01", "0001-W01"),
        ("9998-12-31T23:59:59", "9998-12-31T23:59:59"),
    ],
)
def test_periods_at_the_edges(text: str, means: str) -> None:
    period = parse_period(text)
    assert str(period) == means
    assert period.start < period.end


NOT_PERIODS = """
24 2024-13 2024-00 2024-Q5 2024-Q0 2023-D366 2021-W53 0000 9999 2024-02-30 2024-q1 ٢٠٢٤ 2024-03-31T25:00:00 9999-12-31T00:00:00
"""


@pytest.mark.parametrize("text", ["", "2024\n", " 2024", "x" * 10_000, *NOT_PERIODS.split()])
def test_what_is_not_a_period_is_refused_with_the_spellings_that_are(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_period(text)
    assert refused.value.code == "BAD_PERIOD"
    assert "2024-Q3" in refused.value.help()


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        assert parse_period(str(parse_period(text))) == parse_period(text)
    except Invalid as refused:
        assert refused.code == "BAD_PERIOD"


def test_business_days_are_written_as_days_and_hours_as_instants() -> None:
    assert [frequency_of_code(code) for code in ("B", "H", "N", "M")] == ["D", INSTANT, INSTANT, "M"]


VERSIONS = st.sampled_from(["1", "1.0", "2.10", "1.0.0", "12.0.3-draft", "1.0.0-rc.10"])
IDS = st.text("ABCZaz09_@$-", min_size=1, max_size=20)
REFS = st.builds(Ref, st.sampled_from(Kind), st.lists(IDS, min_size=1, max_size=3).map(".".join), IDS, VERSIONS)


@given(REFS)
def test_a_reference_is_read_back_from_its_short_form_and_its_urn(ref: Ref) -> None:
    assert Ref.parse(str(ref), ref.kind) == ref
    assert Ref.parse(ref.urn, ref.kind) == ref


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        assert Ref.parse(str(Ref.parse(text, Kind.CODELIST)), Kind.CODELIST) == Ref.parse(text, Kind.CODELIST)
    except Invalid as refused:
        assert refused.code == "BAD_REFERENCE"


def test_a_urn_of_another_kind_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        Ref.parse(Ref(Kind.CODELIST, "SEN", "CL_FREQ").urn, Kind.DATAFLOW)
    assert refused.value.code == "BAD_REFERENCE"
    with pytest.raises(Invalid):
        Ref.parse("SEN:CL_FREQ(1.0)\n", Kind.CODELIST)


def test_search_does_not_mind_diacritics() -> None:
    assert fold("Đà Nẵng, ĐẮK LẮK") == "da nang, dak lak"
    assert matches("dong sen", "Cánh ĐỒNG", "sen") and not matches("dong ngo", "Đồng Sen")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_name_falls_back_to_vietnamese_then_english_then_any() -> None:
    assert pick({"vi": "Lúa", "en": "Rice"}, "en-GB") == "Rice"
    assert pick({"vi": "Lúa", "en": "Rice"}, "fr") == "Lúa"
    assert pick({"en": "Rice"}, "vi") == "Rice"
    assert pick({"fr": "Riz"}) == "Riz"
    assert pick({}) == ""


def test_a_question_names_dimensions_and_codes_of_the_structure() -> None:
    asked = select(STRUCTURE, {"CROP": ["LUA", "LUA", "XXX"], "FREQ": []}, start="2023", end="2024-Q1", last_n=2)
    assert asked.codes == {"CROP": ("LUA", "XXX")}
    assert asked.unknown == {"CROP": ("XXX",)}
    assert asked.periods.ordinals("Q") == (2023 * 4, 2024 * 4)


@pytest.mark.parametrize("wrong", ["CROPS", "crop", "TIME_PERIOD", "", "?" * 100_000, "Mùa\nvụ", "{found}"])
def test_a_wrong_dimension_is_an_error_that_names_the_right_ones(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        select(STRUCTURE, {wrong: ["LUA"]})
    assert refused.value.code == "UNKNOWN_DIMENSION"
    assert "FREQ, PROVINCE, CROP" in refused.value.help()
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(("wrong", "right"), [("lua", "LUA"), ("LUAA", "LUA"), ("", "LUA, NGO"), ("9" * 100_000, "LUA, NGO")])
def test_a_wrong_code_is_an_error_that_names_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(Invalid) as refused:
        select(STRUCTURE, {"CROP": [wrong]}).refuse_unknown(STRUCTURE)
    assert refused.value.code == "UNKNOWN_CODE"
    assert right in refused.value.help("vi")


@pytest.mark.parametrize(
    ("dimension", "words", "near"), [("PROVINCE", "ben da", "02"), ("CROP", "RICE", "LUA"), ("CROP", "yam", "LUA, NGO")]
)
def test_a_name_in_place_of_a_code_finds_the_code(dimension: str, words: str, near: str) -> None:
    assert unknown_code(STRUCTURE, dimension, words).facts["near"] == near


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"start": "2024-02", "end": "2024-01"}, "PERIODS_REVERSED"),
        ({"start": "soon"}, "BAD_PERIOD"),
        ({"first_n": 0}, "BAD_COUNT"),
        ({"last_n": -1}, "BAD_COUNT"),
        ({"as_of": datetime(2025, 7, 1)}, "TIME_WITHOUT_ZONE"),
        ({"updated_after": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7)))}, "TIME_OUT_OF_RANGE"),
        ({"codes": {"CROP": [str(number) for number in range(MOST_CODES + 1)]}}, "TOO_MANY_CODES"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(question: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        select(STRUCTURE, **question)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_times_of_a_question_are_kept_in_utc() -> None:
    asked = select(STRUCTURE, as_of=datetime(2025, 7, 1, 7, tzinfo=timezone(timedelta(hours=7))))
    assert asked.as_of == datetime(2025, 7, 1, tzinfo=UTC) and asked.as_of.tzinfo == UTC


def test_an_error_speaks_english_where_it_has_no_other_words() -> None:
    assert message("BAD_PERIOD", "fr", found="x") == message("BAD_PERIOD", "en", found="x")
    assert HubError("BAD_PERIOD", found="x").title("vi") == catalogue()["BAD_PERIOD"]["vi"]["title"]


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=10)))
def test_suggestions_are_always_among_the_valid_words(found: str, valid: list[str]) -> None:
    assert set(suggest(found, valid)) <= set(valid)
