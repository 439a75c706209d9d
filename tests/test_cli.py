"""The command line: one story from an empty folder to a release, JSON for machines, exit codes, both languages."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import app, explain
from hub.console import words
from tests import world
from tests.messages import HARVEST, specific, structure


class Shell:
    """Types commands into an embedded hub of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._environment = monkeypatch
        monkeypatch.setenv("HUB_DATA_DIR", str(folder / "data"))
        monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
        self.speak("en")

    def speak(self, language: str) -> None:
        self._environment.setenv("HUB_LANG", language)

    def type(self, *words: object, code: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, f"{words}: {done.exit_code}\n{done.output}\n{done.exception!r}"
        return done.output

    def json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self.type(*words, "--json", code=code))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_from_an_empty_folder_to_a_release(shell: Shell, tmp_path: Path) -> None:
    assert shell.json("init")["migrations"] == 1
    files = shell.json("sample", "tax", "--records", 300, "--seed", 7, "--out", tmp_path / "s")["files"]
    assert files and all(Path(each).exists() for each in files)
    receipt = shell.json("deliver", "tax", tmp_path / "s")
    assert receipt["accepted"] + receipt["rejected"] == receipt["records"] >= 300
    assert shell.json("deliver", "tax", tmp_path / "s")["repeated"] is True
    draft = shell.json("compile", "VAT")
    assert draft["state"] == "draft" and draft["observations"] > 0
    assert "not possible" in shell.type("release", draft["id"], code=5).lower()
    assert shell.json("approve", draft["id"])["state"] == "approved"
    assert shell.json("release", draft["id"])["state"] == "released"
    assert [each["state"] for each in shell.json("releases")] == ["released"]
    assert shell.json("compile", "VAT") is None, "nothing new, no draft"
    assert [each["id"] for each in shell.json("deliveries")] == [receipt["id"]]
    assert len(shell.json("rejects", receipt["id"], "--limit", 5)) <= 5


def test_the_same_seed_gives_the_same_delivery(shell: Shell, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        shell.type("sample", "customs", "--records", 200, "--seed", 3, "--out", tmp_path / folder)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} for folder in ("one", "two"))
    assert one == two


def test_errors_say_what_was_found_what_was_expected_and_what_to_do(shell: Shell) -> None:
    assert "hub init" in shell.type("releases", code=5)
    shell.type("init")
    cases: list[tuple[tuple[str, ...], int, str]] = [
        (("deliver", "taxes", "x"), 3, "UNKNOWN_SOURCE"),
        (("deliver", "tax", "nowhere.xml"), 2, "FILE_MISSING"),
        (("compile", "VATT"), 3, "ARTEFACT_NOT_FOUND"),
        (("compile", "NSO:VAT(1.0)"), 5, "NOTHING_TO_COMPILE"),
        (("approve", "nothing"), 3, "RELEASE_NOT_FOUND"),
        (("release", "nothing", "--embargo", "tomorrow"), 2, "BAD_TIME"),
        (("rejects", "nothing"), 3, "DELIVERY_NOT_FOUND"),
        (("token", "create", "--role", "king", "--org", "X"), 2, "UNKNOWN_ROLE"),
        (("token", "revoke", "nothing"), 3, "TOKEN_NOT_FOUND"),
    ]
    for typed, code, name in cases:
        error = shell.json(*typed, code=code)["error"]
        assert error["code"] == name and all(error[part] for part in ("title", "detail", "help"))


