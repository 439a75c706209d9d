"""The text engine: whatever columns are put together, the compiled kernel and its twin in Python give the same bytes."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.number import plain_float
from registry.rendering import At, Codes, Column, Floats, Rendered, joined, lists, rows
from tests.engines import ENGINES, needs_kernel, rendered_by


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each engine in turn."""
    with rendered_by(request.param):
        yield


def ints(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def codes(*numbers: int) -> Any:
    return np.array(numbers, np.int32)


def test_a_row_is_pieces_with_columns_between_them(engine: None) -> None:
    period = Codes(codes(0, 1, -1), [b"2024", b"2025"], b"?")
    value = Floats(np.array([1.5, math.nan, -0.0]), b"<", b">", b"null")
    made = rows([b"{", b" ", b"}"], [period, value], 3)
    assert made.joined(b",") == b"{2024 <1.5>},{2025 null},{? <0>}"


def test_texts_are_listed_and_lists_are_columns_again(engine: None) -> None:
    observations = rows([b"", b""], [Floats(np.array([1.0, 2.0, 3.0]))], 3)
    listed = lists(observations, ints(0, 2, 2, 3), b"[", b",", b"]")
    heads = rows([b"", b"="], [Codes(codes(0, 1), [b"a", b"b"])], 2)
    series = rows([b"", b"", b""], [At(heads, ints(1, 0, 1)), listed], 3)
    assert series.joined(b"\n") == b"b=[1,2]\na=[]\nb=[3]"


def test_an_exception_stands_for_the_number_and_what_is_around_it(engine: None) -> None:
    column = Floats(np.array([math.nan, 0.1, 7.0]), b"<", b">", b"-", {0: b"12345678901234567890.123", 2: b"many"})
    assert rows([b"", b"."], [column], 3).joined() == b"12345678901234567890.123.<0.1>.many."


def test_rows_without_columns_and_columns_without_rows(engine: None) -> None:
    assert rows([b"{}"], [], 3).joined(b",") == b"{},{},{}"
    empty = rows([b"a", b"b"], [Floats(np.zeros(0))], 0)
    assert empty.joined(b",") == b"" and lists(empty, ints(0, 0), b"[", b",", b"]").joined() == b"[]"


doubles = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**9), 10**9, places=3).map(float),
    st.integers(-(10**18), 10**18).map(float),
    st.integers(0, 2**64 - 1).map(lambda bits: float(np.array([bits], np.uint64).view(np.float64)[0])).filter(math.isfinite),
    st.sampled_from([0.0, -0.0, 1e15, 1e16, 1e17, 1e11, 99999999999.9999, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 2.0**53]),
)


@given(st.lists(doubles, max_size=40))
def test_numbers_are_the_shortest_plain_decimals(engine: None, numbers: list[float]) -> None:
    made = rows([b"", b"\n"], [Floats(np.array(numbers, np.float64))], len(numbers))
    assert made.joined().decode().splitlines() == [plain_float(number) for number in numbers]


@dataclass
class Drawn:
    """A column, made by whichever engine is chosen, and the texts it must have."""

    make: Callable[[], Column]
    texts: list[bytes]


pieces = st.sampled_from([b"", b"{", b",", b'"v":', "số".encode(), b"0", b"null", b".0,"])


@st.composite
def columns(draw: st.DrawFn, count: int, depth: int = 2) -> Drawn:
    """A column of ``count`` texts of any kind, nested up to ``depth``."""
    kinds = [_codes, _floats, _at, _rows, _lists] if depth else [_codes, _floats]
    drawn: Drawn = draw(draw(st.sampled_from(kinds))(count, depth))
    return drawn


@st.composite
def _codes(draw: st.DrawFn, count: int, depth: int) -> Drawn:
    known = draw(st.lists(pieces, max_size=4))
    absent = draw(pieces)
    each = draw(st.lists(st.integers(-1, len(known) - 1), min_size=count, max_size=count))
    return Drawn(lambda: Codes(codes(*each), known, absent), [known[code] if code >= 0 else absent for code in each])


