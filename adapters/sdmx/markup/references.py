"""References: URNs in SDMX 3.x; in 2.1 a ``Ref`` where one can say it, else a URN too.

Source: ``SDMXCommonReferences.xsd`` of SDMX 2.1 and 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.markup.grammar import Node, Out, bad
from adapters.sdmx.markup.parts import Single
from adapters.sdmx.markup.values import ID, NESTED_ID, NESTED_NCNAME, NEW_REFERENCE_VERSION, OLD_VERSION, Unfit
from adapters.sdmx.named_classes import ONLY_OLD, new_parts
from adapters.sdmx.writing.xml import attributes, element
from registry.errors import Invalid
from registry.ref import HOLDERS, PACKAGE, ItemRef, Kind, Ref, parse_urn

FIXED_IDS = {
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}
"""The only ids that these schemes may have; their version is 1.0."""

_OLD_KINDS = frozenset(
    {
        Kind.AGENCY_SCHEME,
        Kind.DATA_PROVIDER_SCHEME,
        Kind.DATA_CONSUMER_SCHEME,
        Kind.ORGANISATION_UNIT_SCHEME,
        Kind.CODELIST,
        Kind.CONCEPT_SCHEME,
        Kind.CATEGORY_SCHEME,
        Kind.CATEGORISATION,
        Kind.REPORTING_TAXONOMY,
        Kind.DATA_STRUCTURE,
        Kind.DATAFLOW,
        Kind.METADATA_STRUCTURE,
        Kind.METADATAFLOW,
        Kind.PROVISION_AGREEMENT,
        Kind.PROCESS,
        Kind.STRUCTURE_SET,
        Kind.HIERARCHICAL_CODELIST,
        Kind.ATTACHMENT_CONSTRAINT,
        Kind.CUSTOM_TYPE_SCHEME,
        Kind.VTL_MAPPING_SCHEME,
        Kind.NAME_PERSONALISATION_SCHEME,
        Kind.RULESET_SCHEME,
        Kind.USER_DEFINED_OPERATOR_SCHEME,
        Kind.TRANSFORMATION_SCHEME,
    }
)
_OLD_ITEMS = frozenset({"Agency", "DataProvider", "DataConsumer", "OrganisationUnit", "Code", "Concept", "Category"})
_CLASSES = {"Attribute": "DataAttribute", "ContentConstraint": "DataConstraint"}
"""Classes of SDMX 2.1 under the names that they have in URNs."""


def checked(named: Ref | ItemRef) -> str:
    """The URN in SDMX 3.x; :class:`Unfit` where its patterns do not allow it."""
    of = named.of if isinstance(named, ItemRef) else named
    if not _has_name(named):
        raise Unfit("ML_NO_SUCH_REFERENCE")
    NESTED_NCNAME.write(of.agency)
    ID.write(of.id)
    NEW_REFERENCE_VERSION.write(of.version)
    if (fixed := FIXED_IDS.get(of.kind)) and of.id != fixed:
        raise Unfit("ML_FIXED_ID")
    if isinstance(named, ItemRef):
        (NESTED_ID if named.part in _NESTED else ID).write(named.id)
    return named.urn


def _has_name(named: Ref | ItemRef) -> bool:
    """Whether SDMX-ML 3.x has a class for it in URNs."""
    if isinstance(named, Ref):
        return named.kind not in ONLY_OLD
    return named.part in new_parts(named.of.kind) and named.part != "MetadataAttributeDescriptor"


_NESTED = frozenset({"Category", "ReportingCategory", "HierarchicalCode", "MetadataAttribute", "ProcessStep", "Transition"})


def written(named: Ref | ItemRef, version: str) -> str:
    """The content of an element that refers."""
    if version != "2.1":
        return checked(named)
    ref = _ref(named)
    return element("Ref", ref) if ref is not None else element("URN", content=named.urn)


def _ref(named: Ref | ItemRef) -> Mapping[str, str] | None:
    """The attributes of a ``Ref``; None where only a URN can say it."""
    of = named.of if isinstance(named, ItemRef) else named
    try:
        for value, text in ((NESTED_NCNAME, of.agency), (ID, of.id), (OLD_VERSION, of.version)):
            value.write(text)
        if isinstance(named, ItemRef):
            (NESTED_ID if named.part in _NESTED else ID).write(named.id)
    except Unfit:
        return None
    if FIXED_IDS.get(of.kind, of.id) != of.id or (of.kind in FIXED_IDS and of.version != "1.0"):
        return None
    return _item(named) if isinstance(named, ItemRef) else _whole(named)


def _whole(ref: Ref) -> Mapping[str, str] | None:
    if ref.kind not in _OLD_KINDS:
        return None
    values = {"id": ref.id, "version": ref.version, "agencyID": ref.agency}
    return values | {"class": ref.kind.value, "package": PACKAGE[ref.kind]}


def _item(item: ItemRef) -> Mapping[str, str] | None:
    if item.part not in _OLD_ITEMS:
        return None
    of = {"maintainableParentID": item.of.id, "maintainableParentVersion": item.of.version, "agencyID": item.of.agency}
    return {"id": item.id} | of | {"class": item.part, "package": PACKAGE[item.of.kind]}


def named_in(of: etree._Element, usual: Kind | str | None, own: Ref) -> Ref | ItemRef:
    """What an element refers to. ``usual``: the kind or part where a ``Ref`` does not say; ``own``: the artefact around it."""
    for child in of:
        if local(child) == "Ref":
            return _proper(child, _read_ref(child, usual, own))
    text = "".join(str(part) for part in of.itertext()).strip()
    try:
        return parse_urn(text)
    except Invalid:
        raise bad(of, "URN", text) from None


def _proper(of: etree._Element, named: Ref | ItemRef) -> Ref | ItemRef:
    """The schema of 2.1 allows dots in every id; in an artefact's there are none."""
    try:
        parse_urn(named.urn)
    except Invalid:
        raise bad(of, "", named.urn) from None
    return named


