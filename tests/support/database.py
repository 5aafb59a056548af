"""The test database, looked at and cleaned from outside, as its administrator."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from server.accounts.actor import SYSTEM, Actor
from server.kit import uow as units
from server.kit.uow import UnitOfWork
from server.local.servers import Servers

T = TypeVar("T")

# Loaded once a session and never written by the application.
REFERENCE = ("place", "place_code", "poverty_status", "fiscal_revenue", "published_record", "resource_type", "setting")

# The East–West pairs are loaded too; a pairing that a test has made has no reference.
WRITTEN = {"pairing": " WHERE reference IS NULL"}


class Database:
    """Addresses, and SQL beyond row-level security for what a test wants to see."""

    def __init__(self, servers: Servers, pool: asyncpg.Pool) -> None:
        self.servers = servers
        self._pool = pool
        self._filled = ""

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """Rows of a statement, run as the administrator."""
        async with self._pool.acquire() as connection:
            return await connection.fetch(sql, *values)

    async def clean(self) -> None:
        """Empty every table that a test may have written; foreign keys do not hold this one up."""
        if not self._filled:
            tables = await self.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'jiedui_owner'"
                " AND tablename <> ALL($1) AND tablename NOT LIKE 'tortoise%'",
                list(REFERENCE),
            )
            self._filled = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\"{WRITTEN.get(name, '')})" for (name,) in tables
            )
        async with self._pool.acquire() as connection, connection.transaction():
            filled = [name for (name,) in await connection.fetch(self._filled)]
            wipe = "; ".join(f'DELETE FROM "{name}"{WRITTEN.get(name, "")}' for name in filled)
            await connection.execute(f"SET LOCAL session_replication_role = replica; {wipe}")


async def within(work: Callable[[UnitOfWork], Awaitable[T]], actor: Actor = SYSTEM) -> T:
    """Run `work` in a unit of work as `actor`, with the rights of role app."""
    return await units.run(work, actor)
