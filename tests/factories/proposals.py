"""A need and an offer that fit, the people of both sides, and proposals between them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.accounts.models import User
from server.kit.quantity import Amount, Quantity
from server.kit.uow import UnitOfWork
from server.needs.models import Need
from server.offers.models import Offer
from server.participants.models import Participant
from server.proposals import service as proposals
from server.proposals.models import Proposal
from tests.factories.accounts import actor_of, make_member, make_overseer
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import PROVINCE
from tests.support.database import within


@dataclass
class Table:
    """Both sides at one table: a need and an offer of one type, and who speaks for each side."""

    county: Participant
    giver: Participant
    need: Need
    offer: Offer
    clerk: User
    official: User
    coordinator: User

    async def actor(self, side: str) -> Actor:
        """Who acts for `county` (the clerk), `giver` (the official) or as `coordinator`."""
        people = {"county": self.clerk, "giver": self.official, "coordinator": self.coordinator}
        return await actor_of(people[side])


async def make_table(
    *,
    need: Decimal | int | str = 100,
    offer: Decimal | int | str = 100,
    resource_type: str = "village_road",
    **columns: Any,
) -> Table:
    """A table; `columns` that begin with `need_` or `offer_` go to that record."""

    def of(prefix: str) -> dict[str, Any]:
        return {name.removeprefix(prefix): value for name, value in columns.items() if name.startswith(prefix)}

    county, giver = await make_county_government(), await make_participant()
    roles = ("editor", "reviewer", "signatory")
    return Table(
        county,
        giver,
        await make_need(county, resource_type=resource_type, quantity=need, **of("need_")),
        await make_offer(giver, resource_type=resource_type, quantity=offer, **of("offer_")),
        await make_member(county.id, *roles),
        await make_member(giver.id, *roles),
        await make_overseer(place_code=PROVINCE),
    )


async def make_table_before(need: int = 100, **columns: Any) -> Table:
    """A table before its giver is verified: an enterprise has applied and has an offer in its drawer."""
    county, giver = await make_county_government(), await make_participant(status="applied")
    roles = ("editor", "reviewer", "signatory")
    return Table(
        county,
        giver,
        await make_need(county, quantity=need, **columns),
        await make_offer(giver, quantity=10, status="draft"),
        await make_member(county.id, *roles),
        await make_member(giver.id, *roles),
        await make_overseer(),
    )


def km(value: Decimal | int | str) -> Amount:
    """A quantity of the usual type."""
    return Quantity(value=Decimal(value), unit="km")


async def make_proposal(
    table: Table, quantity: Decimal | int | str = 10, *, by: str = "giver", **terms: Any
) -> Proposal:
    """A proposal between the two of a table."""
    actor = await table.actor(by)

    async def work(uow: UnitOfWork) -> Proposal:
        pair = await proposals.pair(uow, table.need.id, table.offer.id)
        return await proposals.propose(uow, actor, pair, quantity=km(quantity), **terms)

    return await within(work, actor)


async def reloaded(proposal: Proposal) -> Proposal:
    """The proposal as it stands now."""
    return await within(lambda uow: proposals.get(uow, uow.actor, proposal.id))
