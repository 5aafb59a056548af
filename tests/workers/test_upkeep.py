"""Recurring work, done twice, has its effect once."""

from datetime import timedelta

import pytest

from server.kit import clock
from server.kit.uow import UnitOfWork
from tests.factories.accounts import make_user
from tests.factories.books import counters
from tests.factories.docking import reloaded as reloaded_run
from tests.factories.docking import start_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_participant
from tests.factories.pledges import make_pledge
from tests.factories.pledges import reloaded as reloaded_pledge
from tests.factories.proposals import make_proposal, make_table, reloaded
from tests.support.database import Database, within
from workers import docking, upkeep
from workers.records import RecordsFailed
from workers.retention import RETENTION

pytestmark = pytest.mark.usefixtures("clean", "application")


async def test_lapsing_twice_releases_once(database: Database) -> None:
    table = await make_table()
    proposal = await make_proposal(table, 30)
    over = clock.now() - timedelta(minutes=1)
    await within(lambda uow: uow.fetch("UPDATE proposal SET hold_until = $1 RETURNING id", over))
    for _ in range(2):
        await upkeep.lapse_proposals()
    assert (await reloaded(proposal)).status == "lapsed"
    assert (await counters(table.need.id))[1] == "0"
    assert len(await database.fetch("SELECT FROM event WHERE kind = 'proposal.lapsed'")) == 1


async def test_a_proposal_that_cannot_lapse_holds_up_no_other_and_is_reported(database: Database) -> None:
    tables = [await make_table() for _ in range(3)]
    made = [await make_proposal(table, 10) for table in tables]
    for minutes, proposal in enumerate(made, 1):
        over = clock.now() - timedelta(minutes=10 - minutes)
        await database.fetch("UPDATE proposal SET hold_until = $2 WHERE id = $1", proposal.id, over)
    # The first of them holds nothing in the books: releasing it is impossible, as after damage.
    await database.fetch("UPDATE account SET held = 0 WHERE subject_id = $1", tables[0].need.id)
    for others in (2, 0):
        with pytest.raises(RecordsFailed) as failed:
            await upkeep.lapse_proposals()
        assert (failed.value.done, failed.value.failed) == (others, 1)
    assert [(await reloaded(proposal)).status for proposal in made] == ["proposed", "lapsed", "lapsed"]
    assert (await counters(tables[2].need.id))[1] == "0"


async def test_a_pledge_that_cannot_expire_holds_up_no_other(database: Database) -> None:
    tables = [await make_table() for _ in range(2)]
    made = [await make_pledge(table, 30, signed=False) for table in tables]
    for days, pledge in enumerate(made, 1):
        over = clock.now() - timedelta(days=5 - days)
        await database.fetch("UPDATE pledge SET sign_by = $2 WHERE id = $1", pledge.id, over)
    await database.fetch("UPDATE account SET held = 0 WHERE subject_id = $1", tables[0].offer.id)
    with pytest.raises(RecordsFailed):
        await upkeep.expire_pledges()
    assert [(await reloaded_pledge(pledge)).status for pledge in made] == ["awaiting_signature", "cancelled"]


async def test_what_was_over_before_the_day_expires_once_and_what_ends_on_it_stays(database: Database) -> None:
    today = clock.today()
    over, begun = today - timedelta(days=1), today - timedelta(days=9)
    for make in (make_need, make_offer):
        for day in (over, today):
            await make(window_from=begun, window_to=day)
    for _ in range(2):
        await upkeep.expire_needs(today.isoformat())
        await upkeep.expire_offers(today.isoformat())
    for table in ("need", "offer"):
        rows = await database.fetch(f"SELECT window_to, status, close_reason FROM {table} ORDER BY window_to")
        assert [tuple(row) for row in rows] == [(over, "closed", "expired"), (today, "published", None)]
        assert len(await database.fetch(f"SELECT FROM event WHERE kind = '{table}.expired'")) == 1


async def test_expiring_twice_releases_once(database: Database) -> None:
    table = await make_table()
    await make_pledge(table, 30, signed=False)
    over = clock.now() - timedelta(days=1)
    await within(lambda uow: uow.fetch("UPDATE pledge SET sign_by = $1 RETURNING id", over))
    for _ in range(2):
        await upkeep.expire_pledges()
    assert (await counters(table.need.id))[1] == "0"
    assert len(await database.fetch("SELECT FROM event WHERE kind = 'pledge.expired'")) == 1


async def test_a_docking_job_run_twice_has_its_effect_once(database: Database) -> None:
    await make_table()
    run = await start_run()
    for _ in range(2):
        await docking.run_docking(str(run.id), str(run.job_id))
    assert (await reloaded_run(run)).status == "done"
    kinds = [row["kind"] for row in await database.fetch("SELECT kind FROM event WHERE kind LIKE 'docking_run.%'")]
    assert kinds.count("docking_run.done") == 1


async def test_a_job_whose_dispatch_is_dead_has_failed_and_so_has_its_run(database: Database) -> None:
    run = await start_run()
    await database.fetch("UPDATE dispatch SET state = 'dead' WHERE target = 'job'")
    for _ in range(2):
        await upkeep.close_abandoned()
    (job,) = await database.fetch("SELECT status, error FROM job")
    assert tuple(job) == ("failed", "broke off too often")
    assert (await reloaded_run(run)).status == "failed"
    assert len(await database.fetch("SELECT FROM event WHERE kind = 'docking_run.failed'")) == 1


