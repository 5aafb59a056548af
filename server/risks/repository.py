"""Queries on risk flags; row-level security says a second time who reads them."""

from typing import Any
from uuid import UUID

from server.kit.uow import UnitOfWork
from server.risks.models import RiskFlag

READ = """
SELECT r.id, r.reason, r.file_id, r.set_by, r.set_at, r.lifted_by, r.lifted_at, r.lift_remark,
    setter.name AS set_zh, setter.name_en AS set_en, lifter.name AS lifted_zh, lifter.name_en AS lifted_en
FROM risk_flag r LEFT JOIN LATERAL jiedui_user_names(ARRAY[r.set_by]) setter ON true
    LEFT JOIN LATERAL jiedui_user_names(ARRAY[r.lifted_by]) lifter ON true
WHERE r.participant_id = $1 ORDER BY r.lifted_at IS NOT NULL, r.set_at DESC, r.id
"""


async def of_participant(uow: UnitOfWork, participant_id: UUID) -> list[dict[str, Any]]:
    """The flags of a participant: those that stand first, the latest first."""
    return await uow.fetch(READ, participant_id)


async def find(participant_id: UUID, flag_id: UUID) -> RiskFlag | None:
    """One flag of a participant."""
    return await RiskFlag.get_or_none(id=flag_id, participant_id=participant_id)


async def lift(uow: UnitOfWork, flag: RiskFlag, remark: str, at: Any) -> bool:
    """Lift a flag that stands; says whether it was lifted now."""
    row = await uow.fetch_one(
        "UPDATE risk_flag SET lifted_by = $2, lifted_at = $3, lift_remark = $4 WHERE id = $1 AND lifted_at IS NULL RETURNING id",
        flag.id,
        uow.actor.id,
        at,
        remark,
    )
    return row is not None
