"""Figures in the formats of those who do not speak SDMX: plain CSV, JSON-stat, PX, Parquet, Arrow. Only written, never read."""

from adapters.formats.arrow import arrow_stream, parquet
from adapters.formats.jsonstat import json_stat
from adapters.formats.plain import LABELS, LAYOUTS, table
from adapters.formats.px import px
from adapters.outlets import Outlet

PLAIN = Outlet("csv-plain", "text/csv", "csv", table, parameters={"labels": LABELS, "layout": LAYOUTS}, text=True)
PARQUET = Outlet("parquet", "application/vnd.apache.parquet", "parquet", parquet)
ARROW = Outlet("arrow", "application/vnd.apache.arrow.stream", "arrows", arrow_stream)
JSON_STAT = Outlet("json-stat", "application/vnd.json-stat+json", "json", json_stat)
PX = Outlet("px", "application/x-px", "px", px, text=True)
OUTLETS = (JSON_STAT, PX, PLAIN, PARQUET, ARROW)
