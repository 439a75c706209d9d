"""Straight from the field to its method: what Strawberry finds out on every call is found out once, when the schema is built.

Strawberry reads type hints and turns names for each argument of each call, which for one small question takes as long as
everything else. The resolvers made here do the same for what this schema uses: methods with arguments and ``info``, attributes,
inputs, lists and leaves. A field of another kind keeps Strawberry's own resolver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from operator import attrgetter
from typing import Any, TypeAlias

import strawberry
from graphql import GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryList, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField

Convert: TypeAlias = Callable[[Any], Any]

Arguments: TypeAlias = Mapping[str, tuple[str, Convert]]
"""Name in GraphQL -> name in Python, and what makes the one value of the other."""


def straighten(schema: strawberry.Schema) -> strawberry.Schema:
    """Give the fields of a schema resolvers without detours."""
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                if isinstance(definition, StrawberryField) and not definition.extensions:
                    field.resolve = _resolver(schema, definition) or field.resolve
    return schema


def _resolver(schema: strawberry.Schema, field: StrawberryField) -> Callable[..., Any] | None:
    base = field.base_resolver
    if base is None:
        return _attribute(field.python_name)
    if base.is_async or base.parent_parameter or base.root_parameter or not base.self_parameter:
        return None
    name_of = schema.config.name_converter.from_argument
    arguments = {name_of(each): (each.python_name, _converter(schema, each.type)) for each in field.arguments}
    return _method(field, base.wrapped_func, arguments, base.info_parameter.name if base.info_parameter else None)


def _attribute(name: str) -> Callable[..., Any]:
    get = attrgetter(name)

    def resolve(source: Any, _info: Any, /) -> Any:
        return get(source)

    return resolve


def _method(field: StrawberryField, method: Any, arguments: Arguments, info_name: str | None) -> Callable[..., Any]:
    def resolve(source: Any, info: Any, /, **given: Any) -> Any:
        values: dict[str, Any] = {}
        for name, value in given.items():
            python_name, convert = arguments[name]
            values[python_name] = convert(value)
        if info_name is not None:
            values[info_name] = strawberry.Info(_raw_info=info, _field=field)
        return method(source, **values)

    return resolve


def _converter(schema: strawberry.Schema, type_: Any) -> Convert:
    """From what graphql-core gives (checked, with defaults) to what a method takes."""
    if isinstance(type_, StrawberryOptional):
        inner = _converter(schema, type_.of_type)
        return lambda value: None if value is None else inner(value)
    if isinstance(type_, StrawberryList):
        each = _converter(schema, type_.of_type)
        if each is _same:
            return _same
        return lambda values: None if values is None else [each(value) for value in values]
    if (definition := get_object_definition(type_)) is None:
        return _same
    name_of = schema.config.name_converter.get_graphql_name
    parts = {name_of(part): (part.python_name, _of_given(schema, part.type)) for part in definition.fields}
    # A part that may be left out and says no default is null when it is left out.
    silent = [part for part in definition.fields if part.default is MISSING and part.default_factory is MISSING]
    absent = {part.python_name: None for part in silent}

    def convert(value: Mapping[str, Any] | None) -> Any:
        if value is None:
            return None
        made = dict(absent)
        for name, inside in value.items():
            python_name, each = parts[name]
            made[python_name] = inside if each is None or inside is None else each(inside)
        return type_(**made)

    return convert


def _of_given(schema: strawberry.Schema, type_: Any) -> Convert | None:
    """The converter of what is not null; None where there is nothing to convert."""
    convert = _converter(schema, type_.of_type if isinstance(type_, StrawberryOptional) else type_)
    return None if convert is _same else convert


def _same(value: Any) -> Any:
    return value
