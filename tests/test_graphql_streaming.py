"""Large lists of GraphQL answers leave while they are written: the same bytes, early, and whole or visibly broken."""

from __future__ import annotations

import asyncio
import itertools
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from hub.encoding import Encoding
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Answer
from registry.columns import Batch
from registry.ports import PUBLIC
from registry.selection import select
from schema import streaming
from schema.door import Manner
from tests import world
from tests.asking import Asker
from tests.conftest import Hands, publish
from tests.serving import free_port, served
from tests.test_columnar import Doors, door, selections

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ALL = '{ dataflow(ref: "SEN:MUA") { data { series { key observations { period value } } totalCount } } }'


@dataclass
class Cut:
    """The hub's database with answers cut into batches of one series, that tells when they are read."""

    cube: Any
    walked: list[str] = field(default_factory=list)
    breaks_after: int | None = None
    tells: bool = True

    def ask(self, *arguments: Any) -> Answer:
        answer: Answer = self.cube.ask(*arguments)
        return replace(answer, batches=self._walk(answer.batches), most=answer.most if self.tells else None)

    def _walk(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            for place in range(batch.series_count):
                if self.breaks_after is not None and len(self.walked) >= self.breaks_after:
                    raise ConnectionError("the database went away")
                self.walked.append("read")
                yield batch.take_series(np.arange(place, place + 1))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cube, name)


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("streaming")
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(folder), "HUB_FOUR_EYES": "0"}))
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(hub.clock.now()))
    publish(hub, world.harvest())
    yield hub
    hub.engine.dispose()


def asker(hub: Hub, large: int, **how: Any) -> tuple[Asker, Cut]:
    cut = Cut(hub.ports.cube, **how)
    return Asker(replace(hub.ports, cube=cut), manner=Manner(large=large)), cut


def limited(of: Asker, **limits: int) -> Asker:
    door(of).limits = {**door(of).limits, **limits}
    door(of).documents.limits = door(of).limits
    return of


# Equal bytes


class Ways(Doors):
    """A door that writes everything while it is sent, batch by batch, and one that writes nothing so."""

    def __init__(self, hub: Hub, tells: bool) -> None:
        self.hub = hub
        self.fast, self.cut = asker(hub, large=0, tells=tells)
        self.ordinary = asker(hub, large=10**9)[0]
        for each in (self.fast, self.ordinary):
            limited(each, aliases=500, depth=20)


@pytest.fixture(scope="module", params=[True, False], ids=["counted by the index", "counted while reading"])
def ways(request: pytest.FixtureRequest, harvest: Hub) -> Ways:
    return Ways(harvest, request.param)


@st.composite
def questions(draw: st.DrawFn) -> str:
    """Several data sets, each with lists of series under several names, and fields before, between and after them."""
    flows = [_data_set(draw, f"s{n}") for n in range(draw(st.integers(1, 3)))]
    wrong = draw(st.sampled_from(["", "", "", ' wrong: codelist(ref: "SEN:NOPE") { id }']))
    inside = f'l: dataflow(ref: "SEN:MUA") {{ id name(lang: $lang) {" ".join(flows)} }}{wrong}'
    if draw(st.booleans()):
        # Without variables a document has a plan.
        return "{ service { version } " + inside.replace("$lang", '"en"').replace("$yes", "true") + " }"
    declared = "query ($yes: Boolean! = true, $lang: String)"
    return f"{declared} {{ on: __typename @include(if: $yes) service {{ version }} {inside} }}"


def _data_set(draw: st.DrawFn, name: str) -> str:
    chosen = draw(
        st.sampled_from(["", '(selection: {startPeriod: "2021", lastN: 2})', "(first: 2)", '(selection: {endPeriod: "1999"})'])
    )
    around = st.lists(st.sampled_from(["totalCount", "__typename", "pageInfo { endCursor }", "release { number }"]), max_size=2)
    # The same list twice is written twice, but can be read once only.
    lists = [f"a{n}: series {draw(selections('Series', 2))}" for n in range(draw(st.sampled_from([1, 1, 2])))]
    parts = [*draw(around), *itertools.chain.from_iterable((each, *draw(around)) for each in lists)]
    return f"{name}: data{chosen} {{ {' '.join(parts)} }}"


@given(questions(), st.booleans(), st.sampled_from(("en", None)))
@settings(max_examples=40, deadline=None)
def test_any_question_gives_the_same_bytes(ways: Ways, query: str, yes: bool, lang: str | None) -> None:
    answer = orjson.loads(ways.same(query, yes=yes, lang=lang))
    assert ("errors" in answer) == ("wrong:" in query)


@pytest.mark.parametrize("cells", [8, 9, 10, 11, 12, 17, 18])
@pytest.mark.parametrize("chosen", ["", '(selection: {startPeriod: "2023-Q4"})', "(selection: {lastN: 1})"])
def test_the_limit_is_the_same_however_an_answer_is_sent(harvest: Hub, cells: int, chosen: str) -> None:
    """9 observations, and before them some of these; where the index knows only how many there may be, they are counted."""
    ways = Ways(harvest, tells=True)
    for each in (ways.fast, ways.ordinary):
        limited(each, cells=cells)
    both = f"a: data{chosen} {{ series {{ columns {{ values }} }} }} b: data {{ series {{ columns {{ values }} }} }}"
    ways.same(f'{{ dataflow(ref: "SEN:MUA") {{ {both} }} }}')


