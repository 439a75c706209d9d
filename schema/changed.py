"""Lines of what changed as GraphQL shows them, one by one or as whole columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import strawberry
from numpy.typing import NDArray

from registry import columns, rendering
from registry.answers import Difference, Differences
from registry.columns import Batch
from registry.comparison import Lines, unequal
from registry.model import Structure
from registry.several import readable
from schema.attributes import SeriesCode, names
from schema.changed_values import MeasureChange, Values
from schema.columns import Coded, Field, Leaf, Many, Spoken, Table, each, edges, texts
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Lang
from schema.parts import Part
from schema.scalars import Number, number

KINDS = tuple(kind.name.lower() for kind in Difference)


@strawberry.type(description="An attribute that is not as it was.")
class AttributeChange:
    structure: strawberry.Private[Structure]
    id: str
    old: str | None = strawberry.field(description="Null where it was not said.")
    new: str | None = strawberry.field(description="Null where it is not said any more.")

    @described("The name of the attribute.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)

    @described("The name of a coded value, else the value itself.")
    def old_name(self, info: Info, lang: Lang = None) -> str | None:
        return None if self.old is None else info.context.text(self.structure.code_names(self.id, self.old), lang)

    @described("The name of a coded value, else the value itself.")
    def new_name(self, info: Info, lang: Lang = None) -> str | None:
        return None if self.new is None else info.context.text(self.structure.code_names(self.id, self.new), lang)


Triple = tuple[str, str | None, str | None]
"""An attribute, its old and its new text."""


def attribute_change(structure: Structure, triple: Triple) -> AttributeChange:
    id_, old, new = triple
    return AttributeChange(structure=structure, id=id_, old=old, new=new)


@strawberry.type(
    description="One difference: an observation that was added, revised, deleted or described otherwise; without a period, "
    "a series whose own attributes changed."
)
class Change:
    shown: strawberry.Private[Shown]
    place: strawberry.Private[int]
    key: str = strawberry.field(description="The codes in key order, joined by dots.")
    period: str | None = strawberry.field(description="Null where the attributes of the whole series changed.")
    kind: str = strawberry.field(description="added, revised, deleted, or described: only attributes changed.")
    old_value: Number | None = strawberry.field(
        description="Of the first measure. Null too where there was no number; see `oldValueText`."
    )
    new_value: Number | None = strawberry.field(
        description="Of the first measure. Null too where there is no number; see `newValueText`."
    )
    old_value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")
    new_value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")

    @described("Every measure that has a value before or after, in the order of the structure.")
    def measures(self) -> list[MeasureChange]:
        return self.shown.values.of_line(self.place)

    @described("The code of each dimension, in key order.")
    def codes(self) -> list[SeriesCode]:
        structure = self.shown.structure
        pairs = zip(structure.dsd.key, self.shown.keys[self.place], strict=True)
        return [SeriesCode(structure=structure, dimension=dimension, id=id_) for dimension, id_ in pairs]

    @described("The attributes that changed.")
    def attributes(self) -> list[AttributeChange]:
        return [attribute_change(self.shown.structure, triple) for triple in self.shown.triples(self.place)]


@dataclass
class Shown:
    """Some lines of one batch of differences: n lines."""

    structure: Structure
    lines: Lines

    @cached_property
    def periods(self) -> columns.Coded:
        return self.lines.periods()

    @cached_property
    def old(self) -> Part:
        """What was before: each line as a series of its own, with one value."""
        return self._part(self.lines.differences.before)

    @cached_property
    def new(self) -> Part:
        return self._part(self.lines.differences.now)

    def _part(self, batch: Batch) -> Part:
        lines, measure = self.lines, self.structure.dsd.measures[0].id
        alone = Batch(
            key=tuple(column.take(lines.series) for column in batch.key),
            frequencies=batch.frequencies[lines.series],
            starts=np.arange(len(lines) + 1),
            ordinals=np.zeros(len(lines), np.int64),
            measures={measure: lines.measured(batch, measure)},
        )
        return Part(self.structure, alone)

    @cached_property
    def values(self) -> Values:
        return Values.of(self.structure, self.lines)

    @cached_property
    def keys(self) -> list[tuple[str, ...]]:
        return self.new.batch.keys()

    @cached_property
    def described(self) -> tuple[NDArray[np.int64], NDArray[np.int32], list[Triple]]:
        """Where the changed attributes of each line start (n + 1); which of the triples they are; each triple once."""
        known: dict[Triple, int] = {}
        found: list[tuple[int, int]] = []
        for name in self.lines.attributes():
            old, new = (self.lines.described(batch, name) for batch in (self._differences.before, self._differences.now))
            places = np.flatnonzero(unequal(old, new))
            pairs = zip(old.take(places).decoded(), new.take(places).decoded(), strict=True)
            triples = [(name, _read(was), _read(is_)) for was, is_ in pairs]
            codes = [known.setdefault(triple, len(known)) for triple in triples]
            found += zip(places.tolist(), codes, strict=True)
        found.sort(key=lambda each: each[0])
        counts = np.bincount([place for place, _ in found], minlength=len(self.lines)) if found else np.zeros(len(self.lines))
        return edges(counts.astype(np.int64)), np.array([code for _, code in found], np.int32), list(known)

    @property
    def _differences(self) -> Differences:
        return self.lines.differences

    def triples(self, place: int) -> list[Triple]:
        """The attributes of one line that changed."""
        starts, codes, known = self.described
        return [known[code] for code in codes[starts[place] : starts[place + 1]].tolist()]

    def make(self, place: int) -> Change:
        """One line by itself."""
        old, new, period = self.old.value_texts[place], self.new.value_texts[place], int(self.periods.codes[place])
        return Change(
            shown=self,
            place=place,
            key=".".join(self.keys[place]),
            period=self.periods.texts[period] if period >= 0 else None,
            kind=KINDS[int(self.lines.kinds[place]) - 1],
            old_value=number(old),
            new_value=number(new),
            old_value_text=old,
            new_value_text=new,
        )

    def table(self) -> Table[Change]:
        """All lines."""
        found: dict[str, Callable[[], Field]] = {
            "key": lambda: Leaf(self.new.keys()),
            "codes": self.new.codes,
            "period": lambda: Leaf(texts(self.periods)),
            "kind": lambda: Leaf(texts(columns.Coded(KINDS, (self.lines.kinds - 1).astype(np.int32)))),
            "oldValue": lambda: Leaf(self.old.numbers_as_json()),
            "newValue": lambda: Leaf(self.new.numbers_as_json()),
            "oldValueText": lambda: Leaf(self.old.numbers_as_texts()),
            "newValueText": lambda: Leaf(self.new.numbers_as_texts()),
            "measures": lambda: self.values.lists(),
            "attributes": self._attributes,
        }
        return Table(len(self.lines), self.make, found)

    def _attributes(self) -> Many:
        starts, codes, known = self.described
        members = partial(_members, self.structure, known)
        return Many(starts, Coded(codes, members, len(known)))


def _read(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _members(structure: Structure, known: Sequence[Triple], codes: list[int]) -> Table[AttributeChange]:
    triples = [known[code] for code in codes]
    found: dict[str, Callable[[], Field]] = {
        "id": lambda: Leaf(each(id_ for id_, _, _ in triples)),
        "old": lambda: Leaf(_or_null([old for _, old, _ in triples])),
        "new": lambda: Leaf(_or_null([new for _, _, new in triples])),
        "name": lambda: names([structure.names(id_) for id_, _, _ in triples]),
        "oldName": lambda: _names(structure, [(id_, old) for id_, old, _ in triples]),
        "newName": lambda: _names(structure, [(id_, new) for id_, _, new in triples]),
    }
    return Table(len(triples), lambda place: attribute_change(structure, triples[place]), found)


def _or_null(values: Sequence[str | None]) -> rendering.Codes:
    return texts(columns.Coded.of(values))


def _names(structure: Structure, members: Sequence[tuple[str, str | None]]) -> Spoken:
    def spoken(context: Context, lang: str | None = None) -> rendering.Column:
        said = (None if text is None else context.text(structure.code_names(id_, text), lang) for id_, text in members)
        return _or_null([*said])

    return Spoken(spoken)
