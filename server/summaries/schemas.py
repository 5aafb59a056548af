"""Year-end material as the interface takes and shows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Name
from server.participants.schemas import ParticipantRef
from server.participants.sides import Side
from server.places.schemas import PlaceRef
from server.reports.chain_schemas import MoneyChain, TargetProgress
from server.reports.ledger_schemas import SignedAmount
from server.summaries.rules import Opinion, Status

Body = Annotated[str, Clean(20_000), Field(description="the account in words, as its side writes it")]


class MoneyOfYear(BaseModel):
    """The money of one resource type on its way; types are never added up."""

    resource_type: TypeRef
    promised: SignedAmount
    chain: MoneyChain


class AcceptedOfYear(BaseModel):
    """What was promised and accepted of one resource type within the year."""

    resource_type: TypeRef
    promised: SignedAmount
    accepted: SignedAmount


class Met(BaseModel):
    """Joint meetings of the year that both sides confirmed, and their decisions."""

    meetings: int
    with_leaders: Annotated[int, Field(description="to which a principal leader of each side came")]
    decisions: int
    done: int


class Sent(BaseModel):
    """People on post on any day of the year."""

    cadres_to_county: int
    cadres_to_giver: int
    professionals_to_county: int
    professionals_to_giver: int


class YearFigures(BaseModel):
    """What the books and registers hold of a pairing's year, as of a day."""

    as_of: date
    targets: list[TargetProgress]
    before: Annotated[list[TargetProgress], Field(description="targets of the year before, as at its end")]
    money: list[MoneyOfYear]
    accepted: list[AcceptedOfYear]
    projects: Annotated[int, Field(description="projects that money of the year was promised to")]
    met: Met
    sent: Sent


class SummaryCreate(Input):
    """A side's account of a year; the caller's side, or the one that is named by who is at both."""

    county_id: Annotated[UUID, Field(description="the government that receives, seated in the pairing's place")]
    giver_id: Annotated[UUID, Field(description="the pairing's unit, or a participant seated in its giving place")]
    year: Annotated[int, Field(ge=2000, le=2100)]
    side: Annotated[Side | None, Field(description="needed from who speaks for both")] = None


class SummaryChange(Input):
    """The text anew."""

    body: Body


class SummaryAnswer(Input):
    """The other side's opinion (征求意见)."""

    opinion: Opinion
    remark: Annotated[str, Clean(4000), Field(description="needed with `remarks`; kept with the version")] = ""


class SummaryRow(BaseModel):
    """Year-end material in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pairing_id: UUID
    county: ParticipantRef
    giver: ParticipantRef
    place: PlaceRef
    year: int
    side: Annotated[Side, Field(description="whose account it is")]
    revision: int
    asked_at: datetime | None
    opinion: Opinion | None
    can: list[str]


class SummaryVersion(BaseModel):
    """A version that was replaced, with the opinion that was given on it."""

    revision: int
    body: str
    as_of: date | None
    opinion: Opinion | None
    opinion_text: str
    opinion_at: datetime | None


class SummaryRead(SummaryRow):
    """Year-end material with its text and figures."""

    body: str
    suggested: Annotated[Name, Field(description="a text from the figures, to begin with")]
    figures: YearFigures
    opinion_text: str
    opinion_at: datetime | None
    history: list[SummaryVersion]


class SummaryQuery(ListQuery):
    """Filters of the list; what the caller may see."""

    pairing_id: UUID | None = None
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
