"""Reports about a part of the data, which a key of SDMX REST 1.5 names.

In SDMX 3.x a report is about such a part by being about a data constraint, whose regions and keys are the part. A key means the
reports about constraints that have anything in common with it; its positions are the dimensions of the data structure that the
constraint is of.

Source: SDMX REST 1.5.0, "Data and Metadata Queries", ``key``; SDMX 3.0 section 2, "Constraints".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from adapters.sdmx.constrained import Context
from adapters.sdmx.missing import Missing
from registry.errors import Invalid
from registry.held import held
from registry.model import DataConstraint, MemberSelection, MetadataSet, Region
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref

Pattern = Mapping[str, frozenset[str]]
"""Dimension -> codes wanted; a dimension left out means all."""


def about_key(catalogue: Catalogue, reports: Iterable[Ref], key: str, missing: Missing) -> Iterator[Ref]:
    """Those of the reports that are about a part of the data that the key has something of.

    :class:`Invalid` SDMX_KEY_LENGTH where the key fits none of the structures that reports are about parts of.
    """
    parts: list[tuple[Ref, DataConstraint, list[tuple[str, ...]]]] = []
    for report in reports:
        with missing.around(report):
            about = [(one, [each.dsd.key for each in _contexts(catalogue, one)]) for one in _constraints(catalogue, report)]
            parts += [(report, *one) for one in about]
    structures = {names for _, _, every in parts for names in every}
    positions = key.split(".")
    if structures and len(positions) not in {len(names) for names in structures}:
        names = min(structures)
        raise Invalid("SDMX_KEY_LENGTH", found=len(positions), expected=len(names), dimensions=".".join(names))
    fitting = (report for report, one, every in parts if any(_fits(one, names, positions) for names in every))
    return iter(dict.fromkeys(fitting))


def _constraints(catalogue: Catalogue, report: Ref) -> Iterator[DataConstraint]:
    made, resolved = catalogue.get(report), catalogue.references(report)
    assert isinstance(made, MetadataSet)
    for target in made.targets:
        ref = resolved.get(target.of if isinstance(target, ItemRef) else target)
        if ref is not None and ref.kind is Kind.DATA_CONSTRAINT and isinstance(one := held(catalogue, ref), DataConstraint):
            yield one


def _contexts(catalogue: Catalogue, constraint: DataConstraint) -> Iterator[Context]:
    """What it is a constraint of."""
    resolved = catalogue.references(constraint.ref)
    about = constraint.attachment
    for ref in (*about.structures, *about.provisions) if about is not None else ():
        of = held(catalogue, resolved.get(ref))
        if of is not None and (context := Context.of(catalogue, of)) is not None:
            yield context


def _fits(constraint: DataConstraint, names: tuple[str, ...], positions: list[str]) -> bool:
    if len(names) != len(positions):
        return False
    pattern = {name: frozenset(part.split("+")) for name, part in zip(names, positions, strict=True) if part}
    every = [(region.include, region) for region in constraint.regions]
    every += [(keys.is_included, key) for keys in constraint.key_sets for key in keys.keys]
    inside, outside = [one for included, one in every if included], [one for included, one in every if not included]
    kept = any(map(partial(_meets, pattern), inside)) if inside else True
    return kept and not any(map(partial(_holds, pattern), outside))


def _meets(pattern: Pattern, region: Region) -> bool:
    """Whether the key has something of the region."""
    return all(not one.values or _passing(one, pattern[one.id]) for one in region.key_values if one.id in pattern)


def _holds(pattern: Pattern, region: Region) -> bool:
    """Whether all of the key lies in the region."""
    named = [one for one in region.key_values if one.values]
    return all(one.id in pattern and _passing(one, pattern[one.id]) == pattern[one.id] for one in named)


def _passing(selection: MemberSelection, codes: frozenset[str]) -> frozenset[str]:
    values = frozenset(one.value for one in selection.values)
    return codes & values if selection.include else codes - values
