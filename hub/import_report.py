"""What came of an import: a report per file, and the list of refused observations that is kept."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from adapters.bounded import error_of
from registry.errors import LANGUAGES, HubError, Invalid, message
from registry.ports import Reject
from registry.spreadsheets import shielded

LISTED = 1000
"""Refused observations a report carries; the file holds all."""

UNCHANGED = "unchanged"
"""Stands for the draft where the data are published already."""

COLUMNS = (
    *("file", "place", "series_key", "period", "value", "rule", "component"),
    *(f"{what}_{lang}" for lang in LANGUAGES for what in ("problem", "advice")),
)


@dataclass(frozen=True)
class Problem:
    """Why a file was not taken: an error of :mod:`registry.errors` as facts; ``text`` gives it in words."""

    code: str
    facts: dict[str, Any]
    exit_code: int
    family: str = Invalid.__name__

    @classmethod
    def of(cls, error: HubError) -> Problem:
        facts = {name: str(fact) for name, fact in error.facts.items()}
        return cls(error.code, facts, error.exit_code, type(error).__name__)

    def error(self) -> HubError:
        """The error again."""
        return error_of({"family": self.family, "code": self.code, "facts": self.facts})

    def text(self, lang: str) -> str:
        """Title, detail and help in one line."""
        parts = message(self.code, lang, **self.facts)
        return f"{parts['title']}: {parts['detail']} {parts['help']}"


@dataclass
class FileReport:
    """What came of one file. With an ``error`` nothing of the file was taken, or its draft was not released.

    added, changed, unchanged   artefacts of a structure message
    kept                        final artefacts of other agencies that it carries with other content: the registry's stay
    faults                      artefacts that could not be read, by their place in the message; the others were
    left_out                    artefacts that name others which are nowhere, by kind; if data need one, the file fails instead
    ignored                     statements that describe nothing kept, see :class:`registry.checking.Checked`
    observations                statements about observations: accepted, refused, or deletions taken over (``removed``)
    dataflows, drafts           where the data went; a draft's id, or ``unchanged``; empty when only checked
    """

    file: str
    digest: str = ""
    format: str = ""
    kind: str = ""
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    faults: dict[str, Problem] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    dataflows: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    observations: int = 0
    accepted: int = 0
    refused: int = 0
    removed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    error: Problem | None = None


@dataclass
class ImportReport:
    """What came of all files. ``drafts``: dataflow -> id of its one draft; none where nothing would change.

    ``rejects`` lists the first refused observations; all are in ``rejects_file``, empty where none was refused or kept.
    """

    files: list[FileReport]
    drafts: dict[str, str] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    rejects_file: str = ""

    @property
    def exit_code(self) -> int:
        """0 when every file was taken, else that of the first error."""
        return next((file.error.exit_code for file in self.files if file.error), 0)


@contextmanager
def guarded(*reports: FileReport) -> Iterator[None]:
    """Turn an error into the report of the files it belongs to, so that the others go through."""
    try:
        yield
    except HubError as error:
        for report in reports:
            report.error = Problem.of(error)
    except OSError as error:
        for report in reports:
            report.error = Problem("FILE_UNREADABLE", {"reason": error.strerror or type(error).__name__}, 2)


class Rejects:
    """Writes refused observations as CSV, in both languages; ``path`` None keeps only those listed.

    Cells that a spreadsheet would take for a formula get a leading apostrophe.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: TextIO | None = None
        self.listed: list[Reject] = []

    def add(self, reject: Reject) -> None:
        if len(self.listed) < LISTED:
            self.listed.append(reject)
        if self._path is None:
            return
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._stream).writerow(COLUMNS)
        csv.writer(self._stream).writerow(_row(reject))

    @contextmanager
    def of_file(self) -> Iterator[None]:
        """Take back what was added inside when the file turns out to be unreadable."""
        listed, place = len(self.listed), self._stream.tell() if self._stream else None
        try:
            yield
        except BaseException:
            del self.listed[listed:]
            self._take_back(place)
            raise

    def close(self) -> str:
        """The name of the file, empty where nothing was refused."""
        if self._stream is None:
            return ""
        self._stream.close()
        return str(self._path)

    def _take_back(self, place: int | None) -> None:
        if self._stream is None:
            return
        self._stream.flush()
        if place is not None:
            self._stream.seek(place)
            self._stream.truncate()
            return
        self._stream.close()
        self._stream = None
        if self._path:
            self._path.unlink()


def _row(reject: Reject) -> list[str]:
    texts: list[str] = []
    for lang in LANGUAGES:
        parts = message(reject.rule, lang, **reject.facts)
        texts += [f"{parts['title']}: {parts['detail']}", parts["help"]]
    cells = (reject.file, reject.place, reject.series_key, reject.period, reject.value, reject.rule, reject.column, *texts)
    return [shielded(cell) for cell in cells]
