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


class Database:
    """Addresses, and SQL beyond row-level security for what a test wants to see."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """Rows of a statement, run as the administrator."""
        connection = await asyncpg.connect(self.servers.administrator_url)
        try:
            return await connection.fetch(sql, *values)
        finally:
            await connection.close()


async def within(work: Callable[[UnitOfWork], Awaitable[T]], actor: Actor = SYSTEM) -> T:
    """Run `work` in a unit of work as `actor`, with the rights of role app."""
    return await units.run(work, actor)


async def clean_tables(database: Database) -> None:
    """Empty every table that a test may have written; foreign keys do not hold this one up."""
    connection = await asyncpg.connect(database.servers.administrator_url)
    try:
        names = [
            row["tablename"]
            for row in await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)"
                " AND tablename NOT LIKE 'tortoise%'",
                list(REFERENCE),
            )
        ]
        wipe = "; ".join(
            "DELETE FROM pairing WHERE reference IS NULL" if name == "pairing" else f'DELETE FROM "{name}"'
            for name in names
        )
        await connection.execute(f"SET session_replication_role = replica; {wipe}")
    finally:
        await connection.close()
