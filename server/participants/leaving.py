"""A citizen who takes part in their own name and is forgotten: the participant stays with its books, without the name."""

from uuid import UUID

from server.kit.transition import change, step
from server.kit.uow import UnitOfWork
from server.participants import service
from server.participants.events import happened
from server.participants.rules import LIFECYCLE

REMARK = "本人注销 / withdrew"


async def withdraw_citizen(uow: UnitOfWork, participant_id: UUID, name_zh: str, name_en: str) -> None:
    """Take the name and what the form asked for; one that is verified is suspended: it makes no new promise.

    The caller acts as the system. Raises Stale.
    """
    citizen = await service.hold(uow, participant_id)
    columns = {"name_zh": name_zh, "name_en": name_en, "credit_code": None, "details": "{}", "remarks": REMARK}
    if citizen.status == "verified":
        before = {"status": citizen.status}
        await step(uow, "participant", citizen, "suspend", LIFECYCLE, **columns)
        uow.record(happened(citizen, "suspend", before, {"status": citizen.status, "remark": REMARK}))
    else:
        await change(uow, "participant", citizen, **columns)
