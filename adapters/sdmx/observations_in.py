"""Observations that are handed in: POST to ``data`` with a message of data, where a form would be a long question.

The standard has no text for it yet, so the answer is ours, in JSON: ``data.drafts`` by dataflow (empty where nothing would
change), the counts, and ``data.rejects``: place, series, period, component, rule and advice of each refused observation. 201
where a draft was made, 207 where some were refused as well, 200 where nothing would change, 422 where all were refused. A draft
waits for approval, whoever sent it. ``/data/AGENCY,ID,VERSION`` (v1) or ``/data/dataflow/AGENCY/ID/VERSION`` (v2) says where
observations go that name only a structure; ``dryRun=true`` only checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request

from adapters.sdmx.reply import VARY, Reply
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.submitting import switch
from adapters.sdmx.writing.header import Header, timestamp
from registry.errors import LANGUAGES, message
from registry.ports import Ports, Reject, Viewer
from registry.ref import Kind, Ref
from registry.submission import Taken


@dataclass(frozen=True)
class Observations:
    """A request that brings observations, before they are read."""

    ports: Ports
    viewer: Viewer
    dataflow: Ref | None
    dry: bool

    @classmethod
    def read(cls, ports: Ports, viewer: Viewer, request: Request, path: str) -> Observations:
        parameters = Parameters.read(request.scope["query_string"].decode("utf-8", "replace"))
        dry = switch(parameters, request, "dryRun", "dry-run")
        parameters.finish()
        return cls(ports, viewer, _dataflow(ports, segments(path)[1:]), dry)

    def taken(self, path: Path) -> Reply:
        """What becomes of them."""
        found = self.ports.intake.submit(path, self.dataflow, self.dry, self.viewer)
        header = Header(next(iter(found.drafts), "NSO").partition(":")[0], self.ports.clock.now())
        meta = {"id": header.id, "prepared": timestamp(header.prepared), "test": self.dry, "sender": {"id": header.sender_id}}
        content = orjson.dumps({"meta": meta, "data": _told(found)})
        headers = {"Content-Type": "application/json", "Vary": VARY, "Cache-Control": "no-store"}
        return Reply(_status(found, self.dry), headers, content)


def _dataflow(ports: Ports, parts: list[str]) -> Ref | None:
    if not parts:
        return None
    named = parts[1:4] if parts[0] == "dataflow" else parts[0].split(",")
    agency, id_, version = [*named, "", "", ""][:3]
    return ports.catalogue.get(Ref(Kind.DATAFLOW, agency, id_, version or "latest")).ref


def _status(found: Taken, dry: bool) -> int:
    made = bool(found.accepted or found.removed) if dry else any(found.drafts.values())
    if found.refused:
        return 207 if made else 422
    return 200 if dry or not made else 201


def _told(found: Taken) -> dict[str, Any]:
    counts = {name: getattr(found, name) for name in ("observations", "accepted", "refused", "removed")}
    return {"drafts": dict(found.drafts), **counts, "rejects": [_reject(one) for one in found.rejects]}


def _reject(one: Reject) -> dict[str, Any]:
    told = {lang: message(one.rule, lang, **one.facts) for lang in LANGUAGES}
    texts = {lang: f"{parts['title']}: {parts['detail']} {parts['help']}" for lang, parts in told.items()}
    where = {"place": one.place, "series": one.series_key, "period": one.period, "component": one.column}
    return {**where, "value": one.value, "rule": one.rule, "messages": texts}
