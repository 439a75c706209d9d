"""The structure of an answer whose dimensions are not those of the released figures."""

from __future__ import annotations

from dataclasses import replace

from registry.model import Codelist, Component, DataStructure, Structure, coded


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
