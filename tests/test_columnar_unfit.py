"""What the fast path must leave alone, on a small schema of its own: the bytes are still those of Strawberry's executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
import orjson
import pytest
import strawberry
from graphql import ExecutionResult, execute, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from registry import columns
from registry.rendering import Floats
from schema.columnar import ColumnarExecutor
from schema.columns import NULL, Coded, Field, Leaf, Leaves, Many, One, Spoken, Table, Tables, each, texts
from tests.engines import ENGINES, rendered_by

BOATS = (("Sen", 3, ("ca", "mui")), ("Súng", None, ()), ('"Lá"', 7, ("ca",)))
"""Boats with their crew, if somebody counted it, and with their goods."""


class Nobody(BasePermission):
    message = "not for you"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return bool(source.name == "Sen")


class Shout(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs).upper()


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Goods(Named):
    pass


@strawberry.type
class Place:
    number: strawberry.Private[int]

    @strawberry.field
    def quay(self) -> str:
        return f"quay {self.number}"


@strawberry.type
class Boat(Named):
    number: strawberry.Private[int]
    crew: int | None

    @strawberry.field
    def counted(self) -> int:
        return cast(int, self.crew)

    @strawberry.field
    def greeting(self, word: str = "Chào") -> str:
        return greeting(word, self.name)

    @strawberry.field
    def goods(self) -> list[Goods]:
        return [Goods(name=name) for name in BOATS[self.number][2]]

    @strawberry.field
    def crews(self) -> list[int]:
        return cast(list[int], Leaves(_crews([self.number]), lambda: [cast(int, self.crew)]))

    @strawberry.field
    def place(self) -> Place:
        return Place(number=self.number)

    @strawberry.field
    def nothing(self) -> str | None:
        return "no column"

    @strawberry.field(permission_classes=[Nobody])  # type: ignore[untyped-decorator]
    def secret(self) -> str | None:
        return "gold"

    @strawberry.field(extensions=[Shout()])  # type: ignore[untyped-decorator]
    def loud(self) -> str:
        return self.name


def greeting(word: str, name: str) -> str:
    if word == "":
        raise ValueError("no word")
    return f"{word} {name}"


def _crews(boats: list[int]) -> Floats:
    return Floats(np.array([np.nan if (crew := BOATS[boat][1]) is None else crew for boat in boats], np.float64), absent=NULL)


def boats(numbers: list[int]) -> Table[Boat]:
    wanted = [BOATS[number] for number in numbers]
    goods = columns.Coded.of([one for _, _, several in wanted for one in several])

    def members(codes: list[int]) -> Table[Goods]:
        known = [goods.texts[code] for code in codes]
        return Table(len(known), lambda place: Goods(name=known[place]), {"name": lambda: Leaf(each(known))})

    def make(place: int) -> Boat:
        name, crew, _ = wanted[place]
        return Boat(number=numbers[place], name=name, crew=crew)

    fields: dict[str, Callable[[], Field]] = {
        "name": lambda: Leaf(texts(columns.Coded.of([name for name, _, _ in wanted]))),
        "crew": lambda: Leaf(_crews(numbers)),
        "counted": lambda: Leaf(_crews(numbers)),
        "greeting": lambda: Spoken(lambda _context, word: each(greeting(word, name) for name, _, _ in wanted)),
        "goods": lambda: Many(
            np.cumsum([0, *(len(several) for _, _, several in wanted)]), Coded(goods.codes, members, len(goods.texts))
        ),
        "crews": lambda: Many(np.arange(len(wanted) + 1), Leaf(_crews(numbers))),
        "place": lambda: One(
            Table(
                len(wanted),
                lambda place: Place(number=numbers[place]),
                {"quay": lambda: Leaf(each(f"quay {number}" for number in numbers))},
            )
        ),
        "secret": lambda: Leaf(each("gold" for _ in wanted)),
        "loud": lambda: Leaf(each(name for name, _, _ in wanted)),
    }
    return Table(len(wanted), make, fields)


@strawberry.type
class Query:
    @strawberry.field
    def boats(self) -> list[Boat]:
        return cast(list[Boat], Tables([boats([0, 1]), boats([]), boats([2])]))

    @strawberry.field
    def maybe(self) -> list[Boat | None] | None:
        return cast(list[Boat | None], boats([2, 1]))

    @strawberry.field
    def counted(self) -> list[Boat]:
        return cast(list[Boat], boats([0, 2]))


SCHEMA = strawberry.Schema(query=Query)._schema


@pytest.fixture(scope="module", params=ENGINES, autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    with rendered_by(request.param):
        yield


def same(query: str, middleware: Any = None) -> bytes:
    """The answer that both executors give."""
    document = parse(query)
    assert not validate(SCHEMA, document)
    return _same(
        [_answer(document, executor, middleware) for executor in (ColumnarExecutor, StrawberryGraphQLCoreExecutionContext)]
    )


def _same(answers: list[bytes]) -> bytes:
    assert answers[0] == answers[1]
    return answers[0]


def _answer(document: Any, executor: Any, middleware: Any) -> bytes:
    result = execute(SCHEMA, document, executor_class=executor, operation_extensions={}, middleware=middleware)
    assert isinstance(result, ExecutionResult)
    return orjson.dumps({"data": result.data, "errors": [dict(error.formatted) for error in result.errors or ()]})


PARTS = (
    "name",
    "n: name",
    "crew",
    "__typename",
    "greeting",
    'g: greeting(word: "Ơi")',
    "goods { name __typename }",
    "... on Named { name x: name }",
    "... on Boat { goods { ... on Named { y: name } ...G } }",
    "...N",
    "place { quay }",
    "place { q: quay @skip(if: true) }",
    "nothing",
    "secret",
    "loud",
    "counted",
    "crews",
    'h: greeting(word: "")',
)
LISTS = st.sampled_from(("boats", "maybe", "counted"))


@given(st.lists(st.tuples(LISTS, st.lists(st.sampled_from(PARTS), min_size=1, max_size=5)), min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_any_selection_gives_the_same_bytes_and_errors(wanted: list[tuple[str, list[str]]]) -> None:
    fields = " ".join(f"l{place}: {name} {{ {' '.join(parts)} }}" for place, (name, parts) in enumerate(wanted))
    fragments = {"N": "fragment N on Named { z: name }", "G": "fragment G on Goods { w: name }"}
    same("{ " + fields + " } " + " ".join(text for name, text in fragments.items() if f"...{name}" in fields))


def test_a_null_where_none_may_be_is_an_error_with_its_path() -> None:
    answer = orjson.loads(same("{ maybe { counted } }"))
    assert answer["data"] == {"maybe": [{"counted": 7}, None]}
    assert answer["errors"][0]["path"] == ["maybe", 1, "counted"]


def test_permissions_and_extensions_of_a_field_are_asked() -> None:
    assert b"not for you" in same("{ boats { secret } }")
    assert "SÚNG".encode() in same("{ boats { loud } }")


def test_middleware_sees_every_field() -> None:
    seen = []

    def watch(next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        seen.append(info.field_name)
        return next_(source, info, **arguments)

    same("{ counted { name } }", middleware=[watch])
    assert seen.count("name") == 4, "two boats, two executors"


def test_what_fits_makes_no_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Table, "__iter__", lambda _self: pytest.fail("an object was made"))
    query = parse('{ boats { name crew greeting(word: "Ơi") goods { name } place { quay } ... on Named { n: name } } }')
    answer = orjson.loads(_answer(query, ColumnarExecutor, None))
    assert answer["data"]["boats"][2] == {
        "name": '"Lá"',
        "crew": 7,
        "greeting": 'Ơi "Lá"',
        "goods": [{"name": "ca"}],
        "place": {"quay": "quay 2"},
        "n": '"Lá"',
    }
