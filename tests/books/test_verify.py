"""The auditor finds nothing wrong where nothing is, and names each row that somebody touched."""

import asyncpg
import pytest

from server.books import repository
from server.verify import verify
from tests.factories.deliveries import make_delivery
from tests.factories.needs import make_need
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database

pytestmark = pytest.mark.usefixtures("clean")


async def found(database: Database) -> set[str]:
    return {finding.check for finding in await verify(database.servers.owner_url)}


async def test_the_books_of_a_pledge_with_a_delivery_and_a_live_proposal_are_in_order(database: Database):
    table = await make_table()
    await make_delivery(table, await make_pledge(table, 10), 4)
    await make_proposal(table, 5)
    await make_proposal(await make_table(resource_type="village_road"), 3)
    assert await verify(database.servers.owner_url) == []


# What a database administrator could do behind the application's back, and which check names it.
CORRUPTIONS = {
    "UPDATE ledger_entry SET reference_kind = 'delivery' WHERE movement = 'hold'": "entry edited",
    "UPDATE ledger_entry SET business_at = business_at + interval '1 day' WHERE movement = 'open'": "entry edited",
    "UPDATE ledger_entry SET held_delta = held_delta + 1 WHERE movement = 'hold'": "movement wrong",
    "UPDATE ledger_entry SET previous_hash = 'x' WHERE movement = 'hold'": "chain broken",
    "DELETE FROM ledger_entry WHERE movement = 'hold'": "entry missing",
    "DELETE FROM ledger_entry WHERE movement = 'pledge'": "head differs",
    "UPDATE ledger_entry SET sequence = 9 - sequence": "entry missing",
    "DELETE FROM ledger_entry WHERE movement = 'hold' AND account_id IN (SELECT id FROM account WHERE subject_kind = 'need')": (
        "other side missing"
    ),
    "UPDATE account SET pledged = pledged - 1": "counters differ",
    "UPDATE account SET quantity = quantity + 1": "quantity differs",
    "UPDATE proposal SET status = 'countered'": "holds differ",
    "UPDATE pledge SET quantity = quantity + 1": "pledges differ",
    "UPDATE pledge SET accepted = 1": "acceptance differs",
    "UPDATE pledge SET status = 'terminated'": "pledges differ",
    "UPDATE delivery SET declared = 11": "declared too much",
    "UPDATE delivery SET accepted = 5, status = 'accepted', decided_at = now()": "acceptance differs",
    "UPDATE pledge SET text_zh = text_zh || '。'": "text edited",
    "DELETE FROM pledge_signature WHERE side = 'giver'": "signature missing",
    "DELETE FROM ledger_entry; DELETE FROM account": "account missing",
}


@pytest.mark.parametrize("corruption", CORRUPTIONS)
async def test_what_is_changed_behind_the_application_is_named(database: Database, corruption: str):
    table = await make_table()
    await make_delivery(table, await make_pledge(table, 10), 4)
    connection = await asyncpg.connect(database.servers.administrator_url)
    try:
        await connection.execute(f"SET session_replication_role = replica; {corruption}")
    finally:
        await connection.close()
    assert CORRUPTIONS[corruption] in await found(database)


async def test_an_account_beyond_its_cap_is_named(database: Database):
    table = await make_table()
    await make_proposal(table, 5)
    connection = await asyncpg.connect(database.servers.owner_url)
    try:
        async with connection.transaction():
            await connection.execute("ALTER TABLE account DROP CONSTRAINT ck_account_cap")
            await connection.execute("UPDATE ledger_entry SET quantity_delta = 1, quantity = 1 WHERE movement = 'open'")
            await connection.execute("UPDATE account SET quantity = 1")
        assert "bound passed" in await found(database)
    finally:
        await connection.execute("UPDATE account SET quantity = 100")
        await connection.execute(
            "ALTER TABLE account ADD CONSTRAINT ck_account_cap"
            " CHECK (bound = 'floor' OR held + pledged + accepted <= quantity)"
        )
        await connection.close()


async def test_accounts_opened_in_bulk_have_the_same_chain(database: Database):
    need = await make_need()
    connection = await asyncpg.connect(database.servers.owner_url)
    try:
        await connection.execute("DELETE FROM ledger_entry; DELETE FROM account")
        await repository.open_many(connection)
        await repository.open_many(connection)  # again: nothing more to open
    finally:
        await connection.close()
    assert await verify(database.servers.owner_url) == []
    opened = await database.fetch("SELECT subject_id, quantity FROM account")
    assert [tuple(row) for row in opened] == [(need.id, need.quantity)]
