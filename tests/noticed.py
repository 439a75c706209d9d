"""What an answer says of its release: in the file, where the format has a place for it, and in the header ``Hub-Release``."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import unquote

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from tests.cubes import keywords

FORMATS = ("csv", "csv-plain", "csv-wide", "json-stat", "px", "parquet", "arrow", "jsondata", "sdmx-ml")


def told_by(answer: httpx.Response, format: str) -> str:
    """What a file says of its release, in the place that the format has for it; nothing for an ordinary one."""
    assert answer.status_code == 200, answer.text
    if format in ("csv-plain", "csv-wide"):
        table = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        title = next((name for name in table.fieldnames or () if name in ("Bản công bố", "Release")), "")
        (said,) = {row.get(title, "") for row in table}
        return said
    if format == "json-stat":
        return next((text for text in answer.json().get("note", []) if text != "Số liệu thử"), "")
    if format == "px":
        found, _ = keywords(answer.text)
        note = found["NOTEX", "", ()] + found.get(("NOTEX", "en", ()), [])
        return "" if note[0].startswith(". ") else " ".join(note)
    if format in ("parquet", "arrow"):
        read = pq.read_table if format == "parquet" else lambda file: pa.ipc.open_stream(file).read_all()
        said = json.loads(read(io.BytesIO(answer.content)).schema.metadata[b"hub"])["release"]
        words = [
            *said.get("reasons", {}).values(),
            said.get("embargoedUntil", ""),
            "withdrawn" if said.get("withdrawn") else "",
        ]
        return " ".join(words).strip()
    if format == "jsondata":
        return " ".join(answer.json().get("meta", answer.json().get("header", {})).get("names", {}).values())
    names = etree.fromstring(answer.content).iterfind("{*}Header/{*}Name") if format == "sdmx-ml" else ()
    return " ".join(each.text or "" for each in names)


def release_of(answer: httpx.Response) -> tuple[dict[str, str], dict[str, str]]:
    """The words and the reasons of the header ``Hub-Release``, read as RFC 8187 has it."""
    said = dict(part.partition("=")[::2] for part in answer.headers["hub-release"].split("; "))
    reasons = {name[7:-1]: unquote(text.split("'")[2]) for name, text in said.items() if name.startswith("reason-")}
    return {name: text.strip('"') for name, text in said.items() if not name.startswith("reason-")}, reasons
