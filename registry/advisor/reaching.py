"""What a change reaches: every artefact that refers to the changed one, directly or through others, and published series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    """Counts for one viewer; None for all of a dataflow."""

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


def affected(changed: Ref, next_version: str | None, stored: Known) -> tuple[Affected, ...]:
    """Nearest first; each artefact once, by a shortest way."""
    found: dict[Ref, Affected] = {}
    edge = [Affected(changed, (), False)]
    while edge:
        steps = [(one, parent) for one in edge for parent in stored.parents(one.ref)]
        edge = []
        for one, parent in steps:
            if parent not in found and parent != changed:
                follows = one.follows if one.through else _follows(stored.get(parent), changed, next_version, stored)
                found[parent] = Affected(parent, (*one.through, one.ref), follows)
                edge.append(found[parent])
    return tuple(found.values())


def _follows(parent: Artefact, changed: Ref, next_version: str | None, stored: Known) -> bool:
    if next_version is None:
        return False
    known = [ref.version for ref in stored.find(changed.kind, changed.agency, changed.id)]
    named = (ref for ref in references(parent) if family(ref) == family(changed))
    return any(choose(ref.version, {*known, next_version})[-1:] == [next_version] for ref in named)


def series(
    changed: Artefact, findings: Iterable[Finding], reached: Iterable[Affected], stored: Known, count: Counting
) -> tuple[Series, ...]:
    """What breaks, by dataflow. A code that breaks reaches the series that have it; anything else reaches all of them."""
    breaking = [finding for finding in findings if finding.severity == Severity.MAJOR]
    if not breaking:
        return ()
    flows = {one.ref for one in reached if one.ref.kind == Kind.DATAFLOW} | ({changed.ref} & set(stored.find(Kind.DATAFLOW)))
    return tuple(one for flow in sorted(flows) for one in _of_flow(flow, changed, breaking, stored, count))


def _of_flow(flow: Ref, changed: Artefact, breaking: list[Finding], stored: Known, count: Counting) -> Iterator[Series]:
    parts = {finding.part for finding in breaking if finding.path[0] == "items"}
    whole = any(finding.path[0] != "items" for finding in breaking)
    using = list(_using(flow, changed, parts, stored))
    if whole or (isinstance(changed, ConceptScheme) and using):
        yield from (Series(flow, "", "", use) for use in count(flow, None).values() if use.series)
    elif isinstance(changed, Codelist):
        for component in using:
            held = count(flow, component.id)
            yield from (Series(flow, component.id, code, held[code]) for code in sorted(parts & held.keys()))


def _using(flow: Ref, changed: Artefact, parts: set[str], stored: Known) -> Iterator[Component]:
    """The components of the dataflow that take their codes from the changed list, or their meaning from its concepts."""
    dataflow = stored.get(flow)
    dsd = stored.get(dataflow.structure) if isinstance(dataflow, Dataflow) else None
    for component in dsd.components.values() if isinstance(dsd, DataStructure) else ():
        if isinstance(changed, ConceptScheme):
            named, fits = component.concept_scheme, (component.concept or component.id) in parts
        else:
            named, fits = component.codelist, True
        if fits and named is not None and family(named) == family(changed.ref):
            yield component
