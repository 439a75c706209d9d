"""Drawn releases through the whole hub, against the states they should hold: what changed, the way back, what is new since a
moment, every state there was, and revisions. On SQLite and PostgreSQL. The country: tests/test_questions_drawn.py.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from registry.period import Period
from tests.asking import Asker
from tests.plain_questions import Cell, rounded
from tests.test_questions_drawn import NAMES, Country, State, country  # noqa: F401 - the fixture

Found = dict[tuple[str, str], tuple[Fraction | None, str | None]]
"""Key and period -> value as published, and status."""

pytestmark = pytest.mark.parametrize("seed", [5])
CHANGES = "nodes { key period kind oldValueText newValueText }"
OBSERVATIONS = "series { key columns { periods valueTexts statuses } }"


def published(country: Country, state: State) -> Found:  # noqa: F811
    """A state by observations, in the units of the series."""
    return {
        (".".join(key), str(Period(key[0], ordinal))): (_number(cell, country.powers[key]), cell.status)
        for key, line in state.items()
        for ordinal, cell in line.cells.items()
    }


def _number(cell: Cell, power: str) -> Fraction | None:
    return None if cell.value is None else cell.value / 10 ** int(power)


def _value(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def asked(door: Asker, field: str, pages: str, inner: str) -> list[dict[str, Any]]:
    """The pages of a field with a cursor."""
    found, cursor = [], ""
    while True:
        query = f'{{ dataflow(ref: "SEN:MUA") {{ {field}({pages}{cursor}) {{ {inner} pageInfo {{ endCursor }} }} }} }}'
        page = door.data(query)["dataflow"][field]
        found.append(page)
        if page["pageInfo"]["endCursor"] is None:
            return found
        cursor = f', after: "{page["pageInfo"]["endCursor"]}"'


def told(pages: list[dict[str, Any]]) -> Found:
    return {
        (one["key"], period): (_value(text), status)
        for page in pages
        for one in page["series"]
        for period, text, status in zip(*(one["columns"][each] for each in ("periods", "valueTexts", "statuses")), strict=True)
    }


def test_what_changed_between_any_two_releases_is_what_differs(country: Country, seed: int) -> None:  # noqa: F811
    door = Asker(country.hub.ports)
    states = [published(country, state) for _, state in country.states]
    for before, now in permutations(range(len(states)), 2):
        pages = asked(door, "changes", f"from: {before + 1}, to: {now + 1}, first: 400", CHANGES)
        nodes = [node for page in pages for node in page["nodes"] if node["period"] is not None]
        found = {(node["key"], node["period"]): (node["kind"], *_values(node)) for node in nodes}
        assert len(found) == len(nodes) and found == _differences(states[before], states[now])


def _values(node: dict[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    return _value(node["oldValueText"]), _value(node["newValueText"])


def _differences(before: Found, now: Found) -> dict[tuple[str, str], tuple[str, Fraction | None, Fraction | None]]:
    found = {}
    for place in before.keys() | now.keys():
        old, new = before.get(place), now.get(place)
        if old == new:
            continue
        kind = "added" if old is None else "deleted" if new is None else "revised" if old[0] != new[0] else "described"
        found[place] = kind, old[0] if old else None, new[0] if new else None
    return found


def test_what_is_new_since_a_moment_is_what_differs_from_then(country: Country, seed: int) -> None:  # noqa: F811
    door = Asker(country.hub.ports)
    now = published(country, country.states[-1][1])
    for at, state in country.states:
        before = published(country, state)
        wanted = {place: cell for place, cell in now.items() if before.get(place) != cell}
        assert told(asked(door, "data", f'selection: {{updatedAfter: "{at.isoformat()}"}}, first: 50', OBSERVATIONS)) == wanted


def test_who_follows_the_history_holds_every_state(country: Country, seed: int) -> None:  # noqa: F811
    door, held = Asker(country.hub.ports), Found()
    inner = f"nodes {{ validFrom {OBSERVATIONS} deleted {{ key columns {{ periods }} }} }}"
    steps = [step for page in asked(door, "history", "first: 2", inner) for step in page["nodes"]]
    assert len(steps) == len(country.states)
    for step, (_, state) in zip(steps, country.states, strict=True):
        for gone in step["deleted"]:
            for period in gone["columns"]["periods"]:
                del held[gone["key"], period]
        held |= told([step])
        assert held == published(country, state)


def test_revisions_are_worked_out_exactly(country: Country, seed: int) -> None:  # noqa: F811
    door = Asker(country.hub.ports)
    states = [published(country, state) for _, state in country.states]
    inner = "nodes { key periods rows { valueTexts } overall { count absolute relative mean } }"
    many = 0
    for page in asked(door, "revisions", "first: 60", inner):
        for node in page["nodes"]:
            rows = [[_value(text) for text in row["valueTexts"]] for row in node["rows"]]
            places = [(node["key"], period) for period in node["periods"]]
            assert rows == [[state.get(place, (None, None))[0] for place in places] for state in states]
            firsts = [[value for value in column if value is not None] for column in zip(*rows, strict=True)]
            both = [(column[0], last) for column, last in zip(firsts, rows[-1], strict=True) if len(column) > 1]
            pairs = [(first, last) for first, last in both if last is not None]
            assert _means(node["overall"]) == _mean_revisions(pairs)
            many += len(pairs)
    assert many > 100, "there are revisions"


def _means(told: dict[str, Any]) -> list[Fraction | None]:
    return [None if told[each] is None else Fraction(told[each]) for each in ("count", "absolute", "relative", "mean")]


def _mean_revisions(pairs: list[tuple[Fraction, Fraction]]) -> list[Fraction | None]:
    """How many, MAR, RMAR and MR."""
    if not pairs:
        return [Fraction(), None, None, None]
    moved = [last - first for first, last in pairs]
    size, many = sum((abs(last) for _, last in pairs), Fraction()), len(pairs)
    absolute = sum(map(abs, moved), Fraction())
    relative = rounded(absolute / size) if size else None
    return [Fraction(many), rounded(absolute / many), relative, rounded(sum(moved, Fraction()) / many)]
