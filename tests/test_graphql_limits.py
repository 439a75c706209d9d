"""The GraphQL door and those who ask too much, or something that is no question: a clear refusal, quickly, and never a 5xx.

The hub behind it is the real one with the harvest of Đất Nước Sen, on SQLite.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from graphql import get_introspection_query, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Release
from registry.ports import Viewer
from registry.ref import Ref
from schema.asked import Asked
from schema.build import build
from schema.documents import Documents, Refused
from schema.limits import LIMITS, SATURATED, measure
from schema.replies import GRAPHQL_JSON, JSON, negotiated
from tests import world
from tests.asking import Asker, body
from tests.conftest import Hands, publish
from tests.work import at_most

SCHEMA = build()._schema
MODERN = {"Accept": GRAPHQL_JSON}
POST_JSON = {"Content-Type": JSON}

REFUSED_WITHIN = 300_000
"""Calls; ten times what the worst of them needs, and nothing beside what takes twice as long for each further step."""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder, clock = tmp_path_factory.mktemp("hub"), Hands()
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(folder), "HUB_FOUR_EYES": "0"}), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    publish(hub, world.harvest())
    clock.pass_by(hours=1)
    asker = Asker(hub.ports)
    asker.error("{ neverAsked }")  # what only the first question costs is not counted
    yield asker
    hub.engine.dispose()


def fragments(count: int, last: str = "id") -> str:
    """Every fragment spreads the next one twice: as much as 2 to the power of ``count``, were it expanded."""
    chain = "".join(f"fragment F{n} on Dataflow {{ ...F{n + 1} ...F{n + 1} }}" for n in range(count - 1))
    return f'{{ dataflow(ref: "SEN:MUA") {{ ...F0 }} }} {chain} fragment F{count - 1} on Dataflow {{ {last} }}'


HOSTILE = {
    "deep": '{ codelist(ref: "x") { code(id: "x") { ' + "parent { " * 10 + "id" + " }" * 13,
    "very deep": "{" + "a{" * 700 + "b" + "}" * 701,
    "deep list value": '{ codelist(ref: ' + "[" * 600 + "]" * 600 + ") { id } }",
    "aliases": "{" + " ".join(f"a{n}: service {{ version }}" for n in range(31)) + "}",
    "many aliases": "{" + " ".join(f"a{n}: __typename" for n in range(400)) + "}",
    "repeated fields": "{" + "__typename " * 600 + "}",
    "tokens": "{" + " __typename" * 1600 + "}",
    "comments": "#\n" * 2000 + "{ service { version } }",
    "fragments": "{ service { ...F0 } }" + "".join(f"fragment F{n} on Service {{ version }}" for n in range(21)),
    "fragment bomb": fragments(20),
    "fragment bomb of data": fragments(20, last="data { series { observations { value } } }"),
    "fragment circle": "{ service { ...A } } fragment A on Service { ...B } fragment B on Service { ...A }",
    "fragment of itself": "{ service { ...A } } fragment A on Service { ...A }",
    "unknown fragment": "{ service { ...Nope } }",
    "unused fragment": "{ service { version } } fragment A on Service { version }",
    "long pages": "{ codelists(first: 1000) { nodes { codes(first: 1000) { nodes { name } } } } }",
    "long pages by default": "query ($n: Int! = 999) { codelists(first: $n) { nodes { codes(first: $n) { nodes { id } } } } }",
    "pages in an unknown variable": "{ codelists(first: $n) { nodes { codes(first: $m) { nodes { name } } } } }",
    "page beyond all bounds": "{ codelists(first: 99999999999999999999) { totalCount } }",
    "two operations": "query A { service { version } } query B { service { version } }",
    "no operation": "fragment A on Service { version }",
    "only types": "type Query { a: Int }",
    "nothing selected": "{ }",
    "nothing selected inside": '{ dataflow(ref: "x") { } }',
    "unknown field": "{ password }",
    "subscription": "subscription { service { version } }",
    "directives": "{ __typename " + "@include(if: true) " * 300 + "}",
    "introspection without end": "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
    "not the language": "SELECT * FROM users; --",
    "NUL": '{ codelist(ref: "\\u0000") { id } }',
    "NUL in braces": '{ codelist(ref: "\\u{0}") { id } }',
    "half a character": '{ codelist(ref: "\\uD800") { id } }',
    "huge number": "{ codelists(first: " + "9" * 5000 + ") { totalCount } }",
    "experimental": "{ service { ... @defer { version } } }",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_quickly_and_politely(asker: Asker, name: str) -> None:
    with at_most(REFUSED_WITHIN):
        response = asker.send("POST", content=body(HOSTILE[name]), headers={**POST_JSON, **MODERN})
    assert response.status_code in (400, 422), response.text
    for error in response.json()["errors"]:
        assert error["message"]
        assert set(error["extensions"]) == {"code", "title", "detail", "help", "suggestions"}
    assert "data" not in response.json()


AT_THE_LIMIT: dict[str, Callable[[int], str]] = {
    "depth": lambda n: '{ codelist(ref: "SEN:CL_CROP") { code(id: "LUA") { ' + "parent { " * (n - 3) + "id" + " }" * n,
    "aliases": lambda n: "{" + " ".join(f"a{i}: __typename" for i in range(n)) + "}",
    "fields": lambda n: "{" + " __typename" * n + "}",
    "fragments": lambda n: (
        "{ service { "
        + " ".join(f"...F{i}" for i in range(n))
        + " } }"
        + "".join(f" fragment F{i} on Service {{ version }}" for i in range(n))
    ),
}


@pytest.mark.parametrize("limit", AT_THE_LIMIT)
def test_a_limit_is_reached_but_not_passed(asker: Asker, limit: str) -> None:
    most = LIMITS[limit]
    assert "errors" not in asker.ask(AT_THE_LIMIT[limit](most))
    error = asker.error(AT_THE_LIMIT[limit](most + 1), lang="en")
    assert error["code"] == "QUERY_TOO_LARGE"
    assert error["detail"] == f"Its {limit} is {most + 1}; the limit is {most}."


@pytest.mark.parametrize(("token", "status"), [("", 413), ("publisher", 200), ("stolen", 401)])
def test_a_whole_classification_fits_into_the_request_of_somebody_known(asker: Asker, token: str, status: int) -> None:
    headers = {**POST_JSON, **({"Authorization": f"Bearer {token}"} if token else {})}
    content = b'{"query": "{ service { version } }"' + b" " * 200_000 + b"}"
    assert asker.send("POST", content=content, headers=headers).status_code == status
    assert asker.send("POST", content=b" " * (LIMITS["bodyBytesWithToken"] + 1), headers=headers).status_code in (401, 413)


def test_a_variable_cannot_smuggle_in_a_long_page(asker: Asker) -> None:
    question = "query ($n: Int!) { codelists(first: $n) { nodes { codes(first: $n) { nodes { name } } } } }"
    assert "errors" not in asker.ask(question, n=10)
    assert asker.error(question, n=1000)["code"] == "QUERY_TOO_LARGE"
    assert "errors" not in asker.ask(question, n=10)


@pytest.mark.parametrize("size", [0, -1, 1001])
def test_a_page_has_1_to_1000_entries(asker: Asker, size: int) -> None:
    assert asker.error("query ($n: Int!) { codelists(first: $n) { totalCount } }", n=size)["code"] == "PAGE_SIZE"


def test_measuring_takes_no_longer_for_nested_fragments() -> None:
    document = parse(fragments(150))
    with at_most(REFUSED_WITHIN):
        measured = measure(SCHEMA, document, {})
    assert measured.total.fields == SATURATED


def test_a_page_multiplies_what_stands_in_it() -> None:
    def cost(text: str) -> int:
        return measure(SCHEMA, parse(text), {}).total.cost

    one = cost("{ codelists(first: 1) { nodes { id ref } } }")
    assert cost("{ codelists(first: 100) { nodes { id ref } } }") == one + 99 * 2
    assert cost("{ codelists { nodes { id ref } } }") == one + 49 * 2
    assert cost("{ codelists(first: 1) { ...P } } fragment P on CodelistConnection { nodes { id ref } }") == one


def test_the_cells_of_an_observation_are_the_fields_asked_of_it() -> None:
    def cells(inside: str) -> int:
        found = measure(SCHEMA, parse(f'{{ dataflow(ref: "x") {{ data {{ series {{ {inside} }} }} }} }}'), {})
        (only,) = found.cells_each.values()
        return only

    assert cells("key codes { name }") == 0
    assert cells("key observations { period value }") == 2
    assert cells("columns { periods values valueTexts }") == 3
    assert cells("observations { value attributes { id value } }") == 1 + 4 * 2


def test_introspection_is_open(asker: Asker) -> None:
    question = get_introspection_query(descriptions=True, specified_by_url=True, input_value_deprecation=True)
    assert asker.data(question)["__schema"]["queryType"]["name"] == "Query"


def test_documents_are_kept_but_not_without_bound(asker: Asker) -> None:
    documents = Documents(SCHEMA, LIMITS, most=2)
    texts = [f"query Q{n} {{ service {{ version }} }}" for n in range(3)]
    first = documents.get(Asked(texts[0], {}))[0]
    assert documents.get(Asked(texts[0], {}))[0] is first
    for text in texts:
        documents.get(Asked(text, {}))
    assert documents.get(Asked(texts[0], {}))[0] is not first
    with pytest.raises(Refused):
        documents.get(Asked("{ nope }", {}))


# What is no GraphQL request at all

BODIES = {
    b"": 400,
    b"null": 400,
    b"true": 400,
    b'"x"': 400,
    b"17": 400,
    b"1" * 5000: 400,
    b"NaN": 400,
    b"{": 400,
    b"{}": 400,
    b'{"query": null}': 400,
    b'{"query": 1}': 400,
    b'{"query": ""}': 400,
    b'{"query": "{ service { version } }", "variables": []}': 400,
    b'{"query": "{ service { version } }", "variables": "x"}': 400,
    b'{"query": "{ service { version } }", "operationName": 3}': 400,
    b'{"query": "{ service { version } }", "extensions": 3}': 400,
    b'[{"query": "{ service { version } }"}]': 400,
    b"[]": 400,
    b'{"query": "\xff\xfe"}': 400,
    b'{"query": "{ a }", "variables": {"x": "\\ud800"}}': 400,
    b'{"query": "{ a }", "variables": {"x": "\\u0000"}}': 400,
    b'{"query": "{ a }", "variables": {"x": ' + b"9" * 5000 + b"}}": 400,
    b'{"query": "{ a }", "variables": ' + b'{"a":' * 50 + b"1" + b"}" * 51: 400,
    b"[" * 60000: 400,
    b'{"a":' * 10000: 400,
    b'{"query": "' + b"#" * 70000 + b'"}': 413,
}  # fmt: skip


@pytest.mark.parametrize("sent", BODIES, ids=lambda sent: repr(sent[:40]))
def test_a_body_that_is_no_request_is_refused_in_json(asker: Asker, sent: bytes) -> None:
    response = asker.send("POST", content=sent, headers=POST_JSON)
    assert response.status_code == BODIES[sent], response.text
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json()["errors"][0]["extensions"]["help"]


@pytest.mark.parametrize(
    "type_",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=latin-1",
    ],
)
def test_only_json_is_read(asker: Asker, type_: str) -> None:
    response = asker.send("POST", content=body("{ service { version } }"), headers={"Content-Type": type_})
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "WRONG_MEDIA_TYPE"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused_with_those_allowed(asker: Asker, method: str) -> None:
    response = asker.send(method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert response.json()["errors"]


def test_a_token_that_is_not_valid_is_refused(asker: Asker) -> None:
    response = asker.send("POST", content=body("{ service { version } }"), headers={**POST_JSON, "Authorization": "Bearer x"})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


# GraphQL over HTTP


def test_a_question_may_come_by_get_and_be_kept_until_it_changes(asker: Asker) -> None:
    path = (
        "/graphql?query="
        + quote("query ($r: String!) { codelist(ref: $r) { id } }")
        + "&variables="
        + quote('{"r": "SEN:CL_CROP"}')
    )
    response = asker.send("GET", path)
    assert response.json() == {"data": {"codelist": {"id": "CL_CROP"}}}
    assert response.headers["cache-control"] == "public, no-cache"
    assert "Accept-Language" in response.headers["vary"]
    again = asker.send("GET", path, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    private = asker.send("GET", path, headers={"Authorization": "Bearer ministry"})
    assert private.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    ["", "?", "?query=", "?variables={}", "?query={a}&variables=[", "?query=%FF", "?query={a}&variables=1", "?" + "&" * 50],
)
def test_an_address_without_a_question_is_refused(asker: Asker, query: str) -> None:
    response = asker.send("GET", "/graphql" + query)
    assert response.status_code == 400
    assert response.json()["errors"]


def test_nothing_is_changed_by_get(asker: Asker) -> None:
    response = asker.send("GET", "/graphql?query=" + quote('mutation { discard(draft: "x") { id } }'))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("question", "variables", "modern", "code"),
    [
        ("{ service", {}, 400, "QUERY_SYNTAX"),
        ("{ nope }", {}, 422, "QUERY_INVALID"),
        ("query ($n: Int!) { codelists(first: $n) { totalCount } }", {}, 422, "VARIABLES_INVALID"),
        ("query ($n: Int!) { codelists(first: $n) { totalCount } }", {"n": "many"}, 422, "VARIABLES_INVALID"),
        ("query A { service { version } } query B { service { version } }", {}, 422, "ONE_OPERATION"),
        ('{ codelist(ref: "x") { id } }', {}, 200, "BAD_REFERENCE"),
    ],
)
def test_the_status_is_what_the_media_type_promises(
    asker: Asker, question: str, variables: dict[str, Any], modern: int, code: str
) -> None:
    new = asker.send("POST", content=body(question, **variables), headers={**POST_JSON, **MODERN})
    assert (new.status_code, new.headers["content-type"]) == (modern, f"{GRAPHQL_JSON}; charset=utf-8")
    assert ("data" in new.json()) == (modern == 200)
    old = asker.send("POST", content=body(question, **variables), headers={**POST_JSON, "Accept": JSON})
    assert (old.status_code, old.headers["content-type"]) == (200, f"{JSON}; charset=utf-8")
    assert new.json() == old.json()
    assert new.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON};q=0.9", JSON),
        (f"{GRAPHQL_JSON};q=0, */*", JSON),
        (f"{GRAPHQL_JSON};q=x", JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_JSON),
    ],
)
def test_the_media_type_is_negotiated(accept: str, given: str) -> None:
    assert negotiated(accept) == given


def test_the_schema_can_be_read_as_text(asker: Asker) -> None:
    response = asker.send("GET", "/schema.graphql")
    assert response.status_code == 200
    assert "type Query" in response.text


class Slow:
    """A cube that answers only when another question was answered meanwhile."""

    def __init__(self) -> None:
        self.asked, self.other_answered = Event(), Event()

    def releases(self, dataflow: Ref, viewer: Viewer, preview: bool = False) -> list[Release]:
        self.asked.set()
        assert self.other_answered.wait(20), "the slow question held up the other one"
        return []

    def standing(self, dataflow: Ref | None, afresh: bool = False) -> str:
        return "1"


def test_a_slow_question_holds_up_nobody_else(asker: Asker) -> None:
    slow = Slow()
    door = Asker(replace(asker.ports, cube=cast(Any, slow))).app

    async def both() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://hub.example") as client:

            async def answered(question: str) -> None:
                response = await client.post("/graphql", content=body(question), headers=POST_JSON)
                assert "errors" not in response.json()

            long = asyncio.create_task(answered('{ dataflow(ref: "SEN:MUA") { latestRelease { id } } }'))
            await asyncio.to_thread(slow.asked.wait)
            await answered("{ service { version } }")
            slow.other_answered.set()
            await long

    asyncio.run(both())


# Anything at all

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELD_NAMES = sorted({name for type_ in SCHEMA.type_map.values() for name in getattr(type_, "fields", {})})
ANY_DOCUMENT = st.lists(
    st.sampled_from(
        ["{", "}", "{", "}", "(", ")", ":", "$", "...", "on", "query", "fragment", '"SEN:MUA"', "3", "[", "]", *FIELD_NAMES]
    ),
    max_size=40,
).map(" ".join)
REPEAT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@REPEAT
@given(sent=st.binary(max_size=300))
def test_no_bytes_end_in_a_server_error(asker: Asker, sent: bytes) -> None:
    response = asker.send("POST", content=sent, headers=POST_JSON)
    assert 400 <= response.status_code < 500
    assert response.json()["errors"]


@REPEAT
@given(query=ANY_JSON | ANY_DOCUMENT | st.text(max_size=80), variables=ANY_JSON, name=ANY_JSON)
def test_no_request_ends_in_a_server_error(asker: Asker, query: Any, variables: Any, name: Any) -> None:
    sent = {"query": query, "variables": variables, "operationName": name}
    try:
        response = asker.send("POST", json=sent, headers=MODERN)
    except ValueError:  # what JSON cannot say at all, such as NaN, cannot be sent
        return
    assert response.status_code < 500
    assert response.json().keys() & {"data", "errors"}


@REPEAT
@given(
    ref=st.text(max_size=30) | st.sampled_from(["SEN:MUA", "SEN:CL_CROP(1.0)", "SEN:MUA(*)", "*:*"]),
    selection=st.fixed_dictionaries(
        {},
        optional={
            "dimensions": st.lists(
                st.fixed_dictionaries(
                    {
                        "id": st.sampled_from(["CROP", "FREQ", "TIME_PERIOD"]) | st.text(max_size=5),
                        "codes": st.lists(st.text(max_size=5) | st.just("LUA"), max_size=3),
                    }
                ),
                max_size=3,
            ),
            "startPeriod": st.text(max_size=12) | st.from_regex(r"\d{4}(-[QMWD]?\d{1,3})?", fullmatch=True),
            "endPeriod": st.from_regex(r"\d{4}(-[QMWD]?\d{1,3})?", fullmatch=True),
            "firstN": st.integers(-(2**33), 2**33),
            "lastN": st.integers(-2, 3),
            "asOf": st.datetimes().map(lambda moment: moment.isoformat() + "Z") | st.text(max_size=10),
            "updatedAfter": st.datetimes().map(lambda moment: moment.isoformat() + "+14:00"),
        },
    ),
    first=st.integers(-1, 2000),
    after=st.none() | st.text(max_size=30),
)
def test_no_selection_ends_in_something_unforeseen(
    asker: Asker, ref: str, selection: dict[str, Any], first: int, after: str | None
) -> None:
    question = """query ($ref: String!, $selection: SelectionInput, $first: Int!, $after: String) { dataflow(ref: $ref) {
      availability(selection: $selection) { series }
      data(selection: $selection, first: $first, after: $after) { totalCount series { columns { values } } links { csv } } }
    }"""
    variables = {"ref": ref, "selection": selection, "first": first, "after": after}
    response = asker.send("POST", json={"query": question, "variables": variables})
    assert response.status_code < 500
    for error in response.json().get("errors", []):
        assert error["extensions"]["code"] != "INTERNAL_ERROR", error
