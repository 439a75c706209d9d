"""Microdata in DuckDB: registry tables and pseudonyms for the SQL of the sources, in bounded memory.

Normalised records lie as Parquet, ``microdata/SOURCE/delivery=ID/month=YYYY-MM/``; confidential, never served.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import duckdb.func
import pyarrow as pa
from duckdb.sqltypes import VARCHAR

from adapters.base import Source
from hub.settings import Settings
from hub.source_tables import source_table
from hub.workplace import workplace
from registry.errors import HubError, Unavailable
from registry.ports import Catalogue

MEMORY = "2GB"
KEY_BYTES = 32

log = logging.getLogger("hub")


_LACKING = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.FatalException)


@contextmanager
def _told() -> Iterator[None]:
    """What DuckDB says of the machine is told and logged. What it says of records would quote them: only its kind is told."""
    try:
        yield
    except _LACKING as error:
        log.error("microdata: %s", error)
        raise Unavailable("MICRODATA_UNAVAILABLE", reason=type(error).__name__) from error
    except duckdb.Error as error:
        raise HubError("MICRODATA_FAULT", reason=type(error).__name__) from None


@contextmanager
def workbench(settings: Settings, source: Source, catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB database in a spill folder of its own, with the source's registry tables and ``pseudonym(text)``."""
    with workplace(settings.spill) as folder, _told(), duckdb.connect(str(folder / "work.duckdb")) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET temp_directory = $1", [str(folder / "spill")])
        connection.execute("SET preserve_insertion_order = false")
        key = pseudonym_key(settings)
        connection.create_function(
            "pseudonym",
            lambda texts: _pseudonyms(texts, key),
            [VARCHAR],
            VARCHAR,
            type=duckdb.func.PythonUDFType.ARROW,
            null_handling=duckdb.func.FunctionNullHandling.SPECIAL,
        )
        for name, page in source.tables.items():
            connection.register(name, source_table(source, page, catalogue))
        if source.macros_sql:
            connection.execute(source.macros_sql)
        yield connection


def pseudonym_key(settings: Settings) -> bytes:
    """The secret behind the pseudonyms: made once, readable by the owner only. Without it nobody can link back."""
    path = settings.data_dir / "pseudonym.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link, not a rename: of two processes that start at once only the first makes the key.
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def _pseudonyms(texts: pa.Array, key: bytes) -> pa.Array:
    hashes = (
        None if text is None else hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest() for text in _flat(texts)
    )
    return pa.array(list(hashes), pa.string())


def _flat(texts: pa.Array) -> list[str | None]:
    values: list[str | None] = texts.to_pylist()
    return values
