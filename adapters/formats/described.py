"""What every format says about the figures: release, licence, structure, how they were computed."""

from __future__ import annotations

from typing import Any

from adapters.outlets import Wish
from registry.answers import Answer, Release


def facts(answer: Answer, wish: Wish) -> dict[str, Any]:
    """The facts about an answer by name, ready for JSON; those that are not known are left out."""
    release, structure = answer.release, answer.structure
    found: dict[str, Any] = {
        "dataflow": str(structure.dataflow.ref),
        "names": dict(structure.dataflow.names),
        "structure": structure.dsd.ref.urn,
        "release": release and _release(release),
        "prepared": _moment(wish.prepared),
        "licence": wish.service and wish.service.license,
        "publisher": wish.service and dict(wish.service.names),
        "attributes": {name: text for name, text in answer.dataset_attributes.items() if name in wish.attributes},
        "computed": [dict(step) for step in answer.computed],
    }
    return {name: fact for name, fact in found.items() if fact}


def _release(release: Release) -> dict[str, Any]:
    said = {
        "id": release.id,
        "number": release.number,
        "releasedAt": _moment(release.released_at),
        "kind": release.kind,
        "state": release.state,
        "embargoedUntil": _moment(release.embargoed_until),
        "withdrawn": release.withdrawn_by is not None,
        "reasons": dict(release.reasons),
    }
    return {name: fact for name, fact in said.items() if fact or name in ("number", "releasedAt")}


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
