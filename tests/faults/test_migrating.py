"""T13, the other half: this version serves while the schema of the next one comes, and no client is refused.

Somebody reads for long meanwhile, so the migration has to wait; whoever came after it would wait behind it. The controls
take away how it waits, or let it hold what it altered: then clients are refused.
"""

from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from server import migrate as migrating
from server.kit import db
from server.migrate import migrate
from server.verify import verify
from tests.faults.arena import Arena, Web, make_arena
from tests.faults.size import LONG, SIZE
from tests.faults.upgrade import CALLERS, EXPANSION, NAME, UNDONE, Load, load_on, read_for_long, write_package
from tests.support.database import Database
from tests.support.http import Api

READ_SECONDS = 4
"""Longer than a web request waits for a lock."""

ASLEEP = "; SELECT pg_sleep(3.5)"

_numbers = count(1)

NextVersion = Callable[[str], None]


@pytest.fixture
async def few(api: Api, web: Web) -> AsyncIterator[Arena]:
    """Some clients on the web processes."""
    async with make_arena(api, web, CALLERS) as made:
        yield made


@pytest.fixture
async def owner_url(database: Database) -> AsyncIterator[str]:
    """The owner's address; the session's schema is put back afterwards."""
    owner = await asyncpg.connect(database.servers.owner_url)
    yield database.servers.owner_url
    await owner.execute(f"{UNDONE}; DELETE FROM tortoise_migrations WHERE name = '{NAME}'")
    await owner.close()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NextVersion:
    """Let `migrate` find the migrations of a version to come, of which the last says this SQL."""

    def install(sql: str) -> None:
        name = f"next_version_{next(_numbers)}"
        write_package(tmp_path, name, sql)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setattr(db, "MIGRATIONS", name)

    return install


async def upgraded(arena: Arena, owner_url: str, read_seconds: float) -> Load:
    """Migrate under load, while somebody goes on reading for so long."""
    async with load_on(arena) as load, read_for_long(owner_url, read_seconds):
        assert await migrate(owner_url) == [NAME]
    return load


async def test_a_schema_that_grows_under_load_refuses_nobody(few: Arena, owner_url: str, next_version: NextVersion):
    next_version(EXPANSION)
    load = await upgraded(few, owner_url, READ_SECONDS)
    assert load.blamed_on_the_server == 0, load.answers
    assert load.answers[201] > 0
    assert await verify(owner_url) == []


async def test_without_a_limit_to_its_waiting_clients_are_refused(
    few: Arena, owner_url: str, next_version: NextVersion, monkeypatch: pytest.MonkeyPatch
):
    """The control: who comes after the migration waits behind it, as long as the reader reads."""
    next_version(EXPANSION)
    monkeypatch.setattr(migrating, "LOCK_WAIT", "0")
    load = await upgraded(few, owner_url, READ_SECONDS)
    assert load.blamed_on_the_server > 0, load.answers


@pytest.mark.skipif(SIZE is not LONG, reason="what the rule for migrations guards against, in the long form alone")
async def test_a_migration_that_takes_long_itself_refuses_clients(
    few: Arena, owner_url: str, next_version: NextVersion
):
    """The control of what a migration may do: what it altered is closed to everybody until it commits."""
    next_version(EXPANSION + ASLEEP)
    load = await upgraded(few, owner_url, 0)
    assert load.blamed_on_the_server > 0, load.answers
