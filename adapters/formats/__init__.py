"""Figures in the formats of those who do not speak SDMX: plain CSV, JSON-stat, PX, Parquet, Arrow. Only written, never read.

``vnd.hub`` and ``x-px`` are not registered with IANA: plain CSV needs a name beside SDMX-CSV, which is ``text/csv`` too, and PX
has none.
"""

from adapters.formats.arrow import arrow_stream, parquet
from adapters.formats.jsonstat import json_stat
from adapters.formats.plain import LABELS, table, wide_table
from adapters.formats.px import px
from adapters.outlets import Outlet

_WORDS = {"labels": LABELS}
OUTLETS = (
    Outlet("json-stat", "application/vnd.json-stat+json", "json", json_stat, tongues="one"),
    Outlet("px", "application/x-px", "px", px, text=True, tongues="all"),
    Outlet("csv-plain", "application/vnd.hub.table+csv", "csv", table, parameters=_WORDS, text=True, rows=True),
    Outlet("csv-wide", "application/vnd.hub.wide-table+csv", "csv", wide_table, parameters=_WORDS, text=True),
    Outlet("parquet", "application/vnd.apache.parquet", "parquet", parquet, rows=True),
    Outlet("arrow", "application/vnd.apache.arrow.stream", "arrows", arrow_stream, rows=True),
)
