"""XML schemas for structure-specific metadata of SDMX-ML 2.1: the reports of one metadata structure, what each may be about,
and its fields in their order.

They restrict the types of ``SDMXMetadataStructureSpecific.xsd``, which they import together with ``SDMXCommon.xsd``; a message
is valid by these and by ``SDMXMessage.xsd``. The target namespace is the URN of what is asked about, for a flow may have other
constraints than its structure. Fields of texts may have a value instead, as with us. SDMX-ML 3.x has one generic form for all.

Source: SDMX 2.1 section 3A part IV, "Metadata Structure Specific Schema".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.sdmx.jsonshape.firstreports import OBJECT_TYPES
from adapters.sdmx.writing.schema_markup import MANY, NONE, OFFICIAL, XS, child
from adapters.sdmx.writing.schema_types import simple_type
from adapters.sdmx.writing.specificmetadata import NAME, SPACE
from adapters.sdmx.writing.validity import ReportField, ReportShape, ValidReports
from adapters.sdmx.writing.xml import DECLARATION, NAMESPACES, element, opening
from registry.model import UNBOUNDED, MetadataTarget, TargetObject, TargetType

_NOTES = element("xs:element", {"ref": "com:Annotations", **NONE})
_UNBOUNDED = {"maxOccurs": "unbounded"}
_TEXTUAL = ("String", "XHTML")
_TEXTS = element(
    "xs:choice",
    NONE,
    "".join(element("xs:element", {"ref": f"com:{tag}", **_UNBOUNDED}) for tag in ("Text", "StructuredText")),
)
_CONTENT = {
    TargetType.IDENTIFIABLE_OBJECT: ("ObjectReference", "com:ReferenceType"),
    TargetType.KEY_DESCRIPTOR_VALUES: ("DataKey", "com:DataKeyType"),
    TargetType.DATA_SET: ("DataSetReference", "com:SetReferenceType"),
    TargetType.CONSTRAINT_CONTENT: ("ConstraintContentReference", "com:AttachmentConstraintReferenceType"),
    TargetType.REPORT_PERIOD: ("ReportPeriod", "com:ObservationalTimePeriodType"),
}
_TYPED = OBJECT_TYPES - {"Any", "MetadataSet"}
"""The classes of objects that have a type of references of their own."""


def schema_old_reports(valid: ValidReports) -> Iterator[str]:
    """The schema in pieces."""
    own = valid.ref.urn
    spaces = {"xmlns:xs": XS, "xmlns": own, "xmlns:md": SPACE, "xmlns:com": NAMESPACES["com"], "targetNamespace": own}
    yield DECLARATION + opening("xs:schema", spaces | {"elementFormDefault": "qualified"})
    for space, file in ((NAMESPACES["com"], "SDMXCommon"), (SPACE, "SDMXMetadataStructureSpecific")):
        yield element("xs:import", {"namespace": space, "schemaLocation": f"{OFFICIAL}/v2_1/{file}.xsd"})
    yield _set()
    for target in valid.targets:
        yield from _target(target)
    for report in valid.reports:
        yield from _report(report)
    yield "</xs:schema>"


def _set() -> str:
    name = element("xs:element", {"ref": "com:Name", **MANY})
    provider = child("DataProvider", "com:DataProviderReferenceType", NONE)
    return _restricted(
        "MetadataSetType", "md:MetadataSetType", _NOTES + name + provider + child("Report", "ReportType", _UNBOUNDED)
    ) + (
        _restricted(
            "ReportType", "md:ReportType", _NOTES + child("Target", "md:TargetType") + child("AttributeSet"), abstract=True
        )
    )


def _target(target: MetadataTarget) -> Iterator[str]:
    """The type of each part of a target, and all parts, each once."""
    values = f"{target.id}.ReferenceValueType"
    every = "".join(child(tag, type_) for tag, type_ in _CONTENT.values())
    yield _restricted(values, "md:ReferenceValueType", every, abstract=True, group="xs:choice")
    for one in target.objects:
        yield _restricted(f"{target.id}.{one.id}", values, child(*_content(one)), one.id, group="xs:choice")
    number = str(len(target.objects))
    content = child("ReferenceValue", values, {"minOccurs": number, "maxOccurs": number})
    yield element("xs:group", {"name": target.id}, element("xs:sequence", content=content))


def _content(one: TargetObject) -> tuple[str, str]:
    tag, type_ = _CONTENT[one.type]
    if one.type is TargetType.IDENTIFIABLE_OBJECT:
        type_ = f"com:{one.object_type if one.object_type in _TYPED else 'Object'}ReferenceType"
    return tag, type_


def _report(report: ReportShape) -> Iterator[str]:
    """What it may be about, which part of that no more than once, and its fields."""
    about = f"{report.id}.TargetType"
    value = child("ReferenceValue", "md:ReferenceValueType", _UNBOUNDED)
    yield _restricted(about, "md:TargetType", value, abstract=True)
    for one in report.targets:
        yield _restricted(f"{report.id}.{one}", about, element("xs:group", {"ref": one}), one, group="")
    once = element("xs:selector", {"xpath": "*"}) + element("xs:field", {"xpath": "@id"})
    unique = element("xs:unique", {"name": f"{report.id}.Target.ReferenceValue.Unique"}, once)
    target = element("xs:element", {"name": "Target", "type": about, "form": "unqualified"}, unique)
    yield (
        opening("xs:complexType", {"name": report.id})
        + "<xs:complexContent>"
        + opening("xs:restriction", {"base": "ReportType"})
    )
    yield "<xs:sequence>" + _NOTES + target
    yield from _fields(report.fields, 1)
    yield "</xs:sequence>" + _id(report.id) + "</xs:restriction></xs:complexContent></xs:complexType>"


def _fields(fields: Sequence[ReportField], least: int) -> Iterator[str]:
    """The set of fields of a report or below a field, in their order."""
    yield opening("xs:element", {"name": "AttributeSet", "form": "unqualified", "minOccurs": str(least)})
    yield "<xs:complexType><xs:sequence>"
    for one in fields:
        if NAME.fullmatch(one.id):
            yield from _field(one)
    yield "</xs:sequence></xs:complexType></xs:element>"


def _field(field: ReportField) -> Iterator[str]:
    most = "unbounded" if field.most == UNBOUNDED else str(field.most)
    yield opening("xs:element", {"name": field.id, "form": "unqualified", "minOccurs": str(field.least), "maxOccurs": most})
    yield "<xs:complexType><xs:complexContent>" + opening("xs:restriction", {"base": "md:ReportedAttributeType"})
    yield "<xs:sequence>" + _NOTES + (_TEXTS if _textual(field) else "")
    if field.below:
        yield from _fields(field.below, int(any(one.least for one in field.below)))
    yield "</xs:sequence>" + _id(field.id)
    yield from _value(field)
    yield "</xs:restriction></xs:complexContent></xs:complexType></xs:element>"


def _textual(field: ReportField) -> bool:
    return not field.heading and field.codes is None and field.format.text_type in _TEXTUAL


def _value(field: ReportField) -> Iterator[str]:
    """Its only value; who says texts, or has fields below, may say none."""
    if field.heading:
        yield element("xs:attribute", {"name": "value", "use": "prohibited"})
        return
    yield opening("xs:attribute", {"name": "value", "use": "optional" if field.below or _textual(field) else "required"})
    yield from simple_type({}, field.codes, field.format)
    yield "</xs:attribute>"


def _id(id_: str) -> str:
    return element("xs:attribute", {"name": "id", "type": "com:IDType", "fixed": id_})


def _restricted(
    name: str, base: str, content: str, id_: str = "", *, abstract: bool = False, group: str = "xs:sequence"
) -> str:
    """A type, with the only id that its elements may have."""
    inner = (element(group, content=content) if group else content) + (_id(id_) if id_ else "")
    restriction = element("xs:restriction", {"base": base}, inner)
    said = {"name": name, "abstract": "true" if abstract else None}
    return element("xs:complexType", said, element("xs:complexContent", content=restriction))
