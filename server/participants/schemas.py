"""Participants as the interface takes and shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from server.kit.paging import ListQuery
from server.kit.request import TextError
from server.kit.shapes import Clean, Input, Name
from server.participants.rules import Kind, SelfRegistered, Status, is_credit_code
from server.places.schemas import PlaceRef


class ParticipantRef(BaseModel):
    """A participant inside another record; an armed-forces unit by its alias."""

    id: UUID
    name: Name
    kind: Kind

    @classmethod
    def of(cls, row: Mapping[str, Any], prefix: str) -> "ParticipantRef":
        """From a row with id, kind, zh and en under a prefix each, such as `giver_`."""
        name = Name(zh=row[f"{prefix}zh"], en=row[f"{prefix}en"])
        return cls(id=row[f"{prefix}id"], kind=row[f"{prefix}kind"], name=name)


class ParticipantRow(ParticipantRef):
    """A participant in a list."""

    version: int
    status: Status
    place: Annotated[PlaceRef | None, Field(description="its seat; null for an armed-forces unit")]
    verified_at: datetime | None
    created_at: datetime


class ParticipantRead(ParticipantRow):
    """A participant."""

    credit_code: Annotated[
        str | None, Field(description="unified social credit code; null also where the caller may not see it")
    ]
    remarks: Annotated[str, Field(description="what the verifying office last said; empty for outsiders")]
    parent: ParticipantRef | None
    can: list[str]


class ParticipantQuery(ListQuery):
    """Filters of the list of participants."""

    q: Annotated[Annotated[str, Clean(60)] | None, Field(description="part of the name, two characters suffice")] = None
    kind: list[Kind] = []
    status: list[Status] = []
    place: Annotated[Annotated[str, Clean(12)] | None, Field(description="seat at or below this code")] = None


class NameInput(Input):
    """A name; the English one may be left out."""

    zh: Annotated[str, Clean(200, 1)]
    en: Annotated[str, Clean(200)] = ""


class ParticipantApply(Input):
    """An application to take part; whoever applies becomes the participant's administrator."""

    kind: SelfRegistered
    name: NameInput
    credit_code: Annotated[str | None, Clean(18), Field(description="18 characters; needed from organisations")] = None
    place_code: Annotated[str, Clean(12, 2), Field(description="code of its seat")]

    @model_validator(mode="after")
    def _has_credit_code(self) -> "ParticipantApply":
        if self.kind == "citizen":
            if self.credit_code:
                raise TextError("公民不填统一社会信用代码", "a citizen has no unified social credit code")
            return self
        if not self.credit_code or not is_credit_code(self.credit_code):
            raise TextError(
                "统一社会信用代码须为 18 位且校验位正确",
                "the credit code needs 18 characters and the right check character",
            )
        return self


class ParticipantCorrect(Input):
    """What a returned application is sent again with."""

    name: NameInput | None = None
    place_code: Annotated[str, Clean(12, 2)] | None = None


class Membership(BaseModel):
    """A participant that the caller belongs to, with the roles there."""

    participant: ParticipantRef
    status: Status
    place: PlaceRef | None
    roles: list[str]
