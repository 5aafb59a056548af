"""A pledge that is part of a larger one: it is followed by itself, and counted with the larger one, once in every sum.

On its need's account a part stands no more: what it brings is what the larger one has promised already. On its offer's it goes
on standing, because its giver owes it and must not promise it a second time.
"""

from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.books import service as books
from server.kit.lifecycle import StepNotAllowed
from server.kit.transition import change
from server.kit.uow import UnitOfWork
from server.pledges import part_rules, recording, repository, rules
from server.pledges.models import Pledge

NEED_ALONE: books.Sides = ("need",)


async def put_into(uow: UnitOfWork, actor: Actor, pledge: Pledge, larger_id: UUID | None) -> None:
    """Let a pledge be part of a larger one, or of none again.

    Raises AlreadyAccepted, NotAPart, and QuantityExceeded where what is to count again is no longer open.
    """
    if pledge.status not in ("awaiting_signature", "effective"):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="part_of")
    now = await repository.lock(uow, pledge)
    rules.check_cancel(now.accepted)
    before = recording.facts(pledge)
    if larger_id is not None:
        await _check(uow, actor, pledge, larger_id)
    was_part = recording.is_part(pledge)
    await change(uow, "pledge", pledge, part_of_id=larger_id)
    await _move(uow, pledge, was_part)
    recording.record(uow, pledge, "put_into", before, larger=larger_id and str(larger_id))


async def refuse_while_parts(uow: UnitOfWork, pledge: Pledge) -> None:
    """Raise PartsStand while other pledges are part of this one, which is about to end."""
    if await _parts(uow, pledge.id):
        raise part_rules.PartsStand


async def refuse_below_parts(uow: UnitOfWork, pledge: Pledge) -> None:
    """Raise NotAPart where the parts of a pledge are more than it promises now."""
    part_rules.check_together([part["quantity"] for part in await _parts(uow, pledge.id)], pledge.quantity)


async def refuse_beyond_larger(uow: UnitOfWork, larger_id: UUID) -> None:
    """Raise NotAPart where the parts of a pledge, one of which promises more now, are more than it promises.

    The larger pledge is locked, so that two of its parts that grow at once, or it and one of them, never pass it.
    """
    async with accounts.as_system(uow):
        larger = await repository.take(uow, larger_id)
    if larger is None:
        raise LookupError(larger_id)
    await refuse_below_parts(uow, larger)


async def _check(uow: UnitOfWork, actor: Actor, pledge: Pledge, larger_id: UUID) -> None:
    # Whoever puts two parts in at once waits here, so that together they are never more than the larger one.
    larger = await repository.take(uow, larger_id) if await repository.find(uow, actor, larger_id) else None
    if larger is None:
        raise part_rules.NotAPart(why=part_rules.NOT_THERE)
    others = [part for part in await _parts(uow, larger.id) if part["id"] != pledge.id]
    part_rules.check_part(
        same=larger.id == pledge.id,
        alike=larger.need_id == pledge.need_id,
        one_offer=larger.offer_id == pledge.offer_id,
        nested=larger.part_of_id is not None or bool(await _parts(uow, pledge.id)),
        stands=larger.status in ("effective", "suspended", "fulfilled"),
    )
    part_rules.check_together([pledge.quantity, *(part["quantity"] for part in others)], larger.quantity)


async def _parts(uow: UnitOfWork, pledge_id: UUID) -> list[dict[str, Any]]:
    """The parts of a pledge, also those that are between others than the actor: no more than a yes or no of them leaves."""
    async with accounts.as_system(uow):
        return await repository.parts(uow, pledge_id)


async def _move(uow: UnitOfWork, pledge: Pledge, was_part: bool) -> None:
    """Take what no longer counts off the need's account, or put what counts again on it."""
    signed, is_part = pledge.status == "effective", recording.is_part(pledge)
    on_the_need: dict[str, Any] = recording.accounts(pledge) | {"sides": NEED_ALONE}
    if is_part and not was_part:
        give_back = books.unpledge if signed else books.release
        await give_back(uow, quantity=pledge.quantity, **on_the_need)
    elif was_part and not is_part:
        take = books.raise_ if signed else books.hold
        await take(uow, quantity=pledge.quantity, **on_the_need)
