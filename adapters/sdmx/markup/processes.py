"""Processes. Source: ``SDMXStructureProcess.xsd`` of SDMX 2.1, 3.0, 3.1."""

from __future__ import annotations

from adapters.sdmx.markup.common import ANNOTATIONS, artefact, identified, nameable
from adapters.sdmx.markup.grammar import Record
from adapters.sdmx.markup.parts import Attr, Many, One, Words
from adapters.sdmx.markup.references import Local, RefTo
from adapters.sdmx.markup.values import ID, NESTED_ID
from registry.model import Artifact, Computation, Process, ProcessStep, Transition
from registry.ref import Kind

_LOCAL_ID = Attr("local_id", "localID", ID)
ARTIFACT = Record(Artifact, (_LOCAL_ID, ANNOTATIONS, RefTo("object", "str:ObjectReference", required=True)))
COMPUTATION = Record(
    Computation,
    (
        _LOCAL_ID,
        Attr("software_package", "softwarePackage"),
        Attr("software_language", "softwareLanguage"),
        Attr("software_version", "softwareVersion"),
        ANNOTATIONS,
        Words("descriptions", "com:Description", least=1),
    ),
)
TRANSITION = Record(
    Transition,
    (
        *identified(required=False),
        _LOCAL_ID,
        Local("target_step", "str:TargetStep", NESTED_ID, required=True),
        Words("conditions", "str:Condition", least=1),
    ),
)


def _step() -> Record:
    return STEP


STEP: Record = Record(
    ProcessStep,
    (
        *nameable(),
        Many("inputs", "str:Input", ARTIFACT),
        Many("outputs", "str:Output", ARTIFACT),
        One("computation", "str:Computation", COMPUTATION),
        Many("transitions", "str:Transition", TRANSITION),
        Many("steps", "str:ProcessStep", _step),
    ),
)
PROCESS = artefact(Kind.PROCESS, Process, Many("steps", "str:ProcessStep", STEP))
