"""The desk the doors speak to: deliveries over HTTP, drafts and releases."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from anyio.to_thread import run_sync

from hub.deliveries import Deliveries, Incoming, digest_of, place
from hub.previews import Previews
from hub.releases import Releases
from hub.settings import LARGEST_UPLOAD
from hub.withdrawing import Withdrawals
from registry.answers import Release
from registry.errors import Invalid, TooLarge
from registry.ports import Reject, Viewer
from registry.publishing import Grant
from registry.receipt import Delivery
from registry.text import Names

Files = AsyncIterator[tuple[str, AsyncIterator[bytes]]]


class FrontDesk:
    """Implements :class:`registry.ports.Desk`."""

    def __init__(self, deliveries: Deliveries, releases: Releases, withdrawals: Withdrawals, previews: Previews) -> None:
        self._deliveries = deliveries
        self._releases = releases
        self._withdrawals = withdrawals
        self._previews = previews

    async def receive(self, source: str, files: Files, viewer: Viewer) -> Delivery:
        self._deliveries.admit(source, viewer)
        with self._deliveries.incoming() as folder:
            incoming = await _store(folder, files)
            return await run_sync(self._deliveries.accept, source, incoming, viewer)

    def deliveries(self, viewer: Viewer) -> list[Delivery]:
        return self._deliveries.seen_by(viewer)

    def delivery(self, id: str, viewer: Viewer) -> Delivery:
        return self._deliveries.get(id, viewer)

    def rejects(self, id: str, viewer: Viewer, limit: int = 1000) -> list[Reject]:
        return self._deliveries.rejects(id, viewer, limit)

    def drafts(self, viewer: Viewer) -> list[Release]:
        return self._releases.drafts(viewer)

    def approve(self, id: str, viewer: Viewer) -> Release:
        return self._releases.approve(id, viewer)

    def release(
        self,
        id: str,
        viewer: Viewer,
        embargo: datetime | None = None,
        *,
        plan: str | None = None,
        correction: Names | None = None,
    ) -> Release:
        return self._releases.release(id, viewer, embargo, plan=plan, correction=correction)

    def withdraw(self, id: str, viewer: Viewer, reasons: Names) -> Release:
        return self._withdrawals.withdraw(id, viewer, reasons)

    def discard(self, id: str, viewer: Viewer) -> Release:
        return self._releases.discard(id, viewer)

    def grant_preview(self, release: str, organisation: str, name: str, viewer: Viewer) -> Grant:
        return self._previews.grant(release, organisation, name, viewer)

    def revoke_preview(self, release: str, organisation: str, name: str, viewer: Viewer) -> Grant:
        return self._previews.revoke(release, organisation, name, viewer)

    def previews(self, viewer: Viewer) -> list[Grant]:
        return self._previews.list(viewer)


async def _store(folder: Path, files: Files) -> Incoming:
    """Write the files to disk as they come, digesting them on the way."""
    places: list[Path] = []
    digests: list[str] = []
    async for name, chunks in files:
        target = place(folder, len(places) + 1, name)
        places.append(target)
        digests.append(await _store_file(target, chunks))
    if not places:
        raise Invalid("NOTHING_DELIVERED", found="-")
    return Incoming(folder, tuple(places), digest_of(digests))


async def _store_file(target: Path, chunks: AsyncIterator[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > LARGEST_UPLOAD:
                raise TooLarge("UPLOAD_TOO_LARGE", most=LARGEST_UPLOAD)
            await run_sync(file.write, chunk)
            digest.update(chunk)
    return digest.hexdigest()
