"""Attributes stated for part of a key, and the series they describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.rules import Fault


@dataclass(slots=True)
class _Statement:
    attributes: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    used: bool = False


class Groups:
    """Group statements by the dimensions they name, so that a series is looked up once per such set of dimensions."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, ...], dict[tuple[str, ...], _Statement]] = {}
        self._lost = 0

    def __bool__(self) -> bool:
        return bool(self._tables)

    def add(self, key: Mapping[str, str | Fault], attributes: dict[str, str], fault: Fault | None) -> None:
        """A statement for the series with these codes; one with an unknown code describes none."""
        codes = tuple(code for code in key.values() if isinstance(code, str))
        if len(codes) < len(key) or not (attributes or fault):
            self._lost += 1
            return
        statement = self._tables.setdefault(tuple(key), {}).setdefault(codes, _Statement())
        statement.attributes.update(attributes)
        statement.fault = statement.fault or fault

    def describe(self, key: Sequence[str], dimensions: Sequence[str]) -> dict[str, str] | Fault:
        """What is stated for the groups of a series; what the series says of itself is nearer."""
        found: dict[str, str] = {}
        for names, table in self._tables.items():
            codes = tuple(key[dimensions.index(name)] for name in names)
            if statement := table.get(codes):
                statement.used = True
                if statement.fault:
                    return statement.fault
                found = statement.attributes | found
        return found

    @property
    def unused(self) -> int:
        """Statements that describe no series."""
        return self._lost + sum(not statement.used for table in self._tables.values() for statement in table.values())
