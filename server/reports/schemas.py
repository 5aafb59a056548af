"""Reports as the interface shows them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.accounts.schemas import PersonRef
from server.books.rules import Movement
from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Name
from server.places.schemas import Dot, PlaceRef

ProvinceFilter = Annotated[
    str | None, Field(pattern=r"^[0-9]{2}(0{4})?$", description="receiving province: two digits or its code")
]
PlaceFilter = Annotated[
    str | None, Field(pattern=r"^[0-9]{6}$", description="receiving county, prefecture or province")
]
RecordKind = Literal[
    "need",
    "offer",
    "suggestion",
    "proposal",
    "pledge",
    "delivery",
    "participant",
    "agreement",
    "meeting",
    "secondment",
    "year_summary",
    "task",
]


class WorkItem(BaseModel):
    """One record that somebody has to do something about."""

    kind: RecordKind
    id: UUID
    title: str
    verb: Annotated[str | None, Field(description="what the caller does next; null where others have to act")]
    due: Annotated[date | None, Field(description="last day for it, in Beijing time")]
    since: Annotated[datetime | None, Field(description="business time since when it waits")]
    quantity: Amount | None
    county: Annotated[PlaceRef | None, Field(description="the receiving county")]
    other: Annotated[Name | None, Field(description="the other side, or who has to act")]
    urged: Annotated[
        Literal["giver", "county", "both", "coordinator", "leading_group_office"] | None,
        Field(description="of a pledge: who was urged last, by hand or by calendar"),
    ] = None


class Today(BaseModel):
    """What a person has to do, and what they wait for; 100 rows at most in each list, the most urgent first."""

    overdue: list[WorkItem]
    waiting_for_me: list[WorkItem]
    waiting_for_others: list[WorkItem]


class BoardQuery(BaseModel):
    """Which records stand on the board."""

    model_config = ConfigDict(extra="forbid")

    province: ProvinceFilter = None
    place: PlaceFilter = None
    head: Head | None = None
    limit: Annotated[int, Field(ge=1, le=100, description="cards a column")] = 20


Stage = Literal["review", "suggestions", "proposals", "to_sign", "deliveries", "accepted"]


class BoardColumn(BaseModel):
    """One stage of the work and its newest cards."""

    stage: Stage
    total: Annotated[int, Field(description="all records at this stage, also those without a card here")]
    items: list[WorkItem]


class Board(BaseModel):
    """The work by stage, within what the caller may see."""

    columns: list[BoardColumn]


class RecordRef(BaseModel):
    """A record that something happened to."""

    kind: RecordKind
    id: UUID
    title: str


class TimelineEntry(BaseModel):
    """Something that happened within a pairing."""

    id: UUID
    at: Annotated[datetime, Field(description="business time")]
    kind: Annotated[str, Field(examples=["proposal.countered"])]
    actor: PersonRef | None
    side: Annotated[Literal["county", "giver"] | None, Field(description="whose record it is; null for both sides'")]
    record: RecordRef
    quantity: Amount | None
    text: Annotated[str, Field(description="terms, remark or note")]


class TimelineQuery(ListQuery):
    """Pages of a timeline, newest first."""


class CoverageQuery(BaseModel):
    """By what to group, and which needs to count."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[Literal["county", "province", "head"], Field(description="a row for each of these")] = "province"
    province: ProvinceFilter = None
    place: PlaceFilter = None
    head: Head | None = None
    resource_type: Annotated[str | None, Field(max_length=40)] = None
    with_types: Annotated[
        bool | None, Field(description="quantities by type; default yes, but for the counties of the whole country")
    ] = None


class TypeCoverage(BaseModel):
    """Quantities of one resource type; types are never added up."""

    resource_type: TypeRef
    needs: Annotated[int, Field(description="published needs")]
    asked: Amount
    held: Amount
    pledged: Annotated[Amount, Field(description="promised and not yet accepted")]
    accepted: Amount
    open: Amount


class CoverageRow(BaseModel):
    """One county, province or head."""

    place: PlaceRef | None
    head: Head | None
    needs: Annotated[int, Field(description="published needs")]
    touched: Annotated[int, Field(description="of them with something held, pledged or accepted")]
    covered: Annotated[int, Field(description="of them with nothing left open")]
    fulfilled: Annotated[int, Field(description="of them with everything accepted")]
    types: Annotated[list[TypeCoverage], Field(description="empty without `with_types`")]


class CoverageReport(BaseModel):
    """How far needs are covered. Counts of needs may be added up, quantities only within one type."""

    by: Literal["county", "province", "head"]
    rows: list[CoverageRow]


class FlowQuery(BaseModel):
    """Which pledges flow over the map."""

    model_config = ConfigDict(extra="forbid")

    province: ProvinceFilter = None
    place: PlaceFilter = None
    giver: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="giving county, city or province")] = None
    head: Head | None = None
    level: Annotated[Literal["province", "prefecture"], Field(description="of the giving side")] = "prefecture"


class TypeFlow(BaseModel):
    """What flows of one resource type; types, and money of different kinds, are never added up."""

    resource_type: TypeRef
    pledges: int
    pledged: Annotated[Amount, Field(description="promised by effective pledges, also what was accepted since")]
    accepted: Amount


class Flow(BaseModel):
    """From a giving place to a receiving county."""

    giver: Annotated[Dot | None, Field(description="null for armed-forces units and givers without a seat")]
    county: Dot
    pledges: int
    accepted_in_full: int
    types: list[TypeFlow]


class Flows(BaseModel):
    """Signed pledges by place, within what the caller may see."""

    flows: list[Flow]


class LedgerQuery(ListQuery):
    """Whose ledger: exactly one of both."""

    need_id: UUID | None = None
    offer_id: UUID | None = None


class LedgerBalance(BaseModel):
    """An account after one of its entries."""

    quantity: Amount
    held: Amount
    pledged: Amount
    accepted: Amount
    open: Amount


class LedgerRow(BaseModel):
    """One movement on an account, with the balance after it."""

    id: UUID
    sequence: int
    movement: Movement
    quantity: Annotated[Amount, Field(description="what moved; for `amend` the size of the change")]
    lowers: Annotated[bool, Field(description="an amendment that lowers the quantity")]
    other: Annotated[RecordRef | None, Field(description="the need or offer on the other side of the movement")]
    reference_kind: str
    reference_id: UUID
    at: Annotated[datetime, Field(description="business time")]
    recorded_at: datetime
    by: PersonRef | None
    hash: Annotated[str, Field(description="SHA-256 over this entry and the hash before it")]
    balance: LedgerBalance
