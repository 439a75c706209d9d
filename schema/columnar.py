"""The fast path: lists that know their columns are written as JSON at once instead of field by field.

graphql-core completes every field of every object in Python, some microseconds each. A resolver that returns one of
:mod:`schema.columns` gives the executor whole columns; what is selected of them becomes one tree of templates, which
:mod:`registry.rendering` writes in one go. The answer is byte for byte what the ordinary way would give. Whatever does not fit
(:class:`Unfit`: a field that is no column, one with permissions or extensions, arguments of a plain column, a null where none
may be, an error, a deferred or streamed part) takes the ordinary way from the outermost list on, so that errors and their paths
are those of graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import orjson
from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType, get_nullable_type
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path
from numpy.typing import NDArray
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from registry import rendering
from schema.columns import (
    NULL,
    Alike,
    Coded,
    Constant,
    Leaf,
    Leaves,
    Many,
    One,
    Table,
    Tables,
    distinct,
    lists,
    with_null,
)

TYPENAME = "__typename"


class Unfit(Exception):
    """This must be completed the ordinary way."""


class ColumnarExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the fast path. These methods are not public API of graphql-core: its version is pinned."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._constants: dict[tuple[int, Hashable], tuple[Any, orjson.Fragment]] = {}

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a constant object once for each place of the document, not for each place of the answer."""
        everything = (return_type, field_details_list, info, path, result, position_context)
        if not isinstance(result, Constant):
            return super().complete_object_value(*everything)
        key = (id(field_details_list), result.identity)
        known = self._constants.get(key)
        if known is None:
            before = len(self.collected_errors.errors)
            made = super().complete_object_value(*everything)
            if len(self.collected_errors.errors) > before:
                return made
            # The list is kept with what was made from it, so that its id is not given to another.
            known = self._constants[key] = (field_details_list, orjson.Fragment(orjson.dumps(made)))
        return known[1]

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, Table | Tables | Leaves) and self.middleware_manager is None:
            try:
                return orjson.Fragment(self._list(return_type.of_type, field_details_list, path, result))
            except Unfit:
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _list(self, item_type: Any, details: Any, path: Path, result: Table[Any] | Tables[Any] | Leaves[Any]) -> bytes:
        """The whole list as JSON."""
        if self.get_stream_usage(details, path) is not None:
            raise Unfit
        if isinstance(result, Leaves):
            column = _checked(item_type, result.texts)
            return _array([rendering.rows((b"", b""), (column,), len(column))])
        parts = result.parts if isinstance(result, Tables) else (result,)
        return _array([self._rows(get_nullable_type(item_type), details, path, part) for part in parts if len(part)])

    def _rows(self, type_: Any, details: Any, path: Path, table: Table[Any]) -> rendering.Rendered:
        """A JSON object for each row; names of GraphQL need no escaping."""
        fields, deferred, _ = self.collect_subfields(type_, details)
        if deferred:
            raise Unfit
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
        if isinstance(column, Alike):
            return self._alike(column, type_, details, path)
        if node.arguments:
            raise Unfit
        if isinstance(column, Leaf):
            return _checked(definition.type, column.texts)
        inner: Any = get_nullable_type(definition.type)
        if isinstance(column, One):
            return self._rows(inner, details, path, column.inside)
        info = self.build_resolve_info(definition, [each.node for each in details], type_, path)
        return self._many(column, inner.of_type, details, info)

    def _alike(self, column: Alike, type_: GraphQLObjectType, details: Any, path: Path) -> rendering.Column:
        """The field of one row of each kind, executed as any field is."""

        def text(code: int) -> bytes:
            return orjson.dumps(self.execute_field(type_, column.member(code), details, path, None))

        return self._members(column.codes, column.size, text)

    def _many(self, column: Many, item_type: Any, details: Any, info: Any) -> rendering.Rendered:
        """A JSON array for each row."""
        if self.get_stream_usage(details, info.path) is not None:
            raise Unfit
        inside = column.inside
        if isinstance(inside, Leaf):
            return lists(_checked(item_type, inside.texts), column.starts)
        if isinstance(inside, Coded):
            return lists(self._coded(inside, item_type, details, info), column.starts)
        item = info.path.add_key(0, None)
        return lists(self._rows(get_nullable_type(item_type), details, item, inside), column.starts)

    def _coded(self, column: Coded, item_type: Any, details: Any, info: Any) -> rendering.Column:
        """Each distinct member, completed as any object is."""
        path = info.path.add_key(0, None)

        def text(code: int) -> bytes:
            return orjson.dumps(self.complete_value(item_type, details, info, path, column.member(code), None))

        return _checked(item_type, self._members(column.codes, column.size, text))

    def _members(self, codes: NDArray[np.int32], size: int, text: Callable[[int], bytes]) -> rendering.Codes:
        """A dictionary-coded column whose members the ordinary executor makes; :class:`Unfit` if one has errors."""
        used, numbers = distinct(codes, size)
        errors, self.collected_errors = self.collected_errors, CollectedErrors()
        try:
            fragments = [text(code) for code in used]
        except Exception:
            raise Unfit from None
        finally:
            found, self.collected_errors = self.collected_errors, errors
        if found.errors:
            raise Unfit
        return rendering.Codes(numbers, fragments, NULL)


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
