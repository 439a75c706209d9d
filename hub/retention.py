"""Thinning vintages by rule: old states of a dataflow that nobody needs any more make room, never silently.

A thinned release stays in every list with its times and counts; only its figures can no longer be asked for. Figures that a
kept release shows too stay. What is always kept: the first release, the newest, those that wait, corrections and withdrawals,
what they corrected, withdrew or went back to, what the next withdrawal would go back to, and releases named by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, Engine, RowMapping, select, update

from hub import audit
from hub.access import Action, Rules
from hub.database import reading, writing
from hub.history import DRAFTS, RELEASED, cube_id, list_releases
from hub.intervals import free
from hub.release_tables import publication
from hub.tables import release
from registry.answers import Release
from registry.errors import Invalid, NotFound
from registry.ports import Catalogue, Clock, Viewer
from registry.publishing import OFFICE_TIME
from registry.ref import Ref

GRACE = timedelta(hours=1)
"""Between refusing questions to a vintage and removing its rows: answers that are being read then end whole."""

SPANS: dict[str, Callable[[datetime], object]] = {
    "month-ends": lambda at: (at.year, at.month),
    "quarter-ends": lambda at: (at.year, (at.month - 1) // 3),
    "year-ends": lambda at: at.year,
    "newest": lambda _: None,
}
"""Of the releases in each of these spans of the office's calendar the last one is kept."""


@dataclass(frozen=True, slots=True)
class Thinned:
    """What a run did, or would do: releases thinned now, newest first, and rows removed of those thinned before."""

    dataflow: Ref
    releases: tuple[Release, ...]
    kept: int
    rows: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Keep:
    """Which releases are kept: all of the last ``days``, one for each span of ``rule``, and ``named`` ones."""

    rule: str
    days: int = 0
    named: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.rule not in SPANS:
            raise Invalid("UNKNOWN_KEEP_RULE", found=self.rule[:40], valid=", ".join(SPANS))
        if not 0 <= self.days <= 36_500:
            raise Invalid("BAD_KEEP_DAYS", found=self.days)


class Retention:
    """Thins the vintages of a dataflow."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules, catalogue: Catalogue) -> None:
        self._engine = engine
        self._clock = clock
        self._rules = rules
        self._catalogue = catalogue

    def thin(self, dataflow: Ref, keep: Keep, viewer: Viewer, dry_run: bool = False) -> Thinned:
        """Mark what the rule does not keep, with an audit entry each; remove the rows of what was marked :data:`GRACE` ago."""
        self._rules.demand(viewer, Action.THIN_VINTAGES)
        flow = self._catalogue.structure(dataflow).dataflow.ref
        with reading(self._engine) if dry_run else writing(self._engine) as connection:
            now, cube = self._clock.now(), cube_id(connection, flow) or 0
            rows = _published(connection, cube)
            _check_named(keep, rows)
            surplus = _surplus(rows, keep, now)
            found = list_releases(connection, release.c.id.in_([row["id"] for row in surplus]), now=now)
            if not dry_run:
                _mark(connection, surplus, f"{flow} {keep.rule} {keep.days}", viewer, now)
        removed = 0 if dry_run else self._sweep(cube, now)
        standing = sum(row["thinned_at"] is None for row in rows) - len(surplus)
        return Thinned(flow, tuple(found), standing, removed, dry_run)

    def _sweep(self, cube: int, now: datetime) -> int:
        """In short transactions; killed in the middle, the next run does the rest."""
        removed = 0
        with reading(self._engine) as connection:
            kept = _kept(connection, cube, now)
        for after, until in pairwise([0, *kept]):
            while until - after > 1:
                with writing(self._engine) as connection:
                    rows = free(connection, cube, after, until)
                if not rows:
                    break
                removed += rows
        return removed


def _published(connection: Connection, cube: int) -> list[RowMapping]:
    """Every release of a dataflow, in order."""
    facts = publication.c
    query = select(release, facts.kind, facts.withdraws, facts.restores, facts.thinned_at)
    query = query.outerjoin(publication, publication.c.release == release.c.id)
    found = query.where(release.c.cube == cube, release.c.state == RELEASED).order_by(release.c.ordinal)
    return list(connection.execute(found).mappings())


def _check_named(keep: Keep, rows: list[RowMapping]) -> None:
    known = {row["public_id"] for row in rows}
    for id in sorted(keep.named - known):
        raise NotFound("RELEASE_NOT_FOUND", found=id[:40])


def _surplus(rows: list[RowMapping], keep: Keep, now: datetime) -> list[RowMapping]:
    """What is to go."""
    seen = [row for row in rows if row["visible_from"] <= now]
    kept = _always(rows, seen) | {row["id"] for row in rows if row["visible_from"] > now}
    recent = now - timedelta(days=keep.days)
    kept |= {row["id"] for row in seen if row["visible_from"] > recent or row["public_id"] in keep.named}
    kept |= _last_of_each(seen, SPANS[keep.rule])
    return [row for row in seen if row["id"] not in kept and row["thinned_at"] is None]


def _last_of_each(rows: Iterable[RowMapping], span: Callable[[datetime], object]) -> set[int]:
    return set({span(row["visible_from"].astimezone(OFFICE_TIME)): row["id"] for row in rows}.values())


def _always(rows: list[RowMapping], seen: list[RowMapping]) -> set[int]:
    """The first and the newest, whatever a correction or a withdrawal speaks of, and what withdrawing goes back to: the base of
    the newest, and of what each withdrawal made stand again."""
    by_ordinal = {row["ordinal"]: row for row in rows}
    told = [row for row in rows if row["kind"] in ("correction", "withdrawal")]
    stood = [each for row in told if (each := by_ordinal.get(_stands(row, by_ordinal)))]
    bases = [by_ordinal.get(row["base"]) for row in (*told, *stood, *seen[-1:])]
    restored = [by_ordinal.get(row["restores"]) for row in told]
    kept = {row["id"] for row in (*told, *seen[:1], *seen[-1:], *bases, *restored) if row}
    return kept | {row["withdraws"] for row in told if row["withdraws"]}


def _stands(row: RowMapping, by_ordinal: Mapping[int, RowMapping]) -> int:
    """The ordinal of the release whose content this one has, 0 for none."""
    while row["restores"]:
        row = by_ordinal[row["restores"]]
    return 0 if row["restores"] == 0 else int(row["ordinal"])


def _mark(connection: Connection, rows: list[RowMapping], why: str, viewer: Viewer, now: datetime) -> None:
    for row in rows:
        connection.execute(update(publication).where(publication.c.release == row["id"]).values(thinned_at=now))
        audit.record(connection, now, viewer, "thin", row["public_id"], why)


def _kept(connection: Connection, cube: int, now: datetime) -> list[int]:
    """The ordinals whose rows are needed: all but those thinned long enough ago. Drafts need what they stage."""
    query = select(release.c.ordinal).outerjoin(publication, publication.c.release == release.c.id)
    needed = publication.c.thinned_at.is_(None) | (publication.c.thinned_at > now - GRACE)
    alive = release.c.state.in_((RELEASED, *DRAFTS)) & needed
    return list(connection.scalars(query.where(release.c.cube == cube, alive).order_by(release.c.ordinal)))
