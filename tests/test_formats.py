"""Figures in the formats of those who do not speak SDMX: what a statistician opens is exactly what was published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.formats import OUTLETS
from adapters.outlets import Wish
from hub.service import service
from hub.wiring import Hub
from registry.answers import Answer
from registry.columns import Batch
from registry.errors import Invalid, TooLarge
from registry.model import Attribute, Code, Codelist, Measure, Structure, typed
from registry.number import plain
from registry.ports import PUBLIC
from registry.ref import Kind, Ref
from registry.selection import Selection, select
from registry.series import Series, batch_of
from tests import world
from tests.cubes import Cube, read_json_stat, read_px

WRITERS = {outlet.name: outlet.write for outlet in OUTLETS}
CUBES = ("json-stat", "px")
HARVEST = {
    ("A", "01", "LUA", "2023"): "348.75",
    ("Q", "01", "LUA", "2023-Q1"): "120.5",
    ("Q", "01", "LUA", "2023-Q2"): "98.25",
    ("Q", "01", "LUA", "2023-Q3"): "130",
    ("Q", "01", "LUA", "2023-Q4"): None,
    ("Q", "01", "LUA", "2024-Q1"): "140.125",
    ("Q", "01", "NGO", "2023-Q1"): "15.1",
    ("Q", "02", "LUA", "2023-Q1"): "80",
    ("Q", "02", "LUA", "2023-Q3"): "81",
}


def wish(structure: Structure = world.STRUCTURE, **how: object) -> Wish:
    attributes = tuple(part.id for part in structure.dsd.attributes)
    measures = tuple(part.id for part in structure.dsd.measures)
    known = {"attributes": attributes, "measures": measures, "languages": ("en",), "service": service()}
    return Wish(**{**known, "prepared": datetime(2025, 7, 1, 2, tzinfo=UTC), **how})  # type: ignore[arg-type]


def answer(batches: Iterator[Batch] | Sequence[Series], structure: Structure = world.STRUCTURE, **how: object) -> Answer:
    """An answer of series, each in a batch of its own so that batches end everywhere."""
    if isinstance(batches, Sequence):
        batches = iter([batch_of([one], structure.dsd.measures[0].id) for one in batches])
    selection = Selection(dataflow=structure.dataflow.ref, **how)  # type: ignore[arg-type]
    return Answer(selection, structure, None, {"COMMENT_DSET": "Số liệu thử"}, 0, batches)


def written(name: str, given: Answer, wanted: Wish | None = None) -> bytes:
    return b"".join(WRITERS[name](given, wanted or wish(given.structure)))


def figures(cube: Cube) -> dict[tuple[str, ...], str | None]:
    """Figures and observations without value, by codes; the dimension of measures is left out."""
    known = {_cell(cell): str(value) for cell, value in cube.figures.items()}
    return known | {_cell(cell): None for cell in cube.empty}


def _cell(cell: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in cell if code != "OBS_VALUE")


def cube_of(name: str, content: bytes) -> Cube:
    return read_json_stat(content) if name == "json-stat" else read_px(content)


@pytest.mark.parametrize("name", CUBES)
def test_a_cube_has_the_harvest_and_tells_a_gap_from_a_figure_that_is_not_known_yet(name: str) -> None:
    cube = cube_of(name, written(name, answer(list(world.harvest()))))
    assert figures(cube) == HARVEST
    assert {name: {_cell(cell): text} for name, some in cube.flags.items() for cell, text in some.items()} == {
        "OBS_STATUS": {("Q", "01", "NGO", "2023-Q1"): "P"}
    }


def test_a_table_has_a_header_in_words_and_names_beside_codes() -> None:
    content = written("csv-plain", answer(list(world.harvest())), wish(languages=("vi",)))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0][:8] == ["FREQ", "Tần suất", "PROVINCE", "Tỉnh", "CROP", "Cây trồng", "Kỳ", "Giá trị"]
    assert rows[1][:8] == ["A", "Năm", "01", "Đồng Sen", "LUA", "Lúa", "2023", "348.75"]
    assert {(row[0], row[2], row[4], row[6]): row[7] or None for row in rows[1:]} == HARVEST


def test_a_table_of_codes_alone_has_the_ids_of_its_columns() -> None:
    content = written("csv-plain", answer(list(world.harvest())), wish(options={"labels": "id"}))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {tuple(row[name] for name in (*world.DSD.key, "TIME_PERIOD")): row["OBS_VALUE"] or None for row in rows} == HARVEST


def test_a_wide_table_has_a_column_for_each_period() -> None:
    content = written("csv-wide", answer(list(world.harvest())), wish(options={"labels": "name"}))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    rice = {"Frequency": "Quarterly", "Province": "Stone Quay", "Crop": "Rice"}
    assert rows[3] | rice == rows[3]
    assert [rows[3][period] for period in ("2023", "2023-Q1", "2023-Q2", "2023-Q3", "2024-Q1")] == ["", "80", "", "81", ""]


def frames(given: list[Series]) -> Iterator[pd.DataFrame]:
    """What pandas and duckdb read of both binary formats."""
    stream = pa.ipc.open_stream(written("arrow", answer(given))).read_all()
    file = pq.read_table(io.BytesIO(written("parquet", answer(given))))
    yield stream.to_pandas()
    yield pd.read_parquet(io.BytesIO(written("parquet", answer(given))))
    for table in (stream, file):
        with duckdb.connect() as connection:
            yield connection.register("figures", table).sql("SELECT * FROM figures").df()


def test_binary_formats_come_back_the_same_in_pandas_and_duckdb() -> None:
    for frame in frames(list(world.harvest())):
        keys = frame[[*world.DSD.key, "TIME_PERIOD"]].astype(str).itertuples(index=False, name=None)
        values = [None if np.isnan(value) else plain(repr(float(value))) for value in frame["OBS_VALUE"]]
        assert dict(zip(keys, values, strict=True)) == HARVEST
        assert str(frame["TIME_PERIOD_START"].iloc[2])[:10] == "2023-04-01"
        assert set(frame["UNIT_MEASURE"]) == {"TAN"}


def test_binary_formats_say_what_they_are_in_their_schema() -> None:
    schema = pq.read_schema(io.BytesIO(written("parquet", answer(list(world.harvest())))))
    told = orjson.loads(schema.metadata[b"hub"])
    assert told["dataflow"] == "SEN:MUA(1.0)" and told["licence"] == "CC-BY-4.0" and "_EXACT" in told["numbers"]
    content = written("parquet", answer(list(world.harvest())))
    shared = pq.read_metadata(io.BytesIO(content)).metadata[b"series_attributes"]
    assert orjson.loads(shared) == {"UNIT_MEASURE": "TAN", "UNIT_MULT": "3"}
    assert schema.field("PROVINCE").metadata[b"name_vi"].decode() == "Tỉnh"
    assert schema.field("PROVINCE").metadata[b"codelist"] == b"SEN:CL_PROVINCE(1.0)"


def test_json_stat_says_unit_hierarchy_and_roles() -> None:
    given = [world.series("Q._T.LUA", {"2023-Q1": "200.5"}), *list(world.harvest())[1:2]]
    cube = read_json_stat(written("json-stat", answer(given)))
    assert cube.told["dimension"]["METRIC"]["category"]["unit"]["OBS_VALUE"] == {
        "label": "Thousands, Tonnes",
        "decimals": 3,
        "multiplier": 3,
    }
    assert cube.told["dimension"]["PROVINCE"]["category"]["child"] == {"_T": ["01"]}
    assert cube.told["dimension"]["PROVINCE"]["category"]["index"] == ["_T", "01"], "the order of the codelist"
    assert cube.told["role"] == {"metric": ["METRIC"], "time": ["TIME_PERIOD"], "geo": ["PROVINCE"]}
    assert isinstance(cube.told["value"], list), "most cells are filled"


def test_units_that_differ_by_crop_stand_at_the_crop() -> None:
    harvest = list(world.harvest())
    harvest[2].attributes = {"UNIT_MEASURE": "TA", "UNIT_MULT": "0"}
    told = read_json_stat(written("json-stat", answer(harvest))).told
    units = told["dimension"]["CROP"]["category"]["unit"]
    assert {code: unit["label"] for code, unit in units.items()} == {"LUA": "Thousands, Tonnes", "NGO": "Quintals"}
    assert told["role"]["metric"] == ["CROP"]
    px = read_px(written("px", answer(harvest))).told
    assert px["CONTVARIABLE"] == ["Crop"] and px["UNITS Rice"] == ["Thousands, Tonnes"] and px["UNITS Maize"] == ["Quintals"]
    assert px["UNITS vi Ngô"] == ["Tạ"]


def test_units_that_differ_without_rule_are_told_series_by_series() -> None:
    harvest = list(world.harvest())
    harvest[1].attributes = {"UNIT_MEASURE": "TA", "UNIT_MULT": "3"}
    told = read_json_stat(written("json-stat", answer(harvest))).told["extension"]["seriesAttributes"]
    assert told["UNIT_MEASURE"]["series"]["Q.01.LUA"] == "TA" and told["UNIT_MEASURE"]["series"]["Q.02.LUA"] == "TAN"
    assert told["UNIT_MULT"] == "3"


def test_a_px_file_speaks_both_languages_the_one_asked_for_first() -> None:
    told = read_px(written("px", answer(list(world.harvest())), wish(languages=("vi-VN", "fr")))).told
    assert told["LANGUAGE"] == ["vi"] and told["LANGUAGES"] == ["vi", "en"]
    assert told["VALUES Tỉnh"] == ["Đồng Sen", "Bến Đá"] and told["VALUES en Province"] == ["Lotus Field", "Stone Quay"]
    assert told["UNITS"] == ["Nghìn, Tấn"] and told["DECIMALS"] == ["3"]
    assert "Số liệu thử" in told["NOTEX"][0] and told["CREATION-DATE"] == ["20250701 09:00"]


def test_a_px_file_of_one_frequency_has_its_periods_as_a_time_list() -> None:
    told = read_px(written("px", answer(list(world.harvest())[1:3]))).told
    assert told["TIMEVAL Period"] == ["TLIST(Q1)", "20231", "20232", "20233", "20234", "20241"]


def confidential(structure: Structure = world.STRUCTURE) -> Structure:
    dsd = replace(
        structure.dsd,
        attributes=(
            *structure.dsd.attributes,
            Attribute(id="CONF_STATUS", concept_identity=world.CONCEPTS.ref.item("CONF_STATUS")),
        ),
    )
    return replace(structure, dsd=dsd)


def test_a_confidential_cell_is_told_from_one_that_is_not_known_yet() -> None:
    given = world.series("Q.01.LUA", {"2023-Q1": None, "2023-Q2": None, "2023-Q3": "7"})
    given.observation_attributes = {"CONF_STATUS": ["C", None, "F"]}
    content = written("px", answer([given], confidential()))
    assert content.splitlines()[-2] == b'"..." ".." 7 '
    assert read_px(content).flags["CONF_STATUS"] == {("Q", "01", "LUA", "2023-Q1"): "C", ("Q", "01", "LUA", "2023-Q3"): "F"}
    told = read_json_stat(written("json-stat", answer([given], confidential())))
    assert {_cell(cell): text for cell, text in told.flags["CONF_STATUS"].items()} == read_px(content).flags["CONF_STATUS"]


def test_a_large_and_nearly_empty_cube_is_refused_in_words() -> None:
    many = tuple(Code(f"P{number:04d}", {"en": f"Place {number}"}) for number in range(4000))
    crops = tuple(Code(f"C{number:04d}", {"en": f"Crop {number}"}) for number in range(4000))
    structure = recoded(PROVINCE=many, CROP=crops)
    given = [world.series(f"Q.P{number:04d}.C{number:04d}", {"2023-Q1": "1"}) for number in range(4000)]
    whole = batch_of(given, "OBS_VALUE")
    for name in CUBES:
        with pytest.raises(TooLarge) as refused:
            written(name, answer(iter([whole]), structure))
        assert "16000000 cells" in refused.value.detail() and "4000 are filled" in refused.value.detail()
        assert "parquet" in refused.value.help() and "parquet" in refused.value.help("vi")
    assert len(written("csv-plain", answer(iter([whole]), structure)).splitlines()) == 4001


def recoded(**codes: tuple[Code, ...]) -> Structure:
    """The harvest's structure with other codes."""
    lists = {
        name: Codelist(ref=Ref(Kind.CODELIST, "SEN", f"CL_{name}", "2.0"), names={"en": name}, items=items)
        for name, items in codes.items()
    }
    return replace(world.STRUCTURE, codelists={**world.STRUCTURE.codelists, **lists})


