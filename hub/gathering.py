"""Series of a vintage to a batch, column by column: the observations are taken out of the runs of tiles that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.cutting import Part, Rows, Span, groups_of, parts_of
from hub.runs import Runs
from hub.tiles import Measured
from hub.vintages import Vintage
from registry.columns import Batch, Coded, Numbers, or_none
from registry.exact import SAFE
from registry.period import PeriodRange

FEW = 2
"""Series of a chunk that are cut out of its tiles one by one when it is first asked."""


def gather(vintage: Vintage, runs: Runs, rows: Rows, periods: PeriodRange, counting: bool = False) -> Batch:
    """The observations of these series in these periods; a series may be left without any. ``counting``: for a calculation,
    which wants to know the decimals of the numbers."""
    groups = [group for group in groups_of(vintage, rows, periods) if group.ids]
    few = [group.size <= FEW for group in groups]
    held = runs.loose([(group.ids, group.whole) for group in groups], few)
    parts, starts = parts_of(groups, held, len(rows))
    count = int(starts[-1])
    key = tuple(column.take(rows.series) for column in vintage.key)
    span = _span(parts, len(rows), count)
    ordinals = _ordinals(parts, count) if span is None else _of_all(span, len(rows))
    return Batch(
        key=key,
        frequencies=rows.frequencies,
        starts=starts,
        ordinals=ordinals,
        measures={name: _numbers(parts, name, count, counting) for name in _names(part.tile.measures for part in parts)},
        attributes={name: _coded(parts, name, count) for name in _names(part.tile.attributes for part in parts)},
        series_attributes=_described(vintage, rows.series, key),
        each=None if span is None else ordinals[: span[1]],
    )


def _names(columns: Iterator[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for each in columns for name in each))


Column = Callable[[Part], NDArray[Any] | None]
"""A column of the run of a part, if it has it."""


def _placed(parts: list[Part], count: int, column: Column, absent: Any) -> NDArray[Any]:
    """What each part wants of a column at the places where it belongs, ``absent`` at the others. What one part gives is all
    there is."""
    found = [(part, held) for part in parts if (held := column(part)) is not None]
    if len(found) == 1 and found[0][0].size == count:
        return found[0][0].cut(found[0][1])
    everywhere = sum(part.size for part, _ in found) == count
    kind = np.result_type(*{held.dtype for _, held in found}) if found else np.asarray(absent).dtype
    made = np.empty(count, kind) if everywhere else np.full(count, absent, kind)
    for part, held in found:
        part.lay(held, made)
    return made


def _span(parts: list[Part], rows: int, count: int) -> Span | None:
    """The periods of every series, where they are those of all parts and each series is in one of these."""
    spans = {part.following() for part in parts}
    span = spans.pop() if len(spans) == 1 else None
    return None if span is None or count != rows * span[1] else span


def _of_all(span: Span, rows: int) -> NDArray[np.int64]:
    """The periods of so many series that have the same ones."""
    return _ascending(*span, 1 << (rows - 1).bit_length())[: rows * span[1]]


@lru_cache(maxsize=4)
def _ascending(first: int, count: int, rows: int) -> NDArray[np.int64]:
    """Kept, because most batches of an answer have the same periods: made each time they would take the room in the
    processor's cache that the values need."""
    found = np.tile(np.arange(first, first + count), rows)
    found.flags.writeable = False
    return found


def _ordinals(parts: list[Part], count: int) -> NDArray[np.int64]:
    made = np.empty(count, np.int64)
    for part in parts:
        made[part.target] = part.ordinals()
    return made


def _numbers(parts: list[Part], name: str, count: int, counting: bool) -> Numbers:
    columns = [part.tile.measures[name] for part in parts if name in part.tile.measures]
    floats = _placed(parts, count, lambda part: held.floats if (held := part.measured(name)) else None, np.nan)
    texts = None
    if any(column.texts for column in columns):
        texts = or_none(_placed(parts, count, lambda part: held.exact() if (held := part.measured(name)) else None, None))
    return Numbers(floats, texts, _scale(columns) if counting else None)


def _scale(columns: list[Measured]) -> tuple[int, float] | None:
    """The decimals that are enough for all and how far the furthest is from 0, if that then still is a sure number."""
    scales = [scale for column in columns if (scale := column.scale) is not None]
    if len(scales) < len(columns) or not scales:
        return None
    most, peak = max(decimals for decimals, _ in scales), max(peak for _, peak in scales)
    return (most, peak) if peak * 10.0**most < SAFE else None


def _coded(parts: list[Part], name: str, count: int) -> Coded:
    held = [part.tile.attributes[name] for part in parts if name in part.tile.attributes]
    known = dict.fromkeys(text for texts in dict.fromkeys(texts for texts, _ in held) for text in texts)
    if all(texts == held[0][0] for texts, _ in held):
        # Nearly all runs have the same dictionary, and their codes need no translation.
        codes = _placed(parts, count, lambda part: part.tile.attributes[name][1] if name in part.tile.attributes else None, 0)
        codes = codes.astype(np.int32)
        codes -= 1
        return Coded(tuple(known), codes)
    number = {text: code for code, text in enumerate(known)}
    tables = {texts: np.array([-1, *(number[text] for text in texts)], np.int32) for texts, _ in held}
    made = np.full(count, -1, np.int32)
    for part in parts:
        if name in part.tile.attributes:
            texts, local = part.tile.attributes[name]
            made[part.target] = tables[texts][part.cut(local)]
    return Coded(tuple(known), made)


def _described(vintage: Vintage, series: NDArray[np.int64], key: tuple[Coded, ...]) -> dict[str, Coded]:
    """Series attributes, and those of groups for the series that have none of their own."""
    found = {name: column.take(series) for name, column in vintage.labels.items()}
    for places, stated in vintage.groups.items():
        for name, column in _grouped([key[place] for place in places], stated, len(series)).items():
            found[name] = _over(found[name], column) if name in found else column
    return {name: column for name, column in found.items() if (column.codes >= 0).any()}


def _grouped(columns: list[Coded], stated: Mapping[tuple[str, ...], Mapping[str, str]], count: int) -> dict[str, Coded]:
    codes = np.stack([column.codes for column in columns]) if columns else np.zeros((1, count), np.int32)
    distinct, which = np.unique(codes, axis=1, return_inverse=True)
    keys = [tuple(column.texts[code] for column, code in zip(columns, one, strict=False)) for one in distinct.T.tolist()]
    said = [stated.get(key, {}) for key in keys]
    names = dict.fromkeys(name for values in said for name in values)
    return {name: Coded.of([values.get(name) for values in said]).take(which.reshape(-1)) for name in names}


def _over(own: Coded, other: Coded) -> Coded:
    """``own``, and ``other`` where it is absent."""
    texts = dict.fromkeys((*own.texts, *other.texts))
    number = {text: code for code, text in enumerate(texts)}
    table = np.array([*(number[text] for text in other.texts), -1], np.int32)
    return Coded(tuple(texts), np.where(own.codes >= 0, own.codes, table[other.codes]).astype(np.int32))


def limited(batch: Batch, first: int | None, last: int | None) -> Batch:
    """Of each series only the first and the last so many observations."""
    if not first and not last:
        return batch
    place = np.arange(batch.observations) - np.repeat(batch.starts[:-1], batch.counts)
    left = np.repeat(batch.counts, batch.counts) - place
    return batch.keep((place < (first or 0)) | (left <= (last or 0)))
