"""SDMX messages about the harvest of Đất Nước Sen (:mod:`tests.world`), written here so that no file is needed.

A statement is one observation: series key, period, value and attributes, for example
``Statement("Q.01.LUA", "2023-Q1", "120.5", {"OBS_STATUS": "P"})``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import quoteattr

from registry.model import (
    AgencyScheme,
    Artefact,
    Attribute,
    Codelist,
    Component,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Item,
    ItemScheme,
    Level,
)
from registry.ref import PARTS, Ref
from tests import world

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
KEY = world.DSD.key
UPPER = ("UNIT_MEASURE", "UNIT_MULT")


@dataclass(frozen=True)
class Statement:
    key: str
    period: str
    value: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    upper: dict[str, str] = field(default_factory=lambda: dict(world.TONNES))

    @property
    def dimensions(self) -> dict[str, str]:
        return dict(zip(KEY, self.key.split("."), strict=True))


HARVEST = [
    Statement("Q.01.LUA", "2023-Q1", "120.5"),
    Statement("Q.01.LUA", "2023-Q2", "98.25", {"OBS_STATUS": "P", "NOTE": 'lụt & "bão" <nhẹ>'}),
    Statement("Q.01.LUA", "2023-Q4", None),
    Statement("Q.02.LUA", "2023-Q1", "80"),
    Statement("A.01.LUA", "2023", "348.75"),
]


def _attributes(parts: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(text)}" for name, text in parts.items())


def _root(name: str, version: str) -> str:
    spaces = {"m": "message", "c": "common", "s": "structure", "g": "data/generic", "d": "data/structurespecific"}
    named = "".join(f' xmlns:{prefix}="{BASE}/v{version}/{home}"' for prefix, home in spaces.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><m:{name}{named} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'


def _header(use: str, arranged: str, action: str) -> str:
    return (
        '<m:Header><m:ID>T1</m:ID><m:Test>false</m:Test><m:Prepared>2025-07-01T00:00:00Z</m:Prepared><m:Sender id="SEN"/>'
        f'<m:Structure structureID="S1" dimensionAtObservation="{arranged}">{use}</m:Structure>'
        f"<m:DataSetAction>{action}</m:DataSetAction></m:Header>"
    )


USE_DSD = '<c:Structure><Ref agencyID="SEN" id="MUA" version="1.0"/></c:Structure>'
USE_DATAFLOW = '<c:StructureUsage><Ref agencyID="SEN" id="MUA" version="1.0"/></c:StructureUsage>'
USE_DSD_30 = f"<c:Structure>{world.DSD.ref.urn}</c:Structure>"


def specific(
    statements: Iterable[Statement],
    *,
    flat: bool = False,
    version: str = "2_1",
    use: str | None = None,
    action: str = "Information",
    dataset: str = "",
    groups: str = "",
) -> bytes:
    """Structure-specific data; flat, or with a ``Series`` for neighbours of the same key."""
    use = use or (USE_DSD if version == "2_1" else USE_DSD_30)
    body = _flat(statements) if flat else _series(statements)
    head = _root("StructureSpecificData", version) + _header(use, "AllDimensions" if flat else "TIME_PERIOD", action)
    return f'{head}<m:DataSet d:structureRef="S1"{dataset}>{groups}{body}</m:DataSet></m:StructureSpecificData>'.encode()


def _observation(statement: Statement, common: dict[str, str]) -> str:
    value = {} if statement.value is None else {"OBS_VALUE": statement.value}
    period = {"TIME_PERIOD": statement.period} if statement.period else {}
    return f"<Obs{_attributes(common | period | value | statement.attributes)}/>"


def _flat(statements: Iterable[Statement]) -> str:
    return "".join(_observation(statement, statement.dimensions | statement.upper) for statement in statements)


def _series(statements: Iterable[Statement]) -> str:
    found = []
    for (key, upper), group in groupby(statements, lambda one: (one.dimensions, one.upper)):
        observations = "".join(_observation(statement, {}) for statement in group)
        found.append(f"<Series{_attributes(key | upper)}>{observations}</Series>")
    return "".join(found)


def generic(statements: Iterable[Statement], *, flat: bool = False, use: str = USE_DSD, action: str = "Information") -> bytes:
    """Generic data of SDMX-ML 2.1."""
    body = "".join(_generic_flat(one) for one in statements) if flat else _generic_series(statements)
    head = _root("GenericData", "2_1") + _header(use, "AllDimensions" if flat else "TIME_PERIOD", action)
    return f'{head}<m:DataSet structureRef="S1">{body}</m:DataSet></m:GenericData>'.encode()


def _values(name: str, parts: dict[str, str]) -> str:
    values = "".join(f"<g:Value id={quoteattr(id_)} value={quoteattr(text)}/>" for id_, text in parts.items())
    return f"<g:{name}>{values}</g:{name}>" if parts else ""


def _generic_value(statement: Statement) -> str:
    return "" if statement.value is None else f"<g:ObsValue value={quoteattr(statement.value)}/>"


def _generic_flat(one: Statement) -> str:
    key = _values("ObsKey", one.dimensions | {"TIME_PERIOD": one.period})
    return f"<g:Obs>{key}{_generic_value(one)}{_values('Attributes', one.upper | one.attributes)}</g:Obs>"


def _generic_series(statements: Iterable[Statement]) -> str:
    found = []
    for (key, upper), group in groupby(statements, lambda one: (one.dimensions, one.upper)):
        observations = "".join(
            f"<g:Obs><g:ObsDimension value={quoteattr(one.period)}/>{_generic_value(one)}"
            f"{_values('Attributes', one.attributes)}</g:Obs>"
            for one in group
        )
        found.append(f"<g:Series>{_values('SeriesKey', key)}{_values('Attributes', upper)}{observations}</g:Series>")
    return "".join(found)


COLUMNS = (*KEY, "TIME_PERIOD", "OBS_VALUE", *UPPER, "OBS_STATUS", "NOTE")


def _cell(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',;"\n\r') else text


def _row(one: Statement) -> list[str]:
    parts = one.dimensions | {"TIME_PERIOD": one.period, "OBS_VALUE": one.value or ""} | one.upper | one.attributes
    return [parts.get(column, "") for column in COLUMNS]


def csv_1(statements: Iterable[Statement]) -> bytes:
    rows = [["DATAFLOW", *COLUMNS], *(["SEN:MUA(1.0)", *_row(one)] for one in statements)]
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in rows).encode()


def csv_2(statements: Iterable[Statement], *, action: str = "I", what: str = "datastructure", between: str = ",") -> bytes:
    head = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *COLUMNS]
    rows = [head, *([what, "SEN:MUA(1.0)", action, *_row(one)] for one in statements)]
    return "".join(between.join(map(_cell, row)) + "\n" for row in rows).encode()


def json_data(statements: Sequence[Statement], *, version: int = 1) -> bytes:
    """SDMX-JSON with all dimensions at the observation; numbers stand as numbers where they are."""
    seen: dict[str, list[str]] = {column: [] for column in COLUMNS}
    observations: dict[str, str] = {}
    for one in statements:
        parts = dict(zip(COLUMNS, _row(one), strict=True))
        key = ":".join(_index(seen, name, parts[name]) or "" for name in (*KEY, "TIME_PERIOD"))
        marks = [_index(seen, name, parts[name]) or "null" for name in (*UPPER, "OBS_STATUS", "NOTE")]
        observations[key] = f"[{', '.join([one.value or 'null', *marks])}]"
    components = {name: {"id": name, "values": [{"id": text} for text in texts]} for name, texts in seen.items()}
    structure = {
        "links": [{"rel": "datastructure", "urn": world.DSD.ref.urn}],
        "dimensions": {"observation": [components[name] for name in (*KEY, "TIME_PERIOD")]},
        "attributes": {"observation": [components[name] for name in (*UPPER, "OBS_STATUS", "NOTE")]},
    }
    found = "{" + ", ".join(f'"{key}": {values}' for key, values in observations.items()) + "}"
    sets = f'"dataSets": [{{"action": "Information", "observations": {found}}}]'
    if version == 1:
        return f'{{"meta": {{}}, "data": {{"structure": {json.dumps(structure)}, {sets}}}}}'.encode()
    return f'{{"meta": {{}}, "data": {{"structures": [{json.dumps(structure)}], {sets}}}}}'.encode()


def _index(seen: dict[str, list[str]], name: str, text: str) -> str | None:
    if not text:
        return None
    if text not in seen[name]:
        seen[name].append(text)
    return str(seen[name].index(text))


def structure(artefacts: Iterable[Artefact], version: str = "2_1") -> bytes:
    """A structure message of SDMX-ML 2.1 or 3.0."""
    made = list(artefacts)
    parts = [
        *_container("OrganisationSchemes" if version == "2_1" else "AgencySchemes", made, AgencyScheme, version),
        *_container("Dataflows", made, Dataflow, version),
        *_container("Codelists", made, Codelist, version),
        *_container("Concepts" if version == "2_1" else "ConceptSchemes", made, ConceptScheme, version),
        *_container("DataStructures", made, DataStructure, version),
    ]
    head = "<m:Header><m:ID>T2</m:ID><m:Test>false</m:Test><m:Prepared>2025-07-01T00:00:00Z</m:Prepared>"
    head += '<m:Sender id="SEN"/></m:Header>'
    return f"{_root('Structure', version)}{head}<m:Structures>{''.join(parts)}</m:Structures></m:Structure>".encode()


def _container(name: str, made: list[Artefact], kind: type, version: str) -> list[str]:
    found = "".join(_artefact(one, version) for one in made if isinstance(one, kind))
    return [f"<s:{name}>{found}</s:{name}>"] if found else []


def _artefact(made: Artefact, version: str) -> str:
    final = ' isFinal="true"' if made.is_final and version == "2_1" else ""
    name = made.ref.kind.value
    attributes = f'id="{made.ref.id}" agencyID="{made.ref.agency}" version="{made.ref.version}"{final}'
    return f"<s:{name} {attributes}>{_texts(made)}{_content(made, version)}</s:{name}>"


def _texts(made: Artefact | Item) -> str:
    names = "".join(f'<c:Name xml:lang="{lang}">{text}</c:Name>' for lang, text in made.names.items())
    return names + "".join(
        f'<c:Description xml:lang="{lang}">{text}</c:Description>' for lang, text in made.descriptions.items()
    )


def _content(made: Artefact, version: str) -> str:
    if isinstance(made, ItemScheme):
        return "".join(_item(PARTS[made.ref.kind][0], item, version) for item in made.items)
    if isinstance(made, Dataflow):
        assert made.structure is not None
        return f"<s:Structure>{_reference(made.structure, version)}</s:Structure>"
    assert isinstance(made, DataStructure)
    return f"<s:DataStructureComponents>{_components(made, version)}</s:DataStructureComponents>"


def _item(kind: str, item: Item, version: str) -> str:
    parent = item.parent
    below = f'<s:Parent><Ref id="{parent}"/></s:Parent>' if version == "2_1" else f"<s:Parent>{parent}</s:Parent>"
    return f'<s:{kind} id="{item.id}">{_texts(item)}{below if parent else ""}</s:{kind}>'


def _reference(ref: Ref, version: str) -> str:
    plain = f'<Ref id="{ref.id}" agencyID="{ref.agency}" version="{ref.version}" class="{ref.kind.value}"/>'
    return plain if version == "2_1" else ref.urn


def _components(dsd: DataStructure, version: str) -> str:
    dimensions = "".join(_part("TimeDimension" if one.is_time else "Dimension", one, version) for one in dsd.dimensions)
    attributes = "".join(_part("Attribute", one, version, _relation(one, dsd, version)) for one in dsd.attributes)
    measure = _part("PrimaryMeasure" if version == "2_1" else "Measure", dsd.measures[0], version)
    return (
        f'<s:DimensionList id="DimensionDescriptor">{dimensions}</s:DimensionList>'
        f'<s:AttributeList id="AttributeDescriptor">{attributes}</s:AttributeList>'
        f'<s:MeasureList id="MeasureDescriptor">{measure}</s:MeasureList>'
    )


def _part(name: str, one: Component, version: str, relation: str = "") -> str:
    concept, codelist = world.CONCEPTS.ref, one.codelist
    id_ = one.id
    if version == "2_1":
        inner = f'<Ref id="{id_}" maintainableParentID="{concept.id}" maintainableParentVersion="1.0" agencyID="SEN"'
        identity = f'{inner} package="conceptscheme" class="Concept"/>'
    else:
        identity = concept.item_urn(id_)
    usage = ""
    if isinstance(one, Attribute):
        words = {"2_1": ("assignmentStatus", "Mandatory", "Conditional"), "3_0": ("usage", "mandatory", "optional")}[version]
        usage = f' {words[0]}="{words[1] if one.mandatory else words[2]}"'
    form = '<s:TextFormat textType="ObservationalTimePeriod"/>' if name == "TimeDimension" else ""
    form = f"<s:Enumeration>{_reference(codelist, version)}</s:Enumeration>" if codelist else form
    local = f"<s:LocalRepresentation>{form}</s:LocalRepresentation>" if form else ""
    return f'<s:{name} id="{id_}"{usage}><s:ConceptIdentity>{identity}</s:ConceptIdentity>{local}{relation}</s:{name}>'


def _relation(attribute: Attribute, dsd: DataStructure, version: str) -> str:
    level = attribute.level
    if level == Level.DATA_SET:
        inner = "<s:None/>" if version == "2_1" else "<s:Dataflow/>"
    elif level == Level.SERIES:
        wrapped = '<s:Dimension><Ref id="{}"/></s:Dimension>' if version == "2_1" else "<s:Dimension>{}</s:Dimension>"
        inner = "".join(wrapped.format(id_) for id_ in dsd.key)
    else:
        inner = '<s:PrimaryMeasure><Ref id="OBS_VALUE"/></s:PrimaryMeasure>' if version == "2_1" else "<s:Observation/>"
    return f"<s:AttributeRelationship>{inner}</s:AttributeRelationship>"
