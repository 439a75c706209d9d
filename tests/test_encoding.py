"""Answers made smaller on the way."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from adapters.sdmx.call import COMPRESSION, COMPRESSIONS
from hub.encoding import LONG, PACKERS, SMALLEST, Encoding, preferred
from hub.origins import Origins

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b'{"value": 1.25},' * 500


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip;q=0.1", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("*, zstd;q=0", "gzip"),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("br", None),
        ("gzip;q=x", None),
        ("GZIP", "gzip"),
    ],
)
def test_the_asker_chooses(accepted: str, encoding: str | None) -> None:
    assert preferred(accepted) == encoding


def ask(app: Any, accepted: str = "zstd, gzip", method: str = "GET", **headers: str) -> tuple[dict[str, str], list[bytes]]:
    """The headers of the answer, and its pieces as they came."""
    given = {"accept-encoding": accepted, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "http", "method": method, "path": "/", "headers": raw, "query_string": b""}
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return {"status": str(sent[0]["status"]), **said}, [message["body"] for message in sent[1:]]


def whole(body: bytes, type_: str = "application/json", **headers: str) -> Any:
    return Encoding(Response(body, 200, {name.replace("_", "-"): value for name, value in headers.items()}, type_))


def unpacked(encoding: str, packed: bytes) -> bytes:
    return gzip.decompress(packed) if encoding == "gzip" else bytes(zstd.decompress(packed))


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("body", [TEXT, TEXT * (2 * LONG // len(TEXT))], ids=["here", "in a thread"])
def test_what_is_packed_comes_out_again(encoding: str, body: bytes) -> None:
    headers, (packed,) = ask(whole(body), encoding)
    assert (headers["content-encoding"], headers["content-length"]) == (encoding, str(len(packed)))
    assert "Accept-Encoding" in headers["vary"]
    assert unpacked(encoding, packed) == body
    assert len(packed) < len(body) / 10


def test_who_wants_it_plain_gets_it_plain_and_caches_are_told() -> None:
    headers, (body,) = ask(whole(TEXT, vary="Accept"), "")
    assert (body, headers["vary"], "content-encoding" in headers) == (TEXT, "Accept, Accept-Encoding", False)


@pytest.mark.parametrize(
    "app",
    [
        whole(TEXT[: SMALLEST - 1]),
        whole(TEXT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        whole(TEXT, "application/vnd.apache.parquet"),
        whole(TEXT, "image/png"),
        whole(TEXT, content_encoding="br"),
    ],
    ids=["small", "workbook", "parquet", "picture", "packed already"],
)
def test_what_would_not_shrink_is_left_alone(app: Any) -> None:
    headers, (body,) = ask(app)
    assert body == TEXT[: len(body)] and headers.get("content-encoding", "br") == "br"


@pytest.mark.parametrize(
    "type_",
    [
        "application/vnd.sdmx.data+json;version=2.0.0",
        "application/vnd.sdmx.genericdata+xml",
        "application/vnd.sdmx.data+csv;version=2.1.0",
        "text/csv",
        "image/svg+xml",
    ],
)
def test_the_formats_of_the_hub_shrink(type_: str) -> None:
    assert ask(whole(TEXT, type_))[0]["content-encoding"] == "zstd"


def test_an_encoded_answer_is_not_the_plain_one_to_the_byte() -> None:
    assert ask(whole(TEXT, etag='"v1"'))[0]["etag"] == 'W/"v1"'
    assert ask(whole(TEXT, etag='W/"v1"'))[0]["etag"] == 'W/"v1"'
    assert ask(whole(TEXT, etag='"v1"'), "")[0]["etag"] == '"v1"'


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_what_is_sent_in_pieces_leaves_in_pieces_that_can_be_read_at_once(encoding: str) -> None:
    pieces = [b"first,", TEXT, b"last"]

    async def walk() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    headers, sent = ask(Encoding(StreamingResponse(walk(), media_type="text/csv")), encoding)
    assert "content-length" not in headers
    assert list(_read(encoding, sent))[:3] == pieces


def _read(encoding: str, sent: Iterable[bytes]) -> Iterable[bytes]:
    import zlib

    reader: Any = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else zstd.ZstdDecompressor()
    return (reader.decompress(piece) if not getattr(reader, "eof", False) else b"" for piece in sent)


def test_a_304_says_what_its_200_would_say_of_caches() -> None:
    headers, (body,) = ask(Encoding(Response(status_code=304, headers={"ETag": 'W/"v1"'})))
    assert (headers["status"], body, headers["vary"]) == ("304", b"", "Accept-Encoding")
    assert "content-encoding" not in headers


def test_who_asks_for_the_headers_alone_gets_those_of_the_answer() -> None:
    """RFC 9110, 9.3.2: all but what only making the answer tells, as its length when it is packed."""
    answer, _ = ask(whole(TEXT, etag='"v1"'))
    alone = Encoding(Response(None, 200, {"etag": '"v1"', "content-length": str(len(TEXT))}, "application/json"))
    headers, (body,) = ask(alone, method="HEAD")
    assert (headers, body) == ({name: text for name, text in answer.items() if name != "content-length"}, b"")
    assert ask(alone, "", method="HEAD")[0]["content-length"] == str(len(TEXT))


@pytest.mark.parametrize("body", [b"", b"short", TEXT])
def test_a_door_may_say_how_its_answer_is_packed(body: bytes) -> None:
    def told(compression: str) -> Any:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"] = {COMPRESSION: compression}
            await Response(body, media_type="application/vnd.apache.parquet")(scope, receive, send)

        return Encoding(app)

    for name in COMPRESSIONS:
        headers, (sent,) = ask(told(name), "br, zstd")
        assert headers.get("content-encoding", "identity") == (name if body else "identity")
        assert (unpacked(name, sent) if body and name in PACKERS else sent) == body
    assert set(PACKERS) < set(COMPRESSIONS)


def test_an_answer_that_breaks_off_is_never_ended_as_if_it_were_whole() -> None:
    async def broken(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        await send({"type": "http.response.body", "body": TEXT, "more_body": True})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(Encoding(broken))


# Pages of other origins


def test_pages_from_anywhere_may_read() -> None:
    headers, _ = ask(Origins(whole(TEXT)), origin="https://khac.example")
    assert (headers["access-control-allow-origin"], headers["access-control-expose-headers"]) == (
        "*",
        "ETag, Hub-Release, SDMX-Lost, Content-Disposition, Location, Allow",
    )
    assert "access-control-allow-origin" not in ask(Origins(whole(TEXT)))[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_preflight_says_that_a_token_may_be_sent(method: str) -> None:
    """Also to the doors where structures are replaced and deleted: a browser does not send what it is not told of."""
    headers, _ = ask(
        Origins(whole(TEXT)), method="OPTIONS", origin="https://khac.example", access_control_request_method=method
    )
    assert (headers["status"], headers["access-control-allow-methods"]) == ("200", "GET, POST, PUT, DELETE")
    assert "Authorization" in headers["access-control-allow-headers"]
