"""Metadata messages in SDMX-CSV 2.0 and 2.1: a row for each report, columns for the values and the texts of each field.

A field that comes several times has ``[]`` after its id, a column of texts their languages: ``ACCURACY[vi;en]``. Periods have
columns of their own, as the field guide allows. Names stand behind what they name, or beside it, where they are wanted. What is
lost of a report is what does not come back when it is read.

Source: sdmx-twg/sdmx-csv, field guides of the metadata message.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from adapters.sdmx.jsonshape.ways import NO_PLACE
from adapters.sdmx.reading.csvmetadata import PARTIAL, PERIODS, read_csv_metadata
from adapters.sdmx.resources import word_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat
from adapters.sdmx.writing.table import Labels
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import ItemRef, Ref

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


@dataclass(frozen=True)
class Called:
    """What things are called in the language wanted; ``how`` is the parameter ``labels``."""

    how: Labels = Labels.ID
    refs: Mapping[Ref | ItemRef, str] = field(default_factory=dict)
    fields: Mapping[Path, str] = field(default_factory=dict)
    codes: Mapping[tuple[Path, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Column:
    """Texts, and what each is called. ``beside`` is the head of a column with that only, empty where nothing has a name.

    ``several``: a cell has any number of entries; ``quoted``: each in quotation marks; ``of_field``: the head has a name too.
    """

    head: str
    rows: Sequence[Sequence[tuple[str, str]]]
    beside: str = ""
    several: bool = False
    quoted: bool = False
    of_field: bool = False

    def shown(self, how: Labels) -> Iterator[tuple[str, list[str]]]:
        both = how is Labels.BOTH
        head = f"{self.head}: {self.beside}" if both and self.of_field else self.head
        rows = ([f"{text}: {name}" if both and name.strip() else text for text, name in row] for row in self.rows)
        yield head, [*map(self._cell, rows)]
        if how is Labels.NAME and self.beside:
            yield self.beside, [self._cell([name for _, name in row]) for row in self.rows]

    def _cell(self, entries: Sequence[str]) -> str:
        if self.several:
            return SEPARATOR.join(_quoted(entry, self.quoted) for entry in entries)
        return entries[0] if entries else ""


def _write(version: str, called: Called, _header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    reports = [_said(one.artefact, one.form) for one in shown if isinstance(one.artefact, MetadataSet)]
    table = _Table.of(reports)
    columns = [*_facts(version, reports, called), *(one for path in table.paths for one in _columns(table, path, called))]
    told = [pair for column in columns for pair in column.shown(called.how)]
    yield _line([head for head, _ in told])
    for number in range(len(reports)):
        yield _line([cells[number] for _, cells in told])


def _said(one: MetadataSet, form: Form) -> MetadataSet:
    return one if form is Form.FULL else replace(one, attributes=())


def _columns(table: _Table, path: Path, called: Called) -> Iterator[_Column]:
    """The columns of a field that have something in them."""
    found = [table.entries(one.attributes, path) for one in table.reports]
    flat = [one for entries in found for one in entries if one is not None]
    head, several, name = table.head(path), table.repeated(path), called.fields.get(path) or path[-1]
    if any(one.value is not None for one in flat):
        rows = [[_value(one, path, called) for one in entries] for entries in found]
        yield _Column(head, rows, name, several, of_field=True)
    if languages := dict.fromkeys(lang for one in flat for lang in one.texts):
        texts = [[(_texts(one.texts) if one else "", "") for one in entries] for entries in found]
        yield _Column(f"{head}[{SEPARATOR.join(languages)}]", texts, name, several, quoted=True, of_field=True)


def _value(one: ReportedAttribute | None, path: Path, called: Called) -> tuple[str, str]:
    text = (one.value or "") if one else ""
    return text, called.codes.get((path, text), "")


def _texts(texts: Mapping[str, str]) -> str:
    return SEPARATOR.join(f"{lang}:{_quoted(text)}" for lang, text in texts.items())


def _quoted(text: str, always: bool = False) -> str:
    special = always or any(char in text for char in (SEPARATOR, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if text and special else text


def _facts(version: str, reports: Sequence[MetadataSet], called: Called) -> Iterator[_Column]:
    """What a report is of and about."""
    yield _Column(f"MDSTRUCTURE[{SEPARATOR}]", [[(_word(one), "")] for one in reports])
    subjects = [one.metadataflow or one.provision for one in reports]
    yield _Column("MDSTRUCTURE_ID", [[_named(one, called)] if one else [] for one in subjects], "MDSTRUCTURE_NAME")
    yield _Column("METADATASET_ID", [[_named(one.ref, called)] for one in reports], "METADATASET_NAME")
    if version == "2.0.0":
        yield _Column("ACTION", [[("R", "")] for _ in reports])
    else:
        yield _Column(PARTIAL, [[(str(int(one.is_partial_language)), "")] for one in reports])
    yield _Column("TARGET_TYPES", [[(_type(target), "") for target in one.targets] for one in reports], several=True)
    named = [[_named(target, called) for target in one.targets] for one in reports]
    yield _Column("TARGET_IDS", named, "TARGET_NAMES", several=True)
    for head, name in PERIODS.items():
        if any(getattr(one, name) for one in reports):
            yield _Column(head, [[(getattr(one, name), "")] for one in reports])


def _word(one: MetadataSet) -> str:
    return "metadataflow" if one.metadataflow else "metadataprovision" if one.provision else ""


def _type(target: Ref | ItemRef) -> str:
    return word_of(target.of.kind if isinstance(target, ItemRef) else target.kind)


def _named(one: Ref | ItemRef, called: Called) -> tuple[str, str]:
    return str(one), called.refs.get(one, "")


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _unheld(version: str, shown: Shown) -> list[Lost]:
    one = shown.artefact
    if not isinstance(one, MetadataSet):
        return [Lost(one.ref, "", NO_PLACE)]
    message = read_csv_metadata(b"".join(_write(version, Called(), _NO_HEADER, [shown])))
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
    version: StructureFormat("sdmx-csv", version, partial(_write, version, Called()), partial(_unheld, version))
    for version in ("2.0.0", "2.1.0")
}
"""The formats by version."""


def labelled(version: str, called: Called) -> Callable[[Header, Sequence[Shown]], Iterator[bytes]]:
    """What writes a table with the names of things."""
    return partial(_write, version, called)
