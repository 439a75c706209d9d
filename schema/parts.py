"""A batch of observations as JSON columns: what of it stands in an answer, ready for :mod:`registry.rendering`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain
from typing import TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray

from registry import columns, rendering
from registry.columns import Batch, Numbers, spread
from registry.exact import decimal_texts
from registry.model import Structure
from schema.attributes import AttributeColumn, AttributeValue, SeriesCode
from schema.columns import NULL, Alike, Coded, Field, Leaf, Many, Table, strings, texts
from schema.scalars import number

STATUS = "OBS_STATUS"

T = TypeVar("T")


@dataclass
class Part:
    """Some series of an answer: m series with n observations."""

    structure: Structure
    batch: Batch

    def only(self, place: int) -> Part:
        """One series by itself."""
        return Part(self.structure, self.batch.take_series(slice(place, place + 1)))

    @cached_property
    def numbers(self) -> Numbers:
        """The values of the first measure."""
        absent = Numbers(np.full(self.batch.observations, np.nan))
        return self.batch.measures.get(self.structure.dsd.measures[0].id, absent)

    @cached_property
    def periods(self) -> columns.Coded:
        return self.batch.periods()

    @cached_property
    def statuses(self) -> columns.Coded:
        return self.batch.attributes.get(STATUS) or columns.Coded.constant(None, self.batch.observations)

    @cached_property
    def value_texts(self) -> list[str | None]:
        return decimal_texts(self.numbers)

    def period_texts(self) -> rendering.Column:
        return texts(self.periods)

    def status_texts(self) -> rendering.Column:
        return texts(self.statuses)

    def numbers_as_json(self) -> rendering.Column:
        """JSON numbers with all their digits; null where the value is none."""
        return rendering.Floats(self.numbers.floats, absent=NULL, exceptions=self._exceptions(_json_number))

    def numbers_as_texts(self) -> rendering.Column:
        return rendering.Floats(self.numbers.floats, b'"', b'"', NULL, self._exceptions(orjson.dumps))

    def _exceptions(self, written: Callable[[str], bytes]) -> dict[int, bytes]:
        exact = self.numbers.texts
        if exact is None:
            return {}
        return {place: written(exact[place]) for place in np.flatnonzero(exact != None).tolist()}  # noqa: E711 - elementwise

    def keys(self) -> rendering.Column:
        """The codes of each series joined by dots."""
        columns = [rendering.Codes(each.codes, [text[1:-1] for text in strings(each.texts)]) for each in self.batch.key]
        pieces = [b'"', *[b"."] * (len(columns) - 1), b'"'] if columns else [b'""']
        return rendering.rows(pieces, columns, self.batch.series_count)

    def counts(self) -> rendering.Column:
        return rendering.Floats(self.batch.counts.astype(np.float64))

    def codes(self) -> Many:
        """The code of each dimension of each series."""

        def member(dimension: int, code: str) -> SeriesCode:
            return SeriesCode(structure=self.structure, dimension=self.structure.dsd.key[dimension], id=code)

        rows = self.batch.series_count
        return Many(np.arange(rows + 1, dtype=np.int64) * len(self.batch.key), stacked(self.batch.key, rows, member))

    def attributes(self) -> Many:
        """The attributes of each observation that have a value."""
        return self._present(self.batch.attributes, self.batch.observations)

    def series_attributes(self) -> Many:
        return self._present(self.batch.series_attributes, self.batch.series_count)

    def _present(self, held: Mapping[str, columns.Coded], rows: int) -> Many:
        names = tuple(held)

        def member(place: int, value: str) -> AttributeValue:
            return AttributeValue(structure=self.structure, id=names[place], value=value)

        coded = stacked(tuple(held.values()), rows, member)
        given = coded.codes >= 0
        starts = edges(given.reshape(rows, len(names)).sum(axis=1))
        return Many(starts, replace(coded, codes=coded.codes[given]))

    def attribute_columns(self) -> Many:
        """For each series, each attribute that one of its observations has."""
        starts = self.batch.starts
        held = np.zeros((self.batch.series_count, len(self.batch.attributes)), bool)
        for place, column in enumerate(self.batch.attributes.values()):
            before = edges(column.codes >= 0)
            held[:, place] = before[starts[1:]] > before[starts[:-1]]
        series, which = np.nonzero(held)
        return Many(edges(held.sum(axis=1)), self._attribute_columns(series, which))

    def _attribute_columns(self, series: NDArray[np.int64], which: NDArray[np.int64]) -> Table[AttributeColumn]:
        """The attribute ``which[i]`` of the series ``series[i]``, for each i."""
        names, codes, counts = tuple(self.batch.attributes), which.astype(np.int32), self.batch.counts[series]

        def member(name: int) -> AttributeColumn:
            return AttributeColumn(structure=self.structure, id=names[name], values=[])

        def make(row: int) -> AttributeColumn:
            of, name = int(series[row]), names[which[row]]
            inside = slice(self.batch.starts[of], self.batch.starts[of + 1])
            values = self.batch.attributes[name].take(inside).decoded()
            return AttributeColumn(structure=self.structure, id=name, values=values)

        fields: dict[str, Callable[[], Field]] = {
            "id": lambda: Leaf(texts(columns.Coded(names, codes))),
            "name": lambda: Alike(codes, member, len(names)),
            "values": lambda: Many(edges(counts), Leaf(self._attribute_texts(series, which, counts))),
        }
        return Table(len(which), make, fields)

    def _attribute_texts(
        self, series: NDArray[np.int64], which: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> rendering.Column:
        """The texts of each attribute column, one column after another."""
        held = tuple(self.batch.attributes.values())
        stack = stacked(held, self.batch.observations, lambda _place, text: text)
        places = spread(self.batch.starts[series], counts) * max(len(held), 1) + np.repeat(which, counts)
        return rendering.Codes(stack.codes[places], [*chain(*(strings(column.texts) for column in held))], NULL)


def stacked(held: Sequence[columns.Coded], rows: int, member: Callable[[int, str], T]) -> Coded:
    """Columns side by side, row by row; ``member`` makes an object of the place of a column and one of its texts."""
    before = [0, *accumulate(len(column.texts) for column in held)]

    def made(code: int) -> T:
        place = bisect_right(before, code) - 1
        return member(place, held[place].texts[code - before[place]])

    codes = np.empty((rows, len(held)), np.int32)
    for place, column in enumerate(held):
        codes[:, place] = np.where(column.codes < 0, -1, column.codes + before[place])
    return Coded(codes.ravel(), made, before[-1])


def edges(counts: NDArray[np.integer] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where each of the lists of these lengths starts, and where the last ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _json_number(text: str) -> bytes:
    known = number(text)
    return NULL if known is None else known.encode()
