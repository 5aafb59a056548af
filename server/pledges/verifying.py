"""What becomes of pledges that waited for their giver to be verified: they take what is still open, or are cancelled.

Runs as the system within the verification. Twice is as once: what has taken or is cancelled waits no longer.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.books import service as books
from server.kit import clock
from server.kit.errors import Text
from server.kit.quantity import in_words
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.pledges import amendment_rules, recording, repository, rules
from server.pledges.models import Pledge
from server.pledges.rules import LIFECYCLE
from server.proposals import service as proposals
from server.proposals.rules import REFUSED
from server.settings import get_settings

IN_PART = Text(
    "核验通过时只剩 {quantity}，认捐按此数量签署。",
    "When the giver was verified, {quantity} was open: that is what is pledged.",
)


async def take_open(uow: UnitOfWork, giver_id: UUID) -> None:
    """Let each pledge of a giver that is verified now hold what is still open, the earliest first."""
    for pledge_id in await repository.awaiting_verification(uow, giver_id):
        pledge = await _locked(uow, pledge_id)
        if pledge.status != "awaiting_verification":
            continue
        said = await recording.terms(uow, pledge)
        days = (said.first, said.last)
        taken, unit, why = await proposals.open_for(uow, pledge.offer_id, pledge.need_id, pledge.quantity, days)
        if not taken:
            await _cancel(uow, pledge, why)
            continue
        before = recording.facts(pledge)
        columns: dict[str, Any] = {"sign_by": rules.sign_by(clock.now(), get_settings().sign_days)}
        if taken < pledge.quantity:
            words = in_words(taken, unit)
            part = Text(IN_PART.say("zh-CN", quantity=words), IN_PART.say("en", quantity=words))
            columns |= await _lowered(uow, pledge, taken) | {"remark": proposals.said(part)}
        await step(uow, "pledge", pledge, "verify", LIFECYCLE, **columns)
        await books.hold(uow, quantity=taken, **recording.accounts(pledge))
        recording.record(uow, pledge, "verified", before)


async def cancel_all(uow: UnitOfWork, giver_id: UUID) -> None:
    """Cancel the pledges of a giver that was rejected; they hold nothing."""
    for pledge_id in await repository.awaiting_verification(uow, giver_id):
        pledge = await _locked(uow, pledge_id)
        if pledge.status == "awaiting_verification":
            await _cancel(uow, pledge, REFUSED)


async def _locked(uow: UnitOfWork, pledge_id: UUID) -> Pledge:
    seen = await repository.find(uow, uow.actor, pledge_id)
    if seen is None:
        raise LookupError(pledge_id)
    return await repository.lock(uow, seen)


async def _cancel(uow: UnitOfWork, pledge: Pledge, why: Text) -> None:
    before = recording.facts(pledge)
    await step(uow, "pledge", pledge, "cancel", LIFECYCLE, remark=proposals.said(why))
    recording.record(uow, pledge, "cancelled", before, remark=proposals.said(why))


async def _lowered(uow: UnitOfWork, pledge: Pledge, taken: Decimal) -> dict[str, Any]:
    """The columns of a pledge that is lowered before anybody signed it; its text follows as a new revision."""
    standing = await recording.terms(uow, pledge)
    said = amendment_rules.amended(standing, quantity=taken)
    texts = await recording.written(uow, pledge, said, pledge.revision + 1)
    await repository.replace_instalments(uow, pledge.id, list(said.parts))
    await recording.keep_version(uow, pledge, said, texts, "standing", at=clock.now())
    await repository.let_stand(uow, pledge.id, pledge.revision + 1)
    value = {"value_fen": taken} if pledge.value_fen is not None and pledge.value_fen == pledge.quantity else {}
    return texts | {"quantity": taken, "due": said.due} | value
