"""Registrations in the database. Every change is one transaction with its entry in the audit."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, or_, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.registry_tables import STANDING, registration
from registry.errors import Conflict, HubError, Invalid, NotFound, Unprocessable
from registry.ports import Catalogue, Clock, Viewer
from registry.ref import Kind, Ref
from registry.registrations import Registered, Registration
from registry.submission import Order, Purpose, check_reason

SCHEMES = ("https://", "http://", "ftps://", "ftp://", "sftp://")
"""How the address of a source begins: readers follow it on machines of their own, where others would do what is not meant."""


class RegisteredSources:
    """Implements :class:`registry.registrations.Registrations`."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue

    def find(
        self,
        id: str | None = None,
        agreements: Collection[Ref] | None = None,
        after: datetime | None = None,
        before: datetime | None = None,
        as_of: datetime | None = None,
    ) -> list[Registration]:
        query, c = select(registration).where(_stood(as_of)).order_by(registration.c.id), registration.c
        query = query.where(c.id == id.replace("\0", "")) if id is not None else query
        query = query.where(c.updated_at > after) if after is not None else query
        query = query.where(c.updated_at < before) if before is not None else query
        with reading(self._engine) as connection:
            found = [_registration(row) for row in connection.execute(query)]
        return [one for one in found if agreements is None or one.agreement in agreements]

    def submit(self, given: Sequence[tuple[Purpose, Registration]], order: Order, viewer: Viewer) -> list[Registered]:
        self._rules.demand(viewer, Action.CHANGE_REGISTRY)
        check_reason(order.why)
        done: list[Registered] = []
        try:
            with writing(self._engine) as connection:
                done = [self._one(connection, purpose, one, viewer) for purpose, one in given]
                if any(one.error for one in done) or order.dry:
                    raise _Undo
                detail = ", ".join([*(f"{one.purpose} {one.registration.id}" for one in done), *filter(None, [order.why])])
                audit.record(connection, self._clock.now(), viewer, "change-registrations", order.what[:255], detail)
        except _Undo:
            return [_held(one, done) for one in done]
        return done

    def _one(self, connection: Connection, purpose: Purpose, given: Registration, viewer: Viewer) -> Registered:
        try:
            made = self._settled(connection, purpose, given)
        except HubError as error:
            return Registered(given, purpose, error)
        connection.execute(update(registration).where(registration.c.id == made.id, STANDING).values(until=self._clock.now()))
        if purpose != Purpose.DELETE:
            content = {name: value for name, value in asdict(made).items() if name not in ("agreement", "id", "updated_at")}
            values = {"id": made.id, "agreement": str(made.agreement), "updated_at": made.updated_at, "by": viewer.name}
            connection.execute(registration.insert().values(**values, content=orjson.dumps(content).decode()))
        return Registered(made, purpose)

    def _settled(self, connection: Connection, purpose: Purpose, given: Registration) -> Registration:
        """The registration as it will stand, or as it stood; an error where that cannot be."""
        row = connection.execute(
            select(registration).where(registration.c.id == given.id.replace("\0", ""), STANDING)
        ).one_or_none()
        if purpose in (Purpose.REPLACE, Purpose.DELETE) and row is None:
            raise NotFound("REGISTRATION_NOT_FOUND", found=given.id[:60])
        if purpose == Purpose.DELETE:
            return _registration(row)  # type: ignore[arg-type]  # it is there
        if purpose == Purpose.APPEND and row is not None:
            raise Conflict("REGISTRATION_EXISTS", found=given.id[:60])
        self._check(given)
        return replace(given, id=given.id or secrets.token_hex(8), updated_at=self._clock.now())

    def _check(self, given: Registration) -> None:
        ref = given.agreement
        if not self._catalogue.find(Kind.PROVISION_AGREEMENT, ref.agency, ref.id, ref.version):
            raise Invalid("REFERENCE_MISSING", ref=given.id or "-", kind=ref.kind.value, needed=str(ref), near="-")
        if not (given.file or given.service):
            raise Unprocessable("REGISTRATION_NO_SOURCE")
        for address in filter(None, (given.file, given.service, given.wsdl, given.wadl)):
            if not address.lower().startswith(SCHEMES):
                raise Unprocessable("REGISTRATION_SOURCE_ODD", found=address[:120], expected=", ".join(SCHEMES))


def _stood(as_of: datetime | None) -> ColumnElement[bool]:
    """What stood at a moment; None: what stands."""
    if as_of is None:
        return STANDING
    c = registration.c
    return and_(c.updated_at <= as_of, or_(c.until.is_(None), c.until > as_of))


class _Undo(Exception):
    """Leaves a transaction without committing it."""


def _held(one: Registered, done: Sequence[Registered]) -> Registered:
    count = sum(other.error is not None for other in done)
    return replace(one, error=Conflict("SUBMISSION_HELD", count=count)) if count and not one.error else one


def _registration(row: Row[Any]) -> Registration:
    content = orjson.loads(row.content)
    for name in ("valid_from", "valid_to"):
        content[name] = datetime.fromisoformat(content[name]) if content[name] else None
    content["indexes"] = tuple(content["indexes"])
    agreement = Ref.parse(row.agreement, Kind.PROVISION_AGREEMENT)
    return Registration(agreement=agreement, id=row.id, updated_at=row.updated_at, **content)
