"""What pledges do when a proposal is agreed: the pledge is made in the same transaction."""

from server.kit.uow import Event, Hooks, UnitOfWork
from server.pledges import service


async def _agreed(uow: UnitOfWork, event: Event) -> None:
    await service.make(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Make the pledge of each agreed proposal."""
    hooks.on("proposal.agreed", _agreed)