async def test_tidying_drops_what_is_older_than_a_week_and_keeps_what_is_still_to_be_delivered(
    database: Database,
) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.enqueue("tidy")

    await within(work)
    await within(work)
    await database.fetch("UPDATE dispatch SET created_at = now() - interval '8 days'")
    await database.fetch("UPDATE dispatch SET state = 'done' WHERE id = (SELECT min(id::text)::uuid FROM dispatch)")
    await database.fetch(
        "INSERT INTO stored_reply (principal, route, key, body_hash, status, created_at) VALUES"
        " ('x', 'r', 'old', 'h', 200, now() - interval '8 days'), ('x', 'r', 'new', 'h', 200, now())"
    )
    for _ in range(2):
        await upkeep.tidy()
    assert [row["state"] for row in await database.fetch("SELECT state FROM dispatch")] == ["waiting"]
    assert [row["key"] for row in await database.fetch("SELECT key FROM stored_reply")] == ["new"]


AGED = {
    "sessions": (
        "INSERT INTO session (user_id, token_hash, csrf_token, last_seen_at, expires_at) VALUES ($1, uuidv7()::text::bytea, 'x', now(), $2)"
    ),
    "failed tries to sign in": "INSERT INTO sign_in_failure (identifier, client, at) VALUES ($1::uuid::text, uuidv7()::text, $2)",
    "API keys": "INSERT INTO api_key (user_id, name, key_hash, revoked_at) VALUES ($1, uuidv7()::text, uuidv7()::text::bytea, $2)",
    "second factors not confirmed": "INSERT INTO second_factor (user_id, sealed, key_id, created_at) VALUES ($1, 'x', uuidv7()::text, $2)",
    "codes for an address": (
        "INSERT INTO address_code (address, purpose, code_hash, expires_at) VALUES ($1::uuid::text, 'commit', uuidv7()::text::bytea, $2)"
    ),
    "letters, without their words": (
        "INSERT INTO letter (channel, key, address, subject, body, created_at) VALUES ('email', uuidv7()::text, $1::uuid::text, '', '', $2)"
    ),
    "replies by idempotency key": (
        "INSERT INTO stored_reply (principal, route, key, body_hash, status, created_at)"
        " VALUES ($1::uuid::text, 'r', uuidv7()::text, 'h', 200, $2)"
    ),
    "delivered dispatch rows": (
        "INSERT INTO dispatch (event_id, target, payload, state, created_at) VALUES ($1, 'stream', '{}', 'done', $2)"
    ),
    "jobs": "INSERT INTO job (name, status, created_by, finished_at) VALUES (uuidv7()::text, 'done', $1::uuid::text, $2)",
    "drafts": "INSERT INTO draft (user_id, key, payload, revision, changed_at) VALUES ($1, uuidv7()::text, '{}', 1, $2)",
    "sheets that were taken in": (
        "INSERT INTO sheet_import (kind, participant_id, created_by, header_hash, status, created_at)"
        " SELECT 'needs', p.id, $1, uuidv7()::text, 'uploaded', $2 FROM participant p"
    ),
    "exported files": (
        "INSERT INTO export (created_by, list_name, format, language, file_name, created_at)"
        " VALUES ($1, 'needs', 'xlsx', 'en', uuidv7()::text, $2)"
    ),
    "uploads that stand with no record": (
        "INSERT INTO file (uploaded_by, media_type, content_hash, size, created_at)"
        " VALUES ($1, 'application/pdf', uuidv7()::text, 1, $2)"
    ),
    "invitations": (
        "INSERT INTO invitation (identifier, roles, token_hash, expires_at, invited_by_id)"
        " VALUES (uuidv7()::text, '{viewer}', uuidv7()::text::bytea, $2, $1)"
    ),
    "notices that were read": (
        "INSERT INTO notice (user_id, event_id, topic, kind, subject_kind, subject_id, title, at, read_at)"
        " VALUES ($1, uuidv7(), 'publishing', 'x', 'need', $1, uuidv7()::text, now(), $2)"
    ),
    "notices": (
        "INSERT INTO notice (user_id, event_id, topic, kind, subject_kind, subject_id, title, at, created_at)"
        " VALUES ($1, uuidv7(), 'publishing', 'x', 'need', $1, uuidv7()::text, now(), $2)"
    ),
}
"""How one row of each kind comes to be: for a user, with its time at a moment."""
BLANKED = {"names of seconded people"}
"""Of these the row stays and loses a field; tests/secondments holds it."""


async def test_each_thing_is_kept_as_long_as_the_table_says_and_no_longer(database: Database) -> None:
    assert set(AGED) | BLANKED == {kept.what for kept in RETENTION}
    for kept in (each for each in RETENTION if each.what not in BLANKED):
        await make_participant()
        table = AGED[kept.what].split()[2]
        ended = clock.real_now() - kept.days
        for at, left in ((ended - timedelta(hours=1), 0), (ended + timedelta(hours=1), 1)):
            await database.fetch(AGED[kept.what], (await make_user()).id, at)
            assert await _count(database, table) == 1
            await upkeep.tidy()
            assert await _count(database, table) == left, kept.what
        await database.clean()


async def _count(database: Database, table: str) -> int:
    [row] = await database.fetch(f"SELECT count(*) AS n FROM {table}")  # named above
    return row["n"]
