"""Processes: steps, what goes in and out, and which step follows. Source: ``SDMXStructureProcess.xsd`` of SDMX 3.1."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.model.base import Annotable, Identifiable, Maintainable, Nameable, nothing
from registry.model.references import AnyRef
from registry.text import Names


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact(Annotable):
    """What a step takes or makes (``InputOutputType``)."""

    object: AnyRef
    local_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Computation(Annotable):
    """What a step does."""

    descriptions: Names
    local_id: str = ""
    software_package: str = ""
    software_language: str = ""
    software_version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition(Identifiable):
    """Which step follows under which condition; ``target_step`` is the path of its ids."""

    id: str = ""
    target_step: str
    conditions: Names = field(default_factory=nothing)
    local_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessStep(Nameable):
    """A step, perhaps of smaller steps."""

    inputs: tuple[Artifact, ...] = ()
    outputs: tuple[Artifact, ...] = ()
    computation: Computation | None = None
    transitions: tuple[Transition, ...] = ()
    steps: tuple[ProcessStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Process(Maintainable):
    """How statistics are made."""

    steps: tuple[ProcessStep, ...] = ()
