"""Reports among artefacts that are to be stored, held against the structures as they will stand once all of them are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from registry.errors import Conflict, HubError, Unfit
from registry.index import Index
from registry.model import Artefact, Metadataflow, MetadataSet, MetadataStructure
from registry.records import known, naming, read, versions
from registry.ref import SAME_URN, Kind, Ref
from registry.reporting import check_report


def unfit(connection: Connection, batch: Mapping[Ref, Artefact]) -> dict[Ref, HubError]:
    """What is wrong with the reports of a batch, and with structures and flows that stored reports would no longer fit."""
    foreseen = _Foreseen(connection, batch)
    found = {ref: _wrong(connection, made, foreseen) for ref, made in batch.items()}
    return {ref: error for ref, error in found.items() if error is not None}


def _wrong(connection: Connection, made: Artefact, foreseen: _Foreseen) -> HubError | None:
    if isinstance(made, MetadataSet):
        return _fault(made, foreseen)
    return _left_behind(connection, made, foreseen) if isinstance(made, MetadataStructure | Metadataflow) else None


def _fault(report: MetadataSet, foreseen: _Foreseen) -> HubError | None:
    try:
        check_report(report, foreseen.named)
    except HubError as error:
        return error
    return None


def _left_behind(connection: Connection, made: Artefact, foreseen: _Foreseen) -> HubError | None:
    """:class:`Conflict` REPORTS_LEFT_BEHIND with the first stored report that would no longer fit."""
    flows = [made.ref] if isinstance(made, Metadataflow) else naming(connection, Kind.METADATAFLOW, [made.ref])
    agreements = naming(connection, Kind.METADATA_PROVISION_AGREEMENT, flows)
    for ref in naming(connection, Kind.METADATA_SET, [made.ref, *flows, *agreements]):
        report = foreseen.named(ref)
        if isinstance(report, MetadataSet) and isinstance(error := _fault(report, foreseen), Unfit):
            place = error.parts[0][0]
            return Conflict("REPORTS_LEFT_BEHIND", kind=made.ref.kind.value, ref=str(made.ref), report=str(ref), place=place)
    return None


class _Foreseen:
    def __init__(self, connection: Connection, batch: Mapping[Ref, Artefact]) -> None:
        self._connection = connection
        self._batch = batch
        self._read: dict[Ref, Artefact | None] = {}

    def named(self, ref: Ref | None) -> Artefact | None:
        """What a reference will mean; None where it will mean nothing."""
        if ref is None:
            return None
        if ref not in self._read:
            self._read[ref] = self._found(ref)
        return self._read[ref]

    def _found(self, ref: Ref) -> Artefact | None:
        families = [(kind, ref.agency, ref.id) for kind in SAME_URN.get(ref.kind, (ref.kind,))]
        own = [one for one in self._batch if (one.kind, one.agency, one.id) in families]
        found = Index.of(dict.fromkeys([*versions(self._connection, families), *own], ""), {}).resolve(ref)
        if not found:
            return None
        exact = found[-1]
        return (
            self._batch[exact]
            if exact in self._batch
            else read(self._connection, exact, known(self._connection, [exact])[exact][0])
        )
