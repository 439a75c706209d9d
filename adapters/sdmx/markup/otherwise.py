"""Artefacts that a version has no element for, said as others that mean the same. They do not come back as they were."""

from __future__ import annotations

from dataclasses import replace

from registry.correspondence import Correspondence
from registry.model import (
    Artefact,
    AvailabilityConstraint,
    DataConstraint,
    Format,
    InnerItemMap,
    ItemAssociation,
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


def old_way(artefact: Artefact) -> Artefact:
    """What SDMX 2.1 says otherwise: a map from one code list to another, and the fields of reports."""
    if isinstance(artefact, MetadataStructure):
        return _reported(artefact)
    return _associated(artefact) if isinstance(artefact, RepresentationMap) else artefact


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
    head = {name: getattr(artefact, name) for name in ("names", "descriptions", "annotations", "source", "uri")}
    validity = {name: getattr(artefact, name) for name in ("valid_from", "valid_to", "is_final")}
    stub = {name: getattr(artefact, name) for name in ("is_external_reference", "service_url", "structure_url")}
    ref = replace(artefact.ref, kind=Kind.STRUCTURE_SET)
    return StructureSet(ref=ref, item_maps=(inner,) if maps else (), **head, **validity, **stub)


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
