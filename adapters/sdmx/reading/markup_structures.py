"""Structure messages in SDMX-ML 2.1, 3.0 and 3.1 into artefacts, as a stream: items are let go as soon as they are read.

An artefact that cannot be read is a fault, and the others are read. Source: SDMX 2.1 section 3A part III; 3.0, 3.1 section 3A.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from lxml import etree

from adapters.sdmx.elements import local, namespace
from adapters.sdmx.markup.artefacts import CONTAINERS, KINDS, RECORDS
from adapters.sdmx.markup.common import UNVERSIONED
from adapters.sdmx.markup.constraints import speaks_of_reports
from adapters.sdmx.markup.grammar import Context, bad
from adapters.sdmx.markup.items import Items, items_part
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.reading.xml import events
from registry.errors import HubError, Invalid
from registry.model import Artefact
from registry.ref import Kind, Ref
from registry.submission import Purpose

_NAMESPACES = {f"/v{version.replace('.', '_')}/": version for version in CONTAINERS}

_PLACE = 200
"""Characters of an artefact's name in what is said of it; whoever sent more knows the rest."""

_ANSWER = "AvailabilityConstraint"
"""What is there, in SDMX 3.1: said beside artefacts, and none itself, for it has neither id nor version."""


def read_markup(stream: BinaryIO) -> StructureMessage:
    """The message; :class:`Invalid` XML_BROKEN, XML_UNSAFE, or STRUCTURE_UNREADABLE where it is none of a version we read."""
    walk = _Walk()
    for event, element in events(stream):
        if event == "start":
            walk.start(element)
        else:
            walk.end(element)
    return walk.message()


@dataclass
class _Open:
    """An artefact whose element has begun. ``place`` names it in faults; ``items`` is the part that is read in between."""

    context: Context
    kind: Kind
    place: str
    items: Items | None
    last: etree._Element | None = None
    error: HubError | None = None


@dataclass
class _Walk:
    """Where in the message we are. ``base`` is the depth of ``Structures``: containers, artefacts and items are below it."""

    version: str = ""
    depth: int = 0
    base: int = 0
    open: _Open | None = None
    artefacts: list[Artefact] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)

    def start(self, element: etree._Element) -> None:
        self.depth += 1
        if self.depth == 1:
            self.version = version_of(element)
        if action := element.get("action") if not self.base and self.depth == 2 else None:
            self.header["action"] = _purpose(element, action)
        if not self.base and local(element) == "Structures":
            self.base = self.depth
        elif self.base and self.depth == self.base + 2:
            self._begin(element)

    def end(self, element: etree._Element) -> None:
        if self.base and self.open and self.depth == self.base + 3:
            self._item(self.open, element)
        elif self.base and self.depth == self.base + 2:
            self._finish(element)
            _forget(element)
        elif local(element) == "Header" and self.depth == 2:
            self.header |= header_of(element)
        if self.depth == self.base:
            self.base = 0
        self.depth -= 1

    def _begin(self, element: etree._Element) -> None:
        name = local(element)
        if name == _ANSWER:
            return
        kind = KINDS[self.version].get(name)
        place = f"{name} {element.get('agencyID') or '-'}:{element.get('id') or '-'}({element.get('version') or '1.0'})"[
            :_PLACE
        ]
        with self._faults(place):
            if kind is None:
                raise bad(element, "", name)
            ref = ref_of(element, kind, self.version)
            context = Context(self.version, ref, items=[])
            self.open = _Open(context, kind, place, items_part(RECORDS[kind], self.version))

    def _item(self, open: _Open, element: etree._Element) -> None:
        if open.items is None or local(element) != open.items.tag.partition(":")[2]:
            return
        if open.error is None and open.context.items is not None:
            try:
                open.context.items += open.items.made(element, open.context)
            except HubError as error:
                open.error = error
        _forget(element)

    def _finish(self, element: etree._Element) -> None:
        open, self.open = self.open, None
        if open is None:
            return
        with self._faults(open.place, open.context.ref):
            if open.error is not None:
                raise open.error
            self.artefacts.append(_artefact(open, element))

    @contextmanager
    def _faults(self, place: str, ref: Ref | None = None) -> Iterator[None]:
        try:
            yield
        except HubError as error:
            self.faults.append(Fault(place, error, ref))

    def message(self) -> StructureMessage:
        return StructureMessage(tuple(self.artefacts), tuple(self.faults), self.version, **self.header)


def _artefact(open: _Open, element: etree._Element) -> Artefact:
    kind, context = open.kind, open.context
    if local(element) == "ContentConstraint" and speaks_of_reports(element):
        kind = Kind.METADATA_CONSTRAINT
        context.ref = Ref(kind, context.ref.agency, context.ref.id, context.ref.version)
    made: Artefact = RECORDS[kind].read(element, context)
    return made


def version_of(root: etree._Element) -> str:
    """The version of SDMX-ML by the namespace; :class:`Invalid` STRUCTURE_UNREADABLE for none that is read."""
    home = namespace(root)
    found = next((version for part, version in _NAMESPACES.items() if part in home), None)
    if found is None:
        raise Invalid("STRUCTURE_UNREADABLE", reason=f"<{local(root)}> ({home or '-'})"[:200])
    return found


def ref_of(of: etree._Element, kind: Kind, version: str) -> Ref:
    """The artefact that an element is; without a version the first."""
    id_, agency = of.get("id"), of.get("agencyID")
    if not id_ or not agency:
        raise bad(of, "id" if not id_ else "agencyID")
    said = "1.0" if kind in UNVERSIONED[version] else of.get("version")
    return Ref(kind, agency, id_, said or "1.0")


def _forget(element: etree._Element) -> None:
    """Let go of what is read, and of what came before it: an element can only be taken away once the next has begun."""
    element.clear()
    before = element.getprevious()
    if before is not None and local(before) == local(element):
        parent = element.getparent()
        if parent is not None:
            parent.remove(before)


def header_of(of: etree._Element) -> dict[str, Any]:
    """What is kept of a header, by the fields of a message."""
    found: dict[str, Any] = {}
    for child in of:
        text = (child.text or "").strip()
        match local(child):
            case "ID":
                found["id"] = text
            case "Test":
                found["test"] = text in ("true", "1")
            case "Prepared":
                found["prepared"] = _moment(text)
            case "Sender":
                found["sender"] = child.get("id") or ""
            case "DataSetAction":
                found["action"] = _purpose(child, text)
    return found


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _purpose(of: etree._Element, text: str) -> Purpose:
    try:
        return Purpose(text)
    except ValueError:
        raise bad(of, "action", text) from None
