"""What can go wrong, told so that a program can decide and a person can act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class HubClientError(Exception):
    """Everything this package raises."""


class ConnectionFailed(HubClientError):
    """The hub could not be reached, however often it was tried."""


class UnexpectedReply(HubClientError):
    """Something answered, but not in the hub's way: a proxy's page, a redirect, broken JSON."""

    def __init__(self, status: int, start: str) -> None:
        super().__init__(f"HTTP {status} without a GraphQL answer. It begins: {start!r}. Check the address of the hub.")
        self.status = status


@dataclass(frozen=True)
class HubMessage:
    """One error as the hub told it. ``path``: the field of the answer it stands for."""

    message: str
    code: str
    title: str
    detail: str
    help: str
    suggestions: tuple[str, ...]
    path: tuple[str | int, ...]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> HubMessage:
        said = entry.get("extensions") or {}
        return cls(
            message=str(entry.get("message", "")),
            code=str(said.get("code", "")),
            title=str(said.get("title", "")),
            detail=str(said.get("detail", "")),
            help=str(said.get("help", "")),
            suggestions=tuple(said.get("suggestions") or ()),
            path=tuple(entry.get("path") or ()),
        )


class QueryFailed(HubClientError):
    """The hub could not answer, or not wholly. ``data`` is what there is of the answer, as JSON values."""

    def __init__(self, errors: list[HubMessage], data: dict[str, Any] | None, status: int) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors
        self.data = data
        self.status = status

    @property
    def first(self) -> HubMessage:
        return self.errors[0]
