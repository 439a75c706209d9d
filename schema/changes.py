"""What changed between two releases, as pages of lines."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Annotated, cast

import strawberry

from registry import answers
from registry.comparison import START, Lines, Tally, changed, lines, only_released, tally, two
from registry.model import Structure
from registry.selection import Selection
from schema.changed import AttributeChange, Change, Shown, attribute_change
from schema.columns import Tables
from schema.context import Context
from schema.fields import described
from schema.paging import PageInfo, bad_cursor, decode_cursor, encode_cursor, page_size
from schema.releases import Release, release
from schema.selecting import BETWEEN, fingerprint

CELLS = 4
"""Values that a line may show of each measure: old and new, as a number and as a text."""

MOST_COUNTED = 1000
"""Comparisons whose counts are remembered."""

Since = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        name="from",
        description="The id or number of the earlier release; the one before `to` without it; 0 is before the first.",
    ),
]
UpTo = Annotated[
    strawberry.ID | None,
    strawberry.argument(name="to", description="The id or number of the later release; the newest without it."),
]


class _Counted:
    """Counts that were asked for last. Two releases never change, so every page after the first finds them here."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, str], Tally] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str, str], found: answers.Changes) -> Tally:
        counted = self._known.get(key) or tally(found.differences)
        with self._lock:
            self._known[key] = counted
            self._known.move_to_end(key)
            while len(self._known) > MOST_COUNTED:
                self._known.popitem(last=False)
        return counted


_COUNTED = _Counted()


@strawberry.type(description="How much changed.")
class ChangeCounts:
    added: int = strawberry.field(description="Observations that were not there.")
    revised: int = strawberry.field(description="Observations with another value.")
    deleted: int = strawberry.field(description="Observations that are gone.")
    described: int = strawberry.field(description="Observations with the same value and other attributes.")
    series: int = strawberry.field(description="Series of which the attributes changed.")


@strawberry.type(description="The same as a file.")
class FileLinks:
    csv: str = strawberry.field(description="CSV, all pages.")


@dataclass(frozen=True)
class _Place:
    """Where a page begins: ``skip`` lines of the series that follow the series ``after``."""

    after: tuple[str, ...] | None
    skip: int


@dataclass(frozen=True)
class _Cursor:
    """Of which comparison a page is, so that all pages are of the same two releases whatever is published meanwhile."""

    before: str
    now: str
    question: str
    place: _Place

    @classmethod
    def read(cls, text: str) -> _Cursor:
        """:class:`Invalid` BAD_CURSOR for what is none."""
        before, now, question, key, skip = decode_cursor(text, str, str, str, str, int)
        if skip < 0:
            raise bad_cursor(text)
        return cls(before, now, question, _Place(tuple(key.split(BETWEEN)) if key else None, skip))

    def text(self) -> str:
        return encode_cursor(self.before, self.now, self.question, BETWEEN.join(self.place.after or ()), self.place.skip)


@dataclass
class Comparison:
    """One page of what changed between two releases. ``kept`` are its lines."""

    context: Context
    structure: Structure
    selection: Selection
    releases: tuple[answers.Release | None, answers.Release]
    place: _Place
    size: int

    def ask(self, after: tuple[str, ...] | None = None) -> answers.Changes:
        before, now = self.releases
        wanted = replace(self.selection, after=after)
        return self.context.ports.cube.changes(wanted, self.context.viewer, before.id if before else None, now.id)

    @cached_property
    def tally(self) -> Tally:
        before, now = self.releases
        # Asked in any case, so that what cannot be seen any more is refused.
        found = self.ask()
        return _COUNTED.get((before.id if before else START, now.id, fingerprint(self.selection)), found)

    @cached_property
    def whole(self) -> answers.Changes:
        """What is said of the data set as a whole."""
        return self.ask()

    @cached_property
    def read(self) -> tuple[list[Lines], _Place | None]:
        """The lines of this page, and where the next one begins."""
        kept: list[Lines] = []
        left, skip, after = self.size, self.place.skip, self.place.after
        for some in map(lines, self.ask(after).differences):
            shown = some.take(slice(skip, skip + left))
            if len(shown):
                kept.append(shown)
                left -= len(shown)
            if skip + len(shown) < len(some):
                self._spend(kept)
                return kept, _next(some, skip + len(shown), after)
            skip = max(skip - len(some), 0)
            after = _key(some, some.differences.now.series_count - 1)
        self._spend(kept)
        return kept, None

    def _spend(self, kept: list[Lines]) -> None:
        each = CELLS * len(self.structure.dsd.measures)
        self.context.spend(each * sum(map(len, kept)), self.address)

    def address(self) -> str:
        """The same as a file."""
        before, now = self.releases
        named = {"from": before.id if before else START, "to": now.id}
        return self.context.ports.links.comparison("changes", self.selection, self.structure, named)

    def cursor(self, place: _Place) -> _Cursor:
        before, now = self.releases
        return _Cursor(before.id if before else START, now.id, fingerprint(self.selection), place)


