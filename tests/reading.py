"""Data messages of every format about the harvest, read and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.sdmx.reading import Format, detect, read_data
from registry.checking import Checker
from registry.inspection import Checked
from registry.model import Structure
from registry.ports import Reject
from registry.raw import RawDataSet, RawGroup, RawTable
from registry.series import Series, series_of
from registry.staging import Delta
from tests import world
from tests.messages import Statement, csv_1, csv_2, generic, json_data, specific

Write = Callable[[list[Statement]], bytes]
WAYS: dict[str, tuple[Format, Write]] = {
    "2.1 series": (Format.ML_21_SPECIFIC, specific),
    "2.1 flat": (Format.ML_21_SPECIFIC, lambda said: specific(said, flat=True)),
    "2.1 generic series": (Format.ML_21_GENERIC, generic),
    "2.1 generic flat": (Format.ML_21_GENERIC, lambda said: generic(said, flat=True)),
    "3.0 series": (Format.ML_30_SPECIFIC, lambda said: specific(said, version="3_0")),
    "3.0 flat": (Format.ML_30_SPECIFIC, lambda said: specific(said, version="3_0", flat=True)),
    "CSV 1.0": (Format.CSV_1, csv_1),
    "CSV 2.0": (Format.CSV_2, csv_2),
    "CSV 2.0 semicolons": (Format.CSV_2, lambda said: csv_2(said, between=";")),
    "JSON 1.0": (Format.JSON, json_data),
    "JSON 2.0": (Format.JSON, lambda said: json_data(said, version=2)),
}


def put(folder: Path, content: bytes) -> Path:
    """The content under a name that says nothing."""
    path = folder / "thu"
    path.write_bytes(content)
    return path


def check(path: Path, structure: Structure = world.STRUCTURE) -> tuple[Checked, list[Reject]]:
    """A data file checked against the harvest's structure."""
    rejects: list[Reject] = []
    checker = Checker(structure, path.name, rejects.append)
    for raw in read_data(path, detect(path)):
        if isinstance(raw, RawDataSet):
            checker.dataset(raw)
        elif isinstance(raw, RawGroup):
            checker.group(raw)
        elif isinstance(raw, RawTable):
            checker.table(raw)
        else:
            checker.series(raw)
    return checker.finish(), rejects


def check_said(folder: Path, *said: Statement) -> tuple[Checked, list[Reject]]:
    return check(put(folder, specific(said)))


def series_in(checked: Checked) -> list[Series]:
    """The series that were accepted."""
    deltas = [one for one in checked.content() if isinstance(one, Delta)]
    return [one for delta in deltas for one in series_of(delta.batch, checked.structure.dsd.measures[0].id)]


def contents(checked: Checked) -> dict[tuple[str, str], str | None]:
    """Key and period -> value."""
    return {
        (".".join(series.key), period): value
        for series in series_in(checked)
        for period, value in zip(series.periods(), series.values, strict=True)
    }
