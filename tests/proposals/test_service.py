"""Negotiation on the real database: every way in holds, every way out releases."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from server.accounts.actor import SYSTEM, Actor
from server.books import service as books
from server.books.rules import QuantityExceeded, Reference
from server.docking.models import CoolDown
from server.kit import clock
from server.kit.errors import NotFound, Stale
from server.kit.lifecycle import StepNotAllowed
from server.kit.quantity import Quantity
from server.kit.shapes import Window
from server.kit.uow import Audience, Event, UnitOfWork
from server.needs.rules import NeedNotOpen
from server.pledges.models import Pledge
from server.proposals import proposing, repository
from server.proposals import service as proposals
from server.proposals.models import Proposal
from server.proposals.rules import (
    HoldOver,
    NotFitting,
    NotYourProposal,
    NotYourTurn,
    OwnProposal,
    ProposalExists,
    RenewalsUsedUp,
)
from server.proposals.schemas import Counter, Decline, ProposalQuery
from server.settings import get_settings
from tests.factories.accounts import actor_of, make_member
from tests.factories.books import counters
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_eastern_partner
from tests.factories.proposals import Table, km, make_proposal, make_table, reloaded
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean")

NOTHING_HELD = ("100", "0", "0", "0")
TEN_HELD = ("90", "10", "0", "0")


async def as_side(table: Table, side: str, verb: str, proposal: Proposal, *arguments: object) -> Proposal:
    """Let one side use a verb on the proposal as it stands now; gives it as it stands afterwards."""
    actor = await table.actor(side)
    now = await reloaded(proposal)
    await within(lambda uow: getattr(proposals, verb)(uow, actor, now, *arguments), actor)
    return await reloaded(proposal)


@pytest.mark.parametrize("by", ["giver", "county"])
async def test_either_side_proposes_and_the_quantity_is_held_on_both(by: str):
    table = await make_table()
    proposal = await make_proposal(table, 10, by=by)
    assert (proposal.status, proposal.proposed_by_side, proposal.agreed_by) == ("proposed", by, [by])
    assert await counters(table.need.id) == TEN_HELD
    assert await counters(table.offer.id) == TEN_HELD
    assert proposal.hold_until - clock.now() > timedelta(days=9)
    assert (proposal.window_from, proposal.window_to) == (clock.today(), date(2019, 12, 31))


async def test_a_coordinators_proposal_needs_both_sides():
    table = await make_table()
    proposal = await make_proposal(table, 10, by="coordinator")
    assert proposal.agreed_by == []
    proposal = await as_side(table, "giver", "agree", proposal)
    assert (proposal.status, proposal.agreed_by) == ("proposed", ["giver"])
    proposal = await as_side(table, "county", "agree", proposal)
    assert proposal.status == "pledged"


async def test_more_than_is_open_cannot_be_proposed_and_leaves_no_trace():
    table = await make_table(need=5)
    with pytest.raises(QuantityExceeded):
        await make_proposal(table, 6)
    assert await within(lambda _: Proposal.all().count()) == 0
    assert await counters(table.offer.id) == NOTHING_HELD


async def test_one_need_and_one_offer_are_negotiated_once_at_a_time():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    with pytest.raises(ProposalExists):
        await make_proposal(table, 5, by="county")
    await as_side(table, "giver", "withdraw", proposal, "")
    await make_proposal(table, 5, by="county")


async def test_only_a_published_need_is_negotiated():
    table = await make_table(need_status="suspended")
    with pytest.raises(NeedNotOpen):
        await make_proposal(table)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control: versions not compared"])
async def test_what_was_read_before_the_locks_counts_only_while_it_stands(
    guarded: bool, database: Database, monkeypatch: pytest.MonkeyPatch
):
    table = await make_table()
    actor, tries = await table.actor("giver"), []

    async def unchanged(*_: object) -> dict[str, UUID | int]:
        sides = {"county_id": table.county.id, "giver_id": table.giver.id}
        return sides | {"need_version": table.need.version, "offer_version": table.offer.version}

    async def work(uow: UnitOfWork) -> None:
        tries.append(uow)
        pair = await proposals.pair(uow, table.need.id, table.offer.id)
        prepared = await proposing.prepare(uow, actor, pair, quantity=km(10))
        if len(tries) == 1:
            await database.fetch(
                "UPDATE need SET status = 'suspended', version = version + 1 WHERE id = $1", table.need.id
            )
        await proposing.hold(uow, prepared)

    if not guarded:
        monkeypatch.setattr(repository, "take_as_they_stand", unchanged)
        await within(work, actor)
        assert await counters(table.need.id) == TEN_HELD, "held of a need that is suspended"
        return
    with pytest.raises(NeedNotOpen):
        await within(work, actor)
    assert len(tries) == 2
    assert await counters(table.need.id) == NOTHING_HELD
    assert await within(lambda _: Proposal.all().count()) == 0


async def test_fiscal_money_is_docked_inside_the_pairing_only():
    table = await make_table()
    giver = await make_eastern_partner("310000")  # Shanghai, which is not paired with Shaanxi
    table.offer = await make_offer(giver, resource_type="public_posts")
    table.need = await make_need(table.county, resource_type="public_posts")
    table.official = await make_member(giver.id, "editor")
    ten = Quantity(value=Decimal(10), unit="person")
    actor = await table.actor("giver")

    async def propose() -> Proposal:
        async def work(uow: UnitOfWork) -> Proposal:
            pair = await proposals.pair(uow, table.need.id, table.offer.id)
            return await proposals.propose(uow, actor, pair, quantity=ten)

        return await within(work, actor)

    with pytest.raises(NotFitting) as caught:
        await propose()
    assert caught.value.facts["reason"] == "reach"
    pairing = await make_pairing(giver_id=giver.id)
    assert (await propose()).pairing_id == pairing.id


async def test_most_sources_count_everybodys_not_only_what_the_giver_sees():
    table = await make_table(need_max_sources=1)
    await make_proposal(table, 10)
    other = await make_table()
    other.need = table.need
    with pytest.raises(NotFitting) as caught:
        await make_proposal(other, 10)
    assert caught.value.facts["reason"] == "sources"


async def test_a_window_outside_both_is_refused():
    table = await make_table()
    with pytest.raises(NotFitting):
        await make_proposal(table, 10, window=Window.model_validate({"from": "2019-07-01", "to": "2020-07-01"}))


async def test_a_counter_moves_the_hold_and_the_turn():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    proposal = await as_side(table, "county", "counter", proposal, Counter(quantity=km(25), terms="分两批"))
    assert (proposal.status, proposal.agreed_by, proposal.quantity) == ("countered", ["county"], Decimal(25))
    assert await counters(table.need.id) == ("75", "25", "0", "0")
    with pytest.raises(NotYourTurn):
        await as_side(table, "county", "counter", proposal, Counter(quantity=km(30)))
    proposal = await as_side(table, "giver", "counter", proposal, Counter(quantity=km(20)))
    assert await counters(table.offer.id) == ("80", "20", "0", "0")
    shown = await within(lambda uow: proposals.read(uow, SYSTEM, proposal.id))
    assert [(turn.by, turn.quantity, turn.terms) for turn in shown.turns] == [
        ("giver", km(10), ""),
        ("county", km(25), "分两批"),
        ("giver", km(20), "分两批"),
    ]
    assert shown.turns[1].person and shown.turns[1].person.id == table.clerk.id


async def test_a_counter_beyond_what_is_open_changes_nothing():
    table = await make_table(offer=12)
    proposal = await make_proposal(table, 10)
    with pytest.raises(QuantityExceeded):
        await as_side(table, "county", "counter", proposal, Counter(quantity=km(13)))
    assert (await reloaded(proposal)).quantity == 10
    assert await counters(table.offer.id) == ("2", "10", "0", "0")


async def test_agreement_makes_the_pledge_which_inherits_the_hold():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    with pytest.raises(NotYourTurn):
        await as_side(table, "giver", "agree", proposal)
    proposal = await as_side(table, "county", "agree", proposal)
    assert (proposal.status, set(proposal.agreed_by)) == ("pledged", {"county", "giver"})
    pledge = await within(lambda _: Pledge.get(proposal_id=proposal.id))
    assert (pledge.status, pledge.quantity) == ("awaiting_signature", 10)
    assert await counters(table.need.id) == TEN_HELD


async def test_the_other_side_declines_with_a_code_and_the_pair_cools_down():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    body = Decline(code="no_absorption_capacity", remark="人手不足")
    with pytest.raises(OwnProposal):
        await as_side(table, "giver", "decline", proposal, body)
    proposal = await as_side(table, "county", "decline", proposal, body)
    assert (proposal.status, proposal.decline_code) == ("declined", "no_absorption_capacity")
    assert await counters(table.need.id) == NOTHING_HELD
    cool_down = await within(lambda _: CoolDown.get(need_id=table.need.id, offer_id=table.offer.id))
    assert cool_down.until - clock.now() > timedelta(days=59)


async def test_only_the_side_that_proposed_withdraws():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    for side in ("county", "coordinator"):
        with pytest.raises(NotYourProposal):
            await as_side(table, side, "withdraw", proposal, "")
    proposal = await as_side(table, "giver", "withdraw", proposal, "另有安排")
    assert (proposal.status, proposal.remark) == ("withdrawn", "另有安排")
    assert await counters(table.offer.id) == NOTHING_HELD


async def test_a_hold_is_renewed_twice_and_no_more():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    await as_side(table, "giver", "renew", proposal)
    await as_side(table, "county", "renew", proposal)
    with pytest.raises(RenewalsUsedUp):
        await as_side(table, "giver", "renew", proposal)


async def test_an_operator_sets_how_long_a_hold_lasts_and_how_often_it_is_renewed(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setenv("JIEDUI_HOLD_DAYS", "3")
        patch.setenv("JIEDUI_RENEWALS", "0")
        get_settings.cache_clear()
        table = await make_table()
        proposal = await make_proposal(table, 10)
        assert timedelta(days=2) < proposal.hold_until - clock.now() <= timedelta(days=3)
        actor = await table.actor("giver")
        shown = await within(lambda uow: proposals.read(uow, actor, proposal.id), actor)
        assert shown.renewals_left == 0 and "renew" not in shown.can
        with pytest.raises(RenewalsUsedUp):
            await as_side(table, "giver", "renew", proposal)
    get_settings.cache_clear()


async def over(database: Database, proposal: Proposal) -> None:
    """Let the proposal's time be over."""
    await database.fetch("UPDATE proposal SET hold_until = $2 WHERE id = $1", proposal.id, clock.now())


