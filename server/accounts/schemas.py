"""Signing in, one's own profile, sessions and API keys, as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from server.accounts.rules import MAX_PASSWORD, MIN_PASSWORD, Role, Scope
from server.kit.shapes import Clean, Input, Name

Language = Literal["zh-CN", "en"]
Theme = Literal["system", "light", "dark"]
Typed = Annotated[SecretStr, Field(min_length=1, max_length=MAX_PASSWORD)]


class SignIn(Input):
    """What a person signs in with."""

    identifier: Annotated[str, Clean(120, 1), Field(examples=["clerk@demo"])]
    password: Typed
    code: Annotated[
        str | None, Clean(40, 1), Field(description="of the second factor, where there is one; or a recovery code")
    ] = None


class PersonRef(BaseModel):
    """Who acted, by name."""

    id: UUID
    name: Name


class UserRead(BaseModel):
    """A person."""

    id: UUID
    identifier: str
    name: Name
    language: Language
    theme: Theme


class GrantRead(BaseModel):
    """A role: at a participant (its name: `GET me/memberships`), over a place and all below it, or national."""

    role: Role
    participant_id: UUID | None
    place_code: str | None
    instead_of: Annotated[UUID | None, Field(description="whose role it is, where the user only stands in")] = None


class SessionRead(BaseModel):
    """Who is signed in here; `user` is null for nobody."""

    csrf_token: Annotated[str | None, Field(description="to be sent as X-CSRF-Token on every unsafe request")]
    user: UserRead | None
    grants: list[GrantRead]
    business_date: Annotated[date, Field(description="the date on which the platform works, Beijing time")]
    second_factor_needed: Annotated[
        bool, Field(description="the office asks for a second factor: until it is set up nothing else can be done")
    ]
    openid: Annotated[
        str | None,
        Field(description="how the identity provider is called through which one can sign in; null for none"),
    ]
    demo: Annotated[bool, Field(description="the data is a synthetic scenario, to be said on every screen")]


class MeRead(UserRead):
    """One's own profile."""

    version: int
    erase_at: Annotated[
        datetime | None, Field(description="when the person's data are to be erased, as they wish; null: not at all")
    ] = None


class MeName(Input):
    """A person's name; the English one may be empty."""

    zh: Annotated[str, Clean(120, 1)]
    en: Annotated[str, Clean(120)] = ""


class MeChange(Input):
    """What changes in one's own profile; what is left out stays."""

    name: MeName | None = None
    language: Language | None = None
    theme: Theme | None = None


class PasswordChange(Input):
    """A new password; every other session of the person ends."""

    current: Typed
    next: Annotated[SecretStr, Field(description=f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")]


class SecondFactorRead(BaseModel):
    """How one's own second factor stands."""

    on: bool
    since: datetime | None
    recovery_codes_left: int
    required: Annotated[bool, Field(description="the office asks for it: it cannot be turned off")]


class SecondFactorSetUp(Input):
    """Who sets up a second factor shows once more who they are."""

    password: Typed


class SecondFactorOffered(BaseModel):
    """A secret for an authenticator app; it is shown this once and holds once a code of it was given."""

    secret: Annotated[str, Field(description="base 32, to be typed where no camera is")]
    address: Annotated[str, Field(description="the otpauth address that the QR code carries")]
    size: Annotated[int, Field(description="side of the QR code in dots, margin not counted")]
    path: Annotated[str, Field(description="the dark dots as an SVG path, one unit a dot")]


class CodeGiven(Input):
    """A code of the second factor, or a recovery code."""

    code: Annotated[str, Clean(40, 1)]


class RecoveryCodes(BaseModel):
    """Codes that each work once in place of the second factor; they are shown this once."""

    codes: list[str]


class PasswordForgotten(Input):
    """Who has forgotten the password: the e-mail address with which they sign in."""

    identifier: Annotated[str, Clean(120, 1)]
    language: Language = "zh-CN"


class PasswordReset(Input):
    """Another password, with the code that was sent."""

    identifier: Annotated[str, Clean(120, 1)]
    code: Annotated[str, Clean(12, 1)]
    password: Annotated[SecretStr, Field(description=f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")]


class OpenIdAddress(BaseModel):
    """Where the browser goes to sign in; it comes back to `/sign-in/openid` within ten minutes."""

    address: str


class OpenIdLink(Input):
    """Who links an identity to the own account shows once more who they are."""

    password: Typed
    code: Annotated[str | None, Clean(40, 1), Field(description="of the second factor, where one stands")] = None


class OpenIdAnswer(Input):
    """What the provider gave the browser to bring back, as it stands in the address."""

    code: Annotated[str, Clean(4000, 1)]
    state: Annotated[str, Clean(200, 1)]
    iss: Annotated[str | None, Clean(300, 1), Field(description="RFC 9207, where the provider names itself")] = None


class OpenIdFinished(BaseModel):
    """Signed in, or the identity is linked to who is signed in."""

    linked: bool
    session: SessionRead


class OpenIdRead(BaseModel):
    """An identity with which one signs in."""

    id: UUID
    issuer: str
    shown_as: Annotated[str, Field(description="how the provider called the person when it was linked")]
    created_at: datetime


class OpenIdSignedOut(BaseModel):
    """Signed out here; `address` is where the browser signs out at the provider, null where it need not."""

    address: str | None


class OwnSession(BaseModel):
    """A browser in which the person is signed in."""

    id: UUID
    created_at: datetime
    last_seen_at: Annotated[datetime, Field(description="to within five minutes")]
    expires_at: datetime
    user_agent: str
    current: Annotated[bool, Field(description="the session that asks")]


class ApiKeyCreate(Input):
    """A key for a machine that acts for the caller."""

    name: Annotated[str, Clean(120, 1)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=2, description="read: GET only; write: everything")]
    days: Annotated[int, Field(ge=1, le=730, description="days until it expires")] = 365


class ApiKeyRead(BaseModel):
    """An API key, without its secret."""

    id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: Annotated[datetime | None, Field(description="to within five minutes")]


class ApiKeyCreated(ApiKeyRead):
    """A new API key; its secret is shown this once."""

    key: Annotated[str, StringConstraints(min_length=43), Field(description="send it as Authorization: Bearer")]
