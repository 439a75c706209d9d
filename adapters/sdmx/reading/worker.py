"""The program of the processes that read what strangers send: one file a job, as structures or as observations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.bounded import Frame
from adapters.confined import serve
from adapters.sdmx.reading import detect, read_data, structures_of
from adapters.sdmx.reading.registrations import registrations_of
from adapters.sdmx.reading.wire import raw_frames, registration_frames, structure_frames


def read(job: list[str]) -> Iterator[Frame]:
    """The frames of a job: what is wanted, and the file."""
    wanted, path = job[0], Path(job[1])
    if wanted == "structures":
        yield from structure_frames(structures_of(path.read_bytes()))
    elif wanted == "registrations":
        yield from registration_frames(registrations_of(path.read_bytes()))
    elif wanted == "format":
        yield b"N", detect(path).name.encode()
    else:
        yield from raw_frames(read_data(path, detect(path)))


if __name__ == "__main__":
    serve(read)