def _read_ref(of: etree._Element, usual: Kind | str | None, own: Ref) -> Ref | ItemRef:
    id_, agency = of.get("id") or "", of.get("agencyID") or own.agency
    name = _CLASSES.get(of.get("class") or "", of.get("class") or "") or str(usual or "")
    if not id_:
        raise bad(of, "id")
    if parent := of.get("maintainableParentID"):
        part = name if name in HOLDERS else str(usual or "")
        if part not in HOLDERS:
            raise bad(of, "class", name)
        return ItemRef(part, Ref(HOLDERS[part], agency, parent, of.get("maintainableParentVersion") or "1.0"), id_)
    if isinstance(usual, str) and not isinstance(usual, Kind) and (kind := HOLDERS.get(usual)) in FIXED_IDS and kind:
        # An organisation is often referred to without its scheme, which has a fixed id.
        return ItemRef(usual, Ref(kind, agency, FIXED_IDS[kind], "1.0"), id_)
    try:
        return Ref(Kind(name), agency, id_, of.get("version") or "1.0")
    except ValueError:
        raise bad(of, "class", name) from None


@dataclass(frozen=True)
class RefTo(Single):
    """An element below that refers. ``kinds``: what it may name, the usual one first, items by their class; none: anything."""

    tag: str
    kinds: tuple[Kind | str, ...] = ()
    required: bool = False

    def write(self, of: Any, out: Out) -> None:
        named = getattr(of, self.field)
        if named is None and not self.required:
            return
        try:
            out.content.append(element(self.tag, content=self.content(named, out)))
        except Unfit as unfit:
            if self.required:
                raise
            out.lose(self.field, unfit.reason)

    def content(self, named: Ref | ItemRef | None, out: Out) -> str:
        if named is None:
            raise Unfit("ML_TOO_FEW")
        what = named.part if isinstance(named, ItemRef) else named.kind
        if self.kinds and what not in self.kinds:
            raise Unfit("ML_NO_SUCH_REFERENCE")
        return written(named, out.context.version)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        child = node.one(self.tag)
        if child is not None:
            found[self.field] = self.named(child, node)

    def named(self, child: etree._Element, node: Node) -> Ref | ItemRef:
        named = named_in(child, self.kinds[0] if self.kinds else None, node.context.ref)
        what = named.part if isinstance(named, ItemRef) else named.kind
        if self.kinds and what not in self.kinds:
            raise bad(child, "", str(named))
        return named


