"""Intents as the interface takes and shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.intents.rules import Status
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, amount
from server.kit.shapes import Clean, Input
from server.participants.schemas import ParticipantRef


class IntentCreate(Input):
    """What a giver means to give to a published need."""

    need_id: UUID
    participant_id: Annotated[
        UUID | None, Field(description="the giver; may be left out by somebody who speaks for one participant")
    ] = None
    quantity: Annotated[Amount, Field(description="in the type's unit, or in one that it accepts")]
    by_day: Annotated[date, Field(description="it may come by this day")]
    words: Annotated[str, Clean(2000), Field(description="what it is, and what it still hangs on")] = ""


class IntentRead(BaseModel):
    """An intent. It binds nobody, holds nothing, and no sum contains it."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    need_id: UUID
    giver: ParticipantRef
    quantity: Amount
    by_day: date
    words: str
    remark: Annotated[str, Field(description="why it was withdrawn")]
    can: list[str]

    @classmethod
    def of(cls, row: Mapping[str, Any], can: list[str]) -> "IntentRead":
        """From the repository's row."""
        names = ("id", "version", "status", "created_at", "need_id", "by_day", "words", "remark")
        return cls(
            **{name: row[name] for name in names},
            giver=ParticipantRef.of(row, "giver_"),
            quantity=amount(row["quantity"], row["unit"]),
            can=can,
        )


class IntentQuery(ListQuery):
    """Filters of the list of intents; those that the caller may see."""

    need_id: UUID | None = None
    status: list[Status] = []
