"""Participants as the interface takes and shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, field_validator, model_validator

from server.accounts.schemas import PersonRef
from server.catalogue.rules import Head
from server.files.schemas import FileRead
from server.kit.paging import ListQuery
from server.kit.request import TextError
from server.kit.shapes import Clean, Input, Name, Reason, Remark
from server.participants.rules import Kind, OfficeRegistered, SelfRegistered, Status, is_credit_code
from server.participants.sides import Side
from server.places.schemas import PlaceRef


class ParticipantRef(BaseModel):
    """A participant inside another record; an armed-forces unit by its alias."""

    id: UUID
    name: Name
    kind: Kind

    @classmethod
    def of(cls, row: Mapping[str, Any], prefix: str) -> "ParticipantRef":
        """From a row with id, kind, zh and en under a prefix each, such as `giver_`."""
        return cls(**cls.shown(row, prefix))

    @staticmethod
    def shown(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        """The form of the reply, for a list's rows, from such a row."""
        name = Name.shown(row[f"{prefix}zh"], row[f"{prefix}en"])
        return {"id": row[f"{prefix}id"], "name": name, "kind": row[f"{prefix}kind"]}


class SignatureRead(BaseModel):
    """One side's signature under the text as it stands."""

    side: Side
    person: PersonRef
    for_person: Annotated[PersonRef | None, Field(description="in whose place a substitute signed")] = None
    text_hash: str
    at: datetime


class ParticipantRow(ParticipantRef):
    """A participant in a list."""

    version: int
    status: Status
    place: Annotated[PlaceRef | None, Field(description="its seat; null for an armed-forces unit")]
    verified_at: datetime | None
    verify_again_by: Annotated[date | None, Field(description="until when its verification holds")]
    created_at: datetime


class Checked(BaseModel):
    """One thing that the verifying office looks at."""

    code: str
    text: Name
    ticked: Annotated[bool, Field(description="found in order at the last verification")]


class DocumentAsked(BaseModel):
    """A document that an application has to show."""

    code: str
    text: Name
    there: bool


class DocumentRead(FileRead):
    """A document of a participant."""

    document: Annotated[str | None, Field(description="code of what it shows; null for something else")]


class Details(Input):
    """What the form of a kind asks for beyond name, code and seat; what does not belong to the kind stays empty."""

    legal_representative: Annotated[str, Clean(60), Field(description="of an enterprise, as registered")] = ""
    business: Annotated[str, Clean(200), Field(description="what an enterprise does")] = ""
    organisation: Annotated[
        Literal["foundation", "association", "service_agency"] | None,
        Field(description="which form a social organisation has"),
    ] = None
    public_fundraising: Annotated[
        bool, Field(description="a social organisation that may raise funds from the public")
    ] = False
    order_document: Annotated[
        str, Clean(200), Field(description="title and number of the document that sets it up or assigns it")
    ] = ""
    responsible_office: Annotated[
        str, Clean(100), Field(description="which of its offices does the work of aid: of governments and units")
    ] = ""
    heads: Annotated[list[Head], Field(description="what a line department answers for", max_length=10)] = []
    conditions: Annotated[
        str, Clean(500), Field(description="what an armed-forces unit has the conditions to undertake (article 22)")
    ] = ""
    committee: Annotated[
        Literal["central", "provincial", "municipal"] | None,
        Field(description="level of a democratic party's committee"),
    ] = None
    mandate: Annotated[
        str, Clean(300), Field(description="what a coordinating office or a supervisor is charged with")
    ] = ""


class ParticipantRead(ParticipantRow):
    """A participant."""

    credit_code: Annotated[
        str | None, Field(description="unified social credit code; null also where the caller may not see it")
    ]
    remarks: Annotated[str, Field(description="what the verifying office last said; empty for outsiders")]
    parent: ParticipantRef | None
    merged_into: Annotated[
        ParticipantRef | None, Field(description="the participant that goes on for it, where it was there twice")
    ]
    details: Annotated[Details | None, Field(description="null for outsiders")]
    checklist: Annotated[list[Checked], Field(description="what its verification looks at; empty for outsiders")]
    documents: Annotated[
        list[DocumentAsked], Field(description="what its application has to show; empty for outsiders")
    ]
    can: list[str]


