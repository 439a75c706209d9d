"""What a change reaches: every artefact that refers to the changed one, directly or through others, and published series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from registry.advisor.findings import Finding, Severity
from registry.index import family
from registry.model import Artefact, Codelist, Component, ConceptScheme, Dataflow, DataStructure, references
from registry.overlay import Known
from registry.ports import Usage, Use, Viewer
from registry.ref import Kind, Ref
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
    """Counts for one viewer, as :meth:`registry.ports.Usage.used` does."""

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


def affected(changed: Ref, next_version: str, stored: Known) -> tuple[Affected, ...]:
    """Nearest first; each artefact once, by a shortest way."""
    found: dict[Ref, Affected] = {}
    later, known = replace(changed, version=next_version), _versions(changed, stored) | {next_version}
    edge = [Affected(changed, (), False)]
    while edge:
        steps = [(one, parent) for one in edge for parent in stored.parents(one.ref)]
        edge = []
        for one, parent in steps:
            if parent not in found and parent != changed:
                follows = one.follows if one.through else _names(stored.get(parent), later, known)
                found[parent] = Affected(parent, (*one.through, one.ref), follows)
                edge.append(found[parent])
    return tuple(found.values())


def _names(parent: Artefact, to: Ref, versions: set[str]) -> bool:
    return any(_leads(ref, to, versions) for ref in references(parent))


def _versions(ref: Ref, stored: Known) -> set[str]:
    return {one.version for one in stored.find(ref.kind, ref.agency, ref.id)}


def _leads(ref: Ref, to: Ref, versions: set[str]) -> bool:
    return family(ref) == family(to) and choose(ref.version, versions)[-1:] == [to.version]


def series(
    changed: Artefact, findings: Iterable[Finding], reached: Iterable[Affected], stored: Known, count: Counting
) -> tuple[Series, ...]:
    """What breaks, by dataflow. A code that breaks reaches the series that have it; anything else reaches all of them."""
    breaking = [finding for finding in findings if finding.severity == Severity.MAJOR]
    if not breaking:
        return ()
    flows = {one.ref for one in reached if one.ref.kind == Kind.DATAFLOW} | ({changed.ref} & set(stored.find(Kind.DATAFLOW)))
    parts = {finding.part for finding in breaking if finding.path[0] == "items"}
    whole = any(finding.path[0] != "items" for finding in breaking)
    versions = _versions(changed.ref, stored)
    using = {flow: [] if whole else list(_using(stored, flow, changed, parts, versions)) for flow in sorted(flows)}
    return tuple(one for flow, found in using.items() for one in _of_flow(flow, changed, parts, whole, found, count))


def _of_flow(
    flow: Ref, changed: Artefact, parts: set[str], whole: bool, using: list[Component], count: Counting
) -> Iterator[Series]:
    if whole or (isinstance(changed, ConceptScheme) and using):
        yield from (Series(flow, "", "", use) for use in count(flow, None).values() if use.series)
    elif isinstance(changed, Codelist):
        for component in using:
            held = count(flow, component.id)
            yield from (Series(flow, component.id, code, held[code]) for code in sorted(parts & held.keys()))


def _using(stored: Known, flow: Ref, changed: Artefact, parts: set[str], versions: set[str]) -> Iterator[Component]:
    """The components of the dataflow that take their codes from the changed list, or their meaning from its concepts."""
    dataflow = stored.get(flow)
    dsd = stored.get(dataflow.structure) if isinstance(dataflow, Dataflow) else None
    for component in dsd.components.values() if isinstance(dsd, DataStructure) else ():
        if isinstance(changed, ConceptScheme):
            named, fits = component.concept_scheme, (component.concept or component.id) in parts
        else:
            named, fits = component.codelist, True
        if fits and named is not None and _leads(named, changed.ref, versions):
            yield component
