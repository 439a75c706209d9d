"""The house: imports go down only, rooms stay small, one way of saying things."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from registry.errors import LANGUAGES, MESSAGES, catalogue

ROOT = Path(__file__).parent.parent
FLOORS = ("hub", "schema", "registry", "adapters", "clients/portal")
LONGEST_ROOM = 350


def test_imports_go_down_only() -> None:
    """The contracts stand in pyproject.toml under ``tool.importlinter``."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("floor", FLOORS)
def test_rooms_have_one_subject_and_a_sentence_saying_which(floor: str) -> None:
    for room in sorted((ROOT / floor).rglob("*.py")):
        text = room.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_ROOM, f"{room.relative_to(ROOT)} has grown two subjects"
        assert text.startswith('"""'), f"{room.relative_to(ROOT)} does not say what it is about"


def test_the_tree_is_that_of_the_design() -> None:
    wanted = ("hub", "schema", "registry", "adapters/sdmx", "adapters/tax", "adapters/customs", "clients", "tests")
    assert [name for name in wanted if not (ROOT / name).is_dir()] == []
    assert (ROOT / "pyproject.toml").is_file()


def test_every_message_is_said_in_both_languages_with_the_same_facts() -> None:
    for code, texts in catalogue().items():
        assert set(texts) >= set(LANGUAGES), code
        parts = {lang: {part: _facts(text) for part, text in texts[lang].items()} for lang in LANGUAGES}
        assert parts["vi"].keys() == parts["en"].keys(), code
        assert set().union(*parts["vi"].values()) == set().union(*parts["en"].values()), code


def _facts(text: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_text_is_written_twice() -> None:
    """In one file or in two: the later would silently take the place of the earlier."""
    assert _twice(MESSAGES.glob("*.yml")) == []
    assert _twice([ROOT / "hub/words.yml"]) == _twice([ROOT / "clients/portal/texts.yml"]) == []


def _twice(paths: Iterable[Path]) -> list[str]:
    roots = [yaml.compose(path.read_text(encoding="utf-8")) for path in paths]
    codes = Counter(key.value for root in roots if isinstance(root, yaml.MappingNode) for key, _ in root.value)
    return [code for code, count in codes.items() if count > 1]
