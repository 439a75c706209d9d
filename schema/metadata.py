"""What all artefacts have in common as GraphQL shows them: texts, notes, references both ways, and who changed them.

Every artefact carries the registry it was found in, as it stands now or stood at a moment: whatever is reached from it is found
there too. In a list it is only a stub; what its type has besides is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, cast

import strawberry
from strawberry.scalars import JSON

from registry import attribution, model
from registry.document import to_document
from registry.errors import Invalid, NotFound, Unavailable, suggest
from registry.held import no_longer_read
from registry.ports import Catalogue, Role
from registry.ref import ItemRef, Kind, Ref
from registry.reported import release_of, reports_about
from registry.text import Names
from schema.context import Info
from schema.fields import described
from schema.paging import DEFAULT_PAGE, Connection, pages_of_refs

if TYPE_CHECKING:
    from schema.reports import MetadataSet

Lang: TypeAlias = str | None
"""A language tag such as vi or en; without it the language of the ``Accept-Language`` header, else Vietnamese."""

Search = Annotated[
    str | None, strawberry.argument(description="Every word must stand in the id or the names; diacritics do not matter.")
]
After = Annotated[str | None, strawberry.argument(description="The `endCursor` of the page before.")]
First = Annotated[int, strawberry.argument(description="How many, 1 to 1000.")]
OfKind = Annotated[str | None, strawberry.argument(description="Only of this kind, by its SDMX class name, such as Codelist.")]

OfRelease = Annotated[str | None, strawberry.argument(description="The id of a release; reports about none are about all.")]

Shown = TypeVar("Shown")


@strawberry.type(description="A text in one language.")
class LocalText:
    lang: str
    value: str


def texts(names: Names) -> list[LocalText]:
    return [LocalText(lang=lang, value=value) for lang, value in names.items()]


@strawberry.type(description="A note of an artefact or an item, for example the level of a commodity code.")
class Annotation:
    held: strawberry.Private[model.Annotation]
    id: str | None
    type: str | None
    value: str = strawberry.field(description="What it says in short: its title, its value or a text.")

    @described("Its text in one language; null where it has none.")
    def text(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.held.texts, lang) or None

    @strawberry.field
    def texts(self) -> list[LocalText]:
        return texts(self.held.texts)

    @described("Where more is said.")
    def urls(self) -> list[str]:
        return list(self.held.urls.values())


def noted(held: Sequence[model.Annotation]) -> list[Annotation]:
    return [Annotation(held=note, id=note.id or None, type=note.type or None, value=note.fact) for note in held]


@strawberry.type(description="Where more is said about an artefact.")
class WebLink:
    rel: str = strawberry.field(description="How it is related.")
    url: str | None
    urn: str | None


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


@strawberry.type(description="That an artefact names another, or something inside another.")
class Reference:
    catalogue: strawberry.Private[Catalogue]
    to: strawberry.Private[Ref]
    urn: str = strawberry.field(description="As it is written; the version may be a wildcard, such as 2+.0.0.")
    kind: str = strawberry.field(description="The kind of artefact that is named, or that holds what is named.")
    item: str | None = strawberry.field(description="The id of the item or component, where one is named.")

    @described("The exact version that this means here, as AGENCY:ID(VERSION); null where there is none.")
    def resolved(self) -> str | None:
        found = known(self.catalogue, self.to)
        return str(found) if found else None

    @described("The artefact that this means here; null where there is none, or where it is left out: see `resolved`.")
    def artefact(self) -> Artefact | None:
        exact = known(self.catalogue, self.to)
        found: Artefact | Unavailable | None = stubs(self.catalogue, [exact])[0] if exact else None
        if isinstance(found, Unavailable):
            raise Unavailable("MEMBER_LEFT_OUT", **found.facts)
        return found


def reference(catalogue: Catalogue, named: Ref | ItemRef) -> Reference:
    to, item = (named.of, named.id) if isinstance(named, ItemRef) else (named, None)
    return Reference(catalogue=catalogue, to=to, urn=named.urn, kind=to.kind.value, item=item)


def reference_to(catalogue: Catalogue, named: Ref | ItemRef | None) -> Reference | None:
    return reference(catalogue, named) if named is not None else None


def known(catalogue: Catalogue, ref: Ref) -> Ref | None:
    """The exact version a reference means; None where it leads nowhere: structures from elsewhere may be incomplete."""
    try:
        return catalogue.exact(ref)
    except NotFound:
        return None


@strawberry.type(description="One change of an artefact.")
class LogEntry:
    revision: int = strawberry.field(description="The revision of the registry that it made.")
    at: datetime
    by: str | None = strawberry.field(description="Who made it; for those with a token.")
    what: str | None = strawberry.field(description="How it came: a file, a request; for those with a token.")
    why: str
    outcome: str = strawberry.field(description="added, changed or removed.")


def log_entry(info: Info, held: attribution.Entry) -> LogEntry:
    by, what = (held.who, held.what) if info.context.viewer.role is not Role.PUBLIC else (None, None)
    return LogEntry(revision=held.revision, at=held.at, by=by, what=what, why=held.why, outcome=held.outcome.value)


@strawberry.interface(description="A maintained artefact: one version of something an agency looks after.")
class Artefact(Named):
    catalogue: strawberry.Private[Catalogue]
    head: strawberry.Private[model.Artefact]
    kind: str = strawberry.field(description="Its SDMX class name, such as Codelist.")
    ref: str = strawberry.field(description="AGENCY:ID(VERSION), as arguments called `ref` take it.")
    agency: str
    version: str
    source: str = strawberry.field(description="Where the content comes from.")
    valid_from: date | None = strawberry.field(description="First day it is true of the world.")
    valid_to: date | None = strawberry.field(description="Last day it is true of the world.")
    is_final: bool = strawberry.field(description="Whether this version can no longer change.")

    @described("Whether this is a stub, and the whole is elsewhere: see `wholeAt`.")
    def is_external_reference(self) -> bool:
        return self.head.is_external_reference

    @described("Where the whole of a stub is: a file, else an SDMX service.")
    def whole_at(self) -> str | None:
        return self.head.structure_url or self.head.service_url or None

    @strawberry.field
    def annotations(self) -> list[Annotation]:
        return noted(self.head.annotations)

    @described("Where more is said about it.")
    def web_links(self) -> list[WebLink]:
        return [WebLink(rel=link.rel, url=link.url or None, urn=link.urn or None) for link in self.head.links]

    @described("The artefacts it names, as they are written and as they are resolved here.")
    def references(self) -> list[Reference]:
        return [reference(self.catalogue, named) for named in self.catalogue.references(self.head.ref)]

    @described(
        "The artefacts that name it, whatever version they say; of a code list also the hierarchies that it gives by itself."
    )
    def referenced_by(self, kind: OfKind = None, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Artefact]:
        wanted = kind_named(kind) if kind is not None else None
        naming = (*self.catalogue.parents(self.head.ref), *self.catalogue.trees(self.head.ref))
        refs = sorted(ref for ref in naming if wanted in (None, ref.kind))
        return artefact_page(self.catalogue, refs, first, after)

    @described("Its versions that stand, oldest first.")
    def versions(self) -> list[str]:
        ref = self.head.ref
        return [one.version for one in self.catalogue.find(ref.kind, ref.agency, ref.id)]

    @described(
        "The latest versions of the reports about it, such as quality reports; with `release` only those about that one."
    )
    def metadata_sets(self, release: OfRelease = None) -> list[Annotated[MetadataSet, strawberry.lazy("schema.reports")]]:
        return about(self.catalogue, self.head.ref, release)

    @described("Who changed it, when, by what and why, oldest first.")
    def log(self, info: Info) -> list[LogEntry]:
        return [log_entry(info, entry) for entry in self.catalogue.history(self.head.ref)]

    @described("All that the registry holds of it but items, in the registry's own form, as `propose` takes it.")
    def document(self) -> JSON:
        return JSON(to_document(self.catalogue.frame(self.head.ref)))

    def content(self, type_: type[Shown]) -> Shown:
        """All but items."""
        return cast("Shown", self.catalogue.frame(self.head.ref))


Builder = Callable[..., Artefact]
BUILDERS: dict[Kind, Builder] = {}
"""The GraphQL type of every kind: each room says which it shows."""

TypeOf = TypeVar("TypeOf", bound=type[Artefact])


def shows(*kinds: Kind) -> Callable[[TypeOf], TypeOf]:
    """Say that a type is that of these kinds."""

    def note(type_: TypeOf) -> TypeOf:
        BUILDERS.update(dict.fromkeys(kinds, type_))
        return type_

    return note


def shown(catalogue: Catalogue, artefact: model.Artefact) -> Any:
    """An artefact, or a stub of one, as an object of the type of its kind."""
    return BUILDERS[artefact.ref.kind](**maintained(catalogue, artefact))


def stubs(catalogue: Catalogue, refs: Sequence[Ref]) -> list[Any]:
    """Artefacts by their exact refs; what their types have besides names is not read. Where even these no longer read its error
    stands in the place of one, which fails where it is shown (:mod:`schema.leaving_out`)."""
    heads = {head.ref: head for head in catalogue.stubs(list(refs))}
    return [shown(catalogue, heads[ref]) if ref in heads else no_longer_read(ref) for ref in refs]


def about(catalogue: Catalogue, ref: Ref, release: str | None = None) -> list[Any]:
    """The latest versions of the reports about an artefact, of those about a release only those about this one."""
    found = stubs(catalogue, reports_about(catalogue, ref))
    return [one for one in found if release is None or isinstance(one, Unavailable) or release_of(one.head) in ("", release)]


def artefact_page(catalogue: Catalogue, refs: Sequence[Ref], first: int, after: str | None) -> Connection[Any]:
    return pages_of_refs(refs, first, after, lambda some: stubs(catalogue, some))


def kind_named(text: str) -> Kind:
    """The kind of a class name; else :class:`Invalid` UNKNOWN_KIND naming the nearest."""
    kinds = {kind.value for kind in Kind}
    if text not in kinds:
        raise Invalid("UNKNOWN_KIND", found=text[:60], near=", ".join(suggest(text[:60], kinds)) or "Codelist, Dataflow")
    return Kind(text)


def maintained(catalogue: Catalogue, artefact: model.Maintainable) -> dict[str, Any]:
    """The values of the fields that every artefact has."""
    ref = artefact.ref
    return {
        "catalogue": catalogue,
        "head": artefact,
        "names_of": artefact.names,
        "descriptions_of": artefact.descriptions,
        "id": ref.id,
        "urn": ref.urn,
        "kind": ref.kind.value,
        "ref": str(ref),
        "agency": ref.agency,
        "version": ref.version,
        "source": artefact.source,
        "valid_from": model.day(artefact.valid_from),
        "valid_to": model.day(artefact.valid_to),
        "is_final": artefact.is_final,
    }
