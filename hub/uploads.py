"""Handing in deliveries over HTTP, with a receipt.

POST /deliveries/{source}       multipart files, or one raw body with ?name=FILE       201 receipt, 200 when known already
GET  /deliveries                the receipts of one's own deliveries
GET  /deliveries/{id}           one receipt, with the refused records: file, place, rule, column and advice, never values
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.base import Rule
from adapters.sources import adapter_for
from hub.settings import LARGEST_UPLOAD
from hub.web import json_response, language
from registry.errors import Invalid
from registry.ports import Ports, Reject, Viewer
from registry.receipt import Delivery
from registry.text import pick

MOST_FILES = 1000
MOST_REJECTS = 1000
_CHUNK = 1024 * 1024
_TAIL = 200
_END = re.compile(rb"--[^\r\n]+--\s*$")


def routes(ports: Ports, viewer_of: Callable[[Request], Viewer]) -> list[BaseRoute]:
    """The routes of the delivery desk."""

    async def hand_in(request: Request) -> Response:
        viewer = viewer_of(request)
        delivery = await ports.desk.receive(request.path_params["source"], _files(request), viewer)
        receipt = await run_in_threadpool(_receipt, ports, delivery, viewer, language(request))
        return json_response(receipt, 200 if delivery.repeated else 201)

    async def own(request: Request) -> Response:
        found = await run_in_threadpool(ports.desk.deliveries, viewer_of(request))
        return json_response({"deliveries": [_summary(delivery) for delivery in found]})

    async def one(request: Request) -> Response:
        viewer = viewer_of(request)
        delivery = await run_in_threadpool(ports.desk.delivery, request.path_params["id"], viewer)
        return json_response(await run_in_threadpool(_receipt, ports, delivery, viewer, language(request)))

    return [
        Route("/deliveries", own),
        Route("/deliveries/{id}", one),
        Route("/deliveries/{source}", hand_in, methods=["POST"], max_body_size=LARGEST_UPLOAD),
    ]


async def _files(request: Request) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        whole = _Whole(request.scope, request.receive)
        async with whole.form(max_files=MOST_FILES, max_fields=MOST_FILES) as form:
            if not whole.ended:
                raise Invalid("UPLOAD_CUT_OFF")
            for _, part in form.multi_items():
                if isinstance(part, UploadFile):
                    yield part.filename or "file", _chunks(part)
        return
    yield request.query_params.get("name", "file"), request.stream()


class _Whole(Request):
    """A multipart request that knows whether its last boundary came: the parser drops a part that is cut off without a word."""

    _tail = b""

    @property
    def ended(self) -> bool:
        return _END.search(self._tail) is not None

    async def stream(self) -> AsyncGenerator[bytes, None]:
        async for chunk in super().stream():
            self._tail = (self._tail + chunk)[-_TAIL:]
            yield chunk


async def _chunks(part: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await part.read(_CHUNK):
        yield chunk


def _summary(delivery: Delivery) -> dict[str, Any]:
    return {name: value for name, value in asdict(delivery).items() if name != "message"}


def _receipt(ports: Ports, delivery: Delivery, viewer: Viewer, lang: str) -> dict[str, Any]:
    rejects = ports.desk.rejects(delivery.id, viewer, MOST_REJECTS)
    source = adapter_for(delivery.source).source
    rules = {code: _rule(source.rule(code), count, lang) for code, count in delivery.rules.items()}
    return {**_summary(delivery), "rules": rules, "rejects": [_line(each) for each in rejects]}


def _rule(rule: Rule, count: int, lang: str) -> dict[str, Any]:
    return {"count": count, "severity": rule.severity, "name": pick(rule.names, lang), "help": pick(rule.help, lang)}


def _line(reject: Reject) -> dict[str, str]:
    return {"file": reject.file, "place": reject.place, "rule": reject.rule, "column": reject.column}
