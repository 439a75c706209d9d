"""Variables and arguments made ready once for each document: what graphql-core works out from the types on every request.

A reader of a type takes a value as JSON gives it and gives what graphql-core's ``coerce_input_value`` would; it knows the plain
cases and raises :class:`Unusual` for everything else, wrong values among them, which are then graphql-core's to tell of.
Source: GraphQL, October 2021, 3.10 "Input Objects", 6.1.2 "Coercing Variable Values", 6.4.1 "Coercing Field Arguments".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    VariableNode,
    get_argument_values,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

Read: TypeAlias = Callable[[Any], Any]
Arguments: TypeAlias = Callable[[VariableValues], Mapping[str, Any]]


class Unusual(Exception):
    """This value must be read by graphql-core."""


def reader(type_: Any, known: dict[str, Read] | None = None) -> Read:
    """What reads the values of an input type. ``known``: those of input objects that are being made, which may nest."""
    if isinstance(type_, GraphQLNonNull):
        return _never_null(reader(type_.of_type, known))
    if isinstance(type_, GraphQLList):
        return _or_null(_list(reader(type_.of_type, known)))
    if is_leaf_type(type_):
        return _or_null(type_.coerce_input_value)
    return _or_null(_object(type_, {} if known is None else known))


def _never_null(inner: Read) -> Read:
    def read(value: Any) -> Any:
        if value is None:
            raise Unusual
        return inner(value)

    return read


def _or_null(inner: Read) -> Read:
    def read(value: Any) -> Any:
        return None if value is None else inner(value)

    return read


def _list(item: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise Unusual
        return [item(each) for each in value]

    return read


def _object(type_: GraphQLInputObjectType, known: dict[str, Read]) -> Read:
    if type_.name in known:
        return lambda value: known[type_.name](value)
    known[type_.name] = lambda value: made(value)
    named = {name: (field.out_name or name, reader(field.type, known)) for name, field in type_.fields.items()}
    required = {name for name, field in type_.fields.items() if is_required_input_field(field)}
    defaults = {name: coerce_default_value(field) for name, field in type_.fields.items()}
    defaults = {named[name][0]: value for name, value in defaults.items() if value is not Undefined}

    def made(value: Any) -> Any:
        if type(value) is not dict or type_.is_one_of or not required <= value.keys():
            raise Unusual
        read = dict(defaults)
        for name, given in value.items():
            if name not in named:
                raise Unusual
            out, inner = named[name]
            read[out] = inner(given)
        return type_.out_type(read)

    return made


def variables(
    schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode]
) -> Callable[[Mapping[str, Any]], VariableValues]:
    """What reads the variables of an operation; it raises :class:`Unusual`, or whatever a leaf raises, for wrong ones."""
    signatures = [get_variable_signature(schema, each) for each in definitions]
    known = [each for each in signatures if not isinstance(each, GraphQLError)]
    if len(known) < len(signatures):
        raise Unusual
    prepared = [
        (
            each,
            reader(each.type),
            isinstance(each.type, GraphQLNonNull),
            coerce_default_value(each) if each.default else Undefined,
        )
        for each in known
    ]

    def read(given: Mapping[str, Any]) -> VariableValues:
        sources, coerced = dict[str, VariableValueSource](), dict[str, Any]()
        for signature, inner, required, default in prepared:
            name = signature.name
            if name in given:
                sources[name] = VariableValueSource(signature, given[name])
                coerced[name] = inner(given[name])
                continue
            sources[name] = VariableValueSource(signature)
            if default is not Undefined:
                coerced[name] = default
            elif required:
                raise Unusual
        return VariableValues(sources, coerced)

    return read


def arguments(definition: GraphQLField, node: FieldNode) -> Arguments:
    """What reads the arguments of a field: those that are the same every time are read now, variables are looked up."""
    given = {each.name.value: each.value for each in node.arguments or ()}
    direct = {name: value.name.value for name, value in given.items() if isinstance(value, VariableNode)}
    if not any(_varies(value) for value in given.values()):
        fixed = get_argument_values(definition, node)
        return lambda _variables: fixed
    if any(_varies(value) for name, value in given.items() if name not in direct):
        return lambda variables: get_argument_values(definition, node, variables)
    return _looked_up(definition, node, direct)


def _looked_up(definition: GraphQLField, node: FieldNode, direct: Mapping[str, str]) -> Arguments:
    rest = GraphQLField(definition.type, {name: each for name, each in definition.args.items() if name not in direct})
    fixed = get_argument_values(rest, node)
    places = []
    for name, variable in direct.items():
        argument = definition.args[name]
        places.append((argument.out_name or name, variable, argument, coerce_default_value(argument)))

    def look(variables: VariableValues) -> Mapping[str, Any]:
        found, coerced = dict(fixed), variables.coerced
        for out, variable, argument, default in places:
            if variable in coerced:
                value = found[out] = coerced[variable]
                if value is None and isinstance(argument.type, GraphQLNonNull):
                    raise Unusual
            elif is_required_argument(argument):
                raise Unusual
            elif default is not Undefined:
                found[out] = default
        return found

    return look


def _varies(node: Any) -> bool:
    """Whether a value is a variable, or has one in it."""
    values = [node]
    while values:
        value = values.pop()
        if value.kind == "variable":
            return True
        values += getattr(value, "values", None) or ()
        values += [field.value for field in getattr(value, "fields", None) or ()]
    return False
