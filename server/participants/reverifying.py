"""Verification holds until a day: who is to be verified again is urged, and whose day has passed makes no new promise."""

from datetime import date
from uuid import UUID

from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import repository, service
from server.participants.events import happened
from server.participants.rules import LIFECYCLE, reverification

LAPSED = "到期未重新核验 / not verified again by its day"


async def due(uow: UnitOfWork, day: date) -> list[UUID]:
    """Verified participants to urge, or to suspend, on a business day."""
    return await repository.due_to_reverify(uow, day)


async def urge(uow: UnitOfWork, participant_id: UUID, day: date) -> bool:
    """Urge a participant and its office once, or suspend it after its day: old promises stay; says whether it did."""
    await repository.hold_alone(uow, participant_id)
    participant = await service.get(uow, participant_id)
    wanted = reverification(participant.status, participant.verify_again_by, day)
    facts = {"verify_again_by": str(participant.verify_again_by)}
    if wanted == "lapse":
        before = {"status": participant.status}
        await step(uow, "participant", participant, "lapse", LIFECYCLE, remarks=LAPSED)
        uow.record(happened(participant, "lapse", before, {"status": participant.status, "remark": LAPSED}))
    elif wanted == "urge" and not await repository.urged_to_reverify(uow, participant_id, facts["verify_again_by"]):
        uow.record(happened(participant, "urge", None, facts))
    else:
        return False
    return True
