"""One series by itself: how readers that work series by series hand observations over, and how tests look at answers.

What is fast works with :class:`registry.columns.Batch`; here is the way from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from registry.columns import Batch, Coded
from registry.exact import decimal_texts, numbers_of
from registry.period import period_text


@dataclass(slots=True)
class Series:
    """Observations that share a series key; travels both ways, into drafts and out of answers.

    key                     codes in the order of ``DataStructure.key``
    frequency, ordinals     the periods (int64[n], ascending in answers), see :mod:`registry.period`
    values                  n numbers as plain decimal text, exactly as received; None: present without a value
    attributes              series attributes, with group attributes folded in
    observation_attributes  attribute -> n texts or None
    """

    key: tuple[str, ...]
    frequency: str
    ordinals: NDArray[np.int64]
    values: list[str | None]
    attributes: Mapping[str, str] = field(default_factory=dict)
    observation_attributes: Mapping[str, list[str | None]] = field(default_factory=dict)

    def periods(self) -> list[str]:
        """The periods as SDMX texts."""
        return [period_text(self.frequency, ordinal) for ordinal in self.ordinals.tolist()]


def batch_of(items: Sequence[Series], measure: str) -> Batch:
    """The series in one batch, in their order; ``measure`` is the id of what they measure."""
    counts = np.array([len(item.values) for item in items], dtype=np.int64)
    width = len(items[0].key) if items else 0
    names = dict.fromkeys(name for item in items for name in item.observation_attributes)
    described = dict.fromkeys(name for item in items for name in item.attributes)
    return Batch(
        key=tuple(Coded.of([item.key[place] for item in items]) for place in range(width)),
        frequencies=np.array([item.frequency for item in items], dtype="U1"),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        ordinals=np.concatenate([item.ordinals for item in items] or [np.zeros(0, np.int64)]).astype(np.int64),
        measures={measure: numbers_of([value for item in items for value in item.values])},
        attributes={name: Coded.of([text for item in items for text in _column(item, name)]) for name in names},
        series_attributes={name: Coded.of([item.attributes.get(name) for item in items]) for name in described},
    )


def _column(item: Series, name: str) -> Sequence[str | None]:
    return item.observation_attributes.get(name) or [None] * len(item.values)


def series_of(batch: Batch, measure: str) -> Iterator[Series]:
    """The series of a batch one by one, with the values of one measure."""
    absent: list[str | None] = [None] * batch.observations
    values = decimal_texts(batch.measures[measure]) if measure in batch.measures else absent
    columns = {name: column.decoded() for name, column in batch.attributes.items()}
    described = {name: column.decoded() for name, column in batch.series_attributes.items()}
    edges = batch.starts.tolist()
    for place, key in enumerate(batch.keys()):
        inside = slice(edges[place], edges[place + 1])
        observed = {name: texts[inside] for name, texts in columns.items()}
        yield Series(
            key=key,
            frequency=str(batch.frequencies[place]),
            ordinals=batch.ordinals[inside],
            values=values[inside],
            attributes={name: text for name, texts in described.items() if (text := texts[place]) is not None},
            observation_attributes={name: texts for name, texts in observed.items() if any(t is not None for t in texts)},
        )
