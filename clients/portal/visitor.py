"""Who looks at a page: the language of the address, the hub asked on the visitor's behalf, and how pages are rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from hub_client import AsyncHubClient, HubClientError, HubMessage, QueryFailed
from hub_client.generated.fragments import ServiceFields
from hub_client.wire import LEFT_OUT
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from clients.portal import numbers, periods
from clients.portal.drawing import Drawer
from clients.portal.texts import LANGUAGES, Words, in_language

HERE = Path(__file__).parent

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Vary": "Authorization",
}

UNREADABLE = "ARTEFACT_UNREADABLE"
"""The code of the error of something that is missing where it may be."""


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass
class Site:
    """What all visitors share. ``http``: the way to the hub. ``public_url``: the address readers know the hub by."""

    http: httpx.AsyncClient
    base_url: str
    public_url: str
    templates: Environment = field(default_factory=_templates)
    drawer: Drawer = field(default_factory=Drawer)


@dataclass
class Visitor:
    """One visit. ``client`` speaks to the hub in the visitor's language and with the visitor's token."""

    site: Site
    request: Request
    lang: str
    client: AsyncHubClient
    words: Words

    @classmethod
    def of(cls, site: Site, request: Request, lang: str) -> Visitor:
        client = AsyncHubClient(site.base_url, lang=lang, http_client=site.http, retries=0)
        if token := request.headers.get("authorization"):
            client.headers["Authorization"] = token
        client.left_out = []
        return cls(site, request, lang, client, Words(lang))

    @property
    def root(self) -> str:
        """What stands before every path of the portal."""
        return str(self.request.scope.get("root_path", ""))

    def path(self, *parts: str) -> str:
        """The address of a page in the visitor's language.

        A last part that is ``.`` or ``..`` stands behind the path: browsers take such a step out of it, however it is written.
        """
        steps = [self.root, self.lang, *(quote(part, safe="") for part in parts)]
        return "/".join([*steps[:-1], f"?last={steps[-1]}"] if steps[-1] in (".", "..") else steps)

    def elsewhere(self, lang: str) -> str:
        """This very page in another language."""
        # As it was sent: of a code with a slash or a question mark in it the path alone no longer tells.
        path = self.request.scope["raw_path"].decode("ascii").removeprefix(self.root)
        rest = path.split("/", 2)[2] if path.startswith(tuple(f"/{each}/" for each in LANGUAGES)) else ""
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        return f"{self.root}/{lang}/{rest}{query}"

    @property
    def left_out(self) -> list[str]:
        """What of this page's answers can no longer be read, each once."""
        return list(dict.fromkeys(one.detail for one in self.client.left_out or ()))

    def misses(self, errors: Sequence[HubMessage]) -> None:
        """Say on this page what an answer lacks that is shown all the same."""
        self.client.left_out = [*(self.client.left_out or ()), *errors]

    def rest_of(self, failed: QueryFailed) -> dict[str, Any]:
        """What an answer tells although something no longer reads, which the page then says; any other trouble is raised."""
        if failed.data is None or any(one.code not in (*LEFT_OUT, UNREADABLE) for one in failed.errors):
            raise failed
        self.misses(failed.errors)
        return failed.data

    async def service(self) -> ServiceFields | None:
        """What the hub says about itself; None when it cannot say even that, so that the page about the trouble still shows."""
        try:
            return await self.client.service()
        except HubClientError:
            return None

    async def page(self, template: str, facts: Mapping[str, Any], status: int = 200) -> Response:
        """A page of the portal."""
        known: dict[str, Any] = {
            "v": self,
            "t": self.words,
            "lang": self.lang,
            "languages": LANGUAGES,
            "service": await self.service(),
            "public_url": self.site.public_url,
            "asset": f"{self.root}/assets",
            "day": lambda moment: periods.day(moment, self.words),
            "moment": lambda moment: periods.moment(moment, self.words),
            "period_label": lambda text: periods.read(text).label(self.words),
            "own": lambda text: in_language(text, self.lang),
            "count": lambda value: numbers.count(value, self.lang),
        }
        text = self.site.templates.get_template(template).render({**known, **facts})
        own = {"Cache-Control": "private, no-store"} if "authorization" in self.request.headers else {}
        return HTMLResponse(text, status, headers={**HEADERS, **own, "Content-Language": self.lang})
