"""What other domains ask of offers and needs: locks, and ends that the books bring about."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from server.books import service as books
from server.books.rules import QuantityExceeded, Reference, StillPromised
from server.kit import clock
from server.kit.errors import NotFound
from server.kit.schema import new_id
from server.kit.shapes import Reason
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.needs.models import Need
from server.needs.rules import NeedNotOpen
from server.offers import repository
from server.offers import service as offers
from server.offers.models import Offer
from server.offers.rules import OfferNotOpen
from server.offers.schemas import OfferQuery
from tests.factories.accounts import actor_of, make_member
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.support.database import Database, within
from tests.support.plans import plan_of

pytestmark = pytest.mark.usefixtures("clean")


async def move(offer: Offer, need: Need, quantity: int, *movements: str) -> None:
    """Move a quantity on both accounts, as the platform."""

    async def work(uow: UnitOfWork) -> None:
        for movement in movements:
            await getattr(books, movement)(
                uow,
                offer_id=offer.id,
                need_id=need.id,
                quantity=Decimal(quantity),
                reference=Reference("proposal", new_id()),
            )

    await within(work)


async def row(database: Database, table: str, record: Need | Offer) -> tuple[str, str | None]:
    """Status and reason of the end."""
    [found] = await database.fetch(f"SELECT status, close_reason FROM {table} WHERE id = $1", record.id)
    return found["status"], found["close_reason"]


async def test_only_published_records_are_locked_for_docking() -> None:
    for status in ("draft", "suspended", "closed"):
        offer, need = await make_offer(status=status), await make_need(status=status)
        with pytest.raises(OfferNotOpen):
            await within(lambda uow, offer=offer: offers.lock(uow, offer.id))
        with pytest.raises(NeedNotOpen):
            await within(lambda uow, need=need: needs.lock(uow, need.id))
    with pytest.raises(NotFound):
        await within(lambda uow: offers.lock(uow, new_id()))


async def test_a_giver_locks_the_countys_need_though_it_may_not_write_it() -> None:
    need, giver = await make_need(), await make_participant()
    actor = await actor_of(await make_member(giver.id, "editor"))
    found = await within(lambda uow: needs.lock(uow, need.id), actor)
    assert found.id == need.id


async def test_a_covered_need_and_an_exhausted_offer_close_by_the_countys_acceptance(database: Database) -> None:
    county = await make_county_government()
    offer, need = await make_offer(quantity=10), await make_need(county, quantity=10)
    reviewer = await actor_of(await make_member(county.id, "reviewer"))
    await move(offer, need, 10, "hold", "pledge", "accept")

    async def accepted(uow: UnitOfWork) -> tuple[bool, bool]:
        return await offers.close_if_covered(uow, offer.id), await needs.close_if_covered(uow, need.id)

    assert await within(accepted, reviewer) == (True, True)
    assert await row(database, "offer", offer) == ("closed", "exhausted")
    assert await row(database, "need", need) == ("closed", "satisfied")
    assert await within(accepted, reviewer) == (False, False)


async def test_nothing_closes_while_something_is_open_or_promised(database: Database) -> None:
    offer, need = await make_offer(quantity=10), await make_need(quantity=10)
    await move(offer, need, 4, "hold", "pledge", "accept")
    await move(offer, need, 6, "hold", "pledge")

    async def accepted(uow: UnitOfWork) -> tuple[bool, bool]:
        return await offers.close_if_covered(uow, offer.id), await needs.close_if_covered(uow, need.id)

    assert await within(accepted) == (False, False)
    assert await row(database, "offer", offer) == ("published", None)


async def test_a_floor_stays_open_when_it_is_reached(database: Database) -> None:
    offer = await make_offer(resource_type="goods_purchase", quantity=1000)
    need = await make_need(resource_type="goods_purchase", quantity=1000)
    await move(offer, need, 1200, "hold", "pledge", "accept")
    assert not await within(lambda uow: needs.close_if_covered(uow, need.id))
    assert await row(database, "need", need) == ("published", None)


async def test_what_is_past_expires_unless_something_is_promised(database: Database) -> None:
    over: dict[str, Any] = {
        "window_from": clock.today().replace(month=1),
        "window_to": clock.today().replace(month=5, day=1),
    }
    need, promised, running = await make_need(**over), await make_need(**over), await make_need()
    offer = await make_offer(**over)
    await move(await make_offer(), promised, 5, "hold", "pledge")
    today = clock.today()
    assert await within(lambda uow: needs.due_to_expire(uow, today)) == [need.id]
    assert await within(lambda uow: offers.due_to_expire(uow, today)) == [offer.id]
    assert await within(lambda uow: needs.expire(uow, need.id, today))
    assert await within(lambda uow: offers.expire(uow, offer.id, today))
    assert await row(database, "need", need) == ("closed", "expired")
    assert await row(database, "offer", offer) == ("closed", "expired")
    assert await row(database, "need", promised) == ("published", None)
    assert await row(database, "need", running) == ("published", None)
    for kept in (need, promised, running):
        assert not await within(lambda uow, kept=kept: needs.expire(uow, kept.id, today))
    assert await within(lambda uow: needs.due_to_expire(uow, today)) == []


async def test_of_a_withdrawal_and_holds_at_once_never_both_win(database: Database) -> None:
    giver = await make_participant()
    editor = await actor_of(await make_member(giver.id, "editor"))
    for _ in range(5):
        offer, need = await make_offer(giver, quantity=10), await make_need(quantity=100)

        async def withdraw(uow: UnitOfWork, offer: Offer = offer) -> str:
            found = await offers.get(uow, offer.id, actor=editor)
            await offers.withdraw(uow, editor, found, Reason(remark="另有安排"))
            return "withdrawn"

        async def hold(uow: UnitOfWork, offer: Offer = offer, need: Need = need) -> str:
            await offers.lock(uow, offer.id)
            await needs.lock(uow, need.id)
            await books.hold(
                uow,
                offer_id=offer.id,
                need_id=need.id,
                quantity=Decimal(1),
                reference=Reference("proposal", new_id()),
            )
            return "held"

        tasks = [within(hold, editor) for _ in range(3)] + [within(withdraw, editor)] + [within(hold, editor)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        [account] = await database.fetch("SELECT held, is_closed FROM account WHERE subject_id = $1", offer.id)
        held = sum(1 for result in results if result == "held")
        assert account["held"] == held
        assert account["is_closed"] == ("withdrawn" in results)
        assert not (held and account["is_closed"])
        refusals = [result for result in results if isinstance(result, BaseException)]
        assert all(isinstance(one, OfferNotOpen | StillPromised | QuantityExceeded) for one in refusals), refusals


async def test_the_newest_offers_are_found_by_an_index() -> None:
    giver = await make_participant()
    await make_offer(giver)
    reader, query = await actor_of(await make_member(giver.id, "viewer")), OfferQuery()
    plan = await plan_of(repository.LISTING, query, repository.matching(reader, query), reader)
    assert "using idx_offer_publish" in plan
