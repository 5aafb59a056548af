"""What proposals record, and what becomes of them when a need or an offer changes under them."""

from decimal import Decimal

from server.accounts import service as accounts
from server.kit.uow import Event, Hooks, UnitOfWork
from server.proposals import service, verifying


def _only_grew(event: Event) -> bool:
    """Whether nothing changed but the quantity, upwards: what is being negotiated stands as it stood."""
    before, after = dict(event.before or {}), dict(event.after or {})
    for facts in (before, after):
        facts.pop("declared_value", None)
        facts.pop("declared_unit", None)
        facts.pop("remark", None)
    old, new = before.pop("quantity", None), after.pop("quantity", None)
    return old is not None and new is not None and before == after and Decimal(new) >= Decimal(old)


async def _amended(uow: UnitOfWork, event: Event) -> None:
    if not _only_grew(event):
        await service.supersede(uow, event.subject_kind, event.subject_id)


async def _ended(uow: UnitOfWork, event: Event) -> None:
    await service.supersede(uow, event.subject_kind, event.subject_id)


async def _verified(uow: UnitOfWork, event: Event) -> None:
    verifier = uow.actor
    async with accounts.as_system(uow):
        await verifying.take_open(uow, event.subject_id, verifier)


async def _rejected(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        await verifying.lapse_all(uow, event.subject_id)


def register(hooks: Hooks) -> None:
    """Let proposals follow their needs and offers: changed terms or an end supersede what is being negotiated."""
    hooks.on("participant.verified", _verified)
    hooks.on("participant.rejected", _rejected)
    for kind in ("need", "offer"):
        hooks.on(f"{kind}.amended", _amended)
        for verb in ("withdrawn", "closed", "expired"):
            hooks.on(f"{kind}.{verb}", _ended)
