"""From a VAT declaration to published figures: rules, microdata, compilation (tests/declarations.py draws the declarations)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.tax.population import facts
from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.correspondence import Correspondence, State, state_of
from registry.errors import Invalid
from registry.ports import PUBLIC
from registry.ref import Kind, Ref
from registry.selection import select
from tests.declarations import AMOUNTS, BAO, LAN, SEN, SOUND, TAX, Record, code, declaration, month, quarter, read, take
from tests.intake import Intake, Shelf, broken_rules, compiled, opened


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(TAX.source, tmp_path_factory.mktemp("bench")) as connection:
        yield connection


def rules(bench: duckdb.DuckDBPyConnection, record: Record) -> set[str]:
    """The rules one record breaks."""
    return broken_rules(bench, TAX.source, [record])[0]


# --- the rules --------------------------------------------------------------------------------------------------------------


def test_the_sound_declaration_breaks_no_rule(bench: duckdb.DuckDBPyConnection) -> None:
    assert rules(bench, SOUND) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mst": None}, "VAT_TAX_CODE_MISSING"),
        ({"mst": "12345"}, "VAT_TAX_CODE_SHAPE"),
        ({"mst": f"{SEN}-000"}, "VAT_TAX_CODE_SHAPE"),
        ({"mst": SEN[:9] + str((int(SEN[9]) + 1) % 10)}, "VAT_TAX_CODE_CHECK_DIGIT"),
        ({"ma_tkhai": "892"}, "VAT_OTHER_FORM"),
        ({"ma_tkhai": None}, "VAT_OTHER_FORM"),
        ({"pban_tkhai": "1.7.1"}, "VAT_FORM_LAYOUT"),
        ({"pban_tkhai": "2.10.0"}, "VAT_FORM_VERSION_UNKNOWN"),
        ({"ky_kkhai": "13/2025"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Q"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Y"}, "VAT_PERIOD_INVALID"),
        ({"kieu_ky": "Q", "ky_kkhai": "3/2025", "tu_ngay": "01/03/2025", "den_ngay": "31/03/2025"}, "VAT_PERIOD_KIND"),
        ({"den_ngay": "30/10/2025"}, "VAT_PERIOD_KIND"),
        ({"ky_kkhai": "10/2021", "tu_ngay": None, "den_ngay": None}, "VAT_PERIOD_BEFORE_FORM"),
        ({"ngay_nop": "2025-09-30"}, "VAT_PERIOD_NOT_BEGUN"),
        ({"ngay_lap": "ngày mai"}, "VAT_DATE_INVALID"),
        ({"ma_tinh": "999"}, "VAT_PROVINCE_UNKNOWN"),
        ({"ma_tinh": None}, "VAT_PROVINCE_UNKNOWN"),
        ({"ma_tinh": "213"}, "VAT_PROVINCE_ABOLISHED"),
        ({"nganh_nghe": "0000"}, "VAT_ACTIVITY_UNKNOWN"),
        ({"so_lan": "lần 1"}, "VAT_AMENDMENT_NUMBER"),
        ({"so_lan": "1", "giai_trinh": "1"}, "VAT_AMENDMENT_KIND"),
        ({"loai_tkhai": "B", "so_lan": "1"}, "VAT_AMENDMENT_UNEXPLAINED"),
        ({"ct38": "1.000.000"}, "VAT_NUMBER_38"),
        ({"ct38": "0.001"}, "VAT_NUMBER_38"),
        ({"ct23a": "-5"}, "VAT_NEGATIVE_23A"),
        ({"ct34": "100000020"}, "VAT_SUM_34"),
        ({"ct23a": "70000000"}, "VAT_PART_23A"),
        ({"ct24a": "7000000"}, "VAT_PART_24A"),
        ({"ct21": "1"}, "VAT_NO_TRANSACTIONS"),
        ({"ct43": "500"}, "VAT_SUM_43"),
        ({"sua_loi": "namespace"}, "VAT_NAMESPACE_MISSING"),
        ({"sua_loi": "ampersand"}, "VAT_AMPERSAND_REPAIRED"),
    ],
)
def test_each_fault_is_found_by_its_rule_and_by_no_other(
    bench: duckdb.DuckDBPyConnection, change: dict[str, str | None], expected: str
) -> None:
    assert rules(bench, {**SOUND, **change}) == {expected}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ct27": "90000000"}, "VAT_SUM_27"),
        ({"ct28": "9000000"}, "VAT_SUM_28"),
        ({"ct35": "9000000"}, "VAT_SUM_35"),
        ({"ct25": "7000000"}, "VAT_PART_25"),
        ({"ct36": "5000000"}, "VAT_SUM_36"),
        ({"ct22": "1000000"}, "VAT_SUM_40A"),
        ({"ct40b": "5000000"}, "VAT_PART_40B"),
        ({"ct40": "1"}, "VAT_SUM_40"),
        ({"ct41": "100"}, "VAT_SUM_41"),
        ({"ct42": "100"}, "VAT_PART_42"),
        ({"ct33": "12000000"}, "VAT_RATE_10"),
        ({"ct33": "7000000"}, "VAT_RATE_10"),
        ({"ct30": "1000000", "ct31": "80000"}, "VAT_RATE_5"),
        ({"ct33": "10000"}, "VAT_RATE_UNIT"),
        ({"ct33": "100000000000"}, "VAT_RATE_UNIT"),
    ],
)
def test_the_arithmetic_of_the_form_is_checked_line_by_line(
    bench: duckdb.DuckDBPyConnection, change: dict[str, str], expected: str
) -> None:
    assert expected in rules(bench, {**SOUND, **change})


def test_eight_per_cent_sales_stand_with_the_ten_per_cent_ones(bench: duckdb.DuckDBPyConnection) -> None:
    eight = dict.fromkeys(("ct33", "ct28", "ct35"), "8000000") | dict.fromkeys(("ct36", "ct40a", "ct40"), "2000000")
    assert rules(bench, declaration(**eight)) == set()


def test_nothing_to_declare_may_still_carry_credit(bench: duckdb.DuckDBPyConnection) -> None:
    empty = {**SOUND, **dict.fromkeys(AMOUNTS), "ct21": "1", "ct22": "500000", "ct41": "500000", "ct43": "500000"}
    assert rules(bench, empty) == set()
    assert rules(bench, {**empty, "ct21": None, "ct22": None, "ct41": None, "ct43": None}) == {"VAT_EMPTY"}


def test_amounts_in_thousands_are_doubted(bench: duckdb.DuckDBPyConnection) -> None:
    thousands = {line: str(amount // 1000) for line, amount in AMOUNTS.items()}
    assert rules(bench, declaration(**thousands)) == {"VAT_UNIT_DOUBTFUL"}
    large = {line: str(amount * 1000) for line, amount in AMOUNTS.items()}
    assert rules(bench, declaration(**large)) == {"VAT_UNIT_DOUBTFUL"}


def test_returned_goods_can_make_sales_negative(bench: duckdb.DuckDBPyConnection) -> None:
    back = declaration(-50_000_000) | {"ct40a": None, "ct40": None, "ct41": "5000000", "ct43": "5000000"}
    assert rules(bench, back) == {"VAT_NEGATIVE_SALES"}


def test_only_the_rejecting_rules_take_a_record_out(tmp_path: Path) -> None:
    intake = take(tmp_path, SOUND, declaration(ct34="7"), declaration(ct27="7"))
    assert (intake.taken.accepted, intake.taken.rejected) == (2, 1)
    assert intake.broken == {"3": {"VAT_SUM_27"}}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(serials=st.lists(st.integers(0, 999_999_999), min_size=1, max_size=200))
def test_the_check_digit_is_the_published_one(bench: duckdb.DuckDBPyConnection, serials: list[int]) -> None:
    """Of the ten codes a serial could have exactly one is right, and none where the remainder is zero (never issued)."""
    texts = [f"{serial:09d}" for serial in serials]
    right = "list_filter(range(10), lambda d: check_digit_right(s || d))"
    found = bench.execute(f"SELECT {right} FROM (SELECT unnest($1) AS s)", [texts]).fetchall()
    expected = [[int(code(text)[9:])] if len(code(text)) == 10 else [] for text in texts]
    assert [row[0] for row in found] == expected


lines = st.integers(0, 10**13)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.fixed_dictionaries(dict.fromkeys(("22", "23", "26", "29", "30", "32", "37", "38"), lines)))
def test_a_declaration_filled_in_by_the_form_breaks_no_sum(bench: duckdb.DuckDBPyConnection, amounts: dict[str, int]) -> None:
    """Whatever the free lines are, following the form's own arithmetic satisfies every rule about it."""
    form = dict(amounts)
    form["31"], form["33"], form["24"] = form["30"] * 5 // 100, form["32"] * 9 // 100, form["23"] // 10
    form["25"], form["27"], form["28"] = form["24"], form["29"] + form["30"] + form["32"], form["31"] + form["33"]
    form["34"], form["35"], form["36"] = form["26"] + form["27"], form["28"], form["28"] - form["25"]
    left = form["36"] - form["22"] + form["37"] - form["38"]
    form["40a"] = form["40"] = max(0, left)
    form["41"] = form["43"] = max(0, -left)
    record = {**SOUND, **dict.fromkeys(AMOUNTS), **{f"ct{line}": str(amount) for line, amount in form.items()}}
    assert rules(bench, record) <= {"VAT_UNIT_DOUBTFUL"}


