"""Generate the Python client anew from the committed schema and operations; needs no network.

    python clients/generate.py [path of ariadne-codegen]

ariadne-codegen needs an older graphql-core than the hub, so it lives in an environment of its own (``.codegen``). It writes
one package for the asynchronous and one for the synchronous client; only the client differs, so the models are kept once.
"""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).parent.resolve()
GENERATED = CLIENTS / "python" / "src" / "hub_client" / "generated"
GENERATOR = CLIENTS.parent / ".codegen" / "bin" / "ariadne-codegen"
BASES = CLIENTS / "python" / "base_client.py"
TRUSTED = CLIENTS / "trusted_documents.json"

FLAVOURS: dict[str, dict[str, Any]] = {
    "async_operations.py": {"client_name": "AsyncOperations", "base_client_name": "AsyncBaseClient", "async_client": True},
    "operations.py": {"client_name": "Operations", "base_client_name": "BaseClient", "async_client": False},
}
"""The file a client is kept in -> what differs for it in the configuration."""


def generate(target: Path, generator: Path = GENERATOR) -> None:
    """Write the generated modules into ``target``, which is emptied first."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        for file, flavour in FLAVOURS.items():
            package = run(Path(work), generator, flavour)
            (package / "client.py").rename(package / file)
            merge(package, target)
    (target / "schema_digest.py").write_text(f'SCHEMA_DIGEST = "{schema_digest()}"\n', encoding="utf-8")


def trusted(generated: Path) -> str:
    """The documents the client sends, by their ids: a hub that knows them needs no text, and may refuse any other."""
    module = runpy.run_path(str(generated / "documents.py"))
    texts = sorted(module[name] for name in module["__all__"])
    ids = {f"sha256:{hashlib.sha256(text.encode()).hexdigest()}": text for text in texts}
    return json.dumps(ids, indent=1, ensure_ascii=False) + "\n"


def run(work: Path, generator: Path, flavour: dict[str, Any]) -> Path:
    """Run the generator once; the package it wrote."""
    name = f"made_{flavour['client_name'].lower()}"
    settings = shared_settings()
    settings |= {**flavour, "target_package_name": name, "target_package_path": str(work)}
    settings |= {"base_client_file_path": str(BASES)}
    settings["extract-operations"] = {"operations_module_name": "documents"}
    configuration = work / f"{name}.toml"
    configuration.write_text("\n".join(toml("tool.ariadne-codegen", settings)), encoding="utf-8")
    command = [str(generator), "--config", str(configuration)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
    if done.returncode:
        raise SystemExit(f"{generator} failed:\n{done.stdout}{done.stderr}")
    return work / name


def shared_settings() -> dict[str, Any]:
    """What ``codegen.toml`` says, with its paths made absolute."""
    settings: dict[str, Any] = tomllib.loads((CLIENTS / "codegen.toml").read_text(encoding="utf-8"))["tool"]["ariadne-codegen"]
    return settings | {name: str(CLIENTS / settings[name]) for name in ("schema_path", "queries_path")}


def toml(table: str, settings: dict[str, Any]) -> Iterator[str]:
    """A table as TOML; JSON's texts, lists and booleans are TOML's."""
    yield f"[{table}]"
    for name, value in settings.items():
        if not isinstance(value, dict):
            yield f"{name} = {json.dumps(value)}"
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from toml(f"{table}.{name}", value)


def merge(package: Path, target: Path) -> None:
    """Add a package to the target; what both halves have must be the same."""
    target.mkdir(parents=True, exist_ok=True)
    for made in sorted(package.glob("*.py")):
        kept = target / made.name
        if kept.exists() and kept.read_bytes() != made.read_bytes():
            raise SystemExit(f"{made.name} differs between the asynchronous and the synchronous client; keep both apart.")
        shutil.copyfile(made, kept)


def schema_digest() -> str:
    """What the generated client tells the hub about the schema it was made for."""
    return hashlib.sha256((CLIENTS.parent / "schema" / "schema.graphql").read_bytes()).hexdigest()[:12]


if __name__ == "__main__":
    generate(GENERATED, Path(sys.argv[1]) if len(sys.argv) > 1 else GENERATOR)
    TRUSTED.write_text(trusted(GENERATED), encoding="utf-8")
