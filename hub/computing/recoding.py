"""Recoding a dimension to another version of its codelist: merged figures are added, split ones parted by shares.

Nothing is rounded: shares are decimal fractions and add up to 1, so the parts of a figure add up to it to the last digit. Where
a share is not known no target that it could belong to gets a value, because a part would pass for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from hub.computing import telling
from hub.computing.accounting import tally
from hub.computing.gathering import Gathering
from hub.computing.groups import UNKNOWN, Parts, Share, grouped, recoded
from hub.computing.rules import recoded_methods
from hub.computing.source import Source
from hub.computing.structures import with_codelist
from registry import joining
from registry.calculation import Recoding
from registry.classification import family
from registry.correspondence import Correspondence, State, Step, parts, state_of
from registry.errors import Invalid, NotFound
from registry.model import Codelist, RepresentationMap
from registry.ports import Catalogue
from registry.recoding import RECODING, Crossing, Weights, states
from registry.recoding import telling as told
from registry.ref import Ref

Ways = tuple[tuple[str, Share], ...]
"""Targets of a code and what goes to each; none where it has none."""


def recode(
    source: Source,
    wanted: Recoding,
    catalogue: Catalogue,
    counted: Source,
    chosen: Iterable[str] | None = None,
    most: int | None = None,
) -> Source:
    """The series under the codes of the other list. ``counted``: of the same series those that the answer is asked for;
    ``chosen``: the only codes that were to be read, where not all were; ``most``: observations that may be counted.

    :class:`registry.errors.NotFound` CORRESPONDENCE_NOT_FOUND; :class:`Invalid` CORRESPONDENCE_DIFFERS, NO_CODELIST,
    RECODED_ALREADY where they are in the codes of that list, and NOT_ADDITIVE where figures that are not added would be.
    """
    name, structure = wanted.dimension, source.structure
    if name not in structure.codelists:
        raise Invalid("NO_CODELIST", dimension=name)
    target = cast(Codelist, catalogue.get(wanted.to))
    if target.ref == structure.codelists[name].ref:
        raise Invalid("RECODED_ALREADY", dimension=name, codelist=str(target.ref))
    table = table_between(catalogue, structure.codelists[name].ref, target.ref, wanted.by)
    partial_ = _partial(table, chosen)
    links = {code: _without(ways(table, code), partial_) for code in used_codes(source, name)}
    moved = recoded(Parts.of(structure.dsd.key, source.keys), name, links)
    after = told(with_codelist(structure, name, target), RECODING, states())
    groups = grouped(moved, source.frequencies)
    methods = recoded_methods(after, groups, wanted.weight)
    gathering = Gathering(source, after, groups, methods, guessed=wanted.weight)
    crossing = crossed(counted, name, table, links, partial_, most)
    steps = (*source.steps, *telling.recoded(structure, crossing, wanted.weight))
    return Source(after, groups.keys, groups.frequencies, gathering.read, steps, gathering.toll, (*source.crossings, crossing))


def used_codes(source: Source, name: str) -> tuple[str, ...]:
    """The codes of a dimension that series have."""
    column = source.keys[source.structure.dsd.key.index(name)]
    return tuple(column.texts[code] for code in np.unique(column.codes).tolist())


def table_between(catalogue: Catalogue, start: Ref, end: Ref, by: Ref | None) -> Correspondence:
    """The correspondence of two exact codelist versions: the one that is named, as it is or turned round, else the registry's.

    :class:`registry.errors.NotFound` CORRESPONDENCE_NOT_FOUND; :class:`Invalid` JOIN_REFUSED where the two lists use codes for
    different things, CORRESPONDENCE_DIFFERS where the one that is named is between other lists.
    """
    if by is None:
        return _known(catalogue, start, end)
    made = catalogue.get(by)
    table = Correspondence.of(made) if isinstance(made, RepresentationMap) else None
    if table is not None:
        exact = replace(table, from_list=catalogue.exact(table.from_list), to_list=catalogue.exact(table.to_list))
        steps = Step(exact), Step(exact, inverted=True)
        fitting = next((step for step in steps if (step.start, step.end) == (start, end)), None)
        if fitting is not None:
            return fitting.made
    raise Invalid("CORRESPONDENCE_DIFFERS", found=str(by), source=str(start), target=str(end))


def _known(catalogue: Catalogue, start: Ref, end: Ref) -> Correspondence:
    try:
        return catalogue.correspondence(start, end)
    except NotFound as error:
        old, new = (cast(Codelist, catalogue.get(ref)) for ref in (start, end))
        # The codes of another classification nobody would take for the same.
        if family(old) == family(new) and joining.reused(old, new, None):
            raise joining.refused(old, new, None, str(error.facts["near"])) from None
        raise


def ways(table: Correspondence, code: str) -> Ways:
    """What goes where: everything to one target, known shares that add up to 1, or to each target nobody knows how much."""
    state = state_of(table, code)
    if state == State.BROKEN:
        return tuple((link.target, UNKNOWN) for link in table.targets.get(code, ()))
    return tuple((target, Share(share, state)) for target, share in parts(table, code))


def _partial(table: Correspondence, chosen: Iterable[str] | None) -> frozenset[str]:
    """The targets that codes go to which were not chosen: the others are a part of them that would pass for the whole."""
    if chosen is None:
        return frozenset()
    read = frozenset(chosen)
    return frozenset(link.target for link in table.links if link.source not in read)


def _without(links: Ways, partial_: frozenset[str]) -> Ways:
    return tuple((target, UNKNOWN if target in partial_ else share) for target, share in links) if partial_ else links


def crossed(
    source: Source,
    name: str,
    table: Correspondence,
    links: Mapping[str, Ways],
    partial_: frozenset[str],
    most: int | None,
) -> Crossing:
    """What is told of the recoding of a dimension."""
    return Crossing(
        dataflow=source.structure.dataflow.ref,
        dimension=name,
        table=table,
        weights=tuple(dict.fromkeys(_weights(table, links))),
        broken=tuple(code for code, each in links.items() if each and state_of(table, code) == State.BROKEN),
        partial=tuple(sorted({target for each in links.values() for target, _ in each if target in partial_})),
        unlinked=tuple(code for code, each in links.items() if not each),
        tally=partial(tally, source, name, links, most),
    )


def _weights(table: Correspondence, links: Iterable[str]) -> Iterator[Weights]:
    for code in links:
        if state_of(table, code) == State.ESTIMATED:
            for link in table.targets[code]:
                yield Weights(table.basis_of(link), table.period_of(link), link.origin or table.source)
