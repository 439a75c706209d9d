"""Recoding a dimension to another version of its codelist: merged figures are added, split ones parted by shares."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from hub.computing import telling
from hub.computing.gathering import Gathering
from hub.computing.groups import Parts, grouped, recoded
from hub.computing.rules import methods_of
from hub.computing.source import Source
from registry.calculation import Method, Recoding
from registry.correspondence import parts
from registry.errors import Invalid
from registry.model import Codelist, Component, DataStructure, Structure, coded
from registry.ports import Catalogue


def recode(source: Source, wanted: Recoding, catalogue: Catalogue) -> Source:
    """The series under the codes of the other list. Errors as :func:`registry.correspondence.parts` and
    :class:`registry.ports.Catalogue`; :class:`Invalid` NOT_ADDITIVE where figures that are not added would be."""
    name, structure = wanted.dimension, source.structure
    if name not in structure.codelists:
        raise Invalid("NO_CODELIST", dimension=name)
    target = cast(Codelist, catalogue.get(wanted.to))
    table = catalogue.correspondence(structure.codelists[name].ref, target.ref)
    column = source.keys[structure.dsd.key.index(name)]
    used = {column.texts[code] for code in np.unique(column.codes).tolist()}
    links = {code: parts(table, code) for code in column.texts if code in used}
    moved = recoded(Parts.of(structure.dsd.key, source.keys), name, links)
    after = with_codelist(structure, name, target)
    groups = grouped(moved, source.frequencies)
    gathering = Gathering(source, after, groups, methods_of(after, groups, Method.SUM))
    estimated = any(len(ways) > 1 for ways in links.values())
    steps = (*source.steps, telling.recoded(structure, name, target, table, estimated))
    return Source(after, groups.keys, groups.frequencies, gathering.read, steps, gathering.toll)


def with_codelist(structure: Structure, name: str, codelist: Codelist) -> Structure:
    """The structure whose dimension takes its codes from another list."""
    dimensions = tuple(
        replace(each, representation=coded(codelist.ref)) if each.id == name else each for each in structure.dsd.dimensions
    )
    return replace(
        structure,
        dsd=replace(structure.dsd, dimensions=dimensions),
        codelists={**structure.codelists, name: codelist},
    )


def without_dimensions(structure: Structure, names: tuple[str, ...]) -> Structure:
    """The structure without these dimensions; groups and attributes that stood on them are left out or stand on the rest."""
    dsd: DataStructure = structure.dsd
    left = tuple(each for each in dsd.dimensions if each.id not in names)
    groups = tuple(group for group in dsd.groups if not set(group.dimensions) & set(names))
    kept = {group.id for group in groups}
    attributes = tuple(
        replace(
            each,
            dimensions=tuple(id_ for id_ in each.dimensions if id_ not in names),
            group=each.group if each.group in kept else None,
        )
        for each in dsd.attributes
    )
    changed = replace(dsd, dimensions=left, groups=groups, attributes=attributes)
    components: dict[str, Component] = changed.components
    return replace(
        structure,
        dsd=changed,
        codelists={name: held for name, held in structure.codelists.items() if name in components},
    )
