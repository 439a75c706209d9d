"""A reference for computed figures: one observation after another, with fractions, written from docs/questions.md alone.

It knows nothing of columns, batches, pages or databases; it is slow and short. The lotus country has here

    PROVINCE  _T > B (north) > 01, 02    and  _T > N (south) > 03, 04     SEASON  ALL > XUAN (spring), THU (autumn)
    CROP      LUA, NGO in tonnes; KHO a stock; YIELD in percent, weighted by
              AREA in hectares; FARMS never added; GIA an index

and from next year the provinces N1 and S1 under _T: 01 becomes N1, 02 and 04 S1, of 03 a third goes to N1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import combinations

ROUNDED = Context(prec=12, rounding=ROUND_HALF_EVEN, Emax=9999, Emin=-9999)
NEXT = {
    "_T": {"_T": "1"},
    "01": {"N1": "1"},
    "02": {"S1": "1"},
    "03": {"N1": "0.333", "S1": "0.667"},
    "04": {"S1": "1"},
}
PARENTS = {
    "PROVINCE": {"B": "_T", "N": "_T", "01": "B", "02": "B", "03": "N", "04": "N", "N1": "_T", "S1": "_T"},
    "SEASON": {"XUAN": "ALL", "THU": "ALL"},
}
RULES = {"YIELD": "weighted", "AREA": "sum", "FARMS": "none"}
UNITS = {"YIELD": "PT", "AREA": "HA", "FARMS": "NUMBER", "GIA": "IX"}
STATUSES, STATES = (None, "A", "P", "E", "O"), (None, "EXACT", "ESTIMATED", "BROKEN")


class Refused(Exception):
    """The codes of the errors that are right."""


@dataclass(frozen=True)
class Cell:
    """``value`` in single units; ``sure``: how it came through recoding."""

    value: Fraction | None
    status: str | None = None
    sure: str | None = None


@dataclass(frozen=True)
class Line:
    """A series: dimension -> code, its unit, ordinal -> observation."""

    key: dict[str, str]
    unit: str
    cells: dict[int, Cell]
    refused: str = ""
    """The error of whoever reads it."""

    @property
    def frequency(self) -> str:
        return self.key["FREQ"]

    def like(self, other: Line, *but: str) -> bool:
        return all(code == other.key[name] for name, code in self.key.items() if name not in but)


Part = tuple[Line, Fraction | None]
"""A series and the share of it; None where nobody knows."""


def rounded(number: Fraction) -> Fraction:
    return Fraction(ROUNDED.divide(Decimal(number.numerator), Decimal(number.denominator)))


def strongest(words: Iterable[str | None], order: Sequence[str | None]) -> str | None:
    return max(words, key=order.index, default=None)


# Recoding and aggregation


def recoded(lines: list[Line], chosen: Sequence[str]) -> list[Line]:
    """``chosen``: the codes of the old provinces in the question, empty for all."""
    unknown = {target for code, ways in NEXT.items() if chosen and code not in chosen for target in ways}
    groups: dict[tuple[str, ...], list[Part]] = {}
    for line in lines:
        for target, share in NEXT.get(line.key["PROVINCE"], {}).items():
            moved = replace(line, key={**line.key, "PROVINCE": target})
            part = moved, None if target in unknown else Fraction(share)
            # The weight of a series is looked for in the province that the series comes from.
            groups.setdefault(tuple(moved.key.values()), []).append(
                (replace(moved, key={**moved.key, "from": line.key["PROVINCE"]}), part[1])
            )
    known = [replace(line, key={**line.key, "from": line.key["PROVINCE"]}) for line in lines]
    return [_recoded(parts, known) for parts in groups.values()]


def _recoded(parts: list[Part], known: list[Line]) -> Line:
    line, crop = parts[0][0], parts[0][0].key["CROP"]
    merging = len(parts) > 1 or parts[0][1] != 1
    how = RULES.get(crop, "") if merging else "sum"
    if how == "none":
        raise Refused({"NOT_ADDITIVE"})
    refused = "NOT_ADDITIVE" if how == "" and UNITS.get(crop) in ("PT", "IX") else line.refused
    weigh = _weigh(known, ("PROVINCE",)) if how == "weighted" else None
    key = {name: code for name, code in line.key.items() if name != "from"}
    return Line(key, line.unit, _together(parts, "WEIGHTED_MEAN" if weigh else "SUM", weigh, told=True), refused)


def aggregated(
    lines: list[Line], known: list[Line], drop: Sequence[str], along: dict[str, str | None], method: str, weight: bool
) -> list[Line]:
    """``known``: all that was read, for weights; ``along``: dimension -> level, None for the parents."""
    going = [(line, goals) for line in lines if (goals := _goals(line, along)) is not None]
    if "CROP" in drop and len({line.key["CROP"] for line, _ in going}) > 1:
        raise Refused({"INDICATORS_MIXED"})
    groups: dict[tuple[tuple[str, str], ...], list[Line]] = {}
    for line, goals in going:
        key = {name: code for name, code in {**line.key, **goals}.items() if name not in drop}
        groups.setdefault(tuple(key.items()), []).append(line)
    refused, found = set[str](), []
    for group, members in groups.items():
        try:
            found.append(_group(dict(group), _once(members, [*drop, *along], method), known, method, weight))
        except Refused as error:
            refused |= error.args[0]
    if refused:
        raise Refused(refused)
    return found


def _goals(line: Line, along: dict[str, str | None]) -> dict[str, str] | None:
    goals = {name: _goal(name, line.key[name], level) for name, level in along.items()}
    return None if None in goals.values() else {name: goal for name, goal in goals.items() if goal}


def _goal(name: str, code: str, level: str | None) -> str | None:
    if level is None:
        return PARENTS[name].get(code)
    return next((each for each in _up(name, code) if len(list(_up(name, each))) == int(level)), None)


def _up(name: str, code: str | None) -> Iterator[str]:
    """The code itself and what it lies in."""
    while code is not None:
        yield code
        code = PARENTS.get(name, {}).get(code)


def _once(members: list[Line], dimensions: list[str], method: str) -> list[Line]:
    def lies_in(one: Line, other: Line) -> bool:
        return one is not other and all(other.key[name] in _up(name, one.key[name]) for name in dimensions)

    def overlap(one: Line, other: Line) -> bool:
        codes = [(name, one.key[name], other.key[name]) for name in dimensions]
        return all(first in _up(name, second) or second in _up(name, first) for name, first, second in codes)

    if method == "SUM":
        kept = [one for one in members if not any(lies_in(one, other) for other in members)]
    else:
        kept = [one for one in members if not any(lies_in(other, one) for other in members)]
    if method in ("SUM", "MEAN", "WEIGHTED_MEAN") and any(overlap(*pair) for pair in combinations(kept, 2)):
        raise Refused({"FIGURES_OVERLAP"})
    return kept


def _group(key: dict[str, str], members: list[Line], known: list[Line], method: str, weight: bool) -> Line:
    crop = members[0].key["CROP"]
    how = RULES.get(crop, "")
    if method == "WEIGHTED_MEAN" and not weight and how != "weighted":
        raise Refused({"WEIGHT_NOT_SAID"})
    refused = next((line.refused for line in members if line.refused), "")
    if method == "SUM" and len(members) > 1:
        if how == "none":
            raise Refused({"NOT_ADDITIVE"})
        refused = "NOT_ADDITIVE" if how == "" and UNITS.get(crop) in ("PT", "IX") else refused
        method = "WEIGHTED_MEAN" if how == "weighted" else method
    weigh = _weigh(known, ()) if method == "WEIGHTED_MEAN" else None
    cells = _together([(line, Fraction(1)) for line in members], method, weigh)
    return Line(key, "NUMBER" if method == "COUNT" else members[0].unit, cells, refused)


Weigh = Callable[[Line, int], Fraction | None]


def _weigh(known: list[Line], but: tuple[str, ...]) -> Weigh:
    areas = {
        tuple(c for n, c in line.key.items() if n not in ("CROP", *but)): line for line in known if line.key["CROP"] == "AREA"
    }

    def weigh(line: Line, ordinal: int) -> Fraction | None:
        area = areas.get(tuple(code for name, code in line.key.items() if name not in ("CROP", *but)))
        return area.cells[ordinal].value if area and ordinal in area.cells else None

    return weigh


def _together(parts: list[Part], method: str, weigh: Weigh | None, told: bool = False) -> dict[int, Cell]:
    """``told``: each cell says how sure it is."""
    ordinals = sorted({ordinal for line, _ in parts for ordinal in line.cells})
    return {
        ordinal: _cell([part for part in parts if ordinal in part[0].cells], ordinal, method, weigh, told)
        for ordinal in ordinals
    }


def _cell(parts: list[Part], ordinal: int, method: str, weigh: Weigh | None, told: bool) -> Cell:
    cells = [line.cells[ordinal] for line, _ in parts]
    shares = [share for _, share in parts]
    weights = [weigh(line, ordinal) if weigh else Fraction(1) for line, _ in parts]
    values = [
        cell.value if share is not None and weight is not None else None
        for cell, share, weight in zip(cells, shares, weights, strict=True)
    ]
    status = strongest((cell.status for cell in cells), STATUSES)
    sure = strongest((cell.sure for cell in cells), STATES)
    if told:
        sure = strongest(
            [sure, *("BROKEN" if share is None else "EXACT" if share == 1 else "ESTIMATED" for share in shares)], STATES
        )
        status = strongest([status, *("E" for share in shares if share not in (None, 1))], STATUSES)
    if method == "COUNT":
        return Cell(Fraction(sum(1 for value in values if value is not None)), status, sure)
    value = _value([v for v in values if v is not None], shares, weights, method) if None not in values else None
    return Cell(value, status if value is not None else "O", sure)


def _value(
    values: list[Fraction], shares: list[Fraction | None], weights: list[Fraction | None], method: str
) -> Fraction | None:
    amounts = [share or Fraction(0) for share in shares]
    if method == "WEIGHTED_MEAN":
        below = sum((share * (weight or 0) for share, weight in zip(amounts, weights, strict=True)), Fraction(0))
        above = sum((v * s * (w or 0) for v, s, w in zip(values, amounts, weights, strict=True)), Fraction(0))
        return rounded(above / below) if below else None
    if method == "SUM":
        return sum((value * share for value, share in zip(values, amounts, strict=True)), Fraction(0))
    if method == "MEAN":
        return rounded(sum(values, Fraction(0)) / len(values))
    return min(values) if method == "MIN" else max(values)


# Along time


PER_YEAR = {"A": 1, "Q": 4, "M": 12}


OVER_TIME = {**RULES, "KHO": "last"}


def lengthened(
    lines: list[Line], known: list[Line], goal: str, method: str, weight: bool, crop: str | None, summed: bool
) -> list[Line]:
    """``known``: also what weighs; ``crop``: the one crop, where it is no longer in the key; ``summed``: what weighs was put
    together by sums."""
    fitting = [line for line in lines if PER_YEAR[line.frequency] % PER_YEAR[goal] == 0]
    same: dict[tuple[tuple[str, str], ...], list[Line]] = {}
    for line in fitting:
        same.setdefault(tuple((n, c) for n, c in line.key.items() if n != "FREQ"), []).append(line)
    refused, found = set[str](), []
    for each in same.values():
        each.sort(key=lambda line: PER_YEAR[line.frequency])
        try:
            found.append(_lengthened(each[0 if method == "SUM" else -1], known, goal, method, weight, crop, summed))
        except Refused as error:
            refused |= error.args[0]
    if refused:
        raise Refused(refused)
    return found


def _lengthened(line: Line, known: list[Line], goal: str, method: str, weight: bool, crop: str | None, summed: bool) -> Line:
    if line.frequency == goal:
        return line
    how = OVER_TIME.get(crop or line.key["CROP"], "")
    if method == "WEIGHTED_MEAN" and not weight and (how != "weighted" or crop):
        raise Refused({"WEIGHT_NOT_SAID"})
    if method == "SUM":
        if how == "none" or (how == "" and line.unit in ("PT", "IX")) or (how == "weighted" and crop):
            raise Refused({"NOT_ADDITIVE"})
        method = {"weighted": "WEIGHTED_MEAN", "last": "LAST"}.get(how, "SUM")
    if method == "WEIGHTED_MEAN" and not summed:
        raise Refused({"WEIGHTS_NOT_SUMMED"})
    many = PER_YEAR[line.frequency] // PER_YEAR[goal]
    spans = {ordinal // many: list(range(ordinal // many * many, (ordinal // many + 1) * many)) for ordinal in line.cells}
    weigh = _weigh(known, ()) if method == "WEIGHTED_MEAN" else None
    cells = {span: _span(line, inside, method, weigh) for span, inside in sorted(spans.items())}
    key, unit = {**line.key, "FREQ": goal}, "NUMBER" if method == "COUNT" else line.unit
    return Line(key, unit, {span: cell for span, cell in cells.items() if cell}, line.refused)


def _span(line: Line, inside: list[int], method: str, weigh: Weigh | None) -> Cell | None:
    if method in ("FIRST", "LAST"):
        return line.cells.get(inside[0 if method == "FIRST" else -1])
    there = [o for o in inside if o in line.cells]
    cells = [line.cells[o] for o in there]
    status, sure = strongest((c.status for c in cells), STATUSES), strongest((c.sure for c in cells), STATES)
    weights = [weigh(line, o) if weigh else Fraction(1) for o in there]
    values = [c.value for c, w in zip(cells, weights, strict=True) if c.value is not None and w is not None]
    if method == "COUNT":
        return Cell(Fraction(len(values)), status, sure)
    value = _value(values, [Fraction(1)] * len(values), weights, method) if len(values) == len(inside) else None
    return Cell(value, status if value is not None else "O", sure)


def rebased(lines: list[Line], year: int) -> list[Line]:
    return [replace(line, cells=_rebased(line, year)) for line in lines]


def _rebased(line: Line, year: int) -> dict[int, Cell]:
    count = PER_YEAR[line.frequency]
    base = [line.cells[each].value if each in line.cells else None for each in range(year * count, (year + 1) * count)]
    total = None if None in base else sum((value or Fraction(0) for value in base), Fraction(0))
    return {
        ordinal: replace(
            cell, value=rounded(cell.value * count * 100 / total) if cell.value is not None and total and total > 0 else None
        )
        for ordinal, cell in line.cells.items()
    }


def changed(lines: list[Line], last_year: bool, percent: bool) -> list[Line]:
    return [_changed(line, PER_YEAR[line.frequency] if last_year else 1, percent) for line in lines]


def _changed(line: Line, lag: int, percent: bool) -> Line:
    cells = {}
    for ordinal, cell in line.cells.items():
        before = line.cells.get(ordinal - lag)
        value = None
        if before and cell.value is not None and before.value is not None and (not percent or before.value > 0):
            value = cell.value - before.value
            value = rounded(value * 100 / before.value) if percent else value
        pair = [cell, before] if before else [cell]
        cells[ordinal] = Cell(value, strongest((c.status for c in pair), STATUSES), strongest((c.sure for c in pair), STATES))
    return Line(line.key, "PT" if percent else line.unit, cells, line.refused)


def cut(lines: list[Line], years: tuple[int, int] | None, first: int | None, last: int | None) -> list[Line]:
    """``years``: the first and the last."""
    if refused := {line.refused for line in lines if line.refused}:
        raise Refused(refused)
    found = []
    for line in lines:
        count = PER_YEAR[line.frequency]
        inside = [o for o in sorted(line.cells) if years is None or years[0] <= o // count <= years[1]]
        chosen = [*inside[: first or 0], *(inside[-last:] if last else [])] if first or last else inside
        if chosen:
            found.append(replace(line, cells={ordinal: line.cells[ordinal] for ordinal in sorted(set(chosen))}))
    return found


def ordered(lines: list[Line], by: Sequence[tuple[str, bool]]) -> list[Line]:
    """``by``: dimension, UNIT_MEASURE or OBS_VALUE, and whether downwards."""
    found = sorted(lines, key=lambda line: tuple(line.key.values()))
    for name, down in reversed(by):
        if name == "OBS_VALUE":
            ends = {id(line): line.cells[max(line.cells)].value for line in found}
            with_, without = (
                [line for line in found if ends[id(line)] is not None],
                [line for line in found if ends[id(line)] is None],
            )
            with_.sort(key=lambda line: ends[id(line)] or Fraction(0), reverse=down)
            found = with_ + without
        elif name != "TIME_PERIOD":
            texts = (lambda line: line.unit) if name == "UNIT_MEASURE" else (lambda line, name=name: line.key[name])  # type: ignore[misc]
            found.sort(key=texts, reverse=down)
    return found
