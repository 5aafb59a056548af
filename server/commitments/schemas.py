"""What the public link shows and takes."""

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import Language, MeName, SessionRead
from server.campaigns.schemas import AimRead
from server.catalogue.schemas import TypeRef
from server.commitments.rules import FEWEST, public_count, public_text
from server.kit.quantity import Amount, amount
from server.kit.shapes import Clean, Input, Name, Window
from server.participants.schemas import ParticipantApply
from server.places.schemas import PlaceRef

Email = Annotated[str, Clean(120, 3), Field(description="an e-mail address, or a mobile number of the mainland")]
Code = Annotated[str, Clean(6, 6), Field(description="the six digits that were sent to it")]
People = Annotated[int | None, Field(description=f"null: not said, or fewer than {FEWEST}")]


class Doors(NamedTuple):
    """By which ways a code can be sent."""

    by_mail: bool
    by_phone: bool


class OpenNeed(BaseModel):
    """What everybody may know of a published need of open reach: no contacts, no villages, no small numbers of people."""

    id: UUID
    title: str
    description: Annotated[str, Field(description="without what reads like a number of a person or an account")]
    resource_type: TypeRef
    place: PlaceRef
    county: Annotated[Name, Field(description="who asks, and accepts")]
    quantity: Amount
    open: Annotated[Amount, Field(description="neither held nor pledged nor accepted")]
    min_part: Annotated[Amount | None, Field(description="the smallest part taken from one giver")]
    window: Window
    households: People
    persons: People
    by_mail: Annotated[
        bool, Field(description="whether codes can be mailed, so that somebody without an account may commit")
    ]
    by_phone: Annotated[bool, Field(description="the same by short message to a mobile number")]

    @classmethod
    def of(cls, row: dict[str, Any], doors: Doors) -> "OpenNeed":
        """From the repository's row."""
        unit, smallest = row["unit"], row["min_part"]
        return cls(
            id=row["id"],
            title=public_text(row["title"]),
            description=public_text(row["description"]),
            resource_type=TypeRef.of(row),
            place=PlaceRef.of(row),
            county=Name(zh=row["county_zh"], en=row["county_en"]),
            quantity=amount(row["quantity"], unit),
            open=amount(max(row["open"], 0), unit),
            min_part=None if smallest is None else amount(smallest, unit),
            window=Window(from_=row["window_from"], to=row["window_to"]),
            households=public_count(row["households"]),
            persons=public_count(row["persons"]),
            by_mail=doors.by_mail,
            by_phone=doors.by_phone,
        )


class OpenCampaign(BaseModel):
    """What everybody may know of an open campaign, and the needs to which one gives through it."""

    id: UUID
    title: str
    description: str
    conditions: Annotated[str, Field(description="rules of the campaign")]
    villages: list[str]
    organiser: Name
    county: Annotated[Name, Field(description="who consented, and accepts")]
    charity: Annotated[Name | None, Field(description="who receives, where a charity does")]
    place: PlaceRef
    window: Window
    days_left: Annotated[int | None, Field(description="today included; null before its first day and after its last")]
    aims: list[AimRead]
    joined: int
    needs: list[OpenNeed]

    @classmethod
    def of(
        cls, row: dict[str, Any], days_left: int | None, aims: list[AimRead], needs: list[OpenNeed]
    ) -> "OpenCampaign":
        """From the repository's row."""
        organiser, county, charity = (
            Name(zh=row[f"{name}_zh"] or "", en=row[f"{name}_en"] or "") for name in ("organiser", "county", "charity")
        )
        return cls(
            id=row["id"],
            title=public_text(row["title"]),
            description=public_text(row["description"]),
            conditions=public_text(row["conditions"]),
            villages=row["villages"],
            organiser=organiser,
            county=county,
            charity=charity if charity.zh else None,
            place=PlaceRef.of(row),
            window=Window(from_=row["window_from"], to=row["window_to"]),
            days_left=days_left,
            aims=aims,
            joined=row["joined"],
            needs=needs,
        )


class CodeAsk(Input):
    """To which address a code is to be sent, and what for: to commit, or to see what became of what was given."""

    email: Email
    purpose: Literal["commit", "look"] = "commit"


class Commit(Input):
    """What somebody without an account gives to a need: who, what, how much, until when, with the code for the e-mail."""

    need_id: UUID
    campaign_id: Annotated[UUID | None, Field(description="the campaign through which one gives")] = None
    quantity: Annotated[Amount, Field(description="in the type's unit, or in one that it accepts")]
    last_day: Annotated[date, Field(description="it comes by this day")]
    words: Annotated[str, Clean(2000), Field(description="what it is, and how it comes")] = ""
    participant: ParticipantApply
    person: Annotated[MeName, Field(description="who commits; of a citizen the name again")]
    email: Email
    code: Code
    language: Language = "zh-CN"
    client_ref: Annotated[str, Clean(80, 8), Field(description="the form's own key: sent again it makes no second one")]


class Entry(Input):
    """An address that is proved by the code sent to it, to see what became of what was given."""

    email: Email
    code: Code


class Committed(BaseModel):
    """What was made, and the session of whoever made it."""

    proposal_id: UUID
    pledge_id: Annotated[
        UUID | None, Field(description="null while the line department that the county asks has not agreed")
    ]
    participant_id: UUID
    session: SessionRead