@pytest.mark.parametrize(
    "chosen", [{}, {"start": "2023-Q2"}, {"start": "2023-Q2", "end": "2023-Q3"}, {"last_n": 2}, {"first_n": 1}]
)
def test_the_index_never_tells_of_fewer_observations_than_there_are(harvest: Hub, chosen: dict[str, Any]) -> None:
    answer = harvest.cube.ask(select(world.STRUCTURE, **chosen), PUBLIC)
    assert answer.most is not None and answer.most >= sum(batch.observations for batch in answer.batches) > 0


# First byte early, and what happens on the way


@dataclass
class Reader:
    """One request to an ASGI application, without a client that waits for all of it. ``at``: called at each piece."""

    app: Any
    at: Callable[[], Any] = lambda: None
    sent: list[Message] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)
    leaves_after: int | None = None

    def read(self, query: str, method: str = "POST", **headers: str) -> Reader:
        body = orjson.dumps({"query": query}) if method == "POST" else b""
        address = f"query={quote(query)}".encode() if method != "POST" else b""
        given = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        raw = [(name.encode(), text.encode()) for name, text in given.items()]
        scope = {"type": "http", "method": method, "path": "/graphql", "query_string": address, "headers": raw}
        asyncio.run(self._run({**scope, "root_path": "", "server": None}, body))
        return self

    async def _run(self, scope: dict[str, Any], body: bytes) -> None:
        left, asked = asyncio.Event(), iter([{"type": "http.request", "body": body}])

        async def receive() -> Message:
            if (first := next(asked, None)) is not None:
                return first
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            self.sent.append(message)
            self.seen.append(self.at())
            if self.leaves_after is not None and len(self.sent) > self.leaves_after:
                left.set()
                await asyncio.sleep(0)

        await self.app(scope, receive, send)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): text.decode() for name, text in self.sent[0]["headers"]}

    @property
    def pieces(self) -> list[bytes]:
        return [message["body"] for message in self.sent[1:]]

    @property
    def ended(self) -> bool:
        return not self.sent[-1].get("more_body", False)


