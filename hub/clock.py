"""The one source of time; tests hand in their own."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock in UTC, never going backwards within the process: a release must not become unreleased."""

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        self._last = max(self._last, datetime.now(UTC))
        return self._last
