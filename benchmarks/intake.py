"""How long ministry files take from delivery to release, and how much memory: every step a process of its own.

    .venv/bin/python benchmarks/intake.py --records 1000000

Writes a table in Markdown: seconds (wall), processor seconds, and the largest memory of the process by the operating system.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOWS = {"tax": "NSO:VAT(1.0)", "customs": "NSO:TRADE(1.0)"}
HUB = str(Path(sys.executable).parent / "hub")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--source", choices=FLOWS, action="append")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hub-benchmark-"))
    os.environ["HUB_DATA_DIR"] = str(folder / "data")
    print("| step | records or observations | seconds | processor seconds | memory, MB |\n|---|---|---|---|---|")
    try:
        step("init")
        for source in options.source or FLOWS:
            through(source, options.records, folder)
    finally:
        shutil.rmtree(folder)


def through(source: str, records: int, folder: Path) -> None:
    """One source from sample to release."""
    samples = folder / source
    step("sample", source, "--records", str(records), "--out", str(samples))
    receipt = step("deliver", source, str(samples), count="records")
    assert receipt["accepted"] + receipt["rejected"] == receipt["records"]
    shutil.rmtree(samples)
    draft = step("compile", FLOWS[source], count="observations")
    step("approve", draft["id"])
    step("release", draft["id"], count="observations")


def step(command: str, *arguments: str, count: str = "") -> dict[str, object]:
    """Run a command of the hub as its own process and print its row."""
    started = time.monotonic()
    process = subprocess.Popen([HUB, command, *arguments, "--json"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(output.decode())
    result = json.loads(output)
    seconds, busy = time.monotonic() - started, usage.ru_utime + usage.ru_stime
    number = f"{result[count]:,}" if count else ""
    name = " ".join(word for word in (command, *arguments[:1]) if "/" not in word)
    print(f"| {name} | {number} | {seconds:.1f} | {busy:.1f} | {usage.ru_maxrss // 1024} |", flush=True)
    return result


if __name__ == "__main__":
    main()
