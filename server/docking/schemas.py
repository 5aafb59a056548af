"""Docking runs, suggestions and unmet needs as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.docking.rules import OWN_PAIR_DAYS, RANGES, WEIGHT_RANGE, RunStatus, SuggestionStatus
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Clean, Input, Name, Reason, Window
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef

Weight = Annotated[int, Field(ge=WEIGHT_RANGE[0], le=WEIGHT_RANGE[1], description="points")]


def _within(name: str, description: str) -> Any:
    low, high = RANGES[name]
    return Field(ge=low, le=high, description=description)


class WeightsInput(Input):
    """Points a unit earns for each part of the score; 0 switches a part off."""

    own_pair: Weight = 300
    home_pair: Weight = 120
    continuity: Weight = 150
    distance: Weight = 200
    skill: Weight = 20
    priority: Weight = 60
    poverty: Weight = 80
    deadline: Weight = 100
    incumbent: Weight = 5


class SettingsInput(Input):
    """How a run docks."""

    weights: WeightsInput = WeightsInput()
    max_sources: Annotated[int, _within("max_sources", "most givers for one need")] = 6
    offer_candidates: Annotated[int, _within("offer_candidates", "needs looked at first for each offer")] = 24
    need_candidates: Annotated[
        int, _within("need_candidates", "offers kept for each need, so that none is left out")
    ] = 6
    fairness: Annotated[int, _within("fairness", "between counties: 0 off, 100 strongest")] = 50
    own_pair_days: Annotated[int, _within("own_pair_days", "days of own pair first, then of the province's pairs")] = (
        OWN_PAIR_DAYS
    )


class Range(BaseModel):
    """From the least to the most that a setting may be."""

    least: int
    most: int


class SettingsVersion(BaseModel):
    """How runs dock since a coordinator set it; version 0 is what Jiedui begins with."""

    version: int
    settings: SettingsInput
    remark: str
    set_by: Annotated[Name | None, Field(description="who set it")]
    set_at: datetime | None


class SettingsRead(SettingsVersion):
    """The settings in force."""

    ranges: Annotated[dict[str, Range], Field(description="what may be set; `weights` holds of each weight")]
    can: list[str]


class SettingsSet(Reason):
    """New settings for the runs to come, and why."""

    settings: SettingsInput


class RunStart(Input):
    """A run over what is open now, in the counties that the coordinator oversees."""

    settings: Annotated[
        SettingsInput | None, Field(description="for this run alone; left out, the settings in force are used")
    ] = None
    heads: Annotated[list[Head], Field(max_length=10, description="only these heads; empty means all")] = []
    province: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="only this province's counties")] = None


class Stage(BaseModel):
    """A stage of the computation and how long it took."""

    name: str
    seconds: float


class RunTotals(BaseModel):
    """What a run found. Values are points times quantity in smallest units; only their ratios mean something."""

    needs: int = 0
    offers: int = 0
    suggestions: int = 0
    value: int = 0
    bound: int = 0
    gap: Annotated[float, Field(description="how far from the best that could be proven possible, 0 to 1")] = 0
    covered: Annotated[float, Field(description="share of open needs covered, every resource type alike, 0 to 1")] = 0
    counties: int = 0
    unmet: int = 0


class RunRead(BaseModel):
    """A docking run."""

    id: UUID
    version: int
    status: RunStatus
    settings: dict[str, Any]
    heads: list[str]
    province: str | None
    snapshot_at: datetime | None
    progress: float
    totals: RunTotals
    stages: list[Stage]
    error: str
    engine_version: str
    input_digest: str
    created_at: datetime
    finished_at: datetime | None
    can: list[str]


class RunQuery(ListQuery):
    """Filters of the list of runs."""

    status: RunStatus | None = None


class ReasonRead(BaseModel):
    """Why: a stable code, a sentence in the caller's language, and the points it earned."""

    code: str
    text: str
    points: int | None = None


class BlockRead(BaseModel):
    """What blocks: a stable code, a sentence, and how much is missing in the unit that the sentence names."""

    code: str
    text: str
    shortfall: int | None = None


class NeedBrief(BaseModel):
    """A need beside a suggestion."""

    id: UUID
    title: str
    window: Window
    open: Amount


class OfferBrief(BaseModel):
    """An offer beside a suggestion."""

    id: UUID
    title: str
    window: Window
    open: Amount


class SuggestionRead(BaseModel):
    """One offer for one need, how much, and why. It binds nobody."""

    id: UUID
    version: int
    status: SuggestionStatus
    run_id: UUID
    need_id: UUID
    offer_id: UUID
    need: NeedBrief
    offer: OfferBrief
    place: PlaceRef
    county: ParticipantRef
    giver: ParticipantRef
    resource_type: TypeRef
    quantity: Amount
    score: int
    reasons: list[ReasonRead]
    alternatives: int
    proposal_id: UUID | None
    remark: str
    can: list[str]


class SuggestionQuery(ListQuery):
    """Filters of a run's suggestions."""

    status: SuggestionStatus | None = None
    head: Head | None = None
    province: Annotated[str | None, Field(pattern=r"^[0-9]{6}$")] = None
    need_id: UUID | None = None
    offer_id: UUID | None = None
    q: Annotated[str | None, Clean(60), Field(description="in titles")] = None


class UnmetRead(BaseModel):
    """What a run left open of one need or one offer, and what blocks it."""

    id: UUID
    kind: Literal["need", "offer"]
    need_id: UUID | None
    offer_id: UUID | None
    title: str
    resource_type: TypeRef
    place: PlaceRef | None
    participant: ParticipantRef
    open: Amount
    reasons: list[BlockRead]


class UnmetQuery(ListQuery):
    """Filters of what a run left open."""

    kind: Literal["need", "offer"] = "need"
    reason: Annotated[str | None, Clean(40), Field(description="code of the main reason")] = None


class ReasonCount(BaseModel):
    """How many needs (or offers) have this as their main reason."""

    code: str
    text: str
    count: int


class Dismiss(Reason):
    """Why a suggestion is not followed; it is recorded."""


class CoolDownRead(BaseModel):
    """A need and an offer that are not suggested together before `until`."""

    need_id: UUID
    offer_id: UUID
    until: datetime
    remark: str
