"""Members, invitations and users as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.rules import MAX_PASSWORD, MIN_PASSWORD, Role
from server.accounts.schemas import Language, MeName, PersonRef, Typed
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Name, Window
from server.participants.schemas import ParticipantApply, ParticipantRead, ParticipantRef, ParticipantRegister
from server.people.rules import MemberRole, OfficeRole
from server.places.schemas import PlaceRef

MemberRoles = Annotated[list[MemberRole], Field(min_length=1, max_length=5)]
Identifier = Annotated[
    str, Clean(120, 1), Field(description="an e-mail address, a telephone number, or a name to sign in with")
]


class MemberRead(BaseModel):
    """Somebody who belongs to a participant."""

    id: Annotated[UUID, Field(description="the user's id")]
    identifier: str
    name: Name
    roles: list[MemberRole]
    since: datetime
    is_active: Annotated[bool, Field(description="can sign in")]


class MemberChange(Input):
    """The roles that a member has from now on."""

    roles: MemberRoles


class MemberRemoval(Input):
    """Why a member goes, and who takes over."""

    remark: Annotated[str, Clean(2000, 1)]
    successor_id: Annotated[
        UUID | None,
        Field(
            description="a member who gets the roles that nobody else has, and what is unfinished; null: an administrator"
        ),
    ] = None


class SubstituteNamed(Input):
    """Who stands in for whom, from one day to another, both included."""

    person_id: Annotated[UUID | None, Field(description="null: for oneself; for others their administrator names")] = (
        None
    )
    substitute_id: UUID
    from_: Annotated[date, Field(alias="from", description="today or later, Beijing time")]
    until: date
    remark: Annotated[str, Clean(500)] = ""


class SubstitutionRead(BaseModel):
    """Somebody stands in for another member of a participant."""

    id: UUID
    participant: ParticipantRef
    person: Annotated[PersonRef, Field(description="who is away")]
    substitute: PersonRef
    window: Annotated[Window, Field(description="both days included; Beijing time")]
    remark: str
    state: Literal["to_come", "running", "over"]
    can: list[str]


class Succession(Input):
    """Who takes over at one participant."""

    participant_id: UUID
    user_id: UUID


class Deactivation(Input):
    """Why a user can no longer sign in, and who takes over where the user belongs; elsewhere an administrator does."""

    remark: Annotated[str, Clean(2000, 1)]
    successors: Annotated[list[Succession], Field(max_length=100)] = []


class MemberInvite(Input):
    """Whom to invite into a participant."""

    identifier: Identifier
    roles: MemberRoles


class OfficeInvite(Input):
    """Whom to invite into an office."""

    identifier: Identifier
    role: OfficeRole
    place_code: Annotated[Annotated[str, Clean(12)] | None, Field(description="null: national")] = None


class InvitationRead(BaseModel):
    """An invitation that is still open."""

    id: UUID
    identifier: str
    roles: list[Role]
    participant: ParticipantRef | None
    place: PlaceRef | None
    invited_by: Name
    created_at: datetime
    expires_at: datetime


class InvitationCreated(InvitationRead):
    """A new invitation; its link is shown this once."""

    link: Annotated[str, Field(description="the address to hand to the invited person; works once")]


class Token(Input):
    """What stands in the link after `#`."""

    token: Annotated[str, Clean(100, 20)]


class InvitationShown(BaseModel):
    """What an invitation is to, for whoever holds its link."""

    identifier: str
    roles: list[Role]
    participant: ParticipantRef | None
    place: PlaceRef | None
    invited_by: Name
    expires_at: datetime
    has_account: Annotated[bool, Field(description="the invited person can sign in already, and accepts afterwards")]


class InvitationAccept(Token):
    """Acceptance; name and password only from who is not signed in and has no account yet."""

    name: MeName | None = None
    password: Annotated[
        Typed | None, Field(description=f"{MIN_PASSWORD} to {MAX_PASSWORD} characters, not easy to guess")
    ] = None
    language: Language = "zh-CN"


class ErasureWish(Input):
    """Who wishes to be forgotten shows once more who they are; without a password of their own it is not looked at."""

    password: Typed
    code: Annotated[str | None, Clean(40, 1), Field(description="of the second factor, where one stands")] = None


class ResetCode(BaseModel):
    """A code with which a person chooses another password, once, at `/forgotten`; shown this once."""

    identifier: Annotated[str, Field(description="with which the person signs in")]
    code: str
    expires_at: datetime


class HeldRole(BaseModel):
    """A role that a user has, and where."""

    id: UUID
    role: Role
    participant: ParticipantRef | None
    place: PlaceRef | None
    since: datetime


class UserRow(BaseModel):
    """A user as the platform administrator sees one."""

    id: UUID
    version: int
    identifier: str
    name: Name
    is_active: bool
    created_at: datetime
    last_seen_at: Annotated[datetime | None, Field(description="in a browser, to within five minutes")]
    second_factor: Annotated[bool, Field(description="whether signing in asks for a code")]
    erase_at: Annotated[datetime | None, Field(description="when the person is to be forgotten, as they wish")]
    grants: list[HeldRole]
    can: list[str]


class UserQuery(ListQuery):
    """Filters of the list of users."""

    q: Annotated[Annotated[str, Clean(60)] | None, Field(description="part of name or identifier")] = None
    role: list[Role] = []
    state: Literal["active", "inactive"] | None = None


class OfficeGrant(Input):
    """A role over a place or national; or the administrator of a participant that has none left."""

    role: OfficeRole | Literal["administrator"]
    place_code: Annotated[Annotated[str, Clean(12)] | None, Field(description="null: national")] = None
    participant_id: Annotated[UUID | None, Field(description="with the role of an administrator only")] = None


class Account(Input):
    """Who registers."""

    identifier: Identifier
    name: MeName
    password: Annotated[Typed, Field(description=f"{MIN_PASSWORD} to {MAX_PASSWORD} characters, not easy to guess")]
    language: Language = "zh-CN"


class Registration(Input):
    """An account and an application to take part, sent together by somebody who has no account yet."""

    account: Account
    participant: ParticipantApply


class OfficeRegistration(Input):
    """A participant that a coordinating office registers, and whom it invites to administer it."""

    participant: ParticipantRegister
    administrator: Identifier


class OfficeRegistered(BaseModel):
    """What was registered, and the link for its administrator, shown this once."""

    participant: ParticipantRead
    invitation: InvitationCreated