def test_what_no_cube_can_hold_is_refused_before_the_first_byte() -> None:
    harvest = list(world.harvest())
    for name in CUBES:
        with pytest.raises(Invalid, match="one figure in each cell"):
            next(WRITERS[name](answer(harvest, history=True), wish()))
        with pytest.raises(Invalid, match="without figures"):
            next(WRITERS[name](answer(harvest), wish(observations=False)))
        with pytest.raises(Invalid, match="without figures"):
            next(WRITERS[name](answer([]), wish()))
    text = replace(world.STRUCTURE, dsd=replace(world.DSD, measures=(Measure(id="OBS_VALUE", representation=typed("String")),)))
    with pytest.raises(Invalid, match="Not a figure"):
        next(WRITERS["px"](answer(harvest, text), wish(text)))


def test_a_row_of_two_frequencies_is_refused_in_words() -> None:
    mixed = [world.series("A.01.LUA", {"2023": "1"}), world.series("A.01.LUA", {"2023-Q1": "2"})]
    for name in (*CUBES, "csv-wide"):
        with pytest.raises(Invalid, match="Several frequencies") as refused:
            written(name, answer(mixed))
        assert "A, Q" in refused.value.detail() and "A, Q" in refused.value.detail("vi")


Expected = dict[tuple[str, ...], tuple[str | None, str | None, str | None]]
"""Figure, status and note by codes and period."""

