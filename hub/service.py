"""What the hub says about itself."""

from __future__ import annotations

from importlib.metadata import version

from registry.ports import Service


def service() -> Service:
    """Version, licence and citation; ``limits`` only where they differ from those of ``schema/limits.py``."""
    return Service(
        version=version("statistical-data-hub"),
        names={"vi": "Kho dữ liệu thống kê quốc gia", "en": "National statistical data hub"},
        license="CC-BY-4.0",
        citation={
            "vi": "Cơ quan thống kê quốc gia, Kho dữ liệu thống kê quốc gia, {dataflow}, bản công bố {release}.",
            "en": "National statistics office, National statistical data hub, {dataflow}, release {release}.",
        },
        limits={},
    )
