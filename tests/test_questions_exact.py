"""Computed figures against a plain reference: the same question answered with Python's decimals, cell by cell.

The reference (``Plain``) knows nothing of columns. Made-up series of Đất Nước Sen: five provinces in a tree, two crops,
quarters that may be absent, present without a value, or hold any decimal from 1e-30 to beyond 1e40.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import computing
from hub.computing.exactly import Exact, exact, numbers
from hub.computing.rounding import quotients
from hub.computing.source import held
from hub.tiles import Measured
from registry.calculation import Against, Aggregation, Change, Method, Sort, Weight
from registry.columns import Batch
from registry.exact import decimal_texts, decimals_of, numbers_of
from registry.selection import Selection, select
from registry.series import Series, batch_of, series_of
from tests import world

START = 2023 * 4
CODES = ("01", "02", "03")
ROUNDED = Context(prec=12, rounding=ROUND_HALF_EVEN, Emax=9999, Emin=-9999)

ordinary = st.decimals(-(10**9), 10**9, places=3)
money = st.integers(-(10**15), 10**15).map(lambda whole: Decimal(whole) / 100)
any_size = st.builds(lambda whole, power: Decimal(whole).scaleb(power), st.integers(-(10**20), 10**20), st.integers(-30, 25))
values = st.one_of(st.none(), ordinary, money, any_size)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


@st.composite
def harvests(draw: st.DrawFn, value: st.SearchStrategy[Decimal | None] = values) -> list[Series]:
    """Up to six series with gaps, each with a multiplier of its own and a status."""
    found = []
    for province in CODES:
        for crop in ("LUA", "NGO"):
            cells = draw(st.dictionaries(st.integers(0, 7), value, max_size=8))
            if cells:
                found.append(_series(province, crop, dict(sorted(cells.items())), draw(st.sampled_from(["0", "3"])), draw))
    return found


def _series(province: str, crop: str, cells: dict[int, Decimal | None], power: str, draw: st.DrawFn) -> Series:
    status = [draw(st.sampled_from([None, "A", "P"])) for _ in cells]
    return Series(
        key=("Q", province, crop),
        frequency="Q",
        ordinals=np.array([START + quarter for quarter in cells], dtype=np.int64),
        values=[_text(value) for value in cells.values()],
        attributes={"UNIT_MEASURE": "TAN", "UNIT_MULT": power},
        observation_attributes={"OBS_STATUS": status},
    )


@dataclass(frozen=True)
class Plain:
    """The reference: observations one by one, amounts in single units."""

    series: Sequence[Series]

    def cells(self) -> Iterator[tuple[str, str, int, Decimal | None]]:
        for one in self.series:
            power = int(one.attributes["UNIT_MULT"])
            for ordinal, text in zip(one.ordinals.tolist(), one.values, strict=True):
                yield one.key[1], one.key[2], ordinal, None if text is None else _amount(text, power)

    def by_crop(self) -> dict[tuple[str, int], list[Decimal | None]]:
        found: dict[tuple[str, int], list[Decimal | None]] = {}
        for _, crop, ordinal, value in self.cells():
            found.setdefault((crop, ordinal), []).append(value)
        return found


def _amount(text: str, power: int) -> Decimal:
    sign, digits, exponent = Decimal(text).as_tuple()
    return Decimal((sign, digits, int(exponent) + power))


def _exactly(parts: list[Decimal]) -> Fraction:
    return sum((Fraction(part) for part in parts), Fraction(0))


def answered(selection: Selection, batches: list[Batch]) -> list[Series]:
    source = computing.compute(selection, held(world.STRUCTURE, batches), None)  # type: ignore[arg-type]
    return [one for batch in source.read(np.arange(len(source))) for one in series_of(batch, "OBS_VALUE")]


def amounts(series: list[Series]) -> dict[tuple[str, int], Fraction | None]:
    """(last code, period) -> amount in single units."""
    found: dict[tuple[str, int], Fraction | None] = {}
    for one in series:
        power = int(one.attributes.get("UNIT_MULT", "0"))
        for ordinal, text in zip(one.ordinals.tolist(), one.values, strict=True):
            found[one.key[-1], ordinal] = None if text is None else Fraction(_amount(text, power))
    return found


def over_provinces(method: Method, weight: Weight | None = None) -> Selection:
    return select(world.STRUCTURE, aggregate=Aggregation(drop=("PROVINCE",), method=method, weight=weight))


def batches_of(series: list[Series], size: int = 2) -> list[Batch]:
    return [batch_of(series[start : start + size], "OBS_VALUE") for start in range(0, len(series), size)]


@given(harvests())
def test_sums_are_exact(series: list[Series]) -> None:
    wanted = {
        cell: None if None in parts else _exactly([part for part in parts if part is not None])
        for cell, parts in Plain(series).by_crop().items()
    }
    assert amounts(answered(over_provinces(Method.SUM), batches_of(series))) == wanted


@given(harvests(), st.sampled_from([(Method.MIN, min), (Method.MAX, max)]))
def test_least_and_greatest_are_those_of_the_parts(series: list[Series], how: tuple[Method, object]) -> None:
    method, choose = how
    wanted = {
        cell: None if None in parts else Fraction(choose(parts))  # type: ignore[operator]
        for cell, parts in Plain(series).by_crop().items()
    }
    assert amounts(answered(over_provinces(method), batches_of(series))) == wanted


@st.composite
def even_harvests(draw: st.DrawFn) -> list[Series]:
    """Series that all have the same periods, as most published ones do: they are put together row by row."""
    quarters = draw(st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True).map(sorted))
    value = draw(st.sampled_from([ordinary, money, st.one_of(st.none(), ordinary), values]))
    found = []
    for crop in ("NGO", "LUA"):
        for province in draw(st.permutations(CODES)):
            cells = {quarter: draw(value) for quarter in quarters}
            found.append(_series(province, crop, cells, "3", draw))
    return found


@given(even_harvests(), st.booleans())
def test_series_with_the_same_periods_are_put_together_exactly(series: list[Series], known: bool) -> None:
    """Whether the database knows the decimals of its numbers or they have to be looked for."""
    batches = [_with_decimals(batch) if known else batch for batch in batches_of(series, 4)]
    cells = {
        cell: None if None in parts else [part for part in parts if part is not None]
        for cell, parts in Plain(series).by_crop().items()
    }
    wanted: dict[Method, Callable[[list[Decimal]], Fraction]] = {
        Method.SUM: lambda parts: sum(map(Fraction, parts), Fraction(0)),
        Method.MIN: lambda parts: Fraction(min(parts)),
        Method.MAX: lambda parts: Fraction(max(parts)),
    }
    for method, choose in wanted.items():
        found = amounts(answered(over_provinces(method), batches))
        assert found == {cell: None if parts is None else choose(parts) for cell, parts in cells.items()}
    counted = amounts(answered(over_provinces(Method.COUNT), batches))
    assert counted == {cell: sum(1 for part in parts if part is not None) for cell, parts in Plain(series).by_crop().items()}


def _with_decimals(batch: Batch) -> Batch:
    column = batch.measures["OBS_VALUE"]
    return replace(batch, measures={"OBS_VALUE": replace(column, scale=Measured(column.floats, {}).scale)})


@given(even_harvests())
def test_a_figure_is_as_provisional_as_its_parts_whatever_way_it_is_put_together(series: list[Series]) -> None:
    found: dict[tuple[str, int], set[str | None]] = {}
    for one in series:
        for ordinal, word in zip(one.ordinals.tolist(), one.observation_attributes["OBS_STATUS"], strict=True):
            found.setdefault((one.key[2], ordinal), set()).add(word)
    wanted = {cell: next((word for word in ("P", "A") if word in words), None) for cell, words in found.items()}
    counted = answered(over_provinces(Method.COUNT), batches_of(series, 4))
    said = {
        (one.key[-1], ordinal): word
        for one in counted
        for ordinal, word in zip(
            one.ordinals.tolist(), one.observation_attributes.get("OBS_STATUS", [None] * len(one.ordinals)), strict=True
        )
    }
    assert said == wanted


@given(st.lists(values.filter(lambda value: value is not None).map(_text), min_size=1))
def test_decimals_that_are_said_to_be_enough_are_enough(given_: list[str]) -> None:
    numbers_ = numbers_of(given_)
    decimals = decimals_of(numbers_.floats)
    for text, number in zip(given_, numbers_.floats.tolist(), strict=True):
        if decimals is not None and number == number:
            assert Decimal(int(np.rint(number * 10.0**decimals))).scaleb(-decimals) == Decimal(text)


@given(harvests())
def test_counts_count_the_values_that_are_there(series: list[Series]) -> None:
    wanted = {cell: Fraction(sum(1 for part in parts if part is not None)) for cell, parts in Plain(series).by_crop().items()}
    assert amounts(answered(over_provinces(Method.COUNT), batches_of(series))) == wanted


def rounded(number: Fraction) -> Fraction:
    return Fraction(ROUNDED.divide(Decimal(number.numerator), Decimal(number.denominator)))


@given(harvests())
def test_means_are_rounded_to_twelve_digits_halves_to_even(series: list[Series]) -> None:
    wanted = {
        cell: None if None in parts else rounded(_exactly([part for part in parts if part is not None]) / len(parts))
        for cell, parts in Plain(series).by_crop().items()
    }
    assert amounts(answered(over_provinces(Method.MEAN), batches_of(series))) == wanted


@given(harvests(), harvests(st.decimals(0, 10**6, places=2)))
def test_weighted_means_weigh_each_value_by_the_weight_of_the_same_province_and_period(
    figures: list[Series], weights: list[Series]
) -> None:
    rice = [one for one in figures if one.key[2] == "LUA"]
    area = [one for one in weights if one.key[2] == "NGO"]
    heavy = {(province, ordinal): value for province, _, ordinal, value in Plain(area).cells()}
    cells: dict[int, list[tuple[Decimal | None, Decimal | None]]] = {}
    for province, _, ordinal, value in Plain(rice).cells():
        cells.setdefault(ordinal, []).append((value, heavy.get((province, ordinal))))
    wanted = {("LUA", ordinal): _weighted(pairs) for ordinal, pairs in cells.items()}
    selection = select(
        world.STRUCTURE,
        {"CROP": ["LUA"]},
        aggregate=Aggregation(drop=("PROVINCE",), method=Method.WEIGHTED_MEAN, weight=Weight("CROP", "NGO")),
    )
    together = sorted([*rice, *area], key=lambda one: one.key)
    assert amounts(answered(selection, batches_of(together))) == wanted


def _weighted(pairs: list[tuple[Decimal | None, Decimal | None]]) -> Fraction | None:
    if any(value is None or weight is None for value, weight in pairs):
        return None
    total = sum(Fraction(weight or 0) for _, weight in pairs)
    return rounded(sum(Fraction(value or 0) * Fraction(weight or 0) for value, weight in pairs) / total) if total else None


@given(harvests(), st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_order_and_the_batches_the_parts_come_in_change_nothing(
    series: list[Series], chance: random.Random, size: int
) -> None:
    mixed = chance.sample(series, len(series))
    for method in (Method.SUM, Method.MEAN, Method.MAX):
        straight = answered(over_provinces(method), batches_of(series))
        assert amounts(answered(over_provinces(method), batches_of(mixed, size))) == amounts(straight)


@given(harvests())
def test_summing_by_steps_is_summing_at_once(series: list[Series]) -> None:
    at_once = select(world.STRUCTURE, aggregate=Aggregation(drop=("PROVINCE", "CROP")))
    total = amounts(answered(at_once, batches_of(series)))
    by_crop = amounts(answered(over_provinces(Method.SUM), batches_of(series)))
    steps: dict[tuple[str, int], Fraction | None] = {}
    for (_, ordinal), value in by_crop.items():
        before = steps.get(("Q", ordinal), Fraction(0))
        steps["Q", ordinal] = None if value is None or before is None else before + value
    assert total == steps


@given(harvests(), st.booleans(), st.sampled_from(Against))
def test_changes_compare_each_period_with_the_one_a_lag_before(series: list[Series], percent: bool, against: Against) -> None:
    lag = 1 if against == Against.PREVIOUS_PERIOD else 4
    found = answered(select(world.STRUCTURE, change=Change(against, percent)), batches_of(series))
    for one, result in zip(series, found, strict=True):
        known = dict(zip(one.ordinals.tolist(), one.values, strict=True))
        for ordinal, text in zip(result.ordinals.tolist(), result.values, strict=True):
            now, before = known[ordinal], known.get(ordinal - lag)
            assert (None if text is None else Fraction(text)) == _change(now, before, percent)


def _change(now: str | None, before: str | None, percent: bool) -> Fraction | None:
    if now is None or before is None:
        return None
    difference = Fraction(now) - Fraction(before)
    if not percent:
        return difference
    return rounded(difference * 100 / Fraction(before)) if Fraction(before) > 0 else None


@given(harvests())
def test_sorting_by_value_puts_the_last_values_in_order_and_what_has_none_last(series: list[Series]) -> None:
    found = answered(select(world.STRUCTURE, sort=[Sort("OBS_VALUE", descending=True)]), batches_of(series))
    last = [amounts([one])[one.key[-1], int(one.ordinals[-1])] for one in found]
    given_ = [value for value in last if value is not None]
    assert given_ == sorted(given_, reverse=True)
    assert last == given_ + [None] * (len(last) - len(given_))
    assert sorted(one.key for one in found) == sorted(one.key for one in series)


@given(st.lists(values, max_size=20))
def test_decimals_become_whole_numbers_and_back_without_losing_a_digit(given_: list[Decimal | None]) -> None:
    column = exact(numbers_of([_text(value) for value in given_]))
    back = decimal_texts(numbers(column))
    assert [None if text is None else Decimal(text) for text in back] == given_
    for whole, present, value in zip(column.values.tolist(), column.present.tolist(), given_, strict=True):
        assert present == (value is not None)
        assert value is None or Fraction(value) == Fraction(int(whole)) / 10**column.scale


@given(
    st.lists(st.tuples(st.integers(-(10**17), 10**17), st.integers(1, 10**17)), min_size=1, max_size=10),
    st.integers(-9, 9),
)
def test_quotients_follow_the_one_rule_of_rounding(pairs: list[tuple[int, int]], shift: int) -> None:
    above, below = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    found = decimal_texts(quotients(above, below, shift, np.ones(len(pairs), dtype=bool)))
    for text, (one, other) in zip(found, pairs, strict=True):
        assert text is not None
        assert Fraction(text) == rounded(Fraction(one, other) * Fraction(10) ** shift)


@pytest.mark.parametrize("near", [-1, 0, 1])
def test_a_half_in_the_thirteenth_digit_is_seen_for_what_it_is(near: int) -> None:
    above = np.array([1234567890123 * 10**6 * 5 + near, 2 * 1234567890125 + near], dtype=np.int64)
    below = np.array([10**6, 2], dtype=np.int64)
    found = decimal_texts(quotients(above, below, 0, np.ones(2, dtype=bool)))
    for text, one, other in zip(found, above.tolist(), below.tolist(), strict=True):
        assert text is not None and Fraction(text) == rounded(Fraction(one, other))


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    tenth = exact(numbers_of(["0.1", "0.2", "0.30000000000000004", "12345678901234567890.5"]))
    total = Exact(tenth.values[:2].sum(keepdims=True), tenth.scale, np.ones(1, dtype=bool), 10**40)
    assert decimal_texts(numbers(total)) == ["0.3"]


def test_big_counts_stay_whole() -> None:
    big = [replace(each, values=["9007199254740993"]) for each in _three()]
    (total,) = answered(over_provinces(Method.SUM), batches_of(big))
    assert total.values == ["27021597764222979"]


def _three() -> list[Series]:
    return [world.series(f"Q.{province}.LUA", {"2023-Q1": "1"}) for province in CODES]
