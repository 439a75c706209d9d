"""The amounts of made-up declarations: a matrix of dong, a row per declaration and a column per line of the form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adapters.tax.population import Filers, Floats, Ints, facts

LINES = (
    *("ct21", "ct22", "ct23", "ct24", "ct23a", "ct24a", "ct25", "ct26", "ct27", "ct28", "ct29", "ct30", "ct31", "ct32", "ct33"),
    *("ct32a", "ct34", "ct35", "ct36", "ct37", "ct38", "ct39a", "ct40a", "ct40b", "ct40", "ct41", "ct42", "ct43"),
)
AT = {line: index for index, line in enumerate(LINES)}
SMALLEST_SALES = 2_000_000
NOTHING_TO_DECLARE = 0.07


def declare(filers: Filers, who: Ints, months: Ints, season: float, rng: np.random.Generator) -> Ints:
    """The original declarations of these filers for one period of 1 or 3 ``months`` each."""
    count = len(who)
    sheet = np.zeros((count, len(LINES)), dtype=np.int64)
    activities = np.array(list(facts()["activities"].values()), dtype=float)[filers.activity[who]]
    sales = filers.base[who] * months * season * np.exp(rng.normal(0, 0.25, count))
    sales = np.maximum(sales, SMALLEST_SALES)
    untaxed, zero, five = (sales * activities[:, column] * rng.uniform(0.8, 1.2, count) for column in (1, 2, 3))
    sheet[:, AT["ct26"]], sheet[:, AT["ct29"]], sheet[:, AT["ct30"]] = untaxed, zero, five
    sheet[:, AT["ct32"]] = np.maximum(sales - untaxed - zero - five, 0.05 * sales)
    sheet[:, AT["ct32a"]] = np.where(rng.random(count) < 0.01, sales * 0.03, 0)
    _rates(sheet, rng)
    _purchases(sheet, sales, filers.importer[who], rng)
    sheet[:, AT["ct22"]] = filers.credit[who]
    sheet[:, AT["ct37"]] = np.where(rng.random(count) < 0.01, sales * 0.001, 0)
    sheet[:, AT["ct38"]] = np.where(rng.random(count) < 0.01, sales * 0.001, 0)
    nothing = rng.random(count) < NOTHING_TO_DECLARE
    sheet[nothing] = 0
    sheet[nothing, AT["ct21"]] = 1
    sheet[nothing, AT["ct22"]] = filers.credit[who[nothing]]
    derive(sheet, rng)
    filers.credit[who] = sheet[:, AT["ct43"]]
    return sheet


def amend(sheet: Ints, rng: np.random.Generator) -> Ints:
    """The same declarations once more with other sales and purchases; a complete replacement, as the form demands."""
    again = sheet.copy()
    factor = rng.uniform(0.9, 1.2, len(sheet))[:, None]
    moved = [AT[line] for line in ("ct26", "ct29", "ct30", "ct32", "ct32a", "ct23", "ct24", "ct23a", "ct24a", "ct25")]
    again[:, moved] = again[:, moved] * factor
    # The tax moves with its sales, so the mixture of 8 and 10 % stays what it was.
    rate = np.divide(sheet[:, AT["ct33"]], sheet[:, AT["ct32"]], out=np.zeros(len(sheet)), where=sheet[:, AT["ct32"]] != 0)
    again[:, AT["ct33"]] = np.rint(again[:, AT["ct32"]] * rate)
    again[:, AT["ct31"]] = np.rint(again[:, AT["ct30"]] * 0.05)
    derive(again, rng)
    return again


def derive(sheet: Ints, rng: np.random.Generator) -> None:
    """The lines that follow from others, by the form's arithmetic; refunds and offsets are drawn."""
    line = {name: sheet[:, index] for name, index in AT.items()}
    line["ct27"][:] = line["ct29"] + line["ct30"] + line["ct32"] + line["ct32a"]
    line["ct28"][:] = line["ct31"] + line["ct33"]
    line["ct34"][:] = line["ct26"] + line["ct27"]
    line["ct35"][:] = line["ct28"]
    line["ct36"][:] = line["ct35"] - line["ct25"]
    left = line["ct36"] - line["ct22"] + line["ct37"] - line["ct38"] - line["ct39a"]
    line["ct40a"][:] = np.maximum(left, 0)
    line["ct40b"][:] = np.where(rng.random(len(sheet)) < 0.01, line["ct40a"] // 10, 0)
    line["ct40"][:] = line["ct40a"] - line["ct40b"]
    line["ct41"][:] = np.maximum(-left, 0)
    # Above 300 million of credit an exporter may ask for it back; most do.
    asks = (line["ct41"] > 300_000_000) & (rng.random(len(sheet)) < 0.6)
    line["ct42"][:] = np.where(asks, line["ct41"], 0)
    line["ct43"][:] = line["ct41"] - line["ct42"]


def _rates(sheet: Ints, rng: np.random.Generator) -> None:
    """Most sell at 10 or at 8 % only, some at both."""
    count = len(sheet)
    reduced = np.clip(rng.uniform(-1, 2, count), 0, 1)
    sheet[:, AT["ct31"]] = np.rint(sheet[:, AT["ct30"]] * 0.05)
    sheet[:, AT["ct33"]] = np.rint(sheet[:, AT["ct32"]] * (0.10 - 0.02 * reduced))


def _purchases(sheet: Ints, sales: Floats, importer: NDArray[np.bool_], rng: np.random.Generator) -> None:
    count = len(sheet)
    bought = sales * np.exp(rng.normal(np.log(0.86), 0.16, count))
    tax = bought * rng.uniform(0.07, 0.095, count)
    share = np.where(importer, rng.uniform(0.1, 0.7, count), 0)
    sheet[:, AT["ct23"]], sheet[:, AT["ct24"]] = bought, tax
    sheet[:, AT["ct23a"]], sheet[:, AT["ct24a"]] = bought * share, tax * share
    sheet[:, AT["ct25"]] = np.where(rng.random(count) < 0.95, sheet[:, AT["ct24"]], tax * 0.95)
