"""Long series read from the database: what is asked of each version of a dataflow, in whose codes its series come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hub.computing.moving import cut
from hub.computing.recoding import recode, table_between
from hub.computing.source import Source
from hub.computing.splicing import Piece, spliced
from registry import joining
from registry.answers import Release
from registry.calculation import Recoding
from registry.correspondence import Correspondence
from registry.model import Structure
from registry.period import PeriodRange
from registry.ports import Catalogue
from registry.ref import Ref
from registry.selection import Selection

Read = Callable[[Selection, Structure], tuple[Source | None, Release | None]]
"""What the viewer sees of a selection of one dataflow, and the release it is of."""


@dataclass(frozen=True)
class Splicing:
    """Puts the versions together. ``read`` reads one of them; ``most``: observations that may be counted."""

    catalogue: Catalogue
    read: Read
    most: int | None

    def of(self, selection: Selection) -> tuple[Source | None, tuple[tuple[Ref, Release | None], ...]]:
        """The spliced series, None where nothing is published of any version, and the releases they are of.

        :class:`Invalid` JOIN_REFUSED where codes of different lists would be joined, and the errors of
        :func:`hub.computing.recoding.recode`.
        """
        asked, splice = self.catalogue.structure(selection.dataflow), selection.splice
        assert splice is not None
        pieces, releases = list[Piece](), list[tuple[Ref, Release | None]]()
        for flow in selection.dataflows:
            structure = self.catalogue.structure(flow)
            tables = self._tables(structure, asked, splice.dimensions)
            source, release = self.read(_of_version(selection, structure, tables), structure)
            releases.append((flow, release))
            if source is not None:
                pieces.append(Piece(flow, self._recoded(source, asked, tables, selection.periods)))
        return spliced(pieces, asked, splice.estimated) if pieces else None, tuple(releases)

    def _tables(self, structure: Structure, asked: Structure, dimensions: tuple[str, ...]) -> dict[str, Correspondence]:
        """The way of each dimension whose codes have to be recoded; :class:`Invalid` JOIN_REFUSED where that is not asked."""
        found = {}
        for name in asked.dsd.key:
            old, new = structure.codelists.get(name), asked.codelists.get(name)
            if old is None or new is None or joining.joins_by_code(old, new):
                continue
            table = table_between(self.catalogue, old.ref, new.ref, None)
            if name not in dimensions:
                raise joining.refused(old, new, table)
            found[name] = table
        return found

    def _recoded(self, source: Source, asked: Structure, tables: Mapping[str, Correspondence], periods: PeriodRange) -> Source:
        for name in tables:
            counted = cut(source, periods, None, None)
            source = recode(source, Recoding(name, asked.codelists[name].ref), self.catalogue, counted, most=self.most)
        return source


def _of_version(selection: Selection, structure: Structure, tables: Mapping[str, Correspondence]) -> Selection:
    """The question to one version: its own codes of what is wanted."""
    codes = {name: _codes(structure, name, wanted, tables.get(name)) for name, wanted in selection.codes.items()}
    return replace(selection, dataflow=structure.dataflow.ref, codes=codes, splice=None, after=None)


def _codes(structure: Structure, name: str, wanted: tuple[str, ...], table: Correspondence | None) -> tuple[str, ...]:
    if table is not None:
        return tuple(dict.fromkeys(link.source for code in wanted for link in table.sources.get(code, ())))
    codelist = structure.codelists.get(name)
    return wanted if codelist is None else tuple(code for code in wanted if code in codelist.by_id)
