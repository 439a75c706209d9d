"""What a source is: a page of facts, a reader, a list of rules and plain SQL.

A source folder holds ``source.yml`` (facts), ``macros.sql`` (words its SQL shares), ``rules.yml`` (checks),
``normalise.sql`` (raw text to microdata), ``compile/DATAFLOW.sql`` (microdata to observations), ``adapter.py`` (the reader)
and ``sample.py`` (synthetic deliveries).
The roof runs them; nothing here touches the database.

The path of a record::

    files -> Adapter.read -> RawBatch (text columns) -> rules.yml -> rejects | normalise.sql -> microdata (Parquet)
          -> compile/DATAFLOW.sql -> observations
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import yaml

from registry.errors import catalogue
from registry.ports import Reject
from registry.text import Names

PLACE = "_place"
"""Column of a raw batch: line number, record id or spreadsheet row inside the file."""

FILE = "_file"
"""Column of a raw batch: the name of the file inside the delivery."""


@dataclass(frozen=True)
class Rule:
    """A check on raw records. ``violated`` is a DuckDB expression over the raw columns, the source's macros and tables.

    ``severity``: ``reject`` takes the record out, ``warn`` counts it and keeps it.
    """

    code: str
    column: str
    violated: str
    severity: str
    names: Names
    help: Names


@dataclass(frozen=True)
class Transition:
    """By what right codes of a version are taken beyond its validity: from an earlier day, or until a later one, included."""

    version: str
    legal_basis: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Source:
    """A source's page. ``fields``: the raw text columns every batch has, in order.

    ``tables``: name in SQL -> one of

    - ``codelist AGENCY:ID(V)``: id, parent, name_en, name_vi, valid_from, valid_to, and a column per annotation;
    - ``correspondence AGENCY:ID(V)``: source, target, share;
    - ``classification AGENCY:ID``: every code of every version (version, id, parent) in every version in which it is as a whole
      one code, itself first (in_version, in_id, in_parent, valid_from, valid_to of that one; state EXACT or ESTIMATED);
    - ``file NAME``: a CSV beside the page, all text.

    ``valid_from`` and ``valid_to`` are the code's days, else those of its version, widened by ``transitions``; null where open.
    """

    id: str
    names: Names
    organisation: str
    description: Names
    fields: tuple[str, ...]
    tables: Mapping[str, str]
    dataflows: Mapping[str, str]
    folder: Path
    rules: tuple[Rule, ...]
    transitions: tuple[Transition, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Source:
        """Read ``source.yml`` and ``rules.yml`` of a source folder."""
        page = yaml.safe_load((folder / "source.yml").read_text(encoding="utf-8"))
        rules = yaml.safe_load((folder / "rules.yml").read_text(encoding="utf-8"))
        return cls(
            **{name: page[name] for name in ("id", "names", "organisation", "description", "tables", "dataflows")},
            fields=tuple(page["fields"]),
            folder=folder,
            rules=tuple(Rule(**rule) for rule in rules),
            transitions=tuple(Transition(**each) for each in page.get("transitions", ())),
        )

    def rule(self, code: str) -> Rule:
        """A rule by its code. What a reader itself refuses stands in the message catalogue, without SQL of its own."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        texts = catalogue().get(code, {})
        names, help = ({lang: parts[part] for lang, parts in texts.items()} for part in ("title", "help"))
        return Rule(code, "", "", "reject", names, help)

    @property
    def macros_sql(self) -> str:
        """CREATE MACRO statements: the words that rules, normalise and compile share. Run on a connection before any of them.

        Empty where the source needs none. Macros name no tables, so they may be created at any time.
        """
        path = self.folder / "macros.sql"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def normalise_sql(self) -> str:
        """A SELECT from ``accepted`` (raw columns plus ``_file``, ``_place``) giving microdata columns.

        It must give ``period`` (DATE, first day of the period, the partition). ``pseudonym(text)`` is the keyed hash of an
        identifier; no tax code, name or address may leave it unhashed.
        """
        return (self.folder / "normalise.sql").read_text(encoding="utf-8")

    def compile_sql(self, dataflow: str) -> str:
        """A SELECT from ``microdata`` giving one row per observation, ordered by the series key.

        Columns: every dimension of the key, TIME_PERIOD, OBS_VALUE (VARCHAR, exact), attributes by id, and CONTRIBUTORS
        (BIGINT, distinct units behind the value), which disclosure control uses and nobody else sees.
        """
        return (self.folder / "compile" / f"{dataflow}.sql").read_text(encoding="utf-8")


@dataclass
class RawBatch:
    """Records as they stand in the file: text columns ``Source.fields`` plus ``_file`` and ``_place``, NULL where absent.

    ``rejects`` are records that could not be read at all. ``synthetic``: the files say they are made up.
    """

    table: pa.Table
    rejects: list[Reject] = field(default_factory=list)
    synthetic: bool = False


Progress = Callable[[int], None]
"""Called with the number of records done since the last call."""


class Adapter(Protocol):
    """A source's reader and its maker of synthetic deliveries."""

    source: Source

    def read(self, files: Sequence[Path], spill: Path) -> Iterator[RawBatch]:
        """Read the files of one delivery in bounded memory; ``spill`` is an empty directory for temporary files.

        Raises :class:`registry.errors.Invalid` when a file as a whole is not of this source.
        """
        ...

    def sample(self, records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
        """Write a synthetic delivery in the source's real formats, the same for the same seed; marked as synthetic."""
        ...


def raw_table(source: Source, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of text as a raw table with exactly the columns of the source."""
    columns = (FILE, PLACE, *source.fields)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns})
