"""What every contestant is asked: drawn at random, the same for all, and answered from the world itself to check them by."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from benchmarks.world import INDICATORS, PERIODS, REGIONS, STATUSES, World, p_code
from registry.number import plain_float

CODES = tuple(code for code, _, _ in INDICATORS)
ADDITIVE = tuple(code for code in CODES if not code.endswith("PRICE"))
"""A sum of unit values means nothing."""


@dataclass(frozen=True)
class Kind:
    """A row of the table. ``regions`` x ``products`` series; ``clients`` ask at once."""

    id: str
    title: str
    regions: int = 0
    products: int = 0
    clients: int = 1
    labels: bool = False


KINDS = {
    kind.id: kind
    for kind in (
        Kind("series", "1 series, 144 observations", 1, 1),
        Kind("labels", "1,000 observations with labels", 7, 1, labels=True),
        Kind("ten", "10,000 observations", 7, 10),
        Kind("hundred", "100,000 observations", 63, 11),
        Kind("sum", "sum of 1 M observations by region and month"),
        Kind("clients", "8 clients at once, 1 series: requests per second", 1, 1, clients=8),
        Kind("period", "one period of all series"),
    )
}


@dataclass(frozen=True)
class Question:
    """``sum`` asks all regions of the indicator, and all products but those in ``without``, so that no two sums are the same;
    ``period`` asks all series in that one month."""

    kind: Kind
    indicator: str
    regions: tuple[str, ...]
    products: tuple[str, ...]
    period: str
    without: tuple[str, ...]

    @property
    def series(self) -> int:
        return len(self.regions) * len(self.products)


def drawn(kind: Kind, world: World, seed: int = 7) -> Iterator[Question]:
    """Without end, each as good as never the same as the one before."""
    dice = random.Random(f"{seed} {kind.id}")
    products = [p_code(number) for number in range(world.products)]
    while True:
        yield Question(
            kind,
            dice.choice(ADDITIVE if kind.id == "sum" else CODES),
            tuple(sorted(dice.sample(REGIONS, kind.regions))),
            tuple(sorted(dice.sample(products, min(kind.products, len(products))))),
            dice.choice(PERIODS),
            tuple(sorted(dice.sample(products, 2))) if kind.id == "sum" and len(products) > 2 else (),
        )


Cell = tuple[Decimal | None, str]
"""Value and status."""


@dataclass(frozen=True)
class Known:
    """An answer, whatever it looked like. Sums are cells without a status, at the key (region, period).

    cells   (indicator, region, product, period) -> cell            labels  code -> its Vietnamese name
    """

    cells: Mapping[tuple[str, ...], Cell]
    labels: Mapping[str, str]


def truth(world: World, question: Question) -> Known:
    """The answer, from the world."""
    if question.kind.id == "sum":
        return Known(dict(_sums(world, question)), {})
    if question.kind.id == "period":
        return Known(dict(_section(world, PERIODS.index(question.period))), {})
    cells: dict[tuple[str, ...], Cell] = {}
    for region in question.regions:
        block = world.block(CODES.index(question.indicator), REGIONS.index(region))
        for product in question.products:
            values, status = block.values[int(product) - 1].tolist(), block.status[int(product) - 1].tolist()
            for period, value, state in zip(PERIODS, values, status, strict=True):
                cells[question.indicator, region, product, period] = (exact(value), STATUSES[state])
    return Known(cells, _labels(world, question) if question.kind.labels else {})


def with_(world: World, question: Question) -> list[str]:
    """The products of a sum."""
    return [code for number in range(world.products) if (code := p_code(number)) not in question.without]


def exact(value: float) -> Decimal | None:
    return None if value != value else Decimal(plain_float(value))


def _labels(world: World, question: Question) -> dict[str, str]:
    wanted = (("INDICATOR", (question.indicator,)), ("REGION", question.regions), ("PRODUCT", question.products))
    return {code: world.codelists[list_].by_id[code].names["vi"] for list_, codes in wanted for code in codes}


def _sums(world: World, question: Question) -> Iterator[tuple[tuple[str, ...], Cell]]:
    indicator, rows = CODES.index(question.indicator), [int(product) - 1 for product in with_(world, question)]
    for number, region in enumerate(REGIONS):
        # Hundredths are whole numbers, which add up exactly. A sum of which a part is missing is missing.
        hundredths = np.rint(world.block(indicator, number).values[rows] * 100).sum(axis=0)
        for period, total in zip(PERIODS, hundredths.tolist(), strict=True):
            yield (region, period), (None if total != total else Decimal(int(total)).scaleb(-2), "")


def _section(world: World, month: int) -> Iterator[tuple[tuple[str, ...], Cell]]:
    for block in world.blocks():
        values, status = block.values[:, month].tolist(), block.status[:, month].tolist()
        for product, (value, state) in enumerate(zip(values, status, strict=True)):
            key = (CODES[block.indicator], REGIONS[block.region], p_code(product), PERIODS[month])
            yield key, (exact(value), STATUSES[state])


def check(expected: Known, found: Known, who: str) -> None:
    """The two are equal; sums to the last hundredth, for some contestants add binary floating point numbers."""
    wrong = [key for key in expected.cells if not _same(expected.cells[key], found.cells.get(key))]
    if wrong or len(expected.cells) != len(found.cells) or expected.labels != found.labels:
        shown = [(key, expected.cells[key], found.cells.get(key)) for key in wrong[:3]]
        sizes = f"{len(expected.cells)} cells wanted, {len(found.cells)} found, labels {expected.labels} {found.labels}"
        raise AssertionError(f"{who} answers otherwise: {shown} {sizes[:600]}")


def _same(expected: Cell, found: Cell | None) -> bool:
    if found is None or expected[1] != found[1]:
        return False
    if expected[1] or expected[0] is None or found[0] is None:
        return expected[0] == found[0]
    return abs(expected[0] - found[0]) < Decimal("0.005")
