"""What happens when something breaks: killed processes, pipes, texts that are none, requests that stop in the middle. Nothing
half-written, nothing lost without a word.
"""

from __future__ import annotations

import errno
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from typer.testing import CliRunner

from adapters.sources import adapter_for
from hub import intake
from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.cli import app
from hub.settings import Settings
from hub.wiring import Hub
from hub.workplace import workplace
from registry.actions import put
from registry.errors import HubError, Invalid
from tests import world
from tests.conftest import publish

KILLS = 40


# --- killed processes --------------------------------------------------------------------------------------------------


def test_what_a_killed_process_left_is_removed_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    dying = "import sys, os; from pathlib import Path; from hub.workplace import workplace\n"
    dying += "with workplace(Path(sys.argv[1])) as folder: (folder / 'secret').touch(); os.kill(os.getpid(), 9)"
    with workplace(tmp_path) as held:
        (held / "mine").touch()
        done = subprocess.run([sys.executable, "-c", dying, str(tmp_path)], check=False)
        assert done.returncode == -signal.SIGKILL and len(list(tmp_path.rglob("secret"))) == 1
        with workplace(tmp_path):
            assert not list(tmp_path.rglob("secret")) and (held / "mine").exists()
    assert list(tmp_path.iterdir()) == []


class Shell:
    """Runs ``hub`` in processes of its own, so that they can be killed."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"HUB_DATA_DIR": str(folder / "data"), "HUB_LANG": "en"}
        self.environment.pop("HUB_DATABASE_URL", None)
        self.hub = Hub.build(Settings.load(self.environment))
        self.kills = 0

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from hub.cli import main; main()", *words, "--json"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words: str) -> None:
        process = self.start(*words)
        _, told = process.communicate()
        assert process.returncode == 0, told.decode()

    def kill(self, dice: random.Random, *words: str, within: float = 3) -> None:
        process = self.start(*words)
        try:
            process.wait(dice.uniform(0.3, within))
        except subprocess.TimeoutExpired:
            process.kill()
            self.kills += 1
        process.communicate()

    def released(self) -> list[str]:
        return [each.id for each in self.hub.releases.history(LOCAL_ADMINISTRATOR) if each.state == "released"]


@pytest.mark.slow
def test_killed_at_any_moment_the_same_command_again_works(tmp_path: Path) -> None:
    shell, dice = Shell(tmp_path), random.Random(7)
    shell.run("init")
    shell.run("sample", "tax", "--records", "3000", "--out", str(tmp_path / "s"))
    while shell.kills < KILLS // 2:
        shell.kill(dice, "deliver", "tax", str(tmp_path / "s"))
        assert len(shell.hub.deliveries.seen_by(LOCAL_ADMINISTRATOR)) <= 1
    shell.run("deliver", "tax", str(tmp_path / "s"))
    (receipt,) = shell.hub.deliveries.seen_by(LOCAL_ADMINISTRATOR)
    assert receipt.state == "accepted" and receipt.accepted + receipt.rejected == receipt.records
    while shell.kills < KILLS:
        shell.kill(dice, "compile", "VAT")
        assert shell.released() == []
    shell.run("compile", "VAT")
    drafts = [each for each in shell.hub.releases.drafts(LOCAL_ADMINISTRATOR) if each.state == "draft"]
    assert len({each.observations for each in drafts}) == 1
    shell.run("approve", drafts[0].id)
    deadline = time.monotonic() + 60
    while not shell.released() and time.monotonic() < deadline:
        shell.kill(dice, "release", drafts[0].id, within=1.5)
    assert shell.released() == [drafts[0].id]
    assert {each.state for each in shell.hub.releases.history(LOCAL_ADMINISTRATOR)} == {"released", "overtaken"}
    shell.run("compile", "VAT")
    assert not [*(shell.hub.settings.deliveries / ".incoming").iterdir(), *shell.hub.settings.spill.iterdir()]


# --- files and words that are none -------------------------------------------------------------------------------------


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Types a command into an embedded hub and gives its exit code and what it said."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HUB_LANG", "en")
    monkeypatch.delenv("HUB_DATABASE_URL", raising=False)

    def type_in(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(words))
        return done.exit_code, done.output

    assert type_in("init")[0] == 0
    yield type_in


@pytest.mark.parametrize("command", [("deliver", "tax"), ("import",)])
def test_a_pipe_is_not_waited_for(typed: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, said = typed(*command, str(tmp_path / "pipe"))
    assert code == 2 and "is a pipe or a device" in said


@pytest.mark.parametrize(
    ("code", "expected", "words"),
    [
        (2, "TEXT_NOT_UTF8", ("approve", "\udcff")),
        (2, "TEXT_NOT_UTF8", ("rejects", "\udcff")),
        (2, "BAD_PERIOD", ("compile", "VAT", "--period", "")),
        (2, "TOKEN_DAYS", ("token", "create", "--role", "ministry", "--org", "GDT", "--days", "99999999999999999999")),
        (2, "TOKEN_NAME_LONG", ("token", "create", "--role", "ministry", "--org", "GDT", "--name", "n" * 256)),
        (2, "Invalid value for '--seed'", ("sample", "tax", "--seed", "-1")),
        (2, "Invalid value for '--port'", ("serve", "--port", "65536")),
        (5, "ADDRESS_UNUSABLE", ("serve", "--host", "203.0.113.1")),
        (5, "SYSTEM_REFUSED", ("sample", "tax", "--records", "1", "--out", "/dev/null/x")),
    ],
)
def test_what_cannot_be_is_told_in_words(typed: Any, code: int, expected: str, words: tuple[str, ...]) -> None:
    if "compile" in words:
        typed("sample", "tax", "--records", "20", "--out", os.environ["HUB_DATA_DIR"] + "/s")
        typed("deliver", "tax", os.environ["HUB_DATA_DIR"] + "/s")
    found, said = typed(*words)
    assert (found, expected in said) == (code, True), said


def test_a_file_name_need_not_be_text(typed: Any, tmp_path: Path) -> None:
    path = os.fsdecode(bytes(tmp_path) + b"/\xff.xml")
    Path(path).write_text("<a/>", encoding="utf-8")
    for json in ((), ("--json",)):
        code, said = typed("import", path, *json)
        assert code == 2 and "?.xml" in said


def test_a_draft_that_may_not_be_released_is_still_told_of(typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub.build(Settings.load())
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(hub.clock.now()))
    publish(hub, world.harvest(), embargo=hub.clock.now() + timedelta(days=1))
    rows = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n"
    rows += "dataflow,SEN:MUA(1.0),M,Q,01,LUA,2024-Q3,7,TAN,3\n"
    (tmp_path / "new.csv").write_text(rows, encoding="utf-8")
    code, said = typed("import", "--release", str(tmp_path / "new.csv"))
    assert code == 5 and "before what it is based on" in said
    (draft,) = [each for each in hub.releases.drafts(LOCAL_ADMINISTRATOR) if each.state == "approved"]
    assert draft.id in said


# --- requests that stop in the middle ----------------------------------------------------------------------------------


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_an_upload_that_is_cut_off_leaves_nothing(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    """The client is gone: no delivery, no folder, and no fault in the log."""
    _, token = hub.tokens.create("ministry", "GDT", "", None, LOCAL_ADMINISTRATOR)
    heard: Iterator[MutableMapping[str, Any]] = iter(
        [{"type": "http.request", "body": b"x" * 1000, "more_body": True}, {"type": "http.disconnect"}]
    )
    scope = {"type": "http", "method": "POST", "path": "/deliveries/tax", "raw_path": b"/deliveries/tax", "query_string": b""}
    scope |= {"headers": [(b"authorization", f"Bearer {token}".encode())], "http_version": "1.1", "scheme": "http"}

    async def receive() -> MutableMapping[str, Any]:
        return next(heard)

    async def send(_: MutableMapping[str, Any]) -> None:
        return None

    with caplog.at_level(logging.WARNING):
        await application(hub)(scope, receive, send)
    assert caplog.records == [] and hub.deliveries.seen_by(LOCAL_ADMINISTRATOR) == []
    assert list((hub.settings.deliveries / ".incoming").iterdir()) == []


@pytest.mark.anyio
async def test_a_part_that_is_cut_off_is_not_dropped_without_a_word(hub: Hub) -> None:
    hub.initialise()
    _, token = hub.tokens.create("ministry", "GDT", "", None, LOCAL_ADMINISTRATOR)
    part = '--B\r\nContent-Disposition: form-data; name="f"; filename="{}"\r\n\r\nx\r\n'
    body = (part.format("first.csv") + part.format("second.csv") + "--B--\r\n").encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=B"}
    transport = httpx.ASGITransport(app=application(hub))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub", headers=headers) as http:
        cut = await http.post("/deliveries/tax", content=body[:-12])
        whole = await http.post("/deliveries/tax", content=body)
    assert (cut.status_code, cut.json()["error"]["code"]) == (400, "UPLOAD_CUT_OFF")
    assert whole.json()["error"]["code"] == "TAX_NOT_THIS_SOURCE", "whole, it is looked at"


# --- a database that does not answer -----------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_a_database_that_is_gone_is_no_fault_of_the_question(tmp_path: Path) -> None:
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(tmp_path)}))
    hub.settings.data_dir.joinpath("hub.sqlite").write_bytes(b"not a database" * 100)
    transport = httpx.ASGITransport(app=application(hub))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub", headers={"Authorization": "Bearer hub_x"}) as http:
        found = [await http.get(path) for path in ("/readyz", "/deliveries", "/sdmx/v1/data/NSO,VAT,1.0/all")]
    assert [each.status_code for each in found] == [503, 503, 503]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/spill/secret"), "SYSTEM_REFUSED"),
        (duckdb.IOException("could not write /data/spill/secret"), "MICRODATA_UNAVAILABLE"),
        (duckdb.ConversionException("could not convert 'secret'"), "MICRODATA_FAULT"),
    ],
)
def test_a_delivery_that_breaks_off_can_be_made_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: Exception, code: str
) -> None:
    """The disk is full, or DuckDB meets a record it cannot treat, which must not be quoted."""

    def breaks(*_: object) -> None:
        raise broken

    hub.initialise()
    source = adapter_for("tax").sample(50, 1, tmp_path / "s", lambda _: None)
    with monkeypatch.context() as patched, pytest.raises(HubError) as told:
        patched.setattr(intake, "take_in", breaks)
        hub.deliveries.deliver("tax", source, LOCAL_ADMINISTRATOR)
    assert told.value.code == code and "/data" not in str(told.value)
    assert code != "MICRODATA_FAULT" or "secret" not in str(told.value) + caplog.text
    assert [*hub.settings.spill.iterdir()] == []
    assert [each.state for each in hub.deliveries.seen_by(LOCAL_ADMINISTRATOR)] == ["received"], "the files are not to blame"
    assert hub.deliveries.deliver("tax", source, LOCAL_ADMINISTRATOR).state == "accepted"


# --- two at once -------------------------------------------------------------------------------------------------------


def test_who_brings_the_same_files_later_moves_nothing(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the second is still checking, the first is accepted, and compilations read its microdata."""
    hub.initialise()
    source = adapter_for("tax").sample(50, 1, tmp_path / "s", lambda _: None)
    places: list[Any] = []
    take_in = intake.take_in

    def slow(*how: Any) -> Any:
        taken = take_in(*how)
        if not places:
            places.append(None)
            hub.deliveries.deliver("tax", source, LOCAL_ADMINISTRATOR)
            places.extend(microdata(hub))
        return taken

    monkeypatch.setattr(intake, "take_in", slow)
    second = hub.deliveries.deliver("tax", source, LOCAL_ADMINISTRATOR)
    assert second.state == "accepted" and microdata(hub) == places[1:]


def microdata(hub: Hub) -> list[tuple[Path, int]]:
    return sorted((path, path.stat().st_ino) for path in hub.settings.microdata.rglob("*.parquet"))


def test_nothing_is_delivered_from_nothing(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Invalid, match="Nothing was handed in"):
        hub.deliveries.deliver("tax", [tmp_path / "empty"], LOCAL_ADMINISTRATOR)
    assert hub.deliveries.seen_by(LOCAL_ADMINISTRATOR) == []
