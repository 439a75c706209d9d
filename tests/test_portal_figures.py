"""Figures as a page shows them: marks of the language, units, periods, why a cell is empty, and what a chart makes of it."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from hub_client.generated.fragments import SeriesFields
from hypothesis import given
from hypothesis import strategies as st

from clients.portal import chart, numbers, periods, table
from clients.portal.dataflow import is_synthetic
from clients.portal.drawing import BARS, LINES, Drawer, Point, specification
from clients.portal.first_view import in_order
from clients.portal.form import fold
from clients.portal.texts import LANGUAGES, Words

VI, EN = Words("vi"), Words("en")


def series(
    key: str, values: dict[str, str | None], decimals: str = "", unit: str = "TAN", **columns: list[str | None]
) -> SeriesFields:
    """A series with its key as names too; ``columns``: observation attributes."""
    told: list[dict[str, Any]] = [
        {"id": "UNIT_MEASURE", "value": unit, "name": "Unit", "valueName": {"TAN": "Tấn", "VND": "Đồng"}[unit]},
        {"id": "UNIT_MULT", "value": "3", "name": "Multiplier", "valueName": "Nghìn"},
    ]
    told += [{"id": "DECIMALS", "value": decimals, "name": "Decimals", "valueName": decimals}] if decimals else []
    held = {
        "periods": list(values),
        "values": [Decimal(text) if text else None for text in values.values()],
        "valueTexts": list(values.values()),
        "statuses": columns.pop("OBS_STATUS", [None] * len(values)),
        "attributes": [{"id": id_, "values": column} for id_, column in columns.items()],
    }
    codes = [{"dimension": f"D{at}", "id": code, "name": f"name of {code}"} for at, code in enumerate(key.split("."))]
    return SeriesFields.model_validate({"key": key, "codes": codes, "attributes": told, "columns": held})


# Numbers and units


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18),
    st.sampled_from(LANGUAGES),
)
def test_marks_change_and_digits_do_not(value: Decimal, lang: str) -> None:
    thousands, point = tuple(numbers.MARKS[lang])
    shown = numbers.number(str(value), lang)
    assert Decimal(shown.replace(thousands, "").replace(point, ".")) == value


@pytest.mark.parametrize(
    ("raw", "shown", "exact"),
    [
        ("136.63999999999999", "136.64", "136.63999999999999"),
        ("155.97999999999999", "155.98", "155.97999999999999"),
        ("-79.510000000000005", "-79.51", "-79.510000000000005"),
        ("0.000000123", "0.000000123", ""),
        ("12345678901234.56", "12,345,678,901,234.56", ""),
        ("1234567890123456.000000001", "1,234,567,890,123,456", "1,234,567,890,123,456.000000001"),
        ("0.1234567890123456", "0.123456789012", "0.1234567890123456"),
        ("9" * 40 + ".123456789", "9" * 40 + ".123456789", ""),
        ("0.00000000000", "0.00000000000", ""),
    ],
)
def test_what_binary_arithmetic_left_behind_is_in_the_tooltip(raw: str, shown: str, exact: str) -> None:
    """Real files hold numbers out of spreadsheets; the table shows what they mean, the download what they are."""
    (row,) = table.build([series("A", {"2023": raw})], {}, EN).rows
    assert (row.cells[0].text, row.cells[0].exact, row.cells[0].raw) == (shown, exact, raw)


@pytest.mark.parametrize(
    ("text", "decimals", "vi", "en"),
    [
        ("1234567.5", None, "1.234.567,5", "1,234,567.5"),
        ("1234567.5", 2, "1.234.567,50", "1,234,567.50"),
        ("-0.125", 2, "-0,12", "-0.12"),
        ("1e3", None, "1.000", "1,000"),
        ("not a number", None, "not a number", "not a number"),
        ("NaN", 2, "NaN", "NaN"),
        ("1e999999", 2, "1e999999", "1e999999"),
    ],
)
def test_numbers_are_written_as_in_the_language(text: str, decimals: int | None, vi: str, en: str) -> None:
    assert (numbers.number(text, "vi", decimals), numbers.number(text, "en", decimals)) == (vi, en)


@pytest.mark.parametrize(
    ("measure", "exponent", "vi", "en"),
    [
        ("Tấn", 3, "nghìn tấn", "thousand tấn"),
        ("Tonnes", 0, "Tonnes", "Tonnes"),
        ("Vietnamese dong", 9, "tỷ vietnamese dong", "billion Vietnamese dong"),
        ("USD", 6, "triệu USD", "million USD"),
        (None, 12, "nghìn tỷ", "trillion"),
        ("Tấn", -2, "10^-2 tấn", "10^-2 tấn"),
        (None, 0, "", ""),
    ],
)
def test_units_are_phrases(measure: str | None, exponent: int, vi: str, en: str) -> None:
    assert (numbers.unit(VI, measure, exponent), numbers.unit(EN, measure, exponent)) == (vi, en)


# Periods


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("2025", "2025", "2025"),
        ("2025-S2", "Nửa năm 2/2025", "H2 2025"),
        ("2025-Q3", "Quý 3/2025", "Q3 2025"),
        ("2025-07", "07/2025", "Jul 2025"),
        ("2025-W05", "Tuần 5/2025", "Week 5, 2025"),
        ("2025-07-01", "01/07/2025", "1 July 2025"),
        ("2025-13", "2025-13", "2025-13"),
        ("2025-W60", "2025-W60", "2025-W60"),
        ("2025-T1", "2025-T1", "2025-T1"),
    ],
)
def test_periods_are_written_as_in_the_language(text: str, vi: str, en: str) -> None:
    assert (periods.read(text).label(VI), periods.read(text).label(EN)) == (vi, en)


def test_periods_stand_in_the_order_of_time_a_year_before_its_parts() -> None:
    texts = ["2024-Q1", "2023", "2023-12", "2024", "2023-Q4", "2024-01"]
    ordered = sorted((periods.read(text) for text in texts), key=lambda period: period.order)
    assert [period.text for period in ordered] == ["2023", "2023-Q4", "2023-12", "2024", "2024-Q1", "2024-01"]


def test_periods_to_pick_from_are_of_one_frequency_newest_first() -> None:
    start, end = periods.read("2023"), periods.read("2024-02")
    assert periods.suggested(start, end, "Q")[:2] == ["2024-Q1", "2023-Q4"]
    assert periods.suggested(start, end, "A") == ["2024", "2023"]
    assert periods.suggested(start, end, "M")[-1] == "2023-01"
    assert periods.suggested(start, periods.read("2024-Q4"), "M")[0] == "2024-12"
    assert periods.suggested(start, end, "D") == []


# The table


def test_why_a_cell_is_empty_is_told_apart() -> None:
    built = table.build(
        [
            series("A.X", {"2023": "1", "2024": None, "2025": None}, CONF_STATUS=["F", "F", "C"]),
            series("A.Y", {"2023": "0"}),
        ],
        {},
        VI,
    )
    assert [[cell.kind for cell in row.cells] for row in built.rows] == [
        ["value", "empty", "secret"],
        ["value", "absent", "absent"],
    ]
    assert [cell.text for cell in built.rows[1].cells] == ["0", "..", ".."]
    assert built.missing == ("absent", "empty", "secret")


def test_rows_are_named_by_what_differs_and_the_rest_is_said_once() -> None:
    built = table.build(
        [series("M.01.LUA", {"2023": "1"}), series("M.02.LUA", {"2023": "2"})], {"D0": "Tần suất", "D1": "Tỉnh"}, VI
    )
    assert built.headings == ("Tỉnh",)
    assert [row.labels for row in built.rows] == [("name of 01",), ("name of 02",)]
    assert built.fixed == (("Tần suất", "name of M"), ("D2", "name of LUA"))
    assert built.unit == "nghìn tấn"


def test_rows_of_the_same_name_are_told_apart_by_their_codes() -> None:
    held = [series("A", {"2023": "1"}), series("B", {"2023": "2"})]
    for one in held:
        one.codes[0].name = "Rice"
    assert [row.name for row in table.build(held, {}, VI).rows] == ["Rice (A)", "Rice (B)"]


def test_units_that_differ_stand_in_the_rows() -> None:
    built = table.build([series("A", {"2023": "1"}), series("B", {"2023": "2"}, unit="VND")], {}, VI)
    assert built.unit is None
    assert [row.unit for row in built.rows] == ["nghìn tấn", "nghìn đồng"]


def test_a_rounded_number_keeps_its_full_text() -> None:
    (row,) = table.build([series("A", {"2023": "1234.5678", "2024": "2.50"}, decimals="2")], {}, EN).rows
    assert [(cell.text, cell.exact, cell.raw) for cell in row.cells] == [
        ("1,234.57", "1,234.5678", "1234.5678"),
        ("2.50", "", "2.50"),
    ]


def test_remarks_become_numbered_notes_and_statuses_marks() -> None:
    one = series("A", {"2023": "1", "2024": "2"}, OBS_STATUS=["A", "P"], NOTE=["as reported", "as reported"])
    built = table.build([one], {"NOTE": "Note"}, EN)
    assert built.footnotes == ("Note: as reported",)
    assert [(cell.status, cell.notes) for cell in built.rows[0].cells] == [("", (1,)), ("P", (1,))]
    assert built.statuses == ("P",)


def test_nothing_gives_an_empty_table() -> None:
    assert table.build([], {}, VI).empty


# The chart


def draw(*held: SeriesFields, words: Words = VI) -> chart.Chart | None:
    return asyncio.run(chart.draw(table.build(held, {}, words), "Title", words, Drawer()))


def test_a_line_breaks_where_there_is_no_number() -> None:
    built = table.build([series("A", {"2023": "5", "2024": None, "2025": "6"})], {}, VI)
    points = chart._points(built, list(built.rows), [0, 1, 2], 0)
    assert [point.value for point in points] == [5.0, None, 6.0]


def test_periods_give_lines_and_a_single_one_bars() -> None:
    lines, bars = draw(series("A", {"2023": "5", "2024": "6"})), draw(series("A", {"2023": "5"}), series("B", {"2023": "6"}))
    assert lines and bars
    assert (lines.kind, bars.kind) == (LINES, BARS)
    assert set(lines.drawings) == {"wide", "narrow"}
    assert lines.summary == "name of A: 5 (2023) đến 6 (2024)."


def test_lines_of_other_units_and_too_many_lines_are_left_out_and_counted() -> None:
    many = [series(f"A{n:02}", {"2023": "5", "2024": "6"}) for n in range(10)]
    drawn = draw(*many, series("B", {"2023": "5", "2024": "6"}, unit="VND"))
    assert drawn
    assert (len(drawn.series), drawn.left_out) == (chart.MOST_SERIES, 3)


def test_the_bar_of_a_total_does_not_dwarf_its_parts() -> None:
    drawn = draw(series("_T", {"2023": "50"}), series("01", {"2023": "20"}), series("02", {"2023": "30"}))
    assert drawn and drawn.series == ("name of 01", "name of 02")


def test_large_numbers_are_drawn_in_a_larger_unit() -> None:
    drawn = draw(series("A", {"2023": "5000000000", "2024": "6000000000"}, unit="VND"))
    assert drawn and drawn.axis == "tỷ đồng"


def test_where_nothing_is_a_number_nothing_is_drawn() -> None:
    assert draw(series("A", {"2023": None, "2024": None})) is None
    assert draw() is None


def test_numbers_on_the_axis_have_the_marks_of_the_language() -> None:
    held = series("A", {"2023": "1000.5", "2024": "1001.5"})
    vietnamese, english = draw(held), draw(held, words=EN)
    assert vietnamese and english
    assert "1.001,0" in vietnamese.drawings["wide"] and "1,001.0" in english.drawings["wide"]


def test_names_in_a_drawing_are_text() -> None:
    points = [Point(0, periods.read("2023"), 1.0)]
    drawing = asyncio.run(Drawer().draw(specification(BARS, ["<script>x</script>"], points, "<b>", "wide", True), "vi"))
    assert "<script" not in drawing and "<b>" not in drawing
    assert " style=" not in drawing, "the portal's policy forbids styles inside a page"


def test_a_drawing_is_made_once_and_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def render(spec: object, _lang: str) -> str:
        made.append(spec)
        return "<svg/>"

    monkeypatch.setattr("clients.portal.drawing._render", render)
    drawer = Drawer(most=1)
    for size in ("wide", "wide", "narrow", "wide"):
        asyncio.run(drawer.draw({"size": size}, "vi"))
    assert made == [{"size": "wide"}, {"size": "narrow"}, {"size": "wide"}]


# What a reader is told and offered


def test_series_stand_in_the_order_of_their_codelists() -> None:
    from hub_client.generated.fragments import DimensionChoices

    codes = [{"id": id_, "parentId": None, "name": id_} for id_ in ("_T", "02", "01")]
    dimension = DimensionChoices.model_validate({"id": "D0", "name": "", "openCount": 3, "top": codes, "first": codes})
    held = [series(key, {"2023": "1"}) for key in ("01", "02", "XX", "_T")]
    assert [each.key for each in in_order(held, [dimension])] == ["_T", "02", "01", "XX"]


@pytest.mark.parametrize(
    ("text", "made_up"), [("Synthetic sample data", True), ("Published", False), ("Dữ liệu mẫu, không phải số liệu thật", True)]
)
def test_made_up_figures_are_known_by_their_comment(text: str, made_up: bool) -> None:
    from hub_client.generated.fragments import AttributeFields

    attribute = AttributeFields.model_validate({"id": "COMMENT_DSET", "value": text, "name": "", "valueName": text})
    assert is_synthetic([attribute]) is made_up


def test_words_are_compared_without_diacritics() -> None:
    assert fold("Đồng Sen") == "dong sen"
