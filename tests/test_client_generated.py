"""The generated client is what the schema and the operations say, and it needs httpx and pydantic only."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from hub_client.generated.schema_digest import SCHEMA_DIGEST

from clients.generate import CLIENTS, GENERATED, GENERATOR, generate, schema_digest
from schema.build import SDL

ADVICE = "generate the client anew: python clients/generate.py"


def test_the_client_was_generated_from_the_committed_schema() -> None:
    assert schema_digest() == SCHEMA_DIGEST, ADVICE


def test_every_operation_is_a_valid_question_to_the_schema() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((CLIENTS / "operations").glob("*.graphql")))
    assert validate(build_schema(SDL.read_text(encoding="utf-8")), parse(text)) == []


def test_generating_again_changes_nothing(tmp_path: Path) -> None:
    if not GENERATOR.exists():
        pytest.skip("skipped, as .codegen with ariadne-codegen is missing: `python3 run.py test` makes it")
    generate(tmp_path / "generated", GENERATOR)
    made, kept = (texts(place) for place in (tmp_path / "generated", GENERATED))
    assert made.keys() == kept.keys(), ADVICE
    assert {name for name in made if made[name] != kept[name]} == set(), ADVICE


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}


def test_the_package_imports_httpx_and_pydantic_and_nothing_of_the_hub() -> None:
    modules = {
        name.split(".")[0]
        for path in GENERATED.parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _absolute(node)
    }
    assert modules - set(sys.stdlib_module_names) == {"httpx", "pydantic", "pydantic_core"}


def _absolute(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module else []


@pytest.mark.slow
def test_the_package_installs_alone(tmp_path: Path) -> None:
    """In an environment that has nothing else; needs a package index."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "alone"], check=True)
    python = tmp_path / "alone" / "bin" / "python"
    # A copy: building leaves files beside the source.
    source = shutil.copytree(CLIENTS / "python", tmp_path / "source")
    subprocess.run([python, "-m", "pip", "install", "--quiet", source], check=True)
    code = "import hub_client, importlib.util as u; print(hub_client.HubClient.__name__, u.find_spec('hub'))"
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["HubClient", "None"]
