"""A process to be killed: it does one long thing to a database. Arguments: address, data folder, what, moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime

import numpy as np

from hub.access import LOCAL_ADMINISTRATOR
from hub.retention import Keep
from hub.settings import Settings
from hub.wiring import Hub
from registry.columns import Batch, Coded, Numbers
from registry.staging import Removal, Staged
from tests import model
from tests.conftest import Hands

KEY_COUNT = 1500


def figures(value: float, periods: int = 24) -> Iterator[Batch]:
    """All series in all periods with one value, so that any mixture of two states shows; a period at a time."""
    keys = [f"{number:05d}" for number in range(KEY_COUNT)]
    for at in range(24000, 24000 + periods):
        yield Batch(
            key=(Coded.of([key[-1] for key in keys]), Coded.of(keys)),
            frequencies=np.full(KEY_COUNT, "M"),
            starts=np.arange(KEY_COUNT + 1),
            ordinals=np.full(KEY_COUNT, at),
            measures={"AREA": Numbers(np.full(KEY_COUNT, value))},
            series_attributes={"UNIT": Coded.constant(str(value), KEY_COUNT), "REGION": Coded.constant(str(value), KEY_COUNT)},
        )


def opened(address: str, folder: str, at: datetime) -> Hub:
    clock = Hands()
    clock.time = at
    settings = {"HUB_DATA_DIR": folder, "HUB_DATABASE_URL": address, "HUB_PUBLIC_URL": "https://so-lieu.example"}
    return Hub.build(Settings.load(settings | {"HUB_FOUR_EYES": "0"}), clock)


def drafted(hub: Hub, value: float) -> str:
    draft = hub.drafts.draft(
        model.structure(True), figures(value), LOCAL_ADMINISTRATOR, dataset_attributes={"COMMENT": str(value)}
    )
    assert draft is not None
    return draft.id


def released(hub: Hub, value: float) -> str:
    id = drafted(hub, value)
    hub.releases.approve(id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(id, LOCAL_ADMINISTRATOR).id


def stalled(value: float) -> Iterator[Staged]:
    """What is staged, and then nothing more comes."""
    yield from figures(value)
    yield Removal({"CROP": "-"})
    sys.stdout.write("staged\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    address, folder, what, moment, given = sys.argv[1:]
    hub = opened(address, folder, datetime.fromisoformat(moment))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if what == "draft":
        drafted(hub, float(given))
    elif what == "stall":
        hub.drafts.draft(model.structure(True), stalled(float(given)), LOCAL_ADMINISTRATOR)
    elif what == "release":
        hub.releases.release(given, LOCAL_ADMINISTRATOR)
    elif what == "withdraw":
        hub.ports.desk.withdraw(given, LOCAL_ADMINISTRATOR, {"vi": "Sai", "en": "Wrong"})
    elif what == "thin":
        hub.retention.thin(model.FLOW, Keep("newest"), LOCAL_ADMINISTRATOR)
    sys.stdout.write("done\n")
