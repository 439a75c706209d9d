"""What synthetic declarations are mixed from: ``mix.yml``, ``chapters.csv``, the shipped commodity list, checked tax codes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from registry.content import FOLDERS, read
from registry.model import Codelist

Ints = NDArray[np.int64]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Mix:
    """``rates``: dong for one unit of each currency, in hundredths; the first currency is the US dollar."""

    partners: NDArray[np.str_]
    type_codes: dict[str, dict[str, float]]
    terms: dict[str, dict[str, float]]
    currencies: NDArray[np.str_]
    currency_weights: tuple[float, ...]
    rates: Ints
    home_ports: tuple[str, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True)
class Goods:
    """The subheadings of the shipped list: cumulated shares of either flow, what each weighs and costs."""

    codes: NDArray[np.str_]
    chapter: Ints
    shares: dict[str, NDArray[np.float64]]
    usd_per_kg: NDArray[np.float64]
    kg_per_piece: NDArray[np.float64]


@cache
def mix() -> Mix:
    page = yaml.safe_load((HERE / "mix.yml").read_text(encoding="utf-8"))
    currencies = page["currencies"]
    return Mix(
        partners=np.array(page["partners"].split()),
        type_codes=page["type_codes"],
        terms=page["terms"],
        currencies=np.array(list(currencies)),
        currency_weights=tuple(float(weight) for weight, _ in currencies.values()),
        rates=np.array([rate for _, rate in currencies.values()], dtype=np.int64),
        home_ports=tuple(page["home_ports"]),
        offices=tuple(page["offices"]),
    )


@cache
def goods() -> Goods:
    codes = _subheadings()
    facts = _chapters()
    # Fixed, so that the same commodity is important and dear in every sample.
    fixed = np.random.default_rng(2022)
    spread = fixed.pareto(1.05, len(codes)) + 0.05
    chapter = np.array([int(code[:2]) for code in codes])
    within = spread / np.bincount(chapter, weights=spread)[chapter]
    per_code = {name: np.array([facts[code[:2]][name] for code in codes]) for name in facts["01"]}
    return Goods(
        codes=np.array(codes),
        chapter=chapter,
        shares={flow: np.cumsum(per_code[name] * within) for flow, name in (("M", "import_weight"), ("X", "export_weight"))},
        usd_per_kg=per_code["usd_per_kg"] * np.exp(fixed.normal(0, 0.5, len(codes))),
        kg_per_piece=per_code["kg_per_piece"],
    )


def _subheadings() -> list[str]:
    (hs,) = read(FOLDERS[0] / "CL_HS2022-1.0.yml")
    items = hs.items if isinstance(hs, Codelist) else ()
    return [item.id for item in items if len(item.id) == 6 and item.id != "999999"]


def _chapters() -> dict[str, dict[str, float]]:
    with (HERE / "chapters.csv").open(encoding="utf-8") as file:
        return {row.pop("chapter"): {name: float(text) for name, text in row.items()} for row in csv.DictReader(file)}


def tax_codes(count: int) -> NDArray[np.str_]:
    """``count`` different tax codes with a right check digit; serials whose remainder is 0 are never issued."""
    weights = np.array([31, 29, 23, 19, 17, 13, 7, 5, 3])
    serials = 10_000_000 + np.arange(count * 2, dtype=np.int64) * 37
    sums = (serials[:, None] // 10 ** np.arange(8, -1, -1) % 10) @ weights % 11
    issued = np.flatnonzero(sums)[:count]
    return np.array([f"{serials[at]:09d}{10 - sums[at]}" for at in issued])
