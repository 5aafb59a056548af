"""What deliveries do when a pledge ends early: while something sent is undecided, they stand against it."""

from decimal import Decimal

from server.deliveries import service
from server.kit.uow import Event, Hooks, UnitOfWork


async def _ends(uow: UnitOfWork, event: Event) -> None:
    await service.refuse_under_way(uow, event.subject_id)


async def _amended(uow: UnitOfWork, event: Event) -> None:
    before, after = event.before or {}, event.after or {}
    if Decimal(after["quantity"]) < Decimal(before["quantity"]):
        await service.check_amended(uow, event.subject_id, Decimal(after["quantity"]), Decimal(after["accepted"]))


def register(hooks: Hooks) -> None:
    """Refuse the early end of a pledge under which a delivery is on its way, and an amendment that leaves it no room."""
    hooks.on("pledge.amended", _amended)
    for verb in ("cancelled", "terminated", "written_off"):
        hooks.on(f"pledge.{verb}", _ends)
