"""What the interface takes and shows of proposals."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import PersonRef
from server.activity.references import ClientRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Clean, Input, Name, Reason, Window
from server.participants.schemas import ParticipantRef
from server.proposals.declining import LONGEST_COOL_DOWN, MOST_REASONS
from server.proposals.parties import Parties
from server.proposals.rules import Seat, Side, Status, TurnKind, Voice

Asked = Annotated[Amount, Field(description="in the type's unit, or in one that it accepts")]
TermsText = Annotated[str, Clean(4000), Field(description="conditions in words: what, how, who pays for transport …")]


class ProposalCreate(Input):
    """An offer and a need brought together; the quantity is held on both sides at once."""

    need_id: UUID
    offer_id: UUID
    quantity: Asked
    window: Annotated[Window | None, Field(description="default: the days that need and offer share")] = None
    terms: TermsText = ""
    on_behalf_of: Annotated[
        Side | None, Field(description="for members of both sides: which one proposes; default the county")
    ] = None
    client_ref: ClientRef = None


class SuggestionPropose(Input):
    """A docking suggestion taken up; what is left out is taken from the suggestion."""

    quantity: Asked | None = None
    window: Window | None = None
    terms: TermsText = ""


class Counter(Input):
    """Other terms in answer; what is left out stays as it stands."""

    quantity: Asked | None = None
    window: Window | None = None
    terms: Annotated[Annotated[str, Clean(4000)] | None, Field(description="conditions in words")] = None


class ReasonText(Input):
    """The words of a reason, in both languages."""

    zh: Annotated[str, Clean(80, 1)]
    en: Annotated[str, Clean(160, 1)]


class Decline(Input):
    """A coded reason, so that the next docking run can take it into account."""

    code: Annotated[str, Clean(40, 1), Field(description="one of those in force: proposals/decline-codes")]
    remark: Annotated[str, Clean(2000), Field(description="shown to the other side")] = ""


class MessageCreate(Input):
    """A message to the other side."""

    text: Annotated[str, Clean(4000, 1), Field(description="shown to both sides")]
    file_ids: Annotated[list[UUID], Field(max_length=10, description="files that the caller uploaded")] = []


class Turn(BaseModel):
    """What somebody said: terms, or that somebody agreed to the terms as they stood, or declined."""

    kind: TurnKind
    by: Annotated[Seat | Voice, Field(description="for whom")]
    person: PersonRef | None
    quantity: Amount
    window: Window
    terms: str
    at: datetime


class DeclineRead(BaseModel):
    """The reason of a decline."""

    code: str
    text: Annotated[Name, Field(description="as the list said when it was declined, however it reads today")]
    by: Annotated[Voice | None, Field(description="who declined; null of what was declined before this was kept")]
    remark: str


class ProposalRow(Parties):
    """A proposal in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    quantity: Amount
    window: Window
    terms: str
    hold_until: Annotated[datetime, Field(description="business time until which the quantity is held")]
    proposed_by: Seat
    agreed_by: Annotated[list[Side], Field(description="the sides that agreed to the terms as they stand")]
    awaiting: Annotated[list[Side], Field(description="the sides whose answer is missing; empty once it is over")]
    department: Annotated[
        ParticipantRef | None, Field(description="the line department whose agreement the county asks for")
    ]
    department_agreed_at: Annotated[
        datetime | None, Field(description="when it agreed to the terms as they stand; null: not yet, or not asked")
    ]
    awaits_department: Annotated[bool, Field(description="its agreement is missing")]
    awaits_verification: Annotated[
        bool, Field(description="the giver is not verified yet: nothing is held, and nothing counts")
    ]
    suggestion_id: UUID | None
    renewals_left: int
    unread: Annotated[int, Field(description="messages of others since the caller last read the thread")]
    decline: DeclineRead | None
    remark: str
    can: list[str]


class ProposalRead(ProposalRow):
    """A proposal with its turns; the last terms among them are what stands."""

    department_agreed_by: Annotated[PersonRef | None, Field(description="who agreed for the line department")]
    turns: list[Turn]


class Attachment(BaseModel):
    """A file beside a message; its contents are at `files/{file_id}`."""

    file_id: UUID
    media_type: str
    size: int


class MessageRead(BaseModel):
    """A message of one side."""

    id: UUID
    by: Seat
    person: PersonRef | None
    text: str
    at: datetime
    files: list[Attachment]
    read_at: Annotated[
        datetime | None, Field(description="when somebody of another side had read it; null: nobody yet")
    ]


class DeclineReason(Input):
    """One entry of the list of coded reasons."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="stays with its meaning for good")]
    text: ReasonText
    cool_down_days: Annotated[
        int,
        Field(
            ge=0,
            le=LONGEST_COOL_DOWN,
            description="for so long runs do not suggest the same pair; 0: they are not told",
        ),
    ]
    retired: Annotated[bool, Field(description="offered no more; proposals that were declined with it keep it")] = False


class DeclineListVersion(BaseModel):
    """The reasons as somebody set them; version 0 is what Jiedui begins with."""

    version: int
    reasons: list[DeclineReason]
    remark: str
    set_by: Annotated[Name | None, Field(description="who set it")]
    set_at: datetime | None


class DeclineListRead(DeclineListVersion):
    """The reasons in force, the retired ones too."""

    always: Annotated[list[str], Field(description="codes that cannot be retired")]
    can: list[str]


class DeclineListSet(Reason):
    """The whole list of reasons as it is to be from now on, and why."""

    reasons: Annotated[list[DeclineReason], Field(min_length=1, max_length=MOST_REASONS)]


class ProposalQuery(ListQuery):
    """Filters of the list of proposals; those that the caller may see."""

    status: Annotated[list[Status] | None, Field(description="one or several")] = None
    live: Annotated[bool | None, Field(description="only those (not) under negotiation")] = None
    side: Annotated[Literal["county", "giver"] | None, Field(description="those where the caller is on this side")] = (
        None
    )
    awaiting: Annotated[Literal["me", "county", "giver"] | None, Field(description="whose answer is missing")] = None
    county: Annotated[UUID | None, Field(description="participant")] = None
    giver: Annotated[UUID | None, Field(description="participant")] = None
    place: Annotated[str | None, Field(pattern="^[0-9]{6}$", description="code of a county or a place above it")] = None
    pairing: UUID | None = None
    need_id: UUID | None = None
    offer_id: UUID | None = None
