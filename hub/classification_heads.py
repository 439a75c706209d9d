"""What a table of codes or links is: said by options, by a YAML file beside it, by the file itself, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.classifications import Part, Table
from registry.classification import LEVEL_NAMES
from registry.classification.zeros import Lengths
from registry.content import heads_in
from registry.document import from_document
from registry.document_reading import member
from registry.errors import Invalid
from registry.ref import Kind, Ref

OPTIONS: Mapping[Part, str] = {
    Part.LIST: "--list",
    Part.MAP: "--map",
    Part.CONVERSION: "--conversion",
    Part.FROM: "--from",
    Part.TO: "--to",
}
"""The option that names what a table becomes."""

Document = dict[str, Any]

_ANY = "ANY:ANY(1.0)"
"""For a head that leaves its reference to the options."""


@dataclass(frozen=True)
class Facts:
    """What the caller says. ``said``: words of a head, for the table itself; ``lengths`` that codes have; ``columns``: headings
    of the file and what they are called here.

    ``head``: the YAML file, else one of the table's name is looked for. ``make_lists``: lists of a correspondence that the
    registry does not have are made of what the table says of them.
    """

    refs: Mapping[Part, Ref] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    lengths: Lengths = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    layout: str = ""
    head: Path | None = None
    make_lists: bool = False


@dataclass(frozen=True)
class Heads:
    """The heads for the tables of one file."""

    file: str
    facts: Facts
    written: Sequence[Document]

    @classmethod
    def of(cls, path: Path, facts: Facts) -> Heads:
        """With those of the YAML file, if there is one; :class:`Invalid` BAD_DOCUMENT where one does not say its kind."""
        beside = facts.head or path.with_suffix(".yml")
        written = list(heads_in(beside)) if facts.head or beside.is_file() else []
        for each in written:
            member(Kind)(f"{beside.name} kind", each.get("kind"))
        return cls(path.name, facts, written)

    def head(self, table: Table) -> Document:
        """The head of a list or a correspondence.

        Raises Invalid CLASSIFICATION_NOT_NAMED where nothing says its reference; BAD_DOCUMENT, BAD_REFERENCE or
        HEAD_WITH_TABLE where a head cannot be understood.
        """
        kind = Kind.REPRESENTATION_MAP if table.part.is_map else Kind.CODELIST
        given = self.facts.refs.get(table.part)
        told = _understood(table.head, kind) | _understood(self._written(kind, given), kind)
        # A conversion is the second table of its file: the name that is said is that of the first.
        said = {word: text for word, text in self.facts.said.items() if (word, table.part) != ("names", Part.CONVERSION)}
        found = {**told, **said, "kind": kind.value}
        if given:
            found["ref"] = str(given)
        if not found.get("ref"):
            raise Invalid("CLASSIFICATION_NOT_NAMED", file=self.file, part=table.part.value, option=OPTIONS[table.part])
        found["names"] = {**table.names, **found.get("names", {})} or _stem(self.file)
        # The family that is said of a correspondence is that of the lists made of it.
        of_lists = () if kind is Kind.REPRESENTATION_MAP else said.get("annotations", ())
        found["annotations"] = [*told.get("annotations", ()), *of_lists]
        return found

    def of_end(self, table: Table, ref: Ref) -> Document:
        """The head of a list that a correspondence names and the registry does not have; of the family that is said."""
        written = self._written(Kind.CODELIST, ref)
        names = {"vi": ref.id, "en": ref.id}
        said = {"annotations": self.facts.said["annotations"]} if "annotations" in self.facts.said else {}
        told = _understood(table.head, Kind.CODELIST) | _understood(written, Kind.CODELIST)
        return {"names": names, **said, **told, "kind": Kind.CODELIST.value, "ref": str(ref)}

    def end(self, head: Mapping[str, Any], part: Part) -> Ref:
        """The reference of one of the lists of a correspondence."""
        if part in self.facts.refs:
            return self.facts.refs[part]
        domains = head.get("sources" if part is Part.FROM else "targets") or [{}]
        said = domains[0].get("enumeration", "") if isinstance(domains[0], Mapping) else ""
        if not said:
            raise Invalid("CLASSIFICATION_NOT_NAMED", file=self.file, part=part.value, option=OPTIONS[part])
        return Ref.parse(str(said), Kind.CODELIST, "1.0")

    def _written(self, kind: Kind, ref: Ref | None) -> Document:
        """The head of that reference in the YAML file, else the first of that kind."""
        those = [each for each in self.written if each.get("kind") == kind.value]
        named = [each for each in those if ref and each.get("ref") == str(ref)]
        return (named or those or [{}])[0]


def listed_levels(head: Mapping[str, Any]) -> list[str]:
    """The levels that a head lists, from the top."""
    return [str(each.get("title", "")) for each in head.get("annotations", ()) if each.get("type") == LEVEL_NAMES]


def _understood(head: Mapping[str, Any], kind: Kind) -> Document:
    """A head without what it leaves empty. What a list consists of is said by its table, and by nothing else."""
    said = {word: part for word, part in head.items() if part is not None}
    if inside := {"items", "mappings"} & said.keys():
        raise Invalid("HEAD_WITH_TABLE", word=inside.pop())
    least: Document = {"sources": [], "targets": []} if kind is Kind.REPRESENTATION_MAP else {}
    from_document({"ref": _ANY, "names": {}, **least, **said, "kind": kind.value})
    return said


def _stem(file: str) -> dict[str, str]:
    name = Path(file).stem.replace("_", " ")
    return {"vi": name, "en": name}
