"""What goes over the wire and what comes back, without the sending: shared by both clients."""

from __future__ import annotations

import hashlib
import json
import random
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from typing import Any

import httpx
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from .errors import HubMessage, QueryFailed, UnexpectedReply
from .generated.base_model import UNSET
from .generated.schema_digest import SCHEMA_DIGEST

ACCEPT = "application/graphql-response+json, application/json;q=0.9"
USER_AGENT = f"hub-client/{version('statistical-hub-client')} schema/{SCHEMA_DIGEST}"

TRY_AGAIN = (429, 502, 503, 504)
LONGEST_PAUSE = 60.0
LONGEST_ADDRESS = 8000
"""Longer questions are sent by POST: many servers refuse longer addresses."""

UNKNOWN = (b"PERSISTED_QUERY_NOT_FOUND", b"QUERY_MISSING")
LONGEST_ERROR = 10_000


def headers(token: str | None, lang: str | None) -> dict[str, str]:
    """The headers of every request."""
    own = {"Accept": ACCEPT, "User-Agent": USER_AGENT}
    if lang:
        own["Accept-Language"] = lang
    if token:
        own["Authorization"] = f"Bearer {token}"
    return own


def endpoint(url: str) -> str:
    """The GraphQL address of a hub; the address may be given with it or without."""
    bare = url.rstrip("/")
    return bare if bare.endswith("/graphql") else f"{bare}/graphql"


def question(query: str, operation_name: str | None, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """The body of a request; variables that were not given are left out."""
    given = {name: _plain(value) for name, value in (variables or {}).items() if value is not UNSET}
    return {"query": query, "operationName": operation_name, "variables": to_jsonable_python(given)}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def is_query(text: str) -> bool:
    """Whether a document may be sent twice without harm."""
    return not text.lstrip().startswith(("mutation", "subscription"))


@cache
def document_id(query: str) -> str:
    """The id a hub knows a document by: its SHA-256."""
    return f"sha256:{hashlib.sha256(query.encode()).hexdigest()}"


def by_id(body: Mapping[str, Any]) -> dict[str, Any]:
    """The question with its document's id in place of the text."""
    return {"documentId": document_id(body["query"])} | {name: part for name, part in body.items() if name != "query"}


def told(body: Mapping[str, Any]) -> dict[str, Any]:
    """The question with text and id: from then on the hub knows the document."""
    return {**body, "documentId": document_id(body["query"])}


def is_unknown(response: httpx.Response) -> bool:
    """Whether the hub does not know the document by its id; hubs that know no ids at all miss the query."""
    if len(response.content) > LONGEST_ERROR or not any(code in response.content for code in UNKNOWN):
        return False
    try:
        codes = [str(entry["extensions"]["code"]).encode() for entry in response.json()["errors"]]
    except (ValueError, KeyError, TypeError):
        return False
    return any(code in UNKNOWN for code in codes)


def address(body: Mapping[str, Any]) -> dict[str, str]:
    """The question as parameters of a GET request."""
    variables = json.dumps(body["variables"], separators=(",", ":"), ensure_ascii=False)
    document = {name: body[name] for name in ("documentId", "query") if name in body}
    return {**document, "operationName": body["operationName"] or "", "variables": variables}


LEFT_OUT = frozenset({"MEMBER_LEFT_OUT"})
"""Errors that name what an answer leaves out; the rest of it stands."""


def data(response: httpx.Response, left_out: list[HubMessage] | None = None) -> dict[str, Any]:
    """The data of an answer, numbers as :class:`decimal.Decimal`; errors are kept whatever the HTTP status.

    Raises :class:`QueryFailed` or :class:`UnexpectedReply`. An answer that only leaves out what can no longer be read is taken
    where ``left_out`` is a list, which then gets what is missing.
    """
    try:
        payload = json.loads(response.content, parse_float=Decimal)
    except ValueError:
        payload = None
    if not isinstance(payload, dict) or not ({"data", "errors"} & payload.keys()):
        raise UnexpectedReply(response.status_code, response.text[:200])
    errors = [HubMessage.read(entry) for entry in payload.get("errors") or ()]
    found: dict[str, Any] | None = payload.get("data")
    if found is None or left_out is None or {error.code for error in errors} - LEFT_OUT:
        if errors or found is None:
            raise QueryFailed(errors, found, response.status_code)
        return found
    left_out += errors
    return found


def pause(response: httpx.Response | None, attempt: int) -> float:
    """Seconds to wait before the next try: what Retry-After says (RFC 9110, 10.2.3), else longer each time."""
    asked = response.headers.get("retry-after", "") if response is not None else ""
    seconds = _retry_after(asked)
    if seconds is None:
        seconds = random.uniform(0.5, 1.0) * 2**attempt / 4  # noqa: S311 - spreads clients, keeps no secret
    return max(0.0, min(seconds, LONGEST_PAUSE))


def _retry_after(text: str) -> float | None:
    if text.strip().isdigit():
        return float(text)
    try:
        return (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None


class Memory:
    """Answers kept with their ETag, the least used forgotten first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[str, httpx.Response] = OrderedDict()

    def conditions(self, key: str) -> dict[str, str]:
        """The header that asks only for what has changed."""
        kept = self._kept.get(key)
        return {"If-None-Match": kept.headers["etag"]} if kept is not None else {}

    def settle(self, key: str, response: httpx.Response) -> httpx.Response:
        """The answer to use: the one kept when nothing has changed, else the new one, which is kept if it has a tag."""
        if response.status_code == httpx.codes.NOT_MODIFIED and key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if response.status_code == httpx.codes.OK and "etag" in response.headers:
            self._kept[key] = response
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return response
