"""T1, from the other end: what is held is given back once, however many ways out are taken at the same moment.

Sixteen live proposals on one need; both sides decline, withdraw, counter and agree while the need and every offer are
lowered, which supersedes them. Offers and needs are locked in one order, so nothing waits for itself for long.
"""

import asyncio
import random
from collections import Counter
from typing import Any
from uuid import UUID

import httpx2

from server.verify import verify
from tests.faults.arena import Arena, Caller, km
from tests.faults.size import SIZE, lots
from tests.faults.tally import TOTAL, Tally
from tests.support.database import Database

DEALS = 16
ANSWERS = {200, 409, 412}
"""Done; a rule or a race was lost; somebody was there before."""

HELD = """
SELECT a.held, a.quantity, (SELECT coalesce(sum(p.quantity), 0) FROM proposal p
    WHERE a.subject_id IN (p.need_id, p.offer_id) AND p.status IN ('proposed', 'countered')) AS negotiated,
    (SELECT coalesce(sum(g.quantity), 0) FROM pledge g
    WHERE a.subject_id IN (g.need_id, g.offer_id) AND g.status = 'awaiting_signature') AS pledged
FROM account a WHERE a.subject_id = ANY($1::uuid[])"""


async def deals(arena: Arena, need: UUID) -> list[dict[str, Any]]:
    """Live proposals of the clerks', each with an offer of its own."""
    posts = [arena.clerks[each].post("/proposals", arena.wanted("need", need, each, 2)) for each in range(DEALS)]
    replies = await asyncio.gather(*posts)
    assert {reply.status_code for reply in replies} == {201}
    return [reply.json() for reply in replies]


async def lower(caller: Caller, path: str) -> httpx2.Response:
    """A little less than before, in one go."""
    seen = await caller.get(path)
    quantity = int(seen.json()["quantity"]["value"]) - 1
    body = {"quantity": km(quantity), "remark": "a little less"}
    return await caller.post(f"{path}/amend", body, **{"If-Match": seen.headers["etag"]})


async def contest(arena: Arena, need: UUID, made: list[dict[str, Any]], chance: random.Random) -> list[httpx2.Response]:
    """Every way out, of all of them at once."""
    first = {"If-Match": '"1"'}
    wishes: list[Any] = [lower(arena.reviewer, f"/needs/{need}")]
    for number, deal in enumerate(made):
        path = f"/proposals/{deal['id']}"
        wishes += [
            arena.official.post(f"{path}/decline", {"code": "other"}, **first),
            arena.official.post(f"{path}/counter", {"quantity": km(1)}, **first),
            arena.official.post(f"{path}/agree", None, **first),
            arena.clerks[number].post(f"{path}/withdraw", {"remark": "never mind"}, **first),
        ]
        if number % 2:
            wishes.append(lower(arena.official, f"/offers/{deal['offer_id']}"))
    chance.shuffle(wishes)
    return await asyncio.gather(*wishes)


async def count(database: Database, need: UUID, offers: list[UUID]) -> Tally:
    """Holds that nobody has, or that are gone though somebody has them."""
    rows = await database.fetch(HELD, [need, *offers])
    return Tally(
        doubled=sum(row["held"] > row["quantity"] for row in rows),
        mis_summed=sum(row["held"] != row["negotiated"] + row["pledged"] for row in rows),
    )


async def test_whatever_ends_a_proposal_gives_back_once(arena: Arena, database: Database):
    tally, answers, chance = Tally(), Counter[int](), lots()
    for _ in range(max(SIZE.rounds // 4, 2)):
        need = await arena.hot("need", 40)
        made = await deals(arena, need)
        replies = await contest(arena, need, made, chance)
        answers.update(reply.status_code for reply in replies)
        tally.acknowledged += len(made) + sum(reply.status_code == 200 for reply in replies)
        tally.add(await count(database, need, [UUID(deal["offer_id"]) for deal in made]))
    findings = await verify(database.servers.owner_url)
    tally.mis_summed += len(findings)
    TOTAL.add(tally)
    assert set(answers) <= ANSWERS, answers
    assert answers[200] > 0
    assert tally.clean, tally
    assert findings == []
