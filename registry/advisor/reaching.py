"""What a change reaches: every artefact that refers to the changed one, directly or through others, and published series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from registry.advisor.findings import Finding, Severity
from registry.advisor.referring import versions
from registry.classification import CLASSIFICATION
from registry.classification import family as family_of
from registry.classification import versions as versions_of
from registry.held import held
from registry.model import (
    Artefact,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Representation,
    ValueList,
    fact,
    references,
)
from registry.overlay import Known
from registry.ports import Viewer
from registry.ref import SAME_URN, Kind, Ref
from registry.usage import Usage, Use
from registry.version import choose


@dataclass(frozen=True, slots=True)
class Affected:
    """An artefact that is reached. ``through``: the artefacts on the way to it, the changed one first.

    ``follows``: the first of them names it with a wildcard that means the new version as soon as there is one; else somebody
    must change a reference before anything happens here.
    """

    ref: Ref
    through: tuple[Ref, ...]
    follows: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Published figures that what breaks reaches: of a whole dataflow, or with one code of a component."""

    dataflow: Ref
    component: str
    code: str
    use: Use


class Counting(Protocol):
    """Counts for one viewer, as :meth:`registry.usage.Usage.used` does."""

    def __call__(self, dataflow: Ref, component: str | None) -> dict[str, Use]: ...


def counting(usage: Usage, viewer: Viewer) -> Counting:
    """Asks the port each question once."""
    known: dict[tuple[Ref, str | None], dict[str, Use]] = {}

    def count(dataflow: Ref, component: str | None) -> dict[str, Use]:
        asked = dataflow, component
        if asked not in known:
            known[asked] = dict(usage.used(dataflow, component, viewer))
        return known[asked]

    return count


def affected(changed: Ref, next_version: str, stored: Known, others: Iterable[Ref] = ()) -> tuple[Affected, ...]:
    """Nearest first; each artefact once, by a shortest way. ``others``: what is reached through these too."""
    found: dict[Ref, Affected] = {}
    later, known = replace(changed, version=next_version), versions(changed, stored) | {next_version}
    starts = (changed, *others)
    edge = [Affected(one, (), False) for one in starts if stored.find(one.kind, one.agency, one.id, one.version)]
    while edge:
        steps = [(one, parent) for one in edge for parent in stored.parents(one.ref)]
        edge = []
        for one, parent in steps:
            if parent not in found and parent not in starts:
                follows = one.follows if one.through else _names(stored.get(parent), later, known)
                found[parent] = Affected(parent, (*one.through, one.ref), follows)
                edge.append(found[parent])
    return tuple(found.values())


def relatives(proposed: Artefact, stored: Known) -> list[Ref]:
    """The other stored versions of the classification that a codelist says it is a version of: data, hierarchies and
    correspondences that rest on them are what a new version is for, though none of their references breaks."""
    if not isinstance(proposed, Codelist) or not fact(proposed, CLASSIFICATION):
        return []
    heads = stored.stubs(stored.find(proposed.ref.kind, proposed.ref.agency))
    return [one.ref for one in versions_of(heads) if family_of(one) == family_of(proposed) and one.ref != proposed.ref]


def _names(parent: Artefact, to: Ref, known: set[str]) -> bool:
    return any(_leads(ref, to, known) for ref in references(parent))


def _leads(ref: Ref, to: Ref, known: set[str]) -> bool:
    same = to.kind in SAME_URN.get(ref.kind, (ref.kind,)) and (ref.agency, ref.id) == (to.agency, to.id)
    return same and choose(ref.version, known)[-1:] == [to.version]


def series(
    changed: Artefact, findings: Iterable[Finding], reached: Iterable[Affected], stored: Known, count: Counting
) -> tuple[Series, ...]:
    """What breaks, by dataflow. A code that breaks reaches the series that have it; anything else reaches all of them.

    A part that breaks of anything else than what data are made of (a map, a hierarchy, a constraint) reaches no series.
    """
    breaking = [finding for finding in findings if finding.severity == Severity.MAJOR]
    if not breaking or not isinstance(changed, _Listed | ConceptScheme | DataStructure | Dataflow):
        return ()
    flows = {one.ref for one in reached if one.ref.kind == Kind.DATAFLOW} | ({changed.ref} & set(stored.find(Kind.DATAFLOW)))
    parts = {finding.part for finding in breaking if finding.path[0] == "items"}
    whole = any(finding.path[0] != "items" for finding in breaking)
    using = {flow: [] if whole else list(_using(stored, flow, changed, parts)) for flow in sorted(flows)}
    return tuple(one for flow, found in using.items() for one in _of_flow(flow, changed, parts, whole, found, count))


_Listed = Codelist | ValueList


def _of_flow(
    flow: Ref, changed: Artefact, parts: set[str], whole: bool, using: list[Component], count: Counting
) -> Iterator[Series]:
    if whole or (isinstance(changed, ConceptScheme) and using):
        yield from (Series(flow, "", "", use) for use in count(flow, None).values() if use.series)
    elif isinstance(changed, _Listed):
        for component in using:
            held = count(flow, component.id)
            yield from (Series(flow, component.id, code, held[code]) for code in sorted(parts & held.keys()))


def _using(stored: Known, flow: Ref, changed: Artefact, parts: set[str]) -> Iterator[Component]:
    """The components of the dataflow that take their codes from the changed list, or their meaning from its concepts."""
    dataflow, known = stored.get(flow), versions(changed.ref, stored)
    dsd = held(stored, dataflow.structure) if isinstance(dataflow, Dataflow) else None
    for component in dsd.components.values() if isinstance(dsd, DataStructure) else ():
        if isinstance(changed, ConceptScheme):
            named, fits = component.concept_scheme, (component.concept or component.id) in parts
        else:
            represented = component.representation or _core(component, stored)
            named, fits = represented.enumeration if represented else None, True
        if fits and named is not None and _leads(named, changed.ref, known):
            yield component


def _core(component: Component, stored: Known) -> Representation | None:
    """The representation of the concept, for a component without its own."""
    scheme = held(stored, component.concept_scheme)
    concept = scheme.by_id.get(component.concept) if isinstance(scheme, ConceptScheme) else None
    return concept.core if isinstance(concept, Concept) else None
