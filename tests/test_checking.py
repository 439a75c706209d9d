"""Observations are checked one by one: each is accepted, or refused alone with a rule and advice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.checking import Checker
from registry.errors import LANGUAGES, message
from registry.model import Codelist
from registry.number import plain_number
from registry.ports import Reject
from registry.raw import RawDataSet, RawSeries
from registry.rules import RULES
from tests import world
from tests.messages import HARVEST, Statement, specific
from tests.reading import WAYS, check, check_said, contents, put, series_in


def test_groups_describe_their_series_and_the_nearer_statement_stays(tmp_path: Path) -> None:
    group = '<Group PROVINCE="01" UNIT_MEASURE="TAN" UNIT_MULT="3"/>'
    near = Statement("Q.01.LUA", "2023-Q1", "5", upper={"UNIT_MULT": "0"})
    far = Statement("Q.02.LUA", "2023-Q1", "6", upper={})
    checked, rejects = check(put(tmp_path, specific([near, far], groups=group)))
    assert series_in(checked)[0].attributes == {"UNIT_MEASURE": "TAN", "UNIT_MULT": "0"}
    assert [reject.rule for reject in rejects] == ["MISSING_ATTRIBUTE"]
    assert rejects[0].series_key == "Q.02.LUA"


GOOD = Statement("Q.01.LUA", "2023-Q1", "5")
BROKEN = {
    "NOT_A_NUMBER": replace(GOOD, period="2023-Q2", value="99,30"),
    "UNKNOWN_CODE": replace(GOOD, key="Q.99.LUA"),
    "UNKNOWN_ATTRIBUTE_CODE": replace(GOOD, period="2023-Q2", attributes={"OBS_STATUS": "ZZ"}),
    "MISSING_DIMENSION": replace(GOOD, key="Q.01."),
    "UNKNOWN_COMPONENT": replace(GOOD, period="2023-Q2", attributes={"MAU": "xanh"}),
    "MISSING_ATTRIBUTE": replace(GOOD, key="Q.02.LUA", upper={"UNIT_MEASURE": "TAN"}),
    "BAD_PERIOD": replace(GOOD, period="2023-Q5"),
    "PERIOD_FREQUENCY": replace(GOOD, period="2023-04"),
    "DUPLICATE": replace(GOOD, value="5.0"),
    "ATTRIBUTE_CONFLICT": replace(GOOD, period="2023-Q2", upper={"UNIT_MEASURE": "TAN", "UNIT_MULT": "0"}),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_wrong_observation_is_refused_alone(rule: str, tmp_path: Path) -> None:
    checked, rejects = check_said(tmp_path, GOOD, BROKEN[rule])
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5"}
    assert (checked.observations, checked.accepted, checked.refused) == (2, 1, 1)
    assert checked.rules == {rule: 1}
    (reject,) = rejects
    assert (reject.rule, reject.place, reject.series_key) == (rule, "Obs[2]", BROKEN[rule].key)
    assert reject.value in (BROKEN[rule].value, "5")  # a repeat is shown as it was understood: 5.0 is 5


def test_differing_repeats_are_all_refused(tmp_path: Path) -> None:
    checked, rejects = check_said(tmp_path, GOOD, replace(GOOD, value="6"), replace(GOOD, value="5"))
    assert checked.accepted == 0
    assert checked.rules == {"DUPLICATE_CONFLICT": 3}
    assert {reject.place for reject in rejects} == {"Obs[1]", "Obs[2]", "Obs[3]"}


def test_a_repeat_of_a_refused_observation_is_no_repeat(tmp_path: Path) -> None:
    checked, _ = check_said(tmp_path, replace(GOOD, value="na"), GOOD)
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5"}
    assert checked.rules == {"NOT_A_NUMBER": 1}


def test_not_a_number_and_infinity_are_no_numbers_and_empty_is_no_value(tmp_path: Path) -> None:
    said = [replace(GOOD, period=f"2023-Q{n}", value=value) for n, value in enumerate(("NaN", "INF", "", None), start=1)]
    checked, _ = check_said(tmp_path, *said)
    assert checked.rules == {"NOT_A_NUMBER": 2}
    assert contents(checked) == {("Q.01.LUA", "2023-Q3"): None, ("Q.01.LUA", "2023-Q4"): None}


def test_several_values_of_an_attribute_are_refused(tmp_path: Path) -> None:
    several = b'<Comp id="NOTE"><Value>x</Value><Value>y</Value></Comp>'
    one = b'<Comp id="NOTE"><Value>x</Value></Comp>'
    text = specific([GOOD, replace(GOOD, period="2023-Q2")], version="3_0")
    for extra, value in ((several, "5"), (one, "5")):
        text = text.replace(b'OBS_VALUE="5"/>', b'OBS_VALUE="%s">%s</Obs>' % (value.encode(), extra), 1)
    checked, rejects = check(put(tmp_path, text))
    assert [reject.rule for reject in rejects] == ["MULTIPLE_VALUES"]
    assert series_in(checked)[0].observation_attributes == {"NOTE": ["x"]}


def test_an_unknown_attribute_of_the_data_set_refuses_what_it_describes(tmp_path: Path) -> None:
    checked, rejects = check(put(tmp_path, specific(HARVEST, dataset=' MAU="xanh"')))
    assert checked.accepted == 0
    assert checked.rules == {"UNKNOWN_COMPONENT": len(HARVEST)}
    assert rejects[0].facts["found"] == "MAU"


def test_a_series_without_observations_states_its_attributes(tmp_path: Path) -> None:
    text = specific([GOOD]).replace(
        b"</m:DataSet>", b'<Series FREQ="Q" PROVINCE="03" CROP="NGO" UNIT_MEASURE="TAN" UNIT_MULT="3"/></m:DataSet>'
    )
    checked, rejects = check(put(tmp_path, text))
    assert not rejects
    assert [(series.key, len(series.values)) for series in series_in(checked)] == [
        (("Q", "03", "NGO"), 0),
        (("Q", "01", "LUA"), 1),
    ]
    assert series_in(checked)[0].attributes == world.TONNES


def test_a_series_that_says_nothing_is_counted(tmp_path: Path) -> None:
    text = specific([GOOD]).replace(b"</m:DataSet>", b'<Series FREQ="Q" PROVINCE="03" CROP="NGO"/></m:DataSet>')
    checked, _ = check(put(tmp_path, text))
    assert checked.ignored == {"Series": 1}
    assert len(series_in(checked)) == 1


def test_a_cross_section_gives_the_same_series(tmp_path: Path) -> None:
    text = specific([]).replace(b'dimensionAtObservation="TIME_PERIOD"', b'dimensionAtObservation="PROVINCE"')
    section = (
        b'<Series FREQ="Q" CROP="LUA" TIME_PERIOD="2023-Q1" UNIT_MEASURE="TAN" UNIT_MULT="3">'
        b'<Obs PROVINCE="01" OBS_VALUE="5"/><Obs PROVINCE="02" OBS_VALUE="6"/></Series>'
    )
    checked, rejects = check(put(tmp_path, text.replace(b"</m:DataSet>", section + b"</m:DataSet>")))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5", ("Q.02.LUA", "2023-Q1"): "6"}


def test_a_structure_without_time_has_one_observation_a_series(tmp_path: Path) -> None:
    dsd = replace(world.DSD, dimensions=tuple(part for part in world.DSD.dimensions if not part.is_time))
    rejects: list[Reject] = []
    checker = Checker(replace(world.STRUCTURE, dsd=dsd), "thu", rejects.append)
    checker.dataset(RawDataSet(None))
    parts = {**GOOD.dimensions, **world.TONNES}
    checker.series(RawSeries(parts, [(1, {"OBS_VALUE": "5"}), (2, {"OBS_VALUE": "6"})]))
    checked = checker.finish()
    assert checked.rules == {"DUPLICATE_CONFLICT": 2}
    assert series_in(checked) == []


def test_periods_of_an_irregular_frequency_may_be_any() -> None:
    codes = (*world.FREQ.items, replace(world.FREQ.items[0], id="I"))
    frequencies: Codelist = replace(world.FREQ, items=codes)
    structure_ = replace(world.STRUCTURE, codelists={**world.STRUCTURE.codelists, "FREQ": frequencies})
    checker = Checker(structure_, "thu", lambda reject: None)
    checker.dataset(RawDataSet(None))
    parts = {**GOOD.dimensions, **world.TONNES, "FREQ": "I"}
    checker.series(RawSeries(parts, [(1, {"TIME_PERIOD": "2023-05-01"}), (2, {"TIME_PERIOD": "2024"})]))
    checked = checker.finish()
    assert checked.accepted == 2
    assert {series.frequency for series in series_in(checked)} == {"D", "A"}


values = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.sampled_from(["1E-7", "+5", ".5", "5.", "007", "-0", "na", "1,5", "NaN", "12.50", "1e400"]),
    st.none(),
)
statements = st.builds(
    Statement,
    key=st.sampled_from(["Q.01.LUA", "Q.02.LUA", "A.01.NGO", "Q.77.LUA", "Q.01."]),
    period=st.sampled_from(["2023-Q1", "2023-Q2", "2023", "2023-13", "2022-Q4"]),
    value=values,
    attributes=st.sampled_from([{}, {"OBS_STATUS": "A"}, {"OBS_STATUS": "??"}, {"NOTE": "ghi chú, có phẩy"}]),
    upper=st.sampled_from([dict(world.TONNES), {"UNIT_MEASURE": "TAN"}]),
)


@given(said=st.lists(statements, max_size=12), way=st.sampled_from([way for way in WAYS if "JSON" not in way]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_observation_is_accepted_or_refused_once(said: list[Statement], way: str, tmp_path: Path) -> None:
    rows = [one for one in said if not (way.startswith("CSV") and one.key.endswith(".") and not one.value)]
    checked, rejects = check(put(tmp_path, WAYS[way][1](said)))
    assert checked.observations == len(rows)
    assert checked.accepted == sum(len(series.values) for series in series_in(checked))
    assert checked.accepted + len(rejects) == checked.observations
    assert Counter(reject.rule for reject in rejects) == checked.rules
    assert len({reject.place for reject in rejects}) == len(rejects)
    stated = {(one.key, one.period): {Decimal(v) for v in _numbers(said, one)} for one in said}
    for place, value in contents(checked).items():
        assert value is None or Decimal(value) in stated[place]


def _numbers(said: list[Statement], like: Statement) -> list[str]:
    same = [one.value for one in said if (one.key, one.period) == (like.key, like.period)]
    return [value for value in same if value and plain_number(value)]


@given(number=st.one_of(st.decimals(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False)))
def test_plain_numbers_are_equal_to_what_was_written(number: Decimal | float) -> None:
    text = str(number)
    plain = plain_number(text)
    if plain is None:
        assert len(f"{Decimal(text):f}") > 300
        return
    assert Decimal(plain) == Decimal(text)
    assert "e" not in plain.lower()
    assert not plain.startswith("+")
    assert plain_number(plain) == plain


def test_plain_numbers_keep_their_zeros() -> None:
    assert [plain_number(text) for text in ("15.10", "-0.00", "1.50E+3", " 7 ")] == ["15.10", "0.00", "1500", "7"]


@pytest.mark.parametrize("text", ["na", "99,30", "2.767.229,12", "7 902.3", "519.4sb", "NaN", "-INF", "1_000", "٣", "1e9999"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert plain_number(text) is None


OF_DAYS = {"found": "02", "dimension": "PROVINCE", "codelist": "L", "period": "2024", "first": "…", "last": "2023-06-30"}
"""What tests/test_dated.py is about."""


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_title_and_advice_in_both_languages(rule: str, tmp_path: Path) -> None:
    said = [GOOD, *(BROKEN[rule] if rule in BROKEN else replace(GOOD, value="6") for _ in range(1))]
    _, rejects = check_said(tmp_path, *said)
    facts = rejects[0].facts if rejects[0].rule == rule else {"attribute": "NOTE", "count": "2"} | OF_DAYS
    for lang in LANGUAGES:
        parts = message(rule, lang, **facts)
        assert all(parts[name] for name in ("title", "detail", "help"))
