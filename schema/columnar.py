"""The fast path: lists that know their columns are written as JSON at once instead of field by field.

graphql-core completes every field of every object in Python, some microseconds each. A resolver that returns one of
:mod:`schema.columns` gives the executor whole columns; what is selected of them becomes one tree of templates, which
:mod:`registry.rendering` writes in one go. The answer is byte for byte what the ordinary way would give. Whatever does not fit
(:class:`Unfit`: a field that is no column, one with permissions or extensions, arguments of a plain column, a wrong argument,
a null where none may be, a deferred or streamed part) takes the ordinary way from the outermost list on, so that errors and
their paths are those of graphql-core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import orjson
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_argument_values,
    get_nullable_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from registry import rendering
from schema.columns import (
    Coded,
    Leaf,
    Leaves,
    One,
    Spoken,
    Streamed,
    Table,
    Tables,
    distinct,
    lists,
    with_null,
)

TYPENAME = "__typename"


Listed: TypeAlias = Table[Any] | Tables[Any] | Streamed[Any] | Leaves[Any]
"""What stands for a list."""

LISTED = (Table, Tables, Streamed, Leaves)


class Unfit(Exception):
    """This must be completed the ordinary way."""


class Columnar(ABC):
    """Writes lists of columns; whoever executes a document says what is selected of them."""

    context_value: Any

    @abstractmethod
    def fields(self, type_: Any, details: Any) -> Mapping[str, Any]:
        """The fields selected below these, by response name, as lists of details; :class:`Unfit` where some are deferred."""

    @abstractmethod
    def arguments(self, definition: GraphQLField, selected: Any) -> Mapping[str, Any]:
        """The arguments of a field; any exception where they are wrong."""

    @abstractmethod
    def refuse_streams(self, details: Any, path: Path) -> None:
        """:class:`Unfit` for a list that is to be streamed."""

    def whole_list(self, item_type: Any, details: Any, path: Path, result: Listed) -> bytes:
        """The whole list as JSON, or what stands for a list that is written while it is sent."""
        self.refuse_streams(details, path)
        if isinstance(result, Streamed):
            return self._streamed(get_nullable_type(item_type), details, path, result)
        if isinstance(result, Leaves):
            column = _checked(item_type, result.texts)
            return _array([rendering.rows((b"", b""), (column,), len(column))])
        parts = result.parts if isinstance(result, Tables) else (result,)
        return _array([self._rows(get_nullable_type(item_type), details, path, part) for part in parts if len(part)])

    def _streamed(self, type_: Any, details: Any, path: Path, result: Streamed[Any]) -> bytes:
        """Whether the list fits shows in its first part: the others have the same columns."""
        first = self._rows(type_, details, path, result.first)
        rest = (self._rows(type_, details, path, part) for part in result.rest)
        placeholder: bytes = self.context_value.streams.add(_array_in_pieces(first, rest))
        return placeholder

    def _rows(self, type_: Any, details: Any, path: Path, table: Table[Any]) -> rendering.Rendered:
        """A JSON object for each row; names of GraphQL need no escaping."""
        fields = self.fields(type_, details)
        pieces, columns, separator = [b"{"], list[rendering.Column](), b""
        for name, selected in fields.items():
            pieces[-1] += b'%s"%s":' % (separator, name.encode())
            separator = b","
            if selected[0].node.name.value == TYPENAME:
                pieces[-1] += b'"%s"' % type_.name.encode()
            else:
                columns.append(self._field(type_, selected, Path(path, name, type_.name), table))
                pieces.append(b"")
        pieces[-1] += b"}"
        return rendering.rows(pieces, columns, len(table))

    def _field(self, type_: GraphQLObjectType, details: Any, path: Path, table: Table[Any]) -> rendering.Column:
        """The JSON of one field of all rows."""
        node = details[0].node
        make, definition = table.columns.get(node.name.value), type_.fields.get(node.name.value)
        if make is None or definition is None or not _resolved_plainly(definition):
            raise Unfit
        column = make()
        if isinstance(column, Spoken):
            return _checked(definition.type, self._spoken(column, definition, details[0]))
        if node.arguments:
            raise Unfit
        if isinstance(column, Leaf):
            return _checked(definition.type, column.texts)
        inner: Any = get_nullable_type(definition.type)
        if isinstance(column, One):
            return self._rows(inner, details, path, column.inside)
        self.refuse_streams(details, path)
        return lists(self._items(column.inside, inner.of_type, details, path), column.starts)

    def _items(self, inside: Leaf | Coded | Table[Any], item_type: Any, details: Any, path: Path) -> rendering.Column:
        """The JSON of what stands in the lists of a field."""
        if isinstance(inside, Leaf):
            return _checked(item_type, inside.texts)
        type_, item = get_nullable_type(item_type), path.add_key(0, None)
        if isinstance(inside, Table):
            return self._rows(type_, details, item, inside)
        used, numbers = distinct(inside.codes, inside.size)
        return rendering.At(self._rows(type_, details, item, inside.members(used)), numbers.astype(np.int64))

    def _spoken(self, column: Spoken, definition: GraphQLField, selected: Any) -> rendering.Column:
        """A column for the arguments; wrong arguments, and what the maker refuses, are errors of the ordinary way."""
        try:
            return column.texts(self.context_value, **self.arguments(definition, selected))
        except Exception:
            raise Unfit from None


class ColumnarExecutor(Columnar, StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the fast path. These methods are not public API of graphql-core: its version is pinned."""

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, LISTED) and self.middleware_manager is None:
            try:
                return orjson.Fragment(self.whole_list(return_type.of_type, field_details_list, path, result))
            except Unfit:
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def fields(self, type_: Any, details: Any) -> Mapping[str, Any]:
        found, deferred, _ = self.collect_subfields(type_, details)
        if deferred:
            raise Unfit
        fields: Mapping[str, Any] = found
        return fields

    def arguments(self, definition: GraphQLField, selected: Any) -> Mapping[str, Any]:
        variables = self.variable_values, selected.fragment_variable_values
        return get_argument_values(definition, selected.node, *variables, self.hide_suggestions)

    def refuse_streams(self, details: Any, path: Path) -> None:
        if self.get_stream_usage(details, path) is not None:
            raise Unfit


def _resolved_plainly(definition: GraphQLField) -> bool:
    """Whether nothing but the resolver decides what the field says."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return field is None or not (field.extensions or field.permission_classes)


def _checked(type_: Any, column: rendering.Column) -> rendering.Column:
    """The column, unless it has a null where none may be: such an error belongs to the ordinary way."""
    if isinstance(type_, GraphQLNonNull) and with_null(column):
        raise Unfit
    return column


def _array(parts: Sequence[rendering.Rendered]) -> bytes:
    return rendering.joined(parts, b",", b"[", b"]")


def _array_in_pieces(first: rendering.Rendered, rest: Iterable[rendering.Rendered]) -> Iterator[bytes]:
    yield rendering.joined([first], b",", b"[")
    for part in rest:
        yield rendering.joined([part], b",", b",")
    yield b"]"
