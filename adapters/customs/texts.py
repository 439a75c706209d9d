"""Drawn lines as the texts a declaration holds, under the field names of ``source.yml``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adapters.customs.draw import START, Columns
from adapters.customs.mix import Ints, goods, mix

Texts = dict[str, pa.Array]

PORTS = {"CN": "CNSHA", "US": "USLAX", "KR": "KRPUS", "JP": "JPTYO", "TH": "THLCH", "TW": "TWKHH", "HK": "HKHKG", "SG": "SGSIN"}

# Thousandths of the invoice value that make the customs value: CIF for imports, FOB for exports.
TO_CIF = {"FOB": 1050, "EXW": 1060, "CFR": 1003}
TO_FOB = {"CIF": 950, "CFR": 953}


def texts(lines: Columns, rng: np.random.Generator, weighed_share: float) -> Texts:
    """Every field of the source as text; NULL where a declaration would leave it empty."""
    fields = {**_header(lines), **_places(lines), **_charges(lines), **_item(lines)}
    weighed = rng.random(len(lines["mass"])) < weighed_share
    fields["net_mass"] = keep(hundredths(lines["mass"]), weighed)
    fields["net_mass_unit"] = keep(same("KGM", lines), weighed)
    return fields


def _header(lines: Columns) -> Texts:
    return {
        "declaration": text(lines["number"] * 10 + lines["amendment"]),
        "first_declaration": keep(text(lines["first"] * 10), lines["first"] > 0),
        "type_code": text(lines["type_code"]),
        "office": text(lines["office"]),
        "registered": pc.strftime(pa.array(START + lines["day"]).cast(pa.timestamp("s")), "%d/%m/%Y"),
        "trader": text(lines["trader"]),
        "incoterm": text(lines["incoterm"]),
        "currency": text(mix().currencies[lines["currency"]]),
        "invoice_class": same("A", lines),
        "invoice_total": hundredths(total(lines, "value")),
        "exchange_rate": hundredths(lines["rate"]),
        "note": keep(pc.binary_join_element_wise("#&", text(lines["note"]), ""), lines["note"] > 0),
    }


def _places(lines: Columns) -> Texts:
    imports = lines["flow"] == "M"
    starts, sizes = versions(lines)
    # One declaration has one country abroad: that of its first line.
    abroad = np.repeat(lines["partner"][starts], sizes)
    ports = np.array([PORTS.get(code, code + "ZZX") for code in mix().partners.tolist()])
    far = np.where(lines["domestic"], "VNZZZ", ports[abroad])
    country = text(np.where(lines["domestic"], "VN", mix().partners[abroad]))
    return {
        "transport_mode": text(lines["mode"]),
        "export_country": keep(country, imports),
        "import_country": keep(country, ~imports),
        "loading": text(np.where(imports, far, lines["home_port"])),
        "unloading": text(np.where(imports, lines["home_port"], far)),
        "origin": text(np.where(imports, mix().partners[lines["partner"]], "VN")),
        "gross_weight": keep(hundredths(gross(lines)), lines["mode"] != 9),
        "gross_unit": keep(same("KGM", lines), lines["mode"] != 9),
    }


def _charges(lines: Columns) -> Texts:
    imports = lines["flow"] == "M"
    term = lines["incoterm"]
    carried = np.where(imports, np.isin(term, ("FOB", "EXW", "FCA")), np.isin(term, ("CIF", "CFR")))
    insured = np.where(imports, np.isin(term, ("FOB", "EXW", "FCA", "CFR")), term == "CIF")
    invoice = total(lines, "value")
    currency = text(mix().currencies[lines["currency"]])
    return {
        "freight": keep(hundredths(invoice * 47 // 1000), carried),
        "freight_currency": keep(currency, carried),
        "insurance": keep(hundredths(invoice * 3 // 1000), insured),
        "insurance_currency": keep(currency, insured),
        "customs_value": keep(text(in_dong(lines)), lines["valued"]),
    }


def _item(lines: Columns) -> Texts:
    suffix = np.array(["00", "10", "20", "90"])[lines["suffix"]]
    price = lines["price"]
    return {
        "line": text(lines["line"]),
        "hs": text(np.char.add(goods().codes[lines["product"]], suffix)),
        "quantity": hundredths(lines["quantity"]),
        "unit": text(np.where(lines["piece"], "PCE", "KGM")),
        "unit_price": _point(price // 10_000, price % 10_000, 4),
        "line_value": hundredths(lines["value"]),
    }


def in_dong(lines: Columns) -> Ints:
    """The customs value: CIF of imports, FOB of exports, whole dong."""
    parts = np.full(len(lines["value"]), 1000)
    for flow, table in (("M", TO_CIF), ("X", TO_FOB)):
        for term, thousandths in table.items():
            parts[(lines["flow"] == flow) & (lines["incoterm"] == term)] = thousandths
    dong: Ints = (lines["value"] * lines["rate"] // 10_000 * parts // 1000).clip(min=1)
    return dong


def gross(lines: Columns) -> Ints:
    """Hundredths of kilograms of the whole declaration, packing included."""
    return total(lines, "mass") * 106 // 100 + 1


def versions(lines: Columns) -> tuple[Ints, Ints]:
    """First line and number of lines of each version of a declaration; they lie together."""
    key = lines["number"] * 10 + lines["amendment"]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    return starts, np.diff(np.append(starts, len(key)))


def total(lines: Columns, name: str) -> Ints:
    """The sum over each line's own declaration."""
    starts, sizes = versions(lines)
    return np.repeat(np.add.reduceat(lines[name], starts), sizes)


def text(values: NDArray[Any]) -> pa.Array:
    return pa.array(values).cast(pa.string())


def same(value: str, lines: Columns) -> pa.Array:
    return pa.repeat(pa.scalar(value), len(lines["number"]))


def keep(column: pa.Array, where: NDArray[np.bool_]) -> pa.Array:
    """The column with NULL elsewhere."""
    return pc.if_else(pa.array(where), column, pa.scalar(None, pa.string()))


def hundredths(values: Ints) -> pa.Array:
    """Whole numbers of hundredths as decimal text."""
    return _point(values // 100, values % 100, 2)


def _point(whole: Ints, rest: Ints, digits: int) -> pa.Array:
    return pc.binary_join_element_wise(text(whole), pc.utf8_lpad(text(rest), digits, "0"), ".")
