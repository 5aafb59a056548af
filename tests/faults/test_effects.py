"""T5: every job and every handler run twice, and killed after each statement: each effect exactly once."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from server.kit import uow as units
from server.notices import writing
from server.settings import get_settings
from server.verify import verify
from tests.faults.effects import effects
from tests.faults.of_events import NEVER, OF_EVENTS
from tests.faults.of_jobs import OF_JOBS, expiring_pledges, telling
from tests.faults.scene import Scene, Situation
from tests.faults.size import LONG, SIZE
from tests.support.database import Database
from tests.support.http import Api
from tests.support.killing import Killer
from tests.support.letters import post_office
from workers.registry import JOBS

MOST = 400
"""Statements that no situation needs: beyond it something goes round in circles."""

STRIDE = 1 if SIZE is LONG else 5
ALL = OF_JOBS | OF_EVENTS


@pytest.mark.usefixtures("application")
def test_every_job_and_every_handler_has_its_situation() -> None:
    assert set(OF_JOBS) == set(JOBS)
    assert set(OF_EVENTS) | set(NEVER) == set(units.hooks.handlers)


@pytest.fixture
async def scene(api: Api, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    """The application and its database, with a mail server beside it."""
    async with post_office() as office:
        monkeypatch.setattr(get_settings(), "smtp_url", office.url)
        yield Scene(api, database, tmp_path, monkeypatch)


async def once(scene: Scene, situation: Situation) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """What stands before and after the work was done once."""
    work = await situation(scene)
    before = await effects(scene.database)
    await work()
    return before, await effects(scene.database)


@pytest.mark.parametrize("name", ALL)
async def test_its_effect_is_there_exactly_once(name: str, scene: Scene, killer: Killer) -> None:
    before, expected = await once(scene, ALL[name])
    assert expected != before, "the situation gives it nothing to do"
    if name in OF_EVENTS:
        assert expected["event"][name] == 1
    await scene.database.clean()
    work = await ALL[name](scene)
    statement = 1
    while await killer.after(statement, work):
        statement += STRIDE
        assert statement < MOST
    await work()
    assert await effects(scene.database) == expected
    assert await verify(scene.database.servers.owner_url) == []


async def test_control_without_one_transaction_a_kill_leaves_half(
    scene: Scene, killer: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, expected = await once(scene, expiring_pledges)
    await scene.database.clean()
    work = await expiring_pledges(scene)
    monkeypatch.setattr(units, "_transaction", _each_on_its_own)
    with pytest.raises(AssertionError):
        statement = 1
        while await killer.after(statement, work):
            statement += 1
        await work()
        assert await effects(scene.database) == expected
        assert await verify(scene.database.servers.owner_url) == []


@pytest.mark.parametrize("key", [True, False])
async def test_a_notice_is_there_once_by_its_unique_key_also_when_its_mark_is_lost(
    key: bool, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key, the control, each is there twice."""
    work = await telling(scene)
    await work()
    written = (await effects(scene.database))["notice"]
    await scene.database.fetch("DELETE FROM notice_mark")
    async with contextlib.AsyncExitStack() as off:
        if not key:
            write = writing.WRITE.replace("ON CONFLICT (user_id, event_id) DO NOTHING", "")
            monkeypatch.setattr(writing, "WRITE", write)
            await off.enter_async_context(_without_key(scene.database, "notice", "uq_notice_user_id_event_id"))
        await work()
        again = (await effects(scene.database))["notice"]
    assert written.total() > 0
    assert again == (written if key else written + written)


@asynccontextmanager
async def _without_key(database: Database, table: str, name: str) -> AsyncIterator[None]:
    [key] = await database.fetch("SELECT pg_get_constraintdef(oid) AS said FROM pg_constraint WHERE conname = $1", name)
    await database.fetch(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        await database.fetch(f"DELETE FROM {table}")
        await database.fetch(f"ALTER TABLE {table} ADD CONSTRAINT {name} {key['said']}")


@asynccontextmanager
async def _each_on_its_own() -> AsyncIterator[BaseDBAsyncClient]:
    yield get_connection("default")
