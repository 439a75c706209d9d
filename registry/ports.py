"""What the doors need from the roof: protocols, and the small values that travel through them.

``hub`` implements them and ``hub/app.py`` hands them to the doors. Every method takes the viewer, so that embargo, access and
disclosure are decided in one place and no door can forget them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from registry.alike import Specimen
from registry.announcing import Calendar
from registry.answers import Answer, Availability, Changes, Release
from registry.attribution import Entry, Message, Revision
from registry.correspondence import Correspondence
from registry.errors import Unavailable
from registry.maintaining import DataIntake, Maintenance
from registry.model import Artefact, Item, Structure
from registry.outline import Outline
from registry.publishing import Grant
from registry.receipt import Delivery
from registry.ref import Kind, Ref
from registry.registrations import Registrations
from registry.revisions import Triangle
from registry.selection import Selection
from registry.text import Names

if TYPE_CHECKING:
    from registry.proposals import Proposals


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
    """The registry as the viewer may see it, as it stands now or stood at a moment."""

    def as_of(self, moment: datetime) -> Catalogue:
        """The registry as it stood at a moment."""
        ...

    def get(self, ref: Ref) -> Artefact:
        """One artefact; version may be ``latest``, ``+``, ``~``; NotFound ARTEFACT_NOT_FOUND or ARTEFACT_UNREADABLE."""
        ...

    def get_all(self, refs: list[Ref]) -> list[Artefact]:
        """Artefacts by their exact refs, in their order: many at the price of a few. What no longer reads is left out."""
        ...

    def exact(self, ref: Ref) -> Ref:
        """The one version a reference means, the newest where it means several; else NotFound ARTEFACT_NOT_FOUND."""
        ...

    def find(self, kind: Kind, agency: str = "*", id: str = "*", version: str = "*") -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; agency and id may be ``*`` or comma lists."""
        ...

    def stubs(self, refs: list[Ref]) -> list[Artefact]:
        """What every artefact has, of exact refs, in their order, but no content. What no longer reads is left out."""
        ...

    def items(self, ref: Ref) -> Iterator[tuple[Item, ...]]:
        """The items of a scheme some at a time, as they are read: for lists too long to be held."""
        ...

    def is_long(self, ref: Ref) -> bool:
        """Whether a codelist has so many codes that it had better not be held."""

    def item(self, ref: Ref, id: str) -> Item | None:
        """One item of a scheme, found without reading the others."""
        ...

    def frame(self, ref: Ref) -> Artefact:
        """The artefact without its items."""
        ...

    def outline(self, ref: Ref) -> Outline:
        """Where the items of a scheme, or of a tree that a list gives by itself, stand: for lists of any length."""
        ...

    def items_at(self, ref: Ref, places: Sequence[int]) -> list[Item]:
        """The items of a scheme at some places of its outline, in the order given."""
        ...

    def specimens(self, ref: Ref) -> Iterator[list[Specimen]]:
        """One item of each sort there is in a scheme, some at a time: what holds of it holds of all that are like it."""
        ...

    def search_items(self, ref: Ref, text: str) -> Iterator[Item]:
        """The items of a scheme whose id, names or descriptions hold every word, without regard to case and diacritics."""
        ...

    def search_all_items(self, kind: Kind, text: str) -> Iterator[tuple[Ref, Item | Unavailable]]:
        """The same in the latest versions of all schemes of a kind; each item with its scheme, as they are found. Of one
        that no longer reads the error."""
        ...

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose names, descriptions or id hold every word, without regard to diacritics."""
        ...

    def trees(self, ref: Ref) -> list[Ref]:
        """The hierarchies that a code list gives by itself, but those that a stored one stands before; none of others."""

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that reference this one."""
        ...

    def references(self, ref: Ref) -> dict[Ref, Ref | None]:
        """What an artefact names: as it was written, and the exact version that this means here; None where there is none."""
        ...

    def original(self, ref: Ref) -> Message | None:
        """The message an artefact came in; None where it came in none."""
        ...

    def history(self, ref: Ref) -> list[Entry]:
        """Who changed an artefact, when, by what and why, oldest first; it need not stand any more."""
        ...

    @property
    def changed(self) -> datetime | None:
        """When the registry became what it is here; None while there is nothing in it."""
        ...

    def revisions(self, before: int | None = None, most: int = 50) -> list[Revision]:
        """What was done to the registry, newest first, only before a revision where one is given."""
        ...

    def structure(self, dataflow: Ref) -> Structure:
        """The dataflow with its DSD, codelists and concepts, ready to read data with."""
        ...

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        """The way from one codelist version to another: a stored table, one turned round, or as few as can be in a chain;
        :class:`registry.errors.NotFound` CORRESPONDENCE_NOT_FOUND else."""
        ...

    def correspondences(self, codelist: Ref) -> list[Correspondence | Unavailable]:
        """The stored tables from or to a codelist version, both ends exact; for one that no longer reads its error."""
        ...

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

    def changes(self, selection: Selection, viewer: Viewer, before: str | None, now: str, whole: bool = False) -> Changes:
        """What changed from one release of the dataflow to another, by their ids; ``before`` None: since before the first.

        ``whole``: a series of which something else is said is told with all its observations, as DESCRIBED.
        :class:`registry.errors.NotFound` RELEASE_NOT_FOUND for what the viewer cannot see.
        """
        ...

    def triangles(self, selection: Selection, viewer: Viewer, series: slice) -> list[Triangle]:
        """Some series of the selection through the releases that are kept and visible to the viewer, the newest 120 of them."""
        ...

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        """Releases of the dataflow visible to the viewer, newest first; with ``preview`` those under embargo too.

        Denied or Unauthenticated for a preview without the right to any, whether something waits or not.
        """
        ...

    def standing(self, dataflow: Ref | None, afresh: bool = False) -> str:
        """What everybody's view of the dataflow, or of the registry alone, rests on now.

        Another text as soon as the registry, or anything told of the visible releases, has changed; it begins with the
        registry's revision and a space, and says nothing of releases that wait. One look-up; ``afresh`` even
        inside of an answer for which the database is held still.
        """
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

    def release(
        self,
        id: str,
        viewer: Viewer,
        embargo: datetime | None = None,
        *,
        plan: str | None = None,
        correction: Names | None = None,
    ) -> Release:
        """Publish an approved draft: at once, at ``embargo``, or at the moment of the calendar entry ``plan``.

        ``correction``: why published figures are replaced, in both languages.
        """
        ...

    def withdraw(self, id: str, viewer: Viewer, reasons: Names) -> Release:
        """Take back the newest figures; the new release that does so has the content of the one before."""
        ...

    def discard(self, id: str, viewer: Viewer) -> Release:
        """Throw a draft away, or a release that still waits under embargo."""
        ...

    def grant_preview(self, release: str, organisation: str, name: str, viewer: Viewer) -> Grant:
        """Let one holder of a token see one release under embargo before its moment."""
        ...

    def revoke_preview(self, release: str, organisation: str, name: str, viewer: Viewer) -> Grant: ...

    def previews(self, viewer: Viewer) -> list[Grant]:
        """Who may look at what before its moment now."""
        ...


class Links(Protocol):
    """The address of the same question at another door, absolute by ``HUB_PUBLIC_URL``."""

    def data(self, selection: Selection, structure: Structure, format: str) -> str | None:
        """``format``: ``sdmx`` (SDMX-ML 2.1 at v1), ``csv`` (SDMX-CSV at v2). None where so many codes are chosen that no
        address can name them."""
        ...

    def comparison(self, kind: str, selection: Selection, structure: Structure, releases: Mapping[str, str]) -> str:
        """The file of what changed (``changes``, with the releases ``from`` and ``to``) or of ``revisions``."""
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
    calendar: Calendar
    maintenance: Maintenance
    intake: DataIntake
    registrations: Registrations
    proposals: Proposals
