"""Answers that are kept: the same bytes as long as nothing has changed, and never one from the other side of an embargo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import current_thread, main_thread
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import httpx
import orjson
import pytest

from hub import vintages
from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.actions import put
from registry.pulse import moment
from registry.selection import select
from schema import door
from schema.door import Door, Manner
from schema.watching import Record, TooMuchHere, watched
from tests import world
from tests.asking import Asker
from tests.conftest import Hands, publish

DATA = """query ($asOf: DateTime) { dataflow(ref: "SEN:MUA") { data(selection: {asOf: $asOf}) {
  release { id number } totalCount series { key observations { period valueText } } } } }"""
RELEASES = '{ dataflow(ref: "SEN:MUA") { latestRelease { number } releases { id } } }'
AVAILABLE = '{ dataflow(ref: "SEN:MUA") { availability { series observations } } }'
UPDATED = (
    """{ dataflow(ref: "SEN:MUA") { data(selection: {updatedAfter: "2025-07-01T01:30:00Z"}) { totalCount series { key } } } }"""
)
QUESTIONS = [DATA, RELEASES, AVAILABLE, UPDATED]


class Counted(Asker):
    """An asker that sees which questions were really worked on."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.worked = 0
        found = next(route.app for route in self.app.routes if getattr(route, "path", "") == "/graphql")  # type: ignore[attr-defined]
        assert isinstance(found, Door)
        self.door, inside = found, found._execute
        self.door._execute = self._counting(inside)  # type: ignore[method-assign]

    def _counting(self, inside: Callable[..., Any]) -> Callable[..., Any]:
        def execute(*arguments: Any) -> Any:
            found = inside(*arguments)
            # None: too long to be answered in passing, and asked again where it may take long.
            self.worked += found is not None
            return found

        return execute

    def get(self, question: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        path = f"/graphql?query={quote(question)}&variables={quote(orjson.dumps(variables).decode())}"
        return self.send("GET", path, headers=headers or {})


@pytest.fixture
def asker(hub: Hub) -> Counted:
    """On SQLite what is short is answered in passing, on PostgreSQL in a thread."""
    return Counted(hub.ports, manner=Manner(moment=partial(moment, hub.engine)))


def more(hub: Hub, embargo: Any = None) -> str:
    """Another release: the rice of Lotus Field, revised and one quarter longer."""
    return publish(hub, [world.series("Q.01.LUA", {"2023-Q1": "999.5", "2024-Q2": "1"})], embargo)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_is_worked_on_once(asker: Counted, question: str) -> None:
    first, second = (asker.send("POST", json={"query": question}) for _ in range(2))
    assert "errors" not in first.json()
    assert (second.content, asker.worked) == (first.content, 1)
    assert second.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_release_is_seen_at_once(asker: Counted, hub: Hub, clock: Hands, question: str) -> None:
    before = asker.get(question)
    clock.pass_by(hours=1)
    more(hub)
    after = asker.get(question, {"If-None-Match": before.headers["etag"]})
    assert (after.status_code, asker.worked) == (200, 2)
    assert after.json() != before.json()
    again = asker.get(question, {"If-None-Match": after.headers["etag"]})
    assert (again.status_code, again.content, asker.worked) == (304, b"", 2)


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_changes_while_a_release_waits_and_everything_at_its_moment(
    asker: Counted, hub: Hub, clock: Hands, question: str
) -> None:
    before = asker.get(question)
    moment = clock.now() + timedelta(hours=2)
    more(hub, embargo=moment)
    waiting = asker.get(question)
    assert (waiting.content, dict(waiting.headers), asker.worked) == (before.content, dict(before.headers), 1)
    assert asker.get(question, {"If-None-Match": before.headers["etag"]}).status_code == 304
    clock.time = moment - timedelta(microseconds=1)
    assert asker.get(question).content == before.content
    clock.time = moment
    after = asker.get(question, {"If-None-Match": before.headers["etag"]})
    assert (after.status_code, asker.worked) == (200, 2)


def test_a_question_of_before_the_moment_asked_first_after_it_shows_the_new(asker: Counted, hub: Hub, clock: Hands) -> None:
    moment = clock.now() + timedelta(hours=2)
    release = more(hub, embargo=moment)
    assert release not in asker.get(DATA).text
    clock.time = moment
    assert release in asker.get(DATA).text


def test_what_was_published_then_stays_what_it_was(asker: Counted, hub: Hub, clock: Hands) -> None:
    then = clock.now().isoformat()
    first = asker.get(DATA, asOf=then)
    clock.pass_by(hours=1)
    more(hub)
    assert asker.get(DATA, asOf=then).content == first.content != asker.get(DATA).content


def test_an_embargo_that_is_still_to_come_does_not_show_in_what_answers_rest_on(hub: Hub, clock: Hands) -> None:
    before = hub.cube.standing(world.DATAFLOW.ref)
    more(hub, embargo=clock.now() + timedelta(days=1))
    assert hub.cube.standing(world.DATAFLOW.ref) == before
    clock.pass_by(days=1)
    assert hub.cube.standing(world.DATAFLOW.ref) != before


def test_a_change_of_the_registry_is_seen_at_once(asker: Counted, hub: Hub, clock: Hands) -> None:
    question = "{ codelists { nodes { id } } }"
    before = asker.get(question)
    with hub.engine.begin() as connection:
        put(connection, [replace(world.CROP, ref=replace(world.CROP.ref, id="CL_NEW"))], world.act(clock.now()))
    assert "CL_NEW" not in before.text and "CL_NEW" in asker.get(question).text


def test_languages_and_media_types_are_kept_apart(asker: Counted) -> None:
    question = '{ dataflow(ref: "SEN:MUA") { name } }'
    names = [asker.send("POST", json={"query": question}, headers={"Accept-Language": tag}).text for tag in ("vi", "en", "vi")]
    assert names[0] == names[2] != names[1]
    assert asker.worked == 2


def test_what_somebody_with_a_token_sees_is_never_kept(asker: Counted) -> None:
    for _ in range(2):
        assert asker.ask("{ drafts { id } }", token="publisher")["data"] == {"drafts": []}
    assert asker.worked == 2
    assert asker.ask("{ drafts { id } }")["errors"]
    assert asker.ask("{ drafts { id } }", token="publisher")["data"] == {"drafts": []}


def test_an_answer_with_an_error_is_not_kept(asker: Counted) -> None:
    for _ in range(2):
        assert asker.get('{ codelist(ref: "SEN:CL_NOPE") { id } service { version } }').json()["errors"]
    assert asker.worked == 2


def test_what_is_kept_has_a_bound(asker: Counted) -> None:
    asker.door.answers.most = 40_000
    for n in range(50):
        asker.send("POST", json={"query": f"query Q{n} {{ service {{ version }} }}"})
        assert asker.door.answers.bytes <= 40_000
    assert 0 < len(asker.door.answers._kept) < 50


def test_ports_that_nobody_told_of_are_read_for_once_only(hub: Hub) -> None:
    record = Record()
    ports = watched(hub.ports, record)
    assert ports.catalogue.structure(world.DATAFLOW.ref) and not record.only_once
    ports.clock.now()
    assert record.only_once


def test_what_takes_long_is_not_read_in_passing(hub: Hub) -> None:
    record = Record(in_passing=True)
    ports = watched(hub.ports, record)
    with pytest.raises(TooMuchHere):
        ports.cube.availability(select(world.STRUCTURE), LOCAL_ADMINISTRATOR)
    assert record.too_much


def test_many_observations_of_few_series_are_not_read_in_passing(hub: Hub) -> None:
    record = Record(in_passing=True)
    answer = watched(hub.ports, record).cube.ask(select(world.STRUCTURE), LOCAL_ADMINISTRATOR)
    assert answer.most == 9 and not record.too_much
    with patch("schema.watching.SMALL_OBSERVATIONS", 8), pytest.raises(TooMuchHere):
        watched(hub.ports, record).cube.ask(select(world.STRUCTURE), LOCAL_ADMINISTRATOR)
    assert record.too_much


def test_the_first_question_after_a_release_reads_its_vintage_in_a_thread(
    asker: Counted, hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a whole vintage takes long; once it is in memory, the same question is answered in passing again."""
    threads: list[bool] = []
    read = vintages._read

    def noted(*arguments: Any) -> Any:
        threads.append(current_thread() is main_thread())
        return read(*arguments)

    monkeypatch.setattr(vintages, "_read", noted)
    monkeypatch.setattr(door, "SHORT", 60.0)
    asker.get(DATA)
    clock.pass_by(hours=1)
    more(hub)
    assert "2024-Q2" in asker.get(DATA).text and threads == [False, False]
