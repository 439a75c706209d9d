"""A codelist or a correspondence in the columns of our own layout: what :func:`registry.content.assembled` reads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.content import NOTES, RULING, assembled
from registry.correspondence import BASIS, PERIOD, SHARE
from registry.document import to_document
from registry.model import Annotation, Codelist, Item, RepresentationMap, ValueMapping
from registry.text import Names

_TEXTS = {"names": "name", "descriptions": "description"}
_OF_LINKS = {SHARE: "share", BASIS: "basis", PERIOD: "period"}
_FIRST = ("id", "parent", "level", "source", "target", "share", "basis", "period")
_ORDER = (*_FIRST, "name", "description", *NOTES.values(), "valid_from", "valid_to")


@dataclass(frozen=True)
class Rows:
    """The head as a document, the columns, and the cells of each row by column; what is empty is left out."""

    head: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, made: Codelist | RepresentationMap) -> Rows:
        """Everything that the columns can hold."""
        document = to_document(made)
        for word in ("items", "mappings"):
            document.pop(word, None)
        if isinstance(made, Codelist):
            rows = tuple(_item(item) for item in made.items)
            least: tuple[str, ...] = ("id", "parent")
        else:
            rows = tuple(_link(mapping) for mapping in made.mappings)
            least = ("source", "target", "share")
        names = dict.fromkeys(least) | dict.fromkeys(name for row in rows for name in row)
        return cls(document, tuple(sorted(names, key=_place)), rows)

    def table(self) -> Iterator[list[str]]:
        """The headings and the rows."""
        yield list(self.columns)
        for row in self.rows:
            yield [row.get(column, "") for column in self.columns]


def lost(made: Codelist | RepresentationMap, rows: Rows) -> list[str]:
    """The codes of which the columns do not hold everything: SDMX has room for the rest."""
    back = assembled(rows.head, rows.rows)
    if isinstance(made, Codelist) and isinstance(back, Codelist):
        return [one.id for one, other in zip(made.items, back.items, strict=True) if one != other]
    assert isinstance(made, RepresentationMap) and isinstance(back, RepresentationMap)
    pairs = zip(made.mappings, back.mappings, strict=True)
    return [one.sources[0].value if one.sources else "-" for one, other in pairs if one != other]


def _place(column: str) -> tuple[int, str]:
    """Where a column stands; those that only one list has at the end, Vietnamese before English."""
    start, _, lang = column.partition("_")
    known = column if column in _ORDER else start
    return (_ORDER.index(known), {"vi": "0", "en": "1"}.get(lang, lang)) if known in _ORDER else (len(_ORDER), column)


def _item(item: Item) -> dict[str, str]:
    cells = {"id": item.id, "parent": item.parent or ""}
    for field, column in _TEXTS.items():
        cells |= {f"{column}_{lang}": text for lang, text in getattr(item, field).items()}
    days = {"valid_from": item.valid_from, "valid_to": item.valid_to}
    cells |= {column: day.isoformat() for column, day in days.items() if day}
    return _filled(cells | _notes(item.annotations))


def _link(mapping: ValueMapping) -> dict[str, str]:
    cells = {
        "source": mapping.sources[0].value if mapping.sources else "",
        "target": mapping.targets[0] if mapping.targets else "",
    }
    days = {"valid_from": mapping.valid_from, "valid_to": mapping.valid_to}
    cells |= {column: day.isoformat() for column, day in days.items() if day}
    return _filled(cells | {_OF_LINKS.get(name, name): text for name, text in _notes(mapping.annotations).items()})


def _notes(annotations: tuple[Annotation, ...]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for note in annotations:
        if note.type == RULING:
            cells |= _rulings([each.texts for each in annotations if each.type == RULING])
        elif note.type in NOTES:
            cells |= {f"{NOTES[note.type]}_{lang}": text for lang, text in note.texts.items()}
        elif note.fact:
            cells.setdefault(note.type or note.id, note.fact)
    return cells


def _rulings(rulings: Sequence[Names]) -> dict[str, str]:
    """All rulings of a code line by line, a language in a cell."""
    langs = dict.fromkeys(lang for texts in rulings for lang in texts)
    return {f"{NOTES[RULING]}_{lang}": "\n".join(texts.get(lang, "") for texts in rulings) for lang in langs}


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}
