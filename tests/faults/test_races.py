"""T1, beyond proposals: whoever is first has it, the others are told so, and nothing is promised or accepted beyond.

Offers for the last post of a need, one offer over several counties, deliveries against their pledge, a cancellation or a
lower quantity in between. The control takes the guards off, and then each of the races goes wrong.
"""

from collections.abc import AsyncIterator

import httpx2
import pytest

from server.verify import verify
from tests.faults.arena import Web
from tests.faults.races import RACES, Outcome, Race, Ring
from tests.faults.size import LONG, SIZE, lots
from tests.faults.tally import TOTAL, Tally
from tests.support.database import Database
from tests.support.http import Api

ROUNDS = 25 if SIZE is LONG else 1
UNTIL_WRONG = 40

UNDER_WAY = """(SELECT coalesce(sum(d.declared), 0) FROM delivery d WHERE d.pledge_id = g.id
    AND d.status IN ('planned', 'sent', 'arrived', 'inspected', 'disputed'))"""
AFTER = f"""
SELECT a.bound, a.quantity, a.held, a.pledged, a.accepted,
    (SELECT coalesce(sum(p.quantity), 0) FROM proposal p WHERE a.subject_id IN (p.need_id, p.offer_id)
        AND p.status IN ('proposed', 'countered')) + coalesce(sum(g.quantity) FILTER
        (WHERE g.status = 'awaiting_signature'), 0) AS negotiated,
    coalesce(sum(g.quantity - g.accepted) FILTER (WHERE g.status = 'effective'), 0) AS promised,
    coalesce(sum(g.accepted), 0) AS taken,
    (SELECT coalesce(sum(d.accepted), 0) FROM delivery d JOIN pledge o ON o.id = d.pledge_id
        WHERE a.subject_id IN (o.need_id, o.offer_id)) AS delivered,
    count(*) FILTER (WHERE g.accepted + {UNDER_WAY} > g.quantity OR (g.status = 'cancelled' AND {UNDER_WAY} > 0)) AS beyond,
    (SELECT s.quantity FROM (SELECT id, quantity FROM need UNION ALL SELECT id, quantity FROM offer) s
        WHERE s.id = a.subject_id) AS said
FROM account a LEFT JOIN pledge g ON a.subject_id IN (g.need_id, g.offer_id)
WHERE a.subject_id = ANY($1::uuid[]) GROUP BY a.id"""  # constants


async def count(database: Database, outcome: Outcome) -> Tally:
    """What went wrong in a race, looked at in the database."""
    rows = await database.fetch(AFTER, outcome.subjects)
    assert len(rows) == len(outcome.subjects)
    doubled = sum(max(row["held"] + row["pledged"] + row["accepted"] - row["quantity"], 0) for row in rows)
    return Tally(
        doubled=int(doubled) + sum(row["beyond"] for row in rows),
        mis_summed=sum(
            (row["held"], row["pledged"], row["accepted"], row["accepted"], row["quantity"])
            != (row["negotiated"], row["promised"], row["taken"], row["delivered"], row["said"])
            for row in rows
        ),
        acknowledged=outcome.acknowledged,
    )


async def run(ring: Ring, database: Database, race: Race, rounds: int) -> AsyncIterator[tuple[Tally, str]]:
    """Race after race: what went wrong in each."""
    for _ in range(rounds):
        outcome = await race(ring)
        yield await count(database, outcome), outcome.odd


@pytest.mark.parametrize("name", RACES)
async def test_who_is_first_has_it_and_the_others_are_told(name: str, api: Api, web: Web, database: Database):
    async with httpx2.AsyncClient(base_url=f"{web.url}/api/v1", timeout=60) as http:
        async for tally, odd in run(Ring(api, http, lots()), database, RACES[name], ROUNDS):
            TOTAL.add(tally)
            assert odd == ""
            assert tally.clean, tally
    findings = await verify(database.servers.owner_url)
    TOTAL.mis_summed += len(findings)
    assert findings == []


@pytest.mark.parametrize("name", RACES)
async def test_without_the_guards_it_goes_wrong(name: str, api: Api, unguarded_books: Web, database: Database):
    """The control."""
    async with httpx2.AsyncClient(base_url=f"{unguarded_books.url}/api/v1", timeout=60) as http:
        async for tally, odd in run(Ring(api, http, lots()), database, RACES[name], UNTIL_WRONG):
            if odd or not tally.clean:
                return
    raise AssertionError(f"{UNTIL_WRONG} times without guards, and nothing went wrong")
