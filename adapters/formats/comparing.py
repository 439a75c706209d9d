"""Plain CSV of what changed between two releases, and of series through all their releases.

One row per difference: the key, the period, what happened, then every measure and attribute before and after. A row without a
period is about a whole series, one without a key about the data set. Of series through their releases: one row per period and
release in which the period has a value. Otherwise as in :mod:`adapters.formats.plain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.formats.plain import END, MARK, Words, figures, once
from adapters.formats.wording import cell, label
from registry.answers import Changes, Difference
from registry.columns import Coded, Numbers
from registry.comparison import Lines, changed, kind_of, lines
from registry.rendering import Codes, Column, Rendered, rows
from registry.revisions import Triangle
from registry.text import Names

CHANGE: Names = {"vi": "Thay đổi", "en": "Change"}
KINDS: Mapping[Difference, Names] = {
    Difference.ADDED: {"vi": "thêm mới", "en": "added"},
    Difference.REVISED: {"vi": "hiệu chỉnh", "en": "revised"},
    Difference.DELETED: {"vi": "xóa bỏ", "en": "deleted"},
    Difference.DESCRIBED: {"vi": "đổi thuộc tính", "en": "described otherwise"},
}
STATES: Mapping[str, Names] = {"_OLD": {"vi": "trước", "en": "before"}, "_NEW": {"vi": "sau", "en": "after"}}
RELEASE: Names = {"vi": "Lần công bố", "en": "Release"}
RELEASED_AT: Names = {"vi": "Thời điểm công bố", "en": "Released at"}


@dataclass(frozen=True)
class ChangeTable:
    """The columns of a table of changes."""

    words: Words

    def head(self) -> list[str]:
        """The titles of all columns."""
        dsd = self.words.structure.dsd
        states = [title for part in (*dsd.measures, *dsd.attributes) for title in self._states(part.id)]
        return once([*self.words.header(_places(self.words)), *_own(self.words, "CHANGE", CHANGE), *states])

    def _states(self, component: str) -> list[str]:
        """The titles of a component before and after."""
        return [
            title + ending if title == component else f"{title} ({label(said, self.words.languages)})"
            for ending, said in STATES.items()
            for title in self.words.header([component])
        ]

    def of_set(self, before: Mapping[str, str], now: Mapping[str, str]) -> Rendered:
        """The row about the data set."""
        told = {name: (Coded.of([old]), Coded.of([new])) for name, old, new in changed(before, now)}
        nothing = Coded.constant(None, 1)
        dsd = self.words.structure.dsd
        key = [self.words.cells(name, nothing) for name in _places(self.words)]
        values = [Numbers(np.full(1, np.nan))] * 2 * len(dsd.measures)
        said = [(part.id, told.get(part.id, (nothing, nothing))) for part in dsd.attributes]
        return self._rows(key, np.array([kind_of(bool(before), bool(now))]), values, said)

    def of(self, some: Lines) -> Rendered:
        """The rows of series and observations."""
        found, dsd = some.differences, self.words.structure.dsd
        columns = [*(column.take(some.series) for column in found.now.key), *([some.periods()] if dsd.time else [])]
        places = [self.words.cells(name, column) for name, column in zip(_places(self.words), columns, strict=True)]
        values = [some.measured(batch, part.id) for part in dsd.measures for batch in (found.before, found.now)]
        said = [
            (part.id, (some.described(found.before, part.id), some.described(found.now, part.id))) for part in dsd.attributes
        ]
        return self._rows(places, some.kinds, values, said)

    def _rows(
        self,
        places: Sequence[Column],
        kinds: NDArray[np.int8],
        values: Sequence[Numbers],
        said: Sequence[tuple[str, tuple[Coded, Coded]]],
    ) -> Rendered:
        cells = [_joined(_own(self.words, kind.name.lower(), KINDS[kind])) for kind in Difference]
        described = [self.words.cells(name, column) for name, both in said for column in both]
        columns = [*places, Codes((kinds - 1).astype(np.int32), cells), *map(figures, values), *described]
        return rows([b"", *([b","] * (len(columns) - 1)), END], columns, len(kinds))


def change_table(found: Changes, words: Words) -> Iterator[bytes]:
    """What changed, as a table; the differences are taken batch by batch."""
    table = ChangeTable(words)
    yield MARK + _joined(table.head()) + END
    if found.attributes_before != found.attributes_now:
        yield table.of_set(found.attributes_before, found.attributes_now).joined()
    for some in map(lines, found.differences):
        yield table.of(some).joined()


def revision_table(triangles: Iterable[Triangle], words: Words) -> Iterator[bytes]:
    """Series through their releases, as a table."""
    release = [*_own(words, "RELEASE", RELEASE, coded=False), *_own(words, "RELEASED_AT", RELEASED_AT, coded=False)]
    measure = words.structure.dsd.measures[0].id
    yield MARK + _joined(once([*words.header(_places(words)), *release, *words.header([measure])])) + END
    for each in triangles:
        if len(text := _revisions(each, words).joined()):
            yield text


def _revisions(triangle: Triangle, words: Words) -> Rendered:
    """The rows of one series: period by period, in each the releases from the oldest on."""
    shown = [
        (period, row, text)
        for period, values in enumerate(zip(*triangle.values, strict=True))
        for row, text in enumerate(values)
        if text is not None
    ]
    count = len(shown)
    periods, releases = (np.array([each[at] for each in shown], np.int32) for at in (0, 1))
    key = [words.cells(name, Coded.constant(code, count)) for name, code in zip(_key(words), triangle.key, strict=True)]
    columns: list[Column] = [*key]
    if words.structure.dsd.time:
        columns.append(Codes(periods, [*map(cell, triangle.periods)]))
    columns.append(Codes(releases, [_release(triangle, row) for row in range(len(triangle.releases))]))
    values = Coded.of([text for _, _, text in shown])
    columns.append(Codes(values.codes, [*map(cell, values.texts)]))
    return rows([b"", *([b","] * (len(columns) - 1)), END], columns, count)


def _release(triangle: Triangle, row: int) -> bytes:
    """Its number, empty while it waits, and its moment."""
    each = triangle.releases[row]
    moment = each.released_at.isoformat(timespec="seconds").replace("+00:00", "Z") if each.released_at else ""
    return _joined([str(each.number or ""), moment])


def _key(words: Words) -> tuple[str, ...]:
    return words.structure.dsd.key


def _places(words: Words) -> tuple[str, ...]:
    """The dimensions, time the last."""
    time = words.structure.dsd.time
    return (*_key(words), time.id) if time else _key(words)


def _own(words: Words, id_: str, names: Names, coded: bool = True) -> list[str]:
    """The title, or the text, of a column that is no component."""
    said = label(names, words.languages)
    return [id_] if words.labels == "id" else [id_, said] if words.labels == "both" and coded else [said]


def _joined(cells: Iterable[str]) -> bytes:
    return b",".join(map(cell, cells))
