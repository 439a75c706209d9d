"""Structure-specific data of SDMX-ML 2.1 and 3.x: parts are XML attributes; 3.x adds ``Comp`` for several values.

Source: SDMX 2.1 section 3A and 3.0 section 3A, "Structure Specific Data".
"""

from __future__ import annotations

from lxml import etree

from adapters.sdmx.reading.header import Arrangement
from adapters.sdmx.reading.xml import XSI_TYPE, local
from adapters.sdmx.reading.xmldata import Dialect
from registry.raw import Parts, RawValue


class Specific(Dialect):
    """``Series``, ``Obs``, ``Group`` and ``Atts`` with unqualified attributes."""

    def dataset(self, element: etree._Element) -> Parts:
        return _attributes(element)

    def group(self, element: etree._Element) -> Parts:
        parts = _parts(element)
        parts.pop("type", None)
        return parts

    def series(self, element: etree._Element) -> Parts:
        return _parts(element)

    def observation(self, element: etree._Element, arrangement: Arrangement) -> Parts:
        parts = _parts(element)
        if arrangement.explicit:
            named = element.get(XSI_TYPE) or str(parts.pop("type", ""))
            parts[arrangement.at_observation] = named.rpartition(":")[2]
        return parts


def _attributes(element: etree._Element) -> dict[str, RawValue]:
    return {str(name): str(value) for name, value in element.attrib.items() if str(name)[0] != "{"}


def _parts(element: etree._Element) -> dict[str, RawValue]:
    parts = _attributes(element)
    if len(element):
        for child in element:
            if local(child) == "Comp":
                parts[child.get("id") or ""] = _values(child)
    return parts


def _values(comp: etree._Element) -> RawValue:
    """Every text counts as a value, also those of one value in several languages."""
    found = tuple(text for value in comp if local(value) == "Value" for text in _texts(value))
    return found[0] if len(found) == 1 else found


def _texts(value: etree._Element) -> list[str]:
    return [child.text or "" for child in value] if len(value) else [value.text or ""]
