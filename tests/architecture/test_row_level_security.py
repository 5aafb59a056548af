"""T7, short form: raw SQL as the application's role sees and changes nothing that the actor has no part in.

Each table holds exactly one row of another's (three participants); the control takes the wall away and sees them.
"""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID

import asyncpg
import pytest

from server.kit.schema import new_id
from tests.architecture.conftest import Walled
from tests.architecture.test_schema import REFERENCE
from tests.architecture.walled_rows import Ids, insert_rows

OPEN_TO_EVERY_ACTOR = {"account", "decline_list", "pledge_calendar"}
"""Coverage is public among those signed in, and an account is opened at publication only; so are the reasons to decline and the calendar."""

SIDES = ("suggestion", "proposal", "proposal_turn", "proposal_message", "pledge", "pledge_signature", "instalment")
BOTH_SIDES = {*SIDES, "delivery", "delivery_stage"}


@pytest.fixture(scope="module")
async def rows(walled: Walled) -> AsyncIterator[Ids]:
    connection = await asyncpg.connect(walled.owner_url)
    ids = await insert_rows(connection)
    yield ids
    names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    wiped = ", ".join(name for (name,) in names if name != "tortoise_migrations")
    await connection.execute(f"TRUNCATE {wiped}")
    await connection.close()


@pytest.fixture
async def app(walled: Walled) -> AsyncIterator[asyncpg.Connection]:
    """A connection as role app, in a transaction that is never committed."""
    connection = await asyncpg.connect(walled.app_url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def act_as(
    connection: asyncpg.Connection,
    actor: object,
    participants: Iterable[UUID] = (),
    oversight: str = "",
    *,
    apart: bool = False,
) -> None:
    await connection.execute(
        "SELECT set_config('jiedui.actor', $1, true), set_config('jiedui.participants', $2, true),"
        " set_config('jiedui.oversight', $3, true), set_config('jiedui.apart', $4, true)",
        str(actor),
        "{" + ",".join(str(each) for each in participants) + "}",
        "{" + oversight + "}",
        "on" if apart else "",
    )


async def tenant_tables(connection: asyncpg.Connection) -> list[str]:
    return [
        row["tablename"]
        for row in await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1",
            list(REFERENCE),
        )
    ]


async def seen(connection: asyncpg.Connection) -> set[str]:
    """The tenant tables of which any row is visible."""
    tables = await tenant_tables(connection)
    return {table for table in tables if await connection.fetchval(f'SELECT count(*) FROM "{table}"')}


async def test_the_rows_are_there(rows: Ids, owner: asyncpg.Connection):
    assert await seen(owner) == set(await tenant_tables(owner))


async def test_without_an_actor_nothing_is_visible(rows: Ids, app: asyncpg.Connection):
    assert await seen(app) == set()


async def test_with_empty_settings_nothing_is_visible(rows: Ids, app: asyncpg.Connection):
    await act_as(app, "")
    assert await seen(app) == set()


async def test_participants_without_an_actor_see_nothing(rows: Ids, app: asyncpg.Connection):
    await act_as(app, "", [rows.county], "%")
    assert await seen(app) == set()


async def test_another_participant_sees_no_foreign_row(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), [rows.stranger])
    assert await seen(app) == OPEN_TO_EVERY_ACTOR | {"participant"}
    assert [row["id"] for row in await app.fetch("SELECT id FROM participant")] == [rows.stranger]


async def test_oversight_of_another_province_sees_no_foreign_row(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), oversight="62%")
    # It may follow docking runs as such; their suggestions stay walled.
    assert await seen(app) == OPEN_TO_EVERY_ACTOR | {"docking_run", "docking_result", "docking_settings"}


async def test_the_settings_end_with_the_transaction(rows: Ids, walled: Walled):
    connection = await asyncpg.connect(walled.app_url)
    try:
        async with connection.transaction():
            await act_as(connection, "system")
            assert await seen(connection)
        assert await seen(connection) == set()
    finally:
        await connection.close()


async def test_both_sides_see_what_is_between_them(rows: Ids, app: asyncpg.Connection):
    for side in (rows.county, rows.giver):
        await act_as(app, new_id(), [side])
        assert await seen(app) >= BOTH_SIDES


