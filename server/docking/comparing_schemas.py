"""What a run changes, as the interface shows it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.places.schemas import Dot, PlaceRef

Change = Literal["gained", "lost", "changed"]


class CountyCoverage(BaseModel):
    """How far a county's published needs are covered, each need counting alike: 0 to 1."""

    place: PlaceRef
    needs: int
    before: Annotated[float, Field(description="held, pledged or accepted when the run looked")]
    after: Annotated[float, Field(description="the same, had every suggestion become a pledge")]


class TypeMoved(BaseModel):
    """How much of a type the other run suggested, and how much this one does."""

    resource_type: TypeRef
    before: Amount
    after: Amount


class RunComparison(BaseModel):
    """Two runs: from the other one to this one."""

    run_id: UUID
    other_id: UUID
    kept: Annotated[int, Field(description="the same pair and quantity in both")]
    changed: Annotated[int, Field(description="the same pair, another quantity")]
    gained: Annotated[int, Field(description="only in this run")]
    lost: Annotated[int, Field(description="only in the other run")]
    types: list[TypeMoved]


class SuggestionChange(BaseModel):
    """A suggestion of which the two runs differ."""

    id: UUID
    change: Change
    need_id: UUID
    need_title: str
    offer_id: UUID
    offer_title: str
    place: PlaceRef
    resource_type: TypeRef
    before: Amount | None
    after: Amount | None


class ChangeQuery(ListQuery):
    """Which changes."""

    change: Change | None = None


class RunFlowQuery(BaseModel):
    """Which of a run's suggestions are drawn."""

    model_config = ConfigDict(extra="forbid")

    province: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="receiving province")] = None
    head: Head | None = None


class TypeSuggested(BaseModel):
    """How much of one resource type is suggested from a place to a county; types are never added up."""

    resource_type: TypeRef
    suggestions: int
    quantity: Amount


class RunFlow(BaseModel):
    """What a run suggests from a giving place to a receiving county."""

    giver: Annotated[Dot | None, Field(description="null for armed-forces units and givers without a seat")]
    county: Dot
    suggestions: int
    types: list[TypeSuggested]


class RunFlows(BaseModel):
    """A run's suggestions by pair of places, the pairs with most suggestions first and at most so many of them."""

    flows: list[RunFlow]
    pairs: Annotated[int, Field(description="all pairs of places, also those that are left out")]
    suggestions: Annotated[int, Field(description="the suggestions of all of them")]
