"""What everybody would wait for after a start, done beforehand: the first listing of a large registry takes a second.

The server asks itself what clients ask first, while it is ready and answers others.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.types import ASGIApp

LISTINGS = ("/sdmx/v2/structure/dataflow?detail=allstubs", "/sdmx/v1/dataflow?detail=allstubs")
"""Each in the format that its door begins with: heads and stubs are then remembered, also for other listings."""


@asynccontextmanager
async def warming(app: ASGIApp) -> AsyncIterator[None]:
    """Meanwhile the listings are asked for, once."""
    asking = asyncio.create_task(warm(app))
    try:
        yield
    finally:
        asking.cancel()


async def warm(app: ASGIApp) -> None:
    """Ask for each listing; whatever is wrong with it is told to those who ask in earnest."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        for path in LISTINGS:
            await client.get(path)
    # What lives as long as the server is not looked at again and again by the collection of cycles: in a large registry that
    # takes a tenth of a second each time.
    gc.freeze()
