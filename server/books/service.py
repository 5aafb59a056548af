"""The verbs of the books. Each movement touches both accounts, the offer's first, and names the other in its entry.

What is part of a larger pledge moves its offer's account alone (`sides`): its giver owes it, its need counts the larger one.

Every caller takes offer, need and pledge in this order before, so that two of them never wait for each other.
"""

from decimal import Decimal
from uuid import UUID

from server.books import repository
from server.books.rules import (
    SIDE_NAMES,
    AccountClosed,
    Balance,
    Bound,
    BoundPassed,
    ImpossibleMovement,
    Movement,
    QuantityBelowCovered,
    QuantityExceeded,
    Reference,
    Room,
    SubjectKind,
    is_barred,
    moved,
)
from server.kit.uow import UnitOfWork

ATTEMPTS = 3

Sides = tuple[SubjectKind, ...]
BOTH: Sides = ("offer", "need")
"""The accounts that a movement touches, in the order in which they are taken."""


class NoAccount(RuntimeError):
    """A subject that was never published has no account: a defect of the caller."""


async def open_account(
    uow: UnitOfWork,
    kind: SubjectKind,
    subject_id: UUID,
    *,
    owner_id: UUID,
    unit: str,
    bound: Bound,
    quantity: Decimal,
    reference: Reference,
) -> None:
    """Open the account of a need or an offer that is published for the first time."""
    await repository.open_one(uow, kind, subject_id, owner_id, unit, bound, quantity, reference)


async def hold(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Hold a quantity on both sides; raises QuantityExceeded naming the side that has less open."""
    await _move(uow, "hold", offer_id, need_id, quantity, reference, sides)


async def release(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Give back what was held."""
    await _move(uow, "release", offer_id, need_id, quantity, reference, sides)


async def pledge(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Turn what is held into what is promised."""
    await _move(uow, "pledge", offer_id, need_id, quantity, reference, sides)


async def unpledge(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Give back what was promised and will not come."""
    await _move(uow, "unpledge", offer_id, need_id, quantity, reference, sides)


async def raise_(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Promise more on both sides; raises QuantityExceeded and AccountClosed as `hold` does."""
    for kind in sides:
        if (await _balance(uow, offer_id if kind == "offer" else need_id)).is_closed:
            raise AccountClosed(side=kind, side_name=SIDE_NAMES[kind])
    await _move(uow, "raise", offer_id, need_id, quantity, reference, sides)


async def pass_floor(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Count on both sides what came beyond a floor's promise, also when need or offer has closed meanwhile."""
    await _move(uow, "raise", offer_id, need_id, quantity, reference, sides)


async def accept(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, quantity: Decimal, reference: Reference, sides: Sides = BOTH
) -> None:
    """Turn what is promised into what the county has accepted."""
    await _move(uow, "accept", offer_id, need_id, quantity, reference, sides)


async def reverse(
    uow: UnitOfWork, *, offer_id: UUID, need_id: UUID, reference: Reference, sides: Sides = BOTH
) -> Decimal:
    """Take an acceptance back by an entry that reverses it on each side; how much is promised again."""
    taken = Decimal(0)
    for kind in sides:
        subject_id, counter_id = (offer_id, need_id) if kind == "offer" else (need_id, offer_id)
        found = await repository.acceptance(uow, subject_id, reference)
        if found is None:
            raise ImpossibleMovement(movement="reverse", subject_id=subject_id)
        entry, taken = found
        if await repository.move(uow, "reverse", subject_id, counter_id, taken, reference, entry) is None:
            raise ImpossibleMovement(movement="reverse", subject_id=subject_id, quantity=taken)
    return taken


async def amend(
    uow: UnitOfWork, kind: SubjectKind, subject_id: UUID, quantity: Decimal, reference: Reference
) -> Balance:
    """Set the quantity of a need or an offer; raises QuantityBelowCovered where a cap would be passed."""
    for _ in range(ATTEMPTS):
        before = await _balance(uow, subject_id)
        if quantity == before.quantity:
            return before
        after = await repository.move(uow, "amend", subject_id, None, quantity - before.quantity, reference)
        if after is None:
            before = await _balance(uow, subject_id)
            if before.bound == "cap" and quantity < before.covered:
                raise QuantityBelowCovered(covered=before.covered, asked=quantity, unit=before.unit)
        elif after.quantity == quantity:
            return after
        # Somebody amended it between the read and the movement: the difference is taken anew.
    raise ImpossibleMovement(movement="amend", subject_id=subject_id, quantity=quantity)


async def close(uow: UnitOfWork, kind: SubjectKind, subject_id: UUID, reference: Reference) -> None:
    """Let nothing new be held on a need or an offer that is closed; what is pledged can still be accepted."""
    if not (await _balance(uow, subject_id)).is_closed:
        await _turn(uow, "close", subject_id, reference)


async def reopen(uow: UnitOfWork, kind: SubjectKind, subject_id: UUID, reference: Reference) -> None:
    """Let a need or an offer be docked again that was closed on an acceptance which is taken back."""
    if (await _balance(uow, subject_id)).is_closed:
        await _turn(uow, "reopen", subject_id, reference)


async def _turn(uow: UnitOfWork, movement: Movement, subject_id: UUID, reference: Reference) -> None:
    if await repository.move(uow, movement, subject_id, None, Decimal(0), reference) is None:
        raise ImpossibleMovement(movement=movement, subject_id=subject_id)


async def balance(uow: UnitOfWork, subject_id: UUID) -> Balance:
    """The balance of a need's or an offer's account."""
    return await _balance(uow, subject_id)


async def room(uow: UnitOfWork, need_id: UUID, offer_id: UUID | None = None) -> Room:
    """What a need has open, and how many sources it has; receivers are counted of an offer that is named.

    A side sees only its own dealings, but the limit counts everybody's: a function of the database counts.
    """
    found = await repository.room(uow, need_id, offer_id)
    if found is None:
        raise NoAccount(str(need_id))
    return found


async def _balance(uow: UnitOfWork, subject_id: UUID) -> Balance:
    found = await repository.balance(uow, subject_id)
    if found is None:
        raise NoAccount(str(subject_id))
    return found


async def _move(
    uow: UnitOfWork,
    movement: Movement,
    offer_id: UUID,
    need_id: UUID,
    quantity: Decimal,
    reference: Reference,
    sides: Sides,
) -> None:
    done = frozenset[UUID]()
    if sides == BOTH:
        done = await repository.move_both(uow, movement, offer_id, need_id, quantity, reference)
    for kind in sides:
        subject_id, counter_id = (offer_id, need_id) if kind == "offer" else (need_id, offer_id)
        if subject_id in done:
            continue
        await _one(uow, movement, kind, subject_id, counter_id, quantity, reference)


async def _one(
    uow: UnitOfWork,
    movement: Movement,
    kind: SubjectKind,
    subject_id: UUID,
    counter_subject_id: UUID,
    quantity: Decimal,
    reference: Reference,
) -> None:
    for _ in range(ATTEMPTS):
        if await repository.move(uow, movement, subject_id, counter_subject_id, quantity, reference):
            return
        present = await _balance(uow, subject_id)
        try:
            moved(present, movement, quantity)
        except BoundPassed:
            if is_barred(movement, present.bound, is_closed=present.is_closed):
                raise AccountClosed(side=kind, side_name=SIDE_NAMES[kind]) from None
            raise QuantityExceeded(open=present.open, asked=quantity, side=kind, unit=present.unit) from None
        # The rule allows it now: somebody gave back between the movement and this read, so try again.
    raise ImpossibleMovement(movement=movement, subject_id=subject_id, quantity=quantity)
