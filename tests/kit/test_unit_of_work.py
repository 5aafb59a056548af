"""One transaction: again after a lost race, kept though refused, busy when it waits too long."""

import asyncio
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.kit.errors import Busy, Conflict, Unavailable
from server.kit.schema import new_id
from server.kit.uow import ATTEMPTS, Audience, Event, Hooks, Outdated, UnitOfWork, sql_state
from tests.kit.parcels import insert
from tests.support.database import Database


class Refused(Conflict):
    slug = "refused"


async def weights(database: Database) -> dict[str, int]:
    return {row["name"]: row["weight"] for row in await database.fetch("SELECT name, weight FROM parcel")}


async def test_what_raises_keeps_nothing(empty: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        await insert(uow, "a")
        uow.record(Event("parcel.made", "parcel", new_id(), Audience(everyone=True)))
        raise Refused

    with pytest.raises(Refused):
        await units.run(work, SYSTEM)
    assert await weights(empty) == {}
    assert await empty.fetch("SELECT FROM event") == []


async def test_what_asks_to_be_kept_is_committed_with_its_events_though_it_is_refused(empty: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.keep = True
        await insert(uow, "a")
        uow.record(Event("parcel.lost", "parcel", new_id(), Audience(everyone=True)))
        raise Refused

    with pytest.raises(Refused):
        await units.run(work, SYSTEM)
    assert await weights(empty) == {"a": 1}
    assert [row["kind"] for row in await empty.fetch("SELECT kind FROM event")] == ["parcel.lost"]


async def test_an_unexpected_error_is_never_kept(empty: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.keep = True
        await insert(uow, "a")
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        await units.run(work, SYSTEM)
    assert await weights(empty) == {}


async def test_what_was_outdated_begins_again_and_not_for_ever(empty: Database) -> None:
    tries: list[str] = []

    async def work(uow: UnitOfWork, outdated: int) -> None:
        tries.append("a")
        await insert(uow, "a")
        if len(tries) <= outdated:
            raise Outdated

    await units.run(lambda uow: work(uow, 1), SYSTEM)
    assert (len(tries), await weights(empty)) == (2, {"a": 1})
    tries.clear()
    with pytest.raises(Busy):
        await units.run(lambda uow: work(uow, ATTEMPTS), SYSTEM)
    assert len(tries) == ATTEMPTS


async def test_two_that_lock_in_opposite_order_are_both_done(empty: Database) -> None:
    names = ["a", "b"]
    await units.run(lambda uow: asyncio.gather(*(insert(uow, name) for name in names)), SYSTEM)
    both_hold_one = asyncio.Barrier(2)
    tries: list[str] = []

    async def heavier(uow: UnitOfWork, first: str, second: str) -> None:
        tries.append(first)
        await uow.fetch("SET LOCAL lock_timeout = '30s'")  # the deadlock is what ends the waiting, however busy it is
        await uow.fetch("UPDATE parcel SET weight = weight + 1 WHERE name = $1", first)
        if len(tries) <= 2:
            await both_hold_one.wait()
        await uow.fetch("UPDATE parcel SET weight = weight + 10 WHERE name = $1", second)

    await asyncio.gather(
        units.run(lambda uow: heavier(uow, "a", "b"), SYSTEM), units.run(lambda uow: heavier(uow, "b", "a"), SYSTEM)
    )
    assert await weights(empty) == {"a": 12, "b": 12}
    assert len(tries) >= 3, "the victim of the deadlock ran again"


async def test_a_serialization_failure_is_run_again(empty: Database) -> None:
    await units.run(lambda uow: insert(uow, "a"), SYSTEM)
    tries = 0

    async def work(uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        await uow.fetch("SAVEPOINT here")  # a real 40001: someone else changes the row after our snapshot
        await uow.fetch("ROLLBACK TO here")
        row = await uow.fetch_one("SELECT weight FROM parcel WHERE name = 'a'")
        if tries == 1:
            await empty.fetch("UPDATE parcel SET weight = 5 WHERE name = 'a'")
            await uow.fetch("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")
        assert row
        await uow.fetch("UPDATE parcel SET weight = $1 WHERE name = 'a'", row["weight"] + 1)

    await units.run(work, SYSTEM)
    assert (tries, await weights(empty)) == (2, {"a": 6})


MAKE = "INSERT INTO parcel (id, name) VALUES ($1, $2)"


async def test_who_writes_what_somebody_else_has_just_written_looks_once_more(empty: Database) -> None:
    taken, tries = new_id(), 0

    async def work(uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        if await uow.fetch("SELECT FROM parcel WHERE id = $1", taken):
            raise Refused
        await empty.fetch(MAKE, taken, "theirs")
        await uow.fetch(MAKE, taken, "ours")

    with pytest.raises(Refused):
        await units.run(work, SYSTEM)
    assert (tries, await weights(empty)) == (2, {"theirs": 1})


async def test_a_doubled_key_that_no_rule_explains_stays_an_error(empty: Database) -> None:
    taken, tries = new_id(), 0

    async def work(uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        await uow.fetch(MAKE, taken, "a")
        await uow.fetch(MAKE, taken, "b")

    with pytest.raises(IntegrityError):
        await units.run(work, SYSTEM)
    assert (tries, await weights(empty)) == (2, {})


async def test_one_that_loses_every_time_is_told_to_come_again(empty: Database) -> None:
    tries = 0

    async def work(uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        await uow.fetch("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$")

    with pytest.raises(Busy) as busy:
        await units.run(work, SYSTEM)
    assert tries == ATTEMPTS
    assert busy.value.status == 503


async def test_a_lock_that_is_not_given_in_time_is_busy(empty: Database) -> None:
    await units.run(lambda uow: insert(uow, "a"), SYSTEM)
    holder = await asyncpg.connect(empty.servers.administrator_url)

    async def work(uow: UnitOfWork) -> None:
        await uow.fetch("SET LOCAL lock_timeout = '50ms'")
        await uow.fetch("UPDATE parcel SET weight = 2")

    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM parcel FOR UPDATE")
            with pytest.raises(Busy) as busy:
                await units.run(work, SYSTEM)
    finally:
        await holder.close()
    assert not isinstance(busy.value, Unavailable)
    assert busy.value.headers == {"Retry-After": "2"}


async def test_a_statement_that_takes_too_long_is_busy(empty: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        await uow.fetch("SET LOCAL statement_timeout = '50ms'")
        await uow.fetch("SELECT pg_sleep(1)")

    with pytest.raises(Busy):
        await units.run(work, SYSTEM)


async def test_a_lost_connection_is_told_apart_because_nobody_knows_what_was_done(empty: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        mine = await uow.fetch_one("SELECT pg_backend_pid() AS pid")
        assert mine
        await empty.fetch("SELECT pg_terminate_backend($1)", mine["pid"])
        await uow.fetch("SELECT 1")

    with pytest.raises(Unavailable):
        await units.run(work, SYSTEM)
    assert await units.run(lambda uow: uow.fetch_one("SELECT 1 AS one"), SYSTEM) == {"one": 1}


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (asyncpg.InternalClientError('cannot switch to state 12; protocol is in the "failed" state'), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), False),
        (ConnectionResetError(), True),
        (ValueError("a mistake"), False),
    ],
    ids=str,
)
def test_a_connection_that_broke_is_known_by_what_the_driver_says(error: Exception, gone: bool) -> None:
    assert units.is_gone(error) is gone


async def test_a_mistake_in_a_statement_is_neither(empty: Database) -> None:
    with pytest.raises(Exception, match="nowhere") as mistake:
        await units.run(lambda uow: uow.fetch("SELECT nowhere"), SYSTEM)
    assert sql_state(mistake.value) == "42703"


async def test_handlers_act_in_the_transaction_and_may_record_more(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    async def write(uow: UnitOfWork, events: Any, jobs: Any) -> None:
        written.extend([event.kind for event in events] + [job.name for job in jobs])

    async def on_sent(uow: UnitOfWork, event: Event) -> None:
        await insert(uow, "receipt")
        uow.record(Event("receipt.written", "parcel", event.subject_id, event.audience))
        uow.enqueue("deliver", parcel_id=str(event.subject_id))

    mine = Hooks(write)
    mine.on("parcel.sent", on_sent)
    monkeypatch.setattr(units, "hooks", mine)

    async def work(uow: UnitOfWork) -> None:
        uow.record(Event("parcel.sent", "parcel", new_id(), Audience()))

    await units.run(work, SYSTEM)
    assert written == ["parcel.sent", "receipt.written", "deliver"]
    assert await weights(empty) == {"receipt": 1}


async def test_the_actor_is_set_for_this_transaction_alone(empty: Database) -> None:
    async def asked(uow: UnitOfWork) -> Any:
        row = await uow.fetch_one("SELECT current_setting('jiedui.actor', true) AS actor")
        return row and row["actor"]

    assert await units.run(asked, SYSTEM) == "system"
    assert not await units.run(asked)