class ParticipantQuery(ListQuery):
    """Filters of the list of participants."""

    q: Annotated[Annotated[str, Clean(60)] | None, Field(description="part of the name, two characters suffice")] = None
    kind: list[Kind] = []
    status: list[Status] = []
    place: Annotated[Annotated[str, Clean(12)] | None, Field(description="seat at or below this code")] = None
    parent: Annotated[UUID | None, Field(description="those that belong to this participant")] = None
    due_by: Annotated[date | None, Field(description="to be verified again by this day")] = None


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
    details: Details = Details()

    @model_validator(mode="after")
    def _has_credit_code(self) -> "ParticipantApply":
        if self.kind == "citizen":
            if self.credit_code:
                raise TextError("公民不填统一社会信用代码", "a citizen has no unified social credit code")
            return self
        _check_credit_code(self.credit_code)
        return self


class ParticipantRegister(Input):
    """What a coordinating office registers a participant with; somebody else verifies it."""

    kind: OfficeRegistered
    name: NameInput
    alias: Annotated[
        Annotated[str, Clean(100, 1)] | None,
        Field(description="of an armed-forces unit: its name outside its pairings"),
    ] = None
    credit_code: Annotated[str | None, Clean(18)] = None
    place_code: Annotated[str, Clean(12, 2), Field(description="code of its seat")]
    parent_id: Annotated[UUID | None, Field(description="the participant that it belongs to, as a subsidiary")] = None
    details: Details = Details()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ParticipantRegister":
        if (self.kind == "armed_forces_unit") != (self.alias is not None):
            raise TextError(
                "军队和武警单位须有代称，其他主体不填", "an armed-forces unit has an alias, and no other kind"
            )
        if self.credit_code:
            _check_credit_code(self.credit_code)
        return self


def _check_credit_code(code: str | None) -> None:
    if not code or not is_credit_code(code):
        raise TextError(
            "统一社会信用代码须为 18 位且校验位正确",
            "the credit code needs 18 characters and the right check character",
        )


class ParticipantVerify(Remark):
    """Verification: every point of the kind's checklist found in order."""

    checklist: Annotated[list[Annotated[str, Clean(40, 1)]], Field(max_length=20)] = []


class ParticipantMerge(Reason):
    """Why a participant that is there twice is merged, and which one stays."""

    into_id: UUID


class Attach(Input):
    """A file of the caller's, as a document of its participant."""

    file_id: UUID
    document: Annotated[
        Annotated[str, Clean(40, 1)] | None,
        Field(description="code of the document that it is; null for something else"),
    ] = None


class LikenessQuery(Input):
    """What somebody is about to register."""

    name: Annotated[str, Clean(200, 2)]
    credit_code: Annotated[Annotated[str, Clean(18)] | None, Field(description="18 characters, or nothing")] = None


class Likeness(BaseModel):
    """A verified participant that may be the same; nothing but what everybody may know."""

    name: Name
    kind: Kind
    place: PlaceRef | None
    by: Annotated[Literal["code", "name", "pinyin"], Field(description="pinyin: the name sounds alike")]


class Likenesses(BaseModel):
    """What is registered already and looks alike."""

    code_taken: Annotated[bool, Field(description="another application, verified or not, has this credit code")]
    items: list[Likeness]


class ParticipantCorrect(Input):
    """What a returned application is sent again with."""

    name: NameInput | None = None
    credit_code: Annotated[str, Clean(18, 18)] | None = None
    place_code: Annotated[str, Clean(12, 2)] | None = None
    details: Details | None = None

    @field_validator("credit_code")
    @classmethod
    def _is_right(cls, code: str | None) -> str | None:
        if code:
            _check_credit_code(code)
        return code


class Membership(BaseModel):
    """A participant that the caller belongs to, with the roles there."""

    participant: ParticipantRef
    status: Status
    place: PlaceRef | None
    roles: list[str]
