"""Many rows into PostgreSQL at once, as the owner role.

COPY is refused where row-level security is forced, so rows are copied to a temporary table and inserted from there.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from asyncpg import Connection

from server.kit.db import credentials


@asynccontextmanager
async def connected(owner_url: str, name: str) -> AsyncIterator[Connection]:
    """A connection of its own, shown under `name` in the server's list."""
    settings = {"application_name": name, "timezone": "UTC", "client_min_messages": "warning"}
    connection = await asyncpg.connect(**credentials(owner_url), server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


@dataclass(frozen=True)
class Upsert:
    """Rows of `table` with `columns`, recognised by `key`; `versioned` ones get a higher version where they change.

    Column `id` is given to new rows only.
    """

    table: str
    columns: str
    key: str
    versioned: bool = False

    @property
    def names(self) -> list[str]:
        """The columns, one by one."""
        return self.columns.replace(" ", "").split(",")


async def insert(
    connection: Connection, table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]
) -> None:
    """Add rows; every column that is not named takes its default."""
    if not records:
        return
    staged = await _stage(connection, table, columns, records)
    listed = _quoted(columns)
    await connection.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {staged}")  # noqa: S608  # names are ours
    await connection.execute(f"DROP TABLE {staged}")


async def upsert(connection: Connection, into: Upsert, records: Sequence[tuple[Any, ...]]) -> tuple[int, int]:
    """Add rows or bring them to these values, and count those that are new and those that changed."""
    staged = await _stage(connection, into.table, into.names, records)
    keys = into.key.replace(" ", "").split(",")
    compared = [name for name in into.names if name not in (*keys, "id")]
    changes = [f'"{name}" = EXCLUDED."{name}"' for name in compared]
    if into.versioned:
        changes.append("version = kept.version + 1")
    old, new = (", ".join(f'{side}."{name}"' for name in compared) for side in ("kept", "EXCLUDED"))
    listed = _quoted(into.names)
    # A row that this statement inserted has no xmax yet.
    counted = await connection.fetchrow(
        f"""
        WITH touched AS (
            INSERT INTO {into.table} AS kept ({listed}) SELECT {listed} FROM {staged}
            ON CONFLICT ({_quoted(keys)}) DO UPDATE SET {", ".join(changes)}
            WHERE ({old}) IS DISTINCT FROM ({new})
            RETURNING xmax = 0 AS is_new
        )
        SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS changed FROM touched
        """  # noqa: S608  # names are ours, values are in the staged table
    )
    await connection.execute(f"DROP TABLE {staged}")
    if counted is None:
        raise RuntimeError("PostgreSQL counted nothing")
    return counted["inserted"], counted["changed"]


async def _stage(connection: Connection, table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]) -> str:
    """Copy rows to a temporary table that has these columns of `table`, and name it."""
    staged = f"staged_{table}"
    await connection.execute(
        f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {_quoted(columns)} FROM {table} WITH NO DATA"  # noqa: S608  # names are ours
    )
    await connection.copy_records_to_table(staged, records=records, columns=list(columns))
    return staged


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
