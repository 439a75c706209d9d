"""Made-up filers: who declares, from where, in what business, how large. Drawn once, then followed through the year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from adapters.tax.page import FOLDER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEIGHTS = np.array([31, 29, 23, 19, 17, 13, 7, 5, 3])
FIRST_REGION, REGIONS = 90, 10
"""Region numbers 90 to 99 are not in use, so no code made here is anybody's."""

STRIDE = 15_485_863
"""A prime: stepping through all serials with it gives each once, in no visible order."""

LARGEST_MONTH = 5e12


@cache
def facts() -> dict[str, Any]:
    """``sample.yml``."""
    page: dict[str, Any] = yaml.safe_load((FOLDER / "sample.yml").read_text(encoding="utf-8"))
    return page


@dataclass
class Filers:
    """Parallel arrays, one entry per filer; the first ``monthly`` declare every month, the others every quarter.

    ``base``: sales of a usual month in dong. ``credit``: what the last declaration carried out, the next carries in.
    """

    monthly: int
    mst: list[str]
    province: Ints
    activity: Ints
    base: Floats
    importer: NDArray[np.bool_]
    credit: Ints

    def due(self, month: int) -> Ints:
        """Who declares after this month of the year (1 to 12)."""
        return np.arange(len(self.base) if month % 3 == 0 else self.monthly)


def filers(monthly: int, quarterly: int, rng: np.random.Generator) -> Filers:
    """Turnover has a lognormal body and a Pareto tail; monthly filers are those above the threshold of 50 billion a year."""
    count = monthly + quarterly
    body = np.exp(rng.normal(np.log(1.5e8), 1.4, count))
    body[:monthly] = 4.2e9 * np.exp(np.abs(rng.normal(0, 0.9, monthly)))
    tail = rng.random(count) < 0.02
    body[tail] *= 1 + rng.pareto(1.1, int(tail.sum()))
    activities = list(facts()["activities"].values())
    activity = _weighted([each[0] for each in activities], count, rng)
    chance = np.array([each[4] for each in activities])[activity]
    return Filers(
        monthly=monthly,
        mst=tax_codes(count, rng),
        province=_weighted([each[0] for each in facts()["provinces"].values()], count, rng),
        activity=activity,
        base=np.clip(body, 4e6, LARGEST_MONTH),
        importer=rng.random(count) < chance,
        credit=np.zeros(count, dtype=np.int64),
    )


def _weighted(weights: list[float], count: int, rng: np.random.Generator) -> Ints:
    share = np.array(weights, dtype=float)
    return rng.choice(len(share), count, p=share / share.sum()).astype(np.int64)


def tax_codes(count: int, rng: np.random.Generator) -> list[str]:
    """Distinct valid codes: 95 % of ten digits, 3 % branches, 2 % personal numbers of a province that does not exist (000)."""
    serials = (int(rng.integers(1 << 30)) + np.arange(int(count * 1.2) + 64, dtype=np.int64) * STRIDE) % (REGIONS * 10**7)
    numbers = FIRST_REGION * 10**7 + serials
    digits = numbers[:, None] // 10 ** np.arange(8, -1, -1) % 10
    remainder = (digits * WEIGHTS).sum(axis=1) % 11
    issued = remainder != 0
    codes = (numbers[issued] * 10 + 10 - remainder[issued])[:count]
    kind = rng.random(count)
    return [
        f"{code:010d}-001" if draw < 0.03 else f"000{code % 10**9:09d}" if draw < 0.05 else f"{code:010d}"
        for code, draw in zip(codes.tolist(), kind.tolist(), strict=True)
    ]
