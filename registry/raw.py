"""Observations as a file states them, before anything is checked: the stream between the readers and the checker.

A reader of any format yields a :class:`RawDataSet`, then what belongs to it: :class:`RawGroup` and either :class:`RawTable`
(many observations in columns, what is fast) or :class:`RawSeries` (one by one, what is simple). Formats differ in whether they
tell dimensions from attributes, so a statement is one mapping of component ids to texts; the data structure tells which is
which (:mod:`registry.checking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

OBS_VALUE = "OBS_VALUE"
"""How messages without measure ids name the measure (SDMX 2.1)."""

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
    """What the sender wants done. Information and Append are read as Merge (SDMX 3.1 section 3A, "Data Actions")."""

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


class RawColumn:
    """The texts of one component: row n has ``texts[places[n]]``, without places ``texts[n]``. Empty or None: nothing.

    texts   a ``pyarrow.StringArray``, or a list of :data:`RawValue` or None
    places  what stands once for many rows: the codes of a dictionary, the series of each observation; -1 is nothing
    """

    __slots__ = ("places", "texts")

    def __init__(self, texts: Any, places: NDArray[np.integer[Any]] | None = None) -> None:
        self.texts, self.places = texts, places

    def __getitem__(self, row: int) -> RawValue | None:
        place = row if self.places is None else int(self.places[row])
        found = None if place < 0 else self.texts[place]
        return found.as_py() if isinstance(found, pa.Scalar) else found

    def stated(self) -> NDArray[np.bool_]:
        """bool[n]: the rows that have a text."""
        values, codes = self.coded()
        present = np.array([bool(value) for value in [*values, None]], dtype=np.bool_)
        found: NDArray[np.bool_] = present[codes]
        return found

    def arrow(self) -> pa.StringArray | None:
        """The texts as an Arrow column; None where some text is none (several values, a lone surrogate)."""
        if isinstance(self.texts, pa.StringArray):
            return self.texts
        try:
            return pa.array(self.texts, pa.string())
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
            return None

    def coded(self) -> tuple[list[RawValue | None], NDArray[np.int32]]:
        """The distinct texts, and for each row which of them it has, -1 for none."""
        column = self.arrow()
        if column is not None:
            encoded = column.dictionary_encode()
            texts: list[RawValue | None] = encoded.dictionary.to_pylist()
            codes: NDArray[np.int32] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        else:
            known: dict[RawValue | None, int] = {}
            codes = np.array([known.setdefault(text, len(known)) for text in self.texts], dtype=np.int32)
            texts = list(known)
        return texts, self.spread(codes)

    def spread(self, codes: NDArray[np.int32]) -> NDArray[np.int32]:
        """From one code a text to one code a row; the places themselves may be nothing."""
        if self.places is None:
            return codes
        spread: NDArray[np.int32] = np.append(codes, np.int32(-1))[self.places]
        return spread


@dataclass(frozen=True, slots=True)
class RawTable:
    """Many statements in columns, in the order of the file.

    numbers   int64[n]: number of each observation in the file (from 1) or line
    observed  False: series that state attributes and no observation
    shared    columns of what series say once for all their observations
    """

    columns: Mapping[str, RawColumn]
    numbers: NDArray[np.int64]
    observed: bool = True
    shared: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.numbers)

    def parts(self, row: int) -> dict[str, RawValue]:
        """What one row states."""
        found = ((name, column[row]) for name, column in self.columns.items())
        return {name: value for name, value in found if value}


def tabled(pieces: Sequence[RawSeries]) -> list[RawTable]:
    """Series in columns: what states observations, and what states none."""
    stated = [(number, {**piece.parts, **own}) for piece in pieces for number, own in piece.observations]
    bare = [(number, piece.parts) for number, piece in enumerate(pieces, 1) if not piece.observations]
    near = {name for piece in pieces for _, own in piece.observations for name in own}
    above = frozenset(name for piece in pieces for name in piece.parts) - near
    tables = [_table(stated, above)] if stated else []
    return [*tables, replace(_table(bare, frozenset()), observed=False)] if bare else tables


def _table(rows: Sequence[tuple[int, Parts]], shared: frozenset[str]) -> RawTable:
    names = dict.fromkeys(name for _, parts in rows for name in parts)
    columns = {name: RawColumn([parts.get(name) or None for _, parts in rows]) for name in names}
    return RawTable(columns, np.array([number for number, _ in rows], dtype=np.int64), shared=shared)


Raw = RawDataSet | RawGroup | RawSeries | RawTable
