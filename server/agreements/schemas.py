"""Yearly agreements as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.agreements.rules import Register, Status, VersionStatus
from server.catalogue.rules import Head
from server.catalogue.schemas import TypeCode, TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Clean, Input, Name, Window
from server.participants.schemas import ParticipantRef, SignatureRead
from server.participants.sides import Side
from server.places.schemas import PlaceRef

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="`text_hash` of the text as it was shown")]
Terms = Annotated[str, Clean(4000), Field(description="conditions in words")]


class TargetInput(Input):
    """A target (年度任务): of a resource type, which the books count, of a register, or in words under a head."""

    resource_type: Annotated[TypeCode | None, Field(description="what the books count; its head is the target's")] = (
        None
    )
    counted_by: Annotated[
        Register | None, Field(description="what meetings or secondments count, where there is no resource type")
    ] = None
    head: Annotated[Head | None, Field(description="needed where there is no resource type")] = None
    title: Annotated[str, Clean(200), Field(description="needed where there is no resource type and no register")] = ""
    quantity: Annotated[Amount, Field(description="a value with its unit, or money in fen")]


class AgreementCreate(Input):
    """A draft; without days it is for the whole year."""

    county_id: Annotated[UUID, Field(description="the government that receives, seated in the pairing's place")]
    giver_id: Annotated[UUID, Field(description="the pairing's unit, or a participant seated in its giving place")]
    year: Annotated[int, Field(ge=2000, le=2100)]
    window: Annotated[Window | None, Field(description="within the year")] = None
    targets: Annotated[list[TargetInput], Field(max_length=60)] = []
    terms: Terms = ""


class AgreementChange(Input):
    """What is left out stays as it is."""

    window: Annotated[Window | None, Field(description="within the year")] = None
    targets: Annotated[list[TargetInput] | None, Field(max_length=60, description="all of them")] = None
    terms: Annotated[Annotated[str, Clean(4000)] | None, Field(description="conditions in words")] = None


class AgreementAmend(AgreementChange):
    """Other terms for an agreement in effect; they hold once both sides have signed."""

    note: Annotated[str, Clean(2000, 1), Field(description="why; shown to both sides")]


class AgreementSign(Input):
    """A signature over the very text that was read, so that nobody signs what was changed meanwhile."""

    text_hash: Hash


class TargetRead(BaseModel):
    """A target of an agreement."""

    position: Annotated[int, Field(description="from 1, in the order of the text")]
    head: Head
    resource_type: TypeRef | None
    counted_by: Register | None
    title: str
    quantity: Amount


class AgreementRow(BaseModel):
    """An agreement in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pairing_id: UUID
    year: int
    county: ParticipantRef
    giver: ParticipantRef
    place: PlaceRef
    window: Window
    targets: list[TargetRead]
    effective_at: datetime | None
    signed_by: list[Side]
    in_force: Annotated[bool, Field(description="in effect, and the business date lies within its days")]
    amending: Annotated[bool, Field(description="an amendment waits for signatures")]
    can: list[str]


class AgreementVersionRead(BaseModel):
    """One version of an agreement's text."""

    revision: int
    status: VersionStatus
    window: Window
    targets: list[TargetRead]
    terms: str
    text: Name
    text_hash: str
    note: str
    by: Side | None
    at: datetime
    signatures: list[SignatureRead]


class AgreementRead(AgreementRow):
    """An agreement with its text, signatures and versions."""

    revision: int
    terms: str
    text: Annotated[Name, Field(description="what both sides sign, in both languages")]
    text_hash: Annotated[str, Field(description="SHA-256 over both languages")]
    signatures: list[SignatureRead]
    amendment: Annotated[AgreementVersionRead | None, Field(description="what waits for signatures to take its place")]
    versions: Annotated[list[AgreementVersionRead], Field(description="every version, the newest first")]
    remark: str


class AgreementQuery(ListQuery):
    """Filters of the list of agreements; those that the caller may see."""

    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    status: list[Status] = []
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
    on: Annotated[date | None, Field(description="in effect on this day")] = None