async def test_what_is_not_answered_in_time_lapses_once_and_releases(database: Database):
    table = await make_table()
    proposal = await make_proposal(table, 10)
    await over(database, proposal)
    with pytest.raises(HoldOver):
        await as_side(table, "county", "agree", proposal)
    assert await within(proposals.due_to_lapse) == [proposal.id]
    assert [await within(lambda uow: proposals.lapse(uow, proposal.id)) for _ in range(2)] == [True, False]
    assert (await reloaded(proposal)).status == "lapsed"
    assert await counters(table.need.id) == NOTHING_HELD


async def test_two_lapse_jobs_at_once_release_once(database: Database):
    table = await make_table()
    proposal = await make_proposal(table, 10)
    await over(database, proposal)
    lapsed = await asyncio.gather(*(within(lambda uow: proposals.lapse(uow, proposal.id)) for _ in range(4)))
    assert sorted(lapsed) == [False, False, False, True]
    assert await counters(table.need.id) == NOTHING_HELD


async def test_an_agreement_and_a_withdrawal_at_once_cannot_both_win():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    results = await asyncio.gather(
        as_side(table, "county", "agree", proposal),
        as_side(table, "giver", "withdraw", proposal, ""),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, Exception)]
    assert len(lost) == 1 and isinstance(lost[0], Stale | StepNotAllowed)
    assert await counters(table.need.id) == (NOTHING_HELD if results[0] is lost[0] else TEN_HELD)