async def test_the_giver_sees_no_draft_of_the_county(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), [rows.giver])
    assert await app.fetchval("SELECT count(*) FROM need") == 0
    assert await app.fetchval("SELECT count(*) FROM offer") == 1


async def test_a_draft_offer_is_closed_to_oversight_too(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), oversight="32%")
    assert await app.fetchval("SELECT count(*) FROM offer") == 0


async def test_oversight_of_the_province_sees_the_county(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), oversight="61%")
    assert await seen(app) >= BOTH_SIDES | {"need", "unmet", "docking_run", "ledger_entry", "participant", "event"}


async def test_the_system_sees_everything(rows: Ids, app: asyncpg.Connection):
    await act_as(app, "system")
    assert await seen(app) == set(await tenant_tables(app))


async def test_a_user_sees_what_is_their_own(rows: Ids, app: asyncpg.Connection):
    await act_as(app, rows.user)
    own = {"account_user", "session", "api_key", "role_grant", "job", "stored_reply", "draft", "export", "notice"}
    own |= {"second_factor", "openid_identity", "notice_setting", "notice_sending"}
    assert await seen(app) == own | OPEN_TO_EVERY_ACTOR


@pytest.mark.parametrize(
    ("participants", "oversight", "names"),
    [
        ([], "61%", {"镇坪县人民政府"}),
        (["county"], "", {"镇坪县人民政府"}),
        (["unit"], "", {"真实番号"}),
        ([], "%", {"镇坪县人民政府", "某区", "某企业", "真实番号"}),
    ],
)
async def test_an_armed_forces_unit_is_hidden_from_provinces_and_counties(
    rows: Ids, app: asyncpg.Connection, participants: list[str], oversight: str, names: set[str]
):
    await act_as(app, new_id(), [getattr(rows, each) for each in participants], oversight)
    assert {row["name_zh"] for row in await app.fetch("SELECT name_zh FROM participant")} == names


async def test_an_armed_forces_unit_is_named_by_its_alias(rows: Ids, app: asyncpg.Connection):
    await act_as(app, new_id(), [rows.county])
    names = await app.fetch("SELECT name_zh, name_en FROM jiedui_participant_names($1)", [rows.unit])
    assert [tuple(row) for row in names] == [("某部队", "某部队")]


async def test_names_are_given_to_those_signed_in_only(rows: Ids, app: asyncpg.Connection):
    assert await app.fetch("SELECT * FROM jiedui_user_names($1)", [rows.user]) == []
    assert await app.fetch("SELECT * FROM jiedui_participant_names($1)", [rows.county]) == []


async def test_a_search_finds_nothing_that_may_not_be_seen(rows: Ids, app: asyncpg.Connection):
    found = "SELECT count(*) FROM need WHERE id IN (SELECT search_needs('道路'))"
    await act_as(app, new_id(), [rows.stranger])
    assert await app.fetchval(found) == 0
    await act_as(app, new_id(), [rows.county])
    assert await app.fetchval(found) == 1


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("道路", True),
        ("硬化", True),
        ("路硬", True),
        ("道路 硬化", True),
        ("道硬", False),
        ("路道", False),
        ("", False),
    ],
)
async def test_words_of_two_characters_are_found(rows: Ids, app: asyncpg.Connection, query: str, finds: bool):
    await act_as(app, "system")
    assert (await app.fetchval("SELECT count(*) FROM search_needs($1)", query) == 1) is finds


CHANGEABLE = (
    "need",
    "offer",
    "suggestion",
    "proposal",
    "pledge",
    "instalment",
    "delivery",
    "pairing",
    "session",
    "job",
)


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_another_participant_changes_no_foreign_row(rows: Ids, app: asyncpg.Connection, table: str):
    await act_as(app, new_id(), [rows.stranger], "62%")
    assert await app.execute(f"UPDATE {table} SET id = id") == "UPDATE 0"