@pytest.fixture
def every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small, a piece is sent at once."""
    monkeypatch.setattr(streaming, "SMALLEST_PIECE", 1)


def test_the_first_byte_leaves_before_the_rest_is_read(harvest: Hub, every_piece: None) -> None:
    asker_, cut = asker(harvest, large=0)
    reader = Reader(asker_.app, at=lambda: len(cut.walked)).read(ALL)
    assert reader.seen[:3] == [1, 1, 1], "the head, what stands before the list, its first series"
    assert reader.seen[-1] == 4 and len(reader.pieces) > 4 and reader.ended
    assert orjson.loads(b"".join(reader.pieces))["data"]["dataflow"]["data"]["totalCount"] == 4


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_packed_pieces_can_be_read_as_they_come(harvest: Hub, every_piece: None, encoding: str) -> None:
    asker_, cut = asker(harvest, large=0)
    reader = Reader(Encoding(asker_.app), at=lambda: len(cut.walked)).read(ALL, accept_encoding=encoding)
    whole = Reader(asker(harvest, large=10**9)[0].app).read(ALL).pieces[0]
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else zstd.ZstdDecompressor()
    first = [unpack.decompress(piece) for piece in reader.pieces[:2]]
    assert reader.headers["content-encoding"] == encoding and reader.seen[2] == 1
    assert first[0] and first[1] and whole.startswith(b"".join(first))
    assert b"".join([*first, *map(unpack.decompress, reader.pieces[2:-1])]) + _rest(unpack, reader.pieces[-1]) == whole


def _rest(unpack: Any, last: bytes) -> bytes:
    return b"" if unpack.eof else unpack.decompress(last)


def test_nothing_more_is_read_for_a_reader_who_has_gone(harvest: Hub, every_piece: None) -> None:
    asker_, cut = asker(harvest, large=0)
    reader = Reader(asker_.app, leaves_after=2).read(ALL)
    assert len(cut.walked) < 4 and not reader.ended


def test_what_fails_before_the_first_byte_is_an_error_as_ever(harvest: Hub) -> None:
    for chosen, code in [
        ('(selection: {dimensions: [{id: "CROP", codes: ["TAO"]}]})', "UNKNOWN_CODE"),
        ('(after: "x")', "BAD_CURSOR"),
    ]:
        asker_, _ = asker(harvest, large=0)
        error = asker_.error(f'{{ dataflow(ref: "SEN:MUA") {{ data{chosen} {{ series {{ key }} }} }} }}')
        assert error["code"] == code
    broken, _ = asker(harvest, large=0, breaks_after=0)
    assert broken.ask(ALL)["errors"]
    few = limited(asker(harvest, large=0)[0], cells=17)
    assert few.error(ALL)["code"] == "TOO_LARGE"


def test_what_fails_in_the_middle_is_never_ended_as_if_it_were_whole(harvest: Hub, every_piece: None) -> None:
    for around in (lambda app: app, Encoding):
        reader = Reader(around(asker(harvest, large=0, breaks_after=2)[0].app))
        with pytest.raises(ConnectionError):
            reader.read(ALL, accept_encoding="gzip")
        assert len(reader.pieces) > 1 and not reader.ended


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_over_a_wire_a_client_sees_that_the_transfer_broke(harvest: Hub, every_piece: None, encoding: str) -> None:
    asker_, cut = asker(harvest, large=0, breaks_after=2)
    with served(Encoding(asker_.app), free_port()) as address:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(f"{address}/graphql", json={"query": ALL}, headers={"Accept-Encoding": encoding})
        cut.breaks_after = None
        assert httpx.post(f"{address}/graphql", json={"query": ALL}).json()["data"]["dataflow"]["data"]["totalCount"] == 4


# Validators, and answers that are kept


def test_an_unchanged_answer_is_a_304_that_reads_nothing(hub: Hub, clock: Hands) -> None:
    asker_, cut = asker(hub, large=0)
    first = Reader(asker_.app).read(ALL, "GET")
    tag = first.headers["etag"]
    assert tag.startswith('W/"') and "content-length" not in first.headers
    for fresh in (asker_, asker(hub, large=0)[0]):
        again = Reader(fresh.app).read(ALL, "GET", if_none_match=tag)
        assert (again.status, b"".join(again.pieces), again.headers["etag"]) == (304, b"", tag)
    assert len(cut.walked) == 4
    clock.pass_by(hours=1)
    publish(hub, [world.series("Q.03.LUA", {"2024-Q2": "1"})])
    after = Reader(asker_.app).read(ALL, "GET", if_none_match=tag)
    assert after.status == 200 and after.headers["etag"] != tag and b"Q.03.LUA" in b"".join(after.pieces)


def test_the_tag_is_that_of_the_question_and_the_language(harvest: Hub) -> None:
    app = asker(harvest, large=0)[0].app
    other = ALL.replace("totalCount", "n: totalCount")
    asked = [(ALL, {}), (other, {}), (ALL, {"accept_language": "en"})]
    assert len({Reader(app).read(query, "GET", **headers).headers["etag"] for query, headers in asked}) == 3


def test_a_release_under_embargo_changes_no_tag_before_its_moment(hub: Hub, clock: Hands) -> None:
    app = asker(hub, large=0)[0].app
    before = Reader(app).read(ALL, "GET").headers["etag"]
    moment = clock.now() + timedelta(hours=1)
    publish(hub, [world.series("Q.03.LUA", {"2024-Q2": "1"})], embargo=moment)
    assert Reader(asker(hub, large=0)[0].app).read(ALL, "GET").headers["etag"] == before
    clock.time = moment
    assert Reader(app).read(ALL, "GET", if_none_match=before).status == 200


def test_asking_for_the_head_writes_nothing(harvest: Hub) -> None:
    asker_, cut = asker(harvest, large=0)
    reader = Reader(asker_.app).read(ALL, "HEAD")
    assert (reader.status, b"".join(reader.pieces), reader.ended) == (200, b"", True)
    assert len(cut.walked) == 1
    assert reader.headers["etag"] == Reader(asker_.app).read(ALL, "GET").headers["etag"]


def test_with_a_token_nothing_is_kept_or_tagged(harvest: Hub) -> None:
    asker_, cut = asker(harvest, large=0)
    for _ in range(2):
        reader = Reader(asker_.app).read(ALL, "GET", authorization="Bearer publisher")
        assert "etag" not in reader.headers and reader.headers["cache-control"] == "no-store"
    assert len(cut.walked) == 8


@pytest.mark.parametrize(("most", "read"), [(64 * 1024**2, 4), (8 * 2200, 8)], ids=["small enough", "too large"])
def test_a_streamed_answer_is_kept_only_while_it_is_small(harvest: Hub, every_piece: None, most: int, read: int) -> None:
    asker_, cut = asker(harvest, large=0)
    door(asker_).answers.most = most
    first, second = (Reader(asker_.app).read(ALL) for _ in range(2))
    assert b"".join(first.pieces) == b"".join(second.pieces)
    assert len(cut.walked) == read
    assert door(asker_).answers.bytes < most


def test_an_answer_that_broke_is_not_kept(harvest: Hub, every_piece: None) -> None:
    asker_, cut = asker(harvest, large=0, breaks_after=2)
    with pytest.raises(ConnectionError):
        Reader(asker_.app).read(ALL)
    cut.breaks_after = None
    assert Reader(asker_.app).read(ALL).ended and len(cut.walked) == 6


def test_small_lists_are_sent_with_their_length(harvest: Hub) -> None:
    reader = Reader(asker(harvest, large=10)[0].app).read(ALL)
    assert reader.headers["content-length"] == str(len(reader.pieces[0]))
    assert "content-length" not in Reader(asker(harvest, large=9)[0].app).read(ALL).headers
