"""Pledges on the real database: signatures over one text, what moves, and how they end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from server.activity.models import Event
from server.kit import clock
from server.kit.lifecycle import StepNotAllowed
from server.kit.signing import AlreadySigned, SamePerson, TextChanged
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.pledges.rules import AlreadyAccepted, SigningOver
from server.pledges.schemas import InstalmentsWrite, InstalmentWrite, PledgeQuery, Urge
from server.settings import get_settings
from tests.factories.accounts import actor_of, make_member
from tests.factories.books import counters
from tests.factories.deliveries import decide, make_delivery
from tests.factories.participants import make_participant
from tests.factories.pledges import make_pledge, reloaded, sign
from tests.factories.proposals import Table, km, make_table
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean")

HELD, PLEDGED, OPEN = ("90", "10", "0", "0"), ("90", "0", "10", "0"), ("100", "0", "0", "0")


async def as_side(table: Table, side: str, verb: str, pledge: Pledge, *arguments: object) -> Pledge:
    """Let one side use a verb on the pledge as it stands now; gives it as it stands afterwards."""
    actor, now = await table.actor(side), await reloaded(pledge)
    await within(lambda uow: getattr(pledges, verb)(uow, actor, now, *arguments), actor)
    return await reloaded(pledge)


async def test_the_last_signature_turns_what_is_held_into_what_is_pledged():
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    assert pledge.sign_by - clock.now() > timedelta(days=14)
    await sign(table, pledge, "giver")
    assert await counters(table.need.id) == HELD
    await sign(table, pledge, "county")
    now = await reloaded(pledge)
    assert (now.status, now.effective_at is not None) == ("effective", True)
    assert await counters(table.need.id) == PLEDGED
    assert await counters(table.offer.id) == PLEDGED


async def test_another_text_is_not_signed_and_a_side_signs_once():
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    with pytest.raises(TextChanged):
        await sign(table, pledge, "giver", "0" * 64)
    await sign(table, pledge, "giver")
    with pytest.raises(AlreadySigned):
        await sign(table, pledge, "giver")


async def test_a_front_line_person_does_not_sign_for_both_sides():
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    both = await make_member(table.county.id, "signatory")
    table.clerk = table.official = both
    grant = await make_member(table.giver.id, "signatory")
    actor = await actor_of(both)
    actor = type(actor)("user", actor.id, (*actor.grants, *(await actor_of(grant)).grants))
    now = await reloaded(pledge)
    await within(lambda uow: pledges.sign(uow, actor, now, now.text_hash), actor)
    with pytest.raises(SamePerson):
        await within(lambda uow: pledges.sign(uow, actor, now, now.text_hash), actor)


async def test_an_unsigned_pledge_is_cancelled_in_time_and_released_once(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    await database.fetch("UPDATE pledge SET sign_by = $1", clock.now())
    with pytest.raises(SigningOver):
        await sign(table, pledge, "giver")
    assert await within(pledges.due_to_expire) == [pledge.id]
    assert [await within(lambda uow: pledges.expire(uow, pledge.id)) for _ in range(2)] == [True, False]
    assert (await reloaded(pledge)).status == "cancelled"
    assert await counters(table.need.id) == OPEN


async def test_an_operator_sets_how_long_both_sides_may_take_to_sign(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setenv("JIEDUI_SIGN_DAYS", "5")
        get_settings.cache_clear()
        pledge = await make_pledge(await make_table(), 10, signed=False)
    get_settings.cache_clear()
    assert timedelta(days=4) < pledge.sign_by - clock.now() <= timedelta(days=5)


async def test_parts_change_the_text_so_it_is_signed_anew():
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    await sign(table, pledge, "giver")
    parts = [(date(2019, 9, 30), km(4)), (date(2019, 12, 31), km(6))]
    body = InstalmentsWrite(instalments=[InstalmentWrite(due=due, quantity=quantity) for due, quantity in parts])
    now = await as_side(table, "county", "set_instalments", pledge, body)
    assert now.revision == 2 and now.text_hash != pledge.text_hash
    actor = await table.actor("county")
    shown = await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)
    assert shown.signatures == [] and [(part.due, part.quantity) for part in shown.instalments] == parts
    assert "2019年9月30日" in shown.text.zh and "sign" in shown.can


async def test_cancelling_gives_everything_back_before_and_after_signing():
    for signed in (False, True):
        table = await make_table()
        pledge = await make_pledge(table, 10, signed=signed)
        assert (await as_side(table, "giver", "cancel", pledge, "无力履行")).status == "cancelled"
        assert await counters(table.need.id) == OPEN
        assert await counters(table.offer.id) == OPEN


async def test_what_is_partly_accepted_is_terminated_and_the_rest_goes_back():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 4), "accept")
    with pytest.raises(AlreadyAccepted):
        await as_side(table, "giver", "cancel", pledge, "不再履行")
    for verb, status in (("terminate", "terminated"),):
        assert (await as_side(table, "county", verb, pledge, "对方停产")).status == status
    assert await counters(table.need.id) == ("96", "0", "0", "4")


async def test_writing_off_gives_the_rest_back():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    assert (await as_side(table, "county", "write_off", pledge, "企业注销")).status == "written_off"
    assert await counters(table.offer.id) == OPEN


async def test_a_fulfilled_pledge_is_closed_by_the_county():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 10), "accept")
    assert (await reloaded(pledge)).status == "fulfilled"
    assert (await as_side(table, "county", "close", pledge, "")).status == "closed"
    with pytest.raises(StepNotAllowed):
        await as_side(table, "county", "terminate", pledge, "x")


async def test_overdue_is_derived_from_what_was_due_and_accepted(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    actor = await table.actor("county")

    async def overdue() -> tuple[bool, int, int]:
        shown = await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)
        pages = [
            await within(lambda uow, wanted=wanted: pledges.page(uow, actor, PledgeQuery(overdue=wanted)), actor)
            for wanted in (True, False)
        ]
        return shown.overdue, len(pages[0].items), len(pages[1].items)

    assert await overdue() == (False, 0, 1)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=1))
    assert await overdue() == (True, 1, 0)
    await decide(table, await make_delivery(table, pledge, 10), "accept")
    assert await overdue() == (False, 0, 1)


async def test_a_reminder_is_on_record_with_its_deadline():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await as_side(table, "county", "urge", pledge, Urge(remark="请尽快发货"))
    event = await within(lambda _: Event.get(kind="pledge.urged", subject_id=pledge.id))
    assert event.after and event.after["deadline"] == (clock.today() + timedelta(days=7)).isoformat()


async def test_lists_show_what_waits_for_ones_own_signature():
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    await sign(table, pledge, "giver")

    async def waiting(side: str) -> list[str]:
        actor = await table.actor(side)
        found = await within(lambda uow: pledges.page(uow, actor, PledgeQuery(awaiting="me")), actor)
        return [str(row["id"]) for row in found.items]

    assert await waiting("county") == [str(pledge.id)]
    assert await waiting("giver") == []
    assert pledge.quantity == Decimal(10)


async def test_who_bears_the_cost_is_named_in_both_languages():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    actor = await table.actor("county")
    shown = await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)
    assert (shown.paid_by.zh, shown.paid_by.en) == (table.giver.name_zh, table.giver.name_en)
    assert shown.mobilised_by is None


async def test_an_armed_forces_unit_bears_the_cost_under_its_alias():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    unit = await make_participant("armed_forces_unit", alias="某部")
    await within(lambda _: Pledge.filter(id=pledge.id).update(paid_by_id=unit.id, mobilised_by_id=unit.id))
    actor = await table.actor("county")
    shown = await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)
    assert shown.paid_by.zh == "某部" and shown.mobilised_by is not None and shown.mobilised_by.zh == "某部"
