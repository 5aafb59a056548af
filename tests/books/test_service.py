"""The books against the real database: guard, chain, entries, and who may touch them."""

import asyncio
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from server.accounts.actor import ANONYMOUS
from server.books import service as books
from server.books.rules import AccountClosed, ImpossibleMovement, QuantityBelowCovered, QuantityExceeded, Reference
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.verify import verify
from tests.factories.books import balance_of, counters
from tests.factories.proposals import Table, make_table
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean")

REFERENCE = Reference("proposal", new_id())


async def moving(verb: str, table: Table, quantity: Decimal | int | str) -> None:
    movement = getattr(books, verb)
    await within(
        lambda uow: movement(
            uow,
            offer_id=table.offer.id,
            need_id=table.need.id,
            quantity=Decimal(quantity),
            reference=REFERENCE,
        )
    )


async def test_a_movement_touches_both_accounts():
    table = await make_table(need=100, offer=60)
    await moving("hold", table, 10)
    assert await counters(table.need.id) == ("90", "10", "0", "0")
    assert await counters(table.offer.id) == ("50", "10", "0", "0")
    await moving("pledge", table, 10)
    await moving("accept", table, 4)
    await moving("unpledge", table, 6)
    assert await counters(table.need.id) == ("96", "0", "0", "4")
    assert await counters(table.offer.id) == ("56", "0", "0", "4")


async def test_more_than_is_open_is_refused_on_either_side_and_nothing_moves():
    table = await make_table(need=100, offer=5)
    with pytest.raises(QuantityExceeded) as caught:
        await moving("hold", table, 6)
    assert caught.value.facts["side"] == "offer"
    table = await make_table(need=5, offer=100)
    with pytest.raises(QuantityExceeded) as caught:
        await moving("hold", table, 6)
    assert caught.value.facts["side"] == "need"
    assert await counters(table.offer.id) == ("100", "0", "0", "0")


async def test_a_floor_may_be_passed():
    table = await make_table(need=5, offer=5, resource_type="jobs_near_home")
    await moving("hold", table, 8)
    assert await counters(table.need.id) == ("0", "8", "0", "0")


async def test_releasing_what_is_not_held_is_a_defect_not_a_reply():
    table = await make_table()
    with pytest.raises(ImpossibleMovement):
        await moving("release", table, 1)


async def test_of_many_holds_for_the_last_unit_one_wins():
    table = await make_table(need=100, offer=1)
    results = await asyncio.gather(*(moving("hold", table, 1) for _ in range(12)), return_exceptions=True)
    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, QuantityExceeded) for result in results if result is not None)
    assert await counters(table.need.id) == ("99", "1", "0", "0")


async def test_a_quantity_is_raised_and_lowered_to_what_is_covered_but_not_below():
    table = await make_table(need=100)
    await moving("hold", table, 10)
    for quantity in (120, 10):
        await within(
            lambda uow, to=quantity: books.amend(
                uow, "need", table.need.id, Decimal(to), Reference("need", table.need.id)
            )
        )
        assert (await balance_of(table.need.id)).quantity == quantity
    with pytest.raises(QuantityBelowCovered):
        await within(lambda uow: books.amend(uow, "need", table.need.id, Decimal(9), Reference("need", table.need.id)))


async def test_nothing_new_is_held_on_a_closed_account_but_what_is_pledged_can_come():
    table = await make_table()
    await moving("hold", table, 10)
    await moving("pledge", table, 10)
    await within(lambda uow: books.close(uow, "need", table.need.id, Reference("need", table.need.id)))
    with pytest.raises(AccountClosed):
        await moving("hold", table, 1)
    await moving("accept", table, 10)
    assert (await balance_of(table.need.id)).accepted == 10


async def test_partners_are_counted_while_something_is_held_promised_or_accepted():
    table = await make_table()
    assert await partners(table.need.id) == 0
    await moving("hold", table, 10)
    assert await partners(table.need.id) == 1
    await moving("release", table, 10)
    assert await partners(table.need.id) == 0


@pytest.mark.parametrize(("quantity", "fits"), [(30, True), (8, False)])
async def test_both_sides_move_or_none_while_another_changes_the_second(quantity: int, fits: bool, database: Database):
    """The need's account waits for who amends it, after the offer's has moved, and is looked at as it is then."""
    table = await make_table(need=20, offer=100)
    amended, seen = asyncio.Event(), asyncio.Event()

    async def amend(uow: UnitOfWork) -> None:
        await books.amend(uow, "need", table.need.id, Decimal(quantity), Reference("need", table.need.id))
        amended.set()
        await seen.wait()

    async def hold() -> None:
        await amended.wait()
        holding = asyncio.create_task(moving("hold", table, 10))
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        for _ in range(500):
            if await database.fetch(waits):
                break
            await asyncio.sleep(0.01)
        seen.set()
        await holding

    _, held = await asyncio.gather(within(amend), hold(), return_exceptions=True)
    if fits:
        assert (held, await counters(table.offer.id)) == (None, ("90", "10", "0", "0"))
        assert await counters(table.need.id) == ("20", "10", "0", "0")
    else:
        assert isinstance(held, QuantityExceeded) and held.facts["side"] == "need"
        assert await counters(table.offer.id) == ("100", "0", "0", "0")
    wrong = await verify(database.servers.owner_url)
    assert not [each for each in wrong if each.table == "ledger_entry" or each.check == "head differs"]


async def partners(subject_id: UUID) -> int:
    return (await within(lambda uow: books.room(uow, subject_id))).sources


async def test_each_entry_names_the_other_account_and_what_moved(database: Database):
    table = await make_table()
    await moving("hold", table, "2.5")
    entries = await database.fetch(
        "SELECT e.*, a.subject_id, c.subject_id AS counter FROM ledger_entry e JOIN account a ON a.id = e.account_id"
        " LEFT JOIN account c ON c.id = e.counter_account_id WHERE e.movement = 'hold' ORDER BY e.id"
    )
    assert [(entry["subject_id"], entry["counter"]) for entry in entries] == [
        (table.offer.id, table.need.id),
        (table.need.id, table.offer.id),
    ]
    for entry in entries:
        assert (entry["quantity"], entry["held_delta"], entry["sequence"]) == (Decimal("2.5"), Decimal("2.5"), 2)
        assert (entry["reference_kind"], entry["reference_id"], entry["recorded_by"]) == (
            "proposal",
            REFERENCE.id,
            "system",
        )


async def test_the_application_cannot_change_or_remove_an_entry(database: Database):
    await make_table()
    for statement in ("UPDATE ledger_entry SET quantity = 1", "DELETE FROM ledger_entry"):
        connection = await asyncpg.connect(database.servers.app_url)
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        finally:
            await connection.close()


async def test_nobody_who_is_not_signed_in_moves_anything():
    table = await make_table()
    with pytest.raises(books.NoAccount):
        await within(
            lambda uow: books.hold(
                uow, offer_id=table.offer.id, need_id=table.need.id, quantity=Decimal(1), reference=REFERENCE
            ),
            ANONYMOUS,
        )
