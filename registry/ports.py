"""What the doors need from the roof: protocols and the column batches that travel through them.

``hub`` implements them and ``hub/app.py`` hands them to the doors. Every method takes the viewer, so that embargo, access and
disclosure are decided in one place and no door can forget them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from registry.model import Artefact, Correspondence, Structure
from registry.period import PeriodRange, period_text
from registry.ref import Kind, Ref
from registry.selection import Selection


class Role(StrEnum):
    """Who may do what is decided in ``hub/access.py``; PUBLIC is everybody without a token."""

    PUBLIC = "public"
    MINISTRY = "ministry"
    STATISTICIAN = "statistician"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. ``organisation`` is the ministry or office whose deliveries are its own."""

    role: Role = Role.PUBLIC
    organisation: str = ""
    name: str = "public"


PUBLIC = Viewer()


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime: ...


@dataclass(slots=True)
class Series:
    """Observations that share a series key; travels both ways, into drafts and out of answers.

    key                     codes in the order of ``DataStructure.key``
    frequency, ordinals     the periods (int64[n], ascending in answers), see :mod:`registry.period`
    values                  n numbers as plain decimal text, exactly as received; None: present without a value
    attributes              series attributes, with group attributes folded in
    observation_attributes  attribute -> n texts or None
    """

    key: tuple[str, ...]
    frequency: str
    ordinals: NDArray[np.int64]
    values: list[str | None]
    attributes: Mapping[str, str] = field(default_factory=dict)
    observation_attributes: Mapping[str, list[str | None]] = field(default_factory=dict)

    def periods(self) -> list[str]:
        """The periods as SDMX texts."""
        return [period_text(self.frequency, ordinal) for ordinal in self.ordinals.tolist()]


@dataclass(frozen=True, slots=True)
class Release:
    """A release as a viewer may see it. ``id`` is random; ``number`` is its rank among the releases visible to the viewer.

    ``state``: staging, draft, approved, released, overtaken, discarded. A draft has no ``released_at``.
    """

    id: str
    dataflow: Ref
    state: str
    number: int | None
    created_at: datetime
    created_by: str
    approved_by: str | None
    released_at: datetime | None
    series: int
    observations: int
    note: str = ""


@dataclass
class Answer:
    """The answer to a selection. ``release`` is None when nothing is published yet; ``series`` can be walked once.

    ``series_count`` counts the series that match by key; one whose periods all fall outside is left out while walking.
    """

    selection: Selection
    structure: Structure
    release: Release | None
    dataset_attributes: Mapping[str, str]
    series_count: int
    series: Iterator[Series]


@dataclass(frozen=True)
class Availability:
    """What still gives data after a selection: codes per dimension (all dimensions, in codelist order), the span of periods.

    ``open_codes`` ignores the choice made for that very dimension, so that a reader can change it.
    """

    codes: Mapping[str, tuple[str, ...]]
    open_codes: Mapping[str, tuple[str, ...]]
    start: str | None
    end: str | None
    series: int
    observations: int


@dataclass(frozen=True)
class Delivery:
    """A delivery's receipt: counts and rule codes, never values.

    ``rules`` counts rejected records per rule; ``state``: received, accepted (microdata written), refused (unreadable).
    """

    id: str
    source: str
    organisation: str
    received_at: datetime
    files: tuple[str, ...]
    digest: str
    state: str
    records: int
    accepted: int
    rejected: int
    rules: Mapping[str, int]
    repeated: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why one record or observation was refused. ``place``: line or element in the file; ``column``: field or dimension."""

    file: str
    place: str
    rule: str
    column: str = ""
    series_key: str = ""
    period: str = ""
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Catalogue(Protocol):
    """The registry as the viewer may see it."""

    def get(self, ref: Ref) -> Artefact:
        """One artefact; version may be ``latest``, ``+``, ``~``. :class:`registry.errors.NotFound` ARTEFACT_NOT_FOUND else."""
        ...

    def find(self, kind: Kind, agency: str = "*", id: str = "*", version: str = "*") -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; agency and id may be ``*`` or comma lists."""
        ...

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose names, descriptions or id hold every word, without regard to diacritics."""
        ...

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that reference this one."""
        ...

    def structure(self, dataflow: Ref) -> Structure:
        """The dataflow with its DSD, codelists and concepts, ready to read data with."""
        ...

    def correspondence(self, source: Ref, target: Ref) -> Correspondence: ...

    @property
    def revision(self) -> int:
        """Grows with every change of the registry; caches are keyed on it."""
        ...


class Cube(Protocol):
    """The central statistical database, for reading."""

    def ask(self, selection: Selection, viewer: Viewer, series: slice | None = None) -> Answer:
        """Answer a selection. ``series`` takes only that slice of the matching series, in key order."""
        ...

    def availability(self, selection: Selection, viewer: Viewer) -> Availability: ...

    def releases(self, dataflow: Ref, viewer: Viewer) -> list[Release]:
        """Releases of the dataflow visible to the viewer, newest first."""
        ...


class Desk(Protocol):
    """Deliveries, drafts and releases: everything that changes. Raises Unauthenticated or Denied for the wrong viewer."""

    async def receive(self, source: str, files: AsyncIterator[tuple[str, AsyncIterator[bytes]]], viewer: Viewer) -> Delivery:
        """Take in files sent over HTTP (name and chunks of bytes each) and give the receipt."""
        ...

    def deliveries(self, viewer: Viewer) -> list[Delivery]: ...

    def delivery(self, id: str, viewer: Viewer) -> Delivery: ...

    def rejects(self, id: str, viewer: Viewer, limit: int = 1000) -> list[Reject]:
        """The refused records of a delivery, without their values."""
        ...

    def drafts(self, viewer: Viewer) -> list[Release]: ...

    def approve(self, id: str, viewer: Viewer) -> Release: ...

    def release(self, id: str, viewer: Viewer, embargo: datetime | None = None) -> Release: ...

    def discard(self, id: str, viewer: Viewer) -> Release: ...


class Drafting(Protocol):
    """How a reader of observations hands them to the database: used by imports and compilation."""

    def draft(
        self,
        structure: Structure,
        series: Iterable[Series],
        viewer: Viewer,
        *,
        replace: PeriodRange | None = None,
        replace_all: bool = False,
        dataset_attributes: Mapping[str, str] | None = None,
        note: str = "",
    ) -> Release | None:
        """Stage a draft on the newest release; None when nothing would change.

        Without ``replace`` observations are merged; with it the periods inside are replaced, with ``replace_all`` everything.
        """
        ...


class Links(Protocol):
    """The address of the same question at another door, absolute by ``HUB_PUBLIC_URL``."""

    def data(self, selection: Selection, structure: Structure, format: str) -> str:
        """``format``: ``sdmx`` (SDMX-ML 2.1 at v1), ``csv`` (SDMX-CSV at v2)."""
        ...

    def path(self, path: str) -> str:
        """The absolute address of a path of the hub."""
        ...


@dataclass(frozen=True)
class Service:
    """What ``service`` tells: version, licence, citation, contact and limits, names in both languages."""

    version: str
    names: Mapping[str, str]
    license: str
    citation: Mapping[str, str]
    limits: Mapping[str, int]


@dataclass(frozen=True)
class Ports:
    """Everything a door is given."""

    catalogue: Catalogue
    cube: Cube
    desk: Desk
    links: Links
    clock: Clock
    service: Service
