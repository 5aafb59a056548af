"""Pledges, as tests need them."""

from decimal import Decimal
from typing import Any

from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.proposals import service as proposals
from tests.factories.accounts import actor_of
from tests.factories.proposals import Table, make_proposal
from tests.support.database import within


async def make_pledge(table: Table, quantity: Decimal | int | str = 10, *, signed: bool = True, **terms: Any) -> Pledge:
    """A pledge from an agreed proposal of the giver; signed by both sides unless said otherwise."""
    proposal = await make_proposal(table, quantity, **terms)
    county = await actor_of(table.clerk)
    await within(lambda uow: proposals.agree(uow, county, proposal), county)
    made = await within(lambda _: Pledge.get(proposal_id=proposal.id))
    if signed:
        for side in ("county", "giver"):
            await sign(table, made, side)
    return await reloaded(made)


async def sign(table: Table, pledge: Pledge, side: str, text_hash: str | None = None) -> None:
    """One side signs the text as it stands, or the hash that is given."""
    actor = await table.actor(side)
    now = await reloaded(pledge)
    await within(lambda uow: pledges.sign(uow, actor, now, text_hash or now.text_hash), actor)


async def reloaded(pledge: Pledge) -> Pledge:
    """The pledge as it stands now."""
    return await within(lambda uow: pledges.get(uow, uow.actor, pledge.id))
