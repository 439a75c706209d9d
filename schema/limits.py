"""The guard: what one GraphQL request may ask for, decided in one pass over the document before it is validated.

Every fragment is measured once for each page length it stands in, so the pass stays short however fragments are nested;
Strawberry's own limiters are exponential there. Measures never count beyond :data:`SATURATED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from registry.errors import Invalid
from registry.ports import Service
from registry.selection import MOST_CODES
from schema.paging import LARGEST_PAGE

LIMITS: Mapping[str, int] = {
    "bodyBytes": 64 * 1024,
    "bodyBytesWithToken": 32 * 1024 * 1024,
    "tokens": 1500,
    "depth": 12,
    "aliases": 30,
    "fields": 500,
    "fragments": 20,
    "cost": 100_000,
    "pageSize": LARGEST_PAGE,
    "cells": 500_000,
    "codesPerDimension": MOST_CODES,
}
"""``cost``: fields that may have to be resolved. ``cells``: values of observations, one for each field asked of each."""

SATURATED = 1_000_000_000

PAGE_ARGUMENTS = ("first", "limit")

PAGED_LISTS = ("edges", "nodes", "series")
"""The lists inside a page that are as long as the page."""

LIST_LENGTH = 8
"""What is expected of a list whose length nobody can choose."""

LIST_LENGTHS = {
    "names": 2,
    "descriptions": 2,
    "AvailableDimension.codes": 100,
    "AvailableDimension.openCodes": 100,
    "Query.agencies": 50,
    "Query.suggest": 20,
    "references": 20,
    "log": 10,
    "versions": 5,
    "Registry.kinds": 40,
    "RegistryChange.outcomes": 100,
    "Constraint.regions": 10,
    "Region.keyValues": 10,
    "MemberSelection.values": 50,
    "MetadataStructure.attributes": 50,
    "Process.steps": 20,
    "Query.deliveries": 100,
    "Query.drafts": 100,
    "Dataflow.releases": 100,
    "Revisions.releases": 24,
    "RevisionTriangle.rows": 24,
    "RevisionTriangle.steps": 24,
    "Change.attributes": 2,
    "Change.measures": 2,
    "Series.observations": 1,
}
"""Other expectations, by field or type and field. Observations are counted exactly when they are read, as cells."""

CELL_PARENTS = ("Observation", "ObservationColumns", "AttributeValue", "AttributeColumn")

CELLS_BELOW = {
    "DataSet.series": 1,
    "History.nodes": 1,
    "HistoryStep.series": 1,
    "HistoryStep.deleted": 1,
    "Series.observations": 1,
    "Series.columns": 1,
    "Observation.attributes": 4,
}
"""The fields on the way from a data set or a history to its cells, and how many times they repeat for one observation."""

META_FIELDS: Mapping[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


def published(service: Service) -> Mapping[str, int]:
    """The limits as ``service`` tells them: those of this door, and what the roof adds or sets otherwise."""
    return {**LIMITS, **service.limits}


class Measure(NamedTuple):
    """What a selection may cost at most; ``cells`` for each observation."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    cost: int = 0
    cells: int = 0

    def beside(self, other: Measure) -> Measure:
        """Both selections side by side."""
        sums = (min(a + b, SATURATED) for a, b in zip(self[1:], other[1:], strict=True))
        return Measure(max(self.depth, other.depth), *sums)


@dataclass(frozen=True)
class Measured:
    """The measure of a document. ``cells_each``: by ``id`` of a field node that reads data, the cells of one observation.

    ``by_variables``: the variables that page lengths come from; for others of the same lengths the measure is the same.
    """

    total: Measure
    fragments: int
    cells_each: Mapping[int, int]
    by_variables: tuple[str, ...]

    def check(self, limits: Mapping[str, int]) -> None:
        """:class:`Invalid` QUERY_TOO_LARGE naming the first limit that is passed."""
        found = {**self.total._asdict(), "fragments": self.fragments}
        for name in ("depth", "aliases", "fields", "fragments", "cost"):
            if found[name] > limits[name]:
                raise Invalid("QUERY_TOO_LARGE", limit=name, found=found[name], most=limits[name])