@st.composite
def _floats(draw: st.DrawFn, count: int, depth: int) -> Drawn:
    numbers = draw(st.lists(st.one_of(doubles, st.just(math.nan)), min_size=count, max_size=count))
    before, after, absent = draw(pieces), draw(pieces), draw(pieces)
    exceptions = draw(st.dictionaries(st.integers(0, count - 1), pieces, max_size=2)) if count else {}
    texts = [absent if math.isnan(each) else before + plain_float(each).encode() + after for each in numbers]
    for place, text in exceptions.items():
        texts[place] = text
    return Drawn(lambda: Floats(np.array(numbers, np.float64), before, after, absent, exceptions), texts)


@st.composite
def _at(draw: st.DrawFn, count: int, depth: int) -> Drawn:
    inside = draw(_rows(draw(st.integers(1, 4)), depth))
    places = draw(st.lists(st.integers(0, len(inside.texts) - 1), min_size=count, max_size=count))
    return Drawn(lambda: At(_made(inside), ints(*places)), [inside.texts[place] for place in places])


@st.composite
def _rows(draw: st.DrawFn, count: int, depth: int) -> Drawn:
    parts = draw(st.lists(columns(count, depth - 1), max_size=3))
    around = draw(st.lists(pieces, min_size=len(parts) + 1, max_size=len(parts) + 1))
    texts = []
    for place in range(count):
        texts.append(around[0] + b"".join(part.texts[place] + piece for part, piece in zip(parts, around[1:], strict=True)))
    return Drawn(lambda: rows(around, [part.make() for part in parts], count), texts)


@st.composite
def _lists(draw: st.DrawFn, count: int, depth: int) -> Drawn:
    edges = sorted(draw(st.lists(st.integers(0, 5), min_size=count + 1, max_size=count + 1)))
    inside = draw(_rows(edges[-1], depth))
    opening, separator, closing = draw(pieces), draw(pieces), draw(pieces)
    texts = [opening + separator.join(inside.texts[start:end]) + closing for start, end in pairwise(edges)]
    return Drawn(lambda: lists(_made(inside), ints(*edges), opening, separator, closing), texts)


def _made(drawn: Drawn) -> Rendered:
    made: Any = drawn.make()
    return made  # type: ignore[no-any-return]


@given(st.integers(0, 5).flatmap(lambda count: _rows(count, 2)), pieces)
def test_any_composition_gives_the_texts_it_says(engine: None, drawn: Drawn, separator: bytes) -> None:
    made = _made(drawn)
    assert len(made) == len(drawn.texts)
    assert made.joined(separator) == separator.join(drawn.texts)


def test_parts_are_joined_as_if_they_were_one(engine: None) -> None:
    one, two, none = rows([b"a"], [], 2), rows([b"b"], [], 1), rows([b"c"], [], 0)
    assert joined([one, none, two], b",", b"[", b"]") == b"[a,a,b]"
    assert joined([none], b",", b"[", b"]") == joined([], b",", b"[", b"]") == b"[]"


def test_many_texts_are_made_as_few_are(engine: None) -> None:
    """Large results are written without the interpreter's lock."""
    numbers = np.arange(30_000) / 8
    made = rows([b"v", b";"], [Floats(numbers)], len(numbers))
    assert made.joined() == b"".join(b"v%s;" % plain_float(number).encode() for number in numbers.tolist())


