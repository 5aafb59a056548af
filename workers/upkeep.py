"""Recurring work: what lapses by time, and what is kept no longer."""

from server.accounts import service as accounts
from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.kit import uow as units
from server.pledges import service as pledges
from server.proposals import service as proposals


async def lapse_proposals() -> None:
    """Proposals whose hold has run out lapse and release what they held."""
    await units.run(proposals.lapse_due, SYSTEM)


async def expire_pledges() -> None:
    """Pledges that were not signed by their date are cancelled and release what they held."""
    await units.run(pledges.expire_unsigned, SYSTEM)


async def tidy() -> None:
    """Stored replies, delivered dispatch rows and stream entries are dropped after seven days; old sessions too."""
    await units.run(activity.tidy, SYSTEM)
    await units.run(accounts.tidy, SYSTEM)
