"""Deliveries on the real database: what is accepted counts at once, everywhere, and only once."""

import asyncio
from decimal import Decimal

import pytest

from server.activity.references import ClientRefReused
from server.deliveries import service as deliveries
from server.deliveries.models import Delivery
from server.deliveries.rules import DeclaredTooMuch, PledgeNotEffective, UnderWay
from server.deliveries.schemas import AcceptShort, DeliveryQuery, Inspection, Refusal, StageNote
from server.kit.errors import Stale
from server.kit.lifecycle import StepNotAllowed
from server.needs.models import Need
from server.offers.models import Offer
from server.pledges import service as pledges
from tests.factories.books import counters
from tests.factories.deliveries import decide, make_delivery, reloaded
from tests.factories.pledges import make_pledge
from tests.factories.pledges import reloaded as pledge_now
from tests.factories.proposals import km, make_table
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("clean")


async def test_acceptance_counts_on_both_accounts_and_on_the_pledge_at_once():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 4), "accept")
    assert await counters(table.need.id) == ("90", "0", "6", "4")
    assert await counters(table.offer.id) == ("90", "0", "6", "4")
    assert (await pledge_now(pledge)).accepted == 4


async def test_what_comes_short_stays_promised_and_can_be_sent_again():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    sent = await make_delivery(table, pledge, 10)
    sent = await decide(table, sent, "accept_short", AcceptShort(accepted=km(7), reason="damaged"))
    assert (sent.status, sent.accepted) == ("accepted_short", Decimal(7))
    assert await counters(table.need.id) == ("90", "0", "3", "7")
    await decide(table, await make_delivery(table, pledge, 3), "accept")
    assert (await pledge_now(pledge)).status == "fulfilled"


async def test_a_rejected_delivery_leaves_everything_promised():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 10), "reject", Refusal(reason="quality"))
    assert await counters(table.need.id) == ("90", "0", "10", "0")


async def test_a_satisfied_need_closes_and_so_does_an_exhausted_offer():
    table = await make_table(need=10, offer=10)
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 10), "accept")
    need = await within(lambda _: Need.get(id=table.need.id))
    offer = await within(lambda _: Offer.get(id=table.offer.id))
    assert (need.status, need.close_reason) == ("closed", "satisfied")
    assert (offer.status, offer.close_reason) == ("closed", "exhausted")


async def test_no_more_is_declared_than_the_pledge_has_left_even_at_once():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    with pytest.raises(DeclaredTooMuch):
        await make_delivery(table, pledge, 11)
    results = await asyncio.gather(*(make_delivery(table, pledge, 6) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, Delivery) for result in results) == 1
    assert sum(isinstance(result, DeclaredTooMuch) for result in results) == 3


async def test_a_form_sent_again_makes_no_second_delivery_even_at_once():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    made = await asyncio.gather(*(make_delivery(table, pledge, 4, client_ref="form-1") for _ in range(4)))
    assert len({delivery.id for delivery in made}) == 1
    assert await within(lambda _: Delivery.all().count()) == 1
    with pytest.raises(ClientRefReused):
        await make_delivery(table, pledge, 5, client_ref="form-1")


async def test_nothing_is_delivered_on_a_pledge_that_is_not_signed():
    table = await make_table()
    with pytest.raises(PledgeNotEffective):
        await make_delivery(table, await make_pledge(table, 10, signed=False), 4)


async def test_accepting_twice_counts_once():
    table = await make_table()
    delivery = await make_delivery(table, await make_pledge(table, 10), 4)
    actor, now = await table.actor("county"), await reloaded(delivery)
    await within(lambda uow: deliveries.take_step(uow, actor, now, "inspect", Inspection()), actor)
    copies = [await reloaded(delivery) for _ in range(3)]
    results = await asyncio.gather(
        *(within(lambda uow, copy=copy: deliveries.accept(uow, actor, copy, StageNote()), actor) for copy in copies),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, Stale | StepNotAllowed) for result in results if result is not None)
    assert await counters(table.need.id) == ("90", "0", "6", "4")


async def test_a_pledge_does_not_end_while_something_is_on_its_way():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    delivery = await make_delivery(table, pledge, 4)
    giver = await table.actor("giver")
    with pytest.raises(UnderWay):
        await within(lambda uow: pledges.cancel(uow, giver, pledge, "x"), giver)
    assert (await pledge_now(pledge)).status == "effective"
    await decide(table, delivery, "reject", Refusal(reason="late"))
    now = await pledge_now(pledge)
    await within(lambda uow: pledges.cancel(uow, giver, now, "x"), giver)
    assert await counters(table.need.id) == ("100", "0", "0", "0")


async def test_a_cancellation_racing_a_delivery_leaves_one_of_them():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    giver = await table.actor("giver")
    results = await asyncio.gather(
        within(lambda uow: pledges.cancel(uow, giver, pledge, "x"), giver),
        make_delivery(table, pledge, 4),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Exception) for result in results) == 1


async def test_a_planned_part_is_sent_arrives_is_inspected_and_accepted_with_its_vouchers():
    table = await make_table()
    delivery = await make_delivery(table, await make_pledge(table, 10), 4, sent=False)
    for side, verb, voucher in (
        ("giver", "send", "运单 7"),
        ("county", "arrive", None),
        ("county", "inspect", "验收 3"),
    ):
        actor, now = await table.actor(side), await reloaded(delivery)
        note = Inspection(voucher=voucher)
        await within(lambda uow: deliveries.take_step(uow, actor, now, verb, note), actor)  # noqa: B023  # awaited at once
    await decide(table, delivery, "accept")
    actor = await table.actor("giver")
    shown = await within(lambda uow: deliveries.read(uow, actor, delivery.id), actor)
    assert [(stage.kind, stage.voucher) for stage in shown.stages] == [
        ("planned", None),
        ("sent", "运单 7"),
        ("arrived", None),
        ("inspected", "验收 3"),
        ("accepted", None),
    ]
    assert shown.stages[-1].person and shown.stages[-1].person.id == table.clerk.id


async def test_the_deliveries_on_a_pledge_are_added_up():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(
        table, await make_delivery(table, pledge, 4), "accept_short", AcceptShort(accepted=km(3), reason="late")
    )
    await make_delivery(table, pledge, 2)
    actor, now = await table.actor("county"), await pledge_now(pledge)
    summary = (await within(lambda uow: deliveries.of_pledge(uow, actor, now), actor)).summary
    assert (summary.count, summary.accepted, summary.short, summary.under_way, summary.left) == (
        2,
        km(3),
        km(1),
        km(2),
        km(5),
    )


async def test_lists_show_what_waits_for_a_decision_and_only_to_both_sides():
    table = await make_table()
    delivery = await make_delivery(table, await make_pledge(table, 10), 4)

    async def listed(actor, **filters) -> list[str]:
        query = DeliveryQuery.model_validate(filters)
        return [str(row["id"]) for row in (await within(lambda uow: deliveries.page(uow, actor, query), actor)).items]

    county = await table.actor("county")
    assert await listed(county, undecided=True, need_id=str(table.need.id)) == [str(delivery.id)]
    await decide(table, delivery, "accept")
    assert await listed(county, undecided=True) == []
    assert await listed(county, status=["accepted"], side="county") == [str(delivery.id)]
    assert await listed(await (await make_table()).actor("giver")) == []