# --- microdata --------------------------------------------------------------------------------------------------------------


def test_microdata_has_codes_of_the_statistics_office_and_no_tax_code(tmp_path: Path) -> None:
    (row,) = take(tmp_path, declaration(ma_tinh="213", nganh_nghe="2592", **month(5))).microdata()
    assert (row["tax_province"], row["province_63"], row["province"]) == ("213", "15", "15")
    assert (row["division"], row["section"], row["id_type"], row["frequency"]) == ("25", "C", "TAX10", "M")
    assert row["sales_taxable"] == Decimal("100000000.00")
    assert SEN not in map(str, row.values())


def test_reused_province_codes_go_where_the_territory_went(tmp_path: Path) -> None:
    """24 was Bắc Giang and is Bắc Ninh, 27 was Bắc Ninh: both are 24 today, and nothing is 27 any more."""
    rows = take(tmp_path, declaration(ma_tinh="221"), declaration(ma_tinh="223", mst=BAO)).microdata()
    assert sorted((row["tax_province"], row["province_63"], row["province"]) for row in rows) == [
        ("221", "24", "24"),
        ("223", "27", "24"),
    ]


def test_unknown_province_and_activity_are_kept_as_not_specified(tmp_path: Path) -> None:
    (row,) = take(tmp_path, declaration(ma_tinh="999", nganh_nghe="xx")).microdata()
    assert (row["province"], row["section"], row["division"]) == ("_X", "_X", "_X")


