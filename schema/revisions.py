"""Revision triangles: series through all their releases, and how much their figures were revised on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
import orjson
import strawberry

from registry import answers
from registry import revisions as told
from registry.comparison import only_released
from registry.errors import Conflict
from registry.model import Structure
from registry.rendering import Codes
from registry.revisions import Triangle
from registry.selection import Selection
from schema.attributes import SeriesCode
from schema.changes import FileLinks
from schema.columns import NULL, Leaves
from schema.context import Context
from schema.fields import described
from schema.paging import PageInfo, bad_cursor, decode_cursor, encode_cursor, page_size
from schema.releases import Release, release
from schema.scalars import Number, number
from schema.selecting import BETWEEN, fingerprint

FEW = 10
"""Triangles on a page, where nobody says how many: each may have a hundred rows."""

AT_ONCE = 10
"""Triangles that are read before it is looked whether they are too many."""


@strawberry.type(description="Mean revisions over some periods (ESS quality indicator A6); null where there are none.")
class MeanRevisions:
    count: int = strawberry.field(description="Periods that have a number in both states.")
    absolute: Number | None = strawberry.field(description="MAR: the mean size of a revision.")
    relative: Number | None = strawberry.field(description="RMAR: the sizes of all revisions over the sizes of the figures.")
    mean: Number | None = strawberry.field(description="MR: the mean revision with its sign; what tends to one side is biased.")


def mean_revisions(held: told.MeanRevisions) -> MeanRevisions:
    absolute, relative, mean = (number(each) for each in (held.absolute, held.relative, held.mean))
    return MeanRevisions(count=held.count, absolute=absolute, relative=relative, mean=mean)


@strawberry.type(description="A series as one release has it. The n-th values belong to the n-th periods of the triangle.")
class RevisionRow:
    held: strawberry.Private[Sequence[str | None]]
    release: str = strawberry.field(description="The id of the release.")

    @described("Null where the release has no number.")
    def values(self) -> list[Number | None]:
        fragments = [_json(text) for text in self.held]
        return cast(list[Number | None], Leaves(_column(fragments), lambda: map(number, self.held)))

    @described("The values as decimal texts, with every digit.")
    def value_texts(self) -> list[str | None]:
        fragments = [NULL if text is None else orjson.dumps(text) for text in self.held]
        return cast(list[str | None], Leaves(_column(fragments), lambda: self.held))


def _json(text: str | None) -> bytes:
    known = number(text)
    return NULL if known is None else known.encode()


def _column(fragments: Sequence[bytes]) -> Codes:
    codes = [-1 if fragment == NULL else place for place, fragment in enumerate(fragments)]
    return Codes(np.array(codes, np.int32), fragments, NULL)


@strawberry.type(description="One series through its releases.")
class RevisionTriangle:
    structure: strawberry.Private[Structure]
    held: strawberry.Private[Triangle]
    key: str = strawberry.field(description="The codes in key order, joined by dots.")
    frequency: str
    periods: list[str] = strawberry.field(description="All periods that one of the releases has, by time.")

    @described("The code of each dimension, in key order.")
    def codes(self) -> list[SeriesCode]:
        pairs = zip(self.structure.dsd.key, self.held.key, strict=True)
        return [SeriesCode(structure=self.structure, dimension=dimension, id=id_) for dimension, id_ in pairs]

    @described("One row for each release, oldest first.")
    def rows(self) -> list[RevisionRow]:
        pairs = zip(self.held.releases, self.held.values, strict=True)
        return [RevisionRow(held=values, release=each.id) for each, values in pairs]

    @described("From the first published value of each period to the latest release.")
    def overall(self) -> MeanRevisions:
        return mean_revisions(self.held.overall())

    @described("From each release to the next; one less than there are rows.")
    def steps(self) -> list[MeanRevisions]:
        return [mean_revisions(each) for each in self.held.steps()]


def triangle(structure: Structure, held: Triangle) -> RevisionTriangle:
    return RevisionTriangle(
        structure=structure, held=held, key=".".join(held.key), frequency=held.frequency, periods=list(held.periods)
    )


@dataclass
class Page:
    """Some series of a selection; ``pinned`` is the newest release of the page before."""

    context: Context
    structure: Structure
    selection: Selection
    size: int
    pinned: answers.Release | None = None

    @cached_property
    def read(self) -> tuple[list[Triangle], bool]:
        """The triangles, and whether more follow; :class:`registry.errors.TooLarge` when they have too many values."""
        found: list[Triangle] = []
        while len(found) <= self.size:
            more = self._some(len(found), min(len(found) + AT_ONCE, self.size + 1))
            found += more
            self.context.spend(sum(len(each.periods) * len(each.releases) for each in more), self.address)
            if len(more) < AT_ONCE:
                break
        return found[: self.size], len(found) > self.size

    def _some(self, start: int, stop: int) -> list[Triangle]:
        wanted = replace(self.selection, as_of=self.pinned.released_at) if self.pinned else self.selection
        found = self.context.ports.cube.triangles(wanted, self.context.viewer, slice(start, stop))
        if self.pinned and any(each.releases[-1].id != self.pinned.id for each in found):
            raise Conflict("OUTDATED_CURSOR")
        return found

    def address(self) -> str:
        return self.context.ports.links.comparison("revisions", replace(self.selection, after=None), self.structure, {})

    def cursor(self) -> str | None:
        found, more = self.read
        if not more:
            return None
        last = found[-1]
        key = BETWEEN.join((*last.key, last.frequency))
        return encode_cursor(last.releases[-1].id, fingerprint(self.selection), key)


@strawberry.type(description="Series through all their releases: a page of revision triangles in key order.")
class Revisions:
    held: strawberry.Private[Page]
    dimensions: list[str] = strawberry.field(description="The dimensions of a series key, in order.")

    @described("The releases that make the rows, oldest first: those that are kept, the newest 120 of them.")
    def releases(self) -> list[Release]:
        found, _ = self.held.read
        return [release(each) for each in found[0].releases] if found else []

    @strawberry.field
    def nodes(self) -> list[RevisionTriangle]:
        found, _ = self.held.read
        return [triangle(self.held.structure, each) for each in found]

    @strawberry.field
    def links(self) -> FileLinks:
        return FileLinks(csv=self.held.address())

    @described("All pages that follow a cursor end with the same release, whatever is published meanwhile.")
    def page_info(self) -> PageInfo:
        cursor, before = self.held.cursor(), self.held.selection.after is not None
        return PageInfo(has_next_page=cursor is not None, has_previous_page=before, start_cursor=None, end_cursor=cursor)


def revisions(context: Context, structure: Structure, selection: Selection, first: int, after: str | None) -> Revisions:
    """A page of triangles. :class:`Invalid` NOT_WHEN_COMPARING, PAGE_SIZE or BAD_CURSOR; :class:`Conflict` OUTDATED_CURSOR."""
    held = Page(context, structure, only_released(selection, "asOf"), page_size(first))
    if after is not None:
        held.pinned, held.selection = _following(context, selection, after)
    return Revisions(held=held, dimensions=list(structure.dsd.key))


def _following(context: Context, selection: Selection, after: str) -> tuple[answers.Release, Selection]:
    id_, question, last = decode_cursor(after, str, str, str)
    if question != fingerprint(selection):
        raise bad_cursor(after)
    visible = context.ports.cube.releases(selection.dataflow, context.viewer, selection.preview)
    pinned = next((each for each in visible if each.id == id_), None)
    if pinned is None:
        raise Conflict("OUTDATED_CURSOR")
    return pinned, replace(selection, after=tuple(last.split(BETWEEN)))
