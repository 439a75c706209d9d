"""Charts: what of a table is drawn, and what is said of it in words.

The legend and the description are HTML beside the drawing, and the table stands on the same page: nobody depends on the
picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from clients.portal.drawing import BARS, LINES, SIZES, Drawer, Point, specification
from clients.portal.numbers import unit
from clients.portal.table import Row, Table
from clients.portal.texts import Words

MOST_SERIES = 8
MOST_BARS = 20


@dataclass(frozen=True)
class Chart:
    """``drawings``: size -> SVG. ``series``: the legend, in the order of the colours. ``left_out``: series not drawn.

    ``from_zero``: whether the axis of values holds zero.
    """

    kind: str
    title: str
    axis: str
    summary: str
    series: tuple[str, ...]
    left_out: int
    from_zero: bool
    drawings: dict[str, str]


async def draw(table: Table, title: str, words: Words, drawer: Drawer) -> Chart | None:
    """The chart of a table; None where there is nothing to draw."""
    drawn = _drawn(table)
    if not drawn:
        return None
    columns = _columns(table, drawn)
    kind = LINES if len(columns) > 1 else BARS
    shown = drawn[:MOST_SERIES] if kind == LINES else _parts(drawn)[:MOST_BARS]
    names = [row.name for row in shown]
    exponent = _exponent(shown)
    axis = unit(words, shown[0].measure, shown[0].scale + exponent)
    points = _points(table, shown, columns, exponent)
    from_zero = kind == BARS or _near_zero(points)
    drawings = {
        size: await drawer.draw(specification(kind, names, points, axis, size, from_zero), words.lang) for size in SIZES
    }
    summary = _summary(table, shown, columns, words)
    return Chart(kind, title, axis, summary, tuple(names), len(table.rows) - len(shown), from_zero, drawings)


def _drawn(table: Table) -> list[Row]:
    """The rows with numbers that have the unit of the first such row: lines of different units do not share an axis."""
    rows = [row for row in table.rows if any(_float(cell.raw) is not None for cell in row.cells)]
    return [row for row in rows if row.unit == rows[0].unit]


def _parts(rows: list[Row]) -> list[Row]:
    """The rows without totals, whose bars would dwarf those of their parts."""
    return [row for row in rows if not row.total] or rows


def _columns(table: Table, rows: list[Row]) -> list[int]:
    """The places of the periods drawn: those of the frequency the first row has."""
    frequency = next(table.columns[at].frequency for at, cell in enumerate(rows[0].cells) if cell.kind == "value")
    return [at for at, period in enumerate(table.columns) if period.frequency == frequency]


def _float(raw: str | None) -> float | None:
    """A value for drawing only: a pixel needs no more digits than a float has."""
    try:
        value = float(Decimal(raw)) if raw is not None else None
    except (InvalidOperation, OverflowError):
        return None
    return value if value is not None and abs(value) < float("inf") else None


def _exponent(rows: list[Row]) -> int:
    """The power of ten taken out of the axis, so that its labels have at most four digits before the mark."""
    largest = max(abs(_float(cell.raw) or 0) for row in rows for cell in row.cells)
    return next((power for power in (0, 3, 6, 9) if largest < 10 ** (power + 4)), 12)


def _points(table: Table, rows: list[Row], columns: list[int], exponent: int) -> list[Point]:
    """One point for each row and period; no number where there is none, so that lines break and never fall to zero."""
    return [
        Point(index, table.columns[at], value / 10**exponent if (value := _float(row.cells[at].raw)) is not None else None)
        for index, row in enumerate(rows)
        for at in columns
    ]


def _near_zero(points: list[Point]) -> bool:
    """Whether an axis from zero would leave the lines at least half of the height."""
    values = [point.value for point in points if point.value is not None]
    return min(values) <= max(values) / 2


def _summary(table: Table, rows: list[Row], columns: list[int], words: Words) -> str:
    """The chart in a few sentences: from where to where each of the first lines goes."""
    sentences = []
    for row in rows[:4]:
        given = [at for at in columns if row.cells[at].kind == "value"]
        if not given:
            continue
        first, last = given[0], given[-1]
        facts = {"name": row.name, "unit": row.unit, "end": table.columns[last].label(words), "last": row.cells[last].text}
        if first == last:
            sentences.append(words("summary_point", **facts))
        else:
            begin = {"start": table.columns[first].label(words), "first": row.cells[first].text}
            sentences.append(words("summary_line", **facts, **begin))
    return " ".join(" ".join(sentence.split()) for sentence in sentences)