def test_a_branch_has_a_pseudonym_of_its_own_and_its_parents_enterprise(tmp_path: Path) -> None:
    parent, branch, person = take(
        tmp_path, SOUND, declaration(mst=f"{SEN}-001", ct22="0"), declaration(mst="001099000001", ct22="1")
    ).microdata()
    kinds = {row["id_type"]: row for row in (parent, branch, person)}
    assert set(kinds) == {"TAX10", "TAX13", "PERSON12"}
    assert kinds["TAX13"]["enterprise"] == kinds["TAX10"]["pseudonym"] != kinds["TAX13"]["pseudonym"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(0, 10**15, allow_nan=False, places=2), min_size=1, max_size=50))
def test_amounts_come_out_exactly_as_they_went_in(tmp_path: Path, amounts: list[Decimal]) -> None:
    rows = take(tmp_path, *(declaration(ct23=f"{amount:f}") for amount in amounts)).microdata()
    assert sorted(row["purchases"] for row in rows) == sorted(amounts)


# --- figures ----------------------------------------------------------------------------------------------------------------


def figures(*deliveries: Intake, by: str = "OBS_VALUE", **key: str) -> dict[Any, Any]:
    """Observations of a part of the cube: (indicator, period) or whatever is not fixed -> value."""
    names = [name for name in ("FREQ", "PROVINCE", "ACTIVITY", "INDICATOR", "TIME_PERIOD") if name not in key]
    rows = [row for row in compiled(deliveries, "VAT") if all(row[name] == value for name, value in key.items())]
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row[by] for row in rows}


TOTAL = {"PROVINCE": "_T", "ACTIVITY": "_T"}


def test_an_amendment_replaces_what_came_before_whatever_the_order(tmp_path: Path) -> None:
    """Original 100 million, amended to 120 and again to 90; the second amendment arrives first."""
    first = declaration(100_000_000)
    second = declaration(120_000_000, loai_tkhai="B", so_lan="1", giai_trinh="1")
    third = declaration(90_000_000, loai_tkhai="B", so_lan="2", giai_trinh="1")
    early, late = take(tmp_path, third, first), take(tmp_path, second)
    for deliveries in ((early, late), (late, early)):
        sales = figures(*deliveries, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL)
        assert sales == {"2025-10": "90000000"}


