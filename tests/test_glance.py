"""The look-ups of every question go past SQLAlchemy's engine, and still say what it would say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, func, select

from hub.database import connect
from hub.tables import release
from hub.wiring import Hub
from registry.errors import Unavailable
from registry.glance import Glance

NEWEST = select(func.max(release.c.ordinal)).where(
    release.c.cube == bindparam("cube"), release.c.state == "released", release.c.visible_from <= bindparam("at")
)


def test_a_glance_is_what_the_engine_says(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """With parameters, constants and times; and without a connection of the engine's."""
    glance, at = Glance(NEWEST), hub.clock.now()
    monkeypatch.setattr(type(hub.engine), "connect", None)
    assert glance.at(hub.engine, cube=1, at=at) == 1
    assert glance.at(hub.engine, cube=1, at=datetime(2000, 1, 1, tzinfo=UTC)) is None
    assert glance.at(hub.engine, cube=2, at=at) is None


def test_a_database_that_does_not_answer_is_called_so() -> None:
    engine = connect("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        Glance(select(func.max(release.c.ordinal))).at(engine)
