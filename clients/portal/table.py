"""Series as a table: rows of series, columns of periods, and every cell without a value told apart from zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from hub_client.generated.fragments import AttributeFields, ColumnFields, SeriesFields

from clients.portal.numbers import number, places, unit
from clients.portal.periods import Period, read
from clients.portal.texts import Words

UNIT, MULTIPLIER, DECIMALS, STATUS, SECRECY = "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "OBS_STATUS", "CONF_STATUS"
RECODING, EXACT = "RECODING", "EXACT"
"""How sure a recoded figure is, and what is said of those that came as a whole."""

ORDINARY, FREE = "A", "F"
"""The observation status that says nothing, and the confidentiality status of what anybody may see."""

TOTALS = ("_T", "W1", "W0", "WORLD", "TOTAL", "TOT", "T", "00")
"""Codes that stand for the whole, by the habits of SDMX codelists."""

SYMBOLS = {"absent": "..", "empty": ":", "secret": "c"}
"""Why a cell has no number -> what stands in it."""


@dataclass(frozen=True)
class Cell:
    """``kind``: value, absent, empty or secret. ``exact``: the full number where ``text`` is rounded. ``notes``: footnotes."""

    kind: str
    text: str
    status: str = ""
    exact: str = ""
    raw: str | None = None
    notes: tuple[int, ...] = ()


ABSENT = Cell("absent", SYMBOLS["absent"])


@dataclass(frozen=True)
class Row:
    """``labels``: the names of the codes in which the rows differ. ``scale``: the power of ten of the unit.

    ``total``: whether one of these codes is a total, which holds the other rows.
    """

    key: str
    labels: tuple[str, ...]
    unit: str
    measure: str
    scale: int
    total: bool
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        return " · ".join(self.labels)


@dataclass(frozen=True)
class Table:
    """``fixed``: what all rows share, as name and value. ``unit``: the unit of all rows, None where they differ."""

    columns: tuple[Period, ...]
    headings: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]
    unit: str | None
    rows: tuple[Row, ...]
    kinds: frozenset[str]
    statuses: tuple[str, ...]
    footnotes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not self.rows

    @property
    def missing(self) -> tuple[str, ...]:
        """The reasons for which cells have no number."""
        return tuple(kind for kind in SYMBOLS if kind in self.kinds)


@dataclass
class _Notes:
    """Texts said of single observations, numbered in the order they appear."""

    names: Mapping[str, str]
    words: Words
    texts: list[str] = field(default_factory=list)

    def of(self, columns: ColumnFields, place: int) -> tuple[int, ...]:
        found = [
            self._said(column.id, value)
            for column in columns.attributes
            if column.id not in (STATUS, SECRECY) and (value := column.values[place])
            if (column.id, value) != (RECODING, EXACT)
        ]
        self.texts += [text for text in found if text not in self.texts]
        return tuple(self.texts.index(text) + 1 for text in found)

    def _said(self, attribute: str, value: str) -> str:
        if attribute == RECODING:
            return self.words(f"recoded_note_{value.lower()}")
        return f"{self.names.get(attribute, attribute)}: {value}"


def build(series: Sequence[SeriesFields], names: Mapping[str, str], words: Words) -> Table:
    """The table of a page of series. ``names``: the names of dimensions and attributes."""
    columns = tuple(sorted({read(text) for each in series for text in each.columns.periods}, key=lambda period: period.order))
    dimensions = [code.dimension for code in series[0].codes] if series else []
    varying = [at for at in range(len(dimensions)) if any(a.codes[at].id != b.codes[at].id for a, b in pairwise(series))]
    shown = varying or list(range(len(dimensions)))[-1:]
    notes = _Notes(names, words)
    labels = _labels(series, shown)
    rows = tuple(_row(each, names_, shown, columns, notes, words) for each, names_ in zip(series, labels, strict=True))
    units = {row.unit for row in rows}
    return Table(
        columns=columns,
        headings=tuple(names.get(dimensions[at], dimensions[at]) for at in shown),
        fixed=_fixed(series, [at for at in range(len(dimensions)) if at not in shown], names),
        unit=next(iter(units), "") if len(units) < 2 else None,
        rows=rows,
        kinds=frozenset(cell.kind for row in rows for cell in row.cells),
        statuses=tuple(sorted({cell.status for row in rows for cell in row.cells if cell.status})),
        footnotes=tuple(notes.texts),
    )


def _fixed(series: Sequence[SeriesFields], places: list[int], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    codes = [
        (names.get(code.dimension, code.dimension), code.name) for at in places if series for code in [series[0].codes[at]]
    ]
    return (*codes, *_shared(series, names))


def _shared(series: Sequence[SeriesFields], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Attributes that say the same of all series, but for unit and decimals."""
    if not series:
        return []
    told = [{(each.id, each.value_name) for each in one.attributes} for one in series]
    common = set.intersection(*told)
    silent = (UNIT, MULTIPLIER, DECIMALS, "TIME_FORMAT")
    return [(names.get(id_, id_), value) for id_, value in sorted(common) if id_ not in silent]


def _labels(series: Sequence[SeriesFields], shown: list[int]) -> list[tuple[str, ...]]:
    """The names of the codes in which the rows differ; rows of the same names have the codes beside them."""
    names = [tuple(one.codes[at].name for at in shown) for one in series]
    times = Counter(names)
    coded = [tuple(f"{one.codes[at].name} ({one.codes[at].id})" for at in shown) for one in series]
    return [plain if times[plain] == 1 else long for plain, long in zip(names, coded, strict=True)]


def _row(
    series: SeriesFields, labels: tuple[str, ...], shown: list[int], columns: Sequence[Period], notes: _Notes, words: Words
) -> Row:
    attributes = {each.id: each for each in series.attributes}
    measure, scale = _named(attributes.get(UNIT)), _power(attributes.get(MULTIPLIER))
    decimals = attributes[DECIMALS].value if DECIMALS in attributes else ""
    shown_places = int(decimals) if decimals.isascii() and decimals.isdigit() else None
    found = {text: at for at, text in enumerate(series.columns.periods)}
    cells = tuple(
        _cell(series.columns, found[period.text], shown_places, notes, words) if period.text in found else ABSENT
        for period in columns
    )
    total = any(series.codes[at].id in TOTALS for at in shown)
    return Row(series.key, labels, unit(words, measure, scale), measure, scale, total, cells)


def _named(attribute: AttributeFields | None) -> str:
    return attribute.value_name if attribute else ""


def _power(attribute: AttributeFields | None) -> int:
    text = attribute.value if attribute else ""
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 4 else 0


def _cell(columns: ColumnFields, place: int, decimals: int | None, notes: _Notes, words: Words) -> Cell:
    raw = columns.value_texts[place]
    status = columns.statuses[place] or ""
    shown_status = "" if status == ORDINARY else status
    numbers = notes.of(columns, place)
    if raw is None:
        secrecy = next((column.values[place] for column in columns.attributes if column.id == SECRECY), None)
        kind = "secret" if secrecy and secrecy != FREE else "empty"
        return Cell(kind, SYMBOLS[kind], shown_status, notes=numbers)
    decimals = places(raw) if decimals is None else decimals
    text = number(raw, words.lang, decimals)
    exact = "" if decimals is None or _same(raw, decimals) else number(raw, words.lang)
    return Cell("value", text, shown_status, exact, raw, numbers)


def _same(raw: str, decimals: int) -> bool:
    """Whether so many decimals show the whole number."""
    try:
        return Decimal(raw) == round(Decimal(raw), decimals)
    except (InvalidOperation, ValueError):
        return True
