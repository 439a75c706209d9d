"""As which report of its structure, about which target, SDMX 2.1 tells a report that came without saying so; in which order.

A metadata structure of SDMX 2.1 has several reports and targets; who hands a report of it in by another format or by GraphQL
names neither. It is the first report that has all its fields, about the first target whose parts are of the classes of what it
is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from registry.model import (
    MemberSelection,
    MetadataAttribute,
    MetadataSet,
    MetadataStructure,
    Region,
    ReportedAttribute,
    ReportStructure,
)
from registry.ports import Catalogue
from registry.ref import ItemRef, urn_class
from registry.reported import structure_of
from registry.reporting import fields_of

_NONE = Region()
"""No report, so that no message of 2.1 can hold it."""


def keyed(catalogue: Catalogue, report: MetadataSet) -> MetadataSet:
    """The report as 2.1 can tell it; such of structures of SDMX 3.x need not say more."""
    structure = structure_of(catalogue, report)
    if report.key is not None or not isinstance(structure, MetadataStructure) or not structure.reports:
        return report
    return replace(report, key=next(_keys(structure, report), _NONE))


def in_order(catalogue: Catalogue, report: MetadataSet) -> MetadataSet:
    """The report with its fields in the order of its structure, in which the schema of that wants them."""
    return replace(report, attributes=_ordered(report.attributes, fields_of(structure_of(catalogue, report), report)))


def _ordered(given: Sequence[ReportedAttribute], asked: Sequence[MetadataAttribute]) -> tuple[ReportedAttribute, ...]:
    places = {one.id: (place, one.children) for place, one in enumerate(asked)}
    unknown: tuple[int, tuple[MetadataAttribute, ...]] = (len(places), ())
    ordered = sorted(given, key=lambda one: places.get(one.id, unknown)[0])
    return tuple(replace(one, children=_ordered(one.children, places.get(one.id, unknown)[1])) for one in ordered)


def _keys(structure: MetadataStructure, report: MetadataSet) -> Iterator[Region]:
    said = {one.id for one in report.attributes}
    about = [one.part if isinstance(one, ItemRef) else urn_class(one.kind) for one in report.targets]
    for kind in structure.reports:
        if said <= {one.id for one in kind.attributes}:
            yield from _about(structure, kind, about)


def _about(structure: MetadataStructure, kind: ReportStructure, classes: list[str]) -> Iterator[Region]:
    for target in structure.targets:
        if target.id in kind.targets and [one.object_type for one in target.objects] == classes:
            parts = tuple(MemberSelection(id=one.id) for one in target.objects)
            yield Region(report=kind.id, metadata_target=target.id, key_values=parts)
