"""What the interface takes and shows of pledges."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import PersonRef
from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, Money
from server.kit.shapes import Clean, Input, Name, Window
from server.participants.schemas import SignatureRead
from server.participants.sides import Side
from server.pledges.calendar_schemas import CalendarKept
from server.pledges.rules import Status
from server.proposals.parties import Parties


class Sign(Input):
    """A signature: the hash of the very text that was read, so that nobody signs what was changed meanwhile."""

    text_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="`text_hash` of the pledge as it was shown")]


class Urge(Input):
    """A reminder (催办) to whoever is late, with a deadline; itself on record."""

    deadline: Annotated[date | None, Field(description="answer by; by default as many days from now as is set")] = None
    remark: Annotated[str, Clean(2000), Field(description="shown to both sides")] = ""


class Explain(Input):
    """Why less was accepted than was declared, and which side has to settle it."""

    owner: Annotated[Side, Field(description="the side that has to settle it")]
    note: Annotated[str, Clean(2000, 1), Field(description="shown to both sides")]


class InstalmentWrite(Input):
    """A part and the day on which it is due."""

    due: date
    quantity: Amount


class InstalmentsWrite(Input):
    """All parts of a pledge; together they are its quantity."""

    instalments: Annotated[list[InstalmentWrite], Field(min_length=1, max_length=60)]


class Amend(Input):
    """Other terms for an effective pledge; what is left out stays. They hold once both sides have signed."""

    quantity: Annotated[Amount | None, Field(description="never below what was accepted")] = None
    window: Window | None = None
    terms: Annotated[Annotated[str, Clean(4000)] | None, Field(description="conditions in words")] = None
    instalments: Annotated[
        list[InstalmentWrite] | None,
        Field(min_length=1, max_length=60, description="all parts; left out, they follow quantity and last day"),
    ] = None
    note: Annotated[str, Clean(2000, 1), Field(description="why; shown to both sides")]


class PartOf(Input):
    """The larger pledge that contains this one; null: none."""

    pledge_id: UUID | None


class Sources(Input):
    """Who bears the cost, and who brought it in where that was not the giver."""

    paid_by: Annotated[UUID, Field(description="participant")]
    mobilised_by: Annotated[UUID | None, Field(description="participant")] = None


ValueMethod = Literal["invoice", "market_price", "agreed_price", "cost", "budget_price", "appraisal"]


class ValueWrite(Input):
    """What goods or services are worth in money; never added to cash."""

    value: Money
    method: Annotated[ValueMethod, Field(description="how it was found")]
    source: Annotated[str, Clean(200, 1), Field(description="number of the invoice, where the price was read …")]


class Valuation(BaseModel):
    """What goods or services are worth, as the giver declared and the county confirmed."""

    value: Money
    method: ValueMethod
    source: str
    confirmed_at: Annotated[datetime | None, Field(description="null: not confirmed by the county")]


class ContainedPart(BaseModel):
    """A pledge that is part of this one and is counted with it."""

    id: UUID
    giver: Name
    quantity: Amount
    accepted: Amount


By = Literal["giver", "county", "paid_by", "mobilised_by", "resource_type"]


class InstalmentRead(BaseModel):
    """A part of a pledge."""

    due: date
    quantity: Amount
    overdue: Annotated[bool, Field(description="due before the business date and not yet accepted in full")]


class PartRead(BaseModel):
    """A part as a version of the text says."""

    due: date
    quantity: Amount


class VersionRead(BaseModel):
    """One version of a pledge's text; the old ones stay."""

    revision: int
    status: Annotated[
        Literal["standing", "proposed", "replaced", "declined"],
        Field(description="standing: the one that holds; proposed: an amendment that waits for signatures"),
    ]
    quantity: Amount
    window: Window
    terms: str
    instalments: list[PartRead]
    text: Name
    text_hash: Annotated[str, Field(description="SHA-256 over both languages")]
    note: Annotated[str, Field(description="why it was amended")]
    by: Annotated[Side | None, Field(description="who proposed it; null for the agreed proposal")]
    delivery_id: Annotated[UUID | None, Field(description="the delivery whose surplus it is")]
    at: datetime
    signatures: list[SignatureRead]


class UrgeRead(BaseModel):
    """A reminder (催办)."""

    about: Annotated[
        Literal["hand", "instalment", "signature", "decision"],
        Field(description="by hand, or by calendar: a part that was due, a missing signature, an undecided delivery"),
    ]
    key: Annotated[str, Field(description="which of it: the part's day, the revision, the delivery")]
    step: Annotated[int, Field(description="0 by hand; 1 to 3 are the steps of the calendar")]
    addressee: Literal["giver", "county", "both", "coordinator", "leading_group_office"]
    deadline: date
    at: datetime
    person: Annotated[PersonRef | None, Field(description="null: the calendar")]
    remark: str


