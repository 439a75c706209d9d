"""Documents by their ids: known from the start, known by use, or not known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest

from clients import trusted
from hub.wiring import Hub
from schema.asked import Asked
from schema.build import build
from schema.documents import Documents, Refused
from schema.door import Manner
from schema.limits import LIMITS
from schema.replies import GRAPHQL_JSON
from tests.asking import Asker

QUESTION = "query Crops($ref: String!) { codelist(ref: $ref) { id } }"
DIGEST = hashlib.sha256(QUESTION.encode()).hexdigest()
ID = f"sha256:{DIGEST}"
CROPS = {"ref": "SEN:CL_CROP"}
ANSWER = {"data": {"codelist": {"id": "CL_CROP"}}}
OTHER = "{ service { version } }"


@pytest.fixture
def asker(hub: Hub) -> Asker:
    return Asker(hub.ports, manner=Manner({DIGEST: QUESTION}))


@pytest.fixture
def strict(hub: Hub) -> Asker:
    return Asker(hub.ports, manner=Manner({DIGEST: QUESTION}, trusted_only=True))


def test_a_trusted_document_needs_no_text(asker: Asker) -> None:
    assert asker.send("POST", json={"documentId": ID, "variables": CROPS}).json() == ANSWER
    assert (
        asker.send("GET", f"/graphql?documentId={quote(ID)}&variables={quote(orjson.dumps(CROPS).decode())}").json() == ANSWER
    )


def test_the_older_way_of_saying_it_is_understood_too(asker: Asker) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}
    assert asker.send("POST", json={"extensions": extensions, "variables": CROPS}).json() == ANSWER
    address = f"extensions={quote(orjson.dumps(extensions).decode())}&variables={quote(orjson.dumps(CROPS).decode())}"
    assert asker.send("GET", f"/graphql?{address}").json() == ANSWER


def test_a_document_sent_once_is_known_by_its_id(asker: Asker) -> None:
    id = f"sha256:{hashlib.sha256(OTHER.encode()).hexdigest()}"
    first = asker.send("POST", json={"documentId": id})
    assert (first.status_code, first.json()["errors"][0]["extensions"]["code"]) == (200, "PERSISTED_QUERY_NOT_FOUND")
    sent = asker.send("POST", json={"documentId": id, "query": OTHER}).json()
    assert asker.send("POST", json={"documentId": id}).json() == sent
    assert sent["data"]["service"]["version"]


def test_an_unknown_id_is_a_400_for_those_who_read_statuses(asker: Asker) -> None:
    reply = asker.send("POST", json={"documentId": "sha256:" + "0" * 64}, headers={"Accept": GRAPHQL_JSON})
    assert (reply.status_code, "data" in reply.json()) == (400, False)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"documentId": "crops"}, "DOCUMENT_ID"),
        ({"documentId": "sha256:" + "A" * 64}, "DOCUMENT_ID"),
        ({"documentId": "md5:" + "0" * 32}, "DOCUMENT_ID"),
        ({"documentId": 7}, "WRONG_PART"),
        ({"documentId": ""}, "QUERY_MISSING"),
        ({"extensions": {"persistedQuery": {"sha256Hash": 7}}}, "DOCUMENT_ID"),
        ({"extensions": {"persistedQuery": 7}}, "QUERY_MISSING"),
        ({"documentId": ID, "query": OTHER}, "DOCUMENT_ID_DIFFERS"),
        ({"documentId": ID, "query": QUESTION + " "}, "DOCUMENT_ID_DIFFERS"),
    ],
)
def test_ids_of_another_kind_are_told_apart(asker: Asker, part: dict[str, object], code: str) -> None:
    reply = asker.send("POST", json={"variables": CROPS, **part})
    assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (400, code)


def test_no_id_lets_a_mutation_through_by_get(hub: Hub) -> None:
    text = 'mutation { discard(draft: "x") { id } }'
    digest = hashlib.sha256(text.encode()).hexdigest()
    asker = Asker(hub.ports, manner=Manner({digest: text}))
    assert asker.send("GET", f"/graphql?documentId=sha256:{digest}").status_code == 405


def test_a_strict_hub_refuses_the_public_every_other_document(strict: Asker) -> None:
    id = f"sha256:{hashlib.sha256(OTHER.encode()).hexdigest()}"
    assert strict.send("POST", json={"documentId": ID, "variables": CROPS}).json() == ANSWER
    assert strict.send("POST", json={"query": QUESTION, "variables": CROPS}).json() == ANSWER
    for part in ({"query": OTHER}, {"query": OTHER, "documentId": id}):
        reply = strict.send("POST", json=part)
        assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (403, "TRUSTED_ONLY")


def test_what_somebody_with_a_token_may_ask_does_not_become_public_by_it(strict: Asker) -> None:
    id = f"sha256:{hashlib.sha256(OTHER.encode()).hexdigest()}"
    token = {"Authorization": "Bearer publisher"}
    assert strict.send("POST", json={"query": OTHER}, headers=token).json()["data"]
    for part in ({"query": OTHER}, {"documentId": id}):
        assert strict.send("POST", json=part).status_code == 403


def test_the_list_of_trusted_documents_is_served(asker: Asker) -> None:
    assert asker.send("GET", "/graphql/documents").json() == {ID: QUESTION}


def test_what_a_page_length_may_cost_is_measured_for_each_length() -> None:
    documents = Documents(build()._schema, LIMITS)
    text = "query ($n: Int!) { codelists(first: $n) { nodes { id codes(first: 1000) { nodes { id } } } } }"
    document, small = documents.get(Asked(text, {"n": 2}))
    again, smaller = documents.get(Asked(text, {"n": 1}))
    assert again is document and smaller.total.cost < small.total.cost
    assert documents.get(Asked(text, {"n": 2}))[1] is small
    with pytest.raises(Refused):
        documents.get(Asked(text, {"n": 1000}))


def test_the_documents_of_our_own_clients_are_trusted_and_fit_the_schema() -> None:
    known = trusted.documents()
    generated = Path(trusted.__file__).parent / "python" / "src" / "hub_client" / "generated" / "documents.py"
    made: dict[str, str] = {}
    exec(generated.read_text(encoding="utf-8"), made)  # our own file
    texts = {made[name] for name in made["__all__"]}
    assert set(known.values()) == texts, "python clients/generate.py writes clients/trusted_documents.json"
    documents = Documents(build()._schema, LIMITS, known)
    for digest, text in known.items():
        assert hashlib.sha256(text.encode()).hexdigest() == digest
        assert documents.get(Asked(None, {}, document_id=digest))[0].digest == digest
