"""T2: one key sent 32 times at once makes one row and one reply, over two web processes; another body is refused.

The control forgets the keys, and then one request makes many rows.
"""

import asyncio
from typing import Any
from uuid import UUID

import httpx2

from server.kit.schema import new_id
from tests.factories.places import COUNTY
from tests.faults.arena import Arena, Caller, km
from tests.faults.size import SIZE, lots
from tests.faults.tally import TOTAL, Tally
from tests.support.database import Database

TRIES = 32
REUSED = "/problems/idempotency-key-reused"


def a_need(title: str) -> dict[str, Any]:
    """A draft of a need; nothing but the key stands against a second one."""
    window = {"from": "2019-07-01", "to": "2019-12-31"}
    return {"place_code": COUNTY, "resource_type": "village_road", "title": title, "quantity": km(3), "window": window}


async def send(caller: Caller, path: str, body: dict[str, Any], key: str) -> list[httpx2.Response]:
    """The same request 32 times at once."""
    return await asyncio.gather(*(caller.post(path, body, **{"Idempotency-Key": key}) for _ in range(TRIES)))


async def count(database: Database, table: str, column: str, value: Any, replies: list[httpx2.Response]) -> Tally:
    """What went wrong with one key: rows too many, acknowledged rows that are not there, replies that differ."""
    rows = {row["id"] for row in await database.fetch(f"SELECT id FROM {table} WHERE {column} = $1", value)}
    acknowledged = {UUID(reply.json()["id"]) for reply in replies if reply.status_code == 201}
    return Tally(
        lost=len(acknowledged - rows),
        doubled=max(len(rows) - 1, 0),
        mis_summed=len({(reply.status_code, reply.content) for reply in replies}) - 1,
        acknowledged=len(acknowledged),
    )


async def send_needs(arena: Arena, database: Database, keys: int) -> Tally:
    """Drafts under as many keys, each from another clerk."""
    tally = Tally()
    for number in range(keys):
        title = str(new_id())
        replies = await send(arena.clerks[number % len(arena.clerks)], "/needs", a_need(title), title)
        tally.add(await count(database, "need", "title", title, replies))
    return tally


async def send_proposals(arena: Arena, database: Database, keys: int) -> Tally:
    """Proposals under as many keys; what they hold is held once."""
    tally, chance = Tally(), lots()
    for _ in range(keys):
        hot, clerk = await arena.hot("offer", 10), chance.randrange(len(arena.clerks))
        replies = await send(arena.clerks[clerk], "/proposals", arena.wanted("offer", hot, clerk, 2), str(new_id()))
        tally.add(await count(database, "proposal", "offer_id", hot, replies))
        (account,) = await database.fetch("SELECT held FROM account WHERE subject_id = $1", hot)
        tally.doubled += int(account["held"] > 2)
    return tally


async def test_one_key_makes_one_row_and_one_reply(arena: Arena, database: Database):
    tally = await send_needs(arena, database, SIZE.keys // 2)
    tally.add(await send_proposals(arena, database, SIZE.keys - SIZE.keys // 2))
    TOTAL.add(tally)
    assert tally.clean, tally
    assert tally.acknowledged == SIZE.keys


async def test_the_same_key_with_another_body_is_refused_also_at_once(arena: Arena, database: Database):
    key = {"Idempotency-Key": str(new_id())}
    titles = [str(new_id()) for _ in range(TRIES)]
    replies = await asyncio.gather(*(arena.clerks[0].post("/needs", a_need(title), **key) for title in titles))
    refused = [reply for reply in replies if reply.status_code != 201]
    assert {(reply.status_code, reply.json()["type"]) for reply in refused} == {(422, REUSED)}
    made = await database.fetch("SELECT title FROM need WHERE title = ANY($1)", titles)
    assert len(made) == len(replies) - len(refused) == 1


async def test_a_key_is_its_principals_own(arena: Arena, database: Database):
    title = str(new_id())
    key = {"Idempotency-Key": title}
    replies = await asyncio.gather(*(clerk.post("/needs", a_need(title), **key) for clerk in arena.clerks[:8]))
    assert {reply.status_code for reply in replies} == {201}
    assert len(await database.fetch("SELECT FROM need WHERE title = $1", title)) == 8


async def test_without_the_keys_one_request_makes_many_rows(unguarded_arena: Arena, database: Database):
    """The control: the same requests, the keys forgotten."""
    assert (await send_needs(unguarded_arena, database, 1)).doubled == TRIES - 1
