"""The client of every contestant: HTTP/1.1 over plain sockets that stay open, so that what is measured is the server.

A ready-made client takes longer for a small answer than some of the servers do. This one sends bytes made beforehand and looks
for nothing but the end of the answer; one connection or many, one thread.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HEAD_END = b"\r\n\r\n"
PATIENCE = 300.0
"""Seconds to wait for an answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``seconds`` until the last byte, ``first`` until the first one of the body."""

    status: int
    head: bytes
    body: bytes
    seconds: float
    first: float


def post(path: str, payload: Any, accept: str = "application/json") -> bytes:
    """A request with a JSON body."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload, separators=(",", ":")).encode()
    return _request("POST", path, accept, {"Content-Type": "application/json", "Content-Length": str(len(body))}) + body


def get(path: str, accept: str = "application/json", headers: Mapping[str, str] | None = None) -> bytes:
    """A request without a body."""
    return _request("GET", path, accept, headers or {})


def _request(method: str, path: str, accept: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


class Connection:
    """One socket and the answer that is coming in over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)

    def close(self) -> None:
        self.socket.close()

    def send(self, request: bytes) -> None:
        self._got = bytearray()
        self._head = self._first = 0.0
        self._body = self._length = -1
        self._started = time.perf_counter()
        self.socket.sendall(request)

    def ask(self, request: bytes) -> Reply:
        """Send and wait."""
        self.send(request)
        while (reply := self.receive()) is None:
            pass
        return reply

    def receive(self) -> Reply | None:
        """Take in what has come; the reply when it is complete."""
        count = self.socket.recv_into(self._buffer)
        if not count:
            raise ConnectionError("the server closed the connection")
        self._got += memoryview(self._buffer)[:count]
        if self._body < 0 and not self._read_head():
            return None
        if not self._first and len(self._got) > self._body:
            self._first = time.perf_counter() - self._started
        return self._reply() if self._complete() else None

    def _read_head(self) -> bool:
        end = self._got.find(HEAD_END)
        if end < 0:
            return False
        self._body = end + len(HEAD_END)
        head = self._head_bytes().lower()
        if b"transfer-encoding: chunked" not in head:
            length = head.partition(b"content-length:")[2]
            self._length = int(length.split(b"\r\n", 1)[0]) if length else 0
        return True

    def _head_bytes(self) -> bytes:
        return bytes(self._got[: self._body])

    def _complete(self) -> bool:
        return self._got.endswith(b"0\r\n\r\n") if self._length < 0 else len(self._got) >= self._body + self._length

    def _reply(self) -> Reply:
        seconds = time.perf_counter() - self._started
        content = bytes(memoryview(self._got)[self._body :])
        body = content if self._length >= 0 else b"".join(_chunks(content))
        return Reply(int(self._got[9:12]), self._head_bytes(), body, seconds, self._first or seconds)


def _chunks(content: bytes) -> Iterator[bytes]:
    at = 0
    while True:
        end = content.index(b"\r\n", at)
        size = int(content[at:end].split(b";")[0], 16)
        if not size:
            return
        yield content[end + 2 : end + 2 + size]
        at = end + 4 + size


def rate(port: int, requests: Iterable[bytes], clients: int) -> tuple[float, list[float]]:
    """Answers a second with so many clients at once, each asking again as soon as it is answered; and how long each took."""
    waiting, took = iter(requests), list[float]()
    connections = [Connection(port) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(waiting))
        busy = clients
        while busy:
            for key, _ in selector.select(PATIENCE):
                reply = key.data.receive()
                if reply is None:
                    continue
                if reply.status != 200:
                    raise ConnectionError(f"status {reply.status}: {reply.body[:300]!r}")
                took.append(reply.seconds)
                request = next(waiting, None)
                if request is None:
                    busy -= 1
                else:
                    key.data.send(request)
        seconds = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return len(took) / seconds, took
