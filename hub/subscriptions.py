"""Who wants to be told of changes of the registry, and where: only at addresses that an administrator allowed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Engine, Row, Select, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.registry_tables import subscription
from registry.errors import Denied, Invalid, NotFound, suggest
from registry.ports import Clock, Viewer
from registry.records import revision
from registry.ref import Kind, Ref

LONGEST_ADDRESS = 2000
MOST = 100
"""Subscriptions of one organisation."""


@dataclass(frozen=True)
class Subscription:
    """What somebody wants to be told of. ``kinds`` empty, ``agency`` or ``artefact`` ``*``: any."""

    id: str
    organisation: str
    url: str
    kinds: tuple[Kind, ...]
    agency: str
    artefact: str
    created_at: datetime

    def wants(self, ref: Ref) -> bool:
        """Whether a change of the artefact is to be told."""
        named = self.agency in ("*", ref.agency) and self.artefact in ("*", ref.id)
        return named and (not self.kinds or ref.kind in self.kinds)


class Subscriptions:
    """Makes, lists and ends subscriptions. ``allowed``: origins such as ``https://bnn.example``."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, allowed: Collection[str]) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._allowed = frozenset(allowed)

    def create(self, url: str, kinds: Sequence[str], agency: str, artefact: str, viewer: Viewer) -> tuple[str, str]:
        """Id and secret; the secret signs what is sent and is shown this once."""
        self._rules.demand(viewer, Action.SUBSCRIBE)
        check_address(url, self._allowed)
        if max(len(agency), len(artefact)) > 255 or "\0" in agency + artefact:
            raise Invalid("BAD_REFERENCE", found=f"{agency}:{artefact}"[:120], kind="-")
        id, secret, now = secrets.token_hex(8), secrets.token_hex(32), self._clock.now()
        named = [_kind(kind).value for kind in kinds]
        wanted = {"url": url, "kinds": orjson.dumps(named).decode(), "agency": agency or "*", "artefact": artefact or "*"}
        with writing(self._engine) as connection:
            if len(connection.execute(self._own(viewer)).all()) >= MOST:
                raise Invalid("SUBSCRIPTIONS_MANY", most=MOST)
            who = {"organisation": viewer.organisation, "name": viewer.name, "cursor": revision(connection)}
            connection.execute(subscription.insert().values(id=id, secret=secret, created_at=now, **who, **wanted))
            audit.record(connection, now, viewer, "subscribe", id, url)
        return id, secret

    def list(self, viewer: Viewer) -> list[Subscription]:
        """Those of the viewer's organisation."""
        self._rules.demand(viewer, Action.SUBSCRIBE)
        with reading(self._engine) as connection:
            return [subscribed(row) for row in connection.execute(self._own(viewer))]

    def end(self, id: str, viewer: Viewer) -> None:
        """Tell nothing more; another organisation's looks as if it did not exist."""
        if id not in {one.id for one in self.list(viewer)}:
            raise NotFound("SUBSCRIPTION_NOT_FOUND", found=id[:40])
        now = self._clock.now()
        with writing(self._engine) as connection:
            connection.execute(update(subscription).where(subscription.c.id == id).values(ended_at=now))
            audit.record(connection, now, viewer, "unsubscribe", id)

    def _own(self, viewer: Viewer) -> Select[Any]:
        fits = (subscription.c.organisation == viewer.organisation) & subscription.c.ended_at.is_(None)
        return select(subscription).where(fits).order_by(subscription.c.created_at, subscription.c.id)


def subscribed(row: Row[Any]) -> Subscription:
    """The subscription of a row."""
    kinds = tuple(Kind(kind) for kind in orjson.loads(row.kinds))
    return Subscription(row.id, row.organisation, row.url, kinds, row.agency, row.artefact, row.created_at)


def check_address(url: str, allowed: Collection[str]) -> None:
    """:class:`Denied` ADDRESS_NOT_ALLOWED for what the administrator did not name: the hub reaches what others cannot."""
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        origin = ""
    plain = url.isascii() and url.isprintable() and len(url) <= LONGEST_ADDRESS and "@" not in origin and "\\" not in url
    if not plain or not origin.startswith(("http://", "https://")) or origin not in allowed:
        raise Denied("ADDRESS_NOT_ALLOWED", found=url[:120])


def _kind(word: str) -> Kind:
    found = next((kind for kind in Kind if kind.value.lower() == word.lower()), None)
    if found is None:
        raise Invalid("UNKNOWN_KIND", found=word[:60], near=", ".join(suggest(word, Kind) or ["Codelist"]))
    return found
