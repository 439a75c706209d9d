"""How figures go over time, as their structure says it.

A code of an indicator dimension, or the concept of a measure, may carry the annotation ``aggregation:time``:

    sum, mean, weighted:CODE, none   as ``aggregation`` says it of other dimensions, see :mod:`hub.computing.rules`
    first, last                      a stock: what is at the beginning or at the end of the period
    min, max                         the lowest or the highest of the period

Else the attribute that tells how a figure was collected over its period says it, else ``aggregation``. Figures of which nothing
is said are flows, which are added, unless they are in percent or of an index. Source of the codes: SDMX cross-domain concept
"Time period - collection", code list CLCOLLECTION.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hub.computing import units
from hub.computing.rules import NONE, RULE, WEIGHTED, unit_kind
from registry.calculation import OverTime, TimeMethod, Weight
from registry.collecting import COLLECTION
from registry.columns import Batch, Coded
from registry.errors import Invalid
from registry.model import Structure, fact

TIME_RULE = "aggregation:time"
_CODES = {
    "A": TimeMethod.MEAN,
    "B": TimeMethod.FIRST,
    "E": TimeMethod.LAST,
    "H": TimeMethod.MAX,
    "L": TimeMethod.MIN,
    "S": TimeMethod.SUM,
}
_TELLS = {method: code for code, method in _CODES.items()}
_FORMAT = "TIME_FORMAT"
"""An attribute of older structures that names the length of the periods."""

How = tuple[TimeMethod, Weight | None]


@dataclass(frozen=True)
class _Said:
    """What is said of some series: ``over`` time, and ``else_`` of every dimension; and of which code."""

    over: str
    else_: str
    dimension: str
    code: str


def telling_dimensions(structure: Structure) -> tuple[str, ...]:
    """The dimensions whose codes say how figures go over time, or are aggregated at all."""
    known = structure.codelists
    return tuple(name for name in structure.dsd.key if name in known and {RULE, TIME_RULE} & set(known[name].fact_types))


def weights_over_time(structure: Structure, dimension: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that these are weighted by."""
    rules = (_said(structure, {dimension: code}) for code in codes)
    found = (said.over or said.else_ for said in rules)
    return tuple(dict.fromkeys(rule.removeprefix(WEIGHTED) for rule in found if rule.startswith(WEIGHTED)))


def _said(structure: Structure, codes: Mapping[str, str]) -> _Said:
    """By the first code that says something, else by the concept of the measure."""
    for dimension, code in codes.items():
        item = structure.codelists[dimension].by_id.get(code)
        if item and (fact(item, TIME_RULE) or fact(item, RULE)):
            return _Said(fact(item, TIME_RULE), fact(item, RULE), dimension, code)
    measure = structure.dsd.measures[0].id
    concept = structure.concepts.get(measure)
    over, else_ = (fact(concept, rule) if concept else "" for rule in (TIME_RULE, RULE))
    return _Said(over, else_, "", measure)


@dataclass(frozen=True)
class TimeRules:
    """``structure``: of the released figures; ``names``: the key that is left; ``gone``: the one code of each dimension that
    would tell and is left out; ``summed``: the figures, and so their weights, are not means or extremes of others."""

    structure: Structure
    names: tuple[str, ...]
    gone: Mapping[str, str]
    summed: bool = True

    def weighs(self, wanted: OverTime) -> bool:
        """Whether other series may weigh, which are read too."""
        if wanted.method == TimeMethod.SUM:
            lists = (self.structure.codelists[name] for name in self._telling)
            return any(
                fact(item, rule).startswith(WEIGHTED) for each in lists for item in each.items for rule in (TIME_RULE, RULE)
            )
        return wanted.method == TimeMethod.WEIGHTED_MEAN

    def of(self, batch: Batch, wanted: OverTime, stays: Sequence[bool]) -> list[How | None]:
        """How each series goes over time; None for one that ``stays`` as it is.

        :class:`Invalid` NOT_ADDITIVE for a sum of what is not added, WEIGHT_NOT_SAID for a weighted mean without its weight,
        WEIGHTS_NOT_SUMMED for one of figures that were put together otherwise.
        """
        codes = [batch.key[self.names.index(name)].decoded() for name in self._telling]
        collected = [_column(batch, name) for name in COLLECTION]
        known: dict[tuple[str | None, ...], How] = {}
        found: list[How | None] = []
        for stay, *told in zip(stays, _column(batch, units.UNIT), *collected, *codes, strict=True):
            if stay:
                found.append(None)
                continue
            if (key := tuple(told)) not in known:
                unit, *words = told[: 1 + len(COLLECTION)]
                known[key] = self._how(wanted, unit or "", words, told[1 + len(COLLECTION) :])
            found.append(known[key])
        return found

    @cached_property
    def _telling(self) -> tuple[str, ...]:
        return tuple(name for name in telling_dimensions(self.structure) if name in self.names)

    def _how(self, wanted: OverTime, unit: str, collected: Iterable[str | None], codes: Iterable[str | None]) -> How:
        said = _said(self.structure, {**dict(zip(self._telling, map(str, codes), strict=True)), **self.gone})
        if wanted.method == TimeMethod.WEIGHTED_MEAN:
            return wanted.method, self._summed(wanted.weight or self._weight(said, said.over or said.else_, "WEIGHT_NOT_SAID"))
        if wanted.method != TimeMethod.SUM:
            return wanted.method, None
        by_attribute = next((_CODES[word] for word in collected if word in _CODES), None)
        rule = said.over or (by_attribute.value if by_attribute else "") or said.else_
        if rule.startswith(WEIGHTED):
            return TimeMethod.WEIGHTED_MEAN, self._summed(self._weight(said, rule, "NOT_ADDITIVE"))
        if rule == NONE:
            raise Invalid("NOT_ADDITIVE", found=f"{said.dimension} {said.code}".strip())
        if not rule and unit_kind(self.structure, unit):
            raise Invalid("NOT_ADDITIVE", found=f"{units.UNIT} {unit}")
        return TimeMethod(rule) if rule else TimeMethod.SUM, None

    def _weight(self, said: _Said, rule: str, error: str) -> Weight:
        if rule.startswith(WEIGHTED) and said.dimension in self.names:
            return Weight(said.dimension, rule.removeprefix(WEIGHTED))
        raise Invalid(error, found=f"{said.dimension} {said.code}".strip())

    def _summed(self, weight: Weight) -> Weight:
        if self.summed:
            return weight
        raise Invalid("WEIGHTS_NOT_SUMMED", found=weight.code or weight.component)


def _column(batch: Batch, name: str) -> list[str | None]:
    column = batch.series_attributes.get(name)
    return column.decoded() if column is not None else [None] * batch.series_count


def collected(structure: Structure, described: Mapping[str, Coded], method: TimeMethod, count: int) -> dict[str, Coded]:
    """Series attributes of longer periods."""
    if method == TimeMethod.COUNT:
        return units.counted(structure, {name: column for name, column in described.items() if name not in COLLECTION}, count)
    said: dict[str, str | None] = {_FORMAT: None}
    if method in (TimeMethod.MEAN, TimeMethod.WEIGHTED_MEAN):
        said[units.DECIMALS] = None
    for name in COLLECTION:
        codelist, code = structure.codelists.get(name), _TELLS.get(method, _TELLS[TimeMethod.MEAN])
        said[name] = code if codelist is None or code in codelist.by_id else None
    return units.otherwise(described, said, count)