NUMBERS = st.one_of(
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: f"{number:f}"),
    st.integers(-(10**30), 10**30).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(lambda number: f"{Decimal(repr(number)):f}"),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["_T", "01", "02"]), st.sampled_from(["LUA", "NGO"]), st.integers(1, 4)),
    st.tuples(NUMBERS, st.sampled_from([None, "A", "P"]), st.one_of(st.none(), WORDS)),
    min_size=1,
    max_size=12,
)


def drawn(cells: dict[tuple[str, str, int], tuple[str | None, str | None, str | None]]) -> list[Series]:
    """Series in key order."""
    found = []
    for province, crop in sorted({cell[:2] for cell in cells}):
        quarters = sorted(cell[2] for cell in cells if cell[:2] == (province, crop))
        rows = [cells[province, crop, quarter] for quarter in quarters]
        one = world.series(f"Q.{province}.{crop}", {f"2023-Q{quarter}": None for quarter in quarters})
        one.values = [row[0] for row in rows]
        one.observation_attributes = {"OBS_STATUS": [row[1] for row in rows], "NOTE": [row[2] for row in rows]}
        found.append(one)
    return found


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(CELLS, st.lists(WORDS, min_size=4, max_size=4))
def test_every_digit_gap_flag_and_letter_survives(
    cells: dict[tuple[str, str, int], tuple[str | None, str | None, str | None]], names: list[str]
) -> None:
    provinces = tuple(Code(code, {"vi": name, "en": name}) for code, name in zip(("_T", "01", "02", "03"), names, strict=True))
    structure, given = recoded(PROVINCE=provinces), drawn(cells)
    expected: Expected = {("Q", p, c, f"2023-Q{q}"): row for (p, c, q), row in cells.items()}
    values = {cell: None if row[0] is None else Decimal(row[0]) for cell, row in expected.items()}
    flags = {cell: row[1] for cell, row in expected.items() if row[1]}
    for name in CUBES:
        cube = cube_of(name, written(name, answer(given, structure)))
        found = {cell: None if text is None else Decimal(text) for cell, text in figures(cube).items()}
        assert found == values
        assert {_cell(cell): text for cell, text in cube.flags.get("OBS_STATUS", {}).items()} == flags
        notes = {_cell(cell): text for cell, text in cube.flags.get("NOTE", {}).items()}
        assert notes == {cell: _px(row[2]) if name == "px" else row[2] for cell, row in expected.items() if row[2]}
    labels = read_json_stat(written("json-stat", answer(given, structure))).labels["PROVINCE"]
    assert labels == {code: name for code, name in zip(("_T", "01", "02"), names, strict=False) if code in labels}
    _tables_agree(given, structure, expected)


