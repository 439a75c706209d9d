"""Vega-Lite specifications, drawn to SVG on the server in a worker thread, and kept."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import vl_convert
from anyio import to_thread

from clients.portal.periods import Period

LINES, BARS = "line", "bar"

SIZES = {"wide": (800, 300), "narrow": (330, 260)}
"""Drawings for wide and narrow screens, so that letters stay readable."""

MOST_LABELLED = {"wide": 16, "narrow": 5}
"""Periods up to which each has its own label on the axis."""

LABELS = {"wide": 180, "narrow": 120}
"""The room for the names of bars."""

COLOURS = ("#0b5fa5", "#c2410c", "#0f766e", "#7c3aed", "#a16207", "#be185d", "#475569", "#4d7c0f")
"""Each at least 4.5:1 on white; in the order of ``.swatch-1`` to ``.swatch-8`` of the style sheet."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""So that lines differ by more than colour."""

GREY = "#475569"
FORMATS = {"A": "%Y", "S": "%m/%Y", "Q": "Q%q/%Y", "M": "%m/%Y", "W": "%d/%m/%Y", "D": "%d/%m/%Y"}
LOCALES: dict[str, dict[str, Any]] = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₫", ""]},
}
VEGA_LITE = "6.1"


@dataclass(frozen=True)
class Point:
    """``series``: its place in the legend, from 0. A point without a value breaks the line."""

    series: int
    period: Period
    value: float | None


def specification(kind: str, names: list[str], points: list[Point], axis: str, size: str, from_zero: bool) -> dict[str, Any]:
    """A line for each name over the periods, or a bar for each name. ``axis``: the unit."""
    width, height = SIZES[size]
    if kind == BARS:
        values = [{"s": names[point.series], "v": point.value} for point in points]
        return _sheet(values, width - LABELS[size], 26 * len(names), _bars(names, axis, size))
    values = [{"s": str(point.series), "t": _moment(point.period), "v": point.value} for point in points]
    periods = [point.period for point in points if point.series == 0]
    return _sheet(values, width, height, _lines(len(names), periods, size, from_zero))


def _sheet(values: list[dict[str, Any]], width: int, height: int, marks: dict[str, Any]) -> dict[str, Any]:
    letters = {"labelColor": GREY, "titleColor": GREY, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "background": "transparent",
        "padding": 4,
        "data": {"values": values},
        "config": {
            "axis": {**letters, "gridColor": "#e2e8f0", "domainColor": "#94a3b8", "tickColor": "#94a3b8"},
            "view": {"stroke": None},
            "legend": {"disable": True},
        },
        **marks,
    }


def _lines(count: int, periods: list[Period], size: str, from_zero: bool) -> dict[str, Any]:
    series = [str(index) for index in range(count)]
    dashes = [DASHES[index // 2 % len(DASHES)] for index in range(count)]
    return {
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 36} if len(periods) <= 60 else False},
        "encoding": {
            "x": _time(periods, size),
            "y": {
                "field": "v",
                "type": "quantitative",
                "title": None,
                "scale": {"zero": from_zero, "nice": True},
                "axis": {"tickCount": 6},
            },
            "color": {"field": "s", "type": "nominal", "scale": {"domain": series, "range": list(COLOURS[:count])}},
            "strokeDash": {"field": "s", "type": "nominal", "scale": {"domain": series, "range": dashes}},
        },
    }


def _time(periods: list[Period], size: str) -> dict[str, Any]:
    """The axis of time; periods of an unknown spelling stand side by side as they come."""
    moments = [_moment(period) for period in periods]
    axis: dict[str, Any] = {"title": None, "grid": False, "labelFlush": True, "labelOverlap": True}
    if not all(period.start for period in periods):
        return {"field": "t", "type": "ordinal", "sort": moments, "axis": axis}
    axis |= {"format": FORMATS[periods[0].frequency], "tickCount": MOST_LABELLED[size] // 2}
    if len(periods) <= MOST_LABELLED[size]:
        axis["values"] = moments
    return {"field": "t", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _bars(names: list[str], axis: str, size: str) -> dict[str, Any]:
    labels = {"labelLimit": LABELS[size] - 10, "grid": False, "ticks": False}
    return {
        "mark": {"type": "bar", "color": COLOURS[0], "cornerRadiusEnd": 2, "height": {"band": 0.7}},
        "encoding": {
            "y": {"field": "s", "type": "nominal", "sort": names, "title": None, "axis": labels},
            "x": {
                "field": "v",
                "type": "quantitative",
                "title": axis or None,
                "scale": {"zero": True},
                "axis": {"tickCount": 5},
            },
        },
    }


def _moment(period: Period) -> str:
    return f"{period.start.isoformat()}T00:00:00Z" if period.start else period.text


class Drawer:
    """Draws specifications and keeps the drawings, the least used forgotten first.

    A specification holds its data, so a drawing kept is right for as long as it is asked for, whatever is released meanwhile.
    """

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
