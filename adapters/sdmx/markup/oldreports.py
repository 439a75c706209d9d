"""Metadata sets in SDMX-ML 2.1: a report about the parts of a metadata target, in the fields of a report structure.

A set of 2.1 has an id, but neither agency nor version: an annotation carries the URN. A report of a metadata structure of 3.x
is said as the only one, about the only target, that :func:`adapters.sdmx.otherwise.old_way` gives such a structure.

Source: ``MetadataSetType`` and ``ReportType`` of ``SDMXMetadataGeneric.xsd`` of SDMX 2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from adapters.sdmx.markup.common import ANNOTATION, ANNOTATIONS, STABLE, ArtefactNames
from adapters.sdmx.markup.grammar import Node, Out, Part, Record, bad
from adapters.sdmx.markup.holding import Choice, Within
from adapters.sdmx.markup.parts import Attr, Many, Own
from adapters.sdmx.markup.references import RefTo, named_in, written
from adapters.sdmx.markup.regions import ALWAYS, DATA_KEY, SET, selection
from adapters.sdmx.markup.reports import BASIC_PERIOD, TEXTS, YEAR
from adapters.sdmx.markup.values import ID, PERIOD, TEXT, Unfit
from adapters.sdmx.otherwise import OBJECT, REPORT, TARGET
from adapters.sdmx.writing.xml import element
from registry.model import Annotation, MemberSelection, MetadataSet, Region, ReportedAttribute, SelectedValue
from registry.ref import ItemRef, Kind, Ref

_URN = "URN"
_NOTES = Many("annotations", "com:Annotation", ANNOTATION)


@dataclass(frozen=True)
class Identity(Part):
    """The id; in an annotation what else an artefact is known by. Whether it is final its version says."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("ref", "is_final", "annotations")

    def write(self, of: Any, out: Out) -> None:
        out.attribute("setID", ID.write(of.ref.id))
        if of.is_final != bool(STABLE.fullmatch(of.ref.version)):
            out.lose("is_final", "ML_FINAL_BY_VERSION")
        inside = out.inside()
        inside.content.append(ANNOTATION.write("com:Annotation", Annotation(type=_URN, title=of.ref.urn), out.context, ""))
        _NOTES.write(of, inside)
        out.content.append(inside.closed("com:Annotations"))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """What the set is whoever reads the message says: see :func:`urn_in`."""
        ANNOTATIONS.read(node, found)
        found["annotations"] = tuple(note for note in found.get("annotations", ()) if note.type != _URN)
        found["ref"] = node.context.ref
        found["is_final"] = bool(STABLE.fullmatch(node.context.ref.version))


def urn_in(node: Node) -> str:
    """The URN that a set carries; empty where other software wrote it."""
    found: dict[str, Any] = {}
    ANNOTATIONS.read(node, found)
    return next((note.title for note in found.get("annotations", ()) if note.type == _URN), "")


# What it says


def _reported() -> Record:
    return REPORTED


REPORTED: Record = Record(
    ReportedAttribute,
    (
        Attr("id", "id", ID, required=True),
        Attr("value", "value", TEXT),
        ANNOTATIONS,
        TEXTS,
        Within("md:AttributeSet", (Many("children", "md:ReportedAttribute", _reported, distinct=""),)),
    ),
)
_SAID = Within("md:AttributeSet", (Many("attributes", "md:ReportedAttribute", REPORTED, least=1, distinct=""),))


# What it is about


