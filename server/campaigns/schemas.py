"""Campaigns as the interface takes and shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.campaigns.rules import Status
from server.catalogue.schemas import TypeCode, TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, amount
from server.kit.shapes import Clean, Description, Input, Title, Window
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef

Conditions = Annotated[str, Clean(4_000), Field(description="rules of the campaign: who may give, what is taken")]
Villages = Annotated[list[Annotated[str, Clean(60, 1)]], Field(max_length=200, description="places that it is for")]
Days = Annotated[Window, Field(description="the days within which it is joined")]


class AimInput(Input):
    """How much of one type is to be brought together."""

    resource_type: TypeCode
    quantity: Annotated[Amount, Field(description="in the type's unit, or in one that it accepts")]


Aims = Annotated[list[AimInput], Field(min_length=1, max_length=20, description="one for each type, of open reach")]


class CampaignCreate(Input):
    """A campaign as it is drafted."""

    organiser_id: Annotated[
        UUID | None, Field(description="who calls to give; may be left out by an editor of one participant")
    ] = None
    host_id: Annotated[UUID, Field(description="government of the county that it is for")]
    charity_id: Annotated[
        UUID | None, Field(description="who receives; of money a qualified charity, without which it does not open")
    ] = None
    title: Title
    description: Description = ""
    conditions: Conditions = ""
    villages: Villages = []
    window: Days
    aims: Aims


class CampaignChange(Input):
    """What is to be changed before consent is asked; what is left out stays."""

    charity_id: UUID | None = None
    title: Title | None = None
    description: Annotated[str | None, Clean(10_000)] = None
    conditions: Annotated[str | None, Clean(4_000)] = None
    villages: Villages | None = None
    window: Window | None = None
    aims: Aims | None = None


class Join(Input):
    """A participant joins."""

    participant_id: Annotated[
        UUID | None, Field(description="who joins; may be left out by an editor of one participant")
    ] = None


class Link(Input):
    """One of the caller's pledges is to count for the campaign."""

    pledge_id: UUID


class Report(Input):
    """What came of a campaign, and thanks to those who gave. The figures are those of the books."""

    report: Annotated[str, Clean(10_000, 1), Field(description="closing report: what came, what it was used for")]
    thanks: Annotated[str, Clean(2_000), Field(description="to those who joined")] = ""


class AimRead(BaseModel):
    """An aim and what the books say of it."""

    resource_type: TypeRef
    quantity: Amount
    pledged: Annotated[Amount, Field(description="promised by pledges in force; includes what was accepted of them")]
    accepted: Annotated[Amount, Field(description="accepted by the county")]
    pledges: Annotated[int, Field(description="how many pledges are counted")]
    waiting: Annotated[int, Field(description="pledges that wait for verification or signature; never counted")]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "AimRead":
        """From the repository's row."""
        unit = row["unit"]
        return cls(
            resource_type=TypeRef.of(row),
            quantity=amount(row["quantity"], unit),
            pledged=amount(row["pledged"], unit),
            accepted=amount(row["accepted"], unit),
            pledges=row["pledges"],
            waiting=row["waiting"],
        )


class CampaignRow(BaseModel):
    """A campaign in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    can: Annotated[list[str], Field(description="what the caller may do with it now")]
    title: str
    organiser: ParticipantRef
    host: ParticipantRef
    charity: ParticipantRef | None
    place: PlaceRef
    window: Window
    aims: list[AimRead]
    running: Annotated[bool, Field(description="open, and today is one of its days: givers may join and count pledges")]
    joined: Annotated[int, Field(description="how many participants joined")]


class CampaignRead(CampaignRow):
    """A campaign with all that was written about it."""

    description: str
    conditions: str
    villages: list[str]
    participants: Annotated[list[ParticipantRef], Field(description="who joined, at most 200, citizens left out")]
    citizens: Annotated[int, Field(description="how many citizens joined: counted, not named")]
    consented_on: date | None
    opened_on: date | None
    closed_on: date | None
    reported_on: date | None
    report: str
    thanks: str
    remark: str
    written_by: UUID


class CampaignQuery(ListQuery):
    """Filters of the list; those that may be repeated are joined by OR."""

    q: Annotated[str | None, Field(max_length=100, description="words in the title")] = None
    status: list[Status] = []
    province: Annotated[str | None, Field(pattern=r"^[0-9]{2}(0{4})?$")] = None
    resource_type: Annotated[str | None, Field(max_length=40, description="one that it aims at")] = None
    mine: Annotated[bool, Field(description="organised, hosted, received or joined by the caller's participants")] = (
        False
    )


def row(found: Mapping[str, Any], can: list[str], aims: list[AimRead], *, running: bool) -> CampaignRow:
    """A list's row from the repository's."""
    return CampaignRow(**_shown(found, can, aims), running=running)


def whole(
    found: Mapping[str, Any],
    can: list[str],
    aims: list[AimRead],
    joined: list[dict[str, Any]],
    citizens: int,
    *,
    running: bool,
) -> CampaignRead:
    """A whole campaign from the repository's rows."""
    names = (
        *("description", "conditions", "villages", "consented_on", "opened_on", "closed_on", "reported_on"),
        *("report", "thanks", "remark", "written_by"),
    )
    return CampaignRead(
        **_shown(found, can, aims),
        running=running,
        **{name: found[name] for name in names},
        participants=[ParticipantRef.of(each, "participant_") for each in joined],
        citizens=citizens,
    )


def _shown(found: Mapping[str, Any], can: list[str], aims: list[AimRead]) -> dict[str, Any]:
    kept = ("id", "version", "status", "created_at", "title", "joined")
    return {name: found[name] for name in kept} | {
        "can": can,
        "organiser": ParticipantRef.of(found, "organiser_"),
        "host": ParticipantRef.of(found, "host_"),
        "charity": ParticipantRef.of(found, "charity_") if found["charity_id"] else None,
        "place": PlaceRef.of(found),
        "window": Window(from_=found["window_from"], to=found["window_to"]),
        "aims": aims,
    }
