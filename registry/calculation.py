"""What is to be computed from released figures: part of a :class:`registry.selection.Selection`.

Applied in this order, whatever the order of asking: splicing, recoding, aggregation, longer periods, rebasing, change, then
periods, first and last observations, then sorting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from registry.errors import Invalid, suggest
from registry.hierarchy import check_level, tree
from registry.model import Structure
from registry.period import NESTED
from registry.ref import Ref


class Method(StrEnum):
    """How the figures of a group become one. SUM follows the structure where it says that a figure is not added."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


class Against(StrEnum):
    """What a change is measured from."""

    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"


@dataclass(frozen=True, slots=True)
class Sort:
    """``by``: a dimension, the time dimension (inside each series), an attribute of series or groups, or a measure (each series
    by its last value)."""

    by: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Splice:
    """Other versions of the dataflow continue its series; the codes of ``dimensions`` become those of the dataflow asked.

    ``versions``: exact, in the order in which they count where several tell a period. ``estimated``: with values that are
    estimates by shares.
    """

    dimensions: tuple[str, ...]
    versions: tuple[Ref, ...]
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Recoding:
    """Codes of a dimension become those of another codelist version, by the registry's correspondence or the one in ``by``.

    ``weight``: what weighs where figures that cannot be added come together, and their structure does not say it.
    """

    dimension: str
    to: Ref
    by: Ref | None = None
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class RollUp:
    """Codes of a dimension become their ancestors on ``level``; their parents where no level is named."""

    dimension: str
    level: str | None = None
    hierarchy: str | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What weighs: another code of a dimension (an indicator), or with ``code`` None another measure."""

    component: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Series become groups: the dimensions in ``drop`` are left out, those in ``along`` go up their hierarchy."""

    drop: tuple[str, ...] = ()
    along: tuple[RollUp, ...] = ()
    method: Method = Method.SUM
    weight: Weight | None = None


class TimeMethod(StrEnum):
    """How the figures of shorter periods become one of a longer. SUM follows what the structure says of them over time."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class OverTime:
    """Observations of shorter periods become those of longer ones: ``frequency`` is a key of :data:`registry.period.NESTED`."""

    frequency: str
    method: TimeMethod = TimeMethod.SUM
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from an earlier period, or with ``percent`` that difference in percent of it."""

    against: Against
    percent: bool = False


def check_sort(structure: Structure, sort: Iterable[Sort]) -> tuple[Sort, ...]:
    """The sort keys; :class:`Invalid` CANNOT_SORT for what series cannot be ordered by, or is named twice."""
    keys, seen = tuple(sort), set[str]()
    dsd = structure.dsd
    valid = [each.id for each in (*dsd.dimensions, *dsd.describing, *dsd.measures)]
    for key in keys:
        if key.by not in valid or key.by in seen:
            raise Invalid("CANNOT_SORT", found=key.by[:60], valid=", ".join(valid))
        seen.add(key.by)
    return keys


def check_splice(structure: Structure, wanted: Splice) -> Splice:
    """The splice; :class:`Invalid` for wrong dimensions, or NOTHING_TO_SPLICE where no other version is named."""
    _check_dimensions(structure, list(wanted.dimensions))
    others = tuple(ref for ref in dict.fromkeys(wanted.versions) if ref != structure.dataflow.ref)
    if not others:
        raise Invalid("NOTHING_TO_SPLICE", dataflow=str(structure.dataflow.ref))
    return replace(wanted, versions=others)


def check_recoding(structure: Structure, recode: Iterable[Recoding]) -> tuple[Recoding, ...]:
    """The recodings; :class:`Invalid` for a dimension that has no codes, is time, frequency, or comes twice."""
    recodings = tuple(recode)
    _check_dimensions(structure, [one.dimension for one in recodings])
    for one in recodings:
        if one.weight is not None:
            check_weight(structure, one.weight)
    return recodings


def check_aggregation(structure: Structure, wanted: Aggregation) -> Aggregation:
    """The aggregation; :class:`Invalid` for wrong dimensions, hierarchies, levels or weights."""
    _check_dimensions(structure, [*wanted.drop, *(one.dimension for one in wanted.along)])
    if not wanted.drop and not wanted.along:
        raise Invalid("NOTHING_TO_AGGREGATE", valid=", ".join(structure.dsd.key))
    _check_weight(structure, wanted)
    return wanted


def check_over_time(structure: Structure, wanted: OverTime, gone: Iterable[str]) -> OverTime:
    """The longer periods; :class:`Invalid` UNKNOWN_FREQUENCY, or for a weight that is none or is ``gone`` from the key."""
    codelist = structure.codelists.get("FREQ")
    known = [each for each in NESTED if codelist is None or each in codelist.by_id]
    if wanted.frequency not in known:
        raise Invalid("UNKNOWN_FREQUENCY", found=wanted.frequency[:60], valid=", ".join(known))
    _check_weight(structure, wanted)
    if wanted.weight is not None and wanted.weight.component in gone:
        left = [name for name in structure.dsd.key if name not in gone]
        raise Invalid("UNKNOWN_WEIGHT", found=wanted.weight.component, valid=", ".join(left))
    return wanted


def check_kept(structure: Structure, names: Iterable[str]) -> None:
    """:class:`Invalid` CANNOT_COMPUTE_ALONG for a dimension to group by that is none."""
    for name in names:
        if name not in structure.dsd.key:
            near = ", ".join(suggest(name[:60], structure.dsd.key) or structure.dsd.key)
            raise Invalid("CANNOT_COMPUTE_ALONG", found=name[:60], near=near, valid=", ".join(structure.dsd.key))


def check_roll_ups(structure: Structure, along: Iterable[RollUp]) -> None:
    """:class:`Invalid` where a hierarchy or level is not of the codelist, as it is after recoding."""
    for one in along:
        if one.dimension not in structure.codelists:
            raise Invalid("NO_CODELIST", dimension=one.dimension[:60])
        wood = tree(structure.codelists[one.dimension], one.hierarchy)
        if one.level is not None:
            check_level(wood, one.level)


def _check_dimensions(structure: Structure, names: list[str]) -> None:
    key = structure.dsd.key
    valid = [name for name in key if name != "FREQ"]
    for name in names:
        if name not in valid or names.count(name) > 1:
            near = ", ".join(suggest(name[:60], valid) or valid)
            raise Invalid("CANNOT_COMPUTE_ALONG", found=name[:60], near=near, valid=", ".join(valid))


def _check_weight(structure: Structure, wanted: Aggregation | OverTime) -> None:
    weight = wanted.weight
    if wanted.method not in (Method.WEIGHTED_MEAN, TimeMethod.WEIGHTED_MEAN):
        if weight is not None:
            raise Invalid("WEIGHT_NOT_USED", method=wanted.method.value)
        return
    if weight is not None:
        check_weight(structure, weight)


def check_weight(structure: Structure, weight: Weight) -> None:
    """:class:`Invalid` UNKNOWN_WEIGHT for a weight that is no code of a dimension and no measure."""
    codelist = structure.codelists.get(weight.component)
    known = [measure.id for measure in structure.dsd.measures] if weight.code is None else structure.dsd.key
    fits = weight.component in known and (weight.code is None or codelist is None or weight.code in codelist.by_id)
    if not fits:
        found = weight.component if weight.code is None else f"{weight.component}:{weight.code}"
        raise Invalid("UNKNOWN_WEIGHT", found=found[:60], valid=", ".join(known))
