"""Answers made smaller on the way: zstd or gzip, as the asker prefers; what is sent in pieces leaves in pieces.

Source: RFC 9110, 12.5.3 (Accept-Encoding) and 8.8.3 (an entity tag of an encoded answer may not be the strong one of the plain
one).

The levels are those that save most in a millisecond of CPU, as ``python -m benchmarks.packing`` measured on answers of 100,000
observations in GraphQL, SDMX-CSV and SDMX-ML (benchmarks/PACKING.md). zstd 1 leaves 10 to 12 % and saves 680 to 830 kB in a
millisecond; 2 to 5 take longer and leave no less, and 9 takes ten times as long for one hundredth less. gzip 1 leaves 11 to
16 % and saves 220 to 290 kB in a millisecond; 4 leaves 1 to 3 hundredths less, but saves less than 12 kB in each millisecond
that it takes longer, and a line of 100 Mbit/s carries more in that time.
"""

from __future__ import annotations

import asyncio
import sys
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.sdmx.call import COMPRESSION

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALLEST = 1000
"""Bytes below which an answer fits a packet anyway."""

LONG = 64 * 1024
"""Bytes above which compressing is left to a thread."""

ZSTD_LEVEL = 1
GZIP_LEVEL = 1

TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
"""What shrinks, beside every type that ends in +json, +xml or +csv or names them; workbooks and columns are packed already."""

MOST_HEADERS = 500


class Packer(Protocol):
    """Takes the pieces of one answer; ``pack`` gives all that can be sent so far."""

    def pack(self, piece: bytes, last: bool) -> bytes: ...


class Zstd:
    """RFC 8878."""

    def __init__(self, level: int = ZSTD_LEVEL) -> None:
        self._made = zstd.ZstdCompressor(level=level)

    def pack(self, piece: bytes, last: bool) -> bytes:
        packed: bytes = self._made.compress(piece, self._made.FLUSH_FRAME if last else self._made.FLUSH_BLOCK)
        return packed


class Gzip:
    """RFC 1952."""

    def __init__(self, level: int = GZIP_LEVEL) -> None:
        self._made = zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def pack(self, piece: bytes, last: bool) -> bytes:
        return self._made.compress(piece) + self._made.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


PACKERS: dict[str, Callable[[], Packer]] = {"zstd": Zstd, "gzip": Gzip}
"""The encodings there are, ours to choose first."""


@lru_cache(MOST_HEADERS)
def preferred(accept_encoding: str) -> str | None:
    """The encoding to use, None for none: what the asker weighs highest, and of equals the one that packs better."""
    weights = dict(_weighed(part) for part in accept_encoding.lower().split(",")[:20])
    rest = weights.get("*", 0.0)
    name = max(PACKERS, key=lambda each: weights.get(each, rest))
    weight = weights.get(name, rest)
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else None


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";")
    try:
        return name.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return name.strip(), 0.0


def _shrinks(content_type: str) -> bool:
    bare = content_type.partition(";")[0].strip().lower()
    return bare.startswith(TEXTS) or "json" in bare or bare.endswith("+csv") or ("xml" in bare and "openxml" not in bare)


class Encoding:
    """An ASGI application around another: packs its answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        await self.app(scope, receive, Packing(send, preferred(accepted.decode("latin-1")), scope).send)


class Packing:
    """One answer on its way. What it says of itself is held back until its first piece tells how long it is.

    A door that was told in the address how to pack its answer says so in the state of the request: that goes before the header.
    """

    def __init__(self, send: Send, encoding: str | None, scope: Scope) -> None:
        self._send = send
        self._encoding = encoding
        self._scope = scope
        self._start: Message | None = None
        self._packer: Packer | None = None

    async def send(self, message: Message) -> None:
        """Stands in for the server's ``send``."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None and self._told is not None:
            self._encoding = self._told if self._told in PACKERS else None
        if start is not None and self._concerned(start, message):
            start = {**start, "headers": list(start["headers"])}
            message = await self._first(MutableHeaders(raw=start["headers"]), message)
        elif self._packer is not None:
            message = await self._packed(self._packer, message)
        if start is not None:
            await self._send(start)
        await self._send(message)

    @property
    def _told(self) -> str | None:
        told: str | None = self._scope.get("state", {}).get(COMPRESSION)
        return told

    @property
    def _bare(self) -> bool:
        """Whether only the headers are asked for."""
        return bool(self._scope["method"] == "HEAD")

    def _concerned(self, start: Message, first: Message) -> bool:
        """Whether another asker could get this answer otherwise."""
        headers = Headers(raw=start["headers"])
        unchanged: bool = start["status"] == 304
        if "content-encoding" in headers or unchanged:
            return unchanged
        if self._told is not None:
            return "content-type" in headers
        size = int(headers.get("content-length", SMALLEST)) if self._bare else len(first.get("body", b""))
        long: bool = size >= SMALLEST or first.get("more_body", False)
        return long and _shrinks(headers.get("content-type", ""))

    async def _first(self, headers: MutableHeaders, message: Message) -> Message:
        headers.add_vary_header("Accept-Encoding")
        bare = self._bare and "content-type" in headers
        if self._encoding is None or not (bare or message.get("body") or message.get("more_body")):
            return message
        headers["content-encoding"] = self._encoding
        if (tag := headers.get("etag", "W/")) and not tag.startswith("W/"):
            headers["etag"] = f"W/{tag}"
        if bare:
            del headers["content-length"]
            return message
        self._packer = PACKERS[self._encoding]()
        message = await self._packed(self._packer, message)
        del headers["content-length"]
        if not message.get("more_body", False):
            headers["content-length"] = str(len(message["body"]))
        return message

    async def _packed(self, packer: Packer, message: Message) -> Message:
        piece, last = message.get("body", b""), not message.get("more_body", False)
        if len(piece) > LONG:
            return {**message, "body": await asyncio.to_thread(packer.pack, piece, last)}
        return {**message, "body": packer.pack(piece, last)}
