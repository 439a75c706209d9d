"""Answers to data questions as messages in pieces, ready for HTTP.

Everything here is synchronous and is run in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from adapters.notices import notice
from adapters.outlets import Wish
from adapters.sdmx import negotiation as formats
from adapters.sdmx.arranging import Arrangement, Packing
from adapters.sdmx.datasets import changed, given, history, kept_releases
from adapters.sdmx.faults import no_results
from adapters.sdmx.leaving import Reader
from adapters.sdmx.negotiation import Format
from adapters.sdmx.normalising import Kinds, Normal
from adapters.sdmx.query import Question
from adapters.sdmx.window import Page, Window, kept
from adapters.sdmx.writing.generic import generic_data
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsondata import json_data
from adapters.sdmx.writing.losses import told
from adapters.sdmx.writing.shape import DataSet, Message, Purpose, Shape
from adapters.sdmx.writing.specific import specific_data
from adapters.sdmx.writing.table import Keys, Labels, Layout, data_table
from registry.answers import Answer, Availability, Release
from registry.columns import Batch
from registry.errors import HubError, NotAcceptable
from registry.model import ProvisionAgreement
from registry.ports import Ports, Viewer

_MARKUP: dict[str, Callable[..., Iterator[bytes]]] = {
    formats.GENERIC.full: generic_data,
    formats.GENERIC_SERIES.full: partial(generic_data, root="GenericTimeSeriesData"),
    formats.SPECIFIC.full: specific_data,
    formats.SPECIFIC_SERIES.full: partial(specific_data, root="StructureSpecificTimeSeriesData"),
    formats.SPECIFIC_30.full: partial(specific_data, version="3.0"),
    formats.SPECIFIC_31.full: partial(specific_data, version="3.1"),
}


class Known(NamedTuple):
    """What identifies the state an answer is of: a release or a registry revision, and since when, if a time can tell."""

    state: str
    since: datetime | None

    @classmethod
    def together(cls, known: Sequence[Known]) -> Known:
        """The state of several at once."""
        moments = [one.since for one in known]
        newest = None if None in moments else max(moment for moment in moments if moment is not None)
        return cls(" ".join(one.state for one in known), newest)

    @classmethod
    def of(cls, release: Release) -> Known:
        """That of a release. One that was withdrawn says so since the moment of another."""
        if release.withdrawn_by is not None:
            return cls(f"{release.id} {release.withdrawn_by}", None)
        return cls(release.id, release.released_at)


@dataclass(frozen=True, kw_only=True)
class Data:
    """A data answer before it is walked.

    ``past``: with every state the data have had; ``reader``: who waits for it; ``arrangement``: its order; None: as it comes;
    ``telling``: what is read to know when figures were collected; ``normal``: how periods are written; None: as they are;
    ``agreement``: for which the figures are asked for, where they are.
    """

    ports: Ports
    viewer: Viewer
    question: Question
    shape: Shape
    window: Window
    past: bool
    answer: Answer
    reader: Reader
    arrangement: Arrangement | None = None
    telling: tuple[str, ...] = ()
    normal: Normal | None = None
    agreement: ProvisionAgreement | None = None

    @property
    def known(self) -> Known:
        release = self.answer.release
        if release is None:
            raise no_results()
        if release.withdrawn_by is not None or not self.past:
            return Known.of(release)
        # A history also changes when an old vintage is thinned out, without a release.
        return Known(f"{release.id}{len(kept_releases(self.ports.cube, self.viewer, self.answer))}", None)

    def header(self, sender: str, prepared: datetime) -> Header:
        """The header of the message: a correction or withdrawal says why, a preview until when it is one; what was withdrawn
        since says so."""
        release = self.answer.release
        if release is None:
            return Header(sender, prepared)
        plain = release.embargoed_until is None and release.withdrawn_by is None
        return Header(sender, prepared, release.reasons if plain else notice(release), release.embargoed_until)

    def message(self, header: Header, languages: tuple[str, ...]) -> Message | None:
        """The message once it is begun; None where nothing remains when it is walked."""
        self._ordered()
        sets = map(self._shown, self._sets())
        first = next(sets, None)
        if first is None:
            return None
        return Message(
            header=header,
            structure=self.answer.structure,
            shape=self._shape,
            sets=chain((first,), sets),
            languages=languages,
            dated=self.past,
            agreement=self.agreement,
        )

    @property
    def _shape(self) -> Shape:
        sections = self.arrangement is not None and self.arrangement.gathers and self.arrangement.packing is Packing.SECTIONS
        return replace(self.shape, arranged=True) if sections else self.shape

    def _sets(self) -> Iterator[DataSet]:
        """The data sets that hold something of the page, with everything that was read of it."""
        page = self.window.opened(self.shape.observations)
        for data_set in self._found():
            first = next(batches := self._arranged(self._wanted(data_set.batches), page), None)
            if first is not None:
                yield replace(data_set, batches=chain((first,), batches))
            if page.end == 0:
                return

    def _shown(self, data_set: DataSet) -> DataSet:
        """What is shown of a data set."""
        batches = data_set.batches
        if self.normal is not None:
            batches = self.normal.of(batches, _said(data_set))
        return replace(data_set, batches=map(self.shape.trim, batches), attributes=self.shape.data_set(data_set.attributes))

    def kinds(self) -> Kinds:
        """Which periods the message has."""
        found = Kinds()
        for data_set in self._sets():
            for batch in data_set.batches:
                found.add(self.answer.structure.dsd, batch, _said(data_set))
        return found

    def _found(self) -> Iterator[DataSet]:
        """The data sets, whole."""
        shape = _with(self.shape, self.telling)
        if self.past:
            return history(self.ports.cube, self.viewer, self.answer, shape, self.question.conditions)
        if self.answer.selection.updated_after is not None:
            return changed(self.ports.cube, self.viewer, self.answer, shape, self.question.conditions)
        return given(self.answer, shape)

    def _ordered(self) -> None:
        """:class:`TooLarge` before anything of several data sets is written where one of them cannot be put in order."""
        if self.tells_changes and self.arrangement is not None and self.arrangement.gathers:
            for data_set in self._found():
                self.arrangement.affords(self._wanted(data_set.batches), self.window.stop)

    def count(self, most: int | None) -> int:
        """How many observations it has, or series where only these are shown; counted up to ``most``."""
        found, batches = 0, (batch for one in self._sets() for batch in one.batches)
        for batch in batches:
            found += batch.observations if self.shape.observations else batch.series_count
            if most is not None and found >= most:
                break
        return found

    @property
    def tells_changes(self) -> bool:
        """Whether it says what has changed, and so may say what is gone."""
        return self.past or self.answer.selection.updated_after is not None

    def gone(self) -> int:
        """How many observations, or series where only these are shown, it says to be gone: not every format can."""
        batches = (batch for one in self._found() if one.purpose is Purpose.DELETED for batch in self._wanted(one.batches))
        return sum(batch.observations if self.shape.observations else batch.series_count for batch in batches)

    def _wanted(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        return (batch for batch in kept(self.reader.awaited(batches), self.question.test) if batch.series_count)

    def _arranged(self, batches: Iterator[Batch], page: Page) -> Iterator[Batch]:
        """What is of the page."""
        return self.arrangement.arranged(batches, page) if self.arrangement else page.cut(batches)

    def elsewhere(self, header: Header, chosen: Format, languages: tuple[str, ...], nothing: HubError) -> Iterator[bytes]:
        """The answer in a format that is no SDMX."""
        assert chosen.outlet is not None
        # These formats have no words for what is gone.
        there = (batch for one in self._found() if one.purpose is not Purpose.DELETED for batch in one.batches)
        batches = map(self.shape.trim, self._arranged(self._wanted(there), self.window.opened(self.shape.observations)))
        first = next(batches, None)
        if first is None:
            raise nothing
        wish = Wish(
            attributes=self.shape.attributes,
            measures=self.shape.measures,
            observations=self.shape.observations,
            languages=languages,
            options=chosen.options,
            prepared=header.prepared,
            available=self._available(),
            service=self.ports.service,
        )
        return chosen.outlet.write(replace(self.answer, batches=chain((first,), batches)), wish)

    def _available(self) -> Availability | None:
        """What the release of the answer holds; not known where a part of it was taken here."""
        selection, release = self.answer.selection, self.answer.release
        if (
            self.question.test is not None
            or self.question.conditions is not None
            or not self.window.whole
            or selection.updated_after
            or release is None
        ):
            return None
        pinned = replace(selection, as_of=release.released_at)
        return self.ports.cube.availability(pinned, self.viewer)


def parts(page: Window, found: Iterable[Callable[[], Data]]) -> Iterator[Window]:
    """The part of a page over several answers that lies in each of them; those behind it have none.

    An answer is counted before it is written, so a page far behind costs what stands before it.
    """
    offset, limit = page.offset, page.limit
    for ask_again in found:
        if page.whole:
            yield page
            continue
        if limit == 0:
            return
        count = ask_again().count(None if limit is None else offset + limit)
        yield Window(offset=offset, limit=limit)
        within = max(count - offset, 0)
        offset, limit = max(offset - count, 0), None if limit is None else max(limit - within, 0)


def written(
    found: Sequence[Data], header: Header, chosen: Format, languages: tuple[str, ...], nothing: HubError
) -> Iterator[bytes]:
    """What was found as one message; ``nothing`` is raised when nothing remains of any once they are walked."""
    if chosen.outlet is not None:
        return found[0].elsewhere(header, chosen, languages, nothing)
    messages = [message for one in found if (message := one.message(header, languages)) is not None]
    if not messages:
        raise nothing
    first, *more = (replace(one, several=len(messages) > 1) for one in messages)
    if chosen.kind == formats.CSV:
        return data_table(first, _layout(chosen), more)
    if chosen.kind == formats.JSON:
        pieces = json_data(first, chosen.version, more)
        return told(pieces, header.lacking, len(header.lacking), languages) if header.lacking else pieces
    return _MARKUP[chosen.full](first, more=more)


def ask(
    ports: Ports,
    viewer: Viewer,
    question: Question,
    shape: Shape,
    window: Window,
    past: bool,
    reader: Reader,
    arrangement: Arrangement | None = None,
    telling: tuple[str, ...] = (),
) -> Data:
    question = question.of(_with(shape, telling), arrangement)
    # Changes are told from the releases themselves: of them the answer only says which they are.
    asked = replace(question.selection, updated_after=None)
    answer = replace(ports.cube.ask(asked, viewer), selection=question.selection)
    if question.conditions is not None:
        answer = replace(answer, batches=question.conditions.kept(answer.batches, answer.dataset_attributes))
    return Data(
        ports=ports,
        viewer=viewer,
        question=question,
        shape=shape,
        window=window,
        past=past,
        answer=answer,
        reader=reader,
        arrangement=arrangement,
        telling=telling,
    )


def normalised(found: Sequence[Data], again: Iterable[Data], strict: bool) -> tuple[list[Data], int]:
    """The same answers with normalized periods, and how many observations keep their own; ``again``: to be read before.

    :class:`NotAcceptable` SDMX_NOT_NORMALIZED for who wants all or nothing.
    """
    kinds = Kinds.together(one.kinds() for one in again)
    if strict and kinds.unplaced:
        raise NotAcceptable("SDMX_NOT_NORMALIZED", count=kinds.unplaced)
    return [replace(one, normal=Normal(one.answer.structure.dsd, kinds.finest)) for one in found], kinds.unplaced


def _with(shape: Shape, others: tuple[str, ...]) -> Shape:
    """The shape with other attributes that are read and not shown."""
    return replace(shape, attributes=tuple(dict.fromkeys([*shape.attributes, *others])))


def _said(data_set: DataSet) -> Mapping[str, str] | None:
    """What is said of a data set; None of one that tells only what is gone."""
    return None if data_set.purpose is Purpose.DELETED else data_set.attributes


def _layout(chosen: Format) -> Layout:
    return Layout(
        version=chosen.version,
        labels=Labels(chosen.options.get("labels", Labels.ID)),
        keys=Keys(chosen.options.get("keys", Keys.NONE)),
    )
