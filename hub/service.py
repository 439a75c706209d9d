"""What the hub says about itself."""

from __future__ import annotations

from importlib.metadata import version

from registry.ports import Service

MOST_CELLS = 200_000
"""Observations one GraphQL answer may hold; larger ones are streamed as CSV or SDMX."""

MOST_PAGE = 1000


def service() -> Service:
    """Version, licence, citation and limits."""
    return Service(
        version=version("statistical-data-hub"),
        names={"vi": "Kho dữ liệu thống kê quốc gia", "en": "National statistical data hub"},
        license="CC-BY-4.0",
        citation={
            "vi": "Cơ quan thống kê quốc gia, Kho dữ liệu thống kê quốc gia, {dataflow}, bản công bố {release}.",
            "en": "National statistics office, National statistical data hub, {dataflow}, release {release}.",
        },
        limits={"observations": MOST_CELLS, "page": MOST_PAGE, "codes": 2000, "request_bytes": 64 * 1024},
    )
