"""A selection through all its releases: each as what it did to the one before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import strawberry

from registry import answers, chronicle
from registry.answers import Changes, Differences
from registry.chronicle import Step
from registry.columns import Batch
from registry.comparison import changed, only_released
from registry.errors import Conflict
from registry.model import Structure
from registry.selection import Selection
from schema.changed import AttributeChange, attribute_change
from schema.columns import Tables
from schema.context import Context
from schema.data import DataLinks, download
from schema.fields import described
from schema.paging import PageInfo, bad_cursor, decode_cursor, encode_cursor, page_size
from schema.parts import Part
from schema.releases import Release, release
from schema.selecting import fingerprint
from schema.series import Series, series


@dataclass
class Told:
    """A page of a history. ``newest``: the release it ends with, on all pages."""

    context: Context
    structure: Structure
    selection: Selection
    cells_each: int
    newest: answers.Release | None
    steps: list[Step]
    start: int
    size: int

    @property
    def shown(self) -> list[Step]:
        return self.steps[self.start : self.start + self.size]

    def cursor(self) -> str | None:
        if self.newest is None or self.start + self.size >= len(self.steps):
            return None
        return encode_cursor(self.newest.id, fingerprint(self.selection), self.shown[-1].now.id)

    def changes(self, step: Step) -> Changes:
        wanted = replace(self.selection, as_of=None, updated_after=None)
        before = step.before.id if step.before else None
        return self.context.ports.cube.changes(wanted, self.context.viewer, before, step.now.id)

    def parts(self, step: Step, shown: Callable[[Differences], Batch]) -> list[Part]:
        """What is shown of a step; :class:`registry.errors.TooLarge` as soon as an answer has more values than it may."""
        found = []
        for differences in self.changes(step).differences:
            batch = shown(differences)
            self.context.spend(batch.observations * max(self.cells_each, 1), self.download)
            if batch.series_count:
                found.append(Part(self.structure, batch))
        return found

    def download(self) -> str:
        return download(self.context, replace(self.selection, history=True), self.structure)

    def address(self, format: str) -> str | None:
        """The whole history at another door."""
        return self.context.ports.links.data(replace(self.selection, history=True), self.structure, format)


@strawberry.type(description="What one release did to the one before it.")
class HistoryStep:
    told: strawberry.Private[Told]
    step: strawberry.Private[Step]
    release: Release
    valid_from: datetime = strawberry.field(description="Since when this was the state of the data.")
    valid_to: datetime | None = strawberry.field(description="When the next release took its place; null while it stands.")

    @described("What it added, revised or described otherwise, as it is from then on. Of the first release, all there is.")
    def series(self) -> list[Series]:
        return cast(list[Series], Tables([*map(series, self.told.parts(self.step, chronicle.standing))]))

    @described("What it took away, as it was until then.")
    def deleted(self) -> list[Series]:
        return cast(list[Series], Tables([*map(series, self.told.parts(self.step, chronicle.gone))]))

    @described("What it says otherwise of the data set as a whole.")
    def dataset_attributes(self) -> list[AttributeChange]:
        whole = self.told.changes(self.step)
        found = changed(whole.attributes_before, whole.attributes_now)
        return [attribute_change(self.told.structure, triple) for triple in found]


@strawberry.type(
    description="Every state the data of a selection have had, the oldest first. Whoever follows the steps (deletes what is "
    "deleted, puts what is in `series` in its place) holds what each release held, and in the end what there is now."
)
class History:
    told: strawberry.Private[Told]
    total_count: int = strawberry.field(description="Releases on all pages.")
    dimensions: list[str] = strawberry.field(description="The dimensions of a series key, in order.")

    @described("Only releases whose figures are kept; a step over one that is not tells the changes of both.")
    def nodes(self) -> list[HistoryStep]:
        return [_step(self.told, each) for each in self.told.shown]

    @strawberry.field
    def links(self) -> DataLinks:
        return DataLinks(sdmx=self.told.address("sdmx"), csv=self.told.address("csv"))

    @described("All pages that follow a cursor end with the same release, whatever is published meanwhile.")
    def page_info(self) -> PageInfo:
        cursor, before = self.told.cursor(), self.told.start > 0
        return PageInfo(has_next_page=cursor is not None, has_previous_page=before, start_cursor=None, end_cursor=cursor)


def _step(told: Told, step: Step) -> HistoryStep:
    assert step.now.released_at is not None  # chronicle.kept leaves others out
    return HistoryStep(told=told, step=step, release=release(step.now), valid_from=step.now.released_at, valid_to=step.until)


def history(
    context: Context, structure: Structure, selection: Selection, cells_each: int, page: tuple[int, str | None]
) -> History:
    """A page of the history of a selection, of releases after ``updated_after`` and up to ``as_of``.

    :class:`Invalid` NOT_WHEN_COMPARING, PAGE_SIZE or BAD_CURSOR; :class:`Conflict` OUTDATED_CURSOR.
    """
    selection, (first, after) = only_released(selection, "asOf", "updatedAfter"), page
    visible = context.ports.cube.releases(structure.dataflow.ref, context.viewer, selection.preview)
    newest, last = _place(selection, after)
    if newest is not None:
        visible = _from(visible, newest)
    steps = chronicle.steps(visible, selection.updated_after, selection.as_of)
    start = 0 if last is None else _after(steps, last)
    ends_with = steps[-1].now if steps else None
    told = Told(context, structure, selection, cells_each, ends_with, steps, start, page_size(first))
    return History(told=told, total_count=len(steps), dimensions=list(structure.dsd.key))


def _place(selection: Selection, after: str | None) -> tuple[str | None, str | None]:
    """The ids of the release all pages end with and of the last one shown."""
    if after is None:
        return None, None
    newest, question, last = decode_cursor(after, str, str, str)
    if question != fingerprint(selection):
        raise bad_cursor(after)
    return newest, last


def _from(visible: list[answers.Release], newest: str) -> list[answers.Release]:
    """The release and all before it; :class:`Conflict` OUTDATED_CURSOR where it can no longer be seen."""
    places = [place for place, each in enumerate(visible) if each.id == newest]
    if not places:
        raise Conflict("OUTDATED_CURSOR")
    return visible[places[0] :]


def _after(steps: list[Step], last: str) -> int:
    places = [place for place, each in enumerate(steps) if each.now.id == last]
    if not places:
        raise Conflict("OUTDATED_CURSOR")
    return places[0] + 1
