"""Plans: a document worked out once, so that asking it again costs little more than its resolvers.

graphql-core collects fields, reads arguments and makes paths anew on every request, which for a small question is half of all
work. A plan has done so when the document was first asked. It knows the plain part of GraphQL that clients use: queries of
objects, lists and leaves, fragments, arguments, ``@skip`` and ``@include`` that depend on nothing. Every other document has no
plan, and whatever goes wrong while one runs (an error, a null where none may be) is left to graphql-core, which begins anew:
so errors, their paths and their order are its own, and the bytes are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from graphql.type.definition import GraphQLResolveInfo

from schema.coercion import Arguments, Unusual, arguments, variables
from schema.columnar import LISTED, TYPENAME, Columnar, Unfit


class Selected(NamedTuple):
    """A field as the columns read it."""

    node: FieldNode
    fragment_variable_values: None = None


Complete = Callable[["Run", Any, Path], Any]
"""Makes of what a resolver gave what stands in the answer."""


@dataclass(frozen=True)
class _Step:
    """One field of an object."""

    name: str
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    arguments: Arguments
    complete: Complete


Steps = Mapping[str, _Step | None]
"""The fields of an object by response name; None stands for the name of its type."""


@dataclass(frozen=True)
class Plan:
    """A query that may be run with any variables."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def name(self) -> str | None:
        """What the operation is called."""
        return self.operation.name.value if self.operation.name else None

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode) -> Plan | None:
        """The plan of a valid document; None for one that is more than plain."""
        operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
        fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
        if len(operations) != 1 or operations[0].operation is not OperationType.QUERY or operations[0].directives:
            return None
        plan = cls(schema, operations[0], fragments)
        try:
            return plan if plan._prepared else None
        except (Unfit, Unusual, GraphQLError):
            return None

    def run(self, given: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The data of the answer with these variables. Any exception: to be executed the ordinary way."""
        assert self.schema.query_type is not None
        read, root = self._prepared
        return Run(self, read(given), context).object(self.schema.query_type, root, None, None)

    @cached_property
    def _prepared(self) -> tuple[Callable[[Mapping[str, Any]], VariableValues], Steps]:
        """What reads the variables, and what is selected."""
        assert self.schema.query_type is not None
        read = variables(self.schema, self.operation.variable_definitions or ())
        return read, self._steps(self.schema.query_type, [self.operation.selection_set])

    def _steps(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Steps:
        """What is selected of an object."""
        return {name: self._step(type_, name, nodes) for name, nodes in self.collected(type_, sets).items()}

    def _step(self, type_: GraphQLObjectType, name: str, nodes: list[FieldNode]) -> _Step | None:
        field = nodes[0].name.value
        if field == TYPENAME:
            return None
        definition = type_.fields.get(field)
        if definition is None or definition.resolve is None:
            raise Unfit
        completing = self._completing(definition.type, nodes)
        return _Step(name, type_, definition, nodes, arguments(definition, nodes[0]), completing)

    def _completing(self, type_: Any, nodes: list[FieldNode]) -> Complete:
        if isinstance(type_, GraphQLNonNull):
            return _never_null(self._completing(type_.of_type, nodes))
        if isinstance(type_, GraphQLList):
            return _listing(type_, self._completing(type_.of_type, nodes), nodes)
        if is_leaf_type(type_):
            return _leaf(type_.coerce_output_value)
        if is_abstract_type(type_):
            raise Unfit
        return _object(type_, self._steps(type_, _below(nodes)))

    def collected(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields of an object type by response name, fragments unfolded; :class:`Unfit` for what is not plain."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for each in sets:
            self._collect(type_, each, found, seen)
        return found

    def _collect(
        self, type_: GraphQLObjectType, set_: SelectionSetNode, found: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for part in set_.selections:
            if not _included(part):
                continue
            if isinstance(part, FieldNode):
                found.setdefault((part.alias or part.name).value, []).append(part)
            elif isinstance(part, InlineFragmentNode):
                if self._applies(type_, part.type_condition):
                    self._collect(type_, part.selection_set, found, seen)
            elif isinstance(part, FragmentSpreadNode) and part.name.value not in seen:
                seen.add(part.name.value)
                fragment = self.fragments[part.name.value]
                if self._applies(type_, fragment.type_condition):
                    self._collect(type_, fragment.selection_set, found, seen)

    def _applies(self, type_: GraphQLObjectType, condition: Any) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        other = self.schema.get_type(condition.name.value)
        return is_abstract_type(other) and self.schema.is_sub_type(other, type_)

    @cached_property
    def below(self) -> dict[tuple[str, int], dict[str, list[Selected]]]:
        """What columns were asked for below a field; kept, because it depends on nothing but the document."""
        return {}

    @cached_property
    def arguments(self) -> dict[int, Arguments]:
        """What reads the arguments of fields of columns, by node."""
        return {}


class Run(Columnar):
    """A plan with variables and a context."""

    def __init__(self, plan: Plan, variables: VariableValues, context: Any) -> None:
        self.plan = plan
        self.variable_values = variables
        self.context_value = context

    def object(self, type_: GraphQLObjectType, steps: Steps, source: Any, path: Path | None) -> dict[str, Any]:
        """The fields of one object."""
        return {
            name: type_.name if step is None else self._one(step, source, Path(path, name, type_.name))
            for name, step in steps.items()
        }

    def _one(self, step: _Step, source: Any, path: Path) -> Any:
        given = step.arguments(self.variable_values)
        assert step.definition.resolve is not None
        return step.complete(self, step.definition.resolve(source, self._info(step, path), **given), path)

    def _info(self, step: _Step, path: Path) -> GraphQLResolveInfo[Any]:
        plan = self.plan
        return GraphQLResolveInfo(
            step.nodes[0].name.value,
            step.nodes,
            step.definition.type,
            step.parent,
            path,
            plan.schema,
            plan.fragments,  # type: ignore[arg-type]
            None,
            plan.operation,
            self.variable_values,
            self.context_value,
            _never,  # type: ignore[arg-type]
            None,
            None,  # type: ignore[arg-type]
        )

    def fields(self, type_: Any, details: Any) -> Mapping[str, Any]:
        key = type_.name, id(details[0].node)
        found = self.plan.below.get(key)
        if found is None:
            collected = self.plan.collected(type_, _below([each.node for each in details]))
            found = {name: [Selected(node) for node in nodes] for name, nodes in collected.items()}
            self.plan.below[key] = found
        return found

    def arguments(self, definition: GraphQLField, selected: Any) -> Mapping[str, Any]:
        found = self.plan.arguments.get(id(selected.node))
        if found is None:
            found = self.plan.arguments[id(selected.node)] = arguments(definition, selected.node)
        return found(self.variable_values)

    def refuse_streams(self, details: Any, path: Path) -> None:
        """A document with a directive of that kind has no plan."""


def _never(_value: object) -> bool:
    return False


def _below(nodes: Iterable[FieldNode]) -> list[SelectionSetNode]:
    return [node.selection_set for node in nodes if node.selection_set is not None]


def _included(part: Any) -> bool:
    """Whether a selection is there whatever the variables say; :class:`Unfit` where they decide."""
    for directive in part.directives or ():
        value = directive.arguments[0].value if directive.arguments else None
        given = getattr(value, "value", None)
        if directive.name.value not in ("skip", "include") or not isinstance(given, bool):
            raise Unfit
        if given is (directive.name.value == "skip"):
            return False
    return True


def _never_null(inner: Complete) -> Complete:
    def complete(run: Run, result: Any, path: Path) -> Any:
        made = inner(run, result, path)
        if made is None:
            raise Unfit
        return made

    return complete


def _leaf(coerce: Callable[[Any], Any]) -> Complete:
    def complete(_run: Run, result: Any, _path: Path) -> Any:
        if result is None:
            return None
        _refuse_error(result)
        made = coerce(result)
        if made is None or made is Undefined:
            raise Unfit
        return made

    return complete


def _object(type_: GraphQLObjectType, steps: Steps) -> Complete:
    def complete(run: Run, result: Any, path: Path) -> Any:
        if result is None:
            return None
        _refuse_error(result)
        if type_.is_type_of is not None and not type_.is_type_of(result, None):  # type: ignore[arg-type]
            raise Unfit
        return run.object(type_, steps, result, path)

    return complete


def _listing(type_: GraphQLList[Any], item: Complete, nodes: list[FieldNode]) -> Complete:
    details = [Selected(node) for node in nodes]

    def complete(run: Run, result: Any, path: Path) -> Any:
        if result is None:
            return None
        if isinstance(result, LISTED):
            return orjson.Fragment(run.whole_list(type_.of_type, details, path, result))
        if not isinstance(result, list | tuple):
            raise Unfit
        return [item(run, each, path.add_key(place, None)) for place, each in enumerate(result)]

    return complete


def _refuse_error(result: Any) -> None:
    if isinstance(result, Exception) or result is Undefined:
        raise Unfit
