"""Reports among artefacts that are to be stored, held against the structures as they will stand once all of them are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from registry.errors import HubError
from registry.index import Index
from registry.model import Artefact, MetadataSet
from registry.records import known, read, versions
from registry.ref import SAME_URN, Ref
from registry.reporting import check_report


def unfit(connection: Connection, batch: Mapping[Ref, Artefact]) -> dict[Ref, HubError]:
    """What is wrong with the reports of a batch."""
    foreseen = _Foreseen(connection, batch)
    errors: dict[Ref, HubError] = {}
    for ref, made in batch.items():
        if isinstance(made, MetadataSet):
            try:
                check_report(made, foreseen.named)
            except HubError as error:
                errors[ref] = error
    return errors


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
