"""The calendar and the life of a release at the command line, from announcing to thinning out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from tests import world
from tests.test_cli import Shell
from tests.world import series

BASIS = ("--basis-vi", "Luật", "--basis-en", "Law")
WHY = ("--reason-vi", "Muộn", "--reason-en", "Late")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell over a database with the structures of the invented country and its harvest."""
    found = Shell(tmp_path, monkeypatch)
    found.json("init")
    hub = Hub.build(Settings.load())
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(hub.clock.now()))
    found.json("approve", draft(world.harvest()))
    (made,) = hub.releases.drafts(LOCAL_ADMINISTRATOR)
    found.json("release", made.id)
    return found


def draft(content: object) -> str:
    made = Hub.build(Settings.load()).drafts.draft(world.STRUCTURE, content, LOCAL_ADMINISTRATOR)  # type: ignore[arg-type]
    assert made is not None
    return made.id


def approved(shell: Shell, value: str) -> str:
    id: str = shell.json("approve", draft([series("Q.03.LUA", {"2024-Q1": value})]))["id"]
    return id


def soon(days: int) -> str:
    """As people type it: Viet Nam time without a zone."""
    return f"{datetime.now(UTC) + timedelta(days=days, hours=7):%Y-%m-%dT%H:%M}"


def test_a_release_is_announced_moved_shown_and_called_off(shell: Shell) -> None:
    entry = shell.json("calendar", "plan", "MUA", soon(3), "--period", "2024-Q1", *BASIS)["id"]
    waits = shell.json("release", approved(shell, "7"), "--plan", entry)
    assert waits["state"] == "embargoed" and waits["planned"] == entry
    assert "moved" in shell.type("calendar", "move", entry, soon(5), *WHY)
    (listed,) = shell.json("calendar", "list", "--dataflow", "SEN:MUA(1.0)")
    assert [change["state"] for change in listed["changes"]] == ["planned", "moved"]
    assert "Late" in shell.type("calendar", "list", "--history")
    shell.json("token", "create", "--role", "ministry", "--org", "BTC", "--name", "Lan")
    assert "may see" in shell.type("preview", "grant", waits["id"], "--org", "BTC", "--name", "Lan")
    assert [each["name"] for each in shell.json("preview", "list")] == ["Lan"] and "Lan" in shell.type("preview", "list")
    assert "no longer" in shell.type("preview", "revoke", waits["id"], "--org", "BTC", "--name", "Lan")
    assert "waits for this entry" in shell.type("calendar", "cancel", entry, *WHY, code=5)
    shell.json("discard", waits["id"])
    assert shell.json("calendar", "cancel", entry, *WHY)["state"] == "cancelled"
    assert "STATUS:CANCELLED" in shell.type("calendar", "ics")


def test_figures_are_corrected_and_taken_back_with_a_reason(shell: Shell) -> None:
    id = approved(shell, "7")
    assert "text is missing" in shell.type("release", id, "--correction-vi", "Sai", code=2)
    done = shell.json("release", id, "--correction-vi", "Sai", "--correction-en", "Wrong")
    assert (done["kind"], done["reasons"]) == ("correction", {"vi": "Sai", "en": "Wrong"})
    assert "is withdrawn by" in shell.type("withdraw", id, *WHY)
    assert [each["kind"] for each in shell.json("releases")] == ["withdrawal", "correction", "release"]
    assert "withdrawal" in shell.type("releases")


def test_old_vintages_are_thinned_out_and_said_so(shell: Shell) -> None:
    for value in "123":
        shell.json("release", approved(shell, value))
    assert "Nothing was changed" in shell.type("thin", "MUA", "--keep", "newest", "--dry-run")
    would = shell.json("thin", "MUA", "--keep", "newest", "--dry-run")
    assert [each["number"] for each in would["releases"]] == [2]
    assert shell.json("thin", "MUA", "--keep", "newest", "--also", would["releases"][0]["id"])["releases"] == []
    assert "1 vintages thinned out" in shell.type("thin", "MUA", "--keep", "newest")
    assert "Unknown rule" in shell.type("thin", "MUA", "--keep", "all", code=2)


@pytest.mark.parametrize("words", [("calendar", "list"), ("preview", "list"), ("releases",)])
def test_lists_speak_vietnamese(shell: Shell, words: tuple[str, ...]) -> None:
    shell.json("calendar", "plan", "MUA", soon(3), "--period", "2024-Q1", *BASIS)
    shell.speak("vi")
    said = shell.type(*words)
    assert "planned" not in said and "State" not in said
