"""A small invented country for every test.

Đất Nước Sen ("Lotus Country", agency SEN) has three provinces and counts its harvest.

    dataflow SEN:MUA(1.0)  "Mùa màng / Harvest"
    key      FREQ . PROVINCE . CROP                        time TIME_PERIOD

    PROVINCE   _T  Cả nước (Whole country)                 CROP   LUA   Lúa (Rice)
               01  Đồng Sen (Lotus Field)                         NGO   Ngô (Maize)
               02  Bến Đá (Stone Quay)
               03  Ấp Mới (New Hamlet)

    series attributes       UNIT_MEASURE (mandatory, TAN = tonnes), UNIT_MULT (mandatory)
    observation attributes  OBS_STATUS (conditional), NOTE (free text)
    data set attribute      COMMENT_DSET (conditional)

What is known of it (``HARVEST`` below), thousands of tonnes:

                     2023-Q1   2023-Q2   2023-Q3   2023-Q4   2024-Q1
    Q.01.LUA           120.5     98.25    130.0        -      140.125      "-": present without a value
    Q.02.LUA            80         -         81                            here "-": absent
    Q.01.NGO            15.10
    A.01.LUA          2023: 348.75
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from registry.attribution import Act
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
from registry.period import parse_period
from registry.ref import Kind, Ref
from registry.series import Series


def _list(id: str, vi: str, en: str, *codes: tuple[str, str, str] | tuple[str, str, str, str]) -> Codelist:
    items = tuple(Code(code[0], {"vi": code[1], "en": code[2]}, parent=code[3] if len(code) > 3 else None) for code in codes)
    return Codelist(ref=Ref(Kind.CODELIST, "SEN", id, "1.0"), names={"vi": vi, "en": en}, items=items, is_final=True)


AGENCIES = AgencyScheme(
    ref=Ref(Kind.AGENCY_SCHEME, "SDMX", "AGENCIES", "1.0"),
    names={"vi": "Cơ quan", "en": "Agencies"},
    items=(Agency("SEN", {"vi": "Cục Thống kê Đất Nước Sen", "en": "Statistics of Lotus Country"}),),
)
FREQ = _list("CL_FREQ", "Tần suất", "Frequency", ("A", "Năm", "Annual"), ("Q", "Quý", "Quarterly"), ("M", "Tháng", "Monthly"))
PROVINCE = _list(
    "CL_PROVINCE",
    "Tỉnh",
    "Province",
    ("_T", "Cả nước", "Whole country"),
    ("01", "Đồng Sen", "Lotus Field", "_T"),
    ("02", "Bến Đá", "Stone Quay", "_T"),
    ("03", "Ấp Mới", "New Hamlet", "_T"),
)
CROP = _list("CL_CROP", "Cây trồng", "Crop", ("LUA", "Lúa", "Rice"), ("NGO", "Ngô", "Maize"))
UNIT = _list("CL_UNIT", "Đơn vị", "Unit", ("TAN", "Tấn", "Tonnes"), ("TA", "Tạ", "Quintals"))
MULT = _list("CL_UNIT_MULT", "Bội số", "Multiplier", ("0", "Đơn vị", "Units"), ("3", "Nghìn", "Thousands"))
STATUS = _list("CL_OBS_STATUS", "Trạng thái", "Status", ("A", "Bình thường", "Normal"), ("P", "Sơ bộ", "Provisional"))

CONCEPTS = ConceptScheme(
    ref=Ref(Kind.CONCEPT_SCHEME, "SEN", "CONCEPTS", "1.0"),
    names={"vi": "Khái niệm", "en": "Concepts"},
    items=tuple(
        Concept(id, {"vi": vi, "en": en})
        for id, vi, en in (
            ("FREQ", "Tần suất", "Frequency"),
            ("PROVINCE", "Tỉnh", "Province"),
            ("CROP", "Cây trồng", "Crop"),
            ("TIME_PERIOD", "Kỳ", "Period"),
            ("OBS_VALUE", "Giá trị", "Value"),
            ("UNIT_MEASURE", "Đơn vị tính", "Unit of measure"),
            ("UNIT_MULT", "Bội số", "Unit multiplier"),
            ("OBS_STATUS", "Trạng thái quan sát", "Observation status"),
            ("NOTE", "Ghi chú", "Note"),
            ("COMMENT_DSET", "Ghi chú về bộ dữ liệu", "Comment on the data set"),
        )
    ),
)


def _part(id: str, codelist: Codelist | None = None) -> dict[str, Any]:
    return {"id": id, "concept_identity": CONCEPTS.ref.item(id), "representation": coded(codelist.ref if codelist else None)}


DSD = DataStructure(
    ref=Ref(Kind.DATA_STRUCTURE, "SEN", "MUA", "1.0"),
    names={"vi": "Cấu trúc mùa màng", "en": "Harvest structure"},
    is_final=True,
    dimensions=(
        Dimension(**_part("FREQ", FREQ)),
        Dimension(**_part("PROVINCE", PROVINCE)),
        Dimension(**_part("CROP", CROP)),
        Dimension(**_part("TIME_PERIOD"), is_time=True),
    ),
    attributes=(
        Attribute(**_part("UNIT_MEASURE", UNIT), level=Level.SERIES, mandatory=True),
        Attribute(**_part("UNIT_MULT", MULT), level=Level.SERIES, mandatory=True),
        Attribute(**_part("OBS_STATUS", STATUS)),
        Attribute(**_part("NOTE")),
        Attribute(**_part("COMMENT_DSET"), level=Level.DATA_SET),
    ),
    measures=(Measure(**_part("OBS_VALUE")),),
)
DATAFLOW = Dataflow(
    ref=Ref(Kind.DATAFLOW, "SEN", "MUA", "1.0"),
    names={"vi": "Mùa màng", "en": "Harvest"},
    descriptions={"vi": "Sản lượng theo tỉnh và cây trồng.", "en": "Output by province and crop."},
    structure=DSD.ref,
    is_final=True,
)
ARTEFACTS: tuple[Artefact, ...] = (
    AGENCIES,
    FREQ,
    PROVINCE,
    CROP,
    UNIT,
    MULT,
    STATUS,
    CONCEPTS,
    DSD,
    DATAFLOW,
)
STRUCTURE = Structure(
    dataflow=DATAFLOW,
    dsd=DSD,
    codelists={
        "FREQ": FREQ,
        "PROVINCE": PROVINCE,
        "CROP": CROP,
        "UNIT_MEASURE": UNIT,
        "UNIT_MULT": MULT,
        "OBS_STATUS": STATUS,
    },
    concepts=CONCEPTS.by_id,
)
TONNES = {"UNIT_MEASURE": "TAN", "UNIT_MULT": "3"}


def series(key: str, observations: dict[str, str | None], status: str | None = None) -> Series:
    """One series from ``Q.01.LUA`` and period -> value; ``status`` becomes OBS_STATUS of every observation."""
    periods = [parse_period(text) for text in observations]
    return Series(
        key=tuple(key.split(".")),
        frequency=periods[0].frequency,
        ordinals=np.array([period.ordinal for period in periods], dtype=np.int64),
        values=list(observations.values()),
        attributes=TONNES,
        observation_attributes={"OBS_STATUS": [status] * len(periods)} if status else {},
    )


def harvest() -> Iterator[Series]:
    """What is known of the harvest, as drawn above."""
    yield series("A.01.LUA", {"2023": "348.75"})
    yield series(
        "Q.01.LUA", {"2023-Q1": "120.5", "2023-Q2": "98.25", "2023-Q3": "130.0", "2023-Q4": None, "2024-Q1": "140.125"}
    )
    yield series("Q.01.NGO", {"2023-Q1": "15.10"}, status="P")
    yield series("Q.02.LUA", {"2023-Q1": "80", "2023-Q3": "81"})


def act(at: datetime, what: str = "drawn") -> Act:
    """A change of the registry by the office."""
    return Act(at, "Office", what)
