"""A pledge is amended by a new version that both sides sign; until then the old text holds, and the books with it."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.books.rules import QuantityExceeded
from server.deliveries.rules import UnderWay
from server.deliveries.schemas import Explained
from server.kit import clock
from server.kit.errors import Invalid
from server.kit.signing import AmendmentPending, NoAmendment, NothingAmended
from server.participants.rules import NotVerified
from server.pledges import service as pledges
from server.pledges.amendment_rules import (
    BelowAccepted,
    Terms,
    amended,
)
from server.pledges.models import Pledge
from server.pledges.schemas import Amend, PledgeRead
from server.verify import verify
from tests.factories.books import counters
from tests.factories.deliveries import decide, make_delivery
from tests.factories.pledges import make_pledge, reloaded, sign
from tests.factories.proposals import Table, km, make_table
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean")

YEAR_END = date(2019, 12, 31)
STANDING = Terms(Decimal(10), date(2019, 6, 1), YEAR_END, "", ((date(2019, 9, 30), Decimal(4)), (YEAR_END, Decimal(6))))


def parts_of(terms: Terms) -> list[tuple[str, int]]:
    return [(due.isoformat(), int(quantity)) for due, quantity in terms.parts]


def test_what_is_more_is_due_last_and_what_is_less_falls_away_from_the_end():
    assert parts_of(amended(STANDING, quantity=Decimal(13))) == [("2019-09-30", 4), ("2019-12-31", 9)]
    assert parts_of(amended(STANDING, quantity=Decimal(5))) == [("2019-09-30", 4), ("2019-12-31", 1)]
    assert parts_of(amended(STANDING, quantity=Decimal(3))) == [("2019-09-30", 3)]


def test_the_last_part_moves_along_with_the_last_day():
    later = amended(STANDING, window=(date(2019, 6, 1), date(2020, 6, 30)))
    assert parts_of(later) == [("2019-09-30", 4), ("2020-06-30", 6)]
    with pytest.raises(Invalid):
        amended(STANDING, window=(date(2019, 6, 1), date(2019, 8, 1)))


def test_an_amendment_changes_something_and_its_parts_add_up():
    with pytest.raises(NothingAmended):
        amended(STANDING, quantity=Decimal(10))
    with pytest.raises(Invalid):
        amended(STANDING, quantity=Decimal(12), parts=[(YEAR_END, Decimal(11))])


async def amend(table: Table, pledge: Pledge, side: str = "giver", **terms: Any) -> Pledge:
    actor, now, body = await table.actor(side), await reloaded(pledge), Amend(note="双方商定", **terms)
    await within(lambda uow: pledges.amend(uow, actor, now, body), actor)
    return await reloaded(pledge)


async def shown(table: Table, pledge: Pledge, side: str = "county") -> PledgeRead:
    actor = await table.actor(side)
    return await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)


async def sign_amendment(table: Table, pledge: Pledge, side: str) -> None:
    waiting = (await shown(table, pledge)).amendment
    assert waiting is not None
    await sign(table, pledge, side, waiting.text_hash)


async def both_sign(table: Table, pledge: Pledge) -> None:
    for side in ("giver", "county"):
        await sign_amendment(table, pledge, side)


async def test_the_old_text_holds_until_the_second_signature_and_every_version_is_kept(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await amend(table, pledge, quantity=km(15), terms="分两批交付", window={"from": "2019-07-01", "to": "2020-03-31"})
    await sign_amendment(table, pledge, "giver")
    now = await shown(table, pledge)
    assert (now.quantity, now.revision, now.text_hash) == (km(10), 1, pledge.text_hash)
    assert now.amendment and now.amendment.revision == 2 and "2020年3月31日" in now.amendment.text.zh
    assert await counters(table.need.id) == ("90", "0", "10", "0")
    await sign_amendment(table, pledge, "county")
    now = await shown(table, pledge)
    assert (now.quantity, now.revision, now.terms, now.amendment) == (km(15), 2, "分两批交付", None)
    assert (now.window.to, now.due, [part.due for part in now.instalments]) == (*[date(2020, 3, 31)] * 2, [now.due])
    assert [(each.revision, each.status, len(each.signatures)) for each in now.versions] == [
        (2, "standing", 2),
        (1, "replaced", 2),
    ]
    assert now.versions[1].text_hash == pledge.text_hash and "15" in now.text.en
    assert [await counters(side.id) for side in (table.need, table.offer)] == [("85", "0", "15", "0")] * 2
    assert await verify(database.servers.owner_url) == []


async def test_less_goes_back_to_both_sides_but_never_below_what_was_accepted_or_is_on_its_way(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 4), "accept")
    with pytest.raises(BelowAccepted):
        await amend(table, pledge, quantity=km(3))
    sent = await make_delivery(table, pledge, 2)
    await amend(table, pledge, "county", quantity=km(4))
    await sign_amendment(table, pledge, "giver")
    with pytest.raises(UnderWay):
        await sign_amendment(table, pledge, "county")
    assert await counters(table.need.id) == ("90", "0", "6", "4"), "nothing moved with what was refused"
    await decide(table, sent, "lose", Explained(note="途中损毁"))
    await sign_amendment(table, pledge, "county")
    assert (await reloaded(pledge)).status == "fulfilled", "what is left was accepted already"
    assert [await counters(side.id) for side in (table.need, table.offer)] == [("96", "0", "0", "4")] * 2
    assert await verify(database.servers.owner_url) == []


async def test_more_needs_open_quantity_on_both_sides():
    table = await make_table(need=100, offer=12)
    pledge = await make_pledge(table, 10)
    await amend(table, pledge, quantity=km(15))
    await sign_amendment(table, pledge, "giver")
    with pytest.raises(QuantityExceeded) as caught:
        await sign_amendment(table, pledge, "county")
    assert caught.value.facts["side"] == "offer"
    assert await counters(table.need.id) == ("90", "0", "10", "0")


async def test_one_amendment_waits_at_a_time_and_either_side_drops_it():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    actor = await table.actor("county")
    with pytest.raises(NoAmendment):
        await sign(table, pledge, "giver")
    await amend(table, pledge, quantity=km(9))
    with pytest.raises(AmendmentPending):
        await amend(table, pledge, "county", quantity=km(8))
    now = await reloaded(pledge)
    await within(lambda uow: pledges.decline_amendment(uow, actor, now, "不同意"), actor)
    read = await shown(table, pledge)
    assert ([each.status for each in read.versions], read.quantity) == (["declined", "standing"], km(10))
    assert "amend" in read.can and "sign" not in read.can
    assert (await amend(table, pledge, "county", quantity=km(8))).version > now.version
    assert {each.revision for each in (await shown(table, pledge)).versions} == {1, 2, 3}


async def test_whoever_ends_a_pledge_ends_its_amendment():
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await amend(table, pledge, quantity=km(9))
    actor, now = await table.actor("county"), await reloaded(pledge)
    await within(lambda uow: pledges.terminate(uow, actor, now, "企业停产"), actor)
    assert (await shown(table, pledge)).amendment is None


async def test_of_two_amendments_that_want_the_last_quantity_one_takes_effect(database: Database):
    table = await make_table(need=100, offer=25)
    first = await make_pledge(table, 10)
    second = await make_pledge(table, 10)
    for pledge in (first, second):
        await amend(table, pledge, quantity=km(15))
        await sign_amendment(table, pledge, "giver")
    outcomes = await asyncio.gather(
        *(sign_amendment(table, pledge, "county") for pledge in (first, second)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "QuantityExceeded"]
    assert [await counters(side.id) for side in (table.need, table.offer)] == [
        ("75", "0", "25", "0"),
        ("0", "0", "25", "0"),
    ]
    assert await verify(database.servers.owner_url) == []


@pytest.mark.parametrize("status", ["suspended", "rejected"])
async def test_who_may_make_no_promise_promises_no_more_but_may_promise_less(database: Database, status: str):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await amend(table, pledge, quantity=km(15))
    await sign_amendment(table, pledge, "giver")
    await database.fetch("UPDATE participant SET status = $2 WHERE id = $1", table.giver.id, status)
    with pytest.raises(NotVerified):
        await sign_amendment(table, pledge, "county")
    actor, now = await table.actor("county"), await reloaded(pledge)
    await within(lambda uow: pledges.decline_amendment(uow, actor, now, "供方已暂停"), actor)
    await amend(table, pledge, quantity=km(5))
    await both_sign(table, pledge)
    assert (await reloaded(pledge)).quantity == 5


async def test_another_quantity_is_valued_anew_and_other_terms_are_not(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    person, at = table.clerk.id, clock.now()
    await database.fetch(
        "UPDATE pledge SET value_fen = 5, value_method = 'cost', value_confirmed_by = $1, value_confirmed_at = $2",
        person,
        at,
    )
    await amend(table, pledge, terms="分两批交付")
    await both_sign(table, pledge)
    now = await reloaded(pledge)
    assert (now.value_confirmed_by, now.value_confirmed_at) == (person, at)
    await amend(table, pledge, quantity=km(9))
    await both_sign(table, pledge)
    now = await reloaded(pledge)
    assert (now.value_fen, now.value_confirmed_by, now.value_confirmed_at) == (5, None, None)


async def test_what_is_edited_in_a_version_is_named(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await amend(table, pledge, quantity=km(15))
    await both_sign(table, pledge)
    for corruption, check in (
        ("UPDATE pledge_version SET text_zh = text_zh || '。' WHERE revision = 1", "version edited"),
        ("UPDATE pledge_version SET quantity = 16 WHERE revision = 2", "version differs"),
        ("DELETE FROM pledge_signature WHERE revision = 2 AND side = 'giver'", "amendment unsigned"),
    ):
        await database.fetch(corruption)
        assert check in {finding.check for finding in await verify(database.servers.owner_url)}
