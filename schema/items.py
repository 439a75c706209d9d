"""Items of schemes as GraphQL shows them: where each stands in its list, and pages of them, for lists of any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

from registry import classification, model
from registry.document import item_document
from registry.errors import NotFound, suggest
from registry.held import no_longer_read
from registry.hierarchy import LEVEL
from registry.outline import TOP, Outline
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from schema.context import Info
from schema.fields import described
from schema.metadata import After, Annotation, First, Lang, Named, Reference, known, noted, reference, reference_to
from schema.paging import DEFAULT_PAGE, Connection, bad_cursor, connection, decode_cursor, encode_cursor, pages_of_items
from schema.representation import Representation, representation

MOST_FOUND = 10_000
"""Items that a search gives; in a list of 700,000 codes one letter finds nearly all."""

SUGGESTED_FROM = 100_000
"""Ids that are compared with a wrong one: comparing more would hold everybody up."""

Under = Annotated[str | None, strawberry.argument(description="Only those directly under this one.")]
Roots = Annotated[bool, strawberry.argument(description="Only those at the top.")]


@dataclass(frozen=True)
class Listed:
    """A scheme in a state of the registry."""

    catalogue: Catalogue
    ref: Ref

    @property
    def outline(self) -> Outline:
        return self.catalogue.outline(self.ref)

    def items(self, places: Sequence[int]) -> list[Any]:
        """The items at some places, as objects of their type."""
        return [shown_item(self, item) for item in self.catalogue.items_at(self.ref, [int(place) for place in places])]

    def place(self, id: str) -> int:
        """Where an item stands; else :class:`NotFound` ITEM_NOT_FOUND naming the nearest ids."""
        place = self.outline.find(id)
        if place is None:
            ids = [self.outline.id(one) for one in range(min(len(self.outline), SUGGESTED_FROM))]
            near = suggest(id[:60], ids) or ids[:5]
            raise NotFound("ITEM_NOT_FOUND", found=id[:60], scheme=str(self.ref), near=", ".join(near))
        return place

    def item(self, id: str) -> Any:
        return self.items([self.place(id)])[0]

    def chosen(self, search: str | None, parent: str | None, roots: bool) -> Sequence[int]:
        """The places of the items that are wanted, in the order of the list."""
        places: Sequence[int] = range(len(self.outline))
        if parent is not None or roots:
            places = self.outline.children(self.place(parent) if parent is not None else TOP).tolist()
        if not search:
            return places
        hits = self._found(search)
        return hits if isinstance(places, range) else sorted(set(hits) & set(places))

    def _found(self, search: str) -> list[int]:
        items = islice(self.catalogue.search_items(self.ref, search), MOST_FOUND)
        return [place for item in items if (place := self.outline.find(item.id)) is not None]

    def page(self, places: Sequence[int], first: int, after: str | None) -> Connection[Any]:
        """A page of the items at some places; cursors name the last item."""
        start = 0
        if after is not None:
            last = self.outline.find(decode_cursor(after, str)[0])
            if last is None or last not in places:
                raise bad_cursor(after)
            start = places.index(last) + 1
        return connection(places, start, first, lambda place: encode_cursor(self.outline.id(place)), self.items)


@strawberry.interface(description="An item of a scheme: a code, a concept, a category, an organisation, a piece of VTL.")
class Item(Named):
    listed: strawberry.Private[Listed]
    held: strawberry.Private[model.Item]
    parent_id: str | None
    valid_from: date | None
    valid_to: date | None

    @described("The item above it.")
    def parent(self) -> Item | None:
        above = self.listed.outline.ancestors(self._place)[:1]
        return cast("Item", self.listed.items(above)[0]) if above else None

    @described("Whether there are items below it.")
    def has_children(self) -> bool:
        return len(self.listed.outline.children(self._place)) > 0

    @described("The items directly below it.")
    def children(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Item]:
        return self.listed.page(self.listed.outline.children(self._place).tolist(), first, after)

    @described("The items above it, from the top down.")
    def ancestors(self) -> list[Item]:
        return self.listed.items(self.listed.outline.ancestors(self._place)[::-1])

    @described("All items below it, in the order of the list.")
    def descendants(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Item]:
        return self.listed.page(self.listed.outline.descendants(self._place).tolist(), first, after)

    @strawberry.field
    def annotations(self) -> list[Annotation]:
        return noted(self.held.annotations)

    @described("All that the registry holds of it, in the registry's own form.")
    def document(self) -> JSON:
        return JSON(item_document(self.held))

    @property
    def _place(self) -> int:
        return self.listed.place(self.id)


@strawberry.type(description="A code, or an item of a classification version.")
class Code(Item):
    @described("Its level, as `levels` of the codelist has it: what is said of it, else its depth, 1 at the top.")
    def level(self) -> str:
        return model.fact(self.held, LEVEL) or str(1 + len(self.listed.outline.ancestors(self._place)))

    @described("What belongs to it.")
    def includes(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(classification.notes(self.held).includes, lang) or None

    @described("What does not belong to it.")
    def excludes(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(classification.notes(self.held).excludes, lang) or None

    @described("What was decided on cases in doubt.")
    def rulings(self, info: Info, lang: Lang = None) -> list[str]:
        return [info.context.text(one, lang) for one in classification.notes(self.held).rulings]

    @described("Other words for it, in one language, or in all.")
    def index_terms(self, lang: Lang = None) -> list[str]:
        return list(classification.index_terms(self.held, lang))

    @described("Its set of points or its cell of the grid, in a list of places.")
    def geometry(self) -> str | None:
        held = self.held
        if isinstance(held, model.GeoFeatureSetCode):
            return held.value or None
        return (held.geo_cell or None) if isinstance(held, model.GeoGridCode) else None


@strawberry.type(description="An idea that components of data take their meaning and name from.")
class Concept(Item):
    @described("What values components have that say nothing else.")
    def representation(self) -> Representation | None:
        held = cast("model.Concept", self.held).core
        return representation(self.listed.catalogue, held) if held else None


def concept_of(catalogue: Catalogue, part: model.Component) -> Concept | None:
    """The concept of a component; None where none is named, or where it is not here."""
    scheme = known(catalogue, part.concept_scheme) if part.concept_scheme else None
    listed = Listed(catalogue, scheme) if scheme else None
    return listed.item(part.concept) if listed and listed.outline.find(part.concept) is not None else None


@strawberry.type(description="Whom to ask.")
class Contact:
    name: str
    telephones: list[str]
    emails: list[str]
    uris: list[str]


@strawberry.type(description="An organisation: an agency that maintains artefacts, a provider or consumer of data, a unit.")
class Organisation(Item):
    @strawberry.field
    def contacts(self) -> list[Contact]:
        return [_contact(held) for held in cast("model.Organisation", self.held).contacts]


def _contact(held: model.Contact) -> Contact:
    name = next(iter(held.names.values()), "")
    return Contact(name=name, telephones=list(held.telephones), emails=list(held.emails), uris=list(held.uris))


@strawberry.type(description="A subject, or a section of a report; its id is the path from the top, such as ECO.PRICES.")
class Category(Item):
    @described("The structures and flows that are reported there, in a reporting taxonomy.")
    def structures(self) -> list[Reference]:
        held = self.held
        if not isinstance(held, model.ReportingCategory):
            return []
        named = (*held.structural_metadata, *held.provisioning_metadata)
        return [reference(self.listed.catalogue, one) for one in named]

    @described("What categorisations put directly under it.")
    def categorised(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Reference]:
        catalogue, refs = self.listed.catalogue, _of_kind(self.listed.catalogue.parents(self.listed.ref), Kind.CATEGORISATION)
        read = {one.ref: one for one in catalogue.get_all(refs)}
        # Whether one that no longer reads puts something here is not known.
        found = [ref for ref in refs if ref not in read or self._holds(read[ref])]
        return pages_of_items(found, str, first, after, lambda ref: _object_of(catalogue, ref, read.get(ref)))

    def _holds(self, held: model.Artefact) -> bool:
        named = held.category if isinstance(held, model.Categorisation) and held.object is not None else None
        return named is not None and named.id == self.id


def _of_kind(refs: list[Ref], kind: Kind) -> list[Ref]:
    return [ref for ref in refs if ref.kind == kind]


def _object_of(catalogue: Catalogue, ref: Ref, held: model.Artefact | None) -> Reference:
    if held is None:
        return cast("Reference", no_longer_read(ref))
    named = cast("model.Categorisation", held).object
    assert named is not None
    return reference(catalogue, named)


@strawberry.type(description="A value of a value list; its id may be any text.")
class ValueItem(Item):
    pass


@strawberry.type(description="A piece of VTL: a transformation, a ruleset, an operator, a mapping, a type, another name.")
class VtlItem(Item):
    @described("The program text: of a transformation `result := expression`, of rulesets and operators their definition.")
    def text(self) -> str | None:
        held = self.held
        if isinstance(held, model.Transformation):
            return f"{held.result} {'<-' if held.is_persistent else ':='} {held.expression}"
        return held.definition if isinstance(held, model.Ruleset | model.UserDefinedOperator) else None

    @described("What a name means in programs, in a mapping scheme.")
    def means(self) -> Reference | None:
        held = self.held
        if not isinstance(held, model.VtlMapping):
            return None
        return reference_to(self.listed.catalogue, held.dataflow or held.codelist or held.concept or held.concept_scheme)


TYPES: tuple[tuple[type[model.Item], Any], ...] = (
    (model.Code, Code),
    (model.Concept, Concept),
    (model.Organisation, Organisation),
    (model.Nested, Category),
    (model.ValueItem, ValueItem),
)
"""The GraphQL type of each class of items; all others are VTL."""

ITEM_TYPES = (*(shown for _, shown in TYPES), VtlItem)


def shown_item(listed: Listed, item: model.Item) -> Any:
    """An item as an object of its type."""
    type_ = next((shown for held, shown in TYPES if isinstance(item, held)), VtlItem)
    return type_(
        listed=listed,
        held=item,
        names_of=item.names,
        descriptions_of=item.descriptions,
        id=item.id,
        urn=listed.ref.item_urn(item.id),
        parent_id=item.parent,
        valid_from=model.day(item.valid_from),
        valid_to=model.day(item.valid_to),
    )
