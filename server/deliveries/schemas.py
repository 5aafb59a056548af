"""What the interface takes and shows of deliveries."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from server.accounts.schemas import PersonRef
from server.activity.references import ClientRef
from server.catalogue.schemas import TypeRef
from server.deliveries.rules import Figure, ShortfallCode, Status
from server.kit.clock import BEIJING
from server.kit.paging import ListQuery
from server.kit.quantity import LARGEST, Amount, DecimalText
from server.kit.shapes import Clean, Input, Name
from server.participants.sides import Side
from server.proposals.parties import Parties

Voucher = Annotated[str, Clean(100), Field(description="number of the payment, waybill or letter")]
Note = Annotated[str, Clean(2000), Field(description="shown to both sides")]


def _in_beijing(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=BEIJING)


At = Annotated[
    datetime,
    AfterValidator(_in_beijing),
    Field(description="when it was; default now. A date alone is a day in Beijing", examples=["2019-06-01"]),
]


class DeliveryCreate(Input):
    """A part sent, or planned, on a pledge."""

    pledge_id: UUID
    declared: Annotated[Amount, Field(description="what the giver says it sends; at most what the pledge has left")]
    sent: Annotated[bool, Field(description="false: planned only, to be sent later")] = True
    client_ref: ClientRef = None
    voucher: Voucher | None = None
    note: Note = ""
    at: At | None = None


class StageNote(Input):
    """What goes with a step: the number of its voucher and a note."""

    voucher: Voucher | None = None
    note: Note = ""


class StageStep(StageNote):
    """A step with its date and its figures."""

    at: At | None = None
    figures: Annotated[
        dict[Figure, Annotated[DecimalText, Field(ge=0, lt=LARGEST, decimal_places=3)]],
        Field(description="numbers of the stage in the type's unit (fen for money), as text: see `steps`"),
    ] = {}


class Check(Input):
    """One item of the type's checklist as it was found."""

    item: Annotated[int, Field(ge=0, le=99, description="its place in the type's checklist, from 0")]
    ok: Annotated[bool, Field(description="in order")]
    remark: Annotated[str, Clean(500), Field(description="needed where it is not in order")] = ""


class Inspection(StageStep):
    """An inspection against the type's checklist."""

    checks: Annotated[
        list[Check] | None,
        Field(max_length=100, description="every item once; left out, every item is in order"),
    ] = None


class StageWrite(Inspection):
    """One stage of the delivery, recorded by the side that may, when it is its turn."""

    kind: Annotated[str, Clean(40, 1), Field(description="one of the delivery's `steps`")]


class AcceptShort(StageNote):
    """Less accepted than was declared; the rest stays promised."""

    accepted: Annotated[Amount, Field(description="what is accepted; more than 0, less than was declared")]
    reason: ShortfallCode


class Refusal(StageNote):
    """Why nothing of it is accepted; all of it stays promised."""

    reason: ShortfallCode


class Settle(Input):
    """What a side would settle a dispute on; settled once both say the same, or at once by a coordinator."""

    accepted: Annotated[Amount | None, Field(description="what the county accepts; null: none of it")] = None
    reason: Annotated[ShortfallCode, Field(description="why it is less, where it is")] = "other"
    note: Annotated[str, Clean(2000, 1), Field(description="shown to both sides")]


class Says(BaseModel):
    """What the sides of a dispute would settle on, and who settled it."""

    county: Amount | None
    giver: Amount | None
    settled_by: Annotated[Literal["sides", "coordinator"] | None, Field(description="null: not settled, or no dispute")]


class LaterCheck(BaseModel):
    """Whether what was accepted is still there: recorded by the county as stage `checked`, more often where it likes."""

    due: Annotated[date, Field(description="the day from which the first check is due")]
    overdue: Annotated[bool, Field(description="due, and not checked yet")]
    last: Annotated[datetime | None, Field(description="the last check")]
    still: Annotated[Amount | None, Field(description="how much was still there then, where it was counted")]


