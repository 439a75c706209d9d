"""Observations as a file states them, before anything is checked: the stream between the readers and the checker.

A reader of any format yields a :class:`RawDataSet`, then what belongs to it: :class:`RawGroup` and :class:`RawSeries`. Formats
differ in whether they tell dimensions from attributes, so a statement is one mapping of component ids to texts; the data
structure tells which is which (:mod:`registry.checking`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

RawValue = str | tuple[str, ...]
"""The text of a component; several texts where the file gives several values."""

Parts = Mapping[str, RawValue]
"""Component id -> text. An empty text says the same as a missing component."""


class Described(StrEnum):
    """What a data set may name as its structure; the value is the SDMX class name."""

    DATA_STRUCTURE = "DataStructure"
    DATAFLOW = "Dataflow"
    PROVISION_AGREEMENT = "ProvisionAgreement"


@dataclass(frozen=True, slots=True)
class StructureUse:
    """What a data set says it is described by; ``version`` is ``latest`` where the file gives none."""

    what: Described
    agency: str
    id: str
    version: str = "latest"

    def __str__(self) -> str:
        return f"{self.what} {self.agency}:{self.id}({self.version})"


class Action(StrEnum):
    """What the sender wants done. Information is read as Merge (SDMX 3.1, data messages)."""

    MERGE = "Merge"
    APPEND = "Append"
    REPLACE = "Replace"
    DELETE = "Delete"


@dataclass(frozen=True)
class RawDataSet:
    """The head of a data set. ``use`` is None where the file names no structure.

    parts           attributes of the data set
    place           how an observation's number becomes its place in the file: ``Obs[{}]``, or ``{}`` for a line
    labelled        texts may be ``code: label`` (SDMX-CSV with labels)
    rows            a row without a value and without its whole key states attributes (SDMX-CSV); columns that the
                    structure does not know are the sender's own
    """

    use: StructureUse | None
    action: Action = Action.MERGE
    parts: Parts = field(default_factory=dict)
    place: str = "Obs[{}]"
    labelled: bool = False
    rows: bool = False


@dataclass(frozen=True, slots=True)
class RawGroup:
    """Attributes stated for all series that share part of a key; without any dimension, for the data set."""

    parts: Parts


@dataclass(slots=True)
class RawSeries:
    """Observations under what they have in common. ``observations``: number in the file (from 1) or line, and parts.

    A long series comes in several pieces, each repeating ``parts``.
    """

    parts: Parts
    observations: list[tuple[int, Parts]]


Raw = RawDataSet | RawGroup | RawSeries
