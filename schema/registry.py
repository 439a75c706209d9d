"""The registry as a whole, as it stands or stood at a moment: every artefact by its name, lists, search, and what was done."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated, cast

import strawberry

from registry import attribution, model
from registry.errors import Invalid, Unavailable
from registry.ports import Catalogue, Role
from registry.ref import ItemRef, Kind, Ref, parse_urn
from schema.context import Info
from schema.fields import described
from schema.items import Item, Listed, shown_item
from schema.metadata import After, Artefact, First, OfKind, Search, artefact_page, kind_named, stubs
from schema.paging import DEFAULT_PAGE, Connection, page_size

AsOf = Annotated[
    datetime | None, strawberry.argument(description="As it stood at this moment, with its zone; as it stands without it.")
]
RefText = Annotated[str, strawberry.argument(description="AGENCY:ID(VERSION), AGENCY:ID for the latest version, or the URN.")]
KindText = Annotated[
    str | None, strawberry.argument(description="The SDMX class name, such as Codelist; needed where `ref` is no URN.")
]
Maintainer = Annotated[str, strawberry.argument(description="The agency that maintains them; * for all.")]
Versions = Annotated[
    str, strawberry.argument(description="latest, * for all versions, one version, or a range such as 2.1+.0.")
]
Words = Annotated[
    str, strawberry.argument(description="Every word must stand in the id or the names; diacritics do not matter.")
]

Before = Annotated[int | None, strawberry.argument(description="Only what was done before this revision.")]

ITEM_KINDS = tuple(kind for kind in Kind if issubclass(model.TYPES[kind], model.ItemScheme))


@strawberry.type(description="A kind of artefact and how many of it there are, counting all versions.")
class ArtefactKind:
    id: str = strawberry.field(description="The SDMX class name.")
    count: int
    has_items: bool


@strawberry.type(description="An item that was found, and its scheme.")
class FoundItem:
    scheme: Artefact
    item: Item


@strawberry.type(description="What was done to one artefact.")
class Outcome:
    kind: str
    ref: str
    outcome: str = strawberry.field(description="added, changed or removed.")


MOST_OUTCOMES = 1000
"""Artefacts that one change names; the first import of an office may bring ten thousand."""


@strawberry.type(description="One change of the registry.")
class RegistryChange:
    held: strawberry.Private[attribution.Revision]
    revision: int
    at: datetime
    by: str | None = strawberry.field(description="Who made it; for those with a token.")
    what: str | None = strawberry.field(description="How it came: a file, a request; for those with a token.")
    why: str
    count: int = strawberry.field(description="How many artefacts it touched.")

    @described("What it did to which artefacts; the first thousand.")
    def outcomes(self) -> list[Outcome]:
        found = islice(self.held.outcomes.items(), MOST_OUTCOMES)
        return [Outcome(kind=ref.kind.value, ref=str(ref), outcome=outcome.value) for ref, outcome in found]


def _change(info: Info, held: attribution.Revision) -> RegistryChange:
    by, what = (held.who, held.what) if info.context.viewer.role is not Role.PUBLIC else (None, None)
    return RegistryChange(
        held=held, revision=held.ordinal, at=held.at, by=by, what=what, why=held.why, count=len(held.outcomes)
    )


@strawberry.type(description="The registry in one state: now, or at a moment.")
class Registry:
    catalogue: strawberry.Private[Catalogue]
    revision: int = strawberry.field(description="Grows with every change.")

    @described("Every kind of artefact there is any of, in the order of the standard.")
    def kinds(self) -> list[ArtefactKind]:
        counts = ((kind, len(self.catalogue.find(kind))) for kind in Kind)
        return [ArtefactKind(id=kind.value, count=count, has_items=kind in ITEM_KINDS) for kind, count in counts if count]

    @described("Any artefact; an error that names the nearest ones where there is none.")
    def artefact(self, ref: RefText, kind: KindText = None) -> Artefact | None:
        found: Artefact = stubs(self.catalogue, [self.catalogue.exact(_named(ref, kind))])[0]
        return found

    @described("Any item by its URN; an error that names the nearest ones where there is none.")
    def item(self, urn: str) -> Item | None:
        named = parse_urn(urn)
        if not isinstance(named, ItemRef) or named.of.kind not in ITEM_KINDS:
            raise Invalid("BAD_REFERENCE", found=urn[:120], kind="Item")
        found: Item = Listed(self.catalogue, self.catalogue.exact(named.of)).item(named.id)
        return found

    @described("Artefacts of one kind, or of all, in the order of kind, agency, id and version.")
    def artefacts(
        self,
        kind: OfKind = None,
        search: Search = None,
        agency: Maintainer = "*",
        id: str = "*",
        version: Versions = "latest",
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Artefact]:
        kinds = tuple(Kind) if kind is None else (kind_named(kind),)
        refs = [ref for each in kinds for ref in found(self.catalogue, each, search, agency, id, version)]
        return artefact_page(self.catalogue, refs, first, after)

    @described("Items of all schemes of a kind, in their latest versions, as they are found.")
    def find_items(self, kind: str, search: Words, first: First = DEFAULT_PAGE) -> list[FoundItem]:
        of = kind_named(kind)
        if of not in ITEM_KINDS or not search.strip():
            return []
        hits = islice(self.catalogue.search_all_items(of, search), page_size(first))
        return [_found_item(self.catalogue, ref, item) for ref, item in list(hits)]

    @described("What was done to the registry, newest first.")
    def log(self, info: Info, first: First = DEFAULT_PAGE, before: Before = None) -> list[RegistryChange]:
        return [_change(info, held) for held in self.catalogue.revisions(before, page_size(first))]


def registry_at(catalogue: Catalogue, moment: datetime | None) -> Registry:
    if moment is not None and moment.tzinfo is None:
        raise Invalid("TIME_WITHOUT_ZONE", name="asOf", found=moment.isoformat())
    state = catalogue.as_of(moment) if moment is not None else catalogue
    return Registry(catalogue=state, revision=state.revision)


def found(
    catalogue: Catalogue, kind: Kind, search: str | None, agency: str = "*", id: str = "*", version: str = "latest"
) -> list[Ref]:
    """The artefacts of a kind that fit; a search looks at the words of the latest versions."""
    refs = catalogue.find(kind, agency, id, version)
    if not search or not refs:
        return refs
    hits = {(ref.agency, ref.id) for ref in catalogue.search(kind, search)}
    return [ref for ref in refs if (ref.agency, ref.id) in hits]


def _named(text: str, kind: str | None) -> Ref:
    """What is asked for: a URN says its kind itself."""
    if kind is not None:
        return Ref.parse(text, kind_named(kind))
    named = parse_urn(text)
    if isinstance(named, ItemRef):
        raise Invalid("BAD_REFERENCE", found=text[:120], kind="Artefact")
    return named


def _found_item(catalogue: Catalogue, ref: Ref, item: model.Item | Unavailable) -> FoundItem:
    if isinstance(item, Unavailable):
        return cast("FoundItem", item)
    scheme = stubs(catalogue, [ref])[0]
    return FoundItem(scheme=scheme, item=shown_item(Listed(catalogue, ref), item))
