"""A GraphQL request over HTTP, read strictly: one JSON object, in UTF-8, of bounded size and depth.

Source: GraphQL over HTTP (graphql.github.io/graphql-over-http), "Request".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request

from registry.errors import HubError, Invalid, TooLarge

MOST_DEPTH = 20
"""How deep variables may be nested; the input types need four levels."""

_NUL = re.compile(r"\\u(?:0000|\{0+\})|\x00")
_PARTS = {"query": str, "variables": dict, "operationName": str, "extensions": dict}


class WrongMethod(HubError):
    """Only GET and POST, and no mutation by GET."""

    status = 405


class WrongMediaType(HubError):
    """Only JSON."""

    status = 415


@dataclass(frozen=True)
class Asked:
    """The question as it came. ``by_get``: it may not change anything."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
    by_get: bool


async def read(request: Request, most_bytes: int) -> Asked:
    """The question of a request; else an error of the family with the HTTP status that fits."""
    if request.method in ("GET", "HEAD"):
        return _from_address(request.scope["query_string"], most_bytes)
    if request.method != "POST":
        raise WrongMethod("WRONG_METHOD", found=request.method)
    _check_media_type(request.headers.get("content-type", ""))
    return _from_json(await _body(request, most_bytes), by_get=False)


def _check_media_type(header: str) -> None:
    media_type, _, parameters = header.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise WrongMediaType("WRONG_MEDIA_TYPE", found=header[:80])


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge("BODY_TOO_LARGE", most=most)
    return bytes(body)


def _from_address(query_string: bytes, most: int) -> Asked:
    if len(query_string) > most:
        raise TooLarge("BODY_TOO_LARGE", most=most)
    try:
        given = parse_qs(query_string.decode("ascii"), errors="strict", max_num_fields=10, keep_blank_values=True)
    except ValueError as error:
        raise Invalid("NOT_JSON", reason="the address") from error
    parts: dict[str, Any] = {name: values[0] for name, values in given.items() if name in _PARTS and values[0]}
    for name in ("variables", "extensions"):
        if name in parts:
            parts[name] = _json(parts[name].encode())
    return _asked(parts, by_get=True)


def _from_json(body: bytes, by_get: bool) -> Asked:
    return _asked(_json(body), by_get)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("NOT_JSON", reason=error.msg) from error


def _asked(parts: Any, by_get: bool) -> Asked:
    if isinstance(parts, list):
        raise Invalid("BATCH_REFUSED")
    if not isinstance(parts, dict):
        raise Invalid("NOT_A_REQUEST", found=type(parts).__name__)
    for name, type_ in _PARTS.items():
        if parts.get(name) is not None and not isinstance(parts[name], type_):
            raise Invalid("WRONG_PART", name=name, found=type(parts[name]).__name__, expected=type_.__name__)
    if not parts.get("query"):
        raise Invalid("QUERY_MISSING")
    variables = parts.get("variables") or {}
    _check_variables(variables)
    if _NUL.search(parts["query"]):
        raise Invalid("NUL_CHARACTER")
    return Asked(parts["query"], variables, parts.get("operationName") or None, by_get)


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
