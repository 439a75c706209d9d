"""Dataflows as GraphQL shows them: their structure, releases, what there is to select, and their data."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, cast

import strawberry

from registry import answers, model
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.selection import Selection
from registry.text import Names, matches
from schema.changes import Changes, Since, UpTo, changes
from schema.context import Context, Info
from schema.data import DataSet, data_set
from schema.fields import described
from schema.history import History, history
from schema.metadata import After, Artefact, First, Lang, LocalText, Search, shown, shows, texts
from schema.paging import DEFAULT_PAGE, page_size
from schema.releases import Release, release
from schema.revisions import FEW, Revisions, revisions
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


Depth = Annotated[int | None, strawberry.argument(description="Only codes at most so deep in their hierarchy; 1 is the top.")]
Most = Annotated[int | None, strawberry.argument(description="At most so many, 1 to 1000; all without it.")]


@strawberry.type(description="What one dimension still offers after a selection.")
class AvailableDimension:
    structure: strawberry.Private[model.Structure]
    held: strawberry.Private[answers.Availability]
    id: str

    @described("The name of the dimension.")
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.structure.names(self.id), lang)

    @described("Codes that give data together with the whole selection.")
    def codes(self) -> list[AvailableCode]:
        return self._codes(self.held.codes.get(self.id, ()))

    @described("How many codes would give data if this dimension were chosen anew.")
    def open_count(self) -> int:
        return len(self.held.open_codes.get(self.id, ()))

    @described("Codes that would give data if this dimension were chosen anew, in their order; narrowed where there are many.")
    def open_codes(self, search: Search = None, depth: Depth = None, most: Most = None) -> list[AvailableCode]:
        ids = (id_ for id_ in self.held.open_codes.get(self.id, ()) if self._wanted(id_, search, depth))
        return self._codes(tuple(islice(ids, None if most is None else page_size(most))))

    def _wanted(self, id_: str, search: str | None, depth: int | None) -> bool:
        if search and not matches(search, id_, *self.structure.code_names(self.id, id_).values()):
            return False
        return depth is None or self._depth(id_) <= depth

    def _depth(self, id_: str) -> int:
        """How deep the code stands in its hierarchy: 1 at the top."""
        codelist = self.structure.codelists.get(self.id)
        depth, above = 1, codelist.by_id[id_].parent if codelist and id_ in codelist.by_id else None
        while codelist and above in codelist.by_id:
            depth, above = depth + 1, codelist.by_id[above].parent
        return depth

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


def availability(structure: model.Structure, held: answers.Availability) -> Availability:
    return Availability(
        dimensions=[AvailableDimension(structure=structure, held=held, id=id_) for id_ in structure.dsd.key],
        start=held.start,
        end=held.end,
        series=held.series,
        observations=held.observations,
    )


Selected = Annotated[SelectionInput | None, strawberry.argument(description="Which observations; all without it.")]


@shows(Kind.DATAFLOW)
@strawberry.type(description="A body of data with one structure; what releases are made of.")
class Dataflow(Artefact):
    @strawberry.field
    def structure(self) -> DataStructure:
        named = self.content(model.Dataflow).structure
        if named is None:
            # What is only announced names none, and the catalogue says so.
            return data_structure(self.catalogue, self.catalogue.structure(self.head.ref).dsd)
        return data_structure(self.catalogue, self.catalogue.get(named))

    @described("Newest first; with `preview` those under embargo too that the viewer may see before their moment.")
    def releases(self, info: Info, preview: bool = False) -> list[Release]:
        held = info.context.ports.cube.releases(self.head.ref, info.context.viewer, preview)
        return [release(each) for each in held]

    @described("Null while nothing is published.")
    def latest_release(self, info: Info) -> Release | None:
        visible = info.context.ports.cube.releases(self.head.ref, info.context.viewer)
        return release(visible[0]) if visible else None

    @described("What could be selected, narrowed by what is selected already.")
    def availability(self, info: Info, selection: Selected = None) -> Availability | None:
        structure, wanted = self._question(info.context, selection)
        held = info.context.ports.cube.availability(wanted, info.context.viewer)
        return availability(structure, held)

    @described("The data of a selection; `first` and `after` page through its series.")
    def data(self, info: Info, selection: Selected = None, first: First = DEFAULT_PAGE, after: After = None) -> DataSet | None:
        context = info.context
        page = series_page(context, self._question(context, selection)[1], first, after)
        nodes = info._raw_info.field_nodes
        return data_set(context, page, sum(context.cells_each.get(id(node), 0) for node in nodes))

    @described("What changed from one release to another, line by line. Null while nothing is published.")
    def changes(
        self,
        info: Info,
        since: Since = None,
        up_to: UpTo = None,
        selection: Selected = None,
        first: First = DEFAULT_PAGE,
        after: After = None,
    ) -> Changes | None:
        structure, wanted = self._question(info.context, selection)
        return changes(
            info.context,
            structure,
            wanted,
            (since, up_to),
            (first, after),
        )

    @described("Series through all their releases: what was first said of each period, and what became of it.")
    def revisions(self, info: Info, selection: Selected = None, first: First = FEW, after: After = None) -> Revisions:
        structure, wanted = self._question(info.context, selection)
        return revisions(info.context, structure, wanted, first, after)

    @described("Every state the data of a selection have had: what each release did to the one before it, oldest first.")
    def history(self, info: Info, selection: Selected = None, first: First = FEW, after: After = None) -> History:
        context = info.context
        structure, wanted = self._question(context, selection)
        cells_each = sum(context.cells_each.get(id(node), 0) for node in info._raw_info.field_nodes)
        return history(context, structure, wanted, cells_each, (first, after))

    def _question(self, context: Context, selection: SelectionInput | None) -> tuple[model.Structure, Selection]:
        catalogue = context.ports.catalogue
        structure = catalogue.structure(self.head.ref)
        return structure, question(structure, selection, catalogue)


def dataflow(catalogue: Catalogue, artefact: model.Artefact) -> Dataflow:
    return cast("Dataflow", shown(catalogue, artefact))


def dataflow_of(context: Context, ref: Ref) -> Dataflow:
    catalogue = context.ports.catalogue
    return dataflow(catalogue, catalogue.get(ref))
