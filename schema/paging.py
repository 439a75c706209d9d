"""Pages: Relay connections whose cursors name the last entry seen, so that new entries never shift a page.

Source: GraphQL Cursor Connections Specification (Relay).
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import orjson
import strawberry

from registry.errors import Invalid
from registry.ref import Kind, Ref
from registry.version import sort_key

DEFAULT_PAGE = 50
LARGEST_PAGE = 1000

T = TypeVar("T")
E = TypeVar("E")


@strawberry.type(description="Where a page stands among all entries. Cursors are opaque.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="An entry of a page and the cursor after it.")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of entries; `totalCount` counts all pages, `nodes` are the entries without their cursors.")
class Connection(Generic[T]):
    total_count: int
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo


def page_size(first: int) -> int:
    """``first``, checked: 1 to :data:`LARGEST_PAGE`, else :class:`Invalid` PAGE_SIZE."""
    if not 1 <= first <= LARGEST_PAGE:
        raise Invalid("PAGE_SIZE", found=first, most=LARGEST_PAGE)
    return first


def encode_cursor(*parts: str | int) -> str:
    """An opaque cursor of the parts."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> list[Any]:
    """The parts of a cursor, each of the type given; else :class:`Invalid` BAD_CURSOR."""
    try:
        parts = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(types):
        raise bad_cursor(cursor)
    return parts


def bad_cursor(cursor: str) -> Invalid:
    return Invalid("BAD_CURSOR", found=cursor[:60])


def connection(
    entries: Sequence[E], start: int, first: int, cursor: Callable[[E], str], nodes: Callable[[Sequence[E]], Sequence[T]]
) -> Connection[T]:
    """The page of ``entries`` that begins at ``start``; only the entries of the page are turned into nodes, all at once."""
    shown = entries[start : start + page_size(first)]
    edges = [Edge(cursor=cursor(entry), node=node) for entry, node in zip(shown, nodes(shown), strict=True)]
    return Connection(
        total_count=len(entries),
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=PageInfo(
            has_next_page=start + len(shown) < len(entries),
            has_previous_page=start > 0,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _order(ref: Ref) -> tuple[object, ...]:
    return (_KINDS[ref.kind], ref.agency, ref.id, sort_key(ref.version))


_KINDS = {kind: place for place, kind in enumerate(Kind)}


def pages_of_refs(
    refs: Sequence[Ref], first: int, after: str | None, nodes: Callable[[Sequence[Ref]], Sequence[T]]
) -> Connection[T]:
    """A page of artefacts in the order of kind, agency, id and version; ``after`` need not exist any more."""
    ordered = sorted(refs, key=_order)
    start = 0
    if after is not None:
        kind, text = decode_cursor(after, str, str)
        start = bisect_right(ordered, _order(_cursor_ref(kind, text, after)), key=_order)
    return connection(ordered, start, first, lambda ref: encode_cursor(ref.kind.value, str(ref)), nodes)


def _cursor_ref(kind: str, text: str, cursor: str) -> Ref:
    try:
        return Ref.parse(text, Kind(kind))
    except (Invalid, ValueError):
        raise bad_cursor(cursor) from None


def pages_of_items(
    entries: Sequence[E], key: Callable[[E], str], first: int, after: str | None, node: Callable[[E], T]
) -> Connection[T]:
    """A page of the entries of one immutable artefact, in their own order, found again by ``key``."""
    start = 0
    if after is not None:
        (last,) = decode_cursor(after, str)
        start = next((index + 1 for index, entry in enumerate(entries) if key(entry) == last), 0)
        if start == 0:
            raise bad_cursor(after)
    return connection(entries, start, first, lambda entry: encode_cursor(key(entry)), lambda shown: [*map(node, shown)])


def pages_by_place(entries: Sequence[E], first: int, after: str | None, node: Callable[[E], T]) -> Connection[T]:
    """The same for entries that have no name of their own: found again by their place."""
    start = decode_cursor(after, int)[0] + 1 if after is not None else 0
    if not 0 <= start <= len(entries):
        raise bad_cursor(after or "")
    places = range(len(entries))
    return connection(places, start, first, encode_cursor, lambda shown: [node(entries[place]) for place in shown])
