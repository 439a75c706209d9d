"""A batch of observations as JSON columns: what of it stands in an answer, ready for :mod:`registry.rendering`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import accumulate, chain
from typing import Any, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from registry import columns, rendering
from registry.columns import Batch, Numbers, spread
from registry.exact import decimal_texts
from registry.model import Structure
from registry.several import readable
from schema.attributes import AttributeColumn, code_table, value_table
from schema.columns import NULL, Coded, Field, Leaf, Many, Spoken, Table, each, edges, inner, strings, texts
from schema.context import Context
from schema.scalars import number

STATUS = "OBS_STATUS"

TableOf: TypeAlias = Callable[[Structure, Sequence[tuple[str, str]]], Table[Any]]


def _readable(batch: Batch, several: frozenset[str]) -> Batch:
    """Attributes with several values as people read them: here a value is one text."""

    def shown(held: Mapping[str, columns.Coded]) -> dict[str, columns.Coded]:
        return {
            name: columns.Coded(tuple(map(readable, one.texts)), one.codes) if name in several else one
            for name, one in held.items()
        }

    return replace(batch, attributes=shown(batch.attributes), series_attributes=shown(batch.series_attributes))


@dataclass
class Part:
    """Some series of an answer: m series with n observations."""

    structure: Structure
    batch: Batch

    def __post_init__(self) -> None:
        if self.structure.dsd.several:
            self.batch = _readable(self.batch, self.structure.dsd.several)

    def only(self, place: int) -> Part:
        """One series by itself."""
        return Part(self.structure, self.batch.take_series(slice(place, place + 1)))

    @cached_property
    def numbers(self) -> Numbers:
        """The values of the first measure."""
        found = self.batch.measures.get(self.structure.dsd.measures[0].id)
        return Numbers(np.full(self.batch.observations, np.nan)) if found is None else found

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
        columns = [inner(each) for each in self.batch.key]
        pieces = [b'"', *[b"."] * (len(columns) - 1), b'"'] if columns else [b'""']
        return rendering.rows(pieces, columns, self.batch.series_count)

    def counts(self) -> rendering.Column:
        return rendering.Floats(self.batch.counts.astype(np.float64))

    def codes(self) -> Many:
        """The code of each dimension of each series."""
        stack = Stack.of(self.structure.dsd.key, self.batch.key, self.batch.series_count)
        starts = np.arange(self.batch.series_count + 1, dtype=np.int64) * len(self.batch.key)
        members = partial(self._members, code_table, stack)
        return Many(starts, Coded(stack.codes.ravel(), members, stack.size))

    def attributes(self) -> Many:
        """The attributes of each observation that have a value."""
        return self._present(self.batch.attributes, self.batch.observations)

    def series_attributes(self) -> Many:
        return self._present(self.batch.series_attributes, self.batch.series_count)

    def _present(self, held: Mapping[str, columns.Coded], rows: int) -> Many:
        stack = Stack.of(tuple(held), tuple(held.values()), rows)
        given = stack.codes >= 0
        members = partial(self._members, value_table, stack)
        return Many(edges(given.sum(axis=1)), Coded(stack.codes[given], members, stack.size))

    def _members(self, table: TableOf, stack: Stack, codes: list[int]) -> Table[Any]:
        return table(self.structure, [stack.member(code) for code in codes])

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
        ids, codes, counts = tuple(self.batch.attributes), which.astype(np.int32), self.batch.counts[series]

        def make(row: int) -> AttributeColumn:
            of, id_ = int(series[row]), ids[which[row]]
            inside = slice(self.batch.starts[of], self.batch.starts[of + 1])
            values = self.batch.attributes[id_].take(inside).decoded()
            return AttributeColumn(structure=self.structure, id=id_, values=values)

        fields: dict[str, Callable[[], Field]] = {
            "id": lambda: Leaf(texts(columns.Coded(ids, codes))),
            "name": lambda: self._attribute_names(ids, codes),
            "values": lambda: Many(edges(counts), Leaf(self._attribute_texts(series, which, counts))),
        }
        return Table(len(which), make, fields)

    def _attribute_names(self, ids: tuple[str, ...], codes: NDArray[np.int32]) -> Spoken:
        def spoken(context: Context, lang: str | None = None) -> rendering.Column:
            return rendering.Codes(codes, each(context.text(self.structure.names(id_), lang) for id_ in ids).fragments, NULL)

        return Spoken(spoken)

    def _attribute_texts(
        self, series: NDArray[np.int64], which: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> rendering.Column:
        """The texts of each attribute column, one column after another."""
        held = tuple(self.batch.attributes.values())
        stack = Stack.of(tuple(self.batch.attributes), held, self.batch.observations)
        codes = stack.codes[spread(self.batch.starts[series], counts), np.repeat(which, counts)]
        return rendering.Codes(codes, [*chain(*(strings(column.texts) for column in held))], NULL)


@dataclass(frozen=True)
class Stack:
    """Dictionary-coded columns side by side with one numbering of all their texts.

    codes  int32[rows, columns], -1 is absent    before  the number of the first text of each column, and of the next one's
    """

    names: Sequence[str]
    held: Sequence[columns.Coded]
    codes: NDArray[np.int32]
    before: Sequence[int]

    @classmethod
    def of(cls, names: Sequence[str], held: Sequence[columns.Coded], rows: int) -> Stack:
        before = [0, *accumulate(len(column.texts) for column in held)]
        codes = np.empty((rows, len(held)), np.int32)
        for place, column in enumerate(held):
            codes[:, place] = np.where(column.codes < 0, -1, column.codes + before[place])
        return cls(names, held, codes, before)

    @property
    def size(self) -> int:
        return self.before[-1]

    def member(self, code: int) -> tuple[str, str]:
        """The name of the column and the text."""
        place = bisect_right(self.before, code) - 1
        return self.names[place], self.held[place].texts[code - self.before[place]]


def _json_number(text: str) -> bytes:
    known = number(text)
    return NULL if known is None else known.encode()
