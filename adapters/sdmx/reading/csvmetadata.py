"""Metadata messages in SDMX-CSV 2.0 and 2.1, every row a report by itself. Labels are passed over, but for those behind the
codes of fields: only the structure says which fields have codes.

Source: sdmx-twg/sdmx-csv, field guides of the metadata message.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.sdmx.jsonshape.artefacts import is_stable
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.resources import WORDS
from registry.errors import HubError, Invalid, TooLarge
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import PACKAGE, PARTS, ItemRef, Kind, Ref, parse_target, urn_class

MOST = 200 * 1024 * 1024
"""Bytes of a message, which is read as a whole."""

DEEPEST = 32
"""Fields one below the other."""

FIRST = re.compile(r'^"?MDSTRUCTURE(?:\[([^\]])\])?(?::[^,;\t|]*)?"?([,;\t|])')
PARTIAL = "IS_PARTIAL_LANGUAGE"
PERIODS = {
    "publicationPeriod": "publication_period",
    "publicationYear": "publication_year",
    "reportingBegin": "reporting_begin",
    "reportingEnd": "reporting_end",
}
_NAMED = re.compile(r"([^:()\s]+:[^:()\s]+(?:\([^()\s]+\))?(?:\.[^:;()\s]+)?)(?:: .*)?", re.DOTALL)
_FIELD = re.compile(r"((?:[A-Za-z0-9_@$-]+(?:\[\])?)(?:\.[A-Za-z0-9_@$-]+(?:\[\])?)*)(?:\[([^\]]+)\])?(?:: .*)?", re.DOTALL)
_FIXED = {"MDSTRUCTURE", "MDSTRUCTURE_ID", "METADATASET_ID", "ACTION", PARTIAL, "TARGET_TYPES", "TARGET_IDS", *PERIODS}
_LABELS = {"MDSTRUCTURE_NAME", "METADATASET_NAME", "TARGET_NAMES"}
_SUBJECTS = {"metadataflow": Kind.METADATAFLOW, "metadataprovision": Kind.METADATA_PROVISION_AGREEMENT}


@dataclass
class _Field:
    """A field of a report on its way."""

    value: str | None = None
    texts: dict[str, str] = field(default_factory=dict)
    below: _Fields = field(default_factory=dict)


_Fields = dict[str, list[_Field]]
_Path = Sequence[tuple[str, bool]]
"""Ids, and whether each may come several times."""


@dataclass(frozen=True)
class _Column:
    place: int
    path: _Path
    textual: bool

    @property
    def several(self) -> bool:
        return any(repeats for _, repeats in self.path)


@dataclass(frozen=True)
class _Layout:
    fixed: Mapping[str, int]
    columns: Sequence[_Column]
    inner: str
    labelled: bool

    def cell(self, row: Sequence[str], name: str) -> str:
        return row[self.fixed[name]].strip() if name in self.fixed else ""


def read_csv_metadata(content: bytes) -> StructureMessage:
    """The message; :class:`Invalid` CSV_BROKEN for what is no such table, :class:`TooLarge` where it is too long."""
    if len(content) > MOST:
        raise TooLarge("MESSAGE_TOO_LARGE", found=len(content), most=MOST)
    text = content.decode("utf-8-sig", "replace")
    match = FIRST.match(text)
    if match is None:
        raise Invalid("CSV_BROKEN", line=1, reason=f"header {text[:40]!r}")
    rows = _rows(text, match[2])
    layout = _layout(next(rows)[1], match[1] or ";")
    sets: list[MetadataSet] = []
    faults: list[Fault] = []
    for line, row in rows:
        try:
            sets.append(_report(row, layout, line))
        except HubError as error:
            faults.append(Fault(f"line {line}", error))
    return StructureMessage(tuple(sets), tuple(faults), "2.1", labelled=layout.labelled)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line that each ends at."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    width = None
    try:
        for row in reader:
            width = width or len(row)
            if not row:
                continue
            if len(row) != width:
                raise Invalid("CSV_BROKEN", line=reader.line_num, reason=f"{len(row)} columns, not {width}")
            yield reader.line_num, row
    except csv.Error as error:
        raise Invalid("CSV_BROKEN", line=reader.line_num, reason=str(error)) from None


def _layout(heads: Sequence[str], inner: str) -> _Layout:
    fixed: dict[str, int] = {}
    columns = []
    # Names stand in columns of their own, those of fields without a head that tells, or behind ids.
    after_field, beside = False, set(heads) >= _LABELS
    for place, head in enumerate(heads):
        name = head.partition("[")[0].partition(":")[0].strip()
        if after_field and beside:
            after_field = False  # the name of the field before it, which may look like an id
        elif name in _FIXED:
            fixed[name] = place
            after_field = False
        elif name not in _LABELS and (match := _FIELD.fullmatch(head)):
            path = tuple((part.removesuffix("[]"), part.endswith("[]")) for part in match[1].split("."))
            columns.append(_Column(place, path, match[2] is not None))
            after_field = True
        elif name not in _LABELS and not after_field:
            raise Invalid("CSV_BROKEN", line=1, reason=f"column {head[:40]!r}")
        else:
            after_field = False  # the name of the field before it
    if missing := [name for name in ("METADATASET_ID", "TARGET_TYPES", "TARGET_IDS") if name not in fixed]:
        raise Invalid("CSV_BROKEN", line=1, reason=f"no column {missing[0]}")
    return _Layout(fixed, columns, inner, not beside and any(": " in head for head in heads))


def _report(row: Sequence[str], layout: _Layout, line: int) -> MetadataSet:
    fields: _Fields = {}
    for column in layout.columns:
        if row[column.place]:
            _put(fields, column.path, _entries(row[column.place], column, layout.inner))
    ref = Ref.parse(_bare(layout.cell(row, "METADATASET_ID"), line), Kind.METADATA_SET, "1.0")
    periods: dict[str, Any] = {name: layout.cell(row, head) for head, name in PERIODS.items()}
    flow, agreement = _subject(layout.cell(row, "MDSTRUCTURE"), layout.cell(row, "MDSTRUCTURE_ID"), line)
    return MetadataSet(
        ref=ref,
        names={"en": ref.id},
        is_final=is_stable(ref.version),
        is_partial_language=layout.cell(row, PARTIAL) == "1",
        metadataflow=flow,
        provision=agreement,
        targets=tuple(_targets(layout.cell(row, "TARGET_TYPES"), layout.cell(row, "TARGET_IDS"), layout.inner, line)),
        attributes=_made(fields),
        **periods,
    )


def _bare(text: str, line: int) -> str:
    """A reference without its label."""
    match = _NAMED.fullmatch(text)
    if match is None:
        raise Invalid("CSV_BROKEN", line=line, reason=f"reference {text[:60]!r}")
    return match[1]


def _subject(word: str, text: str, line: int) -> tuple[Ref | None, Ref | None]:
    """The flow or the agreement."""
    if not word and not text:
        return None, None
    kind = _SUBJECTS.get(word.partition(":")[0].strip().lower())
    if kind is None:
        raise Invalid("CSV_BROKEN", line=line, reason=f"MDSTRUCTURE {word[:40]!r}")
    ref = Ref.parse(_bare(text, line), kind, "1.0")
    return (ref, None) if kind is Kind.METADATAFLOW else (None, ref)


def _targets(types: str, named: str, inner: str, line: int) -> Iterator[Ref | ItemRef]:
    words, names = (list(filter(None, map(_unquoted, _split(text, inner)))) for text in (types, named))
    if len(words) != len(names):
        raise Invalid("CSV_BROKEN", line=line, reason=f"{len(words)} TARGET_TYPES, {len(names)} TARGET_IDS")
    for word, name in zip(words, names, strict=True):
        kinds = WORDS.get(word.strip())
        if kinds is None:
            raise Invalid("CSV_BROKEN", line=line, reason=f"TARGET_TYPES {word[:40]!r}")
        text, parts = _bare(name.strip(), line), PARTS.get(kinds[0])
        if "*" in text:
            part = parts[0] if parts and ")." in text else urn_class(kinds[0])
            yield parse_target(f"urn:sdmx:org.sdmx.infomodel.{PACKAGE[kinds[0]]}.{part}={text}")
            continue
        yield ItemRef.parse(text, parts[0]) if parts and ")." in text else Ref.parse(text, kinds[0], "1.0")


def _entries(cell: str, column: _Column, inner: str) -> list[_Field]:
    if not column.several:
        return [_field(cell, column.textual, inner)]
    return [_field(_unquoted(entry), column.textual, inner) for entry in _split(cell, inner)]


def _field(text: str, textual: bool, inner: str) -> _Field:
    if not textual:
        return _Field(text or None)
    pairs = (entry.partition(":") for entry in _split(text, inner) if entry)
    return _Field(texts={lang.strip(): _unquoted(said) for lang, _, said in pairs})


def _split(text: str, inner: str) -> Iterator[str]:
    """The parts between separators that do not stand in quotes."""
    begin, quoted = 0, False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == inner and not quoted:
            yield text[begin:place]
            begin = place + 1
    yield text[begin:]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _put(fields: _Fields, path: _Path, entries: Sequence[_Field]) -> None:
    """Put what a cell says at its place; of fields that come several times each entry belongs to one."""
    (id_, repeats), rest = path[0], path[1:]
    held = fields.setdefault(id_, [])
    if len(path) > DEEPEST:
        raise Invalid("CSV_BROKEN", line=1, reason="nested too deep")
    for place, entry in enumerate(entries if repeats or not rest else entries[:1]):
        if place == len(held):
            held.append(_Field())
        own = held[place]
        if not rest:
            own.value = entry.value if own.value is None else own.value
            own.texts |= entry.texts
        elif not repeats:
            _put(own.below, rest, entries)
        elif entry.value is not None or entry.texts:
            _put(own.below, rest, [entry])


def _made(fields: _Fields) -> tuple[ReportedAttribute, ...]:
    return tuple(
        ReportedAttribute(id=id_, value=one.value, texts=one.texts, children=_made(one.below))
        for id_, held in fields.items()
        for one in held
    )
