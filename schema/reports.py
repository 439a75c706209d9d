"""Reports of reference metadata as GraphQL shows them: what they are about and what they say."""

from __future__ import annotations

import strawberry

from registry import model, reported
from registry.ref import Kind
from schema.context import Info
from schema.fields import described
from schema.metadata import Annotation, Artefact, Lang, LocalText, Reference, noted, reference, reference_to, shows, texts


@strawberry.type(description="A field of a report; its name is that of its concept.")
class ReportedField:
    held: strawberry.Private[reported.Said]
    id: str
    path: str = strawberry.field(description="Its id below those above it, with dots.")
    depth: int = strawberry.field(description="How deep it stands; 1 is the top.")
    value: str | None = strawberry.field(description="What it says, where that needs no language: a number, a date, a code.")

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.held.names)

    @described("What it says in one language: its text, the name of its code, else its value. Null for a heading.")
    def text(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.held.held.texts or self.held.code, lang) or self.value

    @described("What it says in every language there is, of a code its names.")
    def texts(self) -> list[LocalText]:
        return texts(self.held.held.texts or self.held.code)

    @described("Whether its texts are XHTML.")
    def is_markup(self) -> bool:
        format = self.held.held.format
        return format is not None and format.text_type == "XHTML"

    @strawberry.field
    def annotations(self) -> list[Annotation]:
        return noted(self.held.held.annotations)


def _field(held: reported.Said) -> ReportedField:
    return ReportedField(held=held, id=held.held.id, path=held.path, depth=held.depth, value=held.held.value)


@shows(Kind.METADATA_SET)
@strawberry.type(description="A report of reference metadata, such as a quality report.")
class MetadataSet(Artefact):
    @described("The flow of reports that it belongs to.")
    def metadataflow(self) -> Reference | None:
        return reference_to(self.catalogue, self._whole().metadataflow)

    @described("The agreement that it is given under.")
    def provision_agreement(self) -> Reference | None:
        return reference_to(self.catalogue, self._whole().provision)

    @described("What it is about.")
    def targets(self) -> list[Reference]:
        return [reference(self.catalogue, target) for target in self._whole().targets]

    @described("The release of its dataflow that it is about; null for all.")
    def release(self) -> str | None:
        return reported.release_of(self.head) or None

    @described("What it says, each field before those below it, in the order of its structure.")
    def fields(self) -> list[ReportedField]:
        return [_field(one) for one in reported.said(self.catalogue, self._whole())]

    @described("The year in which it was published.")
    def publication_year(self) -> str | None:
        return self._whole().publication_year or None

    @described("The period in which it was published.")
    def publication_period(self) -> str | None:
        return self._whole().publication_period or None

    @described("The first period it speaks of.")
    def reporting_begin(self) -> str | None:
        return self._whole().reporting_begin or None

    @described("The last period it speaks of.")
    def reporting_end(self) -> str | None:
        return self._whole().reporting_end or None

    def _whole(self) -> model.MetadataSet:
        return self.content(model.MetadataSet)
