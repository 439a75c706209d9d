"""What is known of a delivery once it was received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Delivery:
    """A delivery's receipt: counts and rule codes, never values.

    ``rules`` counts rejected records per rule; ``state``: received, accepted (microdata written), refused (unreadable).
    """

    id: str
    source: str
    organisation: str
    received_at: datetime
    files: tuple[str, ...]
    digest: str
    state: str
    records: int
    accepted: int
    rejected: int
    rules: Mapping[str, int]
    repeated: bool = False
    message: str = ""
