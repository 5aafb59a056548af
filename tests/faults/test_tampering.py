"""T12 and T16: whatever a database administrator changes behind the application's back, `jiedui verify` names the row.

Every corruption is done to a record of its own, all in one database, so that each must be found beside the others.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from server.books.repository import entry_hash
from server.verify import AS_STORED
from tests.factories.deliveries import decide, make_delivery
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database

pytestmark = pytest.mark.usefixtures("clean")

ENTRY = (
    "(SELECT e.id FROM ledger_entry e JOIN account a ON a.id = e.account_id WHERE a.subject_id = $1 AND sequence = {})"
)
ACCOUNT = "(SELECT id FROM account WHERE subject_id = $1)"
PLEDGE = "(SELECT id FROM pledge WHERE need_id = $1)"
DELIVERY = f"(SELECT id FROM delivery WHERE pledge_id = {PLEDGE})"
REHASHED = f"hash = {entry_hash('previous_hash', AS_STORED | {'reference_kind': repr('proposal')})}"


@dataclass(frozen=True)
class Corruption:
    """One change behind the application's back; `row` is what has to be named, `$1` the need that it is about."""

    does: str
    sql: str
    check: str
    row: str


CORRUPTIONS = (
    Corruption(
        "edit", f"UPDATE ledger_entry SET quantity = 9 WHERE id = {ENTRY.format(2)}", "entry edited", ENTRY.format(2)
    ),
    Corruption(
        "edit a time",
        f"UPDATE ledger_entry SET business_at = business_at - interval '1 day' WHERE id = {ENTRY.format(1)}",
        "entry edited",
        ENTRY.format(1),
    ),
    Corruption(
        "edit and hash anew",
        f"UPDATE ledger_entry SET reference_kind = 'proposal', {REHASHED} WHERE id = {ENTRY.format(3)}",
        "chain broken",
        ENTRY.format(4),
    ),
    Corruption("delete", f"DELETE FROM ledger_entry WHERE id = {ENTRY.format(2)}", "entry missing", ENTRY.format(3)),
    Corruption("delete the last", f"DELETE FROM ledger_entry WHERE id = {ENTRY.format(4)}", "head differs", ACCOUNT),
    Corruption(
        "reorder",
        f"UPDATE ledger_entry SET sequence = 9 - sequence WHERE account_id = {ACCOUNT} AND sequence IN (2, 3);"
        f" UPDATE ledger_entry SET sequence = sequence - 4 WHERE account_id = {ACCOUNT} AND sequence > 5",
        "entry edited",
        ENTRY.format(2),
    ),
    Corruption(
        "raise a counter",
        "UPDATE account SET accepted = accepted + 1 WHERE subject_id = $1",
        "counters differ",
        ACCOUNT,
    ),
    Corruption(
        "raise what is asked", "UPDATE account SET quantity = 500 WHERE subject_id = $1", "quantity differs", ACCOUNT
    ),
    Corruption("lift the cap", "UPDATE account SET bound = 'floor' WHERE subject_id = $1", "type differs", ACCOUNT),
    Corruption(
        "close an account", "UPDATE account SET is_closed = true WHERE subject_id = $1", "closing differs", ACCOUNT
    ),
    Corruption(
        "hold beyond the end",
        "UPDATE account SET is_closed = true WHERE subject_id = $1",
        "promised after closing",
        ACCOUNT,
    ),
    Corruption(
        "close a need",
        "UPDATE need SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1",
        "closing differs",
        ACCOUNT,
    ),
    Corruption(
        "forget a hold",
        "UPDATE proposal SET status = 'declined', decline_code = 'other' WHERE need_id = $1 AND status = 'proposed'",
        "holds differ",
        ACCOUNT,
    ),
    Corruption("cut a promise", "UPDATE pledge SET quantity = 8 WHERE need_id = $1", "pledges differ", ACCOUNT),
    Corruption("accept more", "UPDATE pledge SET accepted = 5 WHERE need_id = $1", "acceptance differs", PLEDGE),
    Corruption(
        "declare more",
        f"UPDATE delivery SET declared = 5 WHERE pledge_id = {PLEDGE}",
        "accepted more than declared",
        DELIVERY,
    ),
    Corruption("change what was signed", "UPDATE pledge SET text_zh = '' WHERE need_id = $1", "text edited", PLEDGE),
    Corruption(
        "remove a signature",
        f"DELETE FROM pledge_signature WHERE side = 'giver' AND pledge_id = {PLEDGE}",
        "signature missing",
        PLEDGE,
    ),
    Corruption("remove an account", "DELETE FROM account WHERE subject_id = $1", "account missing", "$1::uuid"),
)


async def a_dealing() -> UUID:
    """A need with a live proposal, and with a pledge of ten of which four were accepted; the books are in order."""
    table = await make_table()
    await decide(table, await make_delivery(table, await make_pledge(table, 10), 4), "accept")
    await make_proposal(table, 5)
    return table.need.id


async def test_every_corruption_is_named_by_its_row_and_the_exit_code_is_one(database: Database):
    needs = [await a_dealing() for _ in CORRUPTIONS]
    assert await verify(database) == (0, ["the books are sound"])
    named = [await corrupt(database, each, need) for each, need in zip(CORRUPTIONS, needs, strict=True)]
    code, lines = await verify(database)
    assert code == 1
    missing = [
        each.does
        for each, row in zip(CORRUPTIONS, named, strict=True)
        if not any(line.startswith(f"{each.check}: ") and f" {row}: " in line for line in lines)
    ]
    assert missing == [], lines


async def corrupt(database: Database, corruption: Corruption, need: UUID) -> UUID:
    """Do it as the administrator, past triggers and constraints; the id of the row that has to be named."""
    connection = await asyncpg.connect(database.servers.administrator_url)
    try:
        row = await connection.fetchval(f"SELECT {corruption.row}", need)
        await connection.execute("SET session_replication_role = replica")
        changed = await connection.execute(corruption.sql.replace("$1", f"'{need}'::uuid"))
        assert changed not in ("UPDATE 0", "DELETE 0"), corruption.does
        return row
    finally:
        await connection.close()


async def verify(database: Database) -> tuple[int | None, list[str]]:
    """`jiedui verify`: its exit code and its lines."""
    environment = os.environ | {"DATABASE_OWNER_URL": database.servers.owner_url}
    command = [sys.executable, "-m", "server.cli", "verify"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return process.returncode, output.decode().splitlines()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET quantity = 1",
        "UPDATE ledger_entry SET sequence = 5 - sequence",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY",
        "DELETE FROM account",
        "SET session_replication_role = replica",
    ],
)
async def test_the_application_itself_may_do_none_of_it(database: Database, statement: str):
    await a_dealing()
    connection = await asyncpg.connect(database.servers.app_url)
    try:
        await connection.execute("SELECT set_config('jiedui.actor', 'system', false)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