def amended(table: Table, before: int, after: int, kind: str = "need") -> Event:
    subject = table.need if kind == "need" else table.offer
    return Event(
        f"{kind}.amended",
        kind,
        subject.id,
        Audience(),
        {"quantity": str(before)},
        {"quantity": str(after), "remark": ""},
    )


@pytest.mark.parametrize("kind", ["need", "offer"])
async def test_an_amended_need_or_offer_supersedes_what_is_negotiated(kind: str):
    table = await make_table()
    proposal = await make_proposal(table, 10)
    actor = await table.actor("county" if kind == "need" else "giver")

    async def lower(uow) -> None:
        subject = table.need if kind == "need" else table.offer
        await books.amend(uow, kind, subject.id, Decimal(50), Reference(kind, subject.id))  # type: ignore[arg-type]  # one of two
        uow.record(amended(table, 100, 50, kind))

    await within(lower, actor)
    assert (await reloaded(proposal)).status == "superseded"
    assert (await counters(table.need.id))[1] == "0"
    assert (await counters(table.offer.id))[1] == "0"


async def test_a_need_that_only_grew_leaves_negotiations_alone():
    table = await make_table()
    proposal = await make_proposal(table, 10)

    async def grow(uow) -> None:
        uow.record(amended(table, 100, 120))

    await within(grow, await table.actor("county"))
    assert (await reloaded(proposal)).status == "proposed"


