"""The web application: every door of the house, and the portal on the street, in one process.

Everything a door knows of the viewer comes from ``viewer_of``; everything it may do from the ports.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial

import httpx
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from adapters.sdmx import rest
from clients import trusted
from clients.portal.app import portal
from hub import calendar_feed, classification_files, coding, comparison_files, migrations, subscribing, uploads
from hub.audit import OneRequest
from hub.encoding import Encoding
from hub.memory import one_heap
from hub.origins import Origins
from hub.settings import Settings
from hub.warming import warming
from hub.web import json_response, on_fault, on_gone, on_hub_error
from hub.wiring import Hub
from registry.errors import HubError
from registry.ports import Viewer
from registry.pulse import moment
from schema import door


def application(hub: Hub) -> Starlette:
    """GraphQL at ``/graphql``, SDMX at ``/sdmx/v1`` and ``/sdmx/v2``, deliveries, health, and the portal at ``/``."""

    def viewer_of(request: Request) -> Viewer:
        return hub.tokens.viewer(request.headers.get("authorization"))

    doors = [
        *door.routes(hub.ports, viewer_of, _manner(hub)),
        *rest.routes(hub.ports, viewer_of),
        *uploads.routes(hub.ports, viewer_of),
        *calendar_feed.routes(hub.ports),
        *comparison_files.routes(hub.ports, viewer_of),
        *classification_files.routes(hub.catalogue),
        *coding.routes(hub.ports),
        *subscribing.routes(hub.subscriptions, viewer_of),
        Route("/healthz", _alive),
        Route("/readyz", _readiness(hub)),
    ]
    handlers = {HubError: on_hub_error, ClientDisconnect: on_gone, Exception: on_fault}
    # The portal is a client like any other: it reaches the doors over HTTP, only without a wire.
    inner = Starlette(routes=doors, exception_handlers=handlers)
    street = portal(httpx.ASGITransport(app=inner), "http://hub", hub.settings.public_url)
    return Starlette(
        routes=[*doors, Mount("/", street)],
        middleware=[Middleware(OneRequest), Middleware(Origins), Middleware(Encoding)],
        exception_handlers=handlers,
        lifespan=_living(hub, inner),
    )


def served() -> Starlette:
    """The application of one process among several, by the settings of its environment."""
    one_heap()
    return application(Hub.build(Settings.load()))


def _living(hub: Hub, inner: ASGIApp) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """While the server runs, subscribers are told; where no address is allowed, there is nobody to tell."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with hub.notifier.running() if hub.settings.webhooks else nullcontext():
            async with warming(inner):
                yield

    return lifespan


def _manner(hub: Hub) -> door.Manner:
    return door.Manner(trusted.documents(), hub.settings.trusted_only, partial(moment, hub.engine))


async def _alive(_request: Request) -> Response:
    return json_response({"status": "alive"})


def _readiness(hub: Hub) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_request: Request) -> Response:
        try:
            await run_in_threadpool(migrations.check, hub.engine)
        except (HubError, SQLAlchemyError):
            return json_response({"status": "not ready"}, 503)
        return json_response({"status": "ready"})

    return ready
