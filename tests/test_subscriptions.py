"""Who subscribed is told what changed in the registry: signed, in order, until it arrives, and only where it was allowed."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette

from hub.access import LOCAL_ADMINISTRATOR, Rules
from hub.notifying import Notifier, signature
from hub.subscribing import routes
from hub.subscriptions import Subscriptions, check_address
from hub.web import on_hub_error
from hub.wiring import Hub
from registry.actions import put, remove
from registry.errors import Denied, HubError, Invalid, NotFound, Unauthenticated
from registry.ports import PUBLIC, Role, Viewer
from tests import world
from tests.asking import viewer_of
from tests.conftest import Hands
from tests.test_sdmx_submitting import SOIL

MINISTRY = Viewer(Role.MINISTRY, "BNN", "registry watcher")


@dataclass
class Ear:
    """An address of a ministry on this machine. ``answers``: the status of each request, 200 when they run out, and a line of
    a head each tenth of a second for as long as anybody listens for 0."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    origin: str = ""

    @property
    def changes(self) -> list[list[tuple[str, str]]]:
        told = [orjson.loads(body)["changes"] for _, body in self.heard]
        return [[(one["urn"].split("=")[1], one["outcome"]) for one in some] for some in told]


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as found:
        yield found


@contextmanager
def listening(secured: ssl.SSLContext | None = None) -> Iterator[Ear]:
    """An address that listens until it is left. ``secured``: its certificate."""
    found = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            status = found.answers.pop(0) if found.answers else 200
            self.send_response(status or 200)
            for _ in range(0 if status else 100):
                self.send_header("Slow", "x")
                self.flush_headers()
                time.sleep(0.1)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if secured:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.origin = f"http{'s' if secured else ''}://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Post:
    """Subscriptions and their notices over a registry, with one address allowed."""

    hub: Hub
    clock: Hands
    ear: Ear

    def __post_init__(self) -> None:
        self.subscriptions = Subscriptions(self.hub.engine, self.clock, Rules(), [self.ear.origin])
        self.notifier = Notifier(self.hub.engine, self.clock, [self.ear.origin])

    def subscribe(self, kinds: tuple[str, ...] = (), agency: str = "*", artefact: str = "*") -> tuple[str, str]:
        return self.subscriptions.create(f"{self.ear.origin}/hook", list(kinds), agency, artefact, MINISTRY)

    def add(self) -> None:
        with self.hub.engine.begin() as connection:
            put(connection, [SOIL], world.act(self.clock.now()))

    def remove(self) -> None:
        with self.hub.engine.begin() as connection:
            remove(connection, [SOIL.ref], world.act(self.clock.now()))


@pytest.fixture
def post(empty_hub: Hub, clock: Hands, ear: Ear) -> Post:
    return Post(empty_hub, clock, ear)


def test_what_changes_after_the_subscription_is_told_once_and_signed(post: Post) -> None:
    id, secret = post.subscribe()
    assert post.notifier.run() == 0, "what was there before is no news"
    post.add()
    post.remove()
    assert [post.notifier.run() for _ in range(2)] == [2, 0], "one after the other, in order"
    assert post.ear.changes == [[("SEN:CL_SOIL(1.0)", "added")], [("SEN:CL_SOIL(1.0)", "removed")]]
    headers, body = post.ear.heard[0]
    seconds, _, found = headers["Hub-Signature"].removeprefix("t=").partition(",v1=")
    assert found == signature(secret, int(seconds), body) != signature("another", int(seconds), body)
    assert orjson.loads(body)["subscription"] == id


def test_only_what_was_wanted_is_told(post: Post) -> None:
    post.subscribe(kinds=("dataflow",))
    post.subscribe(agency="IMF")
    post.subscribe(kinds=("Codelist",), agency="SEN", artefact="CL_SOIL")
    post.add()
    assert post.notifier.gather() == 1


def test_an_address_that_fails_is_tried_again_later_and_later(post: Post) -> None:
    post.subscribe()
    post.ear.answers = [500, 302, 404]
    post.add()
    waits = []
    for _ in range(4):
        waits.append(post.notifier.run())
        assert post.notifier.run() == 0, "not before its time"
        post.clock.pass_by(minutes=2 ** len(waits))
    assert (waits, len(post.ear.heard)) == ([0, 0, 0, 1], 4), "a redirection is no arrival and is not followed"