def test_of_one_declaration_sent_twice_the_latest_received_counts(tmp_path: Path) -> None:
    early = take(tmp_path, declaration(100_000_000, ngay_nop="2025-11-10"), declaration(70_000_000, ngay_nop="2025-11-18"))
    assert figures(early, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL) == {"2025-10": "70000000"}
    assert figures(early, FREQ="M", INDICATOR="DECLARANTS", **TOTAL) == {"2025-10": "1"}


def test_of_two_that_arrived_together_the_same_one_counts_whatever_the_order(tmp_path: Path) -> None:
    two = [declaration(sales, **month(1)) for sales in (70_000_000, 80_000_000)]
    one, other = (take(tmp_path, *records).compiled("VAT") for records in (two, two[::-1]))
    assert one == other


def test_quarters_hold_quarterly_filers_and_the_months_of_monthly_ones(tmp_path: Path) -> None:
    """Sen declares July 10, August 20, September 30; Bảo declares the quarter as 100 (millions)."""
    monthly = [declaration(sales * 1_000_000, **month(number)) for number, sales in ((7, 10), (8, 20), (9, 30))]
    intake = take(tmp_path, *monthly, declaration(100_000_000, mst=BAO, **quarter(3)))
    sales = figures(intake, INDICATOR="TAXABLE_SALES", **TOTAL)
    assert sales == {
        ("M", "2025-07"): "10000000",
        ("M", "2025-08"): "20000000",
        ("M", "2025-09"): "30000000",
        ("Q", "2025-Q3"): "160000000",
    }
    assert figures(intake, INDICATOR="DECLARANTS", FREQ="Q", **TOTAL) == {"2025-Q3": "2"}


def test_who_declares_a_quarter_and_its_months_is_counted_once(tmp_path: Path) -> None:
    intake = take(tmp_path, declaration(10_000_000, **month(9)), declaration(30_000_000, **quarter(3)))
    assert figures(intake, INDICATOR="TAXABLE_SALES", FREQ="Q", **TOTAL) == {"2025-Q3": "30000000"}


def test_a_quarter_is_not_compiled_before_its_last_month(tmp_path: Path) -> None:
    intake = take(tmp_path, declaration(10_000_000, **month(7)), declaration(10_000_000, **month(8)))
    assert {key[0] for key in figures(intake, INDICATOR="TAXABLE_SALES", **TOTAL)} == {"M"}


def test_declarants_are_counted_anew_at_every_level(tmp_path: Path) -> None:
    """Sen moves from Hà Nội to Đà Nẵng within the quarter: one declarant in each, and one in the country."""
    moving = [declaration(10_000_000, ma_tinh=place, **month(number)) for number, place in ((7, "101"), (8, "501"), (9, "501"))]
    counts = figures(take(tmp_path, *moving), FREQ="Q", ACTIVITY="_T", INDICATOR="DECLARANTS", TIME_PERIOD="2025-Q3")
    assert counts == {"_T": "1", "01": "1", "48": "1"}


def test_contributors_are_the_enterprises_that_gave_something(tmp_path: Path) -> None:
    """Sen with a branch, Bảo with sales at 0 % (no tax), Lan with nothing at all: declarants 4, enterprises 3, taxed 1."""
    nothing = {**SOUND, **dict.fromkeys(AMOUNTS), "ct21": "1", "mst": LAN}
    free = {**SOUND, **dict.fromkeys(AMOUNTS), "mst": BAO, "ct29": "5000000", "ct27": "5000000", "ct34": "5000000"}
    intake = take(tmp_path, SOUND, declaration(mst=f"{SEN}-001"), free, nothing)
    key = {"FREQ": "M", "TIME_PERIOD": "2025-10", **TOTAL}
    assert figures(intake, **key)["DECLARANTS"] == "4"
    behind = figures(intake, by="CONTRIBUTORS", **key)
    assert behind == {"DECLARANTS": 3, "TAXABLE_SALES": 2, "VAT_OUTPUT": 1, "VAT_PAYABLE": 1}


