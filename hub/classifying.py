"""``hub classification import``: tables of codes and links into the registry, checked line by line.

Whatever its layout, a file becomes lines, the lines are checked, and what they make goes through the same writer as every
import: in one transaction, all or nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.classifications import Part, Table, read_tables
from adapters.classifications.tables import ends_of
from hub.classification_heads import Facts, Heads, listed_levels
from hub.import_structures import Write, as_it_stands
from registry.classification.check_links import check_links
from registry.classification.checks import Checked, check_items, in_rows
from registry.classification.findings import Finding, Severity
from registry.content import assembled
from registry.correspondence import Correspondence, Exactness, exactness, kinds
from registry.errors import Invalid
from registry.index import Index
from registry.model import Artefact, Codelist, RepresentationMap
from registry.overlay import Known
from registry.ref import Kind, Ref


@dataclass(frozen=True)
class TableReport:
    """One table of a file. ``kinds``: source codes by the kind of their links; ``levels``: codes by level.

    ``outcome``: added, changed or unchanged; empty where the file was refused.
    """

    part: Part
    ref: str
    lines: int
    levels: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    exactness: Exactness | None = None
    outcome: str = ""


@dataclass(frozen=True)
class TablesReport:
    """What came of a file. Where it is ``refused`` nothing of it was taken; ``findings`` are all of them, in the order of
    rows."""

    file: str
    digest: str
    layout: str
    tables: Sequence[TableReport]
    findings: Sequence[tuple[Part, Finding]]

    @property
    def refused(self) -> bool:
        return any(each.severity is Severity.ERROR for _, each in self.findings)


def import_tables(path: Path, facts: Facts, known: Known, write: Write) -> TablesReport:
    """Read, check and write the tables of one file; with a ``write`` that only tries nothing stays.

    Raises what reading raises, and Invalid CLASSIFICATION_NOT_NAMED, CLASSIFICATION_ELSEWHERE; Conflict ARTEFACT_FINAL.
    """
    layout, tables = read_tables(path, facts.layout, facts.columns)
    return as_it_stands(lambda: _taken(path, facts, known, write, layout, tables))


def _taken(path: Path, facts: Facts, known: Known, write: Write, layout: str, tables: Sequence[Table]) -> TablesReport:
    making = _Making(path, facts, known)
    for table in sorted(tables, key=lambda each: each.part.is_map):
        making.take(table, tables)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    report = TablesReport(path.name, digest, layout, making.reports, making.findings)
    if report.refused:
        return report
    return replace(report, tables=_written(making, write, f"classification import {path.name} sha256 {digest[:12]}"))


def _written(making: _Making, write: Write, what: str) -> list[TableReport]:
    stood = {ref for ref in making.made if _stands(making.known, ref)}
    changed = {str(ref): "changed" if ref in stood else "added" for ref in write([*making.made.values()], what, {}, making.at)}
    return [replace(report, outcome=changed.get(report.ref, "unchanged")) for report in making.reports]


class _Making:
    """The artefacts of one file, as far as they have come."""

    def __init__(self, path: Path, facts: Facts, known: Known) -> None:
        self.known = known
        self.at = known.revision
        self.made: dict[Ref, Artefact] = {}
        self.reports: list[TableReport] = []
        self.findings: list[tuple[Part, Finding]] = []
        self._facts = facts
        self._heads = Heads.of(path, facts)

    def take(self, table: Table, tables: Sequence[Table]) -> None:
        """Check a table and make of it what it is. A conversion that no reference is given for is not wanted."""
        if table.part in (Part.FROM, Part.TO):
            return
        if table.part is Part.CONVERSION and table.part not in self._facts.refs:
            return
        if table.part.is_map:
            self._map(table, tables)
        else:
            self._list(table, self._heads.head(table))

    def _list(self, table: Table, head: dict[str, Any]) -> None:
        checked = check_items(table.lines, self._facts.lengths, listed_levels(head))
        ref = Ref.parse(str(head["ref"]), Kind.CODELIST, "1.0")
        levels = Counter(line["level"] for line in checked.lines)
        self._tell(table, checked, TableReport(table.part, str(ref), len(table.lines), levels=levels))
        if not checked.refused:
            self._keep(assembled(head, [line.cells for line in checked.lines]))

    def _map(self, table: Table, tables: Sequence[Table]) -> None:
        head = self._heads.head(table)
        ends = {
            side: self._end(part, self._heads.end(head, part), table, tables)
            for side, part in (("source", Part.FROM), ("target", Part.TO))
        }
        checked = check_links(table.lines, ends, self._facts.lengths)
        for word, side in (("sources", "source"), ("targets", "target")):
            head[word] = [{"enumeration": str(ends[side].ref)}]
        made = None if checked.refused else assembled(head, [line.cells for line in checked.lines])
        self._tell(table, checked, _of_map(table, head["ref"], made))
        if made:
            self._keep(made)

    def _end(self, part: Part, ref: Ref, table: Table, tables: Sequence[Table]) -> Codelist:
        """One list of a correspondence: in the registry, made before, or made now of what the file says of it."""
        if (made := self.made.get(ref)) is not None or _stands(self.known, ref):
            found = made or self.known.get(ref)
            assert isinstance(found, Codelist)
            return found
        if not self._facts.make_lists:
            index = Index.of(dict.fromkeys(self.known.find(Kind.CODELIST), ""), {})
            near = ", ".join(str(other) for other in index.near(ref)) or "-"
            raise Invalid("CLASSIFICATION_ELSEWHERE", ref=str(ref), near=near)
        told = next(each for each in (*tables, *ends_of(table.lines)) if each.part is part)
        self._list(told, self._heads.of_end(told, ref))
        found = self.made.get(ref) or Codelist(ref=ref, names={})
        assert isinstance(found, Codelist)
        return found

    def _tell(self, table: Table, checked: Checked, report: TableReport) -> None:
        self.reports.append(report)
        self.findings += [(table.part, each) for each in in_rows((*table.findings, *checked.findings))]

    def _keep(self, made: Artefact) -> None:
        self.made[made.ref] = made


def _of_map(table: Table, ref: str, made: Artefact | None) -> TableReport:
    correspondence = Correspondence.of(made) if isinstance(made, RepresentationMap) else None
    if correspondence is None:
        return TableReport(table.part, ref, len(table.lines))
    counts = Counter(kind.value for kind in kinds(correspondence).values())
    return TableReport(table.part, ref, len(table.lines), kinds=counts, exactness=exactness(correspondence))


def _stands(known: Known, ref: Ref) -> bool:
    return bool(known.find(ref.kind, ref.agency, ref.id, ref.version))
