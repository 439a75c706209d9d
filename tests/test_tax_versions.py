"""Codes in time on tax returns: an activity is read in the version of VSIC that was in force in the period it is declared for.

VSIC 2018 held until 2025-11-14, VSIC 2025 holds since. What the tests declare, by division and section of each::

    VSIC 2018                            VSIC 2025                         way
    J 62 programming                     K 62                              one to one; only the letter tells them apart
    G 45 sale and repair of cars         G 46, G 47, T 95                  parted: no single code takes its place
    L 68 real estate, part of F 41       M 68                              back to L by convention
    G 46 wholesale                       G 46                              the same code in both
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from adapters.base import Source, Transition
from registry.errors import NotFound
from tests.declarations import BAO, LAN, SEN, TAX, Record, declaration, month, quarter, take
from tests.intake import broken_rules, opened

NOT_IN_FORCE, RECODED = {"VAT_ACTIVITY_NOT_IN_FORCE"}, {"VAT_ACTIVITY_OTHER_VERSION"}
BY_CONVENTION, UNKNOWN = {"VAT_ACTIVITY_BY_CONVENTION"}, {"VAT_ACTIVITY_UNKNOWN"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(TAX.source, tmp_path_factory.mktemp("bench")) as connection:
        yield connection


def activity(code: str, period: Record, **more: str) -> Record:
    """A sound declaration of a later day than any period here, by someone of this activity."""
    return {**declaration(**period), "nganh_nghe": code, "ngay_lap": "2026-07-20", "ngay_nop": "2026-07-20", **more}


def broken(bench: duckdb.DuckDBPyConnection, code: str, period: Record, source: Source = TAX.source) -> set[str]:
    return broken_rules(bench, source, [activity(code, period)])[0]


@pytest.mark.parametrize(
    ("code", "period", "expected"),
    [
        ("J6201", month(10, 2025), set()),
        ("K6201", month(12, 2025), set()),
        ("6201", month(10, 2025), set()),
        ("6201", month(12, 2025), set()),
        ("G4669", month(12, 2025), set()),
        ("J6201", month(12, 2025), RECODED),
        ("K6201", month(10, 2025), RECODED),
        ("G4530", month(10, 2025), set()),
        ("G4530", month(12, 2025), NOT_IN_FORCE),
        ("4530", quarter(1, 2026), NOT_IN_FORCE),
        ("M6810", month(12, 2025), BY_CONVENTION),
        ("M6810", month(10, 2025), NOT_IN_FORCE),
        ("J4669", month(10, 2025), UNKNOWN),
        ("V9900", month(12, 2025), set()),
    ],
)
def test_a_code_counts_in_the_version_of_its_period(
    bench: duckdb.DuckDBPyConnection, code: str, period: Record, expected: set[str]
) -> None:
    assert broken(bench, code, period) == expected


@pytest.mark.parametrize("period", [month(11, 2025), quarter(4, 2025)])
def test_in_a_period_with_days_of_both_versions_either_may_be_used(bench: duckdb.DuckDBPyConnection, period: Record) -> None:
    told = {code: broken(bench, code, period) for code in ("J6201", "K6201", "G4530", "T9531")}
    assert told == {"J6201": set(), "K6201": set(), "G4530": set(), "T9531": BY_CONVENTION}


def test_a_period_that_cannot_be_read_is_not_said_to_have_other_codes(bench: duckdb.DuckDBPyConnection) -> None:
    assert broken(bench, "G4530", {"ky_kkhai": "13/2025", "tu_ngay": None, "den_ngay": None}) == {"VAT_PERIOD_INVALID"}


def test_a_code_out_of_its_time_takes_the_return_out_with_its_place_and_field(tmp_path: Path) -> None:
    """Bảo still declares the sale of cars (45) for December; Sen's and Lan's codes lead over as a whole."""
    december = month(12, 2025)
    intake = take(
        tmp_path,
        activity("J6201", december, mst=SEN),
        activity("G4530", december, mst=BAO),
        activity("M6810", december, mst=LAN),
    )
    assert intake.broken == {"2": NOT_IN_FORCE}
    with duckdb.connect() as connection:
        rejects = f"{intake.part}.rejects.parquet"
        found = connection.execute('SELECT "column", value FROM read_parquet($1)', [rejects]).fetchall()
    assert found == [("nganh_nghe", "G4530")]
    assert {row["section"] for row in intake.microdata()} == {"J", "L"}


def test_figures_stay_in_the_sections_of_2018(tmp_path: Path) -> None:
    """The letters K, M and T of VSIC 2025 are J, L and S of VSIC 2018; a year of one firm is one series."""
    codes = {8: "J6201", 11: "K6201", 12: "K6219"}
    intake = take(tmp_path, *(activity(code, month(number)) for number, code in codes.items()))
    assert [(row["section"], row["division"]) for row in intake.microdata()] == [("J", "62")] * 3
    told = take(tmp_path, activity("T9531", month(12)), activity("G4662", month(12), mst=BAO))
    assert sorted((row["section"], row["division"]) for row in told.microdata()) == [("G", "_X"), ("S", "_X")]


def test_a_transition_by_law_stands_in_the_page_of_the_source(tmp_path: Path) -> None:
    """Another country lets declarants use the old list until the end of March, and the new one from July."""
    old = Transition("NSO:CL_VSIC(1.0)", "Luật chuyển tiếp", until=date(2026, 3, 31))
    new = Transition("NSO:CL_VSIC(2.0)", "Luật chuyển tiếp", since=date(2025, 7, 1))
    source = replace(TAX.source, transitions=(old, new))
    with opened(source, tmp_path) as connection:
        told = {
            (code, str(period["ky_kkhai"])): broken(connection, code, period, source)
            for code, period in [
                ("G4530", month(3, 2026)),
                ("G4530", month(4, 2026)),
                ("T9531", month(7, 2025)),
                ("T9531", month(6, 2025)),
            ]
        }
    assert list(told.values()) == [set(), NOT_IN_FORCE, BY_CONVENTION, NOT_IN_FORCE]


def test_provinces_are_old_from_the_day_the_registry_says(bench: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """213 is Yên Bái, which is part of Lào Cai since 2025-07-01: the figures go over as a whole, the sender is told."""
    merged = {"VAT_PROVINCE_ABOLISHED"}
    assert broken(bench, "G4669", {**month(6), "ma_tinh": "213"}) == set()
    assert broken(bench, "G4669", {**quarter(2), "ma_tinh": "213"}) == set()
    assert broken(bench, "G4669", {**month(7), "ma_tinh": "213"}) == merged
    source = replace(TAX.source, transitions=(Transition("NSO:CL_PROVINCE(1.0)", "Luật", until=date(2025, 9, 30)),))
    with opened(source, tmp_path) as connection:
        told = [broken(connection, "G4669", {**month(each), "ma_tinh": "213"}, source) for each in (9, 10)]
    assert told == [set(), merged]


def test_a_source_that_names_a_classification_nobody_has_is_told_which_there_are(tmp_path: Path) -> None:
    source = replace(TAX.source, tables={**TAX.source.tables, "vsic": "classification NSO:VSICC"})
    with pytest.raises(NotFound) as refused, opened(source, tmp_path):
        pass
    assert refused.value.code == "CLASSIFICATION_NOT_FOUND" and "VSIC" in refused.value.detail("vi")
