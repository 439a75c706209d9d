"""A cube as JSON-stat 2.0: dimensions with names in one language, figures as an array, or an object where most are missing.

Source: JSON-stat Dataset format 2.0 (json-stat.org/full). ``status`` holds OBS_STATUS; what JSON-stat has no word for stands in
``extension``: release, licence, structure, every other attribute, and which observations have no value. Figures come before
the dimensions, because what the series share (unit, decimals) is known when the last was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import orjson

from adapters.formats.axes import Axes, cube, sliced
from adapters.formats.dense import Look, Placed, grouped, in_order, placed, unled
from adapters.formats.described import facts
from adapters.formats.flags import Flags
from adapters.formats.flat import Columns, numbers
from adapters.formats.jsonstat_dimensions import dimensions, metric_id
from adapters.formats.uniform import Uniform
from adapters.formats.units import Units, decimals
from adapters.formats.wording import json_text, label
from adapters.notices import notice
from adapters.outlets import Wish
from registry.answers import Answer
from registry.columns import Batch
from registry.number import plain_number
from registry.rendering import Floats, rows

STATUS = "OBS_STATUS"
DENSE = 3
"""An array is written where at least one cell in so many is filled: ``null`` is shorter than the place of a figure."""


def json_stat(answer: Answer, wish: Wish) -> Iterator[bytes]:
    """The dataset in pieces."""
    axes, batches = cube(answer, wish)
    columns = Columns.of(answer.structure, wish)
    watch = Watch(axes, Uniform(columns.key, columns.series), flags := Flags(axes, columns))
    yield _head(answer, wish, axes)
    yield from grouped(_values(watch.over(batches), axes))
    yield from _status(flags)
    units = Units(answer.structure, watch.uniform, watch.decimals)
    yield b"," + orjson.dumps(dimensions(answer.structure, axes, units, wish.languages))[1:-1]
    yield b',"extension":{'
    yield orjson.dumps(_extension(answer, wish, flags))[1:-1]
    yield from _attributes(flags, watch.uniform, columns)
    yield b"}}"


def _head(answer: Answer, wish: Wish, axes: Axes) -> bytes:
    structure, release = answer.structure, answer.release
    time = structure.dsd.time
    timed = axes.times.timed and time is not None
    known = {
        "version": "2.0",
        "class": "dataset",
        "label": label(structure.dataflow.names, wish.languages),
        "source": label(wish.service.names, wish.languages) if wish.service else structure.dataflow.ref.agency,
        "updated": facts(answer, wish)["release"]["releasedAt"] if release and release.released_at else None,
        "note": [
            *([label(told, wish.languages)] if (told := notice(release)) else []),
            *(text for name, text in answer.dataset_attributes.items() if name in wish.attributes),
        ]
        or None,
        "id": [*axes.codes, metric_id(structure), *([time.id] if timed and time is not None else [])],
        "size": [*(len(codes) for codes in axes.codes.values()), len(axes.measures), *([len(axes.times)] if timed else [])],
    }
    return orjson.dumps({name: fact for name, fact in known.items() if fact is not None})[:-1] + b',"value":'


@dataclass
class Watch:
    """What is learnt of an answer while its figures go by."""

    axes: Axes
    uniform: Uniform
    flags: Flags
    decimals: int = 0

    def over(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.uniform.see(batch)
            self.flags.see(batch)
            self.decimals = decimals(batch, self.axes.measures, self.decimals)
            yield from sliced(batch, len(self.axes.times) * len(self.axes.measures))


def _values(batches: Iterable[Batch], axes: Axes) -> Iterator[bytes]:
    dense = axes.cells <= DENSE * axes.observations * len(axes.measures)
    yield b"[" if dense else b"{"
    yield from unled(_array(batches, axes) if dense else _object(batches, axes))
    yield b"]" if dense else b"}"


def _array(batches: Iterable[Batch], axes: Axes) -> Iterator[bytes]:
    look = Look(b",", b",", b"", b"null", _figure)

    def parts() -> Iterator[Placed]:
        for batch in batches:
            yield placed(batch, axes, look)

    return in_order(parts(), axes, look.empty(axes))


def _object(batches: Iterable[Batch], axes: Axes) -> Iterator[bytes]:
    for batch in batches:
        for measure, name in enumerate(axes.measures):
            column = numbers(batch, name)
            here = np.flatnonzero(column.present)
            cells = (axes.row_places(batch)[batch.series_of] + measure) * len(axes.times) + axes.time_places(batch)
            some = column.take(here)
            told = (
                {}
                if some.texts is None
                else {n: _figure(text) for n, text in enumerate(some.texts.tolist()) if text is not None}
            )
            values = Floats(some.floats, exceptions=told)
            yield rows([b',"', b'":', b""], [Floats(cells[here].astype(np.float64)), values], len(here)).joined()


def _figure(text: str) -> bytes:
    """A number keeps all its digits; a text is a JSON string."""
    return text.encode() if plain_number(text) == text else json_text(text)


def _status(flags: Flags) -> Iterator[bytes]:
    if flags.has(STATUS):
        yield b',"status":{'
        yield from unled(flags.given(STATUS))
        yield b"}"


def _extension(answer: Answer, wish: Wish, flags: Flags) -> dict[str, object]:
    codelist = answer.structure.codelists.get(STATUS)
    known = {item.id: label(item.names, wish.languages) for item in codelist.items} if codelist else {}
    told = {code: known[code] for code in sorted(flags.seen(STATUS)) if code in known}
    return {**facts(answer, wish), **({"status": {"label": told}} if told else {})}


def _attributes(flags: Flags, uniform: Uniform, columns: Columns) -> Iterator[bytes]:
    """The attributes of series and observations, and the observations without a value, by cell."""
    yield b',"seriesAttributes":{'
    separator = b""
    for name in columns.series:
        yield separator + json_text(name) + b":"
        separator = b","
        dimension = uniform.deciding(name)
        if not uniform.differs(name):
            yield orjson.dumps(uniform.one(name))
        elif dimension is not None:
            yield orjson.dumps({"dimension": dimension, "values": uniform.by[name][dimension]})
        else:
            yield b'{"series":{'
            yield from unled(flags.given(name))
            yield b"}}"
    yield b'},"observationAttributes":{'
    separator = b""
    for name in columns.observation:
        if name != STATUS and flags.has(name):
            yield separator + json_text(name) + b":{"
            separator = b","
            yield from unled(flags.given(name))
            yield b"}"
    yield b'},"withoutValue":['
    yield from unled(flags.given_missing())
    yield b"]"
