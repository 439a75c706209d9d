"""What of an answer a data message shows, and how it is packed: the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from adapters.sdmx.writing.header import Header, structure_id
from registry.columns import Batch
from registry.model import Dataflow, DataStructure, Level, ProvisionAgreement, Structure

ALL_DIMENSIONS = "AllDimensions"
"""Flat packing: every observation carries its whole key."""

MEASURE = "OBS_VALUE"
"""The only measure of SDMX 2.1, whatever the structure calls it."""


@dataclass(frozen=True)
class Shape:
    """What is shown.

    attributes    ids wanted, in DSD order
    measures      ids wanted, in DSD order; none: observations without values
    observations  whether there are observations at all, or only series
    at            the dimension that tells the observations of a series apart, or ``AllDimensions``
    whole         whether everything of each observation is shown, so that a reader may replace what it has
    arranged      whether the observations come as series of one, in an order that sections keep
    """

    attributes: tuple[str, ...]
    measures: tuple[str, ...]
    at: str
    observations: bool = True
    whole: bool = True
    arranged: bool = False

    @property
    def flat(self) -> bool:
        return self.at == ALL_DIMENSIONS

    def trim(self, batch: Batch) -> Batch:
        """The batch without what is not shown."""
        wanted, shown = set(self.attributes), batch
        if not wanted.issuperset([*batch.attributes, *batch.series_attributes]):
            shown = replace(
                shown,
                attributes={name: column for name, column in batch.attributes.items() if name in wanted},
                series_attributes={name: column for name, column in batch.series_attributes.items() if name in wanted},
            )
        measures = {name: column for name, column in batch.measures.items() if name in self.measures}
        return shown if len(measures) == len(batch.measures) else replace(shown, measures=measures)

    def data_set(self, given: Mapping[str, str]) -> dict[str, str]:
        """The data set's attributes that are wanted."""
        return {name: given[name] for name in self.attributes if name in given}


def usual_shape(dsd: DataStructure) -> Shape:
    """Everything, as time series where there is time."""
    return Shape(
        attributes=tuple(attribute.id for attribute in dsd.attributes),
        measures=tuple(measure.id for measure in dsd.measures),
        at=usual_dimension(dsd),
    )


def usual_dimension(dsd: DataStructure) -> str:
    return dsd.time.id if dsd.time else ALL_DIMENSIONS


def attributes_at(dsd: DataStructure, *levels: Level) -> tuple[str, ...]:
    return tuple(attribute.id for attribute in dsd.attributes if attribute.level in levels)


class Purpose(StrEnum):
    """What a data set is for; the value is the SDMX action of old: what is given, what replaces, what is gone."""

    GIVEN = "Information"
    CHANGED = "Replace"
    DELETED = "Delete"


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One data set of a message. ``batches`` are trimmed to the shape and can be walked once; a validity may be open."""

    batches: Iterator[Batch]
    purpose: Purpose = Purpose.GIVEN
    attributes: Mapping[str, str] = field(default_factory=dict)
    valid_from: datetime | None = None
    valid_to: datetime | None = None


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What every writer is given. ``sets`` can be walked once, each data set before the next; ``languages`` best first.

    ``dated``: whether the data sets have validities, as those of a history have; ``several``: whether others stand beside it;
    ``agreement``: for which the figures were asked for, None where they were asked for by their dataflow or structure.
    """

    header: Header
    structure: Structure
    shape: Shape
    sets: Iterator[DataSet]
    languages: tuple[str, ...] = ()
    dated: bool = False
    several: bool = False
    agreement: ProvisionAgreement | None = None

    @property
    def reported_for(self) -> Dataflow | ProvisionAgreement:
        """What the message says its figures are of. It is no data structure: one may have several dataflows, and whoever loads
        the message must know which."""
        return self.agreement or self.structure.dataflow

    @property
    def name(self) -> str:
        """The XML id by which a data set names its structure. R's rsdmx takes it for the id of the data structure."""
        structure = self.structure.dsd.ref.id
        alone = not self.several and _NAME.fullmatch(structure)
        return structure if alone else structure_id(self.structure.dataflow.ref)

    def action(self, purpose: Purpose, modern: bool) -> str:
        """The word for the action. From SDMX 3.1 on a whole answer is to replace and a part of one is to merge.

        Source: sdmx-twg/sdmx-json, field guide 2.1, "Recommended dataset actions".
        """
        if not modern or purpose is Purpose.DELETED:
            return purpose.value
        # A series without observations that replaced one would take away what that has.
        partial = not self.shape.whole if purpose is Purpose.GIVEN else not self.shape.observations
        return "Merge" if partial else "Replace"
