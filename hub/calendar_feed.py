"""``/calendar.ics``: the release calendar for everybody's own calendar. ``?dataflow=`` narrows it, ``?lang=`` chooses."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.ical import calendar_file
from hub.web import language
from registry.ports import PUBLIC, Ports
from registry.ref import Kind, Ref

BACK = timedelta(days=400)
"""How far back the file goes; GraphQL has everything."""


def routes(ports: Ports) -> list[BaseRoute]:
    async def feed(request: Request) -> Response:
        return await run_in_threadpool(_feed, ports, request)

    return [Route("/calendar.ics", feed, methods=["GET"])]


def _feed(ports: Ports, request: Request) -> Response:
    lang, wanted = language(request), request.query_params.get("dataflow")
    ref = ports.catalogue.get(Ref.parse(wanted, Kind.DATAFLOW)).ref if wanted else None
    # Always as the public sees it: whoever subscribes, a shared calendar tells nothing more.
    entries = ports.calendar.entries(PUBLIC, ref, ports.clock.now() - BACK)
    body = calendar_file(entries, lang, lambda flow: ports.links.path(f"/{lang}/data/{flow.agency}/{flow.id}"))
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Vary": "Accept-Language"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "text/calendar; charset=utf-8")