def test_provinces_before_the_merger_are_given_in_todays(tmp_path: Path) -> None:
    """Bình Dương and Bà Rịa - Vũng Tàu declared in May 2025 what is Hồ Chí Minh City now."""
    places = [("711", SEN), ("717", BAO), ("701", LAN)]
    intake = take(tmp_path, *(declaration(10_000_000, ma_tinh=place, mst=mst, **month(5)) for place, mst in places))
    sales = figures(intake, FREQ="M", ACTIVITY="_T", INDICATOR="TAXABLE_SALES", TIME_PERIOD="2025-05")
    assert sales == {"_T": "30000000", "79": "30000000"}


def test_fractions_of_a_dong_are_summed_exactly(tmp_path: Path) -> None:
    one = dict.fromkeys(("ct32", "ct27", "ct34"), "100000000.10")
    intake = take(tmp_path, declaration(**one), declaration(mst=BAO, **one), declaration(mst=LAN, **one))
    assert figures(intake, FREQ="M", INDICATOR="TAXABLE_SALES", **TOTAL) == {"2025-10": "300000000.3"}


# --- the synthetic year ------------------------------------------------------------------------------------------------------


def made(kind: Kind, ref: str) -> Any:
    return Shelf.artefacts()[Ref.parse(ref, kind)]


def test_the_sample_speaks_of_provinces_and_activities_that_exist() -> None:
    def codes(id: str) -> set[str]:
        return set(made(Kind.CODELIST, f"NSO:{id}(1.0)").by_id)

    provinces = facts()["provinces"]
    assert set(provinces) == codes("CL_TAX_PROVINCE")
    assert {place[1] for place in provinces.values() if len(place) > 1} <= {
        id for id, place in provinces.items() if len(place) == 1
    }
    assert {activity[1:3] for activity in facts()["activities"]} <= codes("CL_VSIC")


def test_the_sample_knows_which_activities_changed_their_code_and_which_were_parted() -> None:
    """Of the codes it draws, those of VSIC 2025 stand in their section, and the parted ones lead to no single division."""
    page, way = facts()["vsic_2025"], Correspondence.of(made(Kind.REPRESENTATION_MAP, "NSO:COR_VSIC_2018_2025(1.0)"))
    now = made(Kind.CODELIST, "NSO:CL_VSIC(2.0)")
    assert page["from"] == now.valid_from and way is not None
    told = {code: page["codes"].get(code, code) for code in facts()["activities"]}
    assert {code: now.by_id[code[1:3]].parent for code in told.values()} == {code: code[0] for code in told.values()}
    broken = {code for code in page["codes"] if state_of(way, code[1:3]) is State.BROKEN}
    assert broken == set(page["parted"])


@pytest.mark.parametrize("records", [1, 2, 17, 100])
def test_small_samples_are_whole_too(tmp_path: Path, records: int) -> None:
    files = TAX.sample(records, 3, tmp_path / "in", lambda count: None)
    batches = read(files, tmp_path)
    assert sum(batch.table.num_rows + len(batch.rejects) for batch in batches) == records


def test_a_sample_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        TAX.sample(0, 3, tmp_path, lambda count: None)


def test_a_year_of_declarations_becomes_published_figures(empty_hub: Hub, tmp_path: Path) -> None:
    """The whole way through the hub: sample, deliver, compile, approve, release, ask."""
    empty_hub.initialise(content=True)
    files = TAX.sample(600, 5, tmp_path / "in", lambda count: None)
    receipt = empty_hub.deliveries.deliver("tax", files, LOCAL_ADMINISTRATOR)
    assert (receipt.state, receipt.records, receipt.accepted + receipt.rejected) == ("accepted", 600, 600)
    vat = Ref.parse("NSO:VAT(1.0)", Kind.DATAFLOW)
    draft = empty_hub.compiler.compile(vat, None, LOCAL_ADMINISTRATOR)
    assert draft is not None
    empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    structure = empty_hub.catalogue.structure(vat)
    answer = empty_hub.cube.ask(select(structure, {"PROVINCE": ["_T"], "ACTIVITY": ["_T"], "FREQ": ["Q"]}), PUBLIC)
    assert {series.key[3] for series in answer.series} == {"DECLARANTS", "TAXABLE_SALES", "VAT_OUTPUT", "VAT_PAYABLE"}
    assert "Synthetic" in answer.dataset_attributes["COMMENT_DSET"]
