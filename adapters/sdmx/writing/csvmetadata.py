"""Metadata messages in SDMX-CSV 2.0 and 2.1: a row for each report, columns for the values and the texts of each field.

A field that comes several times has ``[]`` after its id, a column of texts their languages: ``ACCURACY[vi;en]``. Periods have
columns of their own, as the field guide allows. What is lost of a report is what does not come back when it is read.

Source: sdmx-twg/sdmx-csv, field guides of the metadata message.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from adapters.sdmx.jsonshape.ways import NO_PLACE
from adapters.sdmx.reading.csvmetadata import PARTIAL, PERIODS, read_csv_metadata
from adapters.sdmx.resources import word_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import ItemRef

SEPARATOR = ";"
"""Between the values of one cell."""

_NO_HEADER = Header("", datetime.min.replace(tzinfo=UTC))
Path = tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """``several``: the fields that come several times in some report."""

    reports: Sequence[MetadataSet]
    paths: Mapping[Path, None]
    several: frozenset[Path]

    @classmethod
    def of(cls, reports: Sequence[MetadataSet]) -> _Table:
        paths: dict[Path, None] = {}
        several: set[Path] = set()
        for one in reports:
            _walk(one.attributes, (), paths, several)
        return cls(reports, paths, frozenset(several))

    def entries(self, found: Sequence[ReportedAttribute], path: Path, above: Path = ()) -> list[ReportedAttribute | None]:
        """What stands at a path: once, or once for each time that it or the first field above it comes which may come again."""
        here, rest = (*above, path[0]), path[1:]
        own = [one for one in found if one.id == path[0]]
        if not rest:
            return list(own)
        if here in self.several:
            return [next(iter(self.entries(one.children, rest, here)), None) for one in own]
        return self.entries(own[0].children, rest, here) if own else []

    def repeated(self, path: Path) -> bool:
        """Whether cells hold several entries."""
        return any(path[: length + 1] in self.several for length in range(len(path)))

    def head(self, path: Path) -> str:
        return ".".join(id_ + ("[]" if path[: place + 1] in self.several else "") for place, id_ in enumerate(path))


def _walk(found: Sequence[ReportedAttribute], above: Path, paths: dict[Path, None], several: set[Path]) -> None:
    met: set[Path] = set()
    for one in found:
        path = (*above, one.id)
        several |= {path} & met
        met.add(path)
        paths.setdefault(path)
        _walk(one.children, path, paths, several)


def _write(version: str, _header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    reports = [_said(one.artefact, one.form) for one in shown if isinstance(one.artefact, MetadataSet)]
    table = _Table.of(reports)
    periods = [name for name, field in PERIODS.items() if any(getattr(one, field) for one in reports)]
    columns = [column for path in table.paths for column in _columns(table, path)]
    heads = [*_heads(version), *periods, *(name for name, _ in columns)]
    yield _line(heads)
    for number, one in enumerate(reports):
        own = [getattr(one, PERIODS[name]) for name in periods]
        yield _line([*_facts(version, one), *own, *(cells[number] for _, cells in columns)])


def _said(one: MetadataSet, form: Form) -> MetadataSet:
    return one if form is Form.FULL else replace(one, attributes=())


def _columns(table: _Table, path: Path) -> Iterator[tuple[str, list[str]]]:
    """The columns of a field that have something in them: their heads and cells."""
    found = [table.entries(one.attributes, path) for one in table.reports]
    flat = [one for entries in found for one in entries if one is not None]
    head, repeated = table.head(path), table.repeated(path)
    if any(one.value is not None for one in flat):
        yield head, [_cell([one.value or "" if one else "" for one in entries], repeated) for entries in found]
    if languages := dict.fromkeys(lang for one in flat for lang in one.texts):
        texts = [[_texts(one.texts) if one else "" for one in entries] for entries in found]
        named = f"{head}[{SEPARATOR.join(languages)}]"
        yield named, [_cell(cells, repeated, always=True) for cells in texts]


def _cell(entries: Sequence[str], repeated: bool, always: bool = False) -> str:
    if repeated:
        return SEPARATOR.join(_quoted(entry, always) for entry in entries)
    return entries[0] if entries else ""


def _texts(texts: Mapping[str, str]) -> str:
    return SEPARATOR.join(f"{lang}:{_quoted(text)}" for lang, text in texts.items())


def _quoted(text: str, always: bool = False) -> str:
    special = always or any(char in text for char in (SEPARATOR, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if text and special else text


def _heads(version: str) -> list[str]:
    last = ["ACTION"] if version == "2.0.0" else [PARTIAL]
    return [f"MDSTRUCTURE[{SEPARATOR}]", "MDSTRUCTURE_ID", "METADATASET_ID", *last, "TARGET_TYPES", "TARGET_IDS"]


def _facts(version: str, one: MetadataSet) -> list[str]:
    subject = one.metadataflow or one.provision
    word = "metadataflow" if one.metadataflow else "metadataprovision" if one.provision else ""
    last = "R" if version == "2.0.0" else str(int(one.is_partial_language))
    kinds = [target.of.kind if isinstance(target, ItemRef) else target.kind for target in one.targets]
    targets = [SEPARATOR.join(map(word_of, kinds)), SEPARATOR.join(map(str, one.targets))]
    return [word, str(subject or ""), str(one.ref), last, *targets]


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _unheld(version: str, shown: Shown) -> list[Lost]:
    one = shown.artefact
    if not isinstance(one, MetadataSet):
        return [Lost(one.ref, "", NO_PLACE)]
    message = read_csv_metadata(b"".join(_write(version, _NO_HEADER, [shown])))
    if message.faults:
        return [Lost(one.ref, "", NO_PLACE)]
    said = _said(one, shown.form)
    places = _differences(replace(said, attributes=gathered(said.attributes)), message.artefacts[0], "")
    return [Lost(one.ref, place, NO_PLACE) for place in places]


def gathered(found: Sequence[ReportedAttribute]) -> tuple[ReportedAttribute, ...]:
    """The fields with those of the same id together: their order among others says nothing."""
    ids = dict.fromkeys(one.id for one in found)
    return tuple(replace(one, children=gathered(one.children)) for id_ in ids for one in found if one.id == id_)


def _differences(said: Any, back: Any, place: str) -> Iterator[str]:
    """The places of what did not come back."""
    if said == back:
        return
    if isinstance(said, tuple) and isinstance(back, tuple):
        left = list(back)
        for index, one in enumerate(said):
            # What came back stands in the same order, less what did not.
            same = bool(left) and getattr(one, "id", one) == getattr(left[0], "id", left[0])
            inner = f"{place}[{index}]"
            yield from _differences(one, left.pop(0), inner) if same else (inner,)
    elif is_dataclass(said) and type(said) is type(back):
        for part in fields(said):
            yield from _differences(getattr(said, part.name), getattr(back, part.name), f"{place}.{part.name}".lstrip("."))
    else:
        yield place


CSV_METADATA = {
    version: StructureFormat("sdmx-csv", version, partial(_write, version), partial(_unheld, version))
    for version in ("2.0.0", "2.1.0")
}
"""The formats by version."""
