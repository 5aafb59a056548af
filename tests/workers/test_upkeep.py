"""Recurring work, done twice, has its effect once."""

from datetime import timedelta

import pytest

from server.kit import clock
from server.kit.uow import UnitOfWork
from tests.factories.books import counters
from tests.factories.docking import reloaded as reloaded_run
from tests.factories.docking import start_run
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_proposal, make_table, reloaded
from tests.support.database import Database, within
from workers import docking, upkeep

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


async def test_more_than_a_batch_lapses_in_one_go(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.proposals.service.LAPSE_BATCH", 1)
    for _ in range(3):
        await make_proposal(await make_table(), 10)
    over = clock.now() - timedelta(minutes=1)
    await within(lambda uow: uow.fetch("UPDATE proposal SET hold_until = $1 RETURNING id", over))
    await upkeep.lapse_proposals()
    assert len(await database.fetch("SELECT FROM proposal WHERE status = 'lapsed'")) == 3


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
