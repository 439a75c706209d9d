"""Processes. Source: ``ProcessType``, ``ProcessStepType``, ``TransitionType`` of the schemas."""

from __future__ import annotations

from functools import cache

from adapters.sdmx.jsonshape.notes import linked, noted
from adapters.sdmx.jsonshape.records import Part, Piece, Record
from adapters.sdmx.jsonshape.references import FIRST, Inner, anything
from adapters.sdmx.jsonshape.texts import Texts
from adapters.sdmx.jsonshape.ways import ID, NESTED_ID, TEXT, Each, Later, Way
from registry.model import Artifact, Computation, ProcessStep, Transition


def process(version: str) -> tuple[Piece, ...]:
    """The pieces of a process."""
    return (Part("steps", "processSteps", Each(_step(version))),)


@cache
def _step(version: str) -> Record:
    artifact = Record(
        Artifact,
        (Part("object", "objectReference", anything(version), needed=True), Part("local_id", "localID", ID), noted(version)),
    )
    return Record(
        ProcessStep,
        (
            Part("id", "id", ID, needed=True),
            Texts("names", "name", "names", instead="id", needed=True),
            Texts("descriptions", "description", "descriptions"),
            noted(version),
            linked(version),
            Part("inputs", "inputs", Each(artifact)),
            Part("outputs", "outputs", Each(artifact)),
            Part("computation", "computation", _computation(version)),
            Part("transitions", "transitions", Each(_transition(version))),
            Part("steps", "processSteps", Each(Later(lambda: _step(version)))),
        ),
    )


def _computation(version: str) -> Record:
    return Record(
        Computation,
        (
            Texts("descriptions", "description", "descriptions", needed=True),
            Part("local_id", "localID", ID),
            Part("software_package", "softwarePackage", TEXT),
            Part("software_language", "softwareLanguage", TEXT),
            Part("software_version", "softwareVersion", TEXT),
            noted(version),
        ),
    )


def _transition(version: str) -> Record:
    target: Way = Inner("ProcessStep") if version == FIRST else NESTED_ID
    return Record(
        Transition,
        (
            Part("id", "id", ID),
            Part("target_step", "targetStep", target, needed=True),
            Texts("conditions", "condition", "conditions", needed=True),
            Part("local_id", "localID", ID),
            noted(version),
            linked(version),
        ),
    )
