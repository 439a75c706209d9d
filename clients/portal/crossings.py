"""From one version of a classification to another: a code with its life, what changed, and the correspondence."""

from __future__ import annotations

from hub_client import QueryFailed
from hub_client.generated.fragments import TableWithGroups, TableWithLinks, VersionCode
from starlette.exceptions import HTTPException
from starlette.responses import Response

from clients.portal.classifications import files
from clients.portal.numbers import number
from clients.portal.texts import Words
from clients.portal.visitor import Visitor

LINKS, GROUPS, CHANGES = 100, 50, 100
"""Entries on one page."""


async def code(visitor: Visitor, agency: str, id: str, version: str, code: str) -> Response:
    """One code: its notes, its life through the versions, and what it is elsewhere."""
    wanted = code or visitor.request.query_params.get("last", "")
    found, told = await _code(visitor, f"{agency}:{id}({version})", wanted)
    assert found.code is not None, "the hub gives an error for what is not there"
    level = next((each.name for each in found.levels if each.id == found.code.level and each.name), None)
    facts = {"list": found, "code": found.code, "life": found.biography or [], "told": told, "level": level}
    return await visitor.page("code.html", {**facts, "number": lambda text: number(text, visitor.lang)})


async def _code(visitor: Visitor, ref: str, code: str) -> tuple[VersionCode, bool]:
    """The code, and whether its life could be told: not where another version, or a table, no longer reads."""
    try:
        found = await visitor.client.classification_code(ref, code)
    except QueryFailed as failed:
        rest = visitor.rest_of(failed).get("codelist") or {}
        if not rest.get("code"):
            raise
        return VersionCode.model_validate(rest), all("biography" not in one.path for one in failed.errors)
    assert found is not None, "the hub gives an error for what is not there"
    return found, True


async def changes(visitor: Visitor, agency: str, id: str, version: str) -> Response:
    """Two versions side by side. Without ``to`` the neighbour: what replaced this one, else what it replaced, else whatever a
    correspondence leads to."""
    given = visitor.request.query_params
    detail = await visitor.client.classification_version(f"{agency}:{id}({version})")
    assert detail is not None, "the hub gives an error for what is not there"
    refs = [each.ref for each in detail.classification.versions]
    place, elsewhere = refs.index(detail.ref), (each.to_codelist.ref for each in detail.correspondences)
    to = given.get("to") or next(iter((*refs[place + 1 :], *reversed(refs[:place]), *elsewhere)), "")
    facts = {"list": detail, "to": to, "kind": given.get("kind", ""), "told": None}
    if to:
        kind, after = given.get("kind") or None, given.get("after") or None
        other = await visitor.client.classification_version(to)
        assert other is not None, "the hub gives an error for what is not there"
        old, new = (other, detail) if other.ref in refs[:place] else (detail, other)
        found = await visitor.client.version_changes(old.ref, new.ref, CHANGES, kind=kind, after=after)
        assert found is not None, "the hub gives an error for what is not there"
        facts |= {"told": found.changes, "old": old, "new": new}
    return await visitor.page("changed.html", facts)


async def correspondence(
    visitor: Visitor, agency: str, id: str, version: str, to_agency: str, to_id: str, to_version: str
) -> Response:
    """The table from one version to another: its links, or its groups."""
    given = visitor.request.query_params
    ref, to = f"{agency}:{id}({version})", f"{to_agency}:{to_id}({to_version})"
    if given.get("view", "links") not in ("links", "groups"):
        raise HTTPException(404)
    read = _groups if given.get("view") == "groups" else _links
    table = await read(visitor, ref, to)
    assert table is not None, "the hub gives an error for what is not there"
    facts = {
        "table": table,
        **{name: given.get(name, "").strip() for name in ("view", "kind", "state", "group", "q")},
        "files": files(visitor, "codelists", agency, id, version, f"to/{to_agency}/{to_id}/{to_version}/links"),
        "number": lambda text: number(text, visitor.lang),
        "basis": lambda text: basis_words(text, visitor.words),
    }
    return await visitor.page("correspondence.html", facts)


async def _links(visitor: Visitor, ref: str, to: str) -> TableWithLinks | None:
    given = visitor.request.query_params
    wish = {name: given.get(name, "").strip() or None for name in ("kind", "state", "group", "after")}
    found = await visitor.client.table_links(ref, to, LINKS, search=given.get("q", "").strip() or None, **wish)
    return found.correspondence if found else None


async def _groups(visitor: Visitor, ref: str, to: str) -> TableWithGroups | None:
    wish = {name: visitor.request.query_params.get(name) or None for name in ("kind", "after")}
    found = await visitor.client.table_groups(ref, to, GROUPS, **wish)
    return found.correspondence if found else None


def basis_words(text: str, words: Words) -> str:
    """What shares were measured by, in words where there are some."""
    return ", ".join(words.known(f"basis_{each}") or each for each in text.split(", "))
