"""Long series: the versions of a dataflow put together, the earlier ones recoded to the classification of the one asked.

In a period that several versions tell, the dataflow asked counts first, then the others from the newest to the oldest; a figure
without a value leaves the period to the next one, unless it is of the dataflow asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hub.computing import telling, units
from hub.computing.exactly import exact, numbers
from hub.computing.groups import Parts, grouped
from hub.computing.source import Finder, Source, joined
from hub.computing.units import Same, refuse_mixed
from registry.columns import Batch, Coded, Numbers, Places, concatenated, or_none, spread
from registry.correspondence import State
from registry.errors import Invalid
from registry.model import Code, Codelist, Structure
from registry.recoding import ORIGIN, RECODING, code_of, states
from registry.recoding import telling as told
from registry.ref import Kind, Ref

FEWEST = 4096
"""Series of the answer that are put together at once."""


@dataclass(frozen=True)
class Piece:
    """A version of the dataflow, in the codes of the one asked."""

    dataflow: Ref
    source: Source


def origins(flows: Sequence[Ref]) -> dict[Ref, str]:
    """What each dataflow is called in DATAFLOW_VERSION: its version where that tells them apart."""
    same = len({(flow.agency, flow.id) for flow in flows}) == 1
    return {flow: flow.version if same else str(flow) for flow in flows}


def _versions(named: Mapping[Ref, str]) -> Codelist:
    """The dataflows as the codes of an attribute, the newest last."""
    refs = sorted(named, key=str)
    items = tuple(Code(named[ref], {"vi": str(ref), "en": str(ref)}) for ref in refs)
    names = {"vi": "Phiên bản dòng dữ liệu của số liệu", "en": "Version of the dataflow a figure comes from"}
    return Codelist(ref=Ref(Kind.CODELIST, refs[0].agency, f"CL_{ORIGIN}", "1.0"), names=names, items=items)


def spliced(pieces: Sequence[Piece], asked: Structure, estimated: bool) -> Source:
    """One source of all pieces, in the order in which they count. ``asked``: the structure of the dataflow asked;
    ``estimated``: with the values that are estimates.

    :class:`Invalid` SPLICE_DIFFERS where the pieces are not of the same dimensions; while reading UNITS_DIFFER.
    """
    named = origins([asked.dataflow.ref, *(piece.dataflow for piece in pieces)])
    structure = told(told(asked, RECODING, states()), ORIGIN, _versions(named))
    sources = [_in_order(piece.source, structure) for piece in pieces]
    keys = tuple(concatenated(source.keys[place] for source in sources) for place in range(len(structure.dsd.key)))
    frequencies = np.concatenate([source.frequencies for source in sources])
    groups = grouped(Parts.of(structure.dsd.key, keys), frequencies)
    joint = _Joint(structure, pieces, sources, groups.starts, groups.parts.rows, named, estimated)
    source = replace(
        pieces[0].source,
        structure=structure,
        keys=groups.keys,
        frequencies=groups.frequencies,
        read=lambda places: joint.read(places, groups.keys, groups.frequencies),
        toll=joint.toll,
    )
    steps = tuple(step for piece in pieces for step in piece.source.steps)
    crossings = tuple(crossing for piece in pieces for crossing in piece.source.crossings)
    said = telling.spliced([piece.dataflow for piece in pieces], estimated)
    return replace(source, steps=(*steps, said), crossings=crossings)


def _in_order(source: Source, structure: Structure) -> Source:
    """The source with its dimensions in the order of the structure; :class:`Invalid` SPLICE_DIFFERS where they are others."""
    mine, wanted = source.structure.dsd.key, structure.dsd.key
    if sorted(mine) != sorted(wanted):
        facts = {"first": str(structure.dataflow.ref), "second": str(source.structure.dataflow.ref)}
        raise Invalid("SPLICE_DIFFERS", **facts, only=", ".join(sorted(set(mine) ^ set(wanted))))
    if mine == wanted:
        return source
    order = [mine.index(name) for name in wanted]

    def read(places: Places) -> Iterator[Batch]:
        return (replace(batch, key=tuple(batch.key[place] for place in order)) for batch in source.read(places))

    return replace(source, structure=structure, keys=tuple(source.keys[place] for place in order), read=read)


@dataclass(frozen=True)
class _Joint:
    """``starts``, ``rows``: the series of all sources, numbered one source after another, by the series of the answer."""

    structure: Structure
    pieces: Sequence[Piece]
    sources: Sequence[Source]
    starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    named: Mapping[Ref, str]
    estimated: bool

    @cached_property
    def finders(self) -> list[Finder]:
        return [Finder(source) for source in self.sources]

    def read(self, places: Places, keys: tuple[Coded, ...], frequencies: NDArray[np.str_]) -> Iterator[Batch]:
        for start in range(0, len(places), FEWEST):
            some = np.asarray(places)[start : start + FEWEST]
            head = tuple(column.take(some) for column in keys), frequencies[some]
            found = self._batch(some, *head).without_empty()
            if found.observations:
                yield found

    def toll(self, places: Places) -> int:
        return sum(source.toll(mine) for source, (mine, _) in zip(self.sources, self._mine(places), strict=True))

    def _mine(self, places: Places) -> Iterator[tuple[Places, Places]]:
        """For each source its series among these of the answer, and to which of them each belongs."""
        counts = np.diff(self.starts)[places]
        rows, groups = self.rows[spread(self.starts[places], counts)], np.repeat(np.arange(len(places)), counts)
        before = 0
        for source in self.sources:
            inside = (rows >= before) & (rows < before + len(source))
            yield rows[inside] - before, groups[inside]
            before += len(source)

    def _batch(self, places: Places, key: tuple[Coded, ...], frequencies: NDArray[np.str_]) -> Batch:
        found, groups = list[Batch](), [np.zeros(0, np.int64)]
        for number, (mine, of) in enumerate(self._mine(places)):
            table = np.full(len(self.sources[number]), -1)
            table[mine] = of
            for batch in self.sources[number].read(mine):
                groups.append(table[self.finders[number].places(batch)])
                found.append(self._said(batch, self.named[self.pieces[number].dataflow]))
        own = self.named[self.structure.dataflow.ref]
        return _merged(self.structure, own, joined(found, len(key)), np.concatenate(groups), key, frequencies)

    def _said(self, batch: Batch, origin: str) -> Batch:
        """The batch with what every value says of itself, and without estimates where none are wanted."""
        surely = Coded.constant(code_of(State.EXACT), batch.observations)
        attributes = {RECODING: surely, **batch.attributes, ORIGIN: Coded.constant(origin, batch.observations)}
        batch = replace(batch, attributes=attributes)
        return batch if self.estimated else _without(batch, code_of(State.ESTIMATED))


def _without(batch: Batch, state: str) -> Batch:
    """The values in this state are not given; what is said of them stays."""
    column = batch.attributes[RECODING]
    if state not in column.texts:
        return batch
    hidden = column.codes == column.texts.index(state)
    return replace(batch, measures={name: _hidden(each, hidden) for name, each in batch.measures.items()})


def _hidden(column: Numbers, hidden: NDArray[np.bool_]) -> Numbers:
    floats, texts = np.where(hidden, np.nan, column.floats), column.texts
    if texts is None:
        return Numbers(floats)
    left = texts.copy()
    left[hidden] = None
    return Numbers(floats, or_none(left))


def _merged(
    structure: Structure,
    own: str,
    whole: Batch,
    groups: NDArray[np.int64],
    key: tuple[Coded, ...],
    frequencies: NDArray[np.str_],
) -> Batch:
    """Of each period the observation that counts. ``groups``: the series of the answer that each of the batch belongs to; the
    batches of what counts first come first. ``own``: how the dataflow asked is called."""
    each = np.repeat(groups, whole.counts)
    measure = structure.dsd.measures[0].id
    valued = whole.measures[measure].present if measure in whole.measures else np.zeros(len(each), dtype=bool)
    version = whole.attributes.get(ORIGIN, Coded.constant(None, 0))
    first = np.array([text == own for text in version.texts], dtype=bool)[version.codes]
    order = np.lexsort((np.arange(len(each)), ~(valued | first), whole.ordinals, each))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(each[order]) != 0) | (np.diff(whole.ordinals[order]) != 0)
    kept = order[fresh]
    described, shifts = _described(whole, groups, len(key[0]) if key else 1)
    taken = whole.take_observations(kept, np.searchsorted(each[kept], np.arange(len(frequencies) + 1)))
    measures = taken.measures
    if shifts.any():
        mine = shifts[np.repeat(np.arange(whole.series_count), whole.counts)[kept]]
        measures = {name: numbers(units.shifted(exact(column, name), mine)) for name, column in measures.items()}
    return replace(taken, key=key, frequencies=frequencies, measures=measures, series_attributes=described)


def _described(whole: Batch, groups: NDArray[np.int64], count: int) -> tuple[dict[str, Coded], NDArray[np.int64]]:
    """What the series attributes of all pieces agree in, and what brings each series to the least multiplier of its own."""
    same = {name: Same(count) for name in whole.series_attributes}
    for name, column in whole.series_attributes.items():
        same[name].add(groups, column)
    if units.UNIT in same:
        refuse_mixed(same[units.UNIT])
    powers = units.multipliers(whole)
    least = np.full(count, 99)
    np.minimum.at(least, groups, powers)
    described = {name: each.agreed() for name, each in same.items()}
    if units.MULTIPLIER in described:
        described[units.MULTIPLIER] = Coded.of([str(power) if power < 99 else None for power in least.tolist()])
    return described, powers - least[groups]