@dataclass(frozen=True)
class RefsTo(RefTo):
    """Elements below that refer."""

    least: int = 0
    most: int | None = None
    whole: bool = False

    def write(self, of: Any, out: Out) -> None:
        count = 0
        for number, named in enumerate(getattr(of, self.field)):
            try:
                if self.most is not None and number >= self.most:
                    raise Unfit("ML_TOO_MANY")
                out.content.append(element(self.tag, content=self.content(named, out)))
                count += 1
            except Unfit as unfit:
                if self.whole:
                    raise
                out.lose(self.field, unfit.reason, number)
        if count < self.least:
            raise Unfit("ML_TOO_FEW")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = tuple(self.named(child, node) for child in node.all(self.tag))


@dataclass(frozen=True)
class RefsBy(Single):
    """Elements below that refer, of a name for each kind; without ``several`` all must be of one kind."""

    tags: Mapping[Kind, str]
    several: bool = True
    whole: bool = False

    def write(self, of: Any, out: Out) -> None:
        refs = getattr(of, self.field)
        if not self.several and len({ref.kind for ref in refs}) > 1:
            raise Unfit("ML_OF_ONE_KIND")
        for number, ref in enumerate(refs):
            try:
                if ref.kind not in self.tags:
                    raise Unfit("ML_NO_SUCH_REFERENCE")
                out.content.append(element(self.tags[ref.kind], content=written(ref, out.context.version)))
            except Unfit as unfit:
                if self.whole:
                    raise
                out.lose(self.field, unfit.reason, number)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        kinds = {tag.partition(":")[2]: kind for kind, tag in self.tags.items()}
        refs = [(child, kinds[local(child)]) for child in node.of if local(child) in kinds]
        if refs:
            found[self.field] = tuple(named_in(child, kind, node.context.ref) for child, kind in refs)


@dataclass(frozen=True)
class Local(Single):
    """An id of the same artefact: text in SDMX 3.x, a ``Ref`` in 2.1. ``extra``: what the ``Ref`` must say besides."""

    tag: str
    value: Any = ID
    required: bool = False
    extra: Mapping[str, str] | None = None

    def write(self, of: Any, out: Out) -> None:
        content = getattr(of, self.field)
        if not content and not self.required:
            return
        try:
            out.content.append(local_ref(self.tag, self.value.write(content or ""), out.context.version, self.extra))
        except Unfit as unfit:
            if self.required:
                raise
            out.lose(self.field, unfit.reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        child = node.one(self.tag)
        if child is not None:
            found[self.field] = local_id_in(child)


@dataclass(frozen=True)
class Locals(Local):
    """Several of them."""

    least: int = 0

    def write(self, of: Any, out: Out) -> None:
        ids = getattr(of, self.field)
        if len(ids) < self.least:
            raise Unfit("ML_TOO_FEW")
        for one in ids:
            out.content.append(local_ref(self.tag, self.value.write(one), out.context.version, self.extra))

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = tuple(local_id_in(child) for child in node.all(self.tag))


def local_ref(tag: str, id_: str, version: str, extra: Mapping[str, str] | None = None) -> str:
    """An element that names something of the same artefact."""
    if version != "2.1":
        return element(tag, content=id_)
    return f"<{tag}><Ref{attributes({'id': id_, **(extra or {})})}/></{tag}>"


def local_id_in(of: etree._Element) -> str:
    """The id that such an element names."""
    for child in of:
        if local(child) == "Ref" and child.get("id"):
            return str(child.get("id"))
    text = "".join(str(part) for part in of.itertext()).strip()
    return text.rpartition(").")[2] if text.startswith("urn:") else text