async def test_others_do_not_see_a_negotiation_or_its_messages():
    table = await make_table()
    proposal = await make_proposal(table, 10)
    await as_side(table, "giver", "write", proposal, "何时可以进场？")
    stranger = await (await make_table()).actor("giver")
    with pytest.raises(NotFound):
        await within(lambda uow: proposals.get(uow, stranger, proposal.id), stranger)
    assert await listed(stranger) == []
    messages = await within(lambda uow: proposals.messages(uow, proposal), await table.actor("county"))
    assert [(message.by, message.text) for message in messages] == [("giver", "何时可以进场？")]


async def listed(actor: Actor, **filters: object) -> list[str]:
    found = await within(lambda uow: proposals.page(uow, actor, ProposalQuery.model_validate(filters)), actor)
    return [str(row["id"]) for row in found.items]


async def test_lists_are_filtered_by_side_turn_and_record():
    table, other = await make_table(), await make_table()
    mine, theirs = await make_proposal(table, 10), await make_proposal(other, 10, by="county")
    clerk, coordinator = await actor_of(table.clerk), await table.actor("coordinator")
    assert await listed(clerk) == [str(mine.id)]
    assert await listed(clerk, awaiting="me", side="county", status=["proposed"], live=True) == [str(mine.id)]
    assert await listed(await table.actor("giver"), awaiting="me") == []
    assert await listed(coordinator, sort="created_at") == [str(mine.id), str(theirs.id)]
    assert await listed(coordinator, awaiting="giver") == [str(theirs.id)]
    assert await listed(coordinator, need_id=str(other.need.id), place="610000") == [str(theirs.id)]


async def test_a_record_says_what_the_caller_may_do_next():
    table = await make_table()
    proposal = await make_proposal(table, 10)

    async def can(side: str) -> set[str]:
        actor = await table.actor(side)
        shown = await within(lambda uow: proposals.read(uow, actor, proposal.id), actor)
        assert shown.side == side
        return set(shown.can)

    assert await can("county") == {"counter", "agree", "renew", "decline", "message"}
    assert await can("giver") == {"withdraw", "renew", "message"}
    assert await can("coordinator") == {"message"}
    await as_side(table, "giver", "withdraw", proposal, "")
    assert await can("county") == {"message"}
