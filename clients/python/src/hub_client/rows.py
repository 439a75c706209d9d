"""Questions and answers in plain Python: a selection from a dict, rows from series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from .generated.fragments import ColumnFields, SeriesFields
from .generated.input_types import DimensionInput, RecodeInput, SelectionInput

Row = dict[str, Decimal | str | None]
"""Column -> value: the dimensions, TIME_PERIOD, OBS_VALUE and the attributes, as in SDMX-CSV."""


def select(
    codes: Mapping[str, str | Sequence[str]] | None = None,
    *,
    start: str | None = None,
    end: str | None = None,
    first_n: int | None = None,
    last_n: int | None = None,
    as_of: datetime | None = None,
    updated_after: datetime | None = None,
    recode: Mapping[str, str] | None = None,
) -> SelectionInput:
    """A selection. ``codes``: dimension -> one code or several; a dimension left out means all. Times need a zone.

    ``recode``: dimension -> the codelist version whose codes are wanted, ``AGENCY:ID(VERSION)``.
    """
    dimensions = [
        DimensionInput(id=name, codes=[wanted] if isinstance(wanted, str) else list(wanted))
        for name, wanted in (codes or {}).items()
    ]
    given: dict[str, Any] = {
        "dimensions": dimensions,
        "start_period": start,
        "end_period": end,
        "first_n": first_n,
        "last_n": last_n,
        "as_of": as_of,
        "updated_after": updated_after,
        "recode": [RecodeInput(dimension=name, to=to) for name, to in (recode or {}).items()],
    }
    return SelectionInput(**{name: value for name, value in given.items() if value})


def to_rows(series: Iterable[SeriesFields]) -> list[Row]:
    """One row per observation."""
    return [row for each in series for row in _rows(each)]


def _rows(series: SeriesFields) -> Iterator[Row]:
    columns = series.columns
    codes = {code.dimension: code.id for code in series.codes}
    attributes = {attribute.id: attribute.value for attribute in series.attributes}
    for place, period in enumerate(columns.periods):
        own = {column.id: column.values[place] for column in columns.attributes}
        yield {**codes, "TIME_PERIOD": period, "OBS_VALUE": value_at(columns, place), **attributes, **own}


def value_at(columns: ColumnFields, place: int) -> Decimal | str | None:
    """The value of an observation: a number, a text where it is no number, None where none is given."""
    number: Decimal | None = columns.values[place]
    return number if number is not None else columns.value_texts[place]
