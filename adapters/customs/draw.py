"""Made-up declaration lines, drawn a chunk at a time with numpy: plausible in shape, true of nobody.

Commodities follow chapter shares, partners and traders a Zipf law, unit values a lognormal law around the chapter's; the
twelfth digit of the declaration number is 0, 1, 2 in 94, 5 and 1 % of declarations. Amounts are whole numbers of hundredths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.customs.mix import Ints, goods, mix

Columns = dict[str, NDArray[Any]]

START = np.datetime64("2025-01-01")
DAYS = 365
PER_DECLARATION = 50
DEAREST = 20_000_000
"""US dollars; no line is worth much more."""

LONG_INVOICES = 0.003
AMENDED_ONCE, AMENDED_TWICE = 0.06 / 0.94, 0.01 / 0.94
DOMESTIC = ("E15", "E23", "E54")


def zipf(rng: np.random.Generator, size: int, count: int, exponent: float) -> Ints:
    """Ranks 0..size-1, the k-th drawn in proportion to (k+1)^-exponent."""
    weights = np.cumsum(np.arange(1, size + 1, dtype=np.float64) ** -exponent)
    ranks: Ints = np.searchsorted(weights, rng.random(count) * weights[-1]).clip(max=size - 1)
    return ranks


def weighted(rng: np.random.Generator, weights: dict[str, float], count: int) -> NDArray[np.str_]:
    shares = np.array(list(weights.values()), dtype=np.float64)
    return np.array(list(weights))[rng.choice(len(shares), count, p=shares / shares.sum())]


@dataclass
class Drawer:
    """Draws chunks one after another; declaration numbers go on from chunk to chunk."""

    seed: int
    traders: NDArray[np.str_]
    chunk: int = 0
    declarations: int = 0

    def lines(self, count: int) -> tuple[Columns, np.random.Generator]:
        """At least ``count`` lines, whole declarations with all their amendments, and the dice for what follows."""
        rng = np.random.default_rng([self.seed, self.chunk])
        self.chunk += 1
        header = self._numbers(rng, count // 3 + PER_DECLARATION)
        header |= _terms(rng, header)
        header |= _parties(rng, header, self.traders)
        return _amended(rng, _lines(rng, header)), rng

    def _numbers(self, rng: np.random.Generator, count: int) -> Columns:
        sizes = np.minimum(rng.geometric(0.3, count), PER_DECLARATION)
        # A few invoices have more than fifty lines: two declarations, the second naming the first.
        split = np.flatnonzero(rng.random(count - 1) < LONG_INVOICES)
        sizes[split] = PER_DECLARATION
        imports = rng.random(count) < 0.55
        imports[split + 1] = imports[split]
        numbers = np.where(imports, 10_000_000_000, 30_000_000_000) + self.declarations + np.arange(count)
        self.declarations += count
        first = np.zeros(count, dtype=np.int64)
        first[split + 1] = numbers[split]
        first[split] = numbers[split]
        return {"number": numbers, "first": first, "size": sizes, "flow": np.where(imports, "M", "X")}


def _terms(rng: np.random.Generator, header: Columns) -> Columns:
    count = len(header["number"])
    imports = header["flow"] == "M"
    day = rng.integers(0, DAYS, count)
    shares = np.array(mix().currency_weights)
    currency = rng.choice(len(shares), count, p=shares / shares.sum())
    dong = mix().currencies[currency] == "VND"
    return {
        "day": day,
        "type_code": np.where(imports, *(weighted(rng, mix().type_codes[flow], count) for flow in "MX")),
        "incoterm": np.where(imports, *(weighted(rng, mix().terms[flow], count) for flow in "MX")),
        "currency": currency,
        # The rate is set anew each week.
        "rate": mix().rates[currency] * (10_000 + np.where(dong, 0, day // 7 * 4)) // 10_000,
        "valued": rng.random(count) < 0.75,
        "note": np.where(rng.random(count) < 0.01, rng.integers(1, 10, count), 0),
    }


def _parties(rng: np.random.Generator, header: Columns, traders: NDArray[np.str_]) -> Columns:
    count = len(header["number"])
    domestic = np.isin(header["type_code"], DOMESTIC)
    return {
        "domestic": domestic,
        "mode": np.where(domestic, 9, rng.choice(np.array([1, 2, 3, 4]), count, p=(0.3, 0.5, 0.05, 0.15))),
        "partner": zipf(rng, len(mix().partners), count, 1.15),
        "trader": traders[zipf(rng, len(traders), count, 0.85)],
        "office": rng.choice(np.array(mix().offices), count),
        "home_port": rng.choice(np.array(mix().home_ports), count),
    }


def _lines(rng: np.random.Generator, header: Columns) -> Columns:
    sizes = header["size"]
    lines = {name: np.repeat(values, sizes) for name, values in header.items()}
    count = int(sizes.sum())
    lines["line"] = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    lines["product"] = _products(rng, lines["flow"])
    # The partners of a chapter are not those of the next.
    shift = goods().chapter[lines["product"]] % 3 * (rng.random(count) < 0.5)
    lines["partner"] = (lines["partner"] + shift) % len(mix().partners)
    lines["suffix"] = rng.integers(0, 4, count)
    return lines | _amounts(rng, lines)


def _products(rng: np.random.Generator, flow: NDArray[np.str_]) -> Ints:
    dice = rng.random(len(flow))
    imports, exports = (np.searchsorted(goods().shares[name], dice * goods().shares[name][-1]) for name in "MX")
    products: Ints = np.where(flow == "M", imports, exports)
    return products


def _amounts(rng: np.random.Generator, lines: Columns) -> Columns:
    """Quantity in hundredths, price in ten-thousandths of the currency, net mass in hundredths of a kilogram."""
    product, count = lines["product"], len(lines["product"])
    per_piece = goods().kg_per_piece[product]
    piece = per_piece > 0
    usd = goods().usd_per_kg[product] * np.exp(rng.normal(0, 0.8, count)) * np.where(piece, per_piece, 1)
    kilograms = np.exp(rng.normal(5.0, 1.8, count))
    units = np.where(piece, kilograms / per_piece.clip(min=0.01), kilograms).clip(1, np.maximum(DEAREST / usd, 1))
    quantity = np.where(piece, np.round(units) * 100, np.round(units * 100)).astype(np.int64)
    per_usd = mix().rates[0] / mix().rates[lines["currency"]]
    return {
        "piece": piece,
        "quantity": quantity,
        "price": np.round(usd * per_usd * 10_000).astype(np.int64).clip(min=1),
        "mass": np.where(piece, quantity * per_piece, quantity).astype(np.int64).clip(min=1),
    }


def _amended(rng: np.random.Generator, lines: Columns) -> Columns:
    """Every version of every declaration: an amended one comes again, whole, with the quantity of its first line corrected."""
    _, starts, sizes = np.unique(lines["number"], return_index=True, return_counts=True)
    order = np.argsort(starts)
    starts, sizes = starts[order], sizes[order]
    dice = rng.random(len(starts))
    versions = 1 + (dice < AMENDED_ONCE) + (dice < AMENDED_TWICE)
    which = np.repeat(np.arange(len(starts)), versions)
    version = np.arange(len(which)) - np.repeat(np.cumsum(versions) - versions, versions)
    picks = np.concatenate([np.arange(starts[i], starts[i] + sizes[i]) for i in which])
    amended = {name: values[picks] for name, values in lines.items()}
    amended["amendment"] = np.repeat(version, sizes[which])
    amended["last"] = np.repeat(versions[which] - 1, sizes[which]) == amended["amendment"]
    amended["quantity"] += np.where(amended["line"] == 1, 100 * amended["amendment"], 0)
    amended["value"] = ((amended["quantity"] * amended["price"] + 5_000) // 10_000).clip(min=1)
    return amended
