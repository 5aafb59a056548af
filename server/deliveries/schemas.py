"""What the interface takes and shows of deliveries."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.deliveries.rules import ShortfallCode, Status
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Clean, Input, Name
from server.proposals.parties import Parties
from server.proposals.schemas import PersonRef

Voucher = Annotated[str, Clean(100), Field(description="number of the payment, waybill or letter")]
Note = Annotated[str, Clean(2000), Field(description="shown to both sides")]


class DeliveryCreate(Input):
    """A part sent, or planned, on a pledge."""

    pledge_id: UUID
    declared: Annotated[Amount, Field(description="what the giver says it sends; at most what the pledge has left")]
    sent: Annotated[bool, Field(description="false: planned only, to be sent later")] = True
    client_ref: Annotated[
        Annotated[str, Clean(80, 1)] | None,
        Field(description="the sender's own key, permanent: the same form sent again makes no second delivery"),
    ] = None
    voucher: Voucher | None = None
    note: Note = ""


class StageNote(Input):
    """What goes with a step: the number of its voucher and a note."""

    voucher: Voucher | None = None
    note: Note = ""


class AcceptShort(StageNote):
    """Less accepted than was declared; the rest stays promised."""

    accepted: Annotated[Amount, Field(description="what is accepted; more than 0, less than was declared")]
    reason: ShortfallCode


class Refusal(StageNote):
    """Why nothing of it is accepted; all of it stays promised."""

    reason: ShortfallCode


class Explained(Input):
    """A dispute or a loss in words."""

    note: Annotated[str, Clean(2000, 1), Field(description="what happened; shown to both sides")]


class Stage(BaseModel):
    """One dated step."""

    kind: str
    at: datetime
    person: PersonRef | None
    voucher: str | None
    note: str


class Shortfall(BaseModel):
    """What was declared and not accepted, and why."""

    quantity: Amount
    reason: ShortfallCode
    text: Name


class DeliveryRow(Parties):
    """A delivery in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pledge_id: UUID
    declared: Annotated[Amount, Field(description="as the giver says")]
    accepted: Annotated[Amount | None, Field(description="as the county says; null until it has decided")]
    shortfall: Shortfall | None
    sent_at: datetime | None
    decided_at: datetime | None
    client_ref: str | None
    remark: str
    can: list[str]


class DeliveryRead(DeliveryRow):
    """A delivery with its stages."""

    stages: list[Stage]


class DeliverySummary(BaseModel):
    """The deliveries on one pledge, added up in its type's unit."""

    count: int
    planned: Amount
    under_way: Annotated[Amount, Field(description="sent and not yet decided")]
    accepted: Amount
    short: Annotated[Amount, Field(description="declared and not accepted: short, rejected or lost; stays promised")]
    left: Annotated[Amount, Field(description="what can still be declared")]


class PledgeDeliveries(BaseModel):
    """The deliveries on one pledge, oldest first, and their sum."""

    summary: DeliverySummary
    items: list[DeliveryRow]


class DeliveryQuery(ListQuery):
    """Filters of the list of deliveries; those that the caller may see."""

    status: Annotated[list[Status] | None, Field(description="one or several")] = None
    undecided: Annotated[bool | None, Field(description="only those sent and (not) yet decided")] = None
    side: Annotated[Literal["county", "giver"] | None, Field(description="those where the caller is on this side")] = (
        None
    )
    county: Annotated[UUID | None, Field(description="participant")] = None
    giver: Annotated[UUID | None, Field(description="participant")] = None
    place: Annotated[str | None, Field(pattern="^[0-9]{6}$", description="code of a county or a place above it")] = None
    pairing: UUID | None = None
    pledge_id: UUID | None = None
    need_id: UUID | None = None
    offer_id: UUID | None = None
    sent_from: Annotated[date | None, Field(description="sent on or after this day")] = None
