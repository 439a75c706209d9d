"""A fixture for tests that one kind of database is enough for: they speak HTTP, and the doors are tested on both."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'hub.sqlite'}"
