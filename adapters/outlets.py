"""What a data address can give: formats, each with the function that writes it. The doors choose, the formats write.

A format that knows nothing of SDMX messages (JSON-stat, PX, a plain table, Parquet, Arrow) is an :class:`Outlet`; it stands in
``adapters.formats.OUTLETS`` and from then on given by both SDMX doors, by ``Accept`` and by ``format=`` in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from registry.answers import Answer, Availability
from registry.ports import Service


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What of an answer is wanted, and how. The batches of the answer hold no other attributes and measures.

    attributes    ids of the attributes wanted, in the order of the structure
    measures      ids of the measures wanted; none: no values
    observations  False: only the series, each without observations
    languages     language tags, best first
    options       parameters of the media type or the address that the outlet allows
    prepared      now, aware
    available     what the question finds, for formats that name all codes and periods before the first figure; None where it
                  is not known, and they look for themselves
    service       who answers
    """

    attributes: tuple[str, ...]
    measures: tuple[str, ...]
    observations: bool = True
    languages: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    prepared: datetime
    available: Availability | None = None
    service: Service | None = None


Write = Callable[[Answer, Wish], Iterator[bytes]]
"""Writes an answer piece by piece, taking one batch at a time."""


@dataclass(frozen=True)
class Outlet:
    """A format and its writer.

    name        its word in ``format=``
    media       its media type, without parameters
    kind        how the name of a saved file ends, without the dot
    write       its writer
    plain       other media types that mean it
    parameters  option -> values allowed, the first is the default; also parameters of the media type
    text        whether ``charset=utf-8`` belongs into its content type
    rows        whether each observation is a row by itself, in the order they come in
    tongues     in how many languages it names things: none unless labels are asked for, one, or all of ours
    """

    name: str
    media: str
    kind: str
    write: Write
    plain: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: bool = False
    rows: bool = False
    tongues: Literal["none", "one", "all"] = "none"
