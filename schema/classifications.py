"""Classifications as GraphQL shows them: versions in time, what changed between two of them, and the lives of codes.

A version is a codelist: what it knows as a version stands in :class:`Version`, which the type ``Codelist`` takes over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from registry import classification as seen
from registry import model
from registry.correspondence import Correspondence
from registry.errors import Invalid, NotFound, TooLarge, suggest
from registry.held import no_longer_read
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.text import Names, matches
from schema.context import Info
from schema.fields import described
from schema.items import Code, Listed
from schema.metadata import After, First, Lang, LocalText, stubs, texts
from schema.paging import DEFAULT_PAGE, Connection, pages_by_place, pages_of_items

if TYPE_CHECKING:
    from schema.schemes import Codelist
    from schema.tables import CorrespondenceTable

Version = Annotated["Codelist", strawberry.lazy("schema.schemes")]
Table = Annotated["CorrespondenceTable", strawberry.lazy("schema.tables")]
OfChange = Annotated[
    str | None,
    strawberry.argument(
        description="Only of this kind: unchanged, renamed, recoded, merged, split, reorganised, new, ended or reused."
    ),
]
On = Annotated[date, strawberry.argument(name="date", description="The day.")]

MOST_READ = 50_000
"""Codes of a version that is read whole, to count its levels or to compare it."""

CODELISTS = (Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.GEO_GRID_CODELIST)
"""The kinds of artefacts that are versions of classifications."""


@strawberry.type(description="A classification: one subject in versions that hold one after the other, each a codelist.")
class Classification:
    catalogue: strawberry.Private[Catalogue]
    members: strawberry.Private[Sequence[model.Artefact]]
    lost: strawberry.Private[Sequence[Ref]]
    strays: strawberry.Private[Sequence[Ref]]
    id: str
    agency: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(seen.family_names(self.members), lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(seen.family_names(self.members))

    @described("Its versions by the day from which they hold, the earliest first.")
    def versions(self) -> list[Version]:
        return stubs(self.catalogue, [*(one.ref for one in self.members), *self.lost])

    @described("The version that held on a day; null where none did.")
    def version_at(self, on: On) -> Version | None:
        found = seen.version_at(self.known, on)
        return cast("Codelist", stubs(self.catalogue, [found.ref])[0]) if found else None

    @property
    def known(self) -> Sequence[model.Artefact]:
        """Its versions, for who must not go without one: an error where one no longer reads, or where it may be one."""
        if lost := (*self.lost, *self.strays):
            raise no_longer_read(lost[0])
        return self.members


def classifications(catalogue: Catalogue, agency: str = "*") -> list[Classification]:
    """All classifications, by agency and id: every codelist is a version of one. Of a list whose names no longer read nobody
    knows what it says that it is a version of: it stands with those of its own id, else with nothing."""
    refs = [ref for kind in CODELISTS for ref in catalogue.find(kind, agency)]
    found = dict(seen.families(held := catalogue.stubs(refs)))
    home = {(one.ref.agency, one.ref.id): name for name, members in found.items() for one in members}
    lost: dict[tuple[str, str], list[Ref]] = {}
    for ref in sorted({*refs} - {one.ref for one in held}):
        own = (ref.agency, ref.id)
        lost.setdefault(home.get(own, own), []).append(ref)
    return [
        Classification(
            catalogue=catalogue,
            members=found.get((of, id), ()),
            lost=lost.get((of, id), ()),
            strays=[ref for (agency, _), refs in lost.items() if agency == of for ref in refs],
            id=id,
            agency=of,
        )
        for of, id in sorted({*found, *lost})
    ]


def classification_page(
    catalogue: Catalogue, search: str | None, agency: str, first: int, after: str | None
) -> Connection[Classification]:
    """Those that have every word in their id or the names of the classification or of a version."""
    found = [one for one in classifications(catalogue, agency) if not search or matches(search, *_called(one))]
    return pages_of_items(found, _key, first, after, _told)


def _told(one: Classification) -> Classification:
    """The classification; its error where nothing of it reads."""
    return one if one.members else cast("Classification", no_longer_read(one.lost[0]))


def _called(one: Classification) -> Iterable[str]:
    return (one.id, *(text for held in one.members for text in (held.ref.id, *held.names.values())), *_family(one).values())


def _family(one: Classification) -> Names:
    return seen.family_names(one.members) if one.members else {}


def _key(one: Classification) -> str:
    return f"{one.agency}:{one.id}"


def classification(catalogue: Catalogue, id: str, agency: str) -> Classification:
    """One classification; :class:`NotFound` CLASSIFICATION_NOT_FOUND naming the nearest."""
    found = [one for one in classifications(catalogue, agency) if one.id == id]
    if not found:
        known = [one.id for one in classifications(catalogue, agency)]
        near = ", ".join(suggest(id[:60], known)) or ", ".join(known[:5]) or "-"
        raise NotFound("CLASSIFICATION_NOT_FOUND", found=id[:60], near=near)
    if not found[0].members:
        raise no_longer_read(found[0].lost[0])
    return found[0]


def of_version(catalogue: Catalogue, ref: Ref) -> Classification:
    """The classification that a codelist is a version of; an error where its names no longer read."""
    found = next((one for one in classifications(catalogue, ref.agency) if any(held.ref == ref for held in one.members)), None)
    if found is None:
        raise no_longer_read(ref)
    return found


@strawberry.type(description="A level of a classification version, from the top.")
class ClassificationLevel:
    said: strawberry.Private[Names]
    id: str = strawberry.field(description="As the codes' `level` has it.")
    depth: int
    count: int = strawberry.field(description="How many codes stand on it.")

    @described("Its name; null where the version gives it none.")
    def name(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.said, lang) or None


def levels(catalogue: Catalogue, ref: Ref) -> list[ClassificationLevel]:
    if _is_long(catalogue, ref):
        return []
    codelist = whole(catalogue, ref)
    return [ClassificationLevel(said=one.names, id=one.id, depth=one.depth, count=one.count) for one in seen.levels(codelist)]


@strawberry.type(description="A name that went on under another code, for something else.")
class MovedName:
    source: str
    target: str


@dataclass(frozen=True)
class Pair:
    """Two versions, and the table that leads from the one to the other."""

    catalogue: Catalogue
    old: model.Codelist
    new: model.Codelist
    table: Correspondence | None

    @cached_property
    def told(self) -> tuple[seen.CodeChange, ...]:
        return seen.changes(self.old, self.new, self.table)

    def before(self, codes: Iterable[str]) -> list[Code]:
        return _codes(self.catalogue, self.old.ref, codes)

    def after(self, codes: Iterable[str]) -> list[Code]:
        return _codes(self.catalogue, self.new.ref, codes)


@strawberry.type(description="What became of some codes of the earlier version together, or what is new.")
class CodeChange:
    pair: strawberry.Private[Pair]
    held: strawberry.Private[seen.CodeChange]
    kind: str = strawberry.field(
        description="unchanged, renamed, recoded, merged, split, reorganised (n:m), new, ended, or reused: old code, new thing."
    )
    reused: list[str] = strawberry.field(description="Codes that stand for something else now, under another name.")
    surviving: list[str] = strawberry.field(
        description="Codes that stand for something else now, though code and name are the same."
    )
    moved: list[MovedName]

    @strawberry.field
    def sources(self) -> list[Code]:
        return self.pair.before(self.held.sources)

    @strawberry.field
    def targets(self) -> list[Code]:
        return self.pair.after(self.held.targets)


@strawberry.type(description="How many changes of a kind there are.")
class ChangeCount:
    kind: str
    count: int


@strawberry.type(description="What changed from one version to another.")
class VersionChanges:
    pair: strawberry.Private[Pair]

    @described("The table it is told by; null where none leads there, and codes are compared by id and name alone.")
    def table(self) -> Table | None:
        from schema.tables import table

        return table(self.pair.catalogue, self.pair.table) if self.pair.table else None

    @described("How many changes there are of each kind that there is.")
    def counts(self) -> list[ChangeCount]:
        found = Counter(one.kind for one in self.pair.told)
        return [ChangeCount(kind=kind.value, count=found[kind]) for kind in seen.Change if found[kind]]

    @described("Codes that mean something else now, under another name: joining by code is wrong for them.")
    def reused_codes(self) -> list[str]:
        return sorted(code for one in self.pair.told for code in one.reused)

    @described("How many codes mean something else now though code and name are the same: joining by name is wrong for them.")
    def surviving_names(self) -> int:
        return sum(len(one.surviving) for one in self.pair.told)

    @described("The changes in the order of the earlier version, then what is new.")
    def changes(self, kind: OfChange = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[CodeChange]:
        wanted = _kind(kind)
        return pages_by_place([one for one in self.pair.told if wanted in (None, one.kind)], first, after, self._change)

    def _change(self, held: seen.CodeChange) -> CodeChange:
        return CodeChange(
            pair=self.pair,
            held=held,
            kind=held.kind.value,
            reused=list(held.reused),
            surviving=list(held.surviving),
            moved=[MovedName(source=source, target=target) for source, target in held.moved],
        )


def version_changes(catalogue: Catalogue, old: Ref, new: Ref) -> VersionChanges:
    """What changed from one version to another, of one classification or of two."""
    pair = Pair(catalogue, whole(catalogue, old), whole(catalogue, new), _table(catalogue, old, new))
    return VersionChanges(pair=pair)


@strawberry.type(description="Something that happened to a code.")
class CodeEvent:
    catalogue: strawberry.Private[Catalogue]
    held: strawberry.Private[seen.Event]
    earlier: strawberry.Private[Ref | None]
    kind: str = strawberry.field(description="born, renamed, recoded, merged, split, reorganised, reused or died.")
    day: date | None = strawberry.field(description="The first day on which it was so; of `died` the last day of the code.")
    code: str = strawberry.field(description="The code that was followed until then.")

    @described("The version in which it is so; of `died` the last that has the code.")
    def version(self) -> Version:
        return cast("Codelist", stubs(self.catalogue, [self.held.version])[0])

    @described("The version before; null where there is none.")
    def previous_version(self) -> Version | None:
        return cast("Codelist", stubs(self.catalogue, [self.earlier])[0]) if self.earlier else None

    @described("The codes of the version before that went into it.")
    def predecessors(self) -> list[Code]:
        return _codes(self.catalogue, self.earlier, self.held.predecessors)

    @described("The codes that it went on as.")
    def successors(self) -> list[Code]:
        return _codes(self.catalogue, self.held.version, self.held.successors)

    @described("The legal instrument of the version; null where none is said.")
    def legal_basis(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.held.basis or {}, lang) or None


def biography(catalogue: Catalogue, ref: Ref, code: str) -> list[CodeEvent] | None:
    """The life of a code through all versions of its classification; None where one is too long to be read whole."""
    Listed(catalogue, ref).place(code)
    family = [one.ref for one in of_version(catalogue, ref).known]
    if any(_is_long(catalogue, one) for one in family):
        return None
    members = [whole(catalogue, one) for one in family]
    version = next(one for one in members if one.ref == ref)
    earlier = dict(zip([one.ref for one in members[1:]], [one.ref for one in members], strict=False))
    events = seen.biography(code, version, members, lambda old, new: _table(catalogue, old, new))
    return [_event(catalogue, held, earlier.get(held.version)) for held in events]


def _event(catalogue: Catalogue, held: seen.Event, earlier: Ref | None) -> CodeEvent:
    return CodeEvent(catalogue=catalogue, held=held, earlier=earlier, kind=held.kind.value, day=held.day, code=held.code)


def _is_long(catalogue: Catalogue, ref: Ref) -> bool:
    return len(catalogue.outline(ref)) > MOST_READ


def whole(catalogue: Catalogue, ref: Ref) -> model.Codelist:
    """A version with all its codes; :class:`TooLarge` LIST_TOO_LONG_TO_COMPARE for one that is not read whole."""
    if _is_long(catalogue, ref):
        raise TooLarge("LIST_TOO_LONG_TO_COMPARE", codelist=str(ref), found=len(catalogue.outline(ref)), most=MOST_READ)
    return cast("model.Codelist", catalogue.get(ref))


def _table(catalogue: Catalogue, old: Ref, new: Ref) -> Correspondence | None:
    try:
        return catalogue.correspondence(old, new)
    except NotFound:
        return None


def _kind(text: str | None) -> seen.Change | None:
    valid = [kind.value for kind in seen.Change]
    if text is not None and text not in valid:
        raise Invalid("UNKNOWN_LINK_FILTER", found=text[:20], valid=", ".join(valid))
    return seen.Change(text) if text is not None else None


def _codes(catalogue: Catalogue, ref: Ref | None, ids: Iterable[str]) -> list[Code]:
    """Codes of a version, without those that it does not have."""
    if ref is None:
        return []
    listed = Listed(catalogue, ref)
    places = [place for id_ in ids if (place := listed.outline.find(id_)) is not None]
    return listed.items(places)
