"""The trade of an invented country, as large as wished: what every contestant is given, and nothing else.

    dataflow SEN:TRADE(1.0)   key FREQ . INDICATOR . REGION . PRODUCT   144 months from 2012-01

10 indicators x 63 regions x n products; 110 products make 9,979,200 observations, 1,100 make ten times as many. Values are
decimals with none, one or two places, one in a hundred is missing (status M), the last year is provisional (P). The same seed
makes the same country; a region's figures do not depend on how many products there are besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product as pairs
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch, Coded, Numbers
from registry.model import (
    Agency,
    AgencyScheme,
    Artefact,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Level,
    Measure,
    Structure,
    coded,
)
from registry.period import parse_period, period_text
from registry.ref import Kind, Ref

MONTHS = 144
FIRST = parse_period("2012-01").ordinal
PERIODS = tuple(period_text("M", FIRST + month) for month in range(MONTHS))
REGIONS = tuple(f"{number:02d}" for number in range(1, 64))
STATUSES = ("A", "E", "M", "P")
MULTIPLIERS = ("0", "3", "6")
INDICATORS = (
    ("EXP_MASS", "Khối lượng xuất khẩu", "Exports, net mass"),
    ("EXP_PRICE", "Đơn giá xuất khẩu", "Exports, unit value"),
    ("EXP_VALUE", "Trị giá xuất khẩu", "Exports, value"),
    ("IMP_DUTY", "Thuế nhập khẩu", "Import duties"),
    ("IMP_MASS", "Khối lượng nhập khẩu", "Imports, net mass"),
    ("IMP_PRICE", "Đơn giá nhập khẩu", "Imports, unit value"),
    ("IMP_VALUE", "Trị giá nhập khẩu", "Imports, value"),
    ("REEXPORT", "Trị giá tái xuất", "Re-exports, value"),
    ("STOCK", "Tồn kho cuối kỳ", "Stocks at the end"),
    ("TRANSIT", "Hàng quá cảnh", "Transit, value"),
)
_UNIT_NAMES = (("TAN", "Tấn", "Tonnes"), ("USD", "Đô la Mỹ", "US dollars"))
_MULTIPLIER_NAMES = (("0", "Đơn vị", "Units"), ("3", "Nghìn", "Thousands"), ("6", "Triệu", "Millions"))
_STATUS_NAMES = (
    ("A", "Bình thường", "Normal"),
    ("E", "Ước tính", "Estimated"),
    ("M", "Thiếu", "Missing"),
    ("P", "Sơ bộ", "Provisional"),
)
_HEADS = "Đồng:Field Bến:Quay Ấp:Hamlet Vườn:Garden Đảo:Island Cầu:Bridge Núi:Hill"
_TAILS = "Sen:Lotus Đá:Stone Mới:New Gió:Wind Trúc:Bamboo Sao:Star Bạc:Silver Hạc:Crane Mây:Cloud"
_GOODS = "Gạo:Rice Chè:Tea Gỗ:Timber Vải:Cloth Gốm:Pottery Giấy:Paper Thép:Steel Sứ:China Lụa:Silk Muối:Salt Kính:Glass"


def _words(text: str) -> list[list[str]]:
    return [word.split(":") for word in text.split()]


def _ref(kind: Kind, id: str) -> Ref:
    return Ref(kind, "SEN", id, "1.0")


def _list(id: str, vi: str, en: str, codes: tuple[tuple[str, str, str], ...], root: str | None = None) -> Codelist:
    items = tuple(Code(code, {"vi": v, "en": e}, parent=None if code == root else root) for code, v, e in codes)
    return Codelist(ref=_ref(Kind.CODELIST, id), names={"vi": vi, "en": en}, items=items, is_final=True)


def _regions() -> tuple[tuple[str, str, str], ...]:
    names = ((f"{head[0]} {tail[0]}", f"{tail[1]} {head[1]}") for head, tail in pairs(_words(_HEADS), _words(_TAILS)))
    return ("_T", "Cả nước", "Whole country"), *((code, vi, en) for code, (vi, en) in zip(REGIONS, names, strict=True))


def _products(count: int) -> tuple[tuple[str, str, str], ...]:
    goods = _words(_GOODS)
    kinds = ((p_code(n), *goods[n % len(goods)], n // len(goods) + 1) for n in range(count))
    return tuple((code, f"{vi} loại {grade}", f"{en}, grade {grade}") for code, vi, en, grade in kinds)


def p_code(number: int) -> str:
    """The code of the n-th product, from 0."""
    return f"{number + 1:04d}"


_CONCEPTS = ConceptScheme(
    ref=_ref(Kind.CONCEPT_SCHEME, "CONCEPTS"),
    names={"vi": "Khái niệm", "en": "Concepts"},
    items=tuple(
        Concept(id, {"vi": vi, "en": en})
        for id, vi, en in (
            ("FREQ", "Tần suất", "Frequency"),
            ("INDICATOR", "Chỉ tiêu", "Indicator"),
            ("REGION", "Vùng", "Region"),
            ("PRODUCT", "Mặt hàng", "Product"),
            ("TIME_PERIOD", "Kỳ", "Period"),
            ("OBS_VALUE", "Giá trị", "Value"),
            ("UNIT_MEASURE", "Đơn vị tính", "Unit of measure"),
            ("UNIT_MULT", "Bội số", "Unit multiplier"),
            ("OBS_STATUS", "Trạng thái quan sát", "Observation status"),
        )
    ),
)


@dataclass(frozen=True)
class World:
    """The country with so many products."""

    products: int = 110
    seed: int = 1

    @property
    def series(self) -> int:
        return len(INDICATORS) * len(REGIONS) * self.products

    @property
    def observations(self) -> int:
        return self.series * MONTHS

    @cached_property
    def codelists(self) -> dict[str, Codelist]:
        """By component."""
        return {
            "FREQ": _list("CL_FREQ", "Tần suất", "Frequency", (("M", "Tháng", "Monthly"),)),
            "INDICATOR": _list("CL_INDICATOR", "Chỉ tiêu", "Indicator", INDICATORS),
            "REGION": _list("CL_REGION", "Vùng", "Region", _regions(), root="_T"),
            "PRODUCT": _list("CL_PRODUCT", "Mặt hàng", "Product", _products(self.products)),
            "UNIT_MEASURE": _list("CL_UNIT", "Đơn vị", "Unit", _UNIT_NAMES),
            "UNIT_MULT": _list("CL_UNIT_MULT", "Bội số", "Multiplier", _MULTIPLIER_NAMES),
            "OBS_STATUS": _list("CL_OBS_STATUS", "Trạng thái", "Status", _STATUS_NAMES),
        }

    @cached_property
    def structure(self) -> Structure:
        def part(id: str) -> dict[str, Any]:
            codelist = self.codelists.get(id)
            return {
                "id": id,
                "concept_identity": _CONCEPTS.ref.item(id),
                "representation": coded(codelist.ref if codelist else None),
            }

        dsd = DataStructure(
            ref=_ref(Kind.DATA_STRUCTURE, "TRADE"),
            names={"vi": "Cấu trúc ngoại thương", "en": "Trade structure"},
            is_final=True,
            dimensions=(
                *(Dimension(**part(id)) for id in ("FREQ", "INDICATOR", "REGION", "PRODUCT")),
                Dimension(**part("TIME_PERIOD"), is_time=True),
            ),
            attributes=(
                Attribute(**part("UNIT_MEASURE"), level=Level.SERIES, mandatory=True),
                Attribute(**part("UNIT_MULT"), level=Level.SERIES, mandatory=True),
                Attribute(**part("OBS_STATUS")),
            ),
            measures=(Measure(**part("OBS_VALUE")),),
        )
        names = {"vi": "Ngoại thương", "en": "Trade"}
        flow = Dataflow(ref=_ref(Kind.DATAFLOW, "TRADE"), names=names, structure=dsd.ref, is_final=True)
        return Structure(dataflow=flow, dsd=dsd, codelists=self.codelists, concepts=_CONCEPTS.by_id)

    @property
    def artefacts(self) -> tuple[Artefact, ...]:
        agencies = AgencyScheme(
            ref=Ref(Kind.AGENCY_SCHEME, "SDMX", "AGENCIES", "1.0"),
            names={"vi": "Cơ quan", "en": "Agencies"},
            items=(Agency("SEN", {"vi": "Cục Thống kê Đất Nước Sen", "en": "Statistics of Lotus Country"}),),
        )
        structure = self.structure
        return agencies, *self.codelists.values(), _CONCEPTS, structure.dsd, structure.dataflow

    def blocks(self) -> Iterator[Block]:
        """All data in key order, an indicator and a region at a time."""
        for indicator, region in pairs(range(len(INDICATORS)), range(len(REGIONS))):
            yield self.block(indicator, region)

    def block(self, indicator: int, region: int) -> Block:
        """The figures of one indicator in one region."""
        shape = (self.products, MONTHS)
        # Drawn product by product in the same order, so that a longer list of products only adds figures.
        random = np.random.Generator(np.random.PCG64([self.seed, indicator, region]))
        drawn = random.random((self.products, 2 * MONTHS + 2))
        level, places = 10 ** (1 + 4 * drawn[:, :1]), (drawn[:, 1] * 3).astype(np.int64)
        season = 1 + 0.2 * np.sin(np.arange(MONTHS) * (2 * np.pi / 12))
        growth = 1.003 ** np.arange(MONTHS)
        rough = level * season * growth * (0.9 + 0.2 * drawn[:, 2 : MONTHS + 2])
        # A whole number divided by a power of ten is the float nearest to that decimal: its shortest text is the decimal.
        scale = 10.0 ** places[:, None]
        values = np.rint(rough * scale) / scale
        luck = drawn[:, MONTHS + 2 :]
        status = np.full(shape, STATUSES.index("A"), np.int32)
        status[luck < 0.05] = STATUSES.index("E")
        status[:, -12:] = STATUSES.index("P")
        missing = luck < 0.01
        status[missing] = STATUSES.index("M")
        return Block(indicator, region, np.where(missing, np.nan, values), status)


def described(indicator: int) -> tuple[str, str]:
    """Unit and multiplier of an indicator."""
    return "TAN" if indicator in (0, 4, 8) else "USD", MULTIPLIERS[indicator % len(MULTIPLIERS)]


@dataclass(frozen=True)
class Block:
    """``values`` float64 and ``status`` int32 (places in STATUSES), each of products x months; NaN is missing."""

    indicator: int
    region: int
    values: NDArray[np.float64]
    status: NDArray[np.int32]

    def batch(self) -> Batch:
        """As the hub's drafts take it."""
        products = len(self.values)
        unit, multiplier = described(self.indicator)
        return Batch(
            key=(
                Coded.constant("M", products),
                Coded.constant(INDICATORS[self.indicator][0], products),
                Coded.constant(REGIONS[self.region], products),
                Coded(tuple(p_code(number) for number in range(products)), np.arange(products, dtype=np.int32)),
            ),
            frequencies=np.full(products, "M"),
            starts=np.arange(products + 1, dtype=np.int64) * MONTHS,
            ordinals=np.tile(np.arange(FIRST, FIRST + MONTHS, dtype=np.int64), products),
            measures={"OBS_VALUE": Numbers(self.values.ravel())},
            attributes={"OBS_STATUS": Coded(STATUSES, self.status.ravel())},
            series_attributes={
                "UNIT_MEASURE": Coded.constant(unit, products),
                "UNIT_MULT": Coded.constant(multiplier, products),
            },
        )


def world_of(observations: int, seed: int = 1) -> World:
    """The country that has about so many observations."""
    return World(max(1, round(observations / (len(INDICATORS) * len(REGIONS) * MONTHS))), seed)
