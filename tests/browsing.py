"""Looking at the portal in tests: the whole application in this process, its pages as trees."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx
from lxml import html

from hub.app import application
from hub.wiring import Hub


@dataclass(frozen=True)
class Page:
    """A page as its reader gets it."""

    response: httpx.Response
    tree: html.HtmlElement

    def all(self, path: str) -> list[str]:
        """The texts of the elements an XPath finds, white space made plain."""
        return [" ".join(found.text_content().split()) for found in self.tree.xpath(path)]

    def one(self, path: str) -> str:
        (text,) = self.all(path)
        return text

    def links(self, path: str = "//a") -> list[str]:
        return [str(link.get("href")) for link in self.tree.xpath(path)]

    def rows(self, heading: str) -> list[list[str]]:
        """The rows of the table under a heading, their cells as words; none where there is no such table."""
        found = self.tree.xpath(f"//div[@aria-labelledby='{heading}']//tr")
        return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in found]

    def table(self) -> list[list[str]]:
        """The table of data as it is seen: its head and its rows."""
        rows = self.tree.xpath("//table[contains(@class, 'data')]//tr")
        seen = ".//text()[not(ancestor::*[@class='visually-hidden'])]"
        return [[" ".join("".join(cell.xpath(seen)).split()) for cell in row.xpath("th|td")] for row in rows]


@dataclass
class Reader:
    """A visitor of the portal. ``headers`` go with every request."""

    hub: Hub
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = application(self.hub)

    def get(self, path: str, **headers: str) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
                return await client.get(path, headers={**self.headers, **headers})

        return asyncio.run(go())

    def look(self, path: str, status: int = 200, **headers: str) -> Page:
        """A page; it must have the status expected."""
        response = self.get(path, **headers)
        assert response.status_code == status, response.text
        return Page(response, html.document_fromstring(response.text))
