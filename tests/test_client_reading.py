"""The client reads a hub: the same figures, synchronously and asynchronously, with every digit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hub_client import AsyncHubClient, HubClient, QueryFailed, select
from starlette.applications import Starlette

from hub.wiring import Hub
from schema.door import routes
from tests.asking import viewer_of
from tests.one_database import database_url as database_url
from tests.serving import free_port, served

FLOW = "SEN:MUA(1.0)"
TONNES = {"UNIT_MEASURE": "TAN", "UNIT_MULT": "3"}


@pytest.fixture
def client(hub: Hub) -> Iterator[HubClient]:
    """The synchronous client of a hub behind a socket."""
    with (
        served(Starlette(routes=routes(hub.ports, viewer_of)), free_port()) as address,
        HubClient(address, lang="en") as found,
    ):
        yield found


def test_search_needs_no_diacritics(client: HubClient) -> None:
    (flow,) = client.dataflows(search="mua mang").nodes
    assert (flow.ref, flow.name) == (FLOW, "Harvest")
    assert flow.latest_release is not None and flow.latest_release.observations == 9


def test_rows_are_what_was_published(client: HubClient) -> None:
    rows = client.rows(FLOW, select({"FREQ": "Q", "PROVINCE": "01", "CROP": "LUA"}, start="2023-Q3"))
    key = {"FREQ": "Q", "PROVINCE": "01", "CROP": "LUA"}
    assert rows == [
        {**key, "TIME_PERIOD": "2023-Q3", "OBS_VALUE": Decimal("130.0"), **TONNES},
        {**key, "TIME_PERIOD": "2023-Q4", "OBS_VALUE": None, **TONNES},
        {**key, "TIME_PERIOD": "2024-Q1", "OBS_VALUE": Decimal("140.125"), **TONNES},
    ]


def test_all_pages_are_read(client: HubClient) -> None:
    keys = [series.key for series in client.series(FLOW, page=1)]
    assert keys == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]


def test_a_wrong_code_is_told_with_the_nearest_ones(client: HubClient) -> None:
    with pytest.raises(QueryFailed) as failed:
        client.rows(FLOW, select({"CROP": "LUAA"}))
    assert (failed.value.first.code, failed.value.first.suggestions) == ("UNKNOWN_CODE", ("LUA",))


def test_a_code_and_its_list(client: HubClient) -> None:
    found = client.codelist("SEN:CL_PROVINCE", parent="_T", first=2)
    assert found is not None
    assert [code.name for code in found.codes.nodes] == ["Lotus Field", "Stone Quay"]
    assert found.codes.page_info.has_next_page


def test_the_asynchronous_client_reads_the_same(hub: Hub) -> None:
    async def read() -> list[dict[str, Any]]:
        transport = httpx.ASGITransport(app=Starlette(routes=routes(hub.ports, viewer_of)))
        async with AsyncHubClient("http://hub", http_client=httpx.AsyncClient(transport=transport), remember=10) as client:
            once = await client.rows(FLOW, page=1)
            assert once == await client.rows(FLOW, page=1)
            return once

    rows = asyncio.run(read())
    assert [row["OBS_VALUE"] for row in rows if row["PROVINCE"] == "02"] == [Decimal("80"), Decimal("81")]


def test_a_token_opens_what_is_not_public(hub: Hub) -> None:
    async def drafts(token: str | None) -> object:
        transport = httpx.ASGITransport(app=Starlette(routes=routes(hub.ports, viewer_of)))
        async with AsyncHubClient("http://hub", token=token, http_client=httpx.AsyncClient(transport=transport)) as client:
            return await client.drafts()

    assert asyncio.run(drafts("publisher")) is not None
    with pytest.raises(QueryFailed) as failed:
        asyncio.run(drafts("wrong"))
    assert (failed.value.first.code, failed.value.status) == ("TOKEN_NOT_VALID", 401)
