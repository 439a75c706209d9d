"""Coding a file of texts over HTTP.

POST /coding/{agency}/{id}/{version}    CSV as the body, or as the one file of a form; 200 the same CSV with suggestions

``?column=`` the column of the texts, ``level=`` of the codes, ``lang=`` to search in and to name codes in (without it all
languages are searched), ``limit=`` suggestions for each text, 1 to 20. What comes out is told in :mod:`registry.coding.batch`.
Nothing of what is sent is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from hub.web import language
from registry.coding.batch import MOST_SUGGESTIONS, Wish, coded, read
from registry.coding.keeping import INDEXES
from registry.errors import Invalid
from registry.ports import Catalogue, Ports
from registry.ref import Kind, Ref

LARGEST = 8 * 1024 * 1024
"""Bytes of a file of texts."""


def routes(ports: Ports) -> list[BaseRoute]:
    """The one route."""

    async def code(request: Request) -> Response:
        content = await _content(request)
        lines = await run_in_threadpool(_lines, ports.catalogue, request, content)
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="coded.csv"'}
        return StreamingResponse(iterate_in_threadpool(lines), 200, headers, "text/csv; charset=utf-8")

    return [Route("/coding/{agency}/{id}/{version}", code, methods=["POST"], max_body_size=LARGEST)]


async def _content(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    try:
        async with request.form(max_files=1) as form:
            files = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
            if files:
                return await files[0].read()
    except HTTPException as error:
        if error.status_code != 400:
            raise
    raise Invalid("TEXTS_UNREADABLE", line=1, expected="CSV")


def _lines(catalogue: Catalogue, request: Request, content: bytes) -> Iterator[str]:
    """What is refused is refused before the first byte is sent."""
    given, path = request.query_params, request.path_params
    wish = Wish(given.get("column", ""), given.get("level") or None, language(request), _count(given.get("limit", "3")))
    ref = Ref.parse(f"{path['agency']}:{path['id']}({path['version']})", Kind.CODELIST)
    index = INDEXES.of(catalogue, ref, [given["lang"]] if given.get("lang") else ())
    sheet = read(content)
    sheet.check(wish)
    index.find("", wish.level)
    return coded(sheet, index, wish)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise Invalid("BAD_SUGGESTION_COUNT", found=text[:20], most=MOST_SUGGESTIONS)
    return int(text[:9])
