"""The same data address in every format: asked of the whole application, on both databases, as links and programs ask."""

from __future__ import annotations

import asyncio
import csv
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.formats import OUTLETS
from hub.app import application
from hub.wiring import Hub
from registry.answers import Availability
from registry.columns import Batch, Coded, Numbers
from tests import world
from tests.conftest import Hands, publish
from tests.cubes import read_json_stat, read_px
from tests.test_formats import CUBES, HARVEST, WRITERS, answer, cube_of, figures, wish

ADDRESS = {1: "/sdmx/v1/data/SEN,MUA,1.0", 2: "/sdmx/v2/data/dataflow/SEN/MUA/1.0"}


@dataclass
class Reader:
    """Somebody with a link."""

    hub: Hub

    def get(self, path: str, **headers: str) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=application(self.hub))
            async with httpx.AsyncClient(transport=transport, base_url="http://hub.example") as client:
                return await client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})

        return asyncio.run(go())


@pytest.fixture
def reader(hub: Hub) -> Reader:
    return Reader(hub)


def cells(name: str, content: bytes) -> dict[tuple[str, ...], str | None]:
    """What an answer holds, whatever its format; a wide table has no gaps that are told apart."""
    key = (*world.DSD.key, "TIME_PERIOD")
    if name in CUBES:
        return figures(cube_of(name, content))
    if name in ("parquet", "arrow"):
        table = pq.read_table(io.BytesIO(content)) if name == "parquet" else pa.ipc.open_stream(content).read_all()
        values = [None if value is None else f"{value:g}" for value in table["OBS_VALUE"].to_pylist()]
        return {tuple(row[one] for one in key): value for row, value in zip(table.to_pylist(), values, strict=True)}
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if name == "csv-plain":
        return {tuple(row[one] for one in (*world.DSD.key, "Kỳ")): row["Giá trị"] or None for row in rows}
    periods = [one for one in rows[0] if one[:4].isdigit()]
    told = {(*(row[one] for one in world.DSD.key), period): row[period] for row in rows for period in periods}
    return {cell: value for cell, value in told.items() if value} | {cell: None for cell in HARVEST if HARVEST[cell] is None}


def test_every_format_is_had_at_every_data_address(reader: Reader) -> None:
    for major, address in ADDRESS.items():
        for outlet in OUTLETS:
            given = reader.get(f"{address}?format={outlet.name}", accept_language="vi")
            assert given.status_code == 200, given.text
            assert cells(outlet.name, given.content) == HARVEST, (major, outlet.name)
            if outlet.name not in ("json-stat", "csv-plain"):
                saved = given.headers["content-disposition"]
                assert saved == f'attachment; filename="SEN_MUA.{outlet.kind}"'


def test_programs_ask_by_accept_header(reader: Reader) -> None:
    for outlet in OUTLETS:
        given = reader.get(ADDRESS[2], accept=outlet.media, accept_language="vi")
        assert given.headers["content-type"].startswith(outlet.media)
        assert cells(outlet.name, given.content) == HARVEST
        again = reader.get(ADDRESS[2], accept=outlet.media, if_none_match=given.headers["etag"], accept_language="vi")
        assert again.status_code == 304


def test_a_part_of_the_data_has_only_its_codes_and_periods(reader: Reader) -> None:
    address = f"{ADDRESS[2]}/Q.*.LUA?c[TIME_PERIOD]=ge:2023-Q2+le:2023-Q3&format=json-stat&lang=en"
    given = read_json_stat(reader.get(address).content)
    sizes = {name: given.told["dimension"][name]["category"]["index"] for name in given.told["id"]}
    assert sizes["PROVINCE"] == ["01", "02"] and sizes["TIME_PERIOD"] == ["2023-Q2", "2023-Q3"] and sizes["CROP"] == ["LUA"]
    assert given.told["label"] == "Harvest" and given.told["extension"]["release"]["number"] == 1
    assert given.told["extension"]["licence"] == "CC-BY-4.0" and given.told["note"] == ["Số liệu thử"]
    latest = read_px(reader.get(f"{ADDRESS[1]}/Q..?lastNObservations=1&format=px").content)
    assert set(figures(latest)) == {("Q", "01", "LUA", "2024-Q1"), ("Q", "01", "NGO", "2023-Q1"), ("Q", "02", "LUA", "2023-Q3")}


