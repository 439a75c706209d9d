"""Asking the GraphQL door in tests: the ASGI application in this process, over HTTP, without a server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request

from registry.errors import Unauthenticated
from registry.ports import PUBLIC, Ports, Role, Viewer
from schema.door import Manner, routes

TOKENS = {
    "ministry": Viewer(Role.MINISTRY, "BNN", "a ministry"),
    "statistician": Viewer(Role.STATISTICIAN, "SEN", "a statistician"),
    "publisher": Viewer(Role.PUBLISHER, "SEN", "a publisher"),
}


def viewer_of(request: Request) -> Viewer:
    """Who a test's token stands for; the real one is ``hub/tokens.py``."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and token not in TOKENS:
        raise Unauthenticated("TOKEN_NOT_VALID")
    return TOKENS.get(token, PUBLIC)


@dataclass
class Asker:
    """A client of one door. ``headers`` go with every request."""

    ports: Ports
    headers: dict[str, str] = field(default_factory=dict)
    manner: Manner | None = None

    def __post_init__(self) -> None:
        self.app = Starlette(routes=routes(self.ports, viewer_of, self.manner))

    def send(self, method: str, path: str = "/graphql", **how: Any) -> httpx.Response:
        """One HTTP request."""

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://hub.example", headers=self.headers) as client:
                return await client.request(method, path, **how)

        return asyncio.run(go())

    def ask(self, query: str, lang: str = "", token: str = "", **variables: Any) -> dict[str, Any]:
        """The whole answer; numbers are read as decimals."""
        headers = {"Accept-Language": lang} if lang else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        response = self.send("POST", json={"query": query, "variables": variables}, headers=headers)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json(parse_float=Decimal)
        return answer

    def data(self, query: str, **how: Any) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        answer = self.ask(query, **how)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def error(self, query: str, **how: Any) -> dict[str, Any]:
        """The one error of an answer, with message and extensions in one."""
        (error,) = self.ask(query, **how)["errors"]
        return {"message": error["message"], "path": error.get("path"), **error["extensions"]}


def body(query: str, **variables: Any) -> bytes:
    return orjson.dumps({"query": query, "variables": variables})
