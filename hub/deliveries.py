"""Deliveries: an untouched copy, a digest, checks, microdata, a receipt. The same digest twice changes nothing.

On disk, under the data folder::

    deliveries/SOURCE/ID/0001/file-as-sent          the untouched copy
    deliveries/SOURCE/ID.rejects.parquet            refused records with their values: the only place where values stand
    microdata/SOURCE/delivery=ID/month=YYYY-MM/     normalised records

The database row is the truth: files of a delivery that is not *accepted* are left over from a failure and are made anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, Engine, RowMapping, select, update

from adapters.base import Adapter, Progress, Rule
from adapters.sources import adapter_for
from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.settings import Settings
from hub.tables import delivery
from hub.workplace import workplace
from registry.errors import LANGUAGES, HubError, Invalid, NotFound
from registry.ports import Catalogue, Clock, Reject, Viewer
from registry.receipt import Delivery
from registry.text import pick

if TYPE_CHECKING:
    from hub.intake import Taken

CHUNK = 1024 * 1024

FAULTS = 500
"""Errors with this status or above are no fault of the files: the delivery is not refused, and may be sent again."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def nothing(_: int) -> None:
    """A progress nobody watches."""


@dataclass(frozen=True)
class Incoming:
    """Files copied into a folder of our own, not yet a delivery."""

    folder: Path
    files: tuple[Path, ...]
    digest: str