ONE = Codes(codes(0), [b"a"])
WRONG: dict[str, Callable[[], object]] = {
    "a piece too few": lambda: rows([b"a"], [ONE], 1),
    "a column too short": lambda: rows([b"", b""], [ONE], 2),
    "a code beyond its texts": lambda: rows([b"", b""], [Codes(codes(1), [b"a"])], 1).joined(),
    "a code below absence": lambda: rows([b"", b""], [Codes(codes(-2), [b"a"])], 1).joined(),
    "a place beyond its texts": lambda: rows([b"", b""], [At(rows([b"a"], [], 1), ints(1))], 1).joined(),
    "a place below the first": lambda: rows([b"", b""], [At(rows([b"a"], [], 1), ints(-1))], 1).joined(),
    "an exception outside": lambda: rows([b"", b""], [Floats(np.zeros(1), exceptions={1: b"a"})], 1).joined(),
    "an infinite number": lambda: rows([b"", b""], [Floats(np.array([math.inf]))], 1).joined(),
    "lists that begin nowhere": lambda: lists(rows([b"a"], [], 2), ints(), b"", b"", b""),
    "lists that descend": lambda: lists(rows([b"a"], [], 2), ints(0, 2, 1), b"", b"", b""),
    "lists that go beyond": lambda: lists(rows([b"a"], [], 2), ints(0, 3), b"", b"", b""),
    "lists from before the first": lambda: lists(rows([b"a"], [], 2), ints(-1, 2), b"", b"", b""),
    "codes of another size": lambda: Codes(ints(0), [b"a"]),
    "numbers of another size": lambda: Floats(np.zeros(1, np.float32)),
    "numbers in a table": lambda: Floats(np.zeros((1, 1))),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_refused(engine: None, wrong: Callable[[], object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        wrong()


@needs_kernel
def test_the_kernel_checks_what_it_is_given_itself() -> None:
    """Its memory does not depend on the checks before it."""
    from registry import _kernel

    one: Any = _kernel.codes(codes(0), [b"a"], b"")
    unaligned = np.frombuffer(b"\0" * 17, np.uint8)[1:].view(np.float64)
    calls: list[Callable[[], object]] = [
        lambda: _kernel.codes(ints(0), [b"a"], b""),
        lambda: _kernel.codes(codes(0)[None], [b"a"], b""),
        lambda: _kernel.codes(codes(0, 0, 0)[::2], [b"a"], b""),
        lambda: _kernel.codes(codes(0), ["a"], b""),  # type: ignore[list-item]
        lambda: _kernel.floats(unaligned, b"", b"", b"", {}),
        lambda: _kernel.floats(np.zeros(1), b"", b"", "", {}),  # type: ignore[arg-type]
        lambda: _kernel.floats(np.zeros(1), b"", b"", b"", {0: 1}),  # type: ignore[dict-item]
        lambda: _kernel.floats(np.zeros(1), b"", b"", b"", {"a": b""}),  # type: ignore[dict-item]
        lambda: _kernel.rows([b""], (one,), 1),
        lambda: _kernel.rows([b"", b""], (one,), 2),
        lambda: _kernel.rows([b"", b""], (ONE,), 1),  # type: ignore[arg-type]
        lambda: _kernel.rows([b"aa"], (), 2**62),
        lambda: _kernel.rows([b""], (), -1),
        lambda: _kernel.lists(one, ints(0, 2), b"", b"", b""),
        lambda: _kernel.lists(one, ints(1, 0), b"", b"", b""),
        lambda: _kernel.lists(one, ints(), b"", b"", b""),
        lambda: _kernel.at(one, ints(1)),
        lambda: one.joined("a"),
        lambda: _kernel.joined((one, 1), b"", b"", b""),  # type: ignore[arg-type]
        lambda: _kernel.joined((one,), b"", b"", ""),  # type: ignore[arg-type]
        lambda: type(one)(),
        lambda: _deep(one),
    ]
    for call in calls:
        with pytest.raises((ValueError, TypeError, OverflowError, BufferError)):
            call()


def _deep(one: Any) -> object:
    from registry import _kernel

    for _ in range(100_000):
        one = _kernel.rows([b"", b""], (one,), 1)
    return one


@pytest.mark.parametrize("setting", ["off", pytest.param("", marks=needs_kernel)])
def test_the_kernel_can_be_turned_off(setting: str) -> None:
    command = [sys.executable, "-c", "from registry import rendering; print(type(rendering.ENGINE).__name__)"]
    chosen = subprocess.run(command, env={**os.environ, "HUB_KERNEL": setting}, capture_output=True, text=True, check=True)
    assert chosen.stdout.strip() == ("Twin" if setting else "Kernel")
