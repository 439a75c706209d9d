"""Dataflows as GraphQL shows them: their structure, releases, what there is to select, and their data."""

from __future__ import annotations

from typing import Annotated, cast

import strawberry

from registry import model, ports
from registry.ref import Ref
from registry.text import Names
from schema.context import Context, Info
from schema.data import DataSet, data_set
from schema.fields import described
from schema.metadata import After, Artefact, First, Lang, LocalText, maintained, texts
from schema.paging import DEFAULT_PAGE
from schema.releases import Release, release
from schema.selecting import SelectionInput, question, series_page
from schema.structures import DataStructure, data_structure


@strawberry.type(description="A code that gives data.")
class AvailableCode:
    names_of: strawberry.Private[Names]
    id: str
    parent_id: str | None

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.names_of, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.names_of)


@strawberry.type(description="What one dimension still offers after a selection.")
class AvailableDimension:
    structure: strawberry.Private[model.Structure]
    held: strawberry.Private[ports.Availability]
    id: str

    @described("The name of the dimension.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)

    @described("Codes that give data together with the whole selection.")
    def codes(self) -> list[AvailableCode]:
        return self._codes(self.held.codes.get(self.id, ()))

    @described("Codes that would give data if this dimension were chosen anew.")
    def open_codes(self) -> list[AvailableCode]:
        return self._codes(self.held.open_codes.get(self.id, ()))

    def _codes(self, ids: tuple[str, ...]) -> list[AvailableCode]:
        codelist = self.structure.codelists.get(self.id)
        items = codelist.by_id if codelist else {}
        return [
            AvailableCode(
                names_of=self.structure.code_names(self.id, id_),
                id=id_,
                parent_id=items[id_].parent if id_ in items else None,
            )
            for id_ in ids
        ]


@strawberry.type(description="What a selection gives before it is asked for: codes, periods and sizes.")
class Availability:
    dimensions: list[AvailableDimension] = strawberry.field(description="In key order, without time.")
    start: str | None = strawberry.field(description="The first period with data.")
    end: str | None = strawberry.field(description="The last period with data.")
    series: int
    observations: int


def availability(structure: model.Structure, held: ports.Availability) -> Availability:
    return Availability(
        dimensions=[AvailableDimension(structure=structure, held=held, id=id_) for id_ in structure.dsd.key],
        start=held.start,
        end=held.end,
        series=held.series,
        observations=held.observations,
    )


Selected = Annotated[SelectionInput | None, strawberry.argument(description="Which observations; all without it.")]


@strawberry.type(description="A body of data with one structure; what releases are made of.")
class Dataflow(Artefact):
    held: strawberry.Private[model.Dataflow]

    @strawberry.field
    def structure(self, info: Info) -> DataStructure:
        return data_structure(info.context.data_structure(self.held.structure))

    @described("Newest first.")
    def releases(self, info: Info) -> list[Release]:
        return [release(held) for held in info.context.ports.cube.releases(self.held.ref, info.context.viewer)]

    @described("Null while nothing is published.")
    def latest_release(self, info: Info) -> Release | None:
        visible = info.context.ports.cube.releases(self.held.ref, info.context.viewer)
        return release(visible[0]) if visible else None

    @described("What could be selected, narrowed by what is selected already.")
    def availability(self, info: Info, selection: Selected = None) -> Availability | None:
        structure = self._structure(info.context)
        held = info.context.ports.cube.availability(question(structure, selection), info.context.viewer)
        return availability(structure, held)

    @described("The data of a selection; `first` and `after` page through its series.")
    def data(self, info: Info, selection: Selected = None, first: First = DEFAULT_PAGE, after: After = None) -> DataSet | None:
        context = info.context
        page = series_page(context, question(self._structure(context), selection), first, after)
        nodes = info._raw_info.field_nodes
        return data_set(context, page, sum(context.cells_each.get(id(node), 0) for node in nodes))

    def _structure(self, context: Context) -> model.Structure:
        return context.ports.catalogue.structure(self.held.ref)


def dataflow(artefact: model.Artefact) -> Dataflow:
    return Dataflow(**maintained(artefact), held=cast("model.Dataflow", artefact))


def dataflow_of(context: Context, ref: Ref) -> Dataflow:
    return dataflow(context.ports.catalogue.get(ref))