def test_a_broken_file_is_refused_and_a_good_one_beside_it_goes_through(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    (tmp_path / "broken.xml").write_text("<not>sdmx", encoding="utf-8")
    report = shell.json("import", tmp_path / "broken.xml", code=2)
    assert report["files"][0]["error"]["code"]


def test_the_same_error_in_vietnamese(shell: Shell) -> None:
    shell.type("init")
    shell.speak("vi")
    assert "Không tìm thấy" in shell.type("approve", "nothing", code=3)


def test_what_is_listed_is_said_in_the_language_spoken(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    shell.type("sample", "tax", "--records", 300, "--out", tmp_path / "s")
    told = shell.type("deliver", "tax", tmp_path / "s")
    delivery = shell.json("deliveries")[0]
    assert "rejected" in told and "kept, with a warning" in told and f"hub rejects {delivery['id']}" in told
    shell.speak("vi")
    shell.type("compile", "VAT")
    assert "Luồng dữ liệu" in shell.type("releases")
    rejected = shell.type("rejects", delivery["id"])
    assert all(word in rejected for word in ("Vị trí", "Quy tắc", "Cách sửa"))
    shell.type("token", "create", "--role", "ministry", "--org", "GDT", "--days", 30)
    listed = shell.type("token", "list")
    assert "Hết hạn" in listed and "+00:00" not in listed


def test_commands_explain_themselves_in_the_language_spoken(shell: Shell) -> None:
    for language, words_ in (("vi", "Công bố một bản thảo đã duyệt."), ("en", "Publish an approved draft, all at once.")):
        shell.speak(language)
        explain()
        assert words_ in shell.type("--help") and words_ in shell.type("release", "--help")


def test_an_import_that_changes_nothing_says_so(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    (tmp_path / "world.xml").write_bytes(structure(world.ARTEFACTS, "2_1"))
    (tmp_path / "data.xml").write_bytes(specific(HARVEST))
    assert "Release" in shell.type("import", "--release", tmp_path / "world.xml", tmp_path / "data.xml")
    assert "nothing changed" in shell.type("import", "--release", tmp_path / "data.xml")


def test_an_import_says_what_it_brought_by_kind(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    (tmp_path / "world.xml").write_bytes(structure(world.ARTEFACTS, "2_1"))
    printed = shell.type("import", tmp_path / "world.xml")
    rows = [line.replace("│", " ").split() for line in printed.splitlines()]
    assert [row for row in rows if row[:1] == ["Codelist"]] == [["Codelist", "6"]]
    assert "Unchanged" in shell.type("import", tmp_path / "world.xml")
    shell.speak("vi")
    assert "Không đổi" in shell.type("import", tmp_path / "world.xml")


def test_a_taken_port_is_said_before_anything_else(shell: Shell) -> None:
    shell.type("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        error = shell.json("serve", "--port", taken.getsockname()[1], code=5)["error"]
    assert error["code"] == "PORT_TAKEN"


def test_a_token_is_shown_once(shell: Shell) -> None:
    shell.type("init")
    made = shell.json("token", "create", "--role", "ministry", "--org", "GDT", "--name", "Thuế")
    assert made["token"].startswith("hub_")
    assert made["token"] not in shell.type("token", "list")
    shell.type("token", "revoke", made["id"])
    assert shell.json("token", "list")[0]["revoked_at"]


def test_the_demonstration_prepares_both_sample_sources(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.demo.RECORDS", 400)
    shell.type("demo", "--no-serve")
    released = {each["dataflow"]["id"]: each["state"] for each in shell.json("releases")}
    assert released == {"VAT": "released", "TRADE": "released"}
    shell.type("demo", "--no-serve")
    assert len(shell.json("releases")) == 2, "what was done is not done again"


def test_the_demonstration_does_not_begin_what_it_may_not_finish(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_FOUR_EYES", "on")
    assert shell.json("demo", "--no-serve", code=5)["error"]["code"] == "DEMO_ALONE"
    assert shell.json("init")["migrations"] == 1, "nothing was done before"


def test_every_word_is_said_in_both_languages() -> None:
    for key, texts in words().items():
        assert set(texts) == {"en", "vi"}, key
        assert set(re.findall(r"{(\w+)}", texts["en"])) == set(re.findall(r"{(\w+)}", texts["vi"])), key


def test_every_command_can_speak_json() -> None:
    import typer

    def commands(group: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
        if not hasattr(group, "commands"):
            return [(path, group)]
        return [found for name, each in group.commands.items() for found in commands(each, (*path, name))]

    for path, command in commands(typer.main.get_command(app)):
        assert any("--json" in option.opts for option in command.params), path


def test_a_file_of_texts_gets_suggested_codes(shell: Shell, tmp_path: Path) -> None:
    shell.type("init")
    texts, out = tmp_path / "texts.csv", tmp_path / "coded.csv"
    texts.write_text("id,text\n1,ha noi\n2,Tỉnh Lào Cai\n", encoding="utf-8")
    printed = shell.type("classification", "code", texts, "--to", "NSO:CL_PROVINCE(2.0)", "--limit", 1)
    assert printed.splitlines()[1].startswith("1,ha noi,01,Thành phố Hà Nội,")
    told = shell.type("classification", "code", texts, "--to", "NSO:CL_PROVINCE(2.0)", "--lang", "vi", "--out", out)
    assert "2 texts" in told and out.read_text(encoding="utf-8").splitlines()[2].startswith(
        "2,Tỉnh Lào Cai,15,Tỉnh Lào Cai,1.000,name"
    )
    refused = shell.json("classification", "code", texts, "--to", "NSO:CL_PROVINCE(2.0)", "--column", "mota", code=2)
    assert refused["error"]["code"] == "NO_SUCH_COLUMN"