@dataclass(frozen=True)
class Object(Part):
    """Something that has a URN; a constraint that says which data has an element of its own."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("objects",)

    def write(self, of: Any, out: Out) -> None:
        (named,) = of.objects
        if "*" in named.urn:
            raise Unfit("ML_NO_SUCH_REFERENCE")
        tag = "md:ConstraintContentReference" if _is_constraint(named) else "md:ObjectReference"
        out.content.append(element(tag, content=written(named, "2.1")))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        for tag, usual in (("ObjectReference", None), ("ConstraintContentReference", Kind.ATTACHMENT_CONSTRAINT)):
            if (child := node.one(tag)) is not None:
                found["objects"] = (named_in(child, usual, node.context.ref),)


def _is_constraint(named: Ref | ItemRef) -> bool:
    return isinstance(named, Ref) and named.kind is Kind.ATTACHMENT_CONSTRAINT


_VALUE = selection(
    ID,
    ALWAYS,
    Choice(
        (
            (Many("values", "md:ReportPeriod", Record(SelectedValue, (Own("value", value=PERIOD, required=True),)), most=1),),
            (Many("data_sets", "md:DataSetReference", SET, whole=True, most=1),),
            (Many("data_keys", "md:DataKey", DATA_KEY, whole=True, most=1),),
            (Object(),),
        ),
        required=True,
        strict=True,
    ),
)
_TARGET = Record(
    Region,
    (
        ALWAYS,
        Attr("metadata_target", "id", ID, required=True),
        Many("key_values", "md:ReferenceValue", _VALUE, least=1, whole=True),
    ),
)
_ONLY = Region(report=REPORT, metadata_target=TARGET, key_values=(MemberSelection(id=OBJECT),))


@dataclass(frozen=True)
class Report(Part):
    """The report of a set."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("key", "targets", "attributes")

    def write(self, of: Any, out: Out) -> None:
        key = of.key or _ONLY
        inside = out.inside()
        inside.attribute("id", ID.write(key.report))
        about = replace(key, report="", key_values=tuple(_filled(key, of.targets)))
        inside.content.append(_TARGET.write("md:Target", about, out.context, out.under("key")))
        _SAID.write(of, inside)
        out.content.append(inside.closed("md:Report"))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """One report; where a set has several, the reader asks for each by itself."""
        report = Node(node.all("Report")[0], node.context)
        if (target := report.one("Target")) is None:
            raise bad(report.of, "Target")
        about: Region = _TARGET.read(target, node.context)
        if any(_is_nothing(one) for one in about.key_values):
            raise bad(target, "ReferenceValue")
        found["targets"] = tuple(named for one in about.key_values for named in one.objects)
        bare = tuple(replace(one, objects=()) for one in about.key_values)
        key = replace(about, report=report.of.get("id") or "", key_values=bare)
        found["key"] = None if key == _ONLY else key
        _SAID.read(report, found)


def _filled(key: Region, targets: tuple[Ref | ItemRef, ...]) -> Iterator[MemberSelection]:
    """The parts of a target, each of those that say nothing with the next of what the report is about."""
    named = iter(targets)
    for one in key.key_values:
        object = next(named, None) if _is_nothing(one) else None
        yield replace(one, objects=(object,)) if object is not None else one
    if next(named, None) is not None:
        raise Unfit("ML_TOO_MANY")


def _is_nothing(one: MemberSelection) -> bool:
    return one == MemberSelection(id=one.id)


@dataclass(frozen=True)
class Subject(Part):
    """What the set is of, which the header says: a metadata flow, else a metadata structure. Agreements of 2.1 are others."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("metadataflow", "provision", "structure")

    def write(self, of: Any, out: Out) -> None:
        if subject_of(of) is None:
            raise Unfit("ML_TOO_FEW")
        for name in ("provision", "structure"):
            if (said := getattr(of, name)) is not None and said is not subject_of(of):
                out.lose(name, "ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Whoever reads the message adds it."""


def subject_of(of: MetadataSet) -> Ref | None:
    """What the header names."""
    return of.metadataflow or of.structure


OLD_METADATA_SET = Record(
    MetadataSet,
    (
        Attr("reporting_begin", "reportingBeginDate", BASIC_PERIOD),
        Attr("reporting_end", "reportingEndDate", BASIC_PERIOD),
        Attr("publication_year", "publicationYear", YEAR),
        Attr("publication_period", "publicationPeriod", PERIOD),
        Subject(),
        Identity(),
        ArtefactNames(),
        Report(),
    ),
)
SUBJECTS = {
    Kind.METADATAFLOW: RefTo("metadataflow", "com:StructureUsage", (Kind.METADATAFLOW,)),
    Kind.METADATA_STRUCTURE: RefTo("structure", "com:Structure", (Kind.METADATA_STRUCTURE,)),
}
"""What the header may name."""
