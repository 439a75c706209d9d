"""The fast path of GraphQL answers gives byte for byte what the ordinary way gives, whatever is selected.

The same questions go to two doors of one hub: the hub's, and one with Strawberry's own executor.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from hub.wiring import Hub
from schema.columnar import ColumnarExecutor
from schema.columns import Table
from tests.asking import Asker
from tests.conftest import publish
from tests.world import series

LEAVES = ("period", "value", "valueText", "status", "__typename")
DIRECTIVES = ("", " @include(if: true)", " @skip(if: true)", " @include(if: $yes)", " @skip(if: $yes)")
INSIDE = ("attributes { id value valueName }", "... on Observation { period value }", "...F")


@st.composite
def selections(draw: st.DrawFn) -> str:
    """A selection set on Observation: leaves with aliases and directives, fragments, and now and then objects inside."""
    leaf = st.tuples(st.sampled_from(("", "a: ", "b: ")), st.sampled_from(LEAVES), st.sampled_from(DIRECTIVES)).map("".join)
    parts = draw(st.lists(st.one_of(leaf, leaf, leaf, st.sampled_from(INSIDE)), min_size=1, max_size=6))
    return "{ " + " ".join(parts) + " }"


COLUMNS = st.lists(st.sampled_from(("periods", "values", "valueTexts", "statuses", "x: values", "__typename")), min_size=1)
CODE = ("id", "name", 'n: name(lang: "en")', "dimension", "dimensionName", "names { lang value }")
CODES = st.lists(st.sampled_from(CODE), min_size=1)


class Doors:
    """Two doors of one hub."""

    def __init__(self, hub: Hub) -> None:
        self.fast, self.ordinary = Asker(hub.ports), Asker(hub.ports)
        door = self.ordinary.app.routes[0].endpoint  # type: ignore[attr-defined]
        door.executor = StrawberryGraphQLCoreExecutionContext

    def same(self, query: str, **variables: object) -> bytes:
        """The bytes that both give."""
        content = orjson.dumps({"query": query, "variables": variables})
        headers = {"Content-Type": "application/json"}
        one, other = (each.send("POST", content=content, headers=headers) for each in (self.fast, self.ordinary))
        assert one.status_code == other.status_code
        assert one.content == other.content
        return one.content


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The harvest, with values that are hard to write: absent ones, many digits, tiny and huge."""
    from hub.settings import Settings
    from registry.actions import put
    from tests import world

    folder = tmp_path_factory.mktemp("columnar")
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(folder), "HUB_FOUR_EYES": "0"}))
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, at=hub.clock.now())
    publish(hub, world.harvest())
    odd = {
        "2020-Q1": "-0.1",
        "2020-Q2": "12345678901234567890.123",
        "2020-Q3": None,
        "2020-Q4": "1E+30",
        "2021-Q1": "0.0000001",
    }
    publish(hub, [series("Q.03.NGO", dict(odd))])
    yield Doors(hub)
    hub.engine.dispose()


@given(selections(), COLUMNS, CODES, st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_selection_gives_the_same_bytes(doors: Doors, rows: str, columns: list[str], codes: list[str], yes: bool) -> None:
    query = (
        'query ($yes: Boolean! = true) { dataflow(ref: "SEN:MUA") { data { series { key '
        f"observations {rows} columns {{ {' '.join(columns)} }} codes {{ {' '.join(codes)} }} }} }} }} }}"
        + (" fragment F on Observation { status p: period ... on Observation { value } }" if "...F" in rows else "")
    )
    doors.same(query, yes=yes)


def test_plain_observations_take_the_fast_path(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it every observation would be made as an object."""

    def made(*_: object) -> None:
        raise AssertionError("an observation was made one by one")

    monkeypatch.setattr(Table, "__iter__", made)
    answer = doors.fast.ask('{ dataflow(ref: "SEN:MUA") { data { series { observations { period v: value __typename } } } } }')
    assert "errors" not in answer


def test_numbers_keep_their_digits_on_the_fast_path(doors: Doors) -> None:
    content = doors.same('{ dataflow(ref: "SEN:MUA") { data { series { observations { value } } } } }')
    assert b"12345678901234567890.123" in content and b"0.0000001" in content


def test_a_code_is_completed_once_however_many_series_have_it(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    ordinary = StrawberryGraphQLCoreExecutionContext.complete_object_value

    def count(self: ColumnarExecutor, return_type: object, *rest: object) -> object:
        counted.append(str(return_type))
        return ordinary(self, return_type, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(StrawberryGraphQLCoreExecutionContext, "complete_object_value", count)
    doors.fast.data('{ dataflow(ref: "SEN:MUA") { data { series { codes { id name } } } } }')
    assert counted.count("SeriesCode") == 7, "A and Q, 01, 02 and 03, LUA and NGO"
