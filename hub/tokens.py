"""Bearer tokens: made once, shown once, kept as a digest, revocable.

A token is ``hub_ID_SECRET``; 256 random bits need no slow hash. How it is carried and refused is Authlib's reading of RFC 6750.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from authlib.oauth2 import OAuth2Error, ResourceProtector
from authlib.oauth2.rfc6750 import BearerTokenValidator
from sqlalchemy import Engine, RowMapping, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.tables import token
from registry.errors import Invalid, NotFound, Unauthenticated
from registry.ports import PUBLIC, Clock, Role, Viewer

PREFIX = "hub_"
LONGEST = 255
"""Characters of an organisation or a name."""

MOST_DAYS = 36_500
LONGEST = 200


@dataclass(frozen=True)
class TokenInfo:
    """A token as lists show it: never the secret."""

    id: str
    role: str
    organisation: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """Makes, lists, revokes and recognises tokens."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._protector = ResourceProtector()
        self._protector.register_token_validator(_Bearer(self._find))

    def create(self, role: str, organisation: str, name: str, days: int | None, viewer: Viewer) -> tuple[str, str]:
        """A new token's id and text. The text is shown this once only."""
        self._rules.demand(viewer, Action.MANAGE_TOKENS)
        valid = [each.value for each in Role if each != Role.PUBLIC]
        if role not in valid:
            raise Invalid("UNKNOWN_ROLE", found=role[:40], valid=", ".join(valid))
        if not organisation.strip() or len(organisation) > LONGEST:
            raise Invalid("ORGANISATION_NEEDED", found=organisation[:40])
        if len(name) > LONGEST:
            raise Invalid("TOKEN_NAME_LONG", found=len(name), most=LONGEST)
        if days is not None and days > MOST_DAYS:
            raise Invalid("TOKEN_DAYS", found=days, most=MOST_DAYS)
        now, id = self._clock.now(), secrets.token_hex(4)
        text = f"{PREFIX}{id}_{secrets.token_urlsafe(32)}"
        expires = now + timedelta(days=days) if days is not None else None
        values = {"id": id, "digest": _digest(text), "role": role, "organisation": organisation, "created_at": now}
        with writing(self._engine) as connection:
            connection.execute(token.insert().values(**values, name=name or f"{organisation} {id}", expires_at=expires))
            audit.record(connection, now, viewer, "token-create", id, f"{role} {organisation}")
        return id, text

    def revoke(self, id: str, viewer: Viewer) -> None:
        """End a token at once."""
        self._rules.demand(viewer, Action.MANAGE_TOKENS)
        now = self._clock.now()
        with writing(self._engine) as connection:
            live = (token.c.id == id) & token.c.revoked_at.is_(None)
            if connection.execute(update(token).where(live).values(revoked_at=now)).rowcount == 0:
                raise NotFound("TOKEN_NOT_FOUND", found=id[:40])
            audit.record(connection, now, viewer, "token-revoke", id)

    def list(self, viewer: Viewer) -> list[TokenInfo]:
        self._rules.demand(viewer, Action.MANAGE_TOKENS)
        columns = [token.c[name] for name in TokenInfo.__dataclass_fields__]
        with reading(self._engine) as connection:
            return [TokenInfo(**row) for row in connection.execute(select(*columns).order_by(token.c.created_at)).mappings()]

    def viewer(self, authorization: str | None) -> Viewer:
        """Who sends this Authorization header. No header is the public; a wrong token is an error, never the public.

        Clients that only know names and passwords send the token as the password; the name says nothing.
        """
        if authorization is None:
            return PUBLIC
        try:
            shown: _Shown = self._protector.validate_request(None, _Request({"Authorization": _as_bearer(authorization)}))
        except OAuth2Error as error:
            raise Unauthenticated("TOKEN_NOT_VALID") from error
        return Viewer(Role(shown.row["role"]), shown.row["organisation"], shown.row["name"])

    def _find(self, text: str) -> _Shown | None:
        if not text.startswith(PREFIX) or len(text) > LONGEST:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(token).where(token.c.digest == _digest(text))).mappings().one_or_none()
        return _Shown(row, self._clock.now()) if row else None


@dataclass(frozen=True)
class _Request:
    """What the validator looks at of a request."""

    headers: dict[str, str]


@dataclass(frozen=True)
class _Shown:
    """A token somebody shows, answering what the validator asks."""

    row: RowMapping
    now: datetime

    def is_expired(self) -> bool:
        return self.row["expires_at"] is not None and self.row["expires_at"] <= self.now

    def is_revoked(self) -> bool:
        return self.row["revoked_at"] is not None

    def get_scope(self) -> str:
        return str(self.row["role"])


class _Bearer(BearerTokenValidator):  # type: ignore[misc]  # Authlib has no types
    """Looks tokens up in the hub's table."""

    def __init__(self, find: Callable[[str], _Shown | None]) -> None:
        super().__init__(realm="hub")
        self.authenticate_token = find


def _as_bearer(authorization: str) -> str:
    scheme, _, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return authorization
    try:
        password = base64.b64decode(told.strip(), validate=True).decode().partition(":")[2]
    except ValueError as error:
        raise Unauthenticated("TOKEN_NOT_VALID") from error
    return f"Bearer {password}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
