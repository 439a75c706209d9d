"""A server that has started asks itself for the listings that clients begin with, so that nobody waits for them."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from adapters.sdmx.jsonshape import records as jsonshape
from adapters.sdmx.markup import grammar as markup
from hub import warming
from hub.app import application
from hub.wiring import Hub
from registry.ref import Ref
from registry.state import State
from tests.doors import STRUCTURE_TYPE, Door
from tests.serving import free_port, served
from tests.test_sdmx_streamed import noting


def test_a_warm_server_neither_reads_nor_writes_a_stub_for_whoever_asks_first(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, written = Door(hub.ports), list[Ref]()
    monkeypatch.setattr(gc, "freeze", lambda: None)
    asyncio.run(warming.warm(door.app))
    for grammar, method, place in ((markup.Record, "fill", 2), (jsonshape.Record, "write", 1)):
        monkeypatch.setattr(grammar, method, noting(getattr(grammar, method), place, written))
    monkeypatch.setattr(State, "get", lambda *_: pytest.fail("something was read"))
    for path, media in (("/v1/dataflow/SEN", STRUCTURE_TYPE), ("/v2/structure/dataflow", "*/*")):
        answer = door.get(f"{path}?detail=allstubs", Accept=media, Accept_Language="en")
        assert answer.status_code == 200 and "MUA" in answer.text
    assert not written


def test_a_server_warms_itself_and_is_ready_meanwhile(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(gc, "freeze", ended.set)
    with served(application(hub), free_port()):
        assert ended.wait(120)


def test_a_server_without_a_usable_database_starts_all_the_same(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(gc, "freeze", ended.set)
    monkeypatch.setattr(State, "find", lambda *_: 1 // 0)
    with served(application(hub), free_port()):
        assert ended.wait(120)