class Progress(BaseModel):
    """How much of a pledge has come."""

    accepted: Amount
    remaining: Annotated[Amount, Field(description="promised and not yet accepted")]


class Variance(BaseModel):
    """What the giver declared and the county accepted, kept apart, of the deliveries that are decided."""

    declared: Annotated[Amount, Field(description="as the giver said")]
    accepted: Annotated[Amount, Field(description="as the county said")]
    difference: Annotated[Amount, Field(description="declared and not accepted: short, rejected or lost")]
    owner: Annotated[Side | None, Field(description="the side that has to settle it; null while nobody has said")]
    note: Annotated[str, Field(description="why there is a difference")]


class PledgeRow(Parties):
    """A pledge in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    proposal_id: UUID
    quantity: Amount
    window: Window
    progress: Progress
    sign_by: Annotated[datetime, Field(description="business time by which both sides must have signed")]
    due: Annotated[date, Field(description="the last day of its last part")]
    overdue: Annotated[bool, Field(description="a part that is due has not been accepted in full")]
    effective_at: datetime | None
    signed_by: list[Side]
    part_of: Annotated[UUID | None, Field(description="the larger pledge with which it is counted")]
    remark: str
    can: list[str]


class PledgeRead(PledgeRow):
    """A pledge with its text, signatures and instalments."""

    value: Annotated[Money | None, Field(description="in money; null where no value was declared")]
    valuation: Annotated[Valuation | None, Field(description="of goods and services, where it was declared")]
    parts: Annotated[list[ContainedPart], Field(description="pledges that are counted with this one")]
    variance: Variance
    paid_by: Annotated[Name, Field(description="who bears the cost")]
    paid_by_id: UUID
    mobilised_by: Annotated[Name | None, Field(description="who brought it in, where somebody did")]
    mobilised_by_id: UUID | None
    text: Annotated[Name, Field(description="what both sides sign, in both languages")]
    text_hash: Annotated[str, Field(description="SHA-256 over both languages")]
    revision: int
    terms: Annotated[str, Field(description="conditions in words, as the text that holds says")]
    amendment: Annotated[VersionRead | None, Field(description="what waits for signatures to take its place")]
    versions: Annotated[list[VersionRead], Field(description="every version, the newest first")]
    signatures: list[SignatureRead]
    instalments: list[InstalmentRead]
    calendar: Annotated[CalendarKept, Field(description="by which it is urged, and what is accepted of it checked")]
    urges: Annotated[list[UrgeRead], Field(description="reminders, the newest first")]


class PledgeHeld(BaseModel):
    """A pledge as a sheet is compared with it, for one of its sides."""

    id: UUID
    version: int
    status: Status
    title: Annotated[str, Field(description="of the need")]
    offer_title: str
    resource_type: TypeRef
    county_id: UUID
    giver_id: UUID
    county: Name
    giver: Name
    quantity: Amount
    accepted: Amount
    window: Window
    instalments: list[PartRead]


class PledgeQuery(ListQuery):
    """Filters of the list of pledges; those that the caller may see."""

    status: Annotated[list[Status] | None, Field(description="one or several")] = None
    overdue: Annotated[bool | None, Field(description="only those (not) overdue")] = None
    side: Annotated[Literal["county", "giver"] | None, Field(description="those where the caller is on this side")] = (
        None
    )
    awaiting: Annotated[
        Literal["me"] | None, Field(description="those that wait for a signature of the caller's side")
    ] = None
    county: Annotated[UUID | None, Field(description="participant")] = None
    giver: Annotated[UUID | None, Field(description="participant")] = None
    place: Annotated[str | None, Field(pattern="^[0-9]{6}$", description="code of a county or a place above it")] = None
    pairing: UUID | None = None
    need_id: UUID | None = None
    offer_id: UUID | None = None
    proposal_id: UUID | None = None


class SumQuery(PledgeQuery):
    """Filters of the sums, and by whom they are grouped; pledges in force and fulfilled ones count, parts once."""

    by: Annotated[By, Field(description="who gives, receives, pays or brought in; resource_type: not by anybody")] = (
        "giver"
    )


class PledgeSum(BaseModel):
    """Pledges of one type added up; types are never added to each other, nor the value of goods to money."""

    who: Annotated[Name | None, Field(description="null where sums are not grouped by anybody")]
    resource_type: Name
    pledges: int
    quantity: Amount
    accepted: Amount
    value: Annotated[Money | None, Field(description="declared value of goods and services")]
    value_confirmed: Annotated[Money | None, Field(description="the part of it that counties confirmed")]
