"""Real published files in, the same numbers out through three doors; needs the files, so it is not part of the test suite.

    .venv/bin/python tests/interop/published_files.py FOLDER

FOLDER holds SDMX-ML 2.1 structure-specific files of one data structure, and the structure itself, such as the files of a
National Summary Data Page. Every observation in the files is parsed here by itself, without the hub's reader; what the import
accepted must come back equal, as decimals, from sdmx1's client at both SDMX doors, from SDMX-CSV and from the generated client.
"""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import httpx
import sdmx
from hub_client import HubClient
from lxml import etree

HUB = Path(sys.executable).parent / "hub"
Figures = dict[tuple[str, str], Decimal]


def main() -> None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as data:
        os.environ["HUB_DATA_DIR"] = data
        hub("init")
        report = hub("import", "--release", *map(str, sorted(folder.glob("*.xml"))))
        count(report)
        (flow,) = {name for file in report["files"] for name in file["dataflows"]}
        key = key_of(data, flow)
        wanted = figures_of(folder, key, refused(report["rejects_file"]))
        with served() as address:
            for name, found in doors(address, flow, key):
                print(f"{name:28} {len(found):6} observations, equal: {found == wanted}")
                assert found == wanted, sorted(found.items() ^ wanted.items())[:5]


def hub(*words: str) -> Any:
    done = subprocess.run([HUB, *words, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def count(report: Any) -> None:
    """Counts accepted + refused = counts in the files."""
    for file in report["files"]:
        assert file["error"] is None and file["accepted"] + file["refused"] == file["observations"], file
        written = len(list(etree.parse(file["file"]).iter("{*}Obs")))
        assert written == file["observations"], file["file"]
        rules = ", ".join(f"{rule} {n}" for rule, n in file["rules"].items())
        print(f"{Path(file['file']).name:28} {written:6} = {file['accepted']} accepted + {file['refused']} refused  {rules}")


def key_of(data: str, flow: str) -> list[str]:
    from hub.settings import Settings
    from hub.wiring import Hub
    from registry.ref import Kind, Ref

    return list(Hub.build(Settings.load()).catalogue.structure(Ref.parse(flow, Kind.DATAFLOW)).dsd.key)


def refused(path: str) -> set[tuple[str, str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["series_key"], row["period"]) for row in csv.DictReader(file)}


def figures_of(folder: Path, key: list[str], left_out: set[tuple[str, str, str]]) -> Figures:
    """The numbers as they stand in the files, in the order of the files."""
    found: Figures = {}
    for path in sorted(folder.glob("*.xml")):
        for series in etree.parse(path).iter("{*}Series"):
            name = ".".join(str(series.get(part)) for part in key)
            for each in series.iter("{*}Obs"):
                period = str(each.get("TIME_PERIOD"))
                if (str(path), name, period) not in left_out:
                    found[name, period] = Decimal(str(each.get("OBS_VALUE")))
    return found


@contextmanager
def served() -> Iterator[str]:
    """The hub, serving; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen([HUB, "serve", "--port", address.rsplit(":", 1)[1]], stdout=subprocess.DEVNULL)
    for _ in range(300):
        try:
            httpx.get(f"{address}/readyz")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


def doors(address: str, flow: str, key: list[str]) -> Any:
    agency, rest = flow.split(":")
    id, version = rest.rstrip(")").split("(")
    for api, url in (("v1", f"{address}/sdmx/v1"), ("v2", f"{address}/sdmx/v2")):
        yield f"sdmx1 client, SDMX {api}", by_sdmx1(url, api, agency, id, version, key)
    text = httpx.get(f"{address}/sdmx/v1/data/{agency},{id},{version}/all?format=csv", timeout=60).text
    rows = csv.DictReader(io.StringIO(text))
    yield "SDMX-CSV", {(".".join(row[part] for part in key), row["TIME_PERIOD"]): Decimal(row["OBS_VALUE"]) for row in rows}
    with HubClient(address, lang="en") as client:
        rows_ = client.rows(flow)
        yield (
            "generated client, GraphQL",
            {(".".join(str(row[part]) for part in key), str(row["TIME_PERIOD"])): number(row["OBS_VALUE"]) for row in rows_},
        )


def by_sdmx1(url: str, api: str, agency: str, id: str, version: str, parts: list[str]) -> Figures:
    """sdmx1 keeps the text of a value; as a number it would have gone through a float."""
    about = {"id": "HUB", "name": "the hub", "url": url, "versions": ["2.1" if api == "v1" else "3.0.0"]}
    sdmx.source.add_source(about, override=True)
    client: Any = sdmx.Client("HUB")
    # Unasked 2.x gives SDMX-JSON 2.1, which sdmx1 does not read.
    accept = {"Accept": "application/vnd.sdmx.structure+xml;version=2.1"}
    structure = client.get("datastructure", id, agency_id=agency, version=version, headers=accept).structure[id]
    if api == "v1":
        message = client.get("data", f"{agency},{id},{version}", dsd=structure)
    else:
        message = client.get("data", id, context="dataflow", agency_id=agency, version=version, key="*", dsd=structure)
    found: Figures = {}
    for data in message.data:
        for key, observations in data.series.items():
            name = ".".join(str(key.values[part].value) for part in parts)
            for each in observations:
                found[name, str(each.dimension.values["TIME_PERIOD"].value)] = number(each.value)
    return found


def number(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise SystemExit(f"not a number: {value!r}") from None


if __name__ == "__main__":
    main()
