"""The fast path of GraphQL answers gives byte for byte what the ordinary way gives, whatever is selected.

The same questions go to two doors of one hub: the hub's, and one with Strawberry's own executor; and to a small schema whose
fields do all that the fast path must leave alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from schema.columns import Table
from schema.context import Context
from tests import world
from tests.asking import Asker
from tests.conftest import publish
from tests.engines import ENGINES, rendered_by

FIELDS: dict[str, dict[str, str | None]] = {
    "Series": {
        "key": None,
        "observationCount": None,
        "codes": "SeriesCode",
        "attributes": "AttributeValue",
        "observations": "Observation",
        "columns": "ObservationColumns",
    },
    "SeriesCode": {"dimension": None, "id": None, "name": None, "names": "LocalText", "dimensionName": None},
    "LocalText": {"lang": None, "value": None},
    "AttributeValue": {"id": None, "value": None, "name": None, "valueName": None},
    "Observation": {"period": None, "value": None, "valueText": None, "status": None, "attributes": "AttributeValue"},
    "ObservationColumns": {
        "periods": None,
        "values": None,
        "valueTexts": None,
        "statuses": None,
        "attributes": "AttributeColumn",
    },
    "AttributeColumn": {"id": None, "name": None, "values": None},
}
"""What can be selected below a series."""

LANGUAGES = {"": "", "e": '(lang: "en")', "x": '(lang: "fr")', "v": "(lang: $lang)", "n": "(lang: null)"}
DIRECTIVES = ("", "", "", " @include(if: true)", " @skip(if: true)", " @include(if: $yes)", " @skip(if: $yes)")


@st.composite
def selections(draw: st.DrawFn, type_: str, deep: int = 2, spreads: tuple[str, ...] = ()) -> str:
    """A selection set: fields with aliases, arguments and directives, fragments that overlap, and what is inside of objects."""
    parts = draw(st.lists(st.sampled_from([*FIELDS[type_], "__typename", "...", "... on"]), min_size=1, max_size=4))
    made = [_field(draw, type_, part, deep, spreads) for part in parts]
    made += draw(st.lists(st.sampled_from(spreads), max_size=2)) if spreads else []
    return "{ " + " ".join(made) + " }"


def _field(draw: st.DrawFn, type_: str, name: str, deep: int, spreads: tuple[str, ...]) -> str:
    directive = draw(st.sampled_from(DIRECTIVES))
    if name.startswith("..."):
        condition = f" on {type_}" if name != "..." else ""
        return f"...{condition}{directive} " + (draw(selections(type_, deep - 1, spreads)) if deep else "{ __typename }")
    inside = FIELDS[type_].get(name)
    argument = draw(st.sampled_from(list(LANGUAGES))) if name in ("name", "valueName", "dimensionName") else ""
    # The same alias means the same field, so that fields merge and never conflict.
    alias = draw(st.sampled_from(("", f"a_{name}: "))) if not argument else f"{argument}_{name}: "
    below = ""
    if inside is not None:
        below = " " + draw(selections(inside, max(deep - 1, 0), ())) if deep else " { __typename }"
    return f"{alias}{name}{LANGUAGES[argument]}{directive}{below}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A question for series with two fragments, one of which spreads the other."""
    wanted = draw(selections("Series", 3, ("...One", "...Two")))
    one, two = draw(selections("Series", 2, ("...Two",))), draw(selections("Series", 2))
    fragments = {"One": one, "Two": two}
    used = [name for name in fragments if f"...{name}" in wanted or (name == "Two" and "...One" in wanted and "...Two" in one)]
    return (
        "query ($yes: Boolean! = true, $lang: String) { on: __typename @include(if: $yes) "
        f'l: dataflow(ref: "SEN:MUA") {{ name(lang: $lang) data {{ totalCount series {wanted} }} }} }} '
        + " ".join(f"fragment {name} on Series {fragments[name]}" for name in used)
    )


def door(of: Asker) -> Any:
    """The GraphQL door itself."""
    return of.app.routes[0].endpoint  # type: ignore[attr-defined]


class Doors:
    """Two doors of one hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.fast, self.ordinary = Asker(hub.ports), Asker(hub.ports)
        for each in (self.fast, self.ordinary):
            # What is drawn may be larger than what people ask.
            door(each).documents.limits = {**door(each).limits, "aliases": 500, "depth": 20, "cost": 10_000_000}
        door(self.ordinary).executor = StrawberryGraphQLCoreExecutionContext

    def same(self, query: str, **variables: object) -> bytes:
        """The bytes that both give."""
        content = orjson.dumps({"query": query, "variables": variables})
        headers = {"Content-Type": "application/json"}
        one, other = (each.send("POST", content=content, headers=headers) for each in (self.fast, self.ordinary))
        assert one.status_code == other.status_code
        assert one.content == other.content
        return one.content


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The harvest, with values that are hard to write (absent ones, many digits, tiny and huge) and attributes with quotes."""
    folder = tmp_path_factory.mktemp("columnar")
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(folder), "HUB_FOUR_EYES": "0"}))
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(hub.clock.now()))
    publish(hub, world.harvest())
    odd = {
        "2020-Q1": "-0.1",
        "2020-Q2": "12345678901234567890.123",
        "2020-Q3": None,
        "2020-Q4": "1E+30",
        "2021-Q1": "0.0000001",
    }
    notes = [None, 'nói "khác"', "Ước tính \\ \n", None, 'nói "khác"']
    noted = replace(
        world.series("Q.03.NGO", dict(odd)), observation_attributes={"NOTE": notes, "OBS_STATUS": ["A", "P", *[None] * 3]}
    )
    publish(hub, [noted])
    yield hub
    hub.engine.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def doors(request: pytest.FixtureRequest, hub: Hub) -> Iterator[Doors]:
    """With each text engine."""
    with rendered_by(request.param):
        yield Doors(hub)


