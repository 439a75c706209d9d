"""The portal as an application: its addresses, its files, and what it shows when something goes wrong.

Addresses: ``/vi/`` and ``/en/`` before everything; ``/`` leads to the one the visitor's browser asks for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
from hub_client import HubClientError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from clients.portal import classifications, crossings, faults, pages, registry
from clients.portal.dataflow import dataflow_page
from clients.portal.quality import quality_page
from clients.portal.releases import changes_page, releases_page
from clients.portal.revisions import revisions_page
from clients.portal.texts import LANGUAGES, preferred
from clients.portal.visitor import HERE, Site, Visitor

Show = Callable[..., Awaitable[Response]]

PATHS: tuple[tuple[str, Show], ...] = (
    ("/", pages.home),
    ("/data/{agency}/{id}", dataflow_page),
    ("/data/{agency}/{id}/{version}", dataflow_page),
    ("/releases/{agency}/{id}", releases_page),
    ("/releases/{agency}/{id}/{version}", releases_page),
    ("/changes/{agency}/{id}", changes_page),
    ("/changes/{agency}/{id}/{version}", changes_page),
    ("/revisions/{agency}/{id}", revisions_page),
    ("/revisions/{agency}/{id}/{version}", revisions_page),
    ("/quality/{agency}/{id}", quality_page),
    ("/quality/{agency}/{id}/{version}", quality_page),
    ("/codelists", classifications.classifications),
    ("/codelists/{agency}/{id}", classifications.version),
    ("/codelists/{agency}/{id}/{version}", classifications.version),
    ("/codelists/{agency}/{id}/{version}/codes/{code:path}", crossings.code),
    ("/codelists/{agency}/{id}/{version}/changes", crossings.changes),
    ("/codelists/{agency}/{id}/{version}/to/{to_agency}/{to_id}/{to_version}", crossings.correspondence),
    ("/registry", registry.registry),
    ("/registry/{kind}", registry.kind),
    ("/registry/{kind}/{agency}/{id}", registry.artefact),
    ("/registry/{kind}/{agency}/{id}/{version}", registry.artefact),
    ("/about", pages.about),
)


def portal(transport: httpx.AsyncBaseTransport, base_url: str, public_url: str) -> Starlette:
    """The portal. ``transport`` and ``base_url``: the way to the hub; ``public_url``: the address readers know it by."""
    site = Site(httpx.AsyncClient(transport=transport, timeout=60.0), base_url, public_url.rstrip("/"))

    return Starlette(
        routes=_routes(site),
        exception_handlers={
            HubClientError: faults.on_client_error(site),
            HTTPException: faults.on_http_error(site),
            Exception: faults.on_fault(site),
        },
    )


def _routes(site: Site) -> list[BaseRoute]:
    spoken = [Route(f"/{lang}{path}", _shown(site, lang, show)) for lang in LANGUAGES for path, show in PATHS]
    return [Route("/", _welcome), *spoken, Mount("/assets", StaticFiles(directory=HERE / "static"))]


def _shown(site: Site, lang: str, show: Show) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await show(Visitor.of(site, request, lang), **request.path_params)

    return endpoint


async def _welcome(request: Request) -> Response:
    lang = preferred(request.headers.get("accept-language", ""))
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{lang}/", 302, headers={"Vary": "Accept-Language"})
