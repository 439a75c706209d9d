"""What the hub says about itself."""

from __future__ import annotations

from importlib.metadata import version

from hub.computing import MOST_COMPUTED
from registry.ports import Service


def service() -> Service:
    """Version, licence and citation; ``limits``: what adds to those of ``schema/limits.py``, or differs from them.

    ``computedObservations``: of so many one computed answer for the public may be made.
    """
    return Service(
        version=version("statistical-data-hub"),
        names={"vi": "Kho dữ liệu thống kê quốc gia", "en": "National statistical data hub"},
        license="CC-BY-4.0",
        citation={
            "vi": "Cơ quan thống kê quốc gia, Kho dữ liệu thống kê quốc gia, {dataflow}, bản công bố {release}.",
            "en": "National statistics office, National statistical data hub, {dataflow}, release {release}.",
        },
        limits={"computedObservations": MOST_COMPUTED},
    )
