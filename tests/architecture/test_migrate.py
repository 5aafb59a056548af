"""Migrating: one process at a time, all or nothing."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.local.servers import Servers
from server.migrate import migrate, pending

DATABASE = "jiedui_migrate"


@pytest.fixture
async def empty(servers: Servers) -> AsyncIterator[str]:
    """The owner's address of an empty database."""
    administrator = await asyncpg.connect(servers.administrator_url)
    await administrator.execute(f"CREATE DATABASE {DATABASE} OWNER jiedui_owner")
    yield servers.owner_url.rpartition("/")[0] + f"/{DATABASE}"
    await administrator.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    await administrator.close()


async def test_of_two_processes_one_migrates_and_the_other_finds_nothing_to_do(empty: str):
    first, second = await asyncio.gather(migrate(empty), migrate(empty))
    assert sorted([first, second], key=len)[0] == []
    assert await pending(empty) == []


async def test_a_migration_that_is_broken_off_leaves_nothing_behind(empty: str):
    def break_off_at_the_second(name: str) -> None:
        if not name.startswith("0001"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await migrate(empty, break_off_at_the_second)
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await connection.close()
    assert len(await migrate(empty)) >= 2
