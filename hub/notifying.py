"""Telling subscribers what changed in the registry: signed, in order, again and again until it arrives or is given up.

What is to be told is first written down (``notice``) together with how far the subscriber has been told, so nothing is lost
when a process dies; it may then arrive twice, with the same ``Hub-Notice``. Whoever sends takes a notice for some minutes, so
that several processes do not send the same. The signature is ``t=SECONDS,v1=HMAC-SHA256(secret, "SECONDS.BODY")``, hexadecimal.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import ssl
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import httpx
import orjson
from sqlalchemy import Connection, Engine, Row, Select, func, or_, select, update

from hub.database import reading, writing
from hub.registry_tables import notice, subscription
from hub.subscriptions import Subscription, check_address, subscribed
from registry.attribution import Outcome
from registry.errors import HubError
from registry.ports import Clock
from registry.records import revision
from registry.ref import Kind, Ref
from registry.tables import artefact, registry_revision

SECONDS = 10
"""How long an address may take from the first byte sent to the last one heard, however slowly it speaks."""

AT_ONCE = 8
"""Addresses spoken to at the same time: one that does not answer keeps few others waiting, and not for long."""

TAKEN = timedelta(minutes=5)
FIRST, LONGEST, ATTEMPTS = timedelta(minutes=1), timedelta(hours=12), 14
"""The wait after the first failure doubles until the longest; after so many attempts, some four days, a notice is given up."""

EVERY = 20.0
"""Seconds between two looks of the server."""

log = logging.getLogger("hub")


@dataclass(frozen=True)
class Notifier:
    """Gathers and sends. ``allowed`` is asked again before anything is sent: it may have changed."""

    engine: Engine
    clock: Clock
    allowed: Collection[str]

    def run(self) -> int:
        """Write down what is to be told, and tell what is due until nothing is; how many arrived."""
        self.gather()
        arrived = 0
        with ThreadPoolExecutor(AT_ONCE) as senders:
            while due := self._due():
                arrived += sum(senders.map(self._send, due))
        return arrived

    def gather(self) -> int:
        """Write down what subscribers have not been told; how many notices were made."""
        with reading(self.engine) as connection:
            newest = revision(connection)
            if not connection.execute(_behind(newest)).first():
                return 0
        with writing(self.engine) as connection:
            newest, count = revision(connection), 0
            for row in connection.execute(_behind(newest)).all():
                for ordinal, changes in _changes(connection, row.cursor).items():
                    count += self._note(connection, subscribed(row), ordinal, changes)
                connection.execute(update(subscription).where(subscription.c.id == row.id).values(cursor=newest))
        return count

    def _note(self, connection: Connection, to: Subscription, ordinal: int, changes: Mapping[Ref, Outcome]) -> int:
        told = [{"urn": ref.urn, "outcome": outcome} for ref, outcome in changes.items() if to.wants(ref)]
        if not told:
            return 0
        at = connection.execute(select(registry_revision.c.at).where(registry_revision.c.ordinal == ordinal)).scalar_one()
        content = orjson.dumps({"subscription": to.id, "revision": ordinal, "at": at, "changes": told}).decode()
        now = self.clock.now()
        values = {"content": content, "made_at": now, "next_at": now, "attempts": 0, "reason": ""}
        connection.execute(notice.insert().values(subscription=to.id, **values))
        return 1

    def _due(self) -> Sequence[Any]:
        """The oldest waiting notice of each subscription whose time has come, as many as are told at once; ours for a while."""
        now = self.clock.now()
        waits = (notice.c.told_at.is_(None)) & notice.c.next_at.is_not(None)
        live = select(func.min(notice.c.id)).join(subscription).where(waits, subscription.c.ended_at.is_(None))
        oldest = live.group_by(notice.c.subscription)
        columns = (notice.c.id, notice.c.content, notice.c.attempts, subscription.c.url, subscription.c.secret)
        query = select(*columns).join(subscription).where(notice.c.id.in_(oldest), notice.c.next_at <= now)
        query = query.order_by(notice.c.next_at, notice.c.id).limit(AT_ONCE)
        with writing(self.engine) as connection:
            found = connection.execute(query).all()
            taken = update(notice).where(notice.c.id.in_([row.id for row in found])).values(next_at=now + TAKEN)
            if found:
                connection.execute(taken)
        return found

    def _send(self, row: Row[Any]) -> bool:
        """Whether it arrived; else when to try again is written down."""
        reason = self._told(row)
        now, attempts = self.clock.now(), int(row.attempts) + 1
        later = None if attempts >= ATTEMPTS else now + min(FIRST * 2 ** (attempts - 1), LONGEST)
        values = {
            "attempts": attempts,
            "reason": reason,
            "told_at": None if reason else now,
            "next_at": later if reason else None,
        }
        with writing(self.engine) as connection:
            connection.execute(update(notice).where(notice.c.id == row.id).values(values))
        return not reason

    def _told(self, row: Row[Any]) -> str:
        """Why it did not arrive; empty when it did."""
        body = str(row.content).encode()
        headers = {
            "Content-Type": "application/json",
            "Hub-Notice": str(row.id),
            "Hub-Signature": self._signed(row.secret, body),
        }
        try:
            check_address(row.url, self.allowed)
            return asyncio.run(_posted(row.url, body, headers))
        except HubError as error:
            return error.code
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return type(error).__name__

    def _signed(self, secret: str, body: bytes) -> str:
        seconds = int(self.clock.now().timestamp())
        return f"t={seconds},v1={signature(secret, seconds, body)}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look again and again in a thread while something else is done."""
        stop = Event()
        thread = Thread(target=self._again, args=(stop,), name="notifying", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(SECONDS)

    def _again(self, stop: Event) -> None:
        while not stop.wait(EVERY):
            try:
                self.run()
            except Exception:  # the next look may go better, and subscribers wait for it
                log.exception("subscribers could not be told")


async def _posted(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """The status where it is no success. Redirections are not followed, nor proxies of the environment used; a timeout of the
    client's own would begin anew with every byte that arrives."""
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(verify=_certificates(), timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        return "" if answer.is_success else str(answer.status_code)


def _certificates() -> ssl.SSLContext:
    """Whom the world trusts and whom this machine trusts: offices have authorities of their own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def signature(secret: str, seconds: int, body: bytes) -> str:
    """What a subscriber compares with, in hexadecimal."""
    return hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()


def _behind(newest: int) -> Select[Any]:
    return select(subscription).where(subscription.c.ended_at.is_(None), subscription.c.cursor < newest)


def _changes(connection: Connection, after: int) -> dict[int, dict[Ref, Outcome]]:
    """What became of artefacts in each revision after one."""
    c = artefact.c
    query = select(c.kind, c.agency, c.id, c.version, c.since, c.until).where(or_(c.since > after, c.until > after))
    found: dict[int, dict[Ref, Outcome]] = {}
    ended: dict[int, set[Ref]] = {}
    for kind, *name, since, until in connection.execute(query.order_by(c.since)):
        ref = Ref(Kind(kind), *name)
        if since > after:
            found.setdefault(since, {})[ref] = Outcome.ADDED
        if until is not None and until > after:
            ended.setdefault(until, set()).add(ref)
    for ordinal, refs in ended.items():
        here = found.setdefault(ordinal, {})
        here |= {ref: Outcome.CHANGED if ref in here else Outcome.REMOVED for ref in refs}
    return dict(sorted(found.items()))
