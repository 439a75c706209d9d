#!/usr/bin/env python3
"""The two commands of README: set everything up and run the hub, or run all the tests. Needs Python 3.11 and nothing else.

python3 run.py demo     an environment of its own in .venv, then `hub demo`
python3 run.py test     the same with the test tools and the client generator, then lint, types, layers and tests
python3 run.py hub ...  any other command of the hub
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.resolve()
BIN = "Scripts" if os.name == "nt" else "bin"
MAIN, CODEGEN = ROOT / ".venv", ROOT / ".codegen"
# A file's tests stay together, because they share what is costly to set up.
SIDE_BY_SIDE = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")


def main() -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: run this file with a newer one.")
    command, *rest = sys.argv[1:] or ["help"]
    if command == "demo":
        set_up(MAIN, "requirements.txt")
        return run(MAIN, "hub", "demo", *rest)
    if command == "hub":
        set_up(MAIN, "requirements.txt")
        return run(MAIN, "hub", *rest)
    if command == "test":
        set_up(MAIN, "requirements-test.txt")
        set_up(CODEGEN, "requirements-codegen.txt")
        return test(rest)
    print(__doc__)
    return 0 if command == "help" else 2


def set_up(place: Path, requirements: str) -> None:
    """Make an environment and install what the hashed file says; nothing when that was done before."""
    stamp = place / f"installed-{requirements}"
    # The kernel is compiled while installing, so a changed one is a reason to install again.
    kernel = sorted(file for file in (ROOT / "registry").glob("_kernel*") if file.suffix in (".cpp", ".h"))
    wanted = "".join(file.read_text(encoding="utf-8") for file in (ROOT / requirements, *kernel))
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"Setting up {place.name} (once; a minute or two) ...", flush=True)
    if not (place / BIN).exists():
        venv.create(place, with_pip=True)
    pip(place, "--require-hashes", "--no-deps", "--requirement", str(ROOT / requirements))
    if place == MAIN:
        pip(place, "--no-deps", "--no-build-isolation", "--editable", str(ROOT / "clients" / "python"), "--editable", str(ROOT))
    stamp.write_text(wanted, encoding="utf-8")


def pip(place: Path, *arguments: str) -> None:
    command = [str(place / BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(f"Installing into {place} failed. The message above says why; is there a network? Then run this again.")


def test(arguments: list[str]) -> int:
    """Lint, types and layers first, because they are quick; all run, the worst exit code is the answer."""
    python = ("python", "-m")
    checks = [
        (*python, "ruff", "check", "."),
        (*python, "ruff", "format", "--check", "."),
        (*python, "mypy"),
        ("lint-imports",),
        (*python, "pytest", *SIDE_BY_SIDE, *arguments),
    ]
    return max(run(MAIN, *check) for check in checks)


def run(place: Path, program: str, *arguments: str) -> int:
    path = shutil.which(program, path=str(place / BIN))
    if path is None:
        sys.exit(f"{program} is missing in {place}: delete that folder and run this again.")
    print("$", program, *arguments, flush=True)
    environment = {**os.environ, "PATH": f"{place / BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        return subprocess.run([path, *arguments], check=False, cwd=ROOT, env=environment).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