def test_one_that_answers_drop_by_drop_keeps_nobody_waiting(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.notifying.SECONDS", 1)
    monkeypatch.setattr("hub.notifying.AT_ONCE", 2)
    post.ear.answers = [0]
    for _ in range(3):
        post.subscribe()
    post.add()
    started = time.monotonic()
    assert (post.notifier.run(), len(post.ear.heard)) == (2, 3)
    assert time.monotonic() - started < 8, "each byte of it is in time, and the whole would take ten seconds"
    post.clock.pass_by(minutes=1)
    assert post.notifier.run() == 1, "it is told again"


def test_an_office_with_an_authority_of_its_own_is_told_where_the_machine_trusts_it(
    empty_hub: Hub, clock: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(certified(tmp_path)) as ear:
        post = Post(empty_hub, clock, ear)
        post.subscribe()
        post.add()
        assert (post.notifier.run(), ear.heard) == (0, []), "nobody knows who it is"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        post.clock.pass_by(minutes=1)
        assert (post.notifier.run(), len(ear.heard)) == (1, 1)


def certified(folder: Path) -> ssl.SSLContext:
    """A certificate of this machine that is its own authority, in ``certificate.pem``."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Bộ Nông nghiệp")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1))
    where = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = made.add_extension(where, critical=False).sign(key, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_a_process_that_died_while_it_sent_is_followed_by_another(post: Post) -> None:
    post.subscribe()
    post.add()
    post.notifier.gather()
    assert len(post.notifier._due()) == 1, "taken by one that is never heard of again"
    assert post.notifier.run() == 0
    post.clock.pass_by(minutes=6)
    assert post.notifier.run() == 1


def test_nothing_is_sent_where_it_is_no_longer_allowed_or_wanted(post: Post) -> None:
    id, _ = post.subscribe()
    post.add()
    assert Notifier(post.hub.engine, post.clock, []).run() == 0
    post.clock.pass_by(hours=1)
    post.subscriptions.end(id, MINISTRY)
    assert post.notifier.run() == 0 and post.ear.heard == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://bnn.example:80@169.254.169.254/",
        "https://bnn.example.evil/",
        "https://bnn.example@evil/",
        "https://bnn.example\\@evil/",
        "http://bnn.example/",
        "file:///etc/passwd",
        "gopher://bnn.example",
        "//bnn.example/",
        "https://[::1",
        "https://bnn.example/\r\nHost: evil",
        "",
    ],
)
def test_only_allowed_origins_are_spoken_to(url: str) -> None:
    check_address("https://bnn.example/hook?a=b", ["https://bnn.example"])
    with pytest.raises(Denied):
        check_address(url, ["https://bnn.example", "file://", "gopher://bnn.example"])


def test_who_may_subscribe_and_sees_what(post: Post) -> None:
    id, _ = post.subscribe(kinds=("codelist",))
    assert [one.id for one in post.subscriptions.list(MINISTRY)] == [id]
    assert post.subscriptions.list(LOCAL_ADMINISTRATOR) == []
    with pytest.raises(NotFound):
        post.subscriptions.end(id, LOCAL_ADMINISTRATOR)
    with pytest.raises(Unauthenticated):
        post.subscriptions.list(PUBLIC)
    with pytest.raises(Invalid):
        post.subscribe(kinds=("codeliste",))


def test_subscriptions_over_http(post: Post) -> None:
    app = Starlette(routes=routes(post.subscriptions, viewer_of), exception_handlers={HubError: on_hub_error})

    async def go() -> list[httpx.Response]:
        transport, headers = httpx.ASGITransport(app=app), {"Authorization": "Bearer ministry"}
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.example", headers=headers) as client:
            made = await client.post("/subscriptions", json={"url": f"{post.ear.origin}/hook", "kinds": ["Codelist"]})
            strange = [
                await client.post("/subscriptions", content=body) for body in (b"[", b"{}", b'{"kinds": 1}', b'{"a": 1}')
            ]
            own = await client.get("/subscriptions")
            gone = await client.delete(f"/subscriptions/{made.json()['id']}")
            return [made, own, gone, *strange]

    made, own, gone, *strange = asyncio.run(go())
    assert (made.status_code, len(made.json()["secret"]), gone.status_code) == (201, 64, 204)
    assert [(one["id"], one["kinds"]) for one in own.json()["subscriptions"]] == [(made.json()["id"], ["Codelist"])]
    assert "secret" not in own.text
    assert [one.status_code for one in strange] == [400, 403, 400, 400]
    error = strange[0].json()["error"]
    assert error["title"] == error["texts"]["vi"]["title"] == "Không đọc được đăng ký nhận tin"
    assert error["texts"]["en"]["detail"] == "A JSON object with url, and perhaps kinds, agency and id, is expected."
