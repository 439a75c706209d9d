"""Publish the invented country in the hub, by the way every draft goes; one process, so that its memory can be seen.

    python -m benchmarks.load_hub PRODUCTS        with HUB_DATA_DIR and HUB_DATABASE_URL set

Prints JSON: seconds of draft, approval and release, seconds the world itself took to make up, and the largest memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator

from benchmarks.world import World
from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.attribution import Act
from registry.columns import Batch


class Watched:
    """Batches, and how long they took to make."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Batch]:
        blocks = self._world.blocks()
        while True:
            started = time.perf_counter()
            block = next(blocks, None)
            batch = block.batch() if block else None
            self.seconds += time.perf_counter() - started
            if batch is None:
                return
            yield batch


def main() -> None:
    world = World(int(sys.argv[1]))
    hub = Hub.build(Settings.load())
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, world.artefacts, Act(hub.clock.now(), LOCAL_ADMINISTRATOR.name, "benchmark"))
    batches, started = Watched(world), time.perf_counter()
    draft = hub.drafts.draft(world.structure, batches, LOCAL_ADMINISTRATOR)
    assert draft is not None
    drafted = time.perf_counter()
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    found = hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "observations": found.observations,
                "draft": round(drafted - started - batches.seconds, 2),
                "release": round(done - drafted, 3),
                "world": round(batches.seconds, 2),
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
