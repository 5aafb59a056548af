"""T1: whatever happens at once, the last unit is promised once.

64 clients over two web processes want the same offer, or the same need; its owner withdraws it or lowers it meanwhile.
The control takes the guards off, and then units are promised twice.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from server.verify import verify
from tests.faults.arena import CLIENTS, Arena, Web, km
from tests.faults.size import SIZE, lots
from tests.faults.tally import TOTAL, Tally
from tests.support.database import Database

CONNECTIONS = 20
LOWERED = (40, 30, 20, 10)
KINDS = ("last unit", "withdrawn", "lowered")
SIDES = ("offer", "need")

AFTER = """
SELECT a.quantity, a.held, a.pledged, a.accepted, a.is_closed, s.status, s.quantity AS said,
    (SELECT coalesce(sum(p.quantity), 0) FROM proposal p WHERE a.subject_id IN (p.need_id, p.offer_id)
        AND p.status IN ('proposed', 'countered', 'agreed')) AS live,
    (SELECT coalesce(sum(e.held_delta), 0) FROM ledger_entry e WHERE e.account_id = a.id) AS summed,
    ARRAY(SELECT p.id FROM proposal p WHERE a.subject_id IN (p.need_id, p.offer_id)) AS proposals,
    (SELECT coalesce(max(m.covered - m.had), 0) FROM (SELECT sum(e.held_delta) OVER w AS covered,
        sum(e.quantity_delta) OVER w AS had FROM ledger_entry e WHERE e.account_id = a.id
        WINDOW w AS (ORDER BY e.sequence)) m) AS most_beyond
FROM account a JOIN (SELECT id, status, quantity FROM need UNION ALL SELECT id, status, quantity FROM offer) s
    ON s.id = a.subject_id
WHERE a.subject_id = $1"""


@dataclass
class Round:
    """One round: everybody wants `hot`, and `owner` is what its owner's requests were answered."""

    kind: str
    side: str
    hot: UUID
    clerks: list[httpx2.Response]
    owner: list[httpx2.Response]

    @property
    def holds(self) -> int:
        """How many proposals were acknowledged."""
        return sum(reply.status_code == 201 for reply in self.clerks)


async def play(arena: Arena, chance: random.Random, kind: str, side: str) -> Round:
    """One round; the owner's request is somewhere among the clerks'."""
    hot = await arena.hot(side, LOWERED[0] if kind == "lowered" else 1)
    wishes: list[Any] = [
        clerk.post("/proposals", arena.wanted(side, hot, number)) for number, clerk in enumerate(arena.clerks)
    ]
    chance.shuffle(wishes)
    if kind != "last unit":
        wishes.insert(chance.randrange(CLIENTS // 2), _owner(arena, kind, side, hot))
    replies = await asyncio.gather(*wishes)
    by_owner = next((each for each in replies if isinstance(each, list)), [])
    return Round(kind, side, hot, [each for each in replies if not isinstance(each, list)], by_owner)


async def _owner(arena: Arena, kind: str, side: str, hot: UUID) -> list[httpx2.Response]:
    caller, path = arena.owner(side), f"/{side}s/{hot}"
    if kind == "withdrawn":
        return [await caller.post(f"{path}/withdraw", {"remark": "no longer there"}, **{"If-Match": '"1"'})]
    replies: list[httpx2.Response] = []
    for lower in LOWERED[1:]:
        etag = (await caller.get(path)).headers["etag"]
        body = {"quantity": km(lower), "remark": "less than was thought"}
        replies.append(await caller.post(f"{path}/amend", body, **{"If-Match": etag}))
    return replies


def expected_statuses(played: Round) -> bool:
    """Whether the replies are those of the rules: one hold of the last unit, 409 for everybody else."""
    clerks = Counter(reply.status_code for reply in played.clerks)
    owner = [reply.status_code for reply in played.owner]
    if set(clerks) - {201, 409}:
        return False
    if played.kind == "last unit":
        return clerks[201] == 1
    if played.kind == "withdrawn":
        return (clerks[201], owner) in ((1, [409]), (0, [200]))
    return set(owner) <= {200, 409} and clerks[201] >= 1


async def count(database: Database, played: Round) -> Tally:
    """What went wrong in a round, looked at in the database and in the ledger, movement by movement."""
    (row,) = await database.fetch(AFTER, played.hot)
    acknowledged = {UUID(reply.json()["id"]) for reply in played.clerks if reply.status_code == 201}
    open_holds = row["held"] if row["status"] == "closed" else 0
    return Tally(
        lost=len(acknowledged - set(row["proposals"])),
        doubled=int(max(row["most_beyond"], row["held"] - row["quantity"], 0) + open_holds),
        mis_summed=len({row["held"], row["live"], row["summed"]}) - 1 + int(row["quantity"] != row["said"]),
        acknowledged=len(acknowledged) + sum(reply.status_code == 200 for reply in played.owner),
    )


async def hammer(arena: Arena, database: Database, rounds: int, kinds: tuple[str, ...]) -> tuple[Tally, list[str]]:
    """Play the rounds; what went wrong, and which rounds were not answered as the rules say."""
    chance, tally, odd = lots(), Tally(), list[str]()
    for number in range(rounds):
        kind, side = kinds[number // len(SIDES) % len(kinds)], SIDES[number % len(SIDES)]
        played = await play(arena, chance, kind, side)
        tally.add(await count(database, played))
        if not expected_statuses(played):
            replies = Counter((reply.status_code, reply.text[:200]) for reply in played.clerks + played.owner)
            odd.append(f"round {number}, {kind}, {side}: {replies}")
    return tally, odd


async def test_the_last_unit_is_promised_once_whatever_happens_at_once(arena: Arena, web: Web, database: Database):
    tally, odd = await hammer(arena, database, SIZE.rounds, KINDS)
    findings = await verify(database.servers.owner_url)
    tally.mis_summed += len(findings)
    TOTAL.add(tally)
    assert odd == []
    assert tally.clean, tally
    assert findings == []
    assert web.connections(database.servers.postgres.port) >= CONNECTIONS


async def test_without_its_guards_the_last_unit_is_promised_many_times(unguarded_arena: Arena, database: Database):
    """The control: the same hammer, looking first and then moving, over-commits."""
    tally, odd = await hammer(unguarded_arena, database, 4, ("last unit",))
    assert odd
    assert "/problems/internal" not in "".join(odd), odd
    assert tally.doubled > 0
    assert "bound passed" in {finding.check for finding in await verify(database.servers.owner_url)}
