"""The components of data structures: dimensions and measures, and what all components have in common.

Source: ``SDMXStructureDataStructure.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.markup.common import ANNOTATIONS, LINKS
from adapters.sdmx.markup.formats import BASIC_FORMAT, SIMPLE_FORMAT, TIME_FORMAT, representation
from adapters.sdmx.markup.grammar import Node, Only, Out, Part, Record, bad, new, old
from adapters.sdmx.markup.parts import Attr, One, Single
from adapters.sdmx.markup.references import RefsTo, RefTo, written
from adapters.sdmx.markup.values import NCNAME, URI, Unfit, Value, matching
from adapters.sdmx.writing.xml import element
from registry.model import (
    Dimension,
    Measure,
    typed,
)
from registry.ref import Kind, Ref

PRIMARY = "OBS_VALUE"
"""The only id a primary measure may have in SDMX 2.1."""

CROSS_DOMAIN = Ref(Kind.CONCEPT_SCHEME, "SDMX", "CROSS_DOMAIN_CONCEPTS", "2.0")
"""Where a component takes its meaning from when its structure does not say: the standard does not allow none."""


_FIXED = {"TimeDimension": "TIME_PERIOD", "PrimaryMeasure": PRIMARY, "ReportingYearStartDay": "REPORTING_YEAR_START_DAY"}


@dataclass(frozen=True)
class Meaning(Part):
    """The concept of a component, and its id: where it is left out, the only one it may have, else that of the concept."""

    ids: Value = NCNAME
    part: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("id", "concept_identity")

    def write(self, of: Any, out: Out) -> None:
        out.attribute("id", self.ids.write(of.id))
        if self.part:
            out.attribute("urn", out.context.urns[self.part] + of.id)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        _CONCEPT.read(node, found)
        concept = found.get("concept_identity")
        if id_ := node.of.get("id") or _FIXED.get(local(node.of)) or (concept.id if concept else ""):
            found["id"] = id_


@dataclass(frozen=True)
class Identity(Part):
    """The element of the concept."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        named = of.concept_identity or CROSS_DOMAIN.item(of.id)
        out.content.append(element(_CONCEPT.tag, content=written(named, out.context.version)))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: :class:`Meaning` has read it."""


_CONCEPT = RefTo("concept_identity", "str:ConceptIdentity", ("Concept",))
ROLES = RefsTo("concept_roles", "str:ConceptRole", ("Concept",))


def component(part: str, ids: Value = NCNAME) -> tuple[Part | Only, ...]:
    """What all components begin with."""
    return (Meaning(ids, part), Attr("uri", "uri", URI), ANNOTATIONS, LINKS, Identity())


_LOCAL = "str:LocalRepresentation"


def looks(record: Record) -> One:
    """The representation of a component."""
    return One("representation", _LOCAL, record)


SIMPLE_LOOKS = looks(representation(SIMPLE_FORMAT, Kind.CODELIST))
FULL_LOOKS = looks(representation(BASIC_FORMAT, Kind.CODELIST, Kind.VALUE_LIST, occurs=True))


@dataclass(frozen=True)
class Position(Part):
    """The place of a dimension, counted from 1; the order of the elements says it too."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def write(self, of: Any, out: Out) -> None:
        out.attribute("position", str(int(out.place.rpartition("[")[2][:-1]) + 1))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        """Nothing: see :class:`Dimensions`."""


@dataclass(frozen=True)
class Marked(Single):
    """A truth that the name of the element says."""

    value: bool

    def write(self, of: Any, out: Out) -> None:
        if getattr(of, self.field) != self.value:
            out.lose(self.field, "ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = self.value


@dataclass(frozen=True)
class TimeLooks(Part):
    """How times look, which must be said: as observational periods where the model does not say."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("representation",)

    def write(self, of: Any, out: Out) -> None:
        told = of.representation or _PERIODS
        mark = len(out.context.lost)
        try:
            out.content.append(_TIME.write(_LOCAL, told, out.context, out.under("representation")))
        except Unfit as unfit:
            del out.context.lost[mark:]
            out.lose("representation", unfit.reason)
            out.content.append(_TIME.write(_LOCAL, _PERIODS, out.context, out.place))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        looks(_TIME).read(node, found)
        found.setdefault("representation", _PERIODS)


_TIME = representation(TIME_FORMAT)
_PERIODS = typed("ObservationalTimePeriod")
_ORDINARY = (Marked("is_time", False), Marked("is_measure", False))
DIMENSION = Record(Dimension, (*component("Dimension"), Position(), *_ORDINARY, SIMPLE_LOOKS, ROLES))
MEASURE_DIMENSION = Record(
    Dimension,
    (
        *component("MeasureDimension"),
        Position(),
        Marked("is_time", False),
        Marked("is_measure", True),
        One("representation", _LOCAL, representation(SIMPLE_FORMAT, Kind.CONCEPT_SCHEME), required=True),
        ROLES,
    ),
)
TIME_DIMENSION = Record(
    Dimension,
    (
        *component("TimeDimension", matching("TIME_PERIOD")),
        old(Position()),
        Marked("is_time", True),
        Marked("is_measure", False),
        TimeLooks(),
    ),
)
_DIMENSIONS = {"Dimension": DIMENSION, "MeasureDimension": MEASURE_DIMENSION, "TimeDimension": TIME_DIMENSION}


@dataclass(frozen=True)
class Dimensions(Part):
    """All dimensions, since a structure without one of them is another; the time dimension is the last in SDMX 3.x."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("dimensions",)

    def write(self, of: Any, out: Out) -> None:
        if sum(one.is_time for one in of.dimensions) > 1 or all(one.is_time for one in of.dimensions):
            raise Unfit("ML_ONE_TIME")
        for number, one in sorted(enumerate(of.dimensions), key=lambda pair: pair[1].is_time):
            tag = self._tag(one, out)
            place = out.under("dimensions", number)
            out.content.append(_DIMENSIONS[tag].write(f"str:{tag}", one, out.context, place))

    def _tag(self, of: Dimension, out: Out) -> str:
        if of.is_time:
            return "TimeDimension"
        return "MeasureDimension" if of.is_measure and out.context.version == "2.1" else "Dimension"

    def read(self, node: Node, found: dict[str, Any]) -> None:
        made = [
            (child, _DIMENSIONS[local(child)].read(child, node.context)) for child in node.of if local(child) in _DIMENSIONS
        ]
        made.sort(key=lambda pair: (pair[1].is_time, _position(pair[0])))
        found["dimensions"] = tuple(one for _, one in made)
        node.context.key = tuple(one.id for _, one in made if not one.is_time)
        node.context.time = next((one.id for _, one in made if one.is_time), "")


def _position(of: etree._Element) -> int:
    text = of.get("position") or "0"
    if not text.isdigit():
        raise bad(of, "position", text)
    return int(text)


USAGE = Value(lambda found: "mandatory" if found else "optional", lambda text: text.strip().lower() == "mandatory")
MEASURE = Record(Measure, (*component("Measure"), new(Attr("mandatory", "usage", USAGE)), FULL_LOOKS, ROLES))
PRIMARY_MEASURE = Record(Measure, (*component("PrimaryMeasure", matching(PRIMARY)), SIMPLE_LOOKS))
