"""What deliveries do when a pledge ends early: while something sent is undecided, they stand against it."""

from server.deliveries import service
from server.kit.uow import Event, Hooks, UnitOfWork


async def _ends(uow: UnitOfWork, event: Event) -> None:
    await service.refuse_under_way(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Refuse the early end of a pledge under which a delivery is on its way."""
    for verb in ("cancelled", "terminated", "written_off"):
        hooks.on(f"pledge.{verb}", _ends)
