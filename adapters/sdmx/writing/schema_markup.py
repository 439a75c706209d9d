"""XML schemas for structure-specific data of one structure in SDMX-ML 2.1, 3.0 and 3.1: what may be said, and nothing else.

They restrict the types of ``SDMXDataStructureSpecific.xsd``, which they import together with ``SDMXCommon.xsd``; a message is
valid by these and by ``SDMXMessage.xsd``. Attributes are optional everywhere, because a message may say only what changed.

Source: SDMX 2.1 section 3A part IV and SDMX 3.0 section 3A part V, "Structure Specific Data", "Mapping to Structure-Specific
Schemas".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.sdmx.reporting_years import START_DAY
from adapters.sdmx.writing.schema_types import simple_type
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, MEASURE
from adapters.sdmx.writing.validity import Valid, Values
from adapters.sdmx.writing.xml import DECLARATION, element, namespaces, opening
from registry.model import Level

OFFICIAL = "https://registry.sdmx.org/schemas"
XS = "http://www.w3.org/2001/XMLSchema"
NONE = {"minOccurs": "0"}
MANY = {"minOccurs": "0", "maxOccurs": "unbounded"}


def schema_markup(valid: Valid, version: str) -> Iterator[str]:
    """The schema in pieces; ``version`` is ``2.1``, ``3.0`` or ``3.1``."""
    yield from _Schema(valid, version).pieces()


@dataclass(frozen=True)
class _Schema:
    valid: Valid
    version: str

    @property
    def _modern(self) -> bool:
        return self.version != "2.1"

    @property
    def _flat(self) -> bool:
        return self.valid.at == ALL_DIMENSIONS

    def pieces(self) -> Iterator[str]:
        own, known = f"{self.valid.ref.urn}:ObsLevelDim:{self.valid.at}", namespaces(self.version)
        spaces = {"xmlns:xs": XS, "xmlns": own, "xmlns:ss": known["ss"], "xmlns:com": known["com"], "targetNamespace": own}
        yield DECLARATION + opening("xs:schema", spaces | {"elementFormDefault": "qualified"})
        base = f"{OFFICIAL}/v{self.version.replace('.', '_')}"
        for space, file in (("com", "SDMXCommon"), ("ss", "SDMXDataStructureSpecific")):
            yield element("xs:import", {"namespace": known[space], "schemaLocation": f"{base}/{file}.xsd"})
        for values in self.valid.every:
            yield from simple_type({"name": f"{values.id}.Values"}, values.codes, values.format)
        yield self._data_set()
        yield from self._groups()
        if not self._flat:
            yield self._series()
        yield self._observation()
        yield from self._modern_types() if self._modern else ()
        yield "</xs:schema>"

    def _data_set(self) -> str:
        provider = child("DataProvider", "com:DataProviderReferenceType", NONE)
        data = child("Obs", "ObsType") if self._flat else child("Series", "SeriesType")
        groups = child("Group", "ss:GroupType") if self.valid.groups else ""
        if self._modern:
            content = element("xs:choice", MANY, child("Atts", "AttsType") + groups + data)
            return self._restricted("DataSetType", provider + content, ())
        groups = groups.replace("/>", ' minOccurs="0" maxOccurs="unbounded"/>')
        many = data.replace("/>", ' maxOccurs="unbounded"/>')
        content = groups + element("xs:choice", NONE, many)
        return self._restricted("DataSetType", provider + content, self._uses(self.valid.at_level(Level.DATA_SET)))

    def _groups(self) -> Iterator[str]:
        """A type for each group, which a message names by ``xsi:type``."""
        for name, dimensions in self.valid.groups.items():
            uses = [*self._keys(dimensions), *self._uses(self.valid.of_group(name))]
            yield self._restricted(f"{name}.Group", self._repeated(), uses, base="GroupType")

    def _series(self) -> str:
        keys = self._keys(one for one in self.valid.dimensions if one != self.valid.at)
        shared = [one for one in self.valid.attributes if one.level not in (Level.DATA_SET, Level.OBSERVATION)]
        content = self._repeated() + child("Obs", "ObsType", MANY)
        return self._restricted("SeriesType", content, [*keys, *self._uses(shared)])

    def _observation(self) -> str:
        """Where series are no time series, what belongs to a series stands with its observations."""
        keys = self._keys(self.valid.dimensions if self._flat else [self.valid.at])
        moved = () if self.valid.at == self.valid.time else (Level.SERIES, Level.GROUP)
        attributes = [one for one in self.valid.attributes if one.level in (Level.OBSERVATION, *moved)]
        measures = [_use(one.id if self._modern else MEASURE, f"{one.id}.Values", False) for one in self.valid.measures]
        return self._restricted("ObsType", self._repeated(), [*keys, *measures, *self._uses(attributes)])

    def _modern_types(self) -> Iterator[str]:
        """Attributes by any part of the key, and components with several values."""
        keys = [_use(name, self._type(name), False) for name in self.valid.dimensions]
        yield self._restricted("AttsType", self._repeated(), [*keys, *self._uses(self.valid.attributes)])
        if names := [one.id for one in (*self.valid.attributes, *self.valid.measures) if one.several]:
            ids = "".join(element("xs:enumeration", {"value": name}) for name in names)
            base = element("xs:restriction", {"base": "com:NCNameIDType"}, ids)
            content = element("xs:simpleType", content=base)
            use = element("xs:attribute", {"name": "id", "use": "required"}, content)
            value = child("Value", "com:StringValueType", MANY)
            yield self._restricted("CompType", value, [use])

    def _repeated(self) -> str:
        several = any(one.several for one in (*self.valid.attributes, *self.valid.measures))
        return child("Comp", "CompType", MANY) if self._modern and several else ""

    def _restricted(self, name: str, content: str, uses: Iterable[str], base: str = "") -> str:
        sequence = element("xs:sequence", content=element("xs:element", {"ref": "com:Annotations", **NONE}) + content)
        prohibited = "" if self._modern or START_DAY in self.valid.ids else _NOT_HERE
        inner = sequence + "".join(dict.fromkeys(uses)) + prohibited
        restriction = element("xs:restriction", {"base": f"ss:{base or name}"}, inner)
        return element("xs:complexType", {"name": name}, element("xs:complexContent", content=restriction))

    def _keys(self, names: Iterable[str]) -> list[str]:
        """In a message that deletes a dimension left out means all of its codes."""
        return [_use(name, self._type(name), not self.valid.deletion) for name in names]

    def _uses(self, values: Iterable[Values]) -> list[str]:
        return [_use(one.id, f"{one.id}.Values", False) for one in values if not (one.several and self._modern)]

    def _type(self, dimension: str) -> str:
        return "com:ObservationalTimePeriodType" if dimension == self.valid.time else f"{dimension}.Values"


_NOT_HERE = element("xs:attribute", {"name": START_DAY, "type": "xs:gMonthDay", "use": "prohibited"})


def child(name: str, type_: str | None = None, occurs: dict[str, str] | None = None) -> str:
    """An element that has no namespace, of any type where none is said."""
    return element("xs:element", {"name": name, "type": type_, "form": "unqualified", **(occurs or {})})


def _use(name: str, type_: str, required: bool) -> str:
    return element("xs:attribute", {"name": name, "type": type_, "use": "required" if required else "optional"})
