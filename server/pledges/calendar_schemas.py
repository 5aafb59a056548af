"""What the interface takes and shows of the calendar of promises."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from server.kit.request import TextError
from server.kit.shapes import Input, Name, Reason

Late = Annotated[int, Field(ge=1, le=365)]


class CalendarDays(Input):
    """Days; each step of urging comes no sooner than the one before it."""

    urge_side_days: Annotated[Late, Field(description="late after which the side itself is urged, 1 to 365")]
    urge_coordinator_days: Annotated[Late, Field(description="late after which the coordinator is told, 1 to 365")]
    urge_office_days: Annotated[
        Late, Field(description="late after which the leading group's office is told, 1 to 365")
    ]
    check_days: Annotated[
        int, Field(ge=1, le=3650, description="after an acceptance when it is checked whether it lasts, 1 to 3650")
    ]

    @model_validator(mode="after")
    def _in_order(self) -> "CalendarDays":
        if not self.urge_side_days <= self.urge_coordinator_days <= self.urge_office_days:
            raise TextError(
                "催办须逐级后延：不能早于上一级", "each step of urging comes no sooner than the one before it"
            )
        return self


class CalendarKept(BaseModel):
    """The calendar that a pledge keeps: the one that was in force when it was made."""

    version: Annotated[int, Field(description="0: what Jiedui begins with")]
    days: CalendarDays


class CalendarVersion(BaseModel):
    """A calendar as somebody set it; version 0 is what the installation begins with."""

    version: int
    days: CalendarDays
    remark: str
    set_by: Annotated[Name | None, Field(description="who set it")]
    set_at: datetime | None


class CalendarRead(CalendarVersion):
    """The calendar in force."""

    can: list[str]


class CalendarSet(Reason):
    """The calendar of the pledges to come, and why."""

    days: CalendarDays
