"""Migrating: one process at a time, all or nothing."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.kit.schema import new_id
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


async def test_who_paid_by_name_alone_becomes_the_giver(empty: str, servers: Servers):
    """The database as it was before 0004, with a pledge in it."""
    await migrate(empty, to="0003_docking_settings")
    as_administrator = await asyncpg.connect(servers.administrator_url.rpartition("/")[0] + f"/{DATABASE}")
    pledge, giver = new_id(), new_id()
    await as_administrator.execute("SET session_replication_role = replica")  # of all other rows none is needed
    await as_administrator.execute(
        "INSERT INTO pledge (id, proposal_id, need_id, offer_id, county_id, giver_id, county_code, resource_type_id,"
        " quantity, status, sign_by, due, text_zh, text_en, text_hash, paid_by) SELECT $1, $2, $2, $2, $2, $2, '530326',"
        " 'road', 5, 'awaiting_signature', now(), now(), '', '', '', '某公司'",
        pledge,
        giver,
    )
    await as_administrator.execute(
        "INSERT INTO participant (id, kind, name_zh, name_en, status) VALUES ($1, 'enterprise', '某公司', 'A firm', 'applied')",
        giver,
    )
    assert await migrate(empty) != []
    row = await as_administrator.fetchrow("SELECT paid_by_id, mobilised_by_id FROM pledge WHERE id = $1", pledge)
    await as_administrator.close()
    assert row is not None and tuple(row) == (giver, None)