def measure(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> Measured:
    """Measure the one operation of a document; :class:`Invalid` where there is none or more than one."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1:
        raise Invalid("ONE_OPERATION", found=len(operations))
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    defaults = {
        definition.variable.name.value: int(definition.default_value.value)
        for definition in operations[0].variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode) and len(definition.default_value.value) < 10
    }
    walk = _Walk(schema, fragments, {**defaults, **variables})
    total = walk.selection(operations[0].selection_set, schema.get_root_type(operations[0].operation), 0)
    return Measured(total, len(fragments), walk.cells_each, tuple(sorted(walk.by_variables)))


@dataclass
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    known: dict[tuple[str, int], Measure] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    cells_each: dict[int, int] = field(default_factory=dict)
    by_variables: set[str] = field(default_factory=set)

    def selection(self, selections: SelectionSetNode, parent: GraphQLNamedType | None, page: int) -> Measure:
        """``page``: the length of the page this selection stands directly in, 0 outside of pages."""
        total = Measure()
        for node in selections.selections:
            total = total.beside(self.node(node, parent, page))
        return total

    def node(self, node: SelectionNode, parent: GraphQLNamedType | None, page: int) -> Measure:
        if isinstance(node, FieldNode):
            return self.field(node, parent, page)
        if isinstance(node, FragmentSpreadNode):
            return self.fragment(node.name.value, page)
        assert isinstance(node, InlineFragmentNode)
        inside = self.schema.get_type(node.type_condition.name.value) if node.type_condition else parent
        return self.selection(node.selection_set, inside, page)

    def fragment(self, name: str, page: int) -> Measure:
        """Unknown fragments and those that spread themselves are left to validation, which refuses them."""
        definition = self.fragments.get(name)
        if definition is None or name in self.open:
            return Measure()
        if (name, page) not in self.known:
            self.open.add(name)
            inside = self.schema.get_type(definition.type_condition.name.value)
            self.known[name, page] = self.selection(definition.selection_set, inside, page)
            self.open.discard(name)
        return self.known[name, page]

    def field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int) -> Measure:
        name = node.name.value
        place = f"{parent.name if parent else ''}.{name}"
        definition = _definition(parent, name)
        aliases = 1 if node.alias else 0
        if node.selection_set is None or definition is None:
            return Measure(_depth(parent), aliases, 1, 1, 1 if parent and parent.name in CELL_PARENTS else 0)
        own_page = self.page(node, definition)
        below = self.selection(node.selection_set, get_named_type(definition.type), own_page or 0)
        if place in ("Dataflow.data", "Dataflow.history"):
            self.cells_each[id(node)] = below.cells
        length = _length(place, definition, page, own_page)
        return Measure(
            below.depth + _depth(parent),
            below.aliases + aliases,
            below.fields + 1,
            min(below.cost * length + 1, SATURATED),
            min(below.cells * CELLS_BELOW.get(place, 0), SATURATED),
        )

    def page(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """The length of the page the field asks for; None where it has no pages."""
        name = next((name for name in PAGE_ARGUMENTS if name in definition.args), None)
        if name is None:
            return None
        given = next((argument.value for argument in node.arguments or () if argument.name.value == name), None)
        unsaid = definition.args[name].default_value
        if isinstance(given, VariableNode):
            self.by_variables.add(given.name.value)
            # A variable left out leaves the argument to its default (GraphQL specification, "Coercing field arguments").
            wanted = self.variables.get(given.name.value, unsaid)
        else:
            wanted = int(given.value) if isinstance(given, IntValueNode) and len(given.value) < 10 else None
        return page_length(wanted if given is not None else unsaid)


def page_length(wanted: Any) -> int:
    """A page cannot be longer than the largest: the resolver refuses it, so what is not a number costs that much."""
    return max(1, min(wanted, LARGEST_PAGE)) if isinstance(wanted, int) else LARGEST_PAGE


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if name in META_FIELDS:
        return META_FIELDS[name]
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _depth(parent: GraphQLNamedType | None) -> int:
    """Introspection counts as no depth: types stand inside many wrappers, and graphql-core limits its lists itself."""
    return 0 if parent is not None and parent.name.startswith("__") else 1


def _length(place: str, definition: GraphQLField, page: int, own_page: int | None) -> int:
    parent, _, name = place.partition(".")
    if not is_list_type(get_nullable_type(definition.type)) or parent.startswith("__"):
        return 1
    if own_page is not None:
        return own_page
    if page and name in PAGED_LISTS:
        return page
    return LIST_LENGTHS.get(place) or LIST_LENGTHS.get(name, LIST_LENGTH)
