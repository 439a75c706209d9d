"""Classifications: their list, and one version with its tree, what words may mean in it, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub_client import QueryFailed
from hub_client.generated.fragments import CodeFields, CodelistWithCodes, SuggestionFields, VersionDetail
from starlette.responses import Response

from clients.portal.trees import Node, under, whole
from clients.portal.visitor import Visitor

LISTS, CODES, SUGGESTED = 60, 300, 20
"""Entries on one page. A version of at most :data:`CODES` is shown whole, as a tree."""

FORMATS = {"CSV": "csv", "XLSX": "xlsx", "JSON-LD": "jsonld", "YAML": "yml"}
"""Formats of files of a version or of a correspondence, with their endings."""

TOO_LONG = "LIST_TOO_LONG_TO_CODE"


async def classifications(visitor: Visitor) -> Response:
    """All classifications with their versions, or those that a search finds."""
    search = visitor.request.query_params.get("q", "").strip()
    after = visitor.request.query_params.get("after") or None
    page = await visitor.client.classifications(search=search or None, first=LISTS, after=after)
    return await visitor.page("classifications.html", {"search": search, "page": page})


async def version(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """One version: as a tree, whole or around a code; or the codes that some words may mean."""
    given = visitor.request.query_params
    search, level, parent = given.get("q", "").strip(), given.get("level", ""), given.get("parent", "")
    detail = await visitor.client.classification_version(f"{agency}:{id}({version})")
    assert detail is not None, "the hub gives an error for what is not there"
    found = await _found(visitor, detail.ref, search, level) if search else None
    shown = None if found and found.likely else await _codes(visitor, detail.ref, search, parent, given.get("after"))
    return await visitor.page(
        "version.html",
        {
            "list": detail,
            "search": search,
            "level": level,
            "found": found,
            "shown": shown,
            "files": files(visitor, "codelists", detail.agency, detail.id, detail.version, "codes"),
            "sdmx": _sdmx(visitor, detail),
        },
    )


@dataclass(frozen=True)
class Found:
    """What some words may mean, the likeliest first; nothing where the list is too long to tell, or where nothing is like."""

    likely: list[SuggestionFields]


async def _found(visitor: Visitor, ref: str, search: str, level: str) -> Found:
    try:
        answer = await visitor.client.suggest(ref, [search], SUGGESTED, level=level or None)
    except QueryFailed as failed:
        if failed.errors[0].code != TOO_LONG:
            raise
        return Found([])
    return Found(list(answer[0].matches) if answer else [])


@dataclass(frozen=True)
class Shown:
    """Codes as a tree. ``total`` of them; ``after``: where the next page begins; ``below``: the code they stand under."""

    nodes: list[Node]
    total: int
    after: str | None
    below: str


async def _codes(visitor: Visitor, ref: str, search: str, parent: str, after: str | None) -> Shown:
    """The whole list where it is short, else a part of it; or the codes that hold the letters of a search."""
    found = await _page(visitor, ref, after, search=search or None)
    if search:
        return _shown(found, [Node(code) for code in found.codes.nodes], "")
    if found.codes.total_count <= CODES:
        return _shown(found, whole(found.codes.nodes), "")
    part = await _page(visitor, ref, after, **({"parent": parent} if parent else {"roots": True}))
    top = part.codes.nodes[0] if part.codes.nodes else None
    if not parent and top and part.codes.total_count == 1 and top.has_children:
        # A total alone would tell nothing: it is shown with what is below it.
        parent, part = top.id, await _page(visitor, ref, None, parent=top.id)
    nodes = under(await _above(visitor, ref, parent), part.codes.nodes)
    return Shown(nodes, found.codes.total_count if not parent else part.codes.total_count, _next(part), parent)


def _shown(found: CodelistWithCodes, nodes: list[Node], below: str) -> Shown:
    return Shown(nodes, found.codes.total_count, _next(found), below)


def _next(found: CodelistWithCodes) -> str | None:
    page = found.codes.page_info
    return page.end_cursor if page.has_next_page else None


async def _page(visitor: Visitor, ref: str, after: str | None, **narrowed: Any) -> CodelistWithCodes:
    found = await visitor.client.codelist(ref, first=CODES, after=after or None, **narrowed)
    assert found is not None, "the hub gives an error for what is not there"
    return found


async def _above(visitor: Visitor, ref: str, parent: str) -> list[CodeFields]:
    """The codes from the top down to the parent shown."""
    way: list[CodeFields] = []
    step: str | None = parent
    while step and step not in {code.id for code in way}:
        answer = await visitor.client.code(ref, step)
        if answer is None or answer.code is None:
            break
        way.insert(0, answer.code)
        step = answer.code.parent_id
    return way


def files(visitor: Visitor, folder: str, agency: str, id: str, version: str, name: str) -> list[tuple[str, str]]:
    """Files of a version or a correspondence: their formats and addresses."""
    base = f"{visitor.site.public_url}/{folder}/{agency}/{id}/{version}/{name}"
    return [(format, f"{base}.{ending}") for format, ending in FORMATS.items()]


def _sdmx(visitor: Visitor, of: VersionDetail) -> list[tuple[str, str]]:
    """The same as SDMX structure messages."""
    base = f"{visitor.site.public_url}/sdmx/v2/structure/codelist/{of.agency}/{of.id}/{of.version}"
    return [("SDMX-ML", f"{base}?format=structure"), ("SDMX-JSON", f"{base}?format=jsonstructure")]
