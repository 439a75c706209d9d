"""What figures rest on: a dataflow with figures, its structure and its code lists are not taken away, nor turned, under them.

Figures are kept by the places and codes of their structure; under another one the same figures would say something else. What
the version advisor does not call breaking may be changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select

from hub.history import DRAFTS, RELEASED
from hub.registry_tables import STANDING, registration
from hub.tables import cube, release
from registry.advisor.comparing import differences
from registry.advisor.findings import Severity, worst
from registry.errors import Conflict, HubError, Unavailable
from registry.model import Artefact
from registry.overlay import Overlay
from registry.ports import Catalogue
from registry.ref import SAME_URN, Kind, Ref

_CODED = (*SAME_URN[Kind.CODELIST], Kind.VALUE_LIST)
_FLOWS = (
    select(cube.c.agency, cube.c.flow, cube.c.version)
    .join(release, release.c.cube == cube.c.id)
    .where(release.c.state.in_((RELEASED, *DRAFTS)))
    .distinct()
)


def refuse_removal(connection: Connection, catalogue: Catalogue, gone: Collection[Ref]) -> None:
    """:class:`Conflict` FIGURES_REST_ON_IT for the first of these that figures rest on, ARTEFACT_REFERENCED for an agreement
    under which something is registered."""
    for ref in (one for one in gone if one.kind is Kind.PROVISION_AGREEMENT):
        under = (
            select(registration.c.id).where(registration.c.agreement == str(ref), STANDING).order_by(registration.c.id).limit(5)
        )
        if ids := list(connection.scalars(under)):
            by = ", ".join(f"registration {id}" for id in ids)
            raise Conflict("ARTEFACT_REFERENCED", kind=ref.kind.value, ref=str(ref), by=by)
    for ref, flow in _resting(connection, catalogue) if gone else ():
        if ref in gone:
            raise _conflict(ref, flow, "-")


def breaking(connection: Connection, catalogue: Catalogue, given: Iterable[Artefact]) -> dict[Ref, HubError]:
    """Why some of these cannot replace what stands: what is broken, and the dataflow whose figures rest on it."""
    coming = {made.ref: made for made in given}
    carrying = {ref: flow for ref, flow in _resting(connection, catalogue) if ref in coming}
    after = Overlay(catalogue, coming.values()) if carrying else catalogue
    errors: dict[Ref, HubError] = {}
    for ref, flow in carrying.items():
        # What no longer reads cannot be compared, and may be put right.
        before = next(iter(catalogue.get_all([ref])), None)
        try:
            findings = differences(before, coming[ref], catalogue, after) if before else ()
        except Unavailable as error:
            errors[ref] = error
            continue
        if worst(findings) is Severity.MAJOR:
            gravest = max(findings, key=lambda finding: finding.severity)
            errors[ref] = _conflict(ref, flow, gravest.place)
    return errors


def _resting(connection: Connection, catalogue: Catalogue) -> Iterator[tuple[Ref, Ref]]:
    """Each artefact that figures rest on, with a dataflow of theirs."""
    for agency, id, version in connection.execute(_FLOWS):
        flow = Ref(Kind.DATAFLOW, agency, id, version)
        if not catalogue.find(flow.kind, agency, id, version):
            continue
        yield flow, flow
        # By what names what, without reading any of it: one that no longer reads must not hold up every change.
        for dsd in _named(catalogue, flow, Kind.DATA_STRUCTURE):
            yield dsd, flow
            for codelist in _named(catalogue, dsd, *_CODED):
                yield codelist, flow


def _named(catalogue: Catalogue, ref: Ref, *kinds: Kind) -> Iterator[Ref]:
    """What an artefact names of some kinds, as it stands."""
    return (found for found in catalogue.references(ref).values() if found is not None and found.kind in kinds)


def _conflict(ref: Ref, flow: Ref, place: str) -> Conflict:
    return Conflict("FIGURES_REST_ON_IT", kind=ref.kind.value, ref=str(ref), dataflow=str(flow), place=place[:120])
