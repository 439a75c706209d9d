"""Recoding a dimension to another version of its codelist: merged figures are added, split ones parted by shares."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

import numpy as np

from hub.computing import telling
from hub.computing.gathering import Gathering
from hub.computing.groups import Parts, grouped, recoded
from hub.computing.rules import methods_of
from hub.computing.source import Source
from registry.calculation import Method, Recoding
from registry.correspondence import TOLERANCE, Recoder
from registry.errors import Invalid
from registry.model import Codelist, Component, DataStructure, Structure, coded
from registry.ports import Catalogue

Links = dict[str, tuple[tuple[str, Fraction], ...]]


def recode(source: Source, wanted: Recoding, catalogue: Catalogue) -> Source:
    """The series under the codes of the other list. Errors as :class:`registry.correspondence.Recoder` and
    :class:`registry.ports.Catalogue`; :class:`Invalid` NOT_ADDITIVE where figures that are not added would be."""
    name, structure = wanted.dimension, source.structure
    if name not in structure.codelists:
        raise Invalid("NO_CODELIST", dimension=name)
    target = cast(Codelist, catalogue.get(wanted.to))
    table = catalogue.correspondence(structure.codelists[name].ref, target.ref)
    column = source.keys[structure.dsd.key.index(name)]
    used = {column.texts[code] for code in np.unique(column.codes).tolist()}
    links = {code: _links(Recoder(table), code) for code in column.texts if code in used}
    parts = recoded(Parts.of(structure.dsd.key, source.keys), name, links)
    after = with_codelist(structure, name, target)
    groups = grouped(parts, source.frequencies)
    gathering = Gathering(source, after, groups, methods_of(after, groups, Method.SUM))
    estimated = any(len(ways) > 1 for ways in links.values())
    steps = (*source.steps, telling.recoded(structure, name, target, table, estimated))
    return Source(after, groups.keys, groups.frequencies, gathering.read, steps, gathering.toll)


def _links(recoder: Recoder, code: str) -> tuple[tuple[str, Fraction], ...]:
    """The targets of a code and their exact shares, which add up to 1 whatever the table was rounded to."""
    recoder.kind(code)
    links = recoder.links[code]
    total = sum((Fraction(link.share) for link in links), Fraction(0))
    if abs(total - 1) > Fraction(TOLERANCE):
        found = {"found": code[:60], "total": Decimal(total.numerator) / Decimal(total.denominator)}
        raise Invalid("SHARES_INCOMPLETE", correspondence=str(recoder.correspondence.ref), **found)
    return tuple((link.target, Fraction(link.share) / total) for link in links)


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
