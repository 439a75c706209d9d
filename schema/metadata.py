"""Item schemes as GraphQL shows them: agencies, codelists, concepts and correspondences."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeAlias, cast

import strawberry

import registry.correspondence
from registry import model
from registry.errors import NotFound, suggest
from registry.ref import Kind, Ref
from registry.text import Names, matches
from schema.context import Info
from schema.fields import described
from schema.paging import DEFAULT_PAGE, Connection, pages_of_items

Lang: TypeAlias = str | None
"""A language tag such as vi or en; without it the language of the ``Accept-Language`` header, else Vietnamese."""

Search = Annotated[
    str | None, strawberry.argument(description="Every word must stand in the id or the names; diacritics do not matter.")
]
After = Annotated[str | None, strawberry.argument(description="The `endCursor` of the page before.")]
First = Annotated[int, strawberry.argument(description="How many, 1 to 1000.")]


@strawberry.type(description="A text in one language.")
class LocalText:
    lang: str
    value: str


def texts(names: Names) -> list[LocalText]:
    return [LocalText(lang=lang, value=value) for lang, value in names.items()]


@strawberry.type(description="A short fact about an item, for example the level of a commodity code.")
class Annotation:
    type: str
    value: str


@strawberry.interface(description="Something with an id and names: an artefact, or an item of one.")
class Named:
    names_of: strawberry.Private[Names]
    descriptions_of: strawberry.Private[Names]
    id: str
    urn: str = strawberry.field(description="The SDMX uniform resource name.")

    @described("The name in `lang`, else in the language of the Accept-Language header, else in Vietnamese.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.names_of, lang)

    @described("The name in every language there is.")
    def names(self) -> list[LocalText]:
        return texts(self.names_of)

    @described("The description in one language; null where there is none.")
    def description(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.descriptions_of, lang) or None

    @described("The description in every language there is.")
    def descriptions(self) -> list[LocalText]:
        return texts(self.descriptions_of)


@strawberry.interface(description="A maintained artefact: one version of something an agency looks after.")
class Artefact(Named):
    ref: str = strawberry.field(description="AGENCY:ID(VERSION), as arguments called `ref` take it.")
    agency: str
    version: str
    source: str = strawberry.field(description="Where the content comes from.")
    valid_from: date | None = strawberry.field(description="First day it is true of the world.")
    valid_to: date | None = strawberry.field(description="Last day it is true of the world.")
    is_final: bool = strawberry.field(description="Whether this version can no longer change.")


def maintained(artefact: model.Maintainable) -> dict[str, Any]:
    """The values of the fields that every artefact has."""
    ref = artefact.ref
    return {
        "names_of": artefact.names,
        "descriptions_of": artefact.descriptions,
        "id": ref.id,
        "urn": ref.urn,
        "ref": str(ref),
        "agency": ref.agency,
        "version": ref.version,
        "source": artefact.source,
        "valid_from": model.day(artefact.valid_from),
        "valid_to": model.day(artefact.valid_to),
        "is_final": artefact.is_final,
    }


def itemised(scheme: Ref, item: model.Item) -> dict[str, Any]:
    """The values of the fields that every item has."""
    return {
        "names_of": item.names,
        "descriptions_of": item.descriptions,
        "id": item.id,
        "urn": scheme.item_urn(item.id),
    }


@strawberry.type(description="An organisation that maintains artefacts.")
class Agency(Named):
    pass


@strawberry.type(description="An idea that components of data take their meaning and name from.")
class Concept(Named):
    pass


@strawberry.type(description="A code, or an item of a classification version.")
class Code(Named):
    scheme: strawberry.Private[model.ItemScheme]
    parent_id: str | None
    valid_from: date | None
    valid_to: date | None

    @described("The code above it in the hierarchy.")
    def parent(self) -> Code | None:
        item = self.scheme.by_id.get(self.parent_id or "")
        return code(self.scheme, item) if item else None

    @described("Whether there are codes below it.")
    def has_children(self) -> bool:
        return self.id in self.scheme.children

    @strawberry.field
    def annotations(self) -> list[Annotation]:
        said = model.facts(self.scheme.by_id[self.id])
        return [Annotation(type=type_, value=value) for type_, value in said.items()]


def code(scheme: model.ItemScheme, item: model.Item) -> Code:
    return Code(
        **itemised(scheme.ref, item),
        scheme=scheme,
        parent_id=item.parent,
        valid_from=model.day(item.valid_from),
        valid_to=model.day(item.valid_to),
    )


def concept(scheme: model.ItemScheme, item: model.Item) -> Concept:
    return Concept(**itemised(scheme.ref, item))


def item_of(scheme: model.ItemScheme, id: str) -> model.Item:
    """The item; else :class:`NotFound` ITEM_NOT_FOUND naming the nearest ids."""
    if id not in scheme.by_id:
        near = suggest(id, scheme.by_id) or [item.id for item in scheme.items[:5]]
        raise NotFound("ITEM_NOT_FOUND", found=id[:60], scheme=str(scheme.ref), near=", ".join(near))
    return scheme.by_id[id]


def found(items: tuple[model.Item, ...], search: str | None) -> tuple[model.Item, ...]:
    """The items that hold every word of the search, all of them without one."""
    return tuple(item for item in items if matches(search, item.id, *item.names.values())) if search else items


@strawberry.type(description="A list of codes. A classification version is a codelist with validity.")
class Codelist(Artefact):
    scheme: strawberry.Private[model.Codelist]

    @described("The codes in their order; narrowed to those found, under a parent, or at the top.")
    def codes(
        self,
        search: Search = None,
        parent: str | None = None,
        roots: bool = False,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[Code]:
        items: tuple[model.Item, ...] = self.scheme.items
        if parent is not None or roots:
            above = item_of(self.scheme, parent).id if parent is not None else None
            items = self.scheme.children.get(above, ())
        return pages_of_items(found(items, search), lambda item: item.id, first, after, lambda item: code(self.scheme, item))

    @described("One code; an error that names the nearest ones where there is none.")
    def code(self, id: str) -> Code | None:
        return code(self.scheme, item_of(self.scheme, id))


@strawberry.type(description="A list of concepts.")
class ConceptScheme(Artefact):
    scheme: strawberry.Private[model.ConceptScheme]

    @described("The concepts in their order.")
    def concepts(self, search: Search = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Concept]:
        items = found(self.scheme.items, search)
        return pages_of_items(items, lambda item: item.id, first, after, lambda item: concept(self.scheme, item))

    @described("One concept; an error that names the nearest ones where there is none.")
    def concept(self, id: str) -> Concept | None:
        return concept(self.scheme, item_of(self.scheme, id))


@strawberry.type(description="One source code that goes to one target code; `share` of it, as decimal text.")
class CorrespondenceLink:
    source: str
    target: str
    share: str


@strawberry.type(description="How the codes of one codelist relate to those of another.")
class Correspondence(Artefact):
    held: strawberry.Private[registry.correspondence.Correspondence | None]

    @described("The codelist it leads from.")
    def from_codelist(self, info: Info) -> Codelist | None:
        scheme = info.context.codelist(self.held.from_list if self.held else None)
        return codelist(scheme) if scheme else None

    @described("The codelist it leads to.")
    def to_codelist(self, info: Info) -> Codelist | None:
        scheme = info.context.codelist(self.held.to_list if self.held else None)
        return codelist(scheme) if scheme else None

    @described("The links, narrowed to one source or one target code.")
    def links(
        self,
        source: str | None = None,
        target: str | None = None,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Connection[CorrespondenceLink]:
        held = self.held.links if self.held else ()
        links = [link for link in held if source in (None, link.source) and target in (None, link.target)]
        return pages_of_items(links, lambda link: f"{link.source}>{link.target}", first, after, _link)


def _link(link: registry.correspondence.Link) -> CorrespondenceLink:
    return CorrespondenceLink(source=link.source, target=link.target, share=link.share)


def codelist(artefact: model.Artefact) -> Codelist:
    return Codelist(**maintained(artefact), scheme=cast("model.Codelist", artefact))


def concept_scheme(artefact: model.Artefact) -> ConceptScheme:
    return ConceptScheme(**maintained(artefact), scheme=cast("model.ConceptScheme", artefact))


def correspondence(artefact: model.Artefact) -> Correspondence:
    return Correspondence(**maintained(artefact), held=_links_of(artefact))


def _links_of(artefact: model.Artefact) -> registry.correspondence.Correspondence | None:
    return registry.correspondence.Correspondence.of(cast("model.RepresentationMap", artefact))


def agency(scheme: Ref, item: model.Item) -> Agency:
    return Agency(**itemised(scheme, item))


KINDS = {Kind.CODELIST: codelist, Kind.CONCEPT_SCHEME: concept_scheme, Kind.REPRESENTATION_MAP: correspondence}
