"""What the pages say to type is typed here: every block fenced as ``sh`` runs, in the order of its page.

``sh serve`` blocks run while the hub serves; its address takes the place of http://127.0.0.1:8000.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh( serve)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HUB_DATA_DIR": str(folder / "data"), "HUB_LANG": "en"}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(["hub", "serve", "--port", str(port)], cwd=folder, env=environment(folder))
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def run(folder: Path, text: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))], ids=lambda p: p.name
)
def test_what_a_page_says_to_type_works(page: Path, tmp_path: Path) -> None:
    for serve, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if serve:
            with serving(tmp_path) as address:
                output = run(tmp_path, text.replace(ADDRESS, address).replace("curl -s ", "curl -sS --fail "))
                assert "errors" not in output and output.strip()
        else:
            run(tmp_path, text)


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
