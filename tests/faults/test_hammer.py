"""T1 and T2 in short form: the last unit is promised once, and one key makes one row, over two real web processes."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any

import asyncpg
import httpx2
import pytest

from server.books import repository
from server.books import service as books
from server.books.rules import Reference
from server.kit.schema import new_id
from server.proposals.models import Proposal
from server.verify import verify
from tests.factories.books import balance_of, counters
from tests.factories.proposals import Table, make_table
from tests.support.database import Database, within
from tests.support.http import ORIGIN, Api

pytestmark = pytest.mark.usefixtures("clean")

CLIENTS = 16
TRIES = 32


async def client_of(api: Api, web: str, table: Table) -> httpx2.AsyncClient:
    """The official's client, speaking to the real processes."""
    signed_in = await api.signed_in(table.official)
    headers = {"Origin": ORIGIN, "X-CSRF-Token": signed_in.headers["X-CSRF-Token"], "Accept-Language": "en"}
    headers["Cookie"] = f"jiedui={signed_in.cookies['jiedui']}"
    return httpx2.AsyncClient(base_url=f"{web}/api/v1", headers=headers, timeout=30)


def body(table: Table, quantity: int, need_id: Any = None) -> dict[str, Any]:
    return {
        "need_id": str(need_id or table.need.id),
        "offer_id": str(table.offer.id),
        "quantity": {"value": str(quantity), "unit": "km"},
    }


async def test_of_many_clients_one_gets_the_last_unit(api: Api, web: str, database: Database):
    """T1: each has a need of its own, all want the one unit that the offer has left."""
    hot = await make_table(offer=1)
    needs = [(await make_table()).need for _ in range(CLIENTS)]
    client = await client_of(api, web, hot)
    async with client:
        replies = await asyncio.gather(*(client.post("/proposals", json=body(hot, 1, need.id)) for need in needs))
    assert Counter(reply.status_code for reply in replies) == {201: 1, 409: CLIENTS - 1}
    assert {reply.json()["type"] for reply in replies if reply.status_code == 409} == {"/problems/quantity-exceeded"}
    assert await counters(hot.offer.id) == ("0", "1", "0", "0")
    assert await verify(database.servers.owner_url) == []


async def test_one_key_sent_many_times_makes_one_row_and_the_same_reply(api: Api, web: str):
    """T2: the same request 32 times at once."""
    table = await make_table()
    client = await client_of(api, web, table)
    key = {"Idempotency-Key": str(new_id())}
    async with client:
        replies = await asyncio.gather(
            *(client.post("/proposals", json=body(table, 10), headers=key) for _ in range(TRIES))
        )
        other = await client.post("/proposals", json=body(table, 11), headers=key)
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert other.status_code == 422
    assert await within(lambda _: Proposal.all().count()) == 1
    assert await counters(table.need.id) == ("90", "10", "0", "0")


async def test_without_the_guard_the_last_unit_is_promised_many_times(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    """The control of T1: the same movement without guard and CHECK over-commits, so the test above can fail."""
    monkeypatch.setattr(repository, "_MOVE", repository.move_statement(guard=""))
    hot = await make_table(offer=1)
    tables = [await make_table() for _ in range(6)]
    owner = await asyncpg.connect(database.servers.owner_url)
    await owner.execute("ALTER TABLE account DROP CONSTRAINT ck_account_cap")
    try:
        for table in tables:
            await within(
                lambda uow, need=table.need: books.hold(
                    uow,
                    offer_id=hot.offer.id,
                    need_id=need.id,
                    quantity=Decimal(1),
                    reference=Reference("proposal", new_id()),
                )
            )
        assert (await balance_of(hot.offer.id)).held > 1
        assert "bound passed" in {finding.check for finding in await verify(database.servers.owner_url)}
    finally:
        await owner.execute("UPDATE account SET held = 0")
        await owner.execute(
            "ALTER TABLE account ADD CONSTRAINT ck_account_cap"
            " CHECK (bound = 'floor' OR held + pledged + accepted <= quantity)"
        )
        await owner.close()