class Deliveries:
    """Takes deliveries in and tells about them."""

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue) -> None:
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue

    def deliver(self, source: str, paths: Sequence[Path], viewer: Viewer, progress: Progress = nothing) -> Delivery:
        """Take in files or folders of this machine."""
        self.admit(source, viewer)
        with self.incoming() as folder:
            return self.accept(source, self._copy(folder, _expand(paths)), viewer, progress)

    def admit(self, source: str, viewer: Viewer) -> Adapter:
        """The adapter of the source, for somebody who may hand in for it: the organisation it belongs to, or the office."""
        self._rules.demand(viewer, Action.DELIVER)
        adapter = adapter_for(source)
        self._rules.demand(viewer, Action.DELIVER, adapter.source.organisation)
        return adapter

    def incoming(self) -> AbstractContextManager[Path]:
        """An empty folder for files on their way in."""
        return workplace(self._settings.deliveries / ".incoming")

    def accept(self, source: str, incoming: Incoming, viewer: Viewer, progress: Progress = nothing) -> Delivery:
        """Make a delivery of files that have come in: keep, check, normalise, give the receipt."""
        adapter = self.admit(source, viewer)
        id, known = self._enter(source, incoming, viewer)
        if known:
            return known
        folder = self._settings.deliveries / source / id
        _move_once(incoming.folder, folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return self._process(id, adapter, files, viewer, progress)

    def _process(self, id: str, adapter: Adapter, files: list[Path], viewer: Viewer, progress: Progress) -> Delivery:
        # DuckDB is for microdata: a process that only answers is spared its 20 MB, and starts a fifth of a second sooner.
        from hub.intake import take_in
        from hub.microdata import workbench

        try:
            with workplace(self._settings.spill) as spill:
                part = spill / "microdata"
                with workbench(self._settings, adapter.source, self._catalogue) as connection:
                    taken = take_in(connection, adapter, files, part, spill, progress)
                return self._settle(id, adapter.source.id, viewer, taken, part)
        except HubError as error:
            if error.status >= FAULTS:
                raise
            message = orjson.dumps([error.code, error.facts], default=str).decode()
            return self._refuse(id, viewer, message, error)

    def _settle(self, id: str, source: str, viewer: Viewer, taken: Taken, part: Path) -> Delivery:
        """Put the microdata in place and say so, as one. Who brought the same files at the same time may have done it already:
        then compilations read there, and nothing is moved.
        """
        values = {
            "records": taken.records,
            "accepted": taken.accepted,
            "rejected": taken.rejected,
            "synthetic": taken.synthetic,
        }
        rules = orjson.dumps(taken.rules, option=orjson.OPT_SORT_KEYS).decode()
        target = self._settings.microdata / source / f"delivery={id}"
        with writing(self._engine) as connection:
            if _row(connection, id)["state"] != "accepted":
                part.with_name(f"{part.name}.rejects.parquet").replace(self._rejects_file(source, id))
                shutil.rmtree(target, ignore_errors=True)
                _move_once(part, target)
                self._say(connection, id, viewer, "accepted", rules=rules, **values)
            return _receipt(_row(connection, id))

    def _refuse(self, id: str, viewer: Viewer, message: str, error: HubError) -> Delivery:
        with writing(self._engine) as connection:
            if _row(connection, id)["state"] == "accepted":
                return _receipt(_row(connection, id))
            self._say(connection, id, viewer, "refused", message=message)
        raise error

    def _enter(self, source: str, incoming: Incoming, viewer: Viewer) -> tuple[str, Delivery | None]:
        """The row of this delivery: a new one, or the accepted one with the same digest."""
        own = {"source": source, "organisation": viewer.organisation, "digest": incoming.digest}
        fits = [delivery.c[name] == value for name, value in own.items()]
        with writing(self._engine) as connection:
            row = connection.execute(select(delivery).where(*fits)).mappings().one_or_none()
            if row is not None and row["state"] == "accepted":
                return row["id"], _receipt(row, repeated=True)
            if row is not None:
                return row["id"], None
            id, now = secrets.token_hex(8), self._clock.now()
            names = orjson.dumps([path.name for path in incoming.files]).decode()
            values = {"id": id, "received_at": now, "received_by": viewer.name, "files": names, "state": "received"}
            connection.execute(delivery.insert().values(**own, **values))
            audit.record(connection, now, viewer, "deliver", id, f"{source} {incoming.digest}")
        return id, None

    def _say(self, connection: Connection, id: str, viewer: Viewer, state: str, **values: Any) -> None:
        connection.execute(update(delivery).where(delivery.c.id == id).values(state=state, **values))
        audit.record(connection, self._clock.now(), viewer, f"delivery-{state}", id)

    def seen_by(self, viewer: Viewer) -> list[Delivery]:
        """Deliveries the viewer may see, newest first: a ministry its own, the office all."""
        self._rules.demand(viewer, Action.SEE_OWN_DELIVERIES)
        query = select(delivery).order_by(delivery.c.received_at.desc())
        if not self._rules.allows(viewer, Action.SEE_ALL_DELIVERIES):
            query = query.where(delivery.c.organisation == viewer.organisation)
        with reading(self._engine) as connection:
            return [_receipt(row) for row in connection.execute(query).mappings()]

    def get(self, id: str, viewer: Viewer) -> Delivery:
        """One delivery; another organisation's looks as if it did not exist."""
        self._rules.demand(viewer, Action.SEE_OWN_DELIVERIES)
        with reading(self._engine) as connection:
            row = _row(connection, id)
        if not self._rules.allows(viewer, Action.SEE_OWN_DELIVERIES, row["organisation"]):
            raise NotFound("DELIVERY_NOT_FOUND", found=id[:40])
        return _receipt(row)

    def rejects(self, id: str, viewer: Viewer, limit: int = 1000) -> list[Reject]:
        """The refused records, without their values."""
        from hub.intake import read_rejects

        found = self.get(id, viewer)
        path = self._rejects_file(found.source, found.id)
        if not path.exists():
            return []
        source = adapter_for(found.source).source
        words = {code: _advice(source.rule(code)) for code in found.rules}
        return [replace(each, facts=words[each.rule]) for each in read_rejects(path, limit)]

    def accepted(self, source: str) -> list[tuple[Delivery, bool]]:
        """The deliveries whose microdata count, and whether each is synthetic; for compilation."""
        fits = (delivery.c.source == source) & (delivery.c.state == "accepted") & (delivery.c.accepted > 0)
        with reading(self._engine) as connection:
            rows = connection.execute(select(delivery).where(fits).order_by(delivery.c.received_at)).mappings().all()
        return [(_receipt(row), row["synthetic"]) for row in rows]

    def _rejects_file(self, source: str, id: str) -> Path:
        return self._settings.deliveries / source / f"{id}.rejects.parquet"

    def _copy(self, folder: Path, paths: Sequence[Path]) -> Incoming:
        places = [place(folder, number, path.name) for number, path in enumerate(paths, start=1)]
        digests = [_copy_file(path, target) for path, target in zip(paths, places, strict=True)]
        return Incoming(folder, tuple(places), digest_of(digests))


def _advice(rule: Rule) -> dict[str, str]:
    """A rule in words, by language, so that a door need not know the sources."""
    return {f"advice_{lang}": f"{pick(rule.names, lang)}. {pick(rule.help, lang)}" for lang in LANGUAGES}


def place(folder: Path, number: int, name: str) -> Path:
    """Where the n-th file of a delivery goes: its name made safe, in a numbered folder."""
    target = folder / f"{number:04d}" / (_UNSAFE.sub("_", Path(name).name).lstrip(".")[-100:] or "file")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def digest_of(digests: Sequence[str]) -> str:
    """The digest of a delivery: of its files' SHA-256, whatever their names and order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _copy_file(path: Path, target: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, target.open("wb") as copy:
            while chunk := source.read(CHUNK):
                copy.write(chunk)
                digest.update(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    except OSError as error:
        raise Invalid("DELIVERED_FILE_UNREADABLE", found=path.name, reason=error.strerror or "") from error
    return digest.hexdigest()


def _expand(paths: Sequence[Path]) -> list[Path]:
    """Files, with folders opened; hidden files are left out."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise Invalid("FILE_MISSING", found=str(path))
        if not path.is_dir() and not path.is_file():
            raise Invalid("NOT_A_FILE", found=str(path))
        inside = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
        files += inside if path.is_dir() else [path]
    if not files:
        raise Invalid("NOTHING_DELIVERED", found=", ".join(str(path) for path in paths))
    return files


def _move_once(source: Path, target: Path) -> None:
    """Move a folder into place. One that is there already came the same way: it is whole, and has the same content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError:
        if not target.exists():
            raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _row(connection: Connection, id: str) -> RowMapping:
    # PostgreSQL has no texts with NUL, and would call the question a fault.
    fits = delivery.c.id == id.replace("\0", "")
    row = connection.execute(select(delivery).where(fits)).mappings().one_or_none()
    if row is None or row["id"] != id:
        raise NotFound("DELIVERY_NOT_FOUND", found=id[:40])
    return row


def _receipt(row: RowMapping, repeated: bool = False) -> Delivery:
    names = ("id", "source", "organisation", "received_at", "digest", "state", "records", "accepted", "rejected", "message")
    values = {name: row[name] for name in names}
    files = tuple(orjson.loads(row["files"]))
    return Delivery(**values, files=files, rules=orjson.loads(row["rules"]), repeated=repeated)
