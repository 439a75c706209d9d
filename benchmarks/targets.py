"""What is asked of the hub, question by question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """``ahead``: times faster than PostGraphile; ``within``: times the limit at most. None: nothing is asked."""

    ahead: float | None
    within: float | None = None

    def verdict(self, ahead: float | None, within: float | None, reach: float | None) -> str:
        """``reach``: how far the limit itself is ahead."""
        near = self.within is None or (within is not None and within <= self.within)
        if near and (self.ahead is None or (ahead is not None and ahead >= self.ahead)):
            return "passed"
        beyond = self.ahead is not None and reach is not None and reach < self.ahead
        return "beyond the limit" if near and beyond else "missed"


SQLITE = {
    "series": Target(4, 2.5),
    "labels": Target(20, 2.5),
    "ten": Target(40, 1.5),
    "hundred": Target(60, 1.2),
    "sum": Target(15, 2),
    "clients": Target(4, 2.5),
    "period": Target(None, 3),
}
SERVER = {
    "series": Target(2),
    "labels": Target(10),
    "ten": Target(25),
    "hundred": Target(40),
    "sum": Target(8),
    "clients": Target(4),
}
TWIN = {
    "series": Target(3),
    "labels": Target(10),
    "ten": Target(20),
    "hundred": Target(15),
    "sum": Target(15),
    "clients": Target(1.8),
}
TARGETS = {
    "hub": SQLITE,
    "hub-id": SQLITE,
    "hub-pg": SERVER,
    "hub-pg-id": SERVER,
    "hub-twin": TWIN,
}
