"""Recurring work: what lapses by time, and what is kept no longer."""

from server.accounts import service as accounts
from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.docking import service as docking
from server.kit import uow as units
from server.pledges import service as pledges
from server.proposals import service as proposals


async def lapse_proposals() -> None:
    """Proposals whose hold has run out lapse and release what they held."""
    while await units.run(proposals.lapse_due, SYSTEM):
        pass  # a batch at a time, each its own transaction


async def expire_pledges() -> None:
    """Pledges that were not signed by their date are cancelled and release what they held."""
    while await units.run(pledges.expire_unsigned, SYSTEM):
        pass


async def close_abandoned() -> None:
    """Jobs that broke off too often have failed, and so have the docking runs that waited for them."""
    await units.run(activity.close_abandoned, SYSTEM)
    await units.run(docking.close_abandoned, SYSTEM)


async def tidy() -> None:
    """Stored replies, delivered dispatch rows and stream entries are dropped after seven days; old sessions too."""
    await units.run(activity.tidy, SYSTEM)
    await units.run(accounts.tidy, SYSTEM)
