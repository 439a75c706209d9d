"""Artefacts that a version has no element for, said as others that mean the same. They do not come back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from adapters.sdmx.writing.shown import Lost
from registry.correspondence import Correspondence
from registry.model import (
    Artefact,
    AvailabilityConstraint,
    DataConstraint,
    Format,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    IncludedCodelist,
    InnerHierarchy,
    InnerItemMap,
    ItemAssociation,
    Maintainable,
    MapType,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    Representation,
    RepresentationMap,
    Role,
    StructureSet,
    TargetObject,
    TargetType,
)
from registry.ref import Kind

SERIES_COUNT, OBS_COUNT = "series_count", "obs_count"
"""Annotation ids under which the counts stand in a constraint of what is there, as in the Global Registry."""


REPORT, TARGET, OBJECT = "REPORT", "TARGET", "OBJECT"
"""In a metadata structure of SDMX 3.x said as one of 2.1: the report, what it is about, and the only part of that."""


OTHERWISE = "STRUCTURE_SAID_OTHERWISE"
"""The reason that what a version says in its own way does not come back as it was."""


def old_way(artefact: Artefact) -> Artefact:
    """What SDMX 2.1 says otherwise: a map from one code list to another, a hierarchy, and the fields of reports."""
    match artefact:
        case RepresentationMap():
            return _associated(artefact)
        case Hierarchy():
            return _nested(artefact)
        case MetadataStructure():
            return _reported(artefact)
    return artefact


def turned(artefact: Artefact, said: Artefact) -> list[Lost]:
    """What is to be told of an artefact that is said otherwise: nothing of it is missing, but it is another."""
    if said is artefact:
        return []
    return [Lost(artefact.ref, "attributes" if said.ref == artefact.ref else "kind", OTHERWISE)]


def _nested(artefact: Hierarchy) -> HierarchicalCodelist:
    """The only hierarchy in a hierarchical code list, which includes the lists of its codes."""
    lists = dict.fromkeys(code.code.of for code in _walked(artefact.codes) if code.code is not None)
    inner = InnerHierarchy(
        id=artefact.ref.id,
        names=artefact.names,
        has_formal_levels=artefact.has_formal_levels,
        levels=artefact.levels,
        codes=artefact.codes,
    )
    return HierarchicalCodelist(
        **_outside(artefact, Kind.HIERARCHICAL_CODELIST),
        included=tuple(IncludedCodelist(codelist=one) for one in lists),
        hierarchies=(inner,) if artefact.codes else (),
    )


def _walked(codes: Iterable[HierarchicalCode]) -> Iterator[HierarchicalCode]:
    for one in codes:
        yield one
        yield from _walked(one.children)


def _outside(artefact: Artefact, kind: Kind) -> dict[str, Any]:
    """All that every artefact has, as that of another kind."""
    said = {part.name: getattr(artefact, part.name) for part in fields(Maintainable)}
    return {**said, "ref": replace(artefact.ref, kind=kind)}


def _reported(structure: MetadataStructure) -> MetadataStructure:
    """The fields as those of a report about anything, which has no name in SDMX 3.x."""
    if not structure.attributes or structure.reports or structure.targets:
        return structure
    reference = Representation(format=Format(text_type="IdentifiableReference"))
    object = TargetObject(id=OBJECT, type=TargetType.IDENTIFIABLE_OBJECT, object_type="Any", representation=reference)
    report = ReportStructure(id=REPORT, targets=(TARGET,), attributes=structure.attributes)
    return replace(structure, attributes=(), targets=(MetadataTarget(id=TARGET, objects=(object,)),), reports=(report,))


def _associated(artefact: RepresentationMap) -> Artefact:
    found = Correspondence.of(artefact)
    if found is None:
        return artefact
    maps = tuple(
        ItemAssociation(source=mapping.sources[0].value, target=mapping.targets[0], annotations=mapping.annotations)
        for mapping in found.map.mappings
        if mapping.targets
    )
    inner = InnerItemMap(
        id=found.ref.id,
        names=found.names,
        type=MapType.CODELIST,
        source_scheme=found.from_list,
        target_scheme=found.to_list,
        maps=maps,
    )
    return StructureSet(**_outside(artefact, Kind.STRUCTURE_SET), item_maps=(inner,) if maps else ())


def availability(artefact: Artefact) -> AvailabilityConstraint | None:
    """What is there, in SDMX 3.1: neither an artefact nor a data constraint."""
    if not isinstance(artefact, DataConstraint) or artefact.role != Role.ACTUAL or artefact.attachment is None:
        return None
    about = (*artefact.attachment.structures, *artefact.attachment.provisions)
    if len(about) != 1 or len(artefact.regions) != 1 or artefact.key_sets:
        return None
    counts = {name: _count(artefact, name) for name in (SERIES_COUNT, OBS_COUNT)}
    notes = tuple(note for note in artefact.annotations if note.id not in counts)
    return AvailabilityConstraint(attachment=artefact.attachment, region=artefact.regions[0], annotations=notes, **counts)


def _count(artefact: DataConstraint, name: str) -> int | None:
    text = next((note.fact for note in artefact.annotations if note.id == name), "")
    return int(text) if text.isdigit() else None
