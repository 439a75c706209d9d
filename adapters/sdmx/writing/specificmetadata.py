"""Structure-specific metadata messages of SDMX-ML 2.1: what a generic one says, in types and elements that bear the ids of the
metadata structure. A set is of the types of the schema that ``/schema`` gives for what the header names, whose URN is their
namespace; ids stand there too, so that nobody needs the schema to read it.

Source: ``SDMXMetadataStructureSpecific.xsd`` of SDMX 2.1; SDMX 2.1 section 3A part IV, "Metadata Structure Specific Schema".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from adapters.sdmx.elements import local, namespace
from adapters.sdmx.markup.values import Unfit
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markupmetadata import generic_set, structures, subject
from adapters.sdmx.writing.shown import Lost, Shown, StructureFormat
from adapters.sdmx.writing.xml import DECLARATION, NAMESPACES, chunks, declared, element, escape, opening
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import Ref

_VERSION = "2.1"
SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/metadata/structurespecific"
"""The namespace of the types that those of a structure restrict."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""An id that an element or a type can have as its name."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_AROUND = opening("x", declared("mes", "com", "md"))


def _message(header: Header, shown: Sequence[Shown]) -> Iterator[str]:
    lost = list(header.lacking)
    names = structures(_VERSION, shown)
    sets = [text for one in shown if (text := _written(one, lost, names)) is not None]
    spaces = {f"xmlns:{name}": one.urn for one, name in names.items()}
    root = opening("mes:StructureSpecificMetadata", declared("mes", "com", "xsi") | {"xmlns:md": SPACE} | spaces)
    yield DECLARATION + root + header.xml("".join(_structure(one, name) for one, name in names.items()))
    yield from sets
    yield f"{footer(_VERSION, lost)}</mes:StructureSpecificMetadata>"


def _structure(of: Ref, name: str) -> str:
    return element("mes:Structure", {"structureID": name, "namespace": of.urn}, subject(of, _VERSION))


def _written(one: Shown, lost: list[Lost], names: Mapping[Ref, str]) -> str | None:
    """A report; None where it cannot be held."""
    ref, mark = one.artefact.ref, len(lost)
    generic = generic_set(_VERSION, one, lost, names)
    if generic is None:
        return None
    try:
        told = _told(etree.fromstring(f"{_AROUND}{generic}</x>")[0])
    except Unfit as unfit:
        lost[mark:] = [Lost(ref, "", unfit.reason)]
        return None
    known = [each.place for each in lost[mark:]]
    fields = one.artefact.attributes if isinstance(one.artefact, MetadataSet) else ()
    lost += (Lost(ref, place, "ML_NOT_OF_TYPE") for place in _nameless(fields, "attributes", known))
    return told


def _nameless(fields: Sequence[ReportedAttribute], name: str, known: Sequence[str]) -> Iterator[str]:
    """The places of the fields whose ids no element can have, but for those that are known to be lost."""
    for number, one in enumerate(fields):
        place = f"{name}[{number}]"
        if place in known:
            continue
        if NAME.fullmatch(one.id):
            yield from _nameless(one.children, f"{place}.children", known)
        else:
            yield place


# A generic set told again


def _told(of: etree._Element) -> str:
    name = of.get("structureRef") or ""
    qualified = {f"md:{key!s}": str(value) for key, value in of.attrib.items()}
    content = "".join(_report(child, name) if local(child) == "Report" else _copied(child) for child in of)
    return element("mes:MetadataSet", qualified | {"xsi:type": f"{name}:MetadataSetType"}, content)


def _report(of: etree._Element, name: str) -> str:
    target, fields = of
    id_ = _named(of)
    if not (said := _fields(fields)):
        raise Unfit("ML_TOO_FEW")
    return element("Report", {"id": id_, "xsi:type": f"{name}:{id_}"}, _target(target, name, id_) + said)


def _target(of: etree._Element, name: str, report: str) -> str:
    id_ = _named(of)
    values = "".join(_value(one, f"{name}:{id_}") for one in of)
    return element("Target", {"id": id_, "xsi:type": f"{name}:{report}.{id_}"}, values)


def _value(of: etree._Element, target: str) -> str:
    id_ = _named(of)
    content = "".join(element(local(one), content=_inside(one)) for one in of)
    return element("ReferenceValue", {"id": id_, "xsi:type": f"{target}.{id_}"}, content)


def _named(of: etree._Element) -> str:
    """The id of what a type of the schema is named after."""
    id_ = of.get("id") or ""
    if not NAME.fullmatch(id_):
        raise Unfit("ML_NOT_OF_TYPE")
    return id_


def _fields(of: etree._Element) -> str:
    """What is said, each under its id; nothing where no id is a name."""
    said = "".join(_field(one) for one in of if NAME.fullmatch(one.get("id") or ""))
    return element("AttributeSet", content=said) if said else ""


def _field(of: etree._Element) -> str:
    content = "".join(_fields(one) if local(one) == "AttributeSet" else _copied(one) for one in of)
    return element(of.get("id") or "", {"value": of.get("value")}, content)


_PREFIXES = {NAMESPACES["com"]: "com:", "": ""}


def _copied(of: etree._Element) -> str:
    attributes = {"xml:lang" if name == _LANG else str(name): str(value) for name, value in of.attrib.items()}
    return element(_PREFIXES[namespace(of)] + local(of), attributes, _inside(of))


def _inside(of: etree._Element) -> str:
    return escape(of.text or "") + "".join(map(_copied, of))


def _write(header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return chunks(_message(header, shown))


def _unheld(one: Shown) -> list[Lost]:
    lost: list[Lost] = []
    _written(one, lost, structures(_VERSION, [one]))
    return lost


ML_SPECIFIC_METADATA = {_VERSION: StructureFormat("sdmx-ml", _VERSION, _write, _unheld)}
"""The format by its version."""
