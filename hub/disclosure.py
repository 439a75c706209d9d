"""What may not be seen: values that too few units stand behind.

A cell with fewer than ``MINIMUM`` contributors keeps its place but loses its value and is marked ``CONF_STATUS=C``. This is
primary suppression only: it does not yet hide a cell that could be computed from the totals around it.
"""

from __future__ import annotations

MINIMUM = 3
"""Distinct units (firms, traders, declarants) a published value needs behind it."""

CONFIDENTIAL = "C"
FREE = "F"


def protect(value: str | None, contributors: int | None) -> tuple[str | None, str | None]:
    """The value as it may be published, and its CONF_STATUS; None contributors: not a value about units."""
    if contributors is None:
        return value, None
    return (None, CONFIDENTIAL) if contributors < MINIMUM else (value, FREE)
