"""What values something may have, as GraphQL shows it."""

from __future__ import annotations

import strawberry

from registry import model
from registry.document_writing import plain
from registry.ports import Catalogue
from schema.fields import described
from schema.metadata import Reference, reference_to


@strawberry.type(description="A limit of free values, such as maxLength or pattern; the name is that of the SDMX facet.")
class Facet:
    name: str
    value: str


@strawberry.type(description="What values a component may have: those of a list, or free ones of a data type.")
class Representation:
    catalogue: strawberry.Private[Catalogue]
    held: strawberry.Private[model.Representation]
    min_occurs: int
    max_occurs: int | None = strawberry.field(description="Null: as many as one likes.")

    @described("The list that values are taken from; null where they are free.")
    def enumeration(self) -> Reference | None:
        return reference_to(self.catalogue, self.held.enumeration)

    @described("The SDMX data type; null where none is said.")
    def text_type(self) -> str | None:
        return self.held.format.text_type if self.held.format else None

    @described("What else is said of values, as far as it is said.")
    def facets(self) -> list[Facet]:
        said = plain(self.held.format) if self.held.format else {}
        return [Facet(name=_camel(name), value=_text(value)) for name, value in said.items() if name not in _ELSEWHERE]


_ELSEWHERE = ("text_type", "sentinels")


def representation(catalogue: Catalogue, held: model.Representation) -> Representation:
    most = held.max_occurs if held.max_occurs != model.UNBOUNDED else None
    return Representation(catalogue=catalogue, held=held, min_occurs=held.min_occurs, max_occurs=most)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