@pytest.fixture
async def published(rows: Ids, walled: Walled) -> AsyncIterator[None]:
    """The need and the offer are there for everyone to read."""
    owner = await asyncpg.connect(walled.owner_url)
    for table in ("need", "offer"):
        await owner.execute(f"UPDATE {table} SET status = 'published', published_at = now()")
    yield
    for table in ("need", "offer"):
        await owner.execute(f"UPDATE {table} SET status = 'draft', published_at = NULL")
    await owner.close()


async def test_whoever_only_looks_after_the_platform_reads_nothing_of_the_field(
    rows: Ids, published: None, app: asyncpg.Connection
):
    await act_as(app, new_id(), apart=True)
    assert await seen(app) == {"decline_list", "pledge_calendar"}
    assert await app.execute("UPDATE account SET quantity = quantity") == "UPDATE 0"


async def test_control_whoever_does_not_stand_apart_reads_what_is_published(
    rows: Ids, published: None, app: asyncpg.Connection
):
    await act_as(app, new_id())
    assert await seen(app) >= {"need", "offer", "account"}


TAKE_OVER = {
    "need": "UPDATE need SET participant_id = '{stranger}', county_code = '620000'",
    "offer": "UPDATE offer SET participant_id = '{stranger}', giver_code = '620000'",
}


@pytest.mark.parametrize("table", TAKE_OVER)
async def test_what_is_published_is_read_and_locked_but_not_taken_over(
    rows: Ids, published: None, walled: Walled, table: str
):
    for statement in (f"UPDATE {table} SET title = 'changed'", TAKE_OVER[table].format(stranger=rows.stranger)):
        app = await asyncpg.connect(walled.app_url)
        try:
            async with app.transaction():
                await act_as(app, new_id(), [rows.stranger], "62%")
                assert len(await app.fetch(f"SELECT id FROM {table} FOR UPDATE")) == 1
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await app.execute(statement)
        finally:
            await app.close()


@pytest.mark.parametrize("table", TAKE_OVER)
async def test_control_without_its_guard_what_is_published_is_taken_over(
    rows: Ids, published: None, walled: Walled, table: str
):
    administrator = await asyncpg.connect(walled.administrator_url)
    transaction = administrator.transaction()
    await transaction.start()
    try:
        await administrator.execute(f"ALTER TABLE {table} DISABLE TRIGGER guard_change; SET LOCAL ROLE jiedui_app")
        await act_as(administrator, new_id(), [rows.stranger], "62%")
        assert await administrator.execute(TAKE_OVER[table].format(stranger=rows.stranger)) == "UPDATE 1"
    finally:
        await transaction.rollback()
        await administrator.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO event (kind, subject_kind, subject_id, actor, business_at)"
        " VALUES ('x', 'need', '{need}', '{user}', now())",
        "INSERT INTO participant (kind, name_zh, status, verified_at) VALUES ('enterprise', '假', 'verified', now())",
        "INSERT INTO role_grant (user_id, role, participant_id) VALUES ('{user}', 'administrator', '{county}')",
        "INSERT INTO role_grant (user_id, role) VALUES ('{user}', 'supervisor')",
        "INSERT INTO stream_entry (seq, kind, subject_kind, subject_id) VALUES (2, 'x', 'need', '{need}')",
        "INSERT INTO delivery_stage (delivery_id, kind, at, user_id) VALUES ('{delivery}', 'accepted', now(), '{user}')",
        "INSERT INTO pledge_signature (pledge_id, revision, side, user_id, text_hash, at)"
        " VALUES ('{pledge}', 1, 'county', '{user}', '', now())",
    ],
)
async def test_nobody_writes_in_anothers_name(rows: Ids, app: asyncpg.Connection, statement: str):
    await act_as(app, new_id(), [rows.stranger], "62%")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(statement.format(**vars(rows)))


async def test_control_without_the_wall_foreign_rows_are_visible(rows: Ids, walled: Walled):
    """The guard off: were the wall not there, the tests above would see the rows and fail."""
    owner = await asyncpg.connect(walled.owner_url)
    app = await asyncpg.connect(walled.app_url)
    tables = await tenant_tables(owner)
    try:
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        async with app.transaction():
            assert await seen(app) == set(tables)
    finally:
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        await app.close()
        await owner.close()
