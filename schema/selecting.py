"""The selection as a question in GraphQL, and the page of series it asks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import strawberry

from registry.answers import Answer, Release
from registry.errors import Conflict, Invalid
from registry.model import Structure
from registry.selection import Selection, select
from schema.context import Context
from schema.paging import bad_cursor, decode_cursor, encode_cursor, page_size


@strawberry.input(description="The codes wanted of one dimension; none means all.")
class DimensionInput:
    id: str
    codes: list[str]


@strawberry.input(description="Which observations are wanted. Everything left out means all.")
class SelectionInput:
    dimensions: list[DimensionInput] | None = None
    start_period: str | None = strawberry.field(
        default=None, description="The first period, as 2024, 2024-Q3, 2024-03 or another SDMX spelling."
    )
    end_period: str | None = strawberry.field(default=None, description="The last period, included.")
    first_n: int | None = strawberry.field(
        default=None, description="Only so many observations of each series, from the start."
    )
    last_n: int | None = strawberry.field(default=None, description="Only so many observations of each series, from the end.")
    as_of: datetime | None = strawberry.field(
        default=None, description="The data as they were published at this time, with its zone."
    )
    updated_after: datetime | None = strawberry.field(
        default=None, description="Only what a release after this time changed, with its zone."
    )
    preview: bool = strawberry.field(
        default=False, description="With the releases under embargo that you may see before their moment; it is written down."
    )


def question(structure: Structure, wanted: SelectionInput | None) -> Selection:
    """The checked selection; :class:`Invalid` for a wrong dimension, code, period, count or time."""
    if wanted is None:
        return select(structure)
    selection = select(
        structure,
        _codes(wanted.dimensions or []),
        start=wanted.start_period,
        end=wanted.end_period,
        first_n=wanted.first_n,
        last_n=wanted.last_n,
        as_of=wanted.as_of,
        updated_after=wanted.updated_after,
        preview=wanted.preview,
    )
    return selection.refuse_unknown(structure)


def _codes(dimensions: list[DimensionInput]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for dimension in dimensions:
        if dimension.id in codes:
            raise Invalid("DIMENSION_TWICE", dimension=dimension.id[:60])
        codes[dimension.id] = dimension.codes
    return codes


@dataclass(frozen=True)
class SeriesPage:
    """A slice of the series of a selection. ``pinned`` is the release the page before was read from."""

    selection: Selection
    start: int
    size: int
    pinned: Release | None

    @property
    def stop(self) -> int:
        return self.start + self.size

    def ask(self, context: Context) -> Answer:
        """The answer of this page, from the release that the first page was read from."""
        selection = self.selection
        if self.pinned is not None:
            selection = replace(selection, as_of=self.pinned.released_at)
        answer = context.ports.cube.ask(selection, context.viewer, slice(self.start, self.stop))
        if self.pinned is not None and (answer.release is None or answer.release.id != self.pinned.id):
            raise Conflict("OUTDATED_CURSOR")
        return answer

    def next_cursor(self, release: Release | None) -> str | None:
        """The cursor of the page after this one; it stays with the release."""
        return encode_cursor(release.id, _fingerprint(self.selection), self.stop) if release else None


def series_page(context: Context, selection: Selection, first: int, after: str | None) -> SeriesPage:
    """The page of series that begins after the cursor; :class:`Invalid` BAD_CURSOR when it is of another question."""
    if after is None:
        return SeriesPage(selection, 0, page_size(first), None)
    release, fingerprint, start = decode_cursor(after, str, str, int)
    if fingerprint != _fingerprint(selection) or start < 0:
        raise bad_cursor(after)
    visible = context.ports.cube.releases(selection.dataflow, context.viewer, selection.preview)
    pinned = next((candidate for candidate in visible if candidate.id == release), None)
    if pinned is None:
        raise Conflict("OUTDATED_CURSOR")
    return SeriesPage(selection, start, page_size(first), pinned)


def _fingerprint(selection: Selection) -> str:
    asked = (
        selection.dataflow,
        sorted(selection.codes.items()),
        selection.periods,
        selection.first_n,
        selection.last_n,
        selection.as_of,
        selection.updated_after,
        selection.preview,
    )
    return hashlib.blake2b(repr(asked).encode(), digest_size=6).hexdigest()
