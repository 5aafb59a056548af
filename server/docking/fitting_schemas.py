"""What fits a need or an offer, as the interface takes and shows it."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.docking.schemas import BlockRead, NeedBrief, OfferBrief, ReasonRead
from server.kit.quantity import Amount
from server.kit.shapes import Clean
from server.needs.schemas import NeedCreate, PlaceCode
from server.offers.schemas import OfferCreate
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef


class FitQuery(BaseModel):
    """How many are wanted."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=50, description="the best so many")] = 20


class WindowSoFar(BaseModel):
    """A window that may not be said yet."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None

    def known(self, today: date) -> tuple[date, date] | None:
        """Both days in order; None as long as the last one is not said, or comes before the first."""
        first = self.from_ or today
        return (first, self.to) if self.to and self.to >= first else None


class NeedSoFar(NeedCreate):
    """A need while it is being written: what POST /needs takes, most of which may not be said yet."""

    place_code: Annotated[PlaceCode | None, Field(description="left out: the place of the writer's participant")] = None
    title: Annotated[str, Clean(200)] = ""
    window: WindowSoFar = WindowSoFar()


class OfferSoFar(OfferCreate):
    """An offer while it is being written: what POST /offers takes, most of which may not be said yet."""

    title: Annotated[str, Clean(200)] = ""
    window: WindowSoFar = WindowSoFar()


RankedBy = Annotated[
    int, Field(description="the score less what the other record is worth elsewhere, by the last runs")
]


class OfferFit(BaseModel):
    """An offer that fits a need: how much of it, how good, and why; `score` is the sum of the reasons' points."""

    offer: OfferBrief
    giver: ParticipantRef
    quantity: Amount
    score: int
    ranked_by: RankedBy
    reasons: list[ReasonRead]


class NeedFit(BaseModel):
    """A need that fits an offer: how much of it, how good, and why; `score` is the sum of the reasons' points."""

    need: NeedBrief
    place: PlaceRef
    county: ParticipantRef
    quantity: Amount
    score: int
    ranked_by: RankedBy
    reasons: list[ReasonRead]


class OfferNearly(BaseModel):
    """An offer that one rule alone keeps from a need."""

    offer: OfferBrief
    giver: ParticipantRef
    blocks: list[BlockRead]


class NeedNearly(BaseModel):
    """A need from which one rule alone keeps an offer."""

    need: NeedBrief
    place: PlaceRef
    county: ParticipantRef
    blocks: list[BlockRead]


class Fitting(BaseModel):
    """How many fit in all, and up to when what happened is taken into account."""

    next: None = None
    total: int
    shown: Annotated[
        Literal["all", "own"],
        Field(description="own: the caller stands on the other side, whose own records are ranked alone"),
    ]
    as_of: datetime


class FittingOffers(Fitting):
    """The offers that fit a need, best first, and some that nearly do."""

    items: list[OfferFit]
    nearly: list[OfferNearly]


class FittingNeeds(Fitting):
    """The needs that fit an offer, best first, and some that nearly do."""

    items: list[NeedFit]
    nearly: list[NeedNearly]
