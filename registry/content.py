"""The content the hub ships: plain files that a statistician can read and change.

A YAML file holds the head of an artefact, in the words of :mod:`registry.document`; several artefacts are parted by ``---``.
A CSV file of the same name beside it holds the items of the first, or the mappings of a representation map, one a line:

    id, parent, name_vi, name_en, description_*, includes_*, excludes_*, ruling_*, index_*, valid_from, valid_to
    source, target, share, basis, period

Any other column is an annotation. The columns of :data:`NOTES` are annotations with a text for each language.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from registry.document import Document, from_document
from registry.errors import Invalid
from registry.model import Artefact
from registry.spreadsheets import unshielded

FOLDERS = (Path(__file__).parent / "codelists", Path(__file__).parent / "structures")

RULING = "RULING"
NOTES = {"INCLUDES": "includes", "EXCLUDES": "excludes", RULING: "ruling", "INDEX": "index"}
"""Annotations in several languages: type, and what columns begin with. Index terms are parted by ``;``, rulings are lines."""

_TEXTS = {"name": "names", "description": "descriptions"}
_NOTES = {column: type for type, column in NOTES.items()}
_OF_LINKS = ("share", "basis", "period")
_PLAIN = ("id", "parent", "valid_from", "valid_to", "source", "target")


def shipped() -> list[Artefact]:
    """Every shipped artefact, in the order of the files' names."""
    return [artefact for folder in FOLDERS for path in sorted(folder.glob("*.yml")) for artefact in read(path)]


def read(path: Path) -> list[Artefact]:
    """The artefacts of one YAML file and the CSV beside it; :class:`Invalid` YAML_BROKEN, BAD_DOCUMENT or BAD_REFERENCE."""
    heads = list(heads_in(path))
    table = path.with_suffix(".csv")
    if not heads or not table.exists():
        return [from_document(head) for head in heads]
    return [assembled(heads[0], _rows(table)), *map(from_document, heads[1:])]


def assembled(head: Mapping[str, Any], rows: Iterable[Mapping[str, str]]) -> Artefact:
    """The artefact of a head and the lines of its table, each a text by column; errors as of :func:`read`."""
    lines = [_row(row) for row in rows]
    if head.get("kind") == "RepresentationMap":
        return from_document({**head, "mappings": [_mapping(line) for line in lines]})
    return from_document({**head, "items": lines})


def heads_in(path: Path) -> Iterator[Document]:
    """The heads in a YAML file."""
    try:
        heads = list(yaml.safe_load_all(_text(path)))
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a 13th month, a number of 5000 digits
        mark = getattr(error, "problem_mark", None)
        raise Invalid("YAML_BROKEN", place=f"{path.name}:{mark.line + 1}" if mark else path.name) from None
    for head in heads:
        if not isinstance(head, dict):
            raise _bad(path.name, "{…: …}", str(head)[:60])
        yield head


def _rows(path: Path) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    try:
        for row in reader:
            if None in row or None in row.values():
                raise _bad(
                    f"{path.name}:{reader.line_num}",
                    ", ".join(reader.fieldnames or ()),
                    ", ".join(filter(None, map(str, row.values())))[:60],
                )
            yield {unshielded(name.strip()): unshielded(value.strip()) for name, value in row.items()}
    except csv.Error:
        raise _bad(f"{path.name}:{reader.line_num}", "CSV", "-") from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(
            f"{path.name}:{error.object[: error.start].count(10) + 1}", "UTF-8", f"{error.object[error.start]:#04x}"
        ) from None


def _bad(place: str, expected: str, found: str) -> Invalid:
    return Invalid("BAD_DOCUMENT", place=place, expected=expected, found=found)


def _row(row: Mapping[str, str]) -> Document:
    document: dict[str, Any] = {}
    noted: dict[str, dict[str, str]] = {}
    for name, value in row.items():
        start, _, lang = name.partition("_")
        if not value:
            continue
        if name in _PLAIN:
            document[name] = value
        elif start in _TEXTS and lang:
            document.setdefault(_TEXTS[start], {})[lang] = value
        elif start in _NOTES and lang:
            noted.setdefault(_NOTES[start], {})[lang] = value
        else:
            document.setdefault("annotations", []).append({"type": name, "title": value})
    for type, texts in noted.items():
        parts = _each(texts) if type == RULING else [texts]
        document.setdefault("annotations", []).extend({"type": type, "texts": part} for part in parts)
    return document


def _each(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Rulings, which stand in a cell line by line: the first lines of all languages are one, and so on."""
    lines = {lang: text.splitlines() for lang, text in texts.items()}
    most = max(map(len, lines.values()))
    each = [{lang: said[at] for lang, said in lines.items() if at < len(said) and said[at]} for at in range(most)]
    return [one for one in each if one]


def _mapping(row: Document) -> Document:
    """A line with a source and a target as a mapping; what it says of its share are annotations in capitals, as in messages."""
    rest = {name: value for name, value in row.items() if name not in ("source", "target")}
    for note in rest.get("annotations", ()):
        if note["type"] in _OF_LINKS:
            note["type"] = note["type"].upper()
    sources = [{"value": row["source"]}] if "source" in row else None
    return {"sources": sources, "targets": [row["target"]] if "target" in row else [], **rest}
