"""What pledges do when a proposal is agreed: the pledge is made in the same transaction."""

from server.accounts import service as accounts
from server.kit.uow import Event, Hooks, UnitOfWork
from server.pledges import service, verifying


async def _agreed(uow: UnitOfWork, event: Event) -> None:
    # The last word may be the line department's, which is no side of the pledge.
    async with accounts.as_system(uow):
        await service.make(uow, event.subject_id)


async def _verified(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        await verifying.take_open(uow, event.subject_id)


async def _rejected(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        await verifying.cancel_all(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Make the pledge of each agreed proposal; let those that waited for a verification take what is open."""
    hooks.on("participant.verified", _verified)
    hooks.on("participant.rejected", _rejected)
    hooks.on("proposal.agreed", _agreed)
