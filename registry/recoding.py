"""Figures that crossed from one version of a classification to another: how sure each is, and what an answer tells of them.

Every value says how sure it is in the attribute RECODING, and in a long series which version of the dataflow it comes from in
DATAFLOW_VERSION. The structure of the answer has both, so that every door can show them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from registry import content
from registry.correspondence import Correspondence, State
from registry.model import Attribute, Codelist, Item, Structure, coded
from registry.ref import Kind, Ref

RECODING = "RECODING"
ORIGIN = "DATAFLOW_VERSION"

CODES = Ref(Kind.CODELIST, "NSO", "CL_RECODING", "1.0")


def code_of(state: State) -> str:
    """The code of a state in :data:`CODES`, which has the surest first."""
    return state.name


@cache
def states() -> Codelist:
    """The codelist of the states, as it is shipped."""
    (found,) = content.read(content.FOLDERS[0] / f"{CODES.id}-{CODES.version}.yml")
    return cast(Codelist, found)


def telling(structure: Structure, name: str, codelist: Codelist) -> Structure:
    """The structure with an attribute of observations more, named as its codelist is."""
    attribute = Attribute(id=name, representation=coded(codelist.ref))
    attributes = (*(each for each in structure.dsd.attributes if each.id != name), attribute)
    return replace(
        structure,
        dsd=replace(structure.dsd, attributes=attributes),
        codelists={**structure.codelists, name: codelist},
        concepts={**structure.concepts, name: Item(name, codelist.names)},
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """What shares in use were measured by (turnover, population, ...), when, and where they come from; empty where not said."""

    basis: str
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How sure the figures are that source observations went into, the least sure where there are several.

    observations  by state, how many source observations
    amounts       by state, the share of their values without signs, of 1; None where values cannot be added up: rates, indices,
                  several units or indicators, or nothing but 0
    """

    observations: Mapping[State, int]
    amounts: Mapping[State, float] | None


@dataclass(frozen=True)
class Crossing:
    """One dimension of one dataflow taken from a codelist version to another.

    weights   what shares in use were measured by     tally  reads what was recoded once more, the whole selection
    broken    source codes in use that cannot be parted, or ended; what they go into has no value
    unlinked  source codes in use that the table has no target for: their figures stand nowhere in the answer
    partial   targets without a value because the question left out codes that go to them
    """

    dataflow: Ref
    dimension: str
    table: Correspondence
    weights: tuple[Weights, ...]
    broken: tuple[str, ...]
    unlinked: tuple[str, ...]
    partial: tuple[str, ...]
    tally: Callable[[], Tally]
