"""A database of its own, migrated and empty: what these tests look at is its schema and its walls."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from server.local.servers import Servers

DATABASE = "jiedui_architecture"


@dataclass(frozen=True)
class Walled:
    """Addresses of the database for the roles owner and app, and for the administrator who passes every wall."""

    owner_url: str
    app_url: str
    administrator_url: str


@pytest.fixture(scope="session")
async def walled(servers: Servers, template: str) -> Walled:
    """A database with every migration applied and no row."""
    administrator = await asyncpg.connect(servers.administrator_url)
    await administrator.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {template} OWNER jiedui_owner")
    await administrator.close()
    urls = (servers.owner_url, servers.app_url, servers.administrator_url)
    return Walled(*(url.rpartition("/")[0] + f"/{DATABASE}" for url in urls))


@pytest.fixture
async def owner(walled: Walled) -> AsyncIterator[asyncpg.Connection]:
    """A connection as owner, in a transaction that is never committed."""
    connection = await asyncpg.connect(walled.owner_url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()
