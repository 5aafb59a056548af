"""The ledger (台账) as the interface shows it: sums over boundaries, pledges line by line, and what stands behind one."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.accounts.schemas import PersonRef
from server.books.rules import Movement
from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, DecimalText
from server.kit.shapes import Name
from server.places.schemas import PlaceRef
from server.reports.schemas import PlaceFilter, RecordRef

Boundary = Literal["nation", "province", "prefecture", "county", "pairing", "head"]


class LedgerSpan(BaseModel):
    """As of when."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        date | None,
        Field(description="balances at the end of this day in Beijing, from the entries alone; default today"),
    ] = None
    year: Annotated[int | None, Field(ge=2000, le=2100, description="only what moved in this year, up to `as_of`")] = (
        None
    )


class LedgerFilter(LedgerSpan):
    """Which promises count, and as of when."""

    place: PlaceFilter = None
    pairing_id: UUID | None = None
    head: Head | None = None
    resource_type: Annotated[str | None, Field(max_length=40)] = None


class LedgerSumQuery(LedgerFilter):
    """By which boundary to add up."""

    by: Annotated[Boundary, Field(description="rows for each of these; within it one for each resource type")] = (
        "nation"
    )
    limit: Annotated[int, Field(ge=1, le=1000, description="rows a page")] = 500
    cursor: Annotated[str | None, Field(max_length=120, description="`next` of the page before")] = None


class LedgerLineQuery(ListQuery, LedgerFilter):
    """Pages of pledges."""


class PairingRef(BaseModel):
    """A pairing inside another record."""

    id: UUID
    giver: Annotated[Name | None, Field(description="the giving participant or place; null where it is not named")]
    place: PlaceRef


class SignedMoney(BaseModel):
    """Money in fen that may be below zero: within a year more may be taken back than promised."""

    amount_fen: int


class SignedQuantity(BaseModel):
    """A quantity that may be below zero."""

    value: DecimalText
    unit: str


SignedAmount = SignedMoney | SignedQuantity


class Figures(BaseModel):
    """What both sides say: promised by the giver and what it declared, beside what the county accepted."""

    promised: Annotated[SignedAmount, Field(description="signed, whether accepted already or not")]
    declared: Annotated[SignedAmount, Field(description="by the giver, of deliveries that the county has decided")]
    accepted: Annotated[SignedAmount, Field(description="by the county; every acceptance counts once")]
    difference: Annotated[SignedAmount, Field(description="declared and not accepted")]
    remaining: Annotated[SignedAmount, Field(description="promised and not accepted")]


class LedgerSum(Figures):
    """One resource type within one boundary. Types are never added up, nor are two kinds of money."""

    place: Annotated[PlaceRef | None, Field(description="the county, prefecture or province; null for the others")]
    pairing: Annotated[PairingRef | None, Field(description="null too for promises outside any pairing")]
    head: Head
    resource_type: TypeRef
    asked: Annotated[
        SignedAmount | None, Field(description="by needs; null by pairing, and where the caller may not see it")
    ]
    held: Annotated[
        SignedAmount | None, Field(description="by proposals and unsigned pledges; null by pairing and for a year")
    ]
    pledges: Annotated[int, Field(description="pledges that moved something")]


class LedgerSums(BaseModel):
    """Sums as of one day."""

    as_of: date
    year: int | None
    by: Boundary
    rows: list[LedgerSum]
    next: Annotated[str | None, Field(description="cursor of the next page; null on the last one")]


class LedgerVariance(BaseModel):
    """Whose it is that less was accepted than declared, and why."""

    owner: Annotated[Literal["county", "giver"] | None, Field(description="null: nobody has explained it")]
    note: str


class LedgerLine(Figures):
    """One signed pledge."""

    id: Annotated[UUID, Field(description="of the pledge")]
    need: RecordRef
    giver: Name
    county: Name
    place: PlaceRef
    pairing_id: UUID | None
    resource_type: TypeRef
    status: Annotated[str, Field(description="of the pledge as it is now")]
    effective_at: datetime
    due: date
    variance: LedgerVariance


class LedgerMovement(BaseModel):
    """One entry of the books on behalf of a pledge, as it stands on the need's account."""

    id: UUID
    movement: Movement
    quantity: Amount
    delivery_id: UUID | None
    at: Annotated[datetime, Field(description="business time")]
    by: PersonRef | None
    promised: Annotated[Amount, Field(description="on this pledge after the entry")]
    accepted: Annotated[Amount, Field(description="on this pledge after the entry")]
    hash: Annotated[str, Field(description="SHA-256 over this entry and the hash before it")]


class LedgerVoucher(BaseModel):
    """A dated step of a delivery, with the number of its voucher."""

    kind: str
    name: Name
    at: datetime
    voucher: str | None
    note: str


class LedgerDelivery(BaseModel):
    """A part delivered on a pledge."""

    id: UUID
    status: str
    declared: Amount
    accepted: Amount | None
    decided_at: datetime | None
    files: Annotated[int, Field(description="evidence on it")]
    stages: list[LedgerVoucher]


class LedgerAccount(LedgerLine):
    """One pledge opened: its entries, oldest first, and its deliveries with their vouchers."""

    entries: list[LedgerMovement]
    deliveries: list[LedgerDelivery]
