"""What the client makes of answers, good and bad: no hub is needed to tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hub_client import ConnectionFailed, HubClient, QueryFailed, SelectionInput, UnexpectedReply, select, wire

Answer = Callable[[httpx.Request], httpx.Response]

SERVICE = {"service": {"version": "1", "name": "Kho", "license": "L", "citation": "C", "limits": []}}


def hub(answer: Answer, **options: Any) -> HubClient:
    return HubClient("http://hub.example", http_client=httpx.Client(transport=httpx.MockTransport(answer)), **options)


def reply(data: Any = None, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={**({"data": data} if data is not None else {}), **more}, headers=headers)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses the client makes, which take no time here."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def test_the_client_says_who_it_is_and_what_it_understands() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return reply(SERVICE)

    hub(answer, token="secret", lang="vi").service()
    (request,) = seen
    assert str(request.url) == "http://hub.example/graphql"
    assert request.headers["accept"].startswith("application/graphql-response+json")
    assert request.headers["user-agent"].startswith("hub-client/") and " schema/" in request.headers["user-agent"]
    assert (request.headers["authorization"], request.headers["accept-language"]) == ("Bearer secret", "vi")
    assert "gzip" in request.headers["accept-encoding"]


def test_numbers_keep_every_digit() -> None:
    text = '{"data": {"n": 12345678901234567890.1234567890, "whole": 12345678901234567890, "tiny": 1e-30}}'
    found = wire.data(httpx.Response(200, content=text))
    assert [str(Decimal(found[name])) for name in ("n", "whole", "tiny")] == [
        "12345678901234567890.1234567890",
        "12345678901234567890",
        "1E-30",
    ]


ERROR = {
    "message": "Mã không tồn tại: …",
    "path": ["dataflow", "data"],
    "extensions": {"code": "UNKNOWN_CODE", "title": "Mã không tồn tại", "detail": "D", "help": "H", "suggestions": ["01"]},
}


@pytest.mark.parametrize("status", [200, 400, 401, 422])
def test_what_the_hub_says_of_an_error_is_kept_whatever_the_status(status: int) -> None:
    with pytest.raises(QueryFailed) as failed:
        hub(lambda _: reply(status=status, errors=[ERROR])).service()
    said = failed.value.first
    assert (said.code, said.title, said.suggestions, said.path) == (
        "UNKNOWN_CODE",
        "Mã không tồn tại",
        ("01",),
        ("dataflow", "data"),
    )
    assert failed.value.status == status


def test_the_part_of_an_answer_that_is_there_is_not_lost() -> None:
    with pytest.raises(QueryFailed) as failed:
        hub(lambda _: reply({"dataflow": None, "service": {"version": "1"}}, errors=[ERROR])).service()
    assert failed.value.data == {"dataflow": None, "service": {"version": "1"}}


@pytest.mark.parametrize("content", ["<html>Bad gateway</html>", "[]", '{"message": "no"}', ""])
def test_a_page_of_something_in_between_is_told_apart(content: str) -> None:
    with pytest.raises(UnexpectedReply) as failed:
        hub(lambda _: httpx.Response(500, text=content)).service()
    assert failed.value.status == 500


def test_a_query_is_tried_again_after_the_time_the_server_asks_for(pauses: list[float]) -> None:
    answers = [reply(status=503, headers={"Retry-After": "7"}), reply(status=429), reply(SERVICE)]
    assert hub(lambda _: answers.pop(0)).service().version == "1"
    assert pauses[0] == 7.0 and 0 < pauses[1] < 1


def test_a_retry_after_in_the_past_or_of_a_year_does_not_hold_anybody_up() -> None:
    past = httpx.Response(503, headers={"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"})
    far = httpx.Response(503, headers={"Retry-After": "31536000"})
    assert (wire.pause(past, 0), wire.pause(far, 0)) == (0.0, wire.LONGEST_PAUSE)


def test_after_the_last_try_the_answer_is_told_as_it_is(pauses: list[float]) -> None:
    with pytest.raises(UnexpectedReply) as failed:
        hub(lambda _: httpx.Response(503, text="down"), retries=2).service()
    assert (failed.value.status, len(pauses)) == (503, 2)


def test_a_broken_connection_is_tried_again_and_then_told(pauses: list[float]) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(ConnectionFailed, match=r"hub\.example"):
        hub(broken, retries=1).service()
    assert len(pauses) == 1


def test_a_mutation_is_never_sent_twice(pauses: list[float]) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503, text="down")

    with pytest.raises(UnexpectedReply):
        hub(answer).approve("a-draft")
    assert (len(sent), pauses) == (1, [])


def test_answers_are_remembered_by_their_tag() -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.headers.get("if-none-match")))
        if request.headers.get("if-none-match") == '"v1"':
            return httpx.Response(304, headers={"ETag": '"v1"'})
        return reply(SERVICE, headers={"ETag": '"v1"'})

    client = hub(answer, remember=2)
    assert client.service() == client.service()
    assert seen == [("GET", None), ("GET", '"v1"')]


def test_only_as_many_answers_are_remembered_as_were_asked_for() -> None:
    memory = wire.Memory(1)
    for key in ("a", "b"):
        memory.settle(key, httpx.Response(200, headers={"ETag": f'"{key}"'}))
    assert (memory.conditions("a"), memory.conditions("b")) == ({}, {"If-None-Match": '"b"'})


def test_what_was_not_given_is_not_sent() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["variables"])
        return reply({"dataflow": None})

    hub(answer).data("SEN:MUA", select({"CROP": "LUA"}, last_n=3))
    hub(answer).data("SEN:MUA", SelectionInput(startPeriod="2024"), first=5)
    assert sent == [
        {"ref": "SEN:MUA", "selection": {"dimensions": [{"id": "CROP", "codes": ["LUA"]}], "lastN": 3}},
        {"ref": "SEN:MUA", "selection": {"startPeriod": "2024"}, "first": 5},
    ]


def test_documents_go_by_their_ids_and_their_texts_only_to_a_hub_that_does_not_know_them() -> None:
    seen: list[dict[str, Any]] = []
    known: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        seen.append(body)
        if "query" in body:
            known.add(body["documentId"])
        if body["documentId"] in known:
            return reply(SERVICE)
        return reply(status=400, errors=[{"message": "?", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}])

    client = hub(answer, ids=True)
    for _ in range(2):
        assert client.service().version == "1"
    assert ["query" in body for body in seen] == [False, True, False]
    assert seen[1]["documentId"] == wire.document_id(seen[1]["query"])


def test_a_hub_that_knows_no_ids_gets_texts() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "query" in json.loads(request.content):
            return reply(SERVICE)
        return reply(status=400, errors=[{"message": "?", "extensions": {"code": "QUERY_MISSING"}}])

    assert hub(answer, ids=True).service().version == "1"


@pytest.mark.parametrize(
    "content", ["PERSISTED_QUERY_NOT_FOUND", "[]", '{"errors": [{"m": "QUERY_MISSING"}]}', '{"data": "QUERY_MISSING"}']
)
def test_only_an_error_says_that_a_document_is_unknown(content: str) -> None:
    assert not wire.is_unknown(httpx.Response(200, text=content))
