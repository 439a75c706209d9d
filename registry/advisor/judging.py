"""Judgements that need a look at the values, or at what stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from registry.advisor.findings import Severity
from registry.advisor.restricting import chosen
from registry.advisor.rule import Rule
from registry.held import held
from registry.model import (
    UNBOUNDED,
    CodelistExtension,
    Dataflow,
    DataStructure,
    MetadataAttribute,
    MetadataAttributeUsage,
    MetadataStructure,
    ReportingCategory,
)
from registry.overlay import Known


def mandatory(old: Any, new: Any) -> Severity:
    """A part that must be filled was not filled before."""
    return Severity.MAJOR if getattr(new, "mandatory", False) else Severity.MINOR


def required(old: Any, new: MetadataAttribute) -> Severity:
    """The same for a field of a report."""
    return Severity.MAJOR if new.min_occurs else Severity.MINOR


def stricter(old: bool, new: bool) -> Severity:
    """What is asked for now and was not."""
    return Severity.MAJOR if new else Severity.MINOR


def more_often(old: int, new: int) -> Severity:
    """How often something must be there at least."""
    return Severity.MAJOR if new > old else Severity.MINOR


def less_often(old: int, new: int) -> Severity:
    """How often something may be there at most."""
    return Severity.MINOR if new == UNBOUNDED or UNBOUNDED != old < new else Severity.MAJOR


def taken_off(old: Any, new: Any) -> Severity:
    """A limit that is no more."""
    return Severity.MINOR if new is None else Severity.MAJOR


def refined(old: Any, new: Any) -> Severity:
    """A meaning that is said more exactly."""
    return Severity.MINOR if old is None else Severity.MAJOR


def kept(old: tuple[str, ...], new: tuple[str, ...]) -> Severity:
    """Whether everything named is still there."""
    return Severity.PATCH if set(old) <= set(new) else Severity.MAJOR


def dimensions(old: DataStructure, new: DataStructure, around: Known) -> Rule:
    """A new dimension makes every key another one, except where the flows say which dimensions they have."""
    return Rule(added=Severity.MINOR if old.is_evolving and new.is_evolving else Severity.MAJOR)


def dimension_constraint(old: Dataflow, new: Dataflow, around: Known) -> Rule:
    """To name all dimensions of the structure is to name none."""
    known = [_named_dimensions(flow, around) for flow in (old, new)]
    return Rule(changed=Severity.PATCH if known[0] == known[1] else Severity.MAJOR)


def _named_dimensions(flow: Dataflow, around: Known) -> set[str]:
    dsd = held(around, flow.structure)
    every = {one.id for one in dsd.dimensions} if isinstance(dsd, DataStructure) else set()
    return set(flow.dimension_constraint) or every


def metadata_usages(old: DataStructure, new: DataStructure, around: Known) -> Rule:
    """Whether a metadata attribute must be filled says the metadata structure."""
    structure = held(around, new.metadata)
    known = dict(_paths(structure.attributes)) if isinstance(structure, MetadataStructure) else {}

    def added(was: None, usage: MetadataAttributeUsage) -> Severity:
        found = known.get(usage.attribute)
        return required(None, found) if found is not None else Severity.MAJOR

    return Rule(added=added, reordered=Severity.PATCH, key=lambda place, part: part.attribute)


def _paths(attributes: tuple[MetadataAttribute, ...], above: str = "") -> Iterator[tuple[str, MetadataAttribute]]:
    for one in attributes:
        yield above + one.id, one
        yield from _paths(one.children, f"{above}{one.id}.")


def reported(old: ReportingCategory, new: ReportingCategory, around: Known) -> Rule:
    """What a section of a report holds has no URN, so nothing names it; but it is either structures or flows."""
    switched = bool(old.structural_metadata) != bool(new.structural_metadata) and (
        bool(old.provisioning_metadata) != bool(new.provisioning_metadata)
    )
    weight = Severity.MAJOR if switched else Severity.MINOR
    return Rule(weight, weight, reordered=Severity.PATCH, most=Severity.MINOR)


def members(old: CodelistExtension, new: CodelistExtension, around: Known) -> Rule:
    """The codes that an extension takes over."""
    return Rule(told=partial(chosen, include=not new.exclusive))


def exclusive(old: CodelistExtension, new: CodelistExtension, around: Known) -> Rule:
    """The other codes; where none are named it means nothing."""
    return Rule(changed=Severity.MAJOR if old.members or new.members else Severity.PATCH)
