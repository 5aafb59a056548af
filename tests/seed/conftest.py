"""Databases of their own, because these tests load, spoil and fill what others share."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.kit.schema import new_id
from server.local.servers import Servers
from server.seed import load


class Fresh:
    """An empty, migrated database: the owner's address, and a look inside beyond row-level security."""

    def __init__(self, owner_url: str, administrator_url: str) -> None:
        self.owner_url, self.administrator_url = owner_url, administrator_url

    async def fetch(self, sql: str) -> list[asyncpg.Record]:
        """Rows of a statement, run as the administrator."""
        connection = await asyncpg.connect(self.administrator_url)
        try:
            return await connection.fetch(sql)
        finally:
            await connection.close()

    async def value(self, sql: str) -> object:
        """The one value of a statement."""
        ((value,),) = await self.fetch(sql)
        return value


@pytest.fixture
async def empty(servers: Servers, template: str) -> AsyncIterator[Fresh]:
    """A database for one test, dropped after it."""
    async for database in fresh_databases(servers, template):
        yield database


@pytest.fixture(scope="session")
async def loaded(servers: Servers, template: str) -> AsyncIterator[Fresh]:
    """A database with the reference tables, for the scenarios."""
    async for database in fresh_databases(servers, template):
        await load.run(database.owner_url)
        yield database


async def fresh_databases(servers: Servers, template: str) -> AsyncIterator[Fresh]:
    """One new database, dropped when the fixture that asked for it ends."""
    name = f"seed_{new_id().hex}"
    administrator = await asyncpg.connect(servers.administrator_url)
    try:
        await administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER jiedui_owner")
        database = Fresh(_of(servers.owner_url, name), _of(servers.administrator_url, name))
        yield database
        await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await administrator.close()


def _of(url: str, database: str) -> str:
    return url.rsplit("/", 1)[0] + "/" + database
