"""A file as structures or as a raw stream, whichever format it is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.sdmx.reading.csvdata import read_csv
from adapters.sdmx.reading.formats import Format
from adapters.sdmx.reading.generic import read_generic
from adapters.sdmx.reading.jsondata import read_json
from adapters.sdmx.reading.message import StructureMessage
from adapters.sdmx.reading.specific import read_specific
from adapters.sdmx.reading.structures import structures_of
from registry.errors import TooLarge
from registry.raw import Raw

MOST_WHOLE = 200 * 1024 * 1024
"""Bytes of a message that is read as a whole: structures and SDMX-JSON."""

MOST_STREAMED = 8 * 1024 * 1024 * 1024
"""Bytes of a message that is read as a stream."""


def read_structures(path: Path) -> StructureMessage:
    """The artefacts of a structure message."""
    _bound(path, MOST_WHOLE)
    return structures_of(path.read_bytes())


def read_data(path: Path, format: Format) -> Iterator[Raw]:
    """The raw stream of a data message; errors may come at any point of it."""
    _bound(path, MOST_WHOLE if format == Format.JSON else MOST_STREAMED)
    if format == Format.JSON:
        yield from read_json(path.read_bytes())
        return
    with path.open("rb") as stream:
        if format in (Format.CSV_1, Format.CSV_2):
            yield from read_csv(stream)
        else:
            yield from read_generic(stream) if format == Format.ML_21_GENERIC else read_specific(stream)


def _bound(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        raise TooLarge("MESSAGE_TOO_LARGE", found=size, most=most)
