"""The fast path: lists that know their columns are written as JSON at once instead of field by field.

graphql-core completes every field of every object in Python, some microseconds each. A resolver that returns :class:`Rows` or
:class:`Leaves` gives the executor the JSON of whole columns. It is taken when all that is selected are plain columns, and the
answer is byte for byte what the ordinary way would give. Everything else (arguments, objects inside, a null where none may be)
takes the ordinary way, for which the same values are sequences.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar, overload, runtime_checkable

import orjson
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

NULL = "null"
TYPENAME = "__typename"

T = TypeVar("T")

Column = Callable[[], Sequence[str]]
"""Makes the JSON texts of one column, a text for each row."""


class Rows(Sequence[T], Generic[T]):
    """Objects of one type: ``columns`` by GraphQL field name, and ``make`` for one object when somebody asks for it."""

    def __init__(self, count: int, make: Callable[[int], T], columns: Mapping[str, Column]) -> None:
        self._count = count
        self._make = make
        self.columns = columns

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        places = range(self._count)[place]
        return self._make(places) if isinstance(places, int) else [self._make(each) for each in places]

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._count))


class Leaves(list[T]):
    """Scalars, with the maker of their JSON texts."""

    def __init__(self, values: Sequence[T], column: Column) -> None:
        super().__init__(values)
        self.column = column


@runtime_checkable
class Coded(Protocol):
    """An object that says the same wherever it stands in an answer, such as a code with its names."""

    @property
    def identity(self) -> Hashable: ...


class ColumnarExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor with the fast path. These methods are not public API of graphql-core: its version is pinned."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._coded: dict[tuple[int, Hashable], tuple[Any, orjson.Fragment]] = {}

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a coded object once for each place of the document, not for each place of the answer."""
        everything = (return_type, field_details_list, info, path, result, position_context)
        if not isinstance(result, Coded):
            return super().complete_object_value(*everything)
        key = (id(field_details_list), result.identity)
        known = self._coded.get(key)
        if known is None:
            before = len(self.collected_errors.errors)
            made = super().complete_object_value(*everything)
            if len(self.collected_errors.errors) > before:
                return made
            # The list is kept with what was made from it, so that its id is not given to another.
            known = self._coded[key] = (field_details_list, orjson.Fragment(orjson.dumps(made)))
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
        encoded = None
        if self.middleware_manager is None and self.get_stream_usage(field_details_list, path) is None:
            encoded = self._encoded(return_type.of_type, field_details_list, result)
        if encoded is not None:
            return orjson.Fragment(encoded)
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _encoded(self, item_type: Any, field_details_list: Any, result: Any) -> str | None:
        """The list as JSON, None where it must be completed the ordinary way."""
        if isinstance(result, Leaves):
            return _array(_without_wrong_null(item_type, result.column()))
        if isinstance(result, Rows):
            return _array(self._rows(get_named_type(item_type), field_details_list, result))
        return None

    def _rows(self, item_type: Any, field_details_list: Any, rows: Rows[Any]) -> Sequence[str] | None:
        if not isinstance(item_type, GraphQLObjectType) or (item_type.is_type_of is not None and not len(rows)):
            return None
        fields, deferred, _ = self.collect_subfields(item_type, field_details_list)
        if deferred:
            return None
        columns: dict[str, Sequence[str]] = {}
        for name, details in fields.items():
            column = _column(item_type, details[0].node, rows)
            if column is None:
                return None
            columns[name] = column
        return _joined(columns) if columns else ["{}"] * len(rows)


def _column(item_type: GraphQLObjectType, node: Any, rows: Rows[Any]) -> Sequence[str] | None:
    field = node.name.value
    if field == TYPENAME:
        return [f'"{item_type.name}"'] * len(rows)
    make = rows.columns.get(field)
    if make is None or node.arguments:
        return None
    return _without_wrong_null(item_type.fields[field].type, make())


def _without_wrong_null(type_: Any, column: Sequence[str]) -> Sequence[str] | None:
    """The column, unless it has a null where none may be: such an error belongs to the ordinary way."""
    return None if isinstance(type_, GraphQLNonNull) and NULL in column else column


def _joined(columns: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """One JSON object for each row; names of GraphQL need no escaping."""
    template = "{" + ",".join(f'"{name}":%s' for name in columns) + "}"
    return [template % row for row in zip(*columns.values(), strict=True)]


def _array(items: Sequence[str] | None) -> str | None:
    return None if items is None else f"[{','.join(items)}]"


def quoted(texts: Sequence[str]) -> list[str]:
    """JSON strings of texts that need no escaping: periods and numbers."""
    return [f'"{text}"' for text in texts]


def coded(texts: Sequence[str | None]) -> list[str]:
    """JSON strings of texts of which few are distinct: each is escaped once."""
    distinct = {text: orjson.dumps(text).decode() for text in set(texts)}
    return [distinct[text] for text in texts]
