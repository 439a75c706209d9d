"""Plain CSV for people: a header in words, names beside codes, one row per observation or one per series.

Source: RFC 4180. The separator is a comma and the decimal sign a point, whatever the language. The file begins with a byte
order mark, without which spreadsheet programs take Vietnamese letters for something else. Attributes of the data set have no
place in a table; SDMX-CSV has them. Figures under embargo, corrected or withdrawn say so in a column of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adapters.formats.axes import Axes, axes_of, sliced
from adapters.formats.dense import Look, placed, split
from adapters.formats.flat import Columns, coded, numbers
from adapters.formats.wording import cell, code_label, label, title
from adapters.notices import notice
from adapters.outlets import Wish
from registry.answers import Answer, Release
from registry.columns import Batch, Coded, Numbers
from registry.model import Structure
from registry.rendering import At, Codes, Column, Floats, Rendered, rows
from registry.several import parted, readable

MARK = b"\xef\xbb\xbf"
END = b"\r\n"
LABELS = ("both", "name", "id")
"""Code and name in a column each, names only, codes only."""

RELEASE = ("RELEASE", {"vi": "Bản công bố", "en": "Release"})
MEASURE = ("MEASURE", "Measure / Đại lượng")


@dataclass(frozen=True)
class Words:
    """How a table speaks: ``labels`` one of :data:`LABELS`, languages best first."""

    structure: Structure
    labels: str
    languages: tuple[str, ...]

    def header(self, components: Sequence[str]) -> list[str]:
        """The titles of the columns; a coded component has two where codes and names are shown."""
        found: list[str] = []
        for component in components:
            words = title(self.structure, component, self.languages)
            if self.labels == "id":
                found.append(component)
            elif self.labels == "both" and component in self.structure.codelists:
                found += [component, words]
            else:
                found.append(words)
        return once(found)

    def cells(self, component: str, column: Coded) -> Codes:
        """A coded column as cells, the names included; several values of an attribute stand in one cell."""
        codes = [cell(readable(text)) for text in column.texts]
        if self.labels == "id" or component not in self.structure.codelists:
            return Codes(column.codes, codes)
        names = [cell("; ".join(self._names(component, text))) for text in column.texts]
        if self.labels == "name":
            return Codes(column.codes, names)
        return Codes(column.codes, [code + b"," + name for code, name in zip(codes, names, strict=True)], b",")

    def told(self, release: Release | None) -> tuple[str, bytes] | None:
        """The title and the cell of the column that says what must be said of the release; None where nothing must."""
        said = notice(release)
        if not said:
            return None
        return RELEASE[0] if self.labels == "id" else label(RELEASE[1], self.languages), cell(label(said, self.languages))

    def _names(self, component: str, text: str) -> Iterator[str]:
        return (code_label(self.structure, component, code, self.languages) for code in parted(text))


def once(titles: list[str]) -> list[str]:
    """No title twice: readers of tables take it for the same column."""
    seen: dict[str, int] = {}
    found = []
    for one in titles:
        seen[one] = seen.get(one, 0) + 1
        found.append(one if seen[one] == 1 else f"{one} ({seen[one]})")
    return found


def table(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """One row per observation; without observations one per series."""
    columns = Columns.of(answer.structure, wish)
    words = Words(answer.structure, wish.options.get("labels", LABELS[0]), wish.languages)
    time = (columns.time,) if columns.time else ()
    titles = words.header((*columns.key, *time, *columns.measures, *columns.series, *columns.observation))
    told = words.told(answer.release)
    yield MARK + b",".join(cell(one) for one in [*titles, *(told[:1] if told else ())]) + END
    end = b"," + told[1] + END if told else END
    for batch in answer.batches:
        if text := _rows(batch, columns, words, wish.observations, end).joined():
            yield text


def _rows(batch: Batch, columns: Columns, words: Words, observations: bool, end: bytes) -> Rendered:
    head = _joined([words.cells(name, column) for name, column in zip(columns.key, batch.key, strict=True)], batch.series_count)
    described = [words.cells(name, coded(batch.series_attributes, name, batch.series_count)) for name in columns.series]
    if not observations:
        return _lines([head, *described], batch.series_count, end)
    places = batch.series_of
    found: list[Column] = [At(head, places)]
    if columns.time:
        found.append(words.cells(columns.time, batch.periods()))
    found += [figures(numbers(batch, name)) for name in columns.measures]
    if described:
        found.append(At(_joined(described, batch.series_count), places))
    found += [words.cells(name, coded(batch.attributes, name, batch.observations)) for name in columns.observation]
    return _lines(found, batch.observations, end)


def figures(column: Numbers) -> Floats:
    """Numbers as cells."""
    if column.texts is None:
        return Floats(column.floats)
    places = np.flatnonzero(column.texts != None)  # noqa: E711 - elementwise on purpose
    return Floats(column.floats, exceptions={place: cell(column.texts[place]) for place in places.tolist()})


def _joined(columns: Sequence[Column], count: int) -> Rendered:
    return rows([b"", *([b","] * (len(columns) - 1)), b""] if columns else [b""], columns, count)


def _lines(columns: Sequence[Column], count: int, end: bytes) -> Rendered:
    return rows([b"", *([b","] * (len(columns) - 1)), end], columns, count)


def wide_table(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """One row per series and measure, one column per period. Attributes of observations have no place in it."""
    axes, batches = axes_of(answer, wish)
    columns = Columns.of(answer.structure, wish)
    words = Words(answer.structure, wish.options.get("labels", LABELS[0]), wish.languages)
    several = len(axes.measures) > 1
    told = words.told(answer.release)
    titles = [*words.header((*columns.key, *columns.series)), *(told[:1] if told else ())]
    titles += [MEASURE[0 if words.labels == "id" else 1]] if several else []
    yield MARK + b",".join(cell(one) for one in [*titles, *(axes.times.texts() if axes.times.timed else axes.measures)]) + END
    ends = [b"," + cell(words.header([name])[-1]) + b"," for name in axes.measures] if several else [b","]
    ends = [b"," + told[1] + end for end in ends] if told else ends
    for batch in batches:
        for part in sliced(batch, len(axes.times) * len(axes.measures)):
            yield from _wide_rows(part, axes, columns, words, ends)


def _wide_rows(batch: Batch, axes: Axes, columns: Columns, words: Words, ends: Sequence[bytes]) -> Iterator[bytes]:
    head = [words.cells(name, column) for name, column in zip(columns.key, batch.key, strict=True)]
    head += [words.cells(name, coded(batch.series_attributes, name, batch.series_count)) for name in columns.series]
    heads = split(_joined(head, batch.series_count))
    _, texts = placed(batch, axes, Look(b"", b",", END, b"", cell))
    yield b"".join(heads[row // len(ends)] + ends[row % len(ends)] + text for row, text in enumerate(texts))
