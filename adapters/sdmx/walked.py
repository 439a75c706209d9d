"""What there is of a question that the index of keys cannot answer, found by reading all of it.

Such are several keys at once, filters on attributes, measures and single times, and what changed since a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from adapters.sdmx.datasets import changed
from adapters.sdmx.leaving import Reader
from adapters.sdmx.query import Question
from adapters.sdmx.window import kept
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, Shape
from registry.answers import Availability
from registry.columns import Batch
from registry.model import Structure
from registry.ports import Ports, Viewer
from registry.present import present

_BARE = Shape(attributes=(), measures=(), at=ALL_DIMENSIONS)


def must_be_walked(question: Question) -> bool:
    """Whether the index cannot answer."""
    return question.test is not None or question.conditions is not None or question.selection.updated_after is not None


def walked(
    ports: Ports, viewer: Viewer, structure: Structure, question: Question, opened: bool, reader: Reader
) -> Availability:
    """The same as :meth:`registry.ports.Cube.availability`; ``open_codes`` only where they are wanted (``opened``)."""
    dsd = structure.dsd
    found = present(structure, reader.awaited(_batches(ports, viewer, question)))
    narrowed = {name for pattern in question.patterns for name in pattern}
    narrowed |= set(question.conditions.components) & set(dsd.key) if question.conditions else set()
    codes = dict(found.codes)
    for name in narrowed if opened else ():
        others = present(structure, reader.awaited(_batches(ports, viewer, question.without(dsd, name))))
        codes[name] = others.codes[name]
    return replace(found, open_codes=codes)


def _batches(ports: Ports, viewer: Viewer, question: Question) -> Iterator[Batch]:
    asked = question.of(_BARE)
    answer = ports.cube.ask(asked.selection, viewer)
    if asked.selection.updated_after is not None:
        sets = changed(ports.cube, viewer, answer, _BARE, asked.conditions)
        return kept((batch for one in sets for batch in one.batches), asked.test)
    batches = answer.batches
    if asked.conditions is not None:
        batches = asked.conditions.kept(batches, answer.dataset_attributes)
    return kept(batches, asked.test)
