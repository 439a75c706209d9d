"""Subscriptions over HTTP, for holders of a token.

POST    /subscriptions       {"url": ..., "kinds": ["Codelist"], "agency": "SEN", "id": "CL_CROP"}     201 id and secret, once
GET     /subscriptions       those of one's own organisation
DELETE  /subscriptions/{id}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.subscriptions import Subscriptions
from hub.web import json_response
from registry.errors import Invalid
from registry.ports import Viewer

LARGEST = 10_000
"""Bytes of a request."""


def routes(subscriptions: Subscriptions, viewer_of: Callable[[Request], Viewer]) -> list[BaseRoute]:
    """The routes of subscriptions."""

    async def create(request: Request) -> Response:
        viewer = await run_in_threadpool(viewer_of, request)
        asked = _asked(await request.body())
        id, secret = await run_in_threadpool(subscriptions.create, *asked, viewer)
        return json_response({"id": id, "secret": secret}, 201)

    async def own(request: Request) -> Response:
        found = await run_in_threadpool(lambda: subscriptions.list(viewer_of(request)))
        return json_response({"subscriptions": [asdict(one) for one in found]})

    async def end(request: Request) -> Response:
        await run_in_threadpool(lambda: subscriptions.end(request.path_params["id"], viewer_of(request)))
        return Response(status_code=204)

    return [
        Route("/subscriptions", own),
        Route("/subscriptions", create, methods=["POST"], max_body_size=LARGEST),
        Route("/subscriptions/{id}", end, methods=["DELETE"]),
    ]


def _asked(body: bytes) -> tuple[str, list[str], str, str]:
    """Address, kinds, agency and id of an artefact."""
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        told = None
    known = {"url": "", "kinds": [], "agency": "*", "id": "*"}
    if not isinstance(told, dict) or told.keys() - known.keys():
        raise Invalid("SUBSCRIPTION_BROKEN")
    url, kinds, agency, id = (told.get(name, usual) for name, usual in known.items())
    if not all(isinstance(text, str) for text in (url, agency, id)) or not isinstance(kinds, list):
        raise Invalid("SUBSCRIPTION_BROKEN")
    if not all(isinstance(kind, str) for kind in kinds):
        raise Invalid("SUBSCRIPTION_BROKEN")
    return url, kinds, agency, id
