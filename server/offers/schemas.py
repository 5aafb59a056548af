"""Offers as the interface takes and shows them. Quantities are in the resource type's unit; money is in fen."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from server.activity.references import ClientRef
from server.books.schemas import Coverage, shown_coverage
from server.catalogue.rules import Head
from server.catalogue.schemas import Skills, TypeCode, TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, amount, shown
from server.kit.shapes import Description, Input, Reason, Title, Window
from server.offers.rules import MAX_PLACES, MAX_RECEIVERS, CloseReason, Restriction, Status
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef

Receivers = Annotated[int | None, Field(ge=1, le=MAX_RECEIVERS, description="how many needs at most; none: any number")]
MinLot = Annotated[Amount | None, Field(description="the smallest lot sent to one receiver")]
PlaceCodes = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9]{6}$")]],
    Field(max_length=MAX_PLACES, description="counties, prefectures or provinces"),
]


class RestrictionInput(Input):
    """For whom an offer is: for anyone, for the giver's paired counties, or for the places named."""

    kind: Restriction = "none"
    places: PlaceCodes = []


class OfferCreate(Input):
    """An offer as it is first saved: a draft."""

    participant_id: Annotated[
        UUID | None, Field(description="who gives; may be left out by an editor of one participant")
    ] = None
    resource_type: TypeCode
    title: Title
    description: Description = ""
    quantity: Annotated[Amount | None, Field(description="may be left out until it is published")] = None
    min_lot: MinLot = None
    max_receivers: Receivers = None
    window: Annotated[Window, Field(description="when it can be given")]
    skills: Skills = []
    restriction: RestrictionInput = RestrictionInput()
    client_ref: ClientRef = None


class OfferChange(Input):
    """What is to be changed of a draft; what is left out stays. `null` clears min_lot and max_receivers."""

    resource_type: TypeCode | None = None
    title: Title | None = None
    description: Description | None = None
    quantity: Amount | None = None
    min_lot: MinLot = None
    max_receivers: Receivers = None
    window: Window | None = None
    skills: Skills | None = None
    restriction: RestrictionInput | None = None


class OfferAmend(Reason):
    """Another quantity for a published offer, never below what is held, pledged and accepted."""

    quantity: Amount


class RestrictionRead(BaseModel):
    """For whom an offer is, with the places named."""

    kind: Restriction
    places: list[PlaceRef]


class OfferRow(BaseModel):
    """An offer in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    can: Annotated[list[str], Field(description="what the caller may do with it now")]
    participant_id: UUID
    participant: ParticipantRef
    resource_type: TypeRef
    title: str
    quantity: Annotated[Amount, Field(description="zero while a draft says none")]
    min_lot: Amount | None
    max_receivers: int | None
    window: Window
    skills: list[str]
    restriction: RestrictionRead
    close_reason: CloseReason | None
    published_at: datetime | None
    closed_at: datetime | None
    coverage: Annotated[
        Coverage, Field(description="from the books; what is open of an offer that was never published is all")
    ]


class OfferRead(OfferRow):
    """An offer with all that was written about it."""

    declared: Annotated[Amount, Field(description="the quantity in the unit in which it was written")]
    description: str
    remark: Annotated[str, Field(description="what was said with the last step")]
    written_by: UUID


class OfferQuery(ListQuery):
    """Filters of the list; those that may be repeated are joined by OR."""

    q: Annotated[str | None, Field(max_length=100, description="words in the title or the description")] = None
    status: list[Status] = []
    resource_type: list[str] = []
    head: list[Head] = []
    restriction: list[Restriction] = []
    province: Annotated[
        str | None,
        Field(pattern=r"^[0-9]{2}(0{4})?$", description="where the giver sits: two digits or the province's code"),
    ] = None
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="where the giver sits")] = None
    participant: UUID | None = None
    open_only: Annotated[bool, Field(description="published, with something still open")] = False
    mine: Annotated[bool, Field(description="of the caller's own participants")] = False
    deadline: Annotated[date | None, Field(description="to be given by this day at the latest")] = None


def row(found: dict[str, Any], can: list[str]) -> dict[str, Any]:
    """An OfferRow, in the form of the reply, from the repository's row."""
    unit, smallest = found["unit"], found["min_lot"]
    places = [_place(*each) for each in orjson.loads(found["places"])]
    return {
        "id": found["id"],
        "version": found["version"],
        "status": found["status"],
        "created_at": found["created_at"],
        "can": can,
        "participant_id": found["participant_id"],
        "participant": ParticipantRef.shown(found, "participant_"),
        "resource_type": TypeRef.shown(found),
        "title": found["title"],
        "quantity": shown(found["quantity"], unit),
        "min_lot": None if smallest is None else shown(smallest, unit),
        "max_receivers": found["max_receivers"],
        "window": Window.shown(found["window_from"], found["window_to"]),
        "skills": found["skills"],
        "restriction": {"kind": found["restriction"], "places": places},
        "close_reason": found["close_reason"],
        "published_at": found["published_at"],
        "closed_at": found["closed_at"],
        "coverage": shown_coverage(found),
    }


def whole(found: dict[str, Any], can: list[str]) -> OfferRead:
    """A whole offer from the repository's row."""
    return OfferRead(
        **row(found, can),
        **{name: found[name] for name in ("description", "remark", "written_by")},
        declared=amount(found["declared_value"], found["declared_unit"]),
    )


def _place(code: str, zh: str, en: str, above: str | None, above_zh: str, above_en: str) -> dict[str, Any]:
    within = PlaceRef.named(above, above_zh, above_en) if above else None
    return {**PlaceRef.named(code, zh, en), "province": within}
