"""Charts: a table as a Vega-Lite specification, drawn to SVG on the server, in a worker thread, and kept.

The legend and the description are HTML beside the drawing, and the table stands on the same page: nobody depends on the picture.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any

import vl_convert
from anyio import to_thread

from clients.portal.numbers import number, unit
from clients.portal.periods import Period
from clients.portal.table import Row, Table
from clients.portal.texts import Words

MOST_SERIES = 8
MOST_BARS = 20
MOST_LABELLED = 16
"""Periods up to which each has its own label on the axis."""

COLOURS = ("#0b5fa5", "#c2410c", "#0f766e", "#7c3aed", "#a16207", "#be185d", "#475569", "#4d7c0f")
"""Told apart by most readers, each at least 4.5:1 on white; in the order of ``.swatch-1`` to ``.swatch-8`` of the style sheet."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""So that lines differ by more than colour."""

FORMATS = {"A": "%Y", "S": "%m/%Y", "Q": "Q%q/%Y", "M": "%m/%Y", "W": "%d/%m/%Y", "D": "%d/%m/%Y"}
LOCALES: dict[str, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₫", ""]},
}
SIZES = {"wide": (800, 300), "narrow": (330, 260)}
"""Drawings for wide and narrow screens, so that letters stay readable."""

VEGA_LITE = "6.1"


@dataclass(frozen=True)
class Chart:
    """``drawings``: size -> SVG. ``series``: the legend, in the order of the colours. ``left_out``: series that are not drawn."""

    kind: str
    title: str
    axis: str
    summary: str
    series: tuple[str, ...]
    left_out: int
    drawings: dict[str, str]


async def draw(table: Table, title: str, words: Words, drawer: Drawer) -> Chart | None:
    """The chart of a table; None where there is nothing to draw."""
    drawn = _drawn(table)
    if not drawn:
        return None
    columns = _columns(table, drawn)
    exponent = _exponent(table, drawn)
    axis = unit(words, drawn[0].measure, drawn[0].scale + exponent)
    kind = "line" if len(columns) > 1 else "bar"
    most = MOST_SERIES if kind == "line" else MOST_BARS
    shown = drawn[:most]
    rows = _values(table, shown, columns, exponent)
    drawings = {
        size: await drawer.draw(_spec(kind, rows, shown, columns, table, axis, size), words.lang) for size in SIZES
    }
    left_out = len(table.rows) - len(shown)
    summary = _summary(table, shown, columns, words)
    return Chart(kind, title, axis, summary, tuple(row.name for row in shown), left_out, drawings)


def _drawn(table: Table) -> list[Row]:
    """The rows with numbers that have the unit of the first such row: lines of different units do not share an axis."""
    rows = [row for row in table.rows if any(cell.kind == "value" and _float(cell.raw) is not None for cell in row.cells)]
    return [row for row in rows if row.unit == rows[0].unit]


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


def _exponent(table: Table, rows: list[Row]) -> int:
    """The power of ten taken out of the axis, so that its labels have at most four digits before the mark."""
    largest = max(abs(_float(cell.raw) or 0) for row in rows for cell in row.cells)
    return next((power for power in (0, 3, 6, 9) if largest < 10 ** (power + 4)), 12)


def _values(table: Table, rows: list[Row], columns: list[int], exponent: int) -> list[dict[str, Any]]:
    """One point for each row and period; None where there is no number, so that lines break and never fall to zero."""
    return [
        {
            "s": str(index),
            "t": _moment(table.columns[at]),
            "v": value / 10**exponent if (value := _float(row.cells[at].raw)) is not None else None,
        }
        for index, row in enumerate(rows)
        for at in columns
    ]


def _moment(period: Period) -> str:
    return f"{period.start.isoformat()}T00:00:00Z" if period.start else period.text


def _spec(
    kind: str, values: list[dict[str, Any]], rows: list[Row], columns: list[int], table: Table, axis: str, size: str
) -> dict[str, Any]:
    width, height = SIZES[size]
    domain = [str(index) for index in range(len(rows))]
    if kind == "bar":
        names = {str(index): row.name for index, row in enumerate(rows)}
        bars = [{**value, "s": names[value["s"]]} for value in values]
        marks, height = _bars(list(names.values()), axis, width), 26 * len(rows)
        return _sheet(bars, width - 180 if size == "wide" else width - 120, height, marks)
    return _sheet(values, width, height, _lines(domain, [table.columns[at] for at in columns], size))


def _sheet(values: list[dict[str, Any]], width: int, height: int, marks: dict[str, Any]) -> dict[str, Any]:
    text = {"labelColor": "#475569", "titleColor": "#475569", "labelFontSize": 12, "titleFontSize": 12, "labelFont": "sans-serif"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "background": "transparent",
        "padding": 4,
        "data": {"values": values},
        "config": {
            "axis": {**text, "gridColor": "#e2e8f0", "domainColor": "#94a3b8", "tickColor": "#94a3b8"},
            "view": {"stroke": None},
            "legend": {"disable": True},
        },
        **marks,
    }


def _lines(domain: list[str], periods: list[Period], size: str) -> dict[str, Any]:
    known = all(period.start for period in periods)
    labels = [_moment(period) for period in periods]
    most = MOST_LABELLED if size == "wide" else MOST_LABELLED // 3
    x_axis: dict[str, Any] = {"title": None, "grid": False, "labelFlush": True, "labelOverlap": True}
    x_axis |= {"tickCount": most // 2, "format": FORMATS.get(periods[0].frequency, "%Y")} if known else {}
    if known and len(periods) <= most:
        x_axis["values"] = labels
    return {
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 36} if len(periods) <= 60 else False},
        "encoding": {
            "x": {
                "field": "t",
                "type": "temporal" if known else "ordinal",
                "axis": x_axis,
                **({"scale": {"type": "utc"}} if known else {"sort": labels}),
            },
            "y": {"field": "v", "type": "quantitative", "title": None, "scale": {"zero": False, "nice": True}, "axis": {"tickCount": 6}},
            "color": {"field": "s", "type": "nominal", "scale": {"domain": domain, "range": list(COLOURS[: len(domain)])}},
            "strokeDash": {"field": "s", "type": "nominal", "scale": {"domain": domain, "range": [DASHES[i // 2 % 4] for i in range(len(domain))]}},
        },
    }


def _bars(names: list[str], axis: str, width: int) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "color": COLOURS[0], "cornerRadiusEnd": 2, "height": {"band": 0.7}},
        "encoding": {
            "y": {"field": "s", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 170 if width > 400 else 110, "grid": False, "ticks": False}},
            "x": {"field": "v", "type": "quantitative", "title": axis or None, "scale": {"zero": True}, "axis": {"tickCount": 5}},
        },
    }


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


class Drawer:
    """Draws specifications and keeps the drawings, the least used forgotten first. A specification holds its data, so a
    drawing kept is right for as long as it is asked for, whatever is released meanwhile."""

    def __init__(self, most: int = 300) -> None:
        self.most = most
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    async def draw(self, spec: dict[str, Any], lang: str) -> str:
        """The SVG of a specification."""
        key = hashlib.blake2b(json.dumps([spec, lang], sort_keys=True).encode(), digest_size=16).hexdigest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawing = await to_thread.run_sync(_render, spec, lang)
        with self._lock:
            self._kept[key] = drawing
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return drawing


def _render(spec: dict[str, Any], lang: str) -> str:
    drawing: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, format_locale=LOCALES[lang], allowed_base_urls=[])
    return drawing
