"""The migration of a version to come, and clients at work while it is applied: what test_migrating.py brings together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx2

import server.migrations
from tests.faults.arena import Arena, Caller

HOT = ("session", "offer", "need", "account", "proposal", "event")
"""Tables that the requests below read or write."""

EXPANSION = "; ".join(f"ALTER TABLE {table} ADD COLUMN later text NOT NULL DEFAULT ''" for table in HOT)
UNDONE = "; ".join(f"ALTER TABLE {table} DROP COLUMN IF EXISTS later" for table in HOT)
NAME = "9000_later"
MODULE = """
from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("models", {last!r})]
    operations = [ops.RunSQL({sql!r})]
"""

CALLERS = 8
BESIDE_SECONDS = 0.5
REST_SECONDS = 0.1


def write_package(folder: Path, name: str, sql: str) -> None:
    """A package with the real migrations, and one more."""
    (home,) = server.migrations.__path__
    last = max(path.stem for path in Path(home).glob("0*.py"))
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text(f"__path__ = [{home!r}, {str(package)!r}]\n", encoding="utf-8")
    (package / f"{NAME}.py").write_text(MODULE.format(last=last, sql=sql), encoding="utf-8")


@dataclass
class Load:
    """What clients were answered; no request is sent a second time."""

    answers: Counter[int] = field(default_factory=Counter)
    over: bool = False

    @property
    def blamed_on_the_server(self) -> int:
        """Replies 5xx; that it is busy is one of them."""
        return sum(times for status, times in self.answers.items() if status >= 500)

    async def run(self, arena: Arena, number: int) -> None:
        """Look, propose, withdraw, again and again."""
        clerk, need, offer = arena.clerks[number], arena.needs[number], arena.offers[number]
        wanted = {"need_id": str(need), "offer_id": str(offer), "quantity": {"value": "1", "unit": "km"}}
        while not self.over:
            await self._note(clerk.get("/needs?limit=5"))
            await self._note(clerk.get(f"/offers/{offer}"))
            made = await self._note(_post_once(clerk, "/proposals", wanted))
            if made.status_code == 201:
                path = f"/proposals/{made.json()['id']}/withdraw"
                await self._note(_post_once(clerk, path, {"remark": "never mind"}, **{"If-Match": '"1"'}))
            await asyncio.sleep(REST_SECONDS)

    async def _note(self, request: Awaitable[httpx2.Response]) -> httpx2.Response:
        reply = await request
        self.answers[reply.status_code] += 1
        return reply


async def _post_once(clerk: Caller, path: str, body: object, **headers: str) -> httpx2.Response:
    return await clerk.http.post(path, json=body, headers=clerk.headers | headers)


@asynccontextmanager
async def load_on(arena: Arena) -> AsyncIterator[Load]:
    """Clients at work, from a while before until a while after."""
    load = Load()
    async with asyncio.TaskGroup() as tasks:
        for number in range(len(arena.clerks)):
            tasks.create_task(load.run(arena, number))
        try:
            await asyncio.sleep(BESIDE_SECONDS)
            yield load
            await asyncio.sleep(BESIDE_SECONDS)
        finally:
            load.over = True


WAITED_FOR = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'session'::regclass AND NOT granted)"


@asynccontextmanager
async def read_for_long(owner_url: str, seconds: float) -> AsyncIterator[None]:
    """Somebody (a backup, a report) has read every hot table, and ends so long after somebody else began to wait for it."""
    reader, watcher = await asyncpg.connect(owner_url), await asyncpg.connect(owner_url)
    begun = reader.transaction()
    await begun.start()
    for table in HOT:
        await reader.fetch(f"SELECT FROM {table} LIMIT 1")  # a constant

    async def end() -> None:
        while not await watcher.fetchval(WAITED_FOR):  # noqa: ASYNC110  # what is waited for is in the database
            await asyncio.sleep(0.02)
        await asyncio.sleep(seconds)
        await begun.rollback()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(end())
        yield
    await reader.close()
    await watcher.close()
