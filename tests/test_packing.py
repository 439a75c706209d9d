"""Packing: whatever numbers go into a block come out equal, in the smallest encoding that can do it."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hub.merging import Drop, changed, join, merge, same, split, within, without
from hub.packing import FLOAT, MANTISSA, TEXT, Observations, pack, unpack
from registry.number import plain

NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e30"), max_value=Decimal("1e30")),
    st.integers(min_value=-(10**30), max_value=10**30).map(Decimal),
).map(lambda number: plain(f"{number:f}"))
TEXTS = st.text(max_size=5)


@st.composite
def observations(draw: st.DrawFn) -> Observations:
    ordinals = sorted(draw(st.sets(st.integers(min_value=0, max_value=5000), max_size=12)))
    count = len(ordinals)
    values = draw(st.lists(st.none() | NUMBERS, min_size=count, max_size=count))
    status = draw(st.lists(st.none() | TEXTS, min_size=count, max_size=count))
    return Observations(np.array(ordinals, dtype=np.int64), values, {"OBS_STATUS": status})


def as_dict(part: Observations) -> dict[int, tuple[str | None, str | None]]:
    status = part.attributes.get("OBS_STATUS") or [None] * len(part)
    return {at: (value, text) for at, value, text in zip(part.ordinals.tolist(), part.values, status, strict=True)}


def encoding(*values: str) -> int:
    found: int = pack(Observations(np.arange(len(values), dtype=np.int64), list(values)))["encoding"]
    return found


@given(observations())
def test_what_goes_in_comes_out(given: Observations) -> None:
    assert as_dict(unpack(pack(given))) == as_dict(given)


@given(NUMBERS)
def test_a_number_is_never_changed(text: str) -> None:
    (out,) = unpack(pack(Observations(np.array([5], dtype=np.int64), [text]))).values
    assert out is not None and Decimal(out) == Decimal(text)


def test_the_smallest_encoding_that_keeps_the_number_is_taken() -> None:
    assert encoding("116.65", "103.02090153599998") == FLOAT
    assert encoding("0.1", "12345678901234567.89"[:18]) == MANTISSA
    assert encoding("123456789012345678901234567890.123") == TEXT


def test_numbers_are_written_without_needless_signs() -> None:
    texts = ("1e3", "+5", "007", "1.50", "-0.0", "0.10", "-1.5E-3", "100")
    assert [plain(text) for text in texts] == ["1000", "5", "7", "1.5", "0", "0.1", "-0.0015", "100"]


@given(observations(), observations(), st.none() | st.tuples(st.integers(0, 5000), st.integers(0, 5000)))
def test_merging_is_taking_out_and_putting_on_top(old: Observations, new: Observations, drop: Drop | None) -> None:
    kept = {at: row for at, row in as_dict(old).items() if drop is None or not drop[0] <= at <= drop[1]}  # type: ignore[operator]
    assert as_dict(merge(old, new, drop)) == {**kept, **as_dict(new)}


@given(observations(), observations())
def test_what_changed_is_what_the_old_did_not_say(old: Observations, new: Observations) -> None:
    before = as_dict(old)
    assert as_dict(changed(old, new)) == {at: row for at, row in as_dict(new).items() if before.get(at) != row}
    assert same(old, new) == (as_dict(old) == as_dict(new))


@given(observations())
def test_blocks_put_together_are_the_series(whole: Observations) -> None:
    parts = [part for _, part in split("M", whole)]
    assert not parts or as_dict(join(parts)) == as_dict(whole)
    numbers = [number for number, _ in split("M", whole)]
    assert numbers == sorted(set(numbers))


@given(observations(), st.integers(0, 5000), st.integers(0, 5000))
def test_a_range_and_the_rest_are_the_whole(whole: Observations, low: int, high: int) -> None:
    inside, outside = as_dict(within(whole, low, max(low, high))), as_dict(without(whole, (low, max(low, high))))
    assert {**inside, **outside} == as_dict(whole) and not inside.keys() & outside.keys()
