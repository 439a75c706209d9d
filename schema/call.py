"""A request as it goes through the door.

Source: GraphQL over HTTP (graphql.github.io/graphql-over-http), "Request".
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Receive

from schema.asked import Asked, from_address, from_json
from schema.context import message_language
from schema.kept import Key
from schema.replies import negotiated


@dataclass(slots=True)
class Call:
    """One request, as far as the door looks at it."""

    request: Request
    receive: Receive
    by_address: bool
    public: bool
    accept: str
    languages: tuple[str, ...]
    none_match: str
    raw: bytes = b""
    key: Key | None = None

    def asked(self) -> Asked:
        """The question it brings; :class:`registry.errors.Invalid` where it brings none."""
        return from_address(self.raw) if self.by_address else from_json(self.raw)

    @property
    def lang(self) -> str:
        return message_language(self.languages)

    @property
    def media_type(self) -> str:
        return negotiated(self.accept)
