"""Merging a participant that is there twice into the one that stays (decision 0026)."""

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.kit.errors import Forbidden
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import service
from server.participants.events import merged
from server.participants.models import Participant
from server.participants.policy import POLICY
from server.participants.rules import LIFECYCLE, check_merge
from server.participants.schemas import ParticipantMerge, ParticipantRead


async def merge(uow: UnitOfWork, gone: Participant, body: ParticipantMerge) -> ParticipantRead:
    """Merge `gone` into the participant that stays: from now on it only says where it went.

    No other record is rewritten, so every member, need, offer, negotiation and ledger entry stays where it is. Raises
    NotFound, Forbidden without the right over both seats, SameParticipant, KindsDiffer, AlreadyMerged, NotVerified,
    Stale; the pairings raise PairedTwice.
    """
    actor: Actor = uow.actor
    await service.get(uow, body.into_id)
    async with accounts.as_system(uow):
        stays = await service.hold(uow, body.into_id)
        if not POLICY.grants(actor, "merge", stays):
            raise Forbidden
        check_merge((gone.id, gone.kind, gone.merged_into_id), (stays.id, stays.kind, stays.merged_into_id))
        service.require_verified(stays)
        before = {"status": gone.status}
        columns = {"merged_into_id": stays.id, "remarks": body.remark}
        await step(uow, "participant", gone, "merge", LIFECYCLE, **columns)
    after = {"status": gone.status, "merged_into": str(stays.id), "remark": body.remark}
    uow.record(merged(gone, stays, before, after))
    return await service.read(uow, gone)