@given(documents(), st.booleans(), st.sampled_from(("en", "vi", None)))
@settings(max_examples=40, deadline=None)
def test_any_selection_gives_the_same_bytes(doors: Doors, query: str, yes: bool, lang: str | None) -> None:
    content = doors.same(query, yes=yes, lang=lang)
    assert b'"errors"' not in content, "the question was meant to be a right one"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ dataflow { data { series { key } } } }", {}),
        ('{ dataflow(ref: "SEN:MUA") { data { series { codes { name(lang: 1) } } } } }', {}),
        ('query ($l: String!) { dataflow(ref: "SEN:MUA") { data { series { codes { name(lang: $l) } } } } }', {}),
        ('query ($y: Boolean!) { dataflow(ref: "SEN:MUA") { data { series { key @skip(if: $y) } } } }', {"y": 3}),
        ('{ dataflow(ref: "SEN:MUA") { data(first: 0) { series { key } } } }', {}),
        ('{ dataflow(ref: "SEN:MUA") { data { series { key observations { period } nothing } } } }', {}),
        ('{ dataflow(ref: "SEN:MUA") { data(selection: {startPeriod: "2030"}) { series { key codes { id } } } } }', {}),
    ],
)
def test_wrong_and_empty_questions_give_the_same_bytes(doors: Doors, query: str, variables: dict[str, object]) -> None:
    doors.same(query, **variables)


def test_a_whole_list_of_series_takes_the_fast_path(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it every series and every observation would be made as an object."""

    def made(*_: object) -> None:
        raise AssertionError("an object was made one by one")

    monkeypatch.setattr(Table, "__iter__", made)
    answer = doors.fast.ask(
        '{ dataflow(ref: "SEN:MUA") { data { series { key observationCount codes { id n: name(lang: "en") names { value } } '
        "attributes { id valueName } observations { period v: value __typename attributes { id value } } "
        "columns { periods values attributes { name values } } } } } }"
    )
    assert "errors" not in answer


def test_numbers_keep_their_digits_on_the_fast_path(doors: Doors) -> None:
    content = doors.same('{ dataflow(ref: "SEN:MUA") { data { series { observations { value } } } } }')
    assert b"12345678901234567890.123" in content and b"0.0000001" in content


def test_a_name_is_looked_up_once_however_many_series_have_it(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[Any] = []
    ordinary = Context.text

    def text(self: Context, names: Any, lang: str | None = None) -> str:
        spoken.append(names)
        return ordinary(self, names, lang)

    monkeypatch.setattr(Context, "text", text)
    doors.fast.data('{ dataflow(ref: "SEN:MUA") { data { series { key codes { id name } } } } }')
    assert len(spoken) == 7, "A and Q, 01, 02 and 03, LUA and NGO"


def test_too_large_a_question_is_refused_before_anything_is_written(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error tells how many values it would have been: those of all series, counted while reading."""
    for each in (doors.fast, doors.ordinary):
        monkeypatch.setattr(door(each), "limits", {**door(each).limits, "cells": 20})
    content = doors.same('{ dataflow(ref: "SEN:MUA") { data { series { key observations { period value } } } } }')
    (error,) = orjson.loads(content)["errors"]
    assert error["extensions"]["code"] == "TOO_LARGE" and "28" in error["extensions"]["detail"]


def test_batches_follow_each_other_in_one_list(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the database cuts its answer, the list is one."""
    ask = doors.hub.ports.cube.ask
    query = '{ dataflow(ref: "SEN:MUA") { data { series { key codes { id } observations { period value } } } } }'
    whole = doors.fast.send("POST", json={"query": query}).content

    def cut(*arguments: Any) -> Any:
        answer = ask(*arguments)
        return replace(
            answer,
            batches=(
                batch.take_series(np.arange(place, place + 1))
                for batch in answer.batches
                for place in range(batch.series_count)
            ),
        )

    monkeypatch.setattr(type(doors.hub.ports.cube), "ask", lambda _self, *arguments: cut(*arguments))
    fresh = Asker(doors.hub.ports)
    assert fresh.send("POST", json={"query": query}).content == whole
