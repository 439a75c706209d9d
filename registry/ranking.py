"""Columns as numbers that are ordered as what they hold: what answers are sorted by. Nothing stands behind everything.

Source: SDMX REST 2.2, "Data queries", parameter sort: code IDs are compared as texts, values that have no codes by what they
are, time periods by the calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.chapter import NUMERIC
from registry.columns import Batch, Coded, Numbers, occurring
from registry.model import DataStructure
from registry.number import plain_float
from registry.period import Period

Ranks = NDArray[np.int64]

NOWHERE = -1
"""The rank of what is absent."""


def alphabetical(column: Coded) -> Ranks:
    """int64[n]: numbers that are ordered as the texts are; -1 for none."""
    return _ranked(column, lambda text: text)


def by_value(column: Coded) -> Ranks:
    """int64[n]: the same of numbers that came as texts; equal numbers are equal, what is no number follows as a text."""
    return _ranked(column, value_of)


def of_attribute(dsd: DataStructure, name: str, column: Coded) -> Ranks:
    """int64[n]: the rank of what an attribute says: by number where it is one, else by text."""
    numeric = any(one.id == name and one.codelist is None and one.text_type in NUMERIC for one in dsd.attributes)
    return by_value(column) if numeric else alphabetical(column)


def value_of(text: str) -> tuple[bool, Decimal, str]:
    """What a text is compared by: numbers by their value and before all other texts."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return True, Decimal(0), text
    return (False, number, "") if number.is_finite() else (True, Decimal(0), text)


def chronological(batch: Batch) -> Ranks:
    """int64[n]: when the period of each observation begins; of those that begin together the shorter comes first."""
    ranks, each = np.zeros(batch.observations, np.int64), np.repeat(batch.frequencies, batch.counts)
    for frequency in occurring(batch.frequencies):
        mine = each == frequency
        distinct, places = np.unique(batch.ordinals[mine], return_inverse=True)
        periods = [Period(frequency, ordinal) for ordinal in distinct.tolist()]
        ranks[mine] = np.array([_moment(one) for one in periods], np.int64)[places]
    return ranks


def of_measure(column: Numbers, coded: bool) -> Ranks:
    """int64[n]: the rank of each value, -1 for none; ``coded``: they are codes, and compared as texts."""
    distinct, places = np.unique(column.floats, return_inverse=True)
    if not coded and column.texts is None:
        return np.where(column.present, places, NOWHERE)
    texts = [None if np.isnan(number) else plain_float(number) for number in distinct.tolist()]
    whole = np.array(texts, object)[places] if len(texts) else np.zeros(0, object)
    if column.texts is not None:
        given = column.texts != None  # noqa: E711 - elementwise on purpose
        whole[given] = column.texts[given]
    each = Coded.of(whole.tolist())
    return alphabetical(each) if coded else by_value(each)


def directed(ranks: Ranks, descending: bool) -> Ranks:
    """Ranks to sort by upwards, whichever way is wanted: what is absent comes last both ways."""
    last = int(ranks.max(initial=0)) + 1
    return np.where(ranks == NOWHERE, last, -ranks if descending else ranks)


def _moment(period: Period) -> int:
    start = period.start
    days = start.toordinal() * 86_400 + start.hour * 3600 + start.minute * 60 + start.second
    return days * _FINER + min(int((period.end - start).total_seconds()) // 60, _FINER - 1)


_FINER = 2**20
"""More than the minutes of a year: the length of a period stands behind its beginning."""


def _ranked(column: Coded, key: Callable[[str], Any]) -> Ranks:
    keys = [key(text) for text in column.texts]
    place = {found: rank for rank, found in enumerate(sorted(set(keys)))}
    ranks = np.array([*(place[found] for found in keys), NOWHERE], np.int64)
    return ranks[column.codes]
