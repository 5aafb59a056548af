"""What becomes of intents when their giver proposes, and when their need ends."""

from server.intents import service
from server.kit.uow import Event, Hooks, UnitOfWork


async def _proposed(uow: UnitOfWork, event: Event) -> None:
    await service.take_up(uow, event.subject_id)


async def _ended(uow: UnitOfWork, event: Event) -> None:
    await service.lapse(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Let intents follow their giver's proposal and their need's end."""
    hooks.on("proposal.proposed", _proposed)
    for verb in ("withdrawn", "closed", "expired"):
        hooks.on(f"need.{verb}", _ended)
