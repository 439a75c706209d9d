"""Hierarchies over codes: an artefact each in SDMX 3.x, several in one in 2.1.

Source: ``SDMXStructureHierarchy.xsd`` of SDMX 3.0, 3.1, ``SDMXStructureHierarchicalCodelist.xsd`` of 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.sdmx.markup.common import artefact, identified, nameable
from adapters.sdmx.markup.formats import CODING_FORMAT
from adapters.sdmx.markup.grammar import Context, Node, Out, Part, Record, new, old
from adapters.sdmx.markup.holding import Choice, Once
from adapters.sdmx.markup.parts import Attr, Child, Many, One
from adapters.sdmx.markup.references import Local, RefTo, named_in, written
from adapters.sdmx.markup.values import BOOLEAN, ID, MOMENT, NESTED_ID, OLD_VERSION, Unfit
from adapters.sdmx.writing.xml import attributes
from registry.model import (
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    HierarchyLevel,
    IncludedCodelist,
    InnerHierarchy,
)
from registry.ref import Kind, Ref

LEVEL = Record(HierarchyLevel, (*nameable(), One("coding_format", "str:CodingFormat", CODING_FORMAT)))
_TAG = "str:Level"


@dataclass(frozen=True)
class Levels(Part):
    """Levels, each inside the one above."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("levels",)

    def write(self, of: Any, out: Out) -> None:
        if len({level.id for level in of.levels}) < len(of.levels):
            raise Unfit("ML_TWICE")
        inner = ""
        for number, level in reversed(list(enumerate(of.levels))):
            each = Out(out.context, out.under("levels", number))
            LEVEL.fill(each, level)
            each.content.append(inner)
            inner = each.closed(_TAG)
        out.content.append(inner)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        levels, child = [], node.one(_TAG)
        while child is not None:
            levels.append(LEVEL.read(child, node.context))
            child = Node(child, node.context).one(_TAG)
        found["levels"] = tuple(levels)


def _code() -> Record:
    return CODE


CODE: Record = Record(
    HierarchicalCode,
    (
        *identified(),
        old(Attr("version", "version", OLD_VERSION)),
        Attr("valid_from", "validFrom", MOMENT),
        Attr("valid_to", "validTo", MOMENT),
        old(
            Choice(
                (
                    (RefTo("code", "str:Code", ("Code",), required=True),),
                    (
                        Child("codelist_alias", "str:CodelistAliasRef", ID, required=True),
                        Local("code_id", "str:CodeID", required=True),
                    ),
                ),
                required=True,
            )
        ),
        new(Once("id"), RefTo("code", "str:Code", ("Code",), required=True)),
        Many("children", "str:HierarchicalCode", _code),
        old(Local("level", _TAG, NESTED_ID)),
        new(Local("level", _TAG)),
    ),
)
CODES = Many("codes", "str:HierarchicalCode", CODE, least=1)
HIERARCHY = artefact(
    Kind.HIERARCHY, Hierarchy, Attr("has_formal_levels", "hasFormalLevels", BOOLEAN, required=True), Levels(), CODES
)
HIERARCHY_ASSOCIATION = artefact(
    Kind.HIERARCHY_ASSOCIATION,
    HierarchyAssociation,
    RefTo("hierarchy", "str:LinkedHierarchy", (Kind.HIERARCHY,), required=True),
    RefTo("linked_object", "str:LinkedObject", required=True),
    RefTo("context", "str:ContextObject"),
)
INNER = Record(InnerHierarchy, (*nameable(), Attr("has_formal_levels", "leveled", BOOLEAN), CODES, Levels()))


class Included(Record):
    """A reference with an attribute of its own."""

    def write(self, tag: str, value: Any, context: Context, place: str) -> str:
        alias = {"alias": ID.write(value.alias)} if value.alias else {}
        return f"<{tag}{attributes(alias)}>{written(value.codelist, context.version)}</{tag}>"

    def read(self, of: Any, context: Context) -> Any:
        named = named_in(of, Kind.CODELIST, context.ref)
        return IncludedCodelist(codelist=named, alias=of.get("alias") or "") if isinstance(named, Ref) else None


HIERARCHICAL_CODELIST = artefact(
    Kind.HIERARCHICAL_CODELIST,
    HierarchicalCodelist,
    Many("included", "str:IncludedCodelist", Included(IncludedCodelist, ())),
    Many("hierarchies", "str:Hierarchy", INNER),
)
