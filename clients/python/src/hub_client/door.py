"""Sending: the base of the generated clients, synchronous and asynchronous.

The generator's own base client forgets GraphQL errors on other statuses than 2xx, sends no Accept header and never tries again.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, Self

import httpx

from . import wire
from .errors import ConnectionFailed, HubMessage


class _Common:
    """What both doors keep. ``retries``: tries after the first one, of queries only. ``ids``: documents go by their ids.

    ``left_out``: None, or a list, and then answers are taken that leave out what can no longer be read; it names what was.
    """

    left_out: list[HubMessage] | None = None

    def __init__(self, url: str, token: str | None, lang: str | None, retries: int, remember: int, ids: bool) -> None:
        self.url = wire.endpoint(url)
        self.headers = wire.headers(token, lang)
        self.retries = retries
        self.ids = ids
        self.memory = wire.Memory(remember) if remember else None

    def get_data(self, response: httpx.Response) -> dict[str, Any]:
        """The data of an answer; see :func:`hub_client.wire.data`."""
        return wire.data(response, self.left_out)

    def _bodies(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """What to send, one after another until the hub knows the document: its id, then its text with it."""
        return [wire.by_id(body), wire.told(body)] if self.ids else [body]

    def _request(self, body: dict[str, Any], query: bool, kwargs: dict[str, Any]) -> tuple[httpx.Request, str | None]:
        """The request to send, and the key it is remembered under when it is a GET."""
        own = {**self.headers, **kwargs.pop("headers", {})}
        if self.memory is not None and query:
            request = self._build("GET", params=wire.address(body), headers=own, **kwargs)
            key = f"{request.url} {sorted(own.items())}"
            if len(str(request.url)) <= wire.LONGEST_ADDRESS:
                request.headers.update(self.memory.conditions(key))
                return request, key
        return self._build("POST", json=body, headers=own, **kwargs), None

    def _build(self, method: str, **how: Any) -> httpx.Request:
        raise NotImplementedError

    def _settle(self, key: str | None, response: httpx.Response) -> httpx.Response:
        return self.memory.settle(key, response) if self.memory is not None and key else response

    def _tries(self, query: str) -> range:
        return range(1 + (self.retries if wire.is_query(query) else 0))


def _unreachable(url: str, error: httpx.TransportError) -> ConnectionFailed:
    return ConnectionFailed(f"No answer from {url}: {type(error).__name__} {error}. Check the address and the network.")


class Door(_Common):
    """The synchronous door; use it with ``with``, or call :meth:`close`."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        lang: str | None = None,
        timeout: float = 60.0,
        retries: int = 3,
        remember: int = 0,
        ids: bool = False,
        http_client: httpx.Client | None = None,
    ) -> None:
        super().__init__(url, token, lang, retries, remember, ids)
        self.http_client = http_client or httpx.Client(timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.http_client.close()

    def _build(self, method: str, **how: Any) -> httpx.Request:
        return self.http_client.build_request(method, self.url, **how)

    def execute(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> httpx.Response:
        """Send a document; ``kwargs`` go to httpx. :class:`ConnectionFailed` when nobody answers."""
        question = wire.question(query, operation_name, variables)
        bodies = self._bodies(question)
        for body in bodies:
            response = self._exchange(query, body, kwargs)
            if body is bodies[-1] or not wire.is_unknown(response):
                return response
        raise AssertionError("the last body always returns or raises")

    def _exchange(self, query: str, body: dict[str, Any], kwargs: dict[str, Any]) -> httpx.Response:
        tries = self._tries(query)
        for attempt in tries:
            request, key = self._request(body, wire.is_query(query), dict(kwargs))
            response, wait = self._send(request, attempt, last=attempt == tries[-1])
            if response is not None:
                return self._settle(key, response)
            time.sleep(wait)
        raise AssertionError("the last try always returns or raises")

    def _send(self, request: httpx.Request, attempt: int, last: bool) -> tuple[httpx.Response | None, float]:
        try:
            response = self.http_client.send(request)
        except httpx.TransportError as error:
            if last:
                raise _unreachable(self.url, error) from error
            return None, wire.pause(None, attempt)
        if last or response.status_code not in wire.TRY_AGAIN:
            return response, 0.0
        return None, wire.pause(response, attempt)


class AsyncDoor(_Common):
    """The asynchronous door; use it with ``async with``, or await :meth:`aclose`."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        lang: str | None = None,
        timeout: float = 60.0,
        retries: int = 3,
        remember: int = 0,
        ids: bool = False,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        super().__init__(url, token, lang, retries, remember, ids)
        self.http_client = http_client or httpx.AsyncClient(timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self.http_client.aclose()

    def _build(self, method: str, **how: Any) -> httpx.Request:
        return self.http_client.build_request(method, self.url, **how)

    async def execute(
        self, query: str, operation_name: str | None = None, variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> httpx.Response:
        """Send a document; ``kwargs`` go to httpx. :class:`ConnectionFailed` when nobody answers."""
        question = wire.question(query, operation_name, variables)
        bodies = self._bodies(question)
        for body in bodies:
            response = await self._exchange(query, body, kwargs)
            if body is bodies[-1] or not wire.is_unknown(response):
                return response
        raise AssertionError("the last body always returns or raises")

    async def _exchange(self, query: str, body: dict[str, Any], kwargs: dict[str, Any]) -> httpx.Response:
        tries = self._tries(query)
        for attempt in tries:
            request, key = self._request(body, wire.is_query(query), dict(kwargs))
            response, wait = await self._send(request, attempt, last=attempt == tries[-1])
            if response is not None:
                return self._settle(key, response)
            await asyncio.sleep(wait)
        raise AssertionError("the last try always returns or raises")

    async def _send(self, request: httpx.Request, attempt: int, last: bool) -> tuple[httpx.Response | None, float]:
        try:
            response = await self.http_client.send(request)
        except httpx.TransportError as error:
            if last:
                raise _unreachable(self.url, error) from error
            return None, wire.pause(None, attempt)
        if last or response.status_code not in wire.TRY_AGAIN:
            return response, 0.0
        return None, wire.pause(response, attempt)
