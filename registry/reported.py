"""Reports as they are read: which are about something, and what they say, in the order and the words of their structure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from registry.held import held
from registry.model import Artefact, ItemScheme, MetadataAttribute, Metadataflow, MetadataSet, ReportedAttribute
from registry.model import fact as fact_of
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref
from registry.reporting import fields_of, flow_of, looks_of
from registry.targets import allowed
from registry.text import Names

RELEASE = "RELEASE"
"""The annotation by which a report says which release of its dataflow it is about; without it, about all."""


@dataclass(frozen=True)
class Said:
    """A field of a report. ``path``: its id below those above it; ``names`` of its concept; ``code``: names of its value."""

    held: ReportedAttribute
    path: str
    depth: int
    names: Names
    code: Names = field(default_factory=dict)


def release_of(report: Artefact) -> str:
    """The id of the release that a report is about; empty for all."""
    return fact_of(report, RELEASE)


def reports_about(catalogue: Catalogue, ref: Ref) -> list[Ref]:
    """The latest versions of the reports about an artefact or something in it; those that no longer read among them, as far as
    they name it."""
    exact = catalogue.exact(ref)
    found = [one for one in catalogue.parents(exact) if one.kind is Kind.METADATA_SET]
    latest = [one for one in found if catalogue.find(one.kind, one.agency, one.id, "latest") == [one]]
    whole = {one.ref: one for one in catalogue.get_all(latest) if isinstance(one, MetadataSet)}
    return [one for one in latest if one not in whole or _is_about(catalogue, whole[one], exact)]


def _is_about(catalogue: Catalogue, report: MetadataSet, exact: Ref) -> bool:
    """Whether one of its targets is the artefact or in it; those with wildcards are all that fit."""
    resolved = catalogue.references(report.ref)
    named = (target.of if isinstance(target, ItemRef) else target for target in report.targets)
    return any(resolved.get(one) == exact or ("*" in str(one) and allowed(exact, [one.urn])) for one in named)


def said(catalogue: Catalogue, report: MetadataSet) -> list[Said]:
    """What a report says, each field before those below it."""
    return list(_said(catalogue, report.attributes, fields_of(structure_of(catalogue, report), report), "", 1))


def structure_of(catalogue: Catalogue, report: MetadataSet) -> Artefact | None:
    """The metadata structure that a report is of, as far as it is there."""
    flow = held(catalogue, report.metadataflow or flow_of(held(catalogue, report.provision)))
    return held(catalogue, flow.structure if isinstance(flow, Metadataflow) else report.structure)


def _said(
    catalogue: Catalogue, given: Sequence[ReportedAttribute], asked: Sequence[MetadataAttribute], above: str, depth: int
) -> Iterator[Said]:
    places = {one.id: place for place, one in enumerate(asked)}
    known = {one.id: one for one in asked}
    for one in sorted(given, key=lambda one: places.get(one.id, len(places))):
        about = known.get(one.id)
        names = _concept(catalogue, about) if about is not None else {}
        code = _code(catalogue, about, one.value) if about is not None and one.value is not None else {}
        yield Said(one, f"{above}{one.id}", depth, names or {"en": one.id}, code)
        yield from _said(catalogue, one.children, about.children if about else (), f"{above}{one.id}.", depth + 1)


def _concept(catalogue: Catalogue, about: MetadataAttribute) -> Names:
    identity = about.concept_identity
    return _item(catalogue, identity.of, identity.id) if identity is not None else {}


def _code(catalogue: Catalogue, about: MetadataAttribute, value: str) -> Names:
    looks = looks_of(about, partial(held, catalogue))
    return _item(catalogue, looks.enumeration, value) if looks is not None and looks.enumeration is not None else {}


def _item(catalogue: Catalogue, scheme: Ref, id: str) -> Names:
    found = held(catalogue, scheme)
    item = found.by_id.get(id) if isinstance(found, ItemScheme) else None
    return item.names if item is not None else {}