class SurplusAsk(Input):
    """More came than was declared."""

    arrived: Annotated[Amount, Field(description="all that came; more than was declared")]
    note: Annotated[str, Clean(2000, 1), Field(description="shown to both sides")]


class Consent(Input):
    """Consent to a surplus; where it raises the pledge, the signature under the amended text."""

    text_hash: Annotated[
        str | None, Field(pattern="^[0-9a-f]{64}$", description="`surplus.text_hash` as it was shown")
    ] = None
    note: Note = ""


class SurplusRead(BaseModel):
    """More than was declared, as one side says, waiting for the other's consent."""

    quantity: Annotated[Amount, Field(description="beyond what was declared")]
    beyond: Annotated[Amount, Field(description="the part for which pledge, need and offer are raised")]
    by: Side
    text_hash: Annotated[str | None, Field(description="the amended text of the pledge that consent signs")]


class Explained(Input):
    """A dispute or a loss in words."""

    note: Annotated[str, Clean(2000, 1), Field(description="what happened; shown to both sides")]


class EvidenceWrite(Input):
    """A file of the caller's that shows what the delivery says."""

    file_id: UUID
    kind: Annotated[str, Clean(40, 1), Field(description="a code of the type's `evidence`, or `other`")]
    caption: Annotated[str, Clean(200), Field(description="what it shows")] = ""


class Evidence(BaseModel):
    """A file that shows what the delivery says; its contents are at `files/{file_id}`."""

    file_id: UUID
    kind: str
    caption: str
    side: Side
    person: PersonRef | None
    at: datetime
    media_type: str
    size: int
    width: int | None
    height: int | None


class CheckRead(Name):
    """An item of the checklist as it was found."""

    ok: bool
    remark: str


class Stage(BaseModel):
    """One dated step."""

    kind: str
    name: Name
    at: Annotated[datetime, Field(description="when it was, in business time")]
    person: Annotated[PersonRef | None, Field(description="who recorded it")]
    voucher: str | None
    note: str
    figures: dict[str, str]
    checks: list[CheckRead]


class Step(BaseModel):
    """One stage of the way that deliveries of this type go, done or to come."""

    kind: str
    name: Name
    by: Annotated[Side, Field(description="the side that records it")]
    state: Annotated[
        Literal["done", "next", "open"],
        Field(description="next: it is its turn; a stage may be repeated while it is done and in `next`"),
    ]
    when: Annotated[
        Literal["before", "with", "may", "after", "decision"],
        Field(
            description="before: acceptance needs it; with: acceptance says it too; may: it may be left out;"
            " after: it follows acceptance; decision: the county's acceptance itself"
        ),
    ]
    voucher: Annotated[bool, Field(description="needs the number of its voucher")]
    checks: Annotated[bool, Field(description="is held against the type's checklist")]
    figures: list[str]
    mine: Annotated[bool, Field(description="the caller may record it now")]


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

    stages: Annotated[list[Stage], Field(description="what was recorded, oldest first")]
    steps: Annotated[list[Step], Field(description="the way of its type, with acceptance at its place")]
    evidence: list[Evidence]
    check: Annotated[LaterCheck | None, Field(description="null before acceptance, and for types that are not checked")]
    surplus: Annotated[SurplusRead | None, Field(description="null where none waits for consent")]
    dispute: Annotated[Says | None, Field(description="null where there was none")]
    next: Annotated[str | None, Field(description="kind of the step that is waited for")]


class DeliveryHeld(BaseModel):
    """A delivery as a sheet is compared with it, for one of its sides."""

    id: UUID
    version: int
    status: Status
    mine: Annotated[Side, Field(description="the side for which it is compared")]
    pledge_id: UUID
    title: Annotated[str, Field(description="of the need")]
    resource_type: TypeRef
    declared: Amount
    accepted: Amount | None
    reason: ShortfallCode | None
    day: Annotated[date | None, Field(description="when it was sent, in Beijing")]
    voucher: str
    client_ref: str | None


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
    check_due: Annotated[bool | None, Field(description="only those whose check months later is (not) due")] = None
    sent_from: Annotated[date | None, Field(description="sent on or after this day")] = None
