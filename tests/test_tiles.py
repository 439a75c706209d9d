"""Tiles: whatever goes into one comes out equal, whole or in a run; and what drafts do with them, against a plain dict."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cells import SERIES, SPANS, Cells, emptied, inside, put, tidy, without
from hub.cutting import Rows
from hub.gathering import gather
from hub.packing import pack, smallest, unpack
from hub.runs import following
from hub.tiles import decode, encode
from registry.columns import Coded
from registry.errors import Conflict
from registry.exact import decimal_texts, numbers_of, texts_of
from registry.number import plain
from registry.period import Period, PeriodRange
from registry.raw import Action

NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e30"), max_value=Decimal("1e30")),
    st.integers(min_value=-(10**30), max_value=10**30).map(Decimal),
    st.floats(allow_nan=False, allow_infinity=False).map(Decimal),
).map(lambda number: plain(f"{number:f}"))
FLAGS = st.none() | st.sampled_from(("A", "P", "Ước tính", ""))
Cell = tuple[int, int]
Said = dict[Cell, tuple[str | None, str | None]]
"""(slot, ordinal) -> value and flag."""

SAID = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(24000, 24011)), st.tuples(st.none() | NUMBERS, FLAGS), max_size=12
)


def cells(said: Said) -> Cells:
    values, flags = [value for value, _ in said.values()], [flag for _, flag in said.values()]
    slots, ordinals = (np.array([cell[place] for cell in said], np.int64) for place in (0, 1))
    return tidy(Cells(slots, ordinals, {"OBS_VALUE": numbers_of(values)}, {"FLAG": Coded.of(flags)}))


def said(found: Cells) -> Said:
    values = decimal_texts(found.measures["OBS_VALUE"]) if found.measures else [None] * len(found)
    flags = found.attributes["FLAG"].decoded() if found.attributes else [None] * len(found)
    keys = zip(found.slots.tolist(), found.ordinals.tolist(), strict=True)
    return dict(zip(keys, zip(values, flags, strict=True), strict=True))


@given(SAID)
def test_what_goes_into_a_tile_comes_out(given: Said) -> None:
    row = encode("M", 2000, cells(given))
    assert said(decode("M", 2000, row["content"]).cells()) == given
    assert row["count"] == len(given)


@given(st.lists(NUMBERS))
def test_a_number_is_never_changed(given: list[str]) -> None:
    out = decimal_texts(numbers_of(given))
    assert [Decimal(text or "NaN") for text in out] == [Decimal(text) for text in given]


@given(st.lists(st.none() | st.text()))
def test_a_text_is_never_changed(given: list[str | None]) -> None:
    assert decimal_texts(texts_of(given)) == given


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "0x10", " 5", "Ước tính"])
def test_what_is_no_number_stays_a_text(text: str) -> None:
    assert decimal_texts(numbers_of([text, "1"]))[0] in (text, plain(text))


@given(SAID)
def test_equal_content_has_equal_bytes(given: Said) -> None:
    """So that a draft which says nothing new is seen to say nothing new."""
    backwards = dict(reversed(given.items()))
    assert encode("M", 2000, cells(given)) == encode("M", 2000, cells(backwards))


@given(SAID, SAID, SAID)
def test_a_run_is_its_tiles(one: Said, two: Said, three: Said) -> None:
    """Tiles with other slots, attributes and gaps than their neighbours give the same observations together."""
    parts = [
        {(slot, at + 12 * number): both for (slot, at), both in each.items()} for number, each in enumerate((one, two, three))
    ]
    tiles = [decode("M", 2000 + n, encode("M", 2000 + n, cells(part))["content"]) for n, part in enumerate(parts)]
    run = following(tiles)
    everything = {cell: both for part in parts for cell, both in part.items()}
    assert said(run.cells()) == everything
    for low, high in ((None, None), (24005, 24017), (24012, None), (None, 24000), (23000, 23001)):
        begin, end = run.within(low, high)
        wanted = [at for at in everything if (low is None or at[1] >= low) and (high is None or at[1] <= high)]
        assert int((end - begin).sum()) == len(wanted)


@given(SAID, SAID)
def test_replacing_takes_whole_observations(old: Said, new: Said) -> None:
    assert said(put(cells(old), cells(new), Action.REPLACE)) == {**old, **new}


@given(SAID, SAID)
def test_merging_takes_what_is_stated(old: Said, new: Said) -> None:
    expected = dict(old)
    for cell, (value, flag) in new.items():
        before = old.get(cell, (None, None))
        expected[cell] = (before[0] if value is None else value, before[1] if flag is None else flag)
    assert said(put(cells(old), cells(new), Action.MERGE)) == expected


@given(SAID, SAID)
def test_appending_adds_and_never_changes(old: Said, new: Said) -> None:
    if old.keys() & new.keys():
        with pytest.raises(Conflict, match="there already"):
            put(cells(old), cells(new), Action.APPEND)
    else:
        assert said(put(cells(old), cells(new), Action.APPEND)) == {**old, **new}


@given(SAID, st.integers(24000, 24011), st.integers(24000, 24011), st.sets(st.integers(0, 4)))
def test_taking_out_periods_of_some_series(old: Said, low: int, high: int, slots: set[int]) -> None:
    chosen = np.array(sorted(slots), np.int64)
    gone = {cell for cell in old if cell[0] in slots and low <= cell[1] <= high}
    assert said(without(cells(old), (low, high), chosen)) == {cell: both for cell, both in old.items() if cell not in gone}
    where = inside(cells(old), (low, high), chosen)
    unsaid = {cell: (both[0], None) if cell in gone else both for cell, both in old.items()}
    assert said(emptied(cells(old), where, frozenset({"FLAG"}))) == unsaid


@given(st.dictionaries(st.text(max_size=5), st.lists(st.integers(0, 2**40), max_size=9), max_size=3))
def test_columns_as_bytes(given: dict[str, list[int]]) -> None:
    facts, arrays = unpack(pack({"x": [1, None]}, {name: smallest(np.array(each, np.int64)) for name, each in given.items()}))
    assert facts == {"x": [1, None]}
    assert {name: array.tolist() for name, array in arrays.items()} == given


def test_a_block_is_short_enough_to_append_to() -> None:
    assert SPANS["M"] == 12 and SPANS["Q"] == 16


EVEN = st.tuples(st.integers(1, 4), st.integers(0, 11), st.integers(1, 12)).flatmap(
    lambda shape: st.lists(
        st.tuples(st.none() | NUMBERS, FLAGS),
        min_size=shape[0] * min(shape[2], 12 - shape[1]),
        max_size=shape[0] * min(shape[2], 12 - shape[1]),
    ).map(lambda cells: _table(cells, shape[0], 24000 + shape[1]))
)
"""Tiles whose slots all have the same periods, which are cut as tables."""


def _table(cells: list[tuple[str | None, str | None]], slots: int, first: int) -> Said:
    width = len(cells) // slots
    return {(place // width, first + place % width): cell for place, cell in enumerate(cells)}


@given(st.lists(SAID | EVEN, min_size=1, max_size=3), st.data())
def test_what_is_gathered_is_what_the_tiles_say(chunks: list[Said], data: st.DataObject) -> None:
    """Of any series in any order, from chunks that have other periods and other words than each other."""
    rows = data.draw(st.permutations([chunk * SERIES + slot for chunk in range(len(chunks)) for slot in range(5)]))
    rows = rows[: data.draw(st.integers(1, len(rows)))]
    low, high = sorted(data.draw(st.lists(st.integers(23998, 24013), min_size=2, max_size=2)))
    tiles = {number: (decode("M", 2000, encode("M", 2000, cells(each))["content"]),) for number, each in enumerate(chunks)}
    batch = gather(
        SimpleNamespace(key=(), labels={}, groups={}, tiles=lambda _f, chunk, _low, _high: ((chunk,), (chunk,))),  # type: ignore[arg-type]
        SimpleNamespace(loose=lambda wanted, _few: [tiles[chunk] for (chunk,), _ in wanted]),  # type: ignore[arg-type]
        Rows(np.array(rows), np.full(len(rows), "M")),
        PeriodRange(Period("M", low), Period("M", high)),
    )
    wanted = [
        (number, ordinal, said)
        for number in rows
        for (slot, ordinal), said in sorted(chunks[number // SERIES].items(), key=lambda each: each[0])
        if slot == number % SERIES and low <= ordinal <= high
    ]
    values = decimal_texts(batch.measures["OBS_VALUE"]) if batch.measures else [None] * len(wanted)
    flags = batch.attributes["FLAG"].decoded() if batch.attributes else [None] * len(wanted)
    owners, ordinals = np.array(rows)[batch.series_of].tolist(), batch.ordinals.tolist()
    assert list(zip(owners, ordinals, zip(values, flags, strict=True), strict=True)) == wanted
    assert batch.each is None or np.array_equal(batch.ordinals.reshape(len(rows), -1), [batch.each] * len(rows))
