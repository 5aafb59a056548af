"""T13: a database that has grown with its rows, from the first version on, has the schema of a fresh one.

The controls drift in one thing of each kind that migrations make.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from server.local.servers import Servers
from server.migrate import migrate
from tests.architecture.conftest import Walled
from tests.architecture.walled_rows import COUNTY_CODE, ROWS, Ids
from tests.support.schema_picture import picture

DATABASE = "jiedui_grown"
FIRST = "0002_row_level_security"
PAID_BY_NAME = ("now(), '2019-12-31', '', '', '', '{giver}')", "now(), '2019-12-31', '', '', '', '某区')")

DRIFTS = (
    "ALTER TABLE need ADD COLUMN forgotten text",
    "ALTER TABLE need ALTER COLUMN version SET DEFAULT 2",
    "ALTER TABLE need DROP CONSTRAINT ck_need_status",
    "ALTER TABLE need DROP CONSTRAINT ck_need_status, ADD CONSTRAINT ck_need_status CHECK (status <> '') NOT VALID",
    "ALTER TABLE pledge NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY owner_all ON pledge",
    "REVOKE UPDATE ON need FROM jiedui_app",
    "DROP INDEX uq_proposal_need_id_offer_id",
    "CREATE OR REPLACE FUNCTION jiedui_is_system() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'",
    "REVOKE EXECUTE ON FUNCTION jiedui_participant_statuses FROM jiedui_app",
    "DROP TRIGGER guard_change ON need",
)


@dataclass(frozen=True)
class Grown:
    """A database of the first version with a row in each table, migrated to this one."""

    url: str
    ids: Ids
    rows: dict[str, int]


@pytest.fixture(scope="module")
async def grown(servers: Servers) -> AsyncIterator[Grown]:
    administrator = await asyncpg.connect(servers.administrator_url)
    await administrator.execute(f"CREATE DATABASE {DATABASE} OWNER jiedui_owner")
    url, ids = servers.owner_url.rpartition("/")[0] + f"/{DATABASE}", Ids()
    await migrate(url, to=FIRST)
    owner = await asyncpg.connect(url)
    tables = await _tables(owner)
    for statement in ROWS.replace(*PAID_BY_NAME).replace("paid_by_id", "paid_by").split(";\n"):
        if any(f"INSERT INTO {table} (" in statement for table in tables):
            await owner.execute(statement.format(code=COUNTY_CODE, **vars(ids)))
    rows = {table: await owner.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}
    await owner.close()
    assert await migrate(url) != []
    yield Grown(url, ids, rows)
    await administrator.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    await administrator.close()


async def _tables(connection: asyncpg.Connection) -> set[str]:
    found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in found} - {"tortoise_migrations"}


@pytest.fixture
async def old(grown: Grown) -> AsyncIterator[asyncpg.Connection]:
    """The grown database; nothing that is done to it stays."""
    connection = await asyncpg.connect(grown.url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_a_database_that_has_grown_has_the_schema_of_a_fresh_one(
    old: asyncpg.Connection, owner: asyncpg.Connection
):
    assert await picture(old) ^ await picture(owner) == set()


async def test_and_it_has_kept_its_rows(grown: Grown, old: asyncpg.Connection):
    filled = {"place_code", "poverty_status", "fiscal_revenue", "published_record", "setting"}
    assert {table for table, rows in grown.rows.items() if not rows} <= filled
    kept = {table: await old.fetchval(f'SELECT count(*) FROM "{table}"') for table in grown.rows}
    assert kept == grown.rows


async def test_who_paid_by_name_alone_is_the_giver_now(grown: Grown, old: asyncpg.Connection):
    paid_by = await old.fetchval("SELECT paid_by_id FROM pledge WHERE id = $1", grown.ids.pledge)
    assert paid_by == grown.ids.giver


@pytest.mark.parametrize("drift", DRIFTS)
async def test_a_drift_is_seen(old: asyncpg.Connection, owner: asyncpg.Connection, walled: Walled, drift: str):
    await old.execute(drift)
    assert await picture(old) ^ await picture(owner)
