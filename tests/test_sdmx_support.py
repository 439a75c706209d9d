"""docs/sdmx-support.md is true: every address on it is asked, of a country that has an artefact of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adapters.sdmx.artefacts import DETAILS, SPREADS
from adapters.sdmx.filters import OPERATORS
from adapters.sdmx.resources import WORDS
from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.period import parse_period
from registry.ref import STRUCTURES, Kind, Ref
from registry.series import Series
from tests import world
from tests.conftest import Hands, publish
from tests.doors import Door
from tests.every_kind import EVERY_OTHER
from tests.test_sdmx_structures import MORE

PAGE = (Path(__file__).parent.parent / "docs" / "sdmx-support.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (\d{3}) \|$", PAGE, re.MULTILINE)
ASKED = [(path, int(status)) for _, paths, status in ROWS for path in re.findall(r"`([^`]+)`", paths)]
ANOTHER = replace(world.DATAFLOW, ref=Ref(Kind.DATAFLOW, "SEN", "MUA_X", "1.0"))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("support")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(chosen), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, (*world.ARTEFACTS, *MORE, *EVERY_OTHER, ANOTHER), world.act(clock.now()))
    publish(hub, world.harvest(), dataset_attributes={"COMMENT_DSET": "Số liệu thử"})
    released(hub)
    clock.pass_by(hours=1)
    yield Door(hub.ports)
    hub.engine.dispose()


def released(hub: Hub) -> None:
    """One figure of the other dataflow."""
    ordinals = np.array([parse_period("2023-Q1").ordinal], np.int64)
    series = Series(("Q", "03", "LUA"), "Q", ordinals, ["7"], attributes=world.TONNES, observation_attributes={})
    draft = hub.drafts.draft(hub.ports.catalogue.structure(ANOTHER.ref), [series], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)


@pytest.mark.parametrize(("path", "status"), ASKED)
def test_every_address_is_answered_as_the_page_says(door: Door, path: str, status: int) -> None:
    answer = door.get(path)
    assert answer.status_code == status, answer.text[:500]


def test_the_page_leaves_nothing_out() -> None:
    assert len(ROWS) == PAGE.count("\n| ") - 2 * PAGE.count("| of the text |") + PAGE.count("| of the text |")
    for word in (*WORDS, *DETAILS, *SPREADS, *OPERATORS):
        assert re.search(rf"\b{word}\b", PAGE), word
    assert len({kind for kinds in WORDS.values() for kind in kinds}) == len(STRUCTURES)
    held = {one.ref.kind for one in (*world.ARTEFACTS, *MORE, *EVERY_OTHER)}
    assert held == set(Kind)
