"""What strangers send is read in a process of its own: the same values come back, and whatever it does there hurts nobody."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from adapters.bounded import Bounded, Limits
from adapters.sdmx.reading import detect, read_data, structures_of
from adapters.sdmx.reading.apart import Apart
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from registry.errors import Invalid, TooLarge, Unavailable
from registry.raw import Raw, RawTable
from tests import world
from tests.conftest import Hands

CSV = """DATAFLOW,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT
SEN:MUA(1.0),Q,01,LUA,2023-Q1,120.5,TAN,3
SEN:MUA(1.0),Q,01,NGO,2023-Q1,,TAN,3
"""
ODD = """
import os, time
from adapters.confined import serve

def job(asked):
    what = asked[0]
    if what == "hang":
        time.sleep(60)
    if what == "die":
        os.abort()
    if what == "swell":
        bytearray(8 * 1024**3)
    if what == "chatter":
        while True:
            yield b"X", b"x" * 1024
    if what == "write":
        open(asked[1], "w").write("here")
    if what == "network":
        import socket
        socket.create_connection(("127.0.0.1", 1))
    if what == "secrets":
        yield b"X", repr(sorted(name for name in os.environ if name.startswith("HUB"))).encode()
    if what == "print":
        print("a library that talks")
    yield b"X", b"well"

serve(job)
"""


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    reader = Apart()
    yield reader
    reader.close()


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bounded]]:
    """Processes of a program that behaves badly when it is asked to."""
    (tmp_path / "odd_parser.py").write_text(ODD)
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[Bounded] = []

    def make(**limits: float) -> Bounded:
        made.append(Bounded("odd_parser", Limits(**limits)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def said(processes: Bounded, *job: str) -> list[bytes]:
    return [content for _, content in processes.frames(*job)]


def test_structures_come_back_as_they_are_read_here(apart: Apart, tmp_path: Path) -> None:
    header = Header("SEN", Hands().now())
    content = b"".join(ML_STRUCTURES["2.1"].write(header, [Shown(world.CROP), Shown(world.DSD)]))
    (tmp_path / "structures.xml").write_bytes(content)
    assert apart.structures(tmp_path / "structures.xml") == structures_of(content)


def test_observations_come_back_as_they_are_read_here(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(CSV)
    assert told(apart.data(path)) == told(read_data(path, detect(path)))


def told(pieces: Iterator[Raw]) -> list[object]:
    """A raw stream in plain values."""
    return [
        (piece.observed, piece.shared, piece.numbers.tolist(), [piece.parts(row) for row in range(len(piece))])
        if isinstance(piece, RawTable)
        else piece
        for piece in pieces
    ]


def test_errors_come_back_with_their_facts(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(Invalid) as caught:
        apart.structures(path)
    assert caught.value.code == "XML_UNSAFE" and caught.value.facts["found"] == "DOCTYPE"


def test_one_process_does_many_jobs(odd: Callable[..., Bounded]) -> None:
    processes = odd()
    assert [said(processes, "fine") for _ in range(3)] == [[b"well"]] * 3
    assert len(processes._idle) == 1


def test_a_parser_that_hangs_is_ended(odd: Callable[..., Bounded]) -> None:
    processes = odd(seconds=1)
    with pytest.raises(TooLarge) as caught:
        said(processes, "hang")
    assert caught.value.facts["found"] == "seconds"
    assert said(processes, "fine") == [b"well"], "the next one has a process of its own"


def test_a_parser_that_dies_says_how(odd: Callable[..., Bounded]) -> None:
    processes = odd()
    with pytest.raises(Unavailable) as caught:
        said(processes, "die")
    assert (caught.value.code, caught.value.facts["found"]) == ("PARSER_DIED", "SIGABRT")
    assert said(processes, "fine") == [b"well"]


def test_a_parser_that_is_killed_is_no_silence(odd: Callable[..., Bounded]) -> None:
    processes = odd()
    said(processes, "fine")
    running = processes._idle[0]._running
    threading.Timer(0.5, os.kill, (running.pid, signal.SIGKILL)).start()
    with pytest.raises(Unavailable) as caught:
        said(processes, "hang")
    assert caught.value.facts["found"] == "SIGKILL"


def test_one_that_died_while_it_waited_is_replaced(odd: Callable[..., Bounded]) -> None:
    processes = odd()
    said(processes, "fine")
    running = processes._idle[0]._running
    running.kill()
    running.wait()
    assert said(processes, "fine") == [b"well"]


@pytest.mark.parametrize(("what", "bound"), [("swell", "memory"), ("chatter", "answer")])
def test_memory_and_answers_are_bounded(odd: Callable[..., Bounded], what: str, bound: str) -> None:
    with pytest.raises(TooLarge) as caught:
        said(odd(answer=64 * 1024), what)
    assert caught.value.facts["found"] == bound


@pytest.mark.parametrize("what", ["write", "network"])
def test_it_may_not_write_or_speak_to_anybody(odd: Callable[..., Bounded], what: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        said(odd(), what, str(tmp_path / "written"))
    assert caught.value.facts["reason"] == "PermissionError"
    assert not (tmp_path / "written").exists()


def test_it_knows_no_secrets_and_may_talk_to_itself(odd: Callable[..., Bounded], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://hub:secret@localhost/hub")
    assert said(odd(), "secrets")[0] == b"[]"
    assert said(odd(), "print") == [b"well"]


def test_numbers_keep_their_places() -> None:
    from adapters.sdmx.reading.wire import raw_frames, raw_of
    from registry.raw import RawColumn

    columns = {"NOTE": RawColumn(["a", ("b", "c"), None, "\ud800"]), "CROP": RawColumn(["LUA"], np.array([0, -1, 0, 0]))}
    table = RawTable(columns, np.array([3, 5, 7, 9]), False, frozenset({"CROP"}))
    assert told(raw_of(raw_frames([table]))) == told(iter([table]))
