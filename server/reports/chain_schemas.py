"""From the agreement to the money, as the interface shows it: targets with their progress, pledges with their chain."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.agreements.rules import Register
from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.kit.quantity import Amount, DecimalText, Money
from server.kit.shapes import Name
from server.places.schemas import PlaceRef
from server.pledges.rules import Status as PledgeStatus
from server.proposals.parties import TitleRef
from server.reports.ledger_schemas import SignedAmount
from server.reports.schemas import PlaceFilter

Rate = Annotated[DecimalText | None, Field(description="a share from 0 on, as a decimal; null of nothing")]


class ChainFilter(BaseModel):
    """Which agreements, and as of when."""

    model_config = ConfigDict(extra="forbid")

    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    place: PlaceFilter = None
    as_of: Annotated[date | None, Field(description="what the books said at the end of this day; default today")] = None


class ChainQuery(ChainFilter):
    """Which pairing besides."""

    pairing_id: UUID | None = None


class MoneyChain(BaseModel):
    """Money on its way: 下达, 拨付, 到账, 支出, as its vouchers say; of what was not rejected or lost."""

    allocated: Money
    paid_out: Money
    received: Money
    spent: Money


class TargetProgress(BaseModel):
    """A target of an agreement in effect, and what the books hold of it.

    Pledges of the pairing count that took effect within the agreement's days, of the target's type, in its place, as far
    as the reader may see them; what came of them counts until `as_of`.
    """

    agreement_id: UUID
    pairing_id: UUID
    year: int
    giver: Name
    place: PlaceRef
    position: int
    head: Head
    resource_type: TypeRef | None
    counted_by: Annotated[Register | None, Field(description="what counts it beside the books")]
    title: str
    asked: Amount
    pledges: int
    promised: Annotated[SignedAmount | None, Field(description="null where the books do not count it")]
    accepted: Annotated[
        SignedAmount | None, Field(description="of a register: meetings that both sides confirmed, people on post")
    ]
    rate: Annotated[Rate, Field(description="accepted of asked")]
    chain: Annotated[MoneyChain | None, Field(description="of a target in funds")]


class TargetReport(BaseModel):
    """Targets in the order of their agreements."""

    as_of: date
    rows: list[TargetProgress]


class MoneyStep(BaseModel):
    """One step of the money of a pledge: how much, and when the last of it."""

    amount: Money
    on: date | None


class MoneyLate(BaseModel):
    """What should have come and did not."""

    since: Annotated[date, Field(description="the day on which the first part that lacks was due")]
    days: int
    amount: Money


class MoneyLine(BaseModel):
    """One pledge of money with its target and project; or a target in funds that nothing is pledged for yet."""

    id: Annotated[str, Field(description="of the pledge, or of the agreement and its target")]
    agreement_id: UUID | None
    pairing_id: UUID
    year: int
    giver: Name
    place: PlaceRef
    position: int | None
    resource_type: TypeRef
    title: Annotated[str, Field(description="of the target, in the agreement's own words")]
    asked: Annotated[Money | None, Field(description="of the target; null outside an agreement")]
    project: TitleRef | None
    need: TitleRef | None
    pledge_id: UUID | None
    status: PledgeStatus | None
    promised: Money
    due: date | None
    allocated: MoneyStep
    paid_out: MoneyStep
    received: MoneyStep
    spent: MoneyStep
    paid_rate: Annotated[Rate, Field(description="paid out of what is promised")]
    spent_rate: Annotated[Rate, Field(description="spent of what was received")]
    late: MoneyLate | None
    unspent_days: Annotated[int | None, Field(description="days since the last of it came, where some is not spent")]


class MoneyReport(BaseModel):
    """The lines in the order of their targets; what stands outside an agreement comes last."""

    as_of: date
    rows: list[MoneyLine]
