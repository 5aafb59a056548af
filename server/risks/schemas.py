"""Risk flags as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import PersonRef
from server.kit.shapes import Clean, Input


class RiskSet(Input):
    """What was found out, and its evidence."""

    reason: Annotated[str, Clean(1000, 2)]
    file_id: Annotated[UUID | None, Field(description="an uploaded file of the caller's: the evidence")] = None


class RiskLift(Input):
    """Why a flag no longer holds."""

    remark: Annotated[str, Clean(1000, 2)]


class RiskRead(BaseModel):
    """A risk flag."""

    id: UUID
    reason: str
    file_id: Annotated[
        UUID | None, Field(description="the evidence; null also for who only deals with the participant")
    ]
    set_by: PersonRef
    set_at: datetime
    lifted_by: PersonRef | None
    lifted_at: datetime | None
    lift_remark: str
    can: list[str]
