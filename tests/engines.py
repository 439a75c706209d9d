"""Both text engines, for tests that must hold with either."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from registry import rendering
from registry.rendering_columns import Engine
from registry.rendering_twin import Twin

needs_kernel = pytest.mark.skipif(
    importlib.util.find_spec("registry._kernel") is None,
    reason="the kernel was not built: no C++ compiler at installation",
)
ENGINES = ["twin", pytest.param("kernel", marks=needs_kernel)]


@contextmanager
def rendered_by(name: str) -> Iterator[None]:
    """With this engine."""
    chosen = rendering.ENGINE
    rendering.ENGINE = _engine(name)
    try:
        yield
    finally:
        rendering.ENGINE = chosen


def _engine(name: str) -> Engine:
    if name == "twin":
        return Twin()
    from registry.rendering_kernel import Kernel

    return Kernel()