def test_what_is_not_wanted_is_not_given(reader: Reader) -> None:
    plain = reader.get(f"{ADDRESS[2]}?format=csv-plain&labels=id&attributes=none")
    assert plain.text.lstrip("\ufeff").splitlines()[0] == "FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE"
    keys = reader.get(f"{ADDRESS[1]}?format=csv-plain&labels=id&detail=serieskeysonly")
    assert keys.text.lstrip("\ufeff").split() == ["FREQ,PROVINCE,CROP", "A,01,LUA", "Q,01,LUA", "Q,01,NGO", "Q,02,LUA"]


def test_a_cube_that_cannot_be_is_refused_with_an_sdmx_error(reader: Reader) -> None:
    given = reader.get(f"{ADDRESS[1]}?detail=serieskeysonly&format=px")
    assert given.status_code in (400, 403) and "A cube without figures" in given.text and "Khối không có số liệu" in given.text


def test_an_embargoed_release_shows_in_no_format(reader: Reader, hub: Hub, clock: Hands) -> None:
    before = {outlet.name: cells(outlet.name, _asked(reader, outlet.name)) for outlet in OUTLETS}
    later = clock.now().replace(hour=20)
    publish(hub, [world.series("Q.03.NGO", {"2030-Q1": "77"})], later)
    assert {outlet.name: cells(outlet.name, _asked(reader, outlet.name)) for outlet in OUTLETS} == before
    clock.pass_by(hours=24)
    for outlet in OUTLETS:
        assert cells(outlet.name, _asked(reader, outlet.name)) == {**before[outlet.name], ("Q", "03", "NGO", "2030-Q1"): "77"}


def _asked(reader: Reader, name: str) -> bytes:
    return reader.get(f"{ADDRESS[2]}?format={name}", accept_language="vi").content


CROPS = tuple(f"{number:02d}" for number in range(50))
PERIODS = 120


def many(provinces: int) -> Iterator[Batch]:
    """A batch for each province: 50 crops in 120 months."""
    for province in range(provinces):
        yield Batch(
            key=(Coded.constant("M", 50), Coded.constant(f"{province:04d}", 50), Coded(CROPS, np.arange(50, dtype=np.int32))),
            frequencies=np.full(50, "M"),
            starts=np.arange(51, dtype=np.int64) * PERIODS,
            ordinals=np.tile(np.arange(24000, 24000 + PERIODS, dtype=np.int64), 50),
            measures={"OBS_VALUE": Numbers(np.linspace(0.5, 9e5, 50 * PERIODS).round(2))},
            attributes={"OBS_STATUS": Coded(("P",), np.arange(50 * PERIODS, dtype=np.int32) % 2 - 1)},
        )


def peak(name: str, provinces: int) -> int:
    """The most memory that writing took, in bytes."""
    codes = {"FREQ": ("M",), "PROVINCE": tuple(f"{number:04d}" for number in range(provinces)), "CROP": CROPS}
    count = provinces * len(CROPS)
    available = Availability(codes, {}, "2000-01", "2009-12", count, count * PERIODS)
    tracemalloc.start()
    size = sum(map(len, WRITERS[name](answer(many(provinces)), wish(available=available))))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > count * PERIODS
    return most


@pytest.mark.parametrize("name", WRITERS)
def test_memory_does_not_grow_with_the_answer(name: str) -> None:
    """Four times the observations; what grows is the list of codes, which every cube names."""
    assert peak(name, 80) < 1.5 * peak(name, 20)
