"""A GraphQL request over HTTP, read strictly: one JSON object, in UTF-8, of bounded size and depth.

Source: GraphQL over HTTP (graphql.github.io/graphql-over-http), "Request", and its appendix "Persisted Documents"; the older
``extensions.persistedQuery`` of Apollo says the same in other words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from registry.errors import HubError, Invalid, TooLarge

MOST_DEPTH = 20
"""How deep variables may be nested; the input types need four levels."""

_NUL = re.compile(r"\\u(?:0000|\{0+\})|\x00")
_ID = re.compile(r"sha256:([0-9a-f]{64})")
_PARTS = {"query": str, "documentId": str, "variables": dict, "operationName": str, "extensions": dict}


class WrongMethod(HubError):
    """Only GET and POST, and no mutation by GET."""

    status = 405


class WrongMediaType(HubError):
    """Only JSON."""

    status = 415


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it came: the text of a document, its id (SHA-256 in hexadecimal), or both."""

    query: str | None
    variables: Mapping[str, Any]
    operation_name: str | None = None
    document_id: str | None = None


async def most_bytes(limits: Mapping[str, int], length: bytes, is_known: Callable[[], Awaitable[bool]]) -> int:
    """How long a request may be that says it is so long: a whole classification is read only of somebody the hub knows."""
    usual, said = limits["bodyBytes"], int(length) if length.isdigit() and len(length) < 12 else 0
    return limits["bodyBytesWithToken"] if said > usual and await is_known() else usual


async def raw(method: str, query_string: bytes, content_type: str, receive: Receive, most_bytes: int) -> bytes:
    """The bytes that ask; else an error of the family with the HTTP status that fits."""
    if method in ("GET", "HEAD"):
        if len(query_string) > most_bytes:
            raise TooLarge("BODY_TOO_LARGE", most=most_bytes)
        return query_string
    if method != "POST":
        raise WrongMethod("WRONG_METHOD", found=method)
    _check_media_type(content_type)
    return await _body(receive, most_bytes)


def _check_media_type(header: str) -> None:
    if header == "application/json":
        return
    media_type, _, parameters = header.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise WrongMediaType("WRONG_MEDIA_TYPE", found=header[:80])


async def _body(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise TooLarge("BODY_TOO_LARGE", most=most)
        if not message.get("more_body", False):
            return bytes(body)


def from_address(query_string: bytes) -> Asked:
    """The question that stands in an address."""
    try:
        given = parse_qs(query_string.decode("ascii"), errors="strict", max_num_fields=10, keep_blank_values=True)
    except ValueError as error:
        raise Invalid("NOT_JSON", reason="the address") from error
    parts: dict[str, Any] = {name: values[0] for name, values in given.items() if name in _PARTS and values[0]}
    for name in ("variables", "extensions"):
        if name in parts:
            parts[name] = _json(parts[name].encode())
    return _asked(parts, flat=False)


def from_json(body: bytes) -> Asked:
    """The question that stands in a body."""
    return _asked(_json(body), _flat(body))


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("NOT_JSON", reason=error.msg) from error


def _flat(body: bytes) -> bool:
    """Whether a glance shows that nothing in it is nested too deeply, or NUL."""
    return body.count(b"{") + body.count(b"[") <= MOST_DEPTH and rb"\u0000" not in body


def _asked(parts: Any, flat: bool) -> Asked:
    if isinstance(parts, list):
        raise Invalid("BATCH_REFUSED")
    if not isinstance(parts, dict):
        raise Invalid("NOT_A_REQUEST", found=type(parts).__name__)
    for name, type_ in _PARTS.items():
        if parts.get(name) is not None and not isinstance(parts[name], type_):
            raise Invalid("WRONG_PART", name=name, found=type(parts[name]).__name__, expected=type_.__name__)
    query, document_id = parts.get("query") or None, _document_id(parts)
    _check_document(query, document_id)
    variables = parts.get("variables") or {}
    if not flat:
        _check_variables(variables)
    return Asked(query, variables, parts.get("operationName") or None, document_id)


def _document_id(parts: Mapping[str, Any]) -> str | None:
    """The SHA-256 of the document; :class:`Invalid` DOCUMENT_ID for ids of another kind."""
    given = parts.get("documentId")
    persisted = (parts.get("extensions") or {}).get("persistedQuery")
    if not given and isinstance(persisted, dict):
        given = f"sha256:{str(persisted.get('sha256Hash')).lower()}"
    if not given:
        return None
    if not (found := _ID.fullmatch(given)):
        raise Invalid("DOCUMENT_ID", found=given[:80])
    return found[1]


def _check_document(query: str | None, document_id: str | None) -> None:
    if query is None and document_id is None:
        raise Invalid("QUERY_MISSING")
    if query is None:
        return
    if _NUL.search(query):
        raise Invalid("NUL_CHARACTER")
    if document_id is not None and hashlib.sha256(query.encode()).hexdigest() != document_id:
        raise Invalid("DOCUMENT_ID_DIFFERS", found=document_id)


def _check_variables(value: Any, depth: int = 0) -> None:
    """Refuse nesting beyond what any input needs, and NUL, which databases cannot hold."""
    if depth > MOST_DEPTH:
        raise Invalid("TOO_DEEP", most=MOST_DEPTH)
    if isinstance(value, str) and "\x00" in value:
        raise Invalid("NUL_CHARACTER")
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for part in value:
            _check_variables(part, depth + 1)
