"""What publishing does to every table whose rows hold for an interval of releases ``[from_, to_)``, whatever the rows say.

At any ordinal a row's identity is visible at most once: that is what each of these keeps true.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, literal, select, update

from hub.tables import INTERVALS, OPEN

BATCH = 2000
"""Rows removed in one transaction."""

_OWN = ("id", "from_", "to_")


def erase(connection: Connection, cube: int, ordinal: int) -> None:
    """Remove what a draft has staged."""
    for table, _ in INTERVALS:
        connection.execute(delete(table).where(table.c.cube == cube, table.c.from_ == ordinal))


def reopen(connection: Connection, cube: int, ordinal: int) -> None:
    """What the release of this ordinal replaced stands again."""
    for table, _ in INTERVALS:
        replaced = (table.c.cube == cube) & (table.c.to_ == ordinal)
        connection.execute(update(table).where(replaced).values(to_=OPEN))


def restore(connection: Connection, cube: int, target: int, head: int, ordinal: int) -> None:
    """Make the release ``ordinal`` have the content of ``target`` again, where ``head`` stands now; a target of 0 is empty.

    Rows that both share stay; those gone since are copied, so that the vintages between keep what they had.
    """
    for table, _ in INTERVALS:
        _copy(connection, table, cube, target, head, ordinal)
        standing = (table.c.cube == cube) & (table.c.from_ <= head) & (table.c.to_ > head)
        connection.execute(update(table).where(standing, table.c.from_ > target).values(to_=ordinal))


def _copy(connection: Connection, table: Table, cube: int, target: int, head: int, ordinal: int) -> None:
    names = [column.name for column in table.columns if column.name not in _OWN]
    gone = (table.c.cube == cube) & (table.c.from_ <= target) & (table.c.to_ > target) & (table.c.to_ <= head)
    source = select(*(table.c[name] for name in names), literal(ordinal), literal(OPEN)).where(gone)
    connection.execute(insert(table).from_select([*names, "from_", "to_"], source))


def free(connection: Connection, cube: int, after: int, until: int) -> int:
    """Remove up to :data:`BATCH` rows a table that hold for releases between two kept ones only; how many were removed.

    ``after`` and ``until`` are the ordinals of the kept ones; none that is kept lies between.
    """
    removed = 0
    for table, _ in INTERVALS:
        between = (table.c.cube == cube) & (table.c.from_ > after) & (table.c.to_ <= until)
        some = select(table.c.id).where(between).limit(BATCH)
        removed += connection.execute(delete(table).where(table.c.id.in_(some))).rowcount
    return removed
