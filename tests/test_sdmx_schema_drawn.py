"""Whatever the official schemas of SDMX-ML allow comes in and goes out again in every format, or its loss is told.

The messages are drawn from the schemas (:mod:`tests.grammar`), so that they say what our model and our writers never thought
of. What came in is looked for in what goes out by its words, without our readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from lxml import etree

from adapters.sdmx.otherwise import OTHERWISE
from adapters.sdmx.reading import structures_of
from adapters.sdmx.writing.shown import Shown, StructureFormat, presented
from registry.document import from_document, to_document
from registry.model import Artefact
from tests.grammar import WORD, Drawing, Grammar
from tests.lost import without
from tests.official import is_back, ml_schema
from tests.test_sdmx_little_things import FORMATS, written

FULL = (0.3, 0.6, 1.0)
"""How much of what may be left out is there, for each of the messages of an artefact."""

VERSIONS = {"2.1": "2.1", "3.0": "3.0.0", "3.1": "3.1.0"}
NO_ARTEFACT = "AvailabilityConstraint"


@cache
def grammar(version: str) -> Grammar:
    return Grammar(version)


def message(version: str, element: str, seed: int) -> Any:
    """A message with one artefact of an element of the schema."""
    known = grammar(version)
    holder, _, type = next(one for one in known.artefacts() if one[1] == element)
    artefact = Drawing(known, Random(f"{element}{seed}"), FULL[seed]).element(f"{{{known.space('structure')}}}{element}", type)
    root = etree.Element(f"{{{known.space('message')}}}Structure")
    header = etree.SubElement(root, f"{{{known.space('message')}}}Header")
    for name, text in (("ID", "M"), ("Test", "false"), ("Prepared", "2025-07-01T00:00:00Z")):
        etree.SubElement(header, f"{{{known.space('message')}}}{name}").text = text
    etree.SubElement(header, f"{{{known.space('message')}}}Sender", id="SEN")
    structures = etree.SubElement(root, f"{{{known.space('message')}}}Structures")
    etree.SubElement(structures, f"{{{known.space('structure')}}}{holder}").append(artefact)
    return root


def taken(version: str, element: str) -> Iterator[tuple[str, Artefact]]:
    """Valid messages, and what is read of each; what only hangs together wrongly may be refused."""
    for seed in range(len(FULL)):
        content = etree.tostring(message(version, element, seed), encoding="unicode")
        if not ml_schema(VERSIONS[version]).validate(etree.fromstring(content)):
            continue  # keys that must not come twice are more than the grammar knows
        for made in structures_of(content.encode()).artefacts:
            yield content, made


def words(text: str) -> set[str]:
    return set(WORD.findall(text))


def said(made: Artefact) -> set[str]:
    return words(str(to_document(made)))


@pytest.mark.parametrize(
    ("version", "element"),
    [(version, element) for version in VERSIONS for _, element, _ in Grammar(version).artefacts() if element != NO_ARTEFACT],
)
def test_whatever_the_schema_allows_is_there_again_or_told_as_lost(version: str, element: str) -> None:
    for content, made in taken(version, element):
        assert words(content) == said(made)
        assert from_document(to_document(made)) == made
        for format in FORMATS:
            goes_out(format, made)


def goes_out(format: StructureFormat, made: Artefact) -> None:
    one = Shown(made)
    content = written(format, made)
    lost = format.unheld(one)
    found = next(iter(structures_of(content.encode()).artefacts), None)
    assert is_back(format, one, found), (format.kind, format.version, lost)
    if all(each.reason != OTHERWISE for each in lost) and (left := without(presented(one), lost)) is not None:
        assert said(left) <= words(content), (format.kind, format.version, lost)


@pytest.mark.parametrize("version", VERSIONS)
def test_nearly_every_message_drawn_is_read(version: str) -> None:
    """Else the test above would say nothing."""
    elements = [element for _, element, _ in grammar(version).artefacts() if element != NO_ARTEFACT]
    read = {element: len(list(taken(version, element))) for element in elements}
    assert all(read.values()), [element for element, count in read.items() if not count]
    assert sum(read.values()) >= 0.8 * len(FULL) * len(elements)
