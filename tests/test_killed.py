"""A process that is killed in the middle of anything leaves the database as it was before, or as it is afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.tables import audit, tile
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Release
from registry.columns import Batch
from registry.ports import PUBLIC
from registry.selection import Selection
from tests import model, world
from tests.conftest import Hands, publish
from tests.killed import KEY_COUNT, drafted, figures, released

ROUNDS = 6


def shown(hub: Hub, **how: Any) -> float | None:
    """The one value that all observations and attributes have; None where there is nothing at all."""
    answer = hub.cube.ask(Selection(dataflow=model.FLOW, **how), PUBLIC)
    batches = list(answer.batches)
    if not batches:
        assert not answer.dataset_attributes
        return None
    assert sum(batch.observations for batch in batches) == KEY_COUNT * 24
    values = {value for batch in batches for value in batch.measures["AREA"].floats.tolist()}
    texts = {text for batch in batches for column in batch.series_attributes.values() for text in column.decoded()}
    assert all(set(batch.series_attributes) == {"UNIT", "REGION"} for batch in batches)
    [value] = values
    assert texts == {str(value)} == {*answer.dataset_attributes.values()}
    return float(value)


def killed(hub: Hub, clock: Hands, folder: Path, what: str, given: str, after: float) -> bool:
    """Whether it was killed before it was done."""
    command = [sys.executable, "-m", "tests.killed", hub.settings.database_url, str(folder), what]
    process = subprocess.Popen([*command, clock.now().isoformat(), given], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    assert what != "stall" or process.stdout.readline() == "staged\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    return "done" not in rest


SECONDS = {"draft": 1.5, "release": 0.06, "withdraw": 0.1, "thin": 0.1}
"""How long each takes at most before it is killed."""


@pytest.mark.slow
@pytest.mark.parametrize("what", SECONDS)
def test_what_is_killed_is_done_or_not_done(empty_hub: Hub, clock: Hands, tmp_path: Path, what: str) -> None:
    hub, chance, structure = empty_hub, random.Random(what), model.structure(True)
    with hub.engine.begin() as connection:
        put(connection, [*world.ARTEFACTS, structure.dsd, structure.dataflow], world.act(clock.now()))
    for number in range(1, ROUNDS):
        released(hub, float(number))
        clock.pass_by(hours=2)
        standing, fresh = shown(hub), number + 0.5
        given, afterwards = "99", standing
        if what == "release":
            given, afterwards = drafted(hub, fresh), fresh
            hub.releases.approve(given, LOCAL_ADMINISTRATOR)
        if what == "withdraw":
            given, afterwards, standing = released(hub, fresh), standing, fresh
        done = not killed(hub, clock, tmp_path, what, given, chance.random() * SECONDS[what])
        assert shown(hub) in ((afterwards,) if done else (standing, afterwards))
        other = Hub.build(hub.settings, clock)
        assert shown(other) == shown(hub)
        other.engine.dispose()
        clock.pass_by(hours=2)
    released(hub, 1000.0)
    assert shown(hub) == 1000.0
    assert hub.releases.drafts(LOCAL_ADMINISTRATOR) == []
    for each in hub.cube.releases(model.FLOW, PUBLIC):
        if not each.thinned_at:
            shown(hub, as_of=each.released_at)


def noticed(hub: Hub) -> Release:
    """The one draft that is left. On a busy machine a database server takes a moment to notice that a client is gone."""
    for _ in range(200):
        [left] = hub.releases.drafts(LOCAL_ADMINISTRATOR)
        if left.state == "interrupted":
            break
        time.sleep(0.1)
    return left


def test_a_draft_that_was_killed_is_told_of_and_gone_with_the_next(empty_hub: Hub, clock: Hands, tmp_path: Path) -> None:
    """One that is still being made is left alone meanwhile."""
    hub, structure = empty_hub, model.structure(True)
    with hub.engine.begin() as connection:
        put(connection, [*world.ARTEFACTS, structure.dsd, structure.dataflow], world.act(clock.now()))
    killed(hub, clock, tmp_path, "stall", "1", 0)
    left = noticed(hub)
    assert left.state == "interrupted"

    def slow() -> Iterator[Batch]:
        assert [each.state for each in hub.releases.drafts(LOCAL_ADMINISTRATOR)] == ["staging"]
        publish(hub, world.harvest())
        yield from figures(2.0)

    draft = hub.drafts.draft(structure, slow(), LOCAL_ADMINISTRATOR)
    assert draft is not None and [each.id for each in hub.releases.drafts(LOCAL_ADMINISTRATOR)] == [draft.id]
    with hub.engine.connect() as connection:
        trail = connection.execute(select(audit.c.action, audit.c.subject).where(audit.c.subject == left.id)).all()
        assert set(connection.scalars(select(tile.c.from_))) == {1}
    assert trail == [("interrupted", left.id)]