def _px(text: str | None) -> str:
    """PX has no quotation mark inside a text."""
    return (text or "").replace('"', "”")


def _tables_agree(given: list[Series], structure: Structure, expected: Expected) -> None:
    content = written("csv-plain", answer(given, structure), wish(structure, options={"labels": "id"}))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    key = (*world.DSD.key, "TIME_PERIOD")
    assert {
        tuple(row[name] for name in key): _row(row["OBS_VALUE"] or None, row["OBS_STATUS"], row["NOTE"]) for row in rows
    } == {cell: _row(*row) for cell, row in expected.items()}
    for table in (
        pa.ipc.open_stream(written("arrow", answer(given, structure))).read_all(),
        pq.read_table(io.BytesIO(written("parquet", answer(given, structure)))),
    ):
        found = {}
        for row in table.to_pylist():
            number = row["OBS_VALUE_EXACT"] or (None if row["OBS_VALUE"] is None else repr(row["OBS_VALUE"]))
            found[tuple(row[name] for name in key)] = _row(number, row["OBS_STATUS"], row["NOTE"])
        assert found == {cell: _row(*row) for cell, row in expected.items()}


def _row(number: str | None, status: str | None, note: str | None) -> tuple[Decimal | None, str, str]:
    return None if number is None else Decimal(number), status or "", note or ""


def test_the_first_byte_is_there_before_the_last_row_is_read(hub: Hub) -> None:
    """With the availability index; what was read is counted as the file is taken piece by piece."""
    selection = select(world.STRUCTURE, {"FREQ": ["Q"]})
    for name, write in WRITERS.items():
        asked = hub.cube.ask(selection, PUBLIC)
        read: list[Batch] = []
        asked.batches = _counted(asked.batches, read)
        pieces = write(asked, wish(available=hub.cube.availability(selection, PUBLIC)))
        assert next(pieces) and not read, name
        assert b"".join(pieces) and read


def _counted(batches: Iterator[Batch], read: list[Batch]) -> Iterator[Batch]:
    for batch in batches:
        read.append(batch)
        yield batch
