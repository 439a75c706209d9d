"""The values on lines of what changed, measure by measure, one by one or as whole columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import strawberry
from numpy.typing import NDArray

from registry import columns, rendering
from registry.columns import Batch, Numbers, concatenated_numbers
from registry.comparison import Lines
from registry.model import Structure
from schema.columns import Field, Leaf, Many, Spoken, Table, edges, strings, texts
from schema.context import Context, Info
from schema.fields import described
from schema.metadata import Lang
from schema.parts import Part
from schema.scalars import Number, number


@strawberry.type(description="What was measured before and after; the same twice where something else changed.")
class MeasureChange:
    structure: strawberry.Private[Structure]
    id: str
    old_value: Number | None = strawberry.field(description="Null too where there was no number; see `oldValueText`.")
    new_value: Number | None = strawberry.field(description="Null too where there is no number; see `newValueText`.")
    old_value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")
    new_value_text: str | None = strawberry.field(description="The value as decimal text, with every digit.")

    @described("The name of the measure.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)


@dataclass(frozen=True)
class Values:
    """The measures that have a value before or after: of n lines those of line i at ``starts[i]:starts[i + 1]``.

    measures  int32[m]: which measure of the structure          old, new  m values
    """

    structure: Structure
    starts: NDArray[np.int64]
    measures: NDArray[np.int32]
    old: Part
    new: Part

    @classmethod
    def of(cls, structure: Structure, lines: Lines) -> Values:
        """Line by line, in each by the order of the structure."""
        ids, found = [part.id for part in structure.dsd.measures], lines.differences
        old, new = (concatenated_numbers([lines.measured(batch, id_) for id_ in ids]) for batch in (found.before, found.now))
        there = (old.present | new.present).reshape(len(ids), len(lines)).T
        in_turn = np.arange(there.size).reshape(len(ids), len(lines)).T
        places, measures = in_turn[there], np.nonzero(there)[1].astype(np.int32)
        halves = (Part(structure, alone(structure, values.take(places))) for values in (old, new))
        return cls(structure, edges(there.sum(axis=1)), measures, *halves)

    def make(self, place: int) -> MeasureChange:
        """One measure by itself."""
        old, new = self.old.value_texts[place], self.new.value_texts[place]
        return MeasureChange(
            structure=self.structure,
            id=self.structure.dsd.measures[int(self.measures[place])].id,
            old_value=number(old),
            new_value=number(new),
            old_value_text=old,
            new_value_text=new,
        )

    def of_line(self, line: int) -> list[MeasureChange]:
        return [self.make(place) for place in range(int(self.starts[line]), int(self.starts[line + 1]))]

    def lists(self) -> Many:
        """Those of all lines."""
        found: dict[str, Callable[[], Field]] = {
            "id": lambda: Leaf(texts(columns.Coded(self._ids, self.measures))),
            "name": lambda: Spoken(self._names),
            "oldValue": lambda: Leaf(self.old.numbers_as_json()),
            "newValue": lambda: Leaf(self.new.numbers_as_json()),
            "oldValueText": lambda: Leaf(self.old.numbers_as_texts()),
            "newValueText": lambda: Leaf(self.new.numbers_as_texts()),
        }
        return Many(self.starts, Table(len(self.measures), self.make, found))

    @property
    def _ids(self) -> tuple[str, ...]:
        return tuple(part.id for part in self.structure.dsd.measures)

    def _names(self, context: Context, lang: str | None = None) -> rendering.Column:
        said = tuple(context.text(self.structure.names(id_), lang) for id_ in self._ids)
        return rendering.Codes(self.measures, strings(said))


def alone(structure: Structure, values: Numbers) -> Batch:
    """Values of the first measure, by themselves."""
    return Batch(
        key=(),
        frequencies=np.zeros(0, "U1"),
        starts=np.zeros(1, np.int64),
        ordinals=np.zeros(len(values), np.int64),
        measures={structure.dsd.measures[0].id: values},
    )
