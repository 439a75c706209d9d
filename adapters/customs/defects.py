"""Defects put into synthetic lines, at most one to a line, each counted under its own name.

``rules``: the rules of ``rules.yml`` that find it. Defects of the header strike a whole declaration, the others one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adapters.customs.draw import Columns
from adapters.customs.mix import goods
from adapters.customs.texts import Texts, gross, hundredths, in_dong, same, text, versions

Mask = NDArray[np.bool_]
REMOVED_IN_2022 = ("851712", "851770", "854140", "852349", "880211", "847141")


@dataclass(frozen=True)
class Defect:
    """``can``: where it makes sense; ``strike``: the new texts of the fields it spoils."""

    name: str
    share: float
    rules: tuple[str, ...]
    strike: Callable[[Columns, Texts], Texts]
    can: Callable[[Columns, Texts], Mask]
    header: bool = False


def _anywhere(lines: Columns, fields: Texts) -> Mask:
    return np.ones(len(lines["number"]), dtype=bool)


def _fixed(**values: str) -> Callable[[Columns, Texts], Texts]:
    return lambda lines, fields: {name: same(value, lines) for name, value in values.items()}


def _empty(name: str) -> Callable[[Columns, Texts], Texts]:
    return lambda lines, fields: {name: pa.nulls(len(lines["number"]), pa.string())}


def _imports(lines: Columns, fields: Texts) -> Mask:
    return np.asarray(lines["flow"] == "M")


def _weighed(lines: Columns, fields: Texts) -> Mask:
    return _mask(pc.is_valid(fields["net_mass"]))


def _dollars(lines: Columns, fields: Texts) -> Mask:
    return np.asarray((lines["currency"] == 0) & lines["valued"])


def _mask(column: pa.Array) -> Mask:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


def _on_spot(lines: Columns, fields: Texts) -> Texts:
    spot = same("VNZZZ", lines)
    imports = pa.array(lines["flow"] == "M")
    nothing = pa.nulls(len(lines["number"]), pa.string())
    return {
        "transport_mode": same("9", lines),
        "loading": pc.if_else(imports, spot, fields["loading"]),
        "unloading": pc.if_else(imports, fields["unloading"], spot),
        "gross_weight": nothing,
        "gross_unit": nothing,
    }


def _counted_type(lines: Columns, fields: Texts) -> Mask:
    return ~np.isin(lines["type_code"], ("A42", "E15", "E23", "E54")) & ~np.char.startswith(lines["type_code"], "G")


def _wrong_check(lines: Columns, fields: Texts) -> Texts:
    last = lines["trader"].astype("U10").view("U1").reshape(-1, 10)[:, 9].astype(np.int64)
    return {"trader": pc.binary_join_element_wise(pc.utf8_slice_codeunits(fields["trader"], 0, 9), text((last + 1) % 10), "")}


def _too_heavy(lines: Columns, fields: Texts) -> Mask:
    return np.asarray(_weighed(lines, fields) & (lines["mode"] != 9) & (lines["mass"] * 1000 > gross(lines)))


def _old_code(lines: Columns, fields: Texts) -> Texts:
    old = np.array([code + "00" for code in removed()])
    return {"hs": text(old[lines["product"] % len(old)])}


@cache
def removed() -> tuple[str, ...]:
    """Subheadings of HS 2017 that are not in HS 2022."""
    return tuple(code for code in REMOVED_IN_2022 if code not in set(goods().codes.tolist()))


DEFECTS = (
    Defect("type_code_unknown", 0.0005, ("TYPE_CODE_UNKNOWN",), _fixed(type_code="Z99"), _anywhere, header=True),
    Defect("date_invalid", 0.0005, ("DATE_FORM",), _fixed(registered="31/02/2025"), _anywhere, header=True),
    Defect("tax_code_wrong", 0.003, ("TRADER_CODE",), _wrong_check, _anywhere, header=True),
    Defect("tax_code_missing", 0.001, ("TRADER_MISSING",), _empty("trader"), _anywhere, header=True),
    Defect("on_spot_with_counted_type", 0.003, ("ON_SPOT_INCLUDED",), _on_spot, _counted_type, header=True),
    Defect(
        "leading_zero_lost",
        0.03,
        ("HS_LEADING_ZERO",),
        lambda lines, fields: {"hs": pc.utf8_slice_codeunits(fields["hs"], 1)},
        lambda lines, fields: _mask(pc.starts_with(fields["hs"], "0")),
    ),
    Defect("hs_malformed", 0.0005, ("HS_FORM",), _fixed(hs="KHAC"), _anywhere),
    Defect("hs2017_code", 0.002, ("HS_UNKNOWN",), _old_code, _anywhere),
    Defect("chapter_98_code", 0.001, ("HS_CHAPTER_98",), _fixed(hs="98200000"), _anywhere),
    Defect("origin_missing", 0.003, ("ORIGIN_UNKNOWN",), _empty("origin"), _imports),
    Defect("mass_not_positive", 0.004, ("MASS_NOT_POSITIVE",), _fixed(net_mass="0"), _weighed),
    Defect(
        "kilograms_as_tonnes",
        0.002,
        ("MASS_OVER_GROSS",),
        lambda lines, fields: {"net_mass_unit": same("TNE", lines)},
        _too_heavy,
    ),
    Defect(
        "quantity_times_three",
        0.002,
        ("QUANTITY_PRICE",),
        lambda lines, fields: {"quantity": hundredths(lines["quantity"] * 3)},
        lambda lines, fields: np.asarray(lines["value"] > 1000),
    ),
    Defect(
        "value_times_thousand",
        0.002,
        ("QUANTITY_PRICE", "VALUE_AGAINST_RATE"),
        lambda lines, fields: {"line_value": hundredths(lines["value"] * 1000)},
        lambda lines, fields: np.asarray(lines["valued"] & (lines["value"] > 1000) & (lines["value"] < 10**12)),
    ),
    Defect(
        "dong_as_dollars",
        0.001,
        ("QUANTITY_PRICE", "VALUE_AGAINST_RATE"),
        lambda lines, fields: {"line_value": pc.binary_join_element_wise(text(in_dong(lines)), "00", ".")},
        _dollars,
    ),
)


def drop_originals(lines: Columns, rng: np.random.Generator) -> tuple[Columns, int]:
    """Take away everything before the last amendment of a tenth of the amended declarations; also how many declarations."""
    starts, _ = versions(lines)
    amended = (lines["amendment"] > 0) & lines["last"]
    chosen = np.unique(lines["number"][starts][amended[starts] & (rng.random(len(starts)) < 0.1)])
    gone = np.isin(lines["number"], chosen) & ~lines["last"]
    return {name: values[~gone] for name, values in lines.items()}, len(chosen)


def spoil(lines: Columns, fields: Texts, rng: np.random.Generator) -> tuple[Texts, dict[str, NDArray[np.bool_]]]:
    """The texts with defects put in, and where each of them is."""
    starts, sizes = versions(lines)
    dice = {True: np.repeat(rng.random(len(starts)), sizes), False: rng.random(len(lines["number"]))}
    free = _anywhere(lines, fields)
    reached = {True: 0.0, False: 0.0}
    places = {}
    for defect in DEFECTS:
        low = reached[defect.header]
        reached[defect.header] = high = low + defect.share
        mask = (dice[defect.header] >= low) & (dice[defect.header] < high) & defect.can(lines, fields) & free
        fields = fields | {
            name: pc.if_else(pa.array(mask), new, fields[name]) for name, new in defect.strike(lines, fields).items()
        }
        free &= ~mask
        places[defect.name] = mask
    return fields, places


def counts(places: dict[str, NDArray[Any]], kept: int) -> dict[str, int]:
    """How many lines each defect struck among the first ``kept``."""
    return {name: int(mask[:kept].sum()) for name, mask in places.items()}