def _next(some: Lines, reached: int, after: tuple[str, ...] | None) -> _Place:
    """The place of the line ``reached``: told by the series before its own, so that nothing before it is read again."""
    series = int(some.series[reached])
    inside = reached - int((some.series < series).sum())
    return _Place(_key(some, series - 1) if series else after, inside)


def _key(some: Lines, series: int) -> tuple[str, ...]:
    now = some.differences.now
    return (*(column.texts[column.codes[series]] for column in now.key), str(now.frequencies[series]))


@strawberry.type(description="What changed between two releases: a page of differences in key order.")
class Changes:
    held: strawberry.Private[Comparison]
    from_: Release | None = strawberry.field(name="from", description="The earlier release; null before the first one.")
    to: Release
    dimensions: list[str] = strawberry.field(description="The dimensions of a series key, in order.")

    @described("Differences on all pages. All that changed is read for it.")
    def total_count(self) -> int:
        return self.held.tally.total

    @described("How much changed, on all pages. All that changed is read for it.")
    def summary(self) -> ChangeCounts:
        found = self.held.tally
        return ChangeCounts(
            added=found.added,
            revised=found.revised,
            deleted=found.deleted,
            described=found.described,
            series=found.series,
        )

    @described("In key order; of each series first its own attributes, then its observations by time.")
    def nodes(self) -> list[Change]:
        kept, _ = self.held.read
        return cast(list[Change], Tables([Shown(self.held.structure, some).table() for some in kept]))

    @described("What is said otherwise of the data set as a whole.")
    def dataset_attributes(self) -> list[AttributeChange]:
        told = self.held.whole
        found = changed(told.attributes_before, told.attributes_now)
        return [attribute_change(self.held.structure, triple) for triple in found]

    @strawberry.field
    def links(self) -> FileLinks:
        return FileLinks(csv=self.held.address())

    @strawberry.field
    def page_info(self) -> PageInfo:
        _, following = self.held.read
        cursor = self.held.cursor(following).text() if following else None
        before = self.held.place != _Place(None, 0)
        return PageInfo(has_next_page=following is not None, has_previous_page=before, start_cursor=None, end_cursor=cursor)


def changes(
    context: Context,
    structure: Structure,
    selection: Selection,
    wanted: tuple[str | None, str | None],
    page: tuple[int, str | None],
) -> Changes | None:
    """What changed from the one wanted release to the other; None while nothing is published.

    :class:`NotFound` COMPARED_RELEASE_NOT_FOUND, :class:`Invalid` NOT_WHEN_COMPARING, PAGE_SIZE or BAD_CURSOR.
    """
    selection, (first, after) = only_released(selection), page
    cursor = _Cursor.read(after) if after is not None else None
    if cursor is not None:
        wanted = wanted[0] or cursor.before, wanted[1] or cursor.now
    visible = context.ports.cube.releases(structure.dataflow.ref, context.viewer, selection.preview)
    pair = two(visible, *wanted)
    if pair is None:
        return None
    place = cursor.place if cursor is not None else _Place(None, 0)
    held = Comparison(context, structure, selection, pair, place, page_size(first))
    if cursor is not None and cursor != held.cursor(place):
        raise bad_cursor(after or "")
    before, now = pair
    shown = release(before) if before else None
    return Changes(held=held, from_=shown, to=release(now), dimensions=list(structure.dsd.key))
