"""The tax source's own part of ``source.yml``: where its fields stand in XML and in long rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
MARK = "SYNTHETIC"
"""Stands in the software's name (``tenDVu``) of every made-up record and in the first line of every made-up table."""


@dataclass(frozen=True)
class XmlPage:
    """Element names of an eTax file; ``header`` maps an element under TTinChung to a raw field."""

    namespace: str
    root: str
    record: str
    header: Mapping[str, str]
    main_activity: str


@dataclass(frozen=True)
class RowsPage:
    """Column names of the pair of long tables: field -> the names a column may carry."""

    header: Mapping[str, Sequence[str]]
    required: Sequence[str]
    item: Mapping[str, Sequence[str]]
    main_form: str
    explanation: str


def load() -> tuple[XmlPage, RowsPage]:
    """Read both from ``source.yml``."""
    page: dict[str, Any] = yaml.safe_load((FOLDER / "source.yml").read_text(encoding="utf-8"))
    return XmlPage(**page["xml"]), RowsPage(**page["rows"])
