"""Users, sessions, API keys, grants and failed sign-ins."""

from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault

from server.kit.schema import (
    Identified,
    Record,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    flag,
    one_of,
    rule,
    text,
    texts,
    unique,
)

PARTICIPANT_ROLES = "('administrator', 'editor', 'reviewer', 'signatory', 'viewer')"


class User(VersionedRecord):
    """A person who signs in. `password_hash` is Argon2id; without one only another way in is left.

    `erase_at` is when the person is to be forgotten, who may take that back until then; `erased_at` is when it was done:
    from then on the row says only that there was somebody. Both are real times.
    """

    identifier = fields.CharField(max_length=120, unique=True)
    name = fields.CharField(max_length=120)
    name_en = text(120)
    password_hash = fields.CharField(max_length=255, null=True)
    language = choice(default="zh-CN", db_default=SqlDefault("'zh-CN'"))
    theme = choice(default="system", db_default=SqlDefault("'system'"))
    is_active = flag(default=True)
    erase_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_user"
        constraints: ClassVar = [
            one_of("account_user", "language", "zh-CN", "en"),
            one_of("account_user", "theme", "system", "light", "dark"),
            rule(
                "account_user",
                "identifier",
                "identifier = lower(identifier) AND identifier <> ''",
            ),
        ]


class Session(Record):
    """A signed-in browser. Only the hash of its token is kept; all times are real."""

    token_hash = fields.BinaryField()
    csrf_token = fields.CharField(max_length=64)
    user: fields.ForeignKeyRelation[User] = belongs_to("User")
    user_id: UUID
    last_seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    revoked_at = fields.DatetimeField(null=True)
    user_agent = text(400)
    by_openid = flag(default=False)
    """Begun through the identity provider."""
    has_factor = flag(default=False)
    """The identity provider asked for a second factor."""

    class Meta:
        table = "session"
        constraints: ClassVar = [unique("session", "token_hash")]


class ApiKey(Record):
    """A key with which a machine acts for its user, within scopes. Only its hash is kept; all times are real."""

    user: fields.ForeignKeyRelation[User] = belongs_to("User")
    user_id: UUID
    name = fields.CharField(max_length=120)
    key_hash = fields.BinaryField()
    scopes = texts()
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_key"
        constraints: ClassVar = [unique("api_key", "key_hash")]


class SecondFactor(Record):
    """The second factor of a user: a sealed secret, the last step of time whose code was taken, hashes of recovery codes.

    It holds from `confirmed_at` on, a real time; before, it is offered.
    """

    user: fields.OneToOneRelation[User] = belongs_to_only("User")
    user_id: UUID
    sealed = fields.BinaryField()
    key_id = fields.CharField(max_length=40)
    last_step = fields.BigIntField(default=0, db_default=SqlDefault("0"))
    recovery_hashes = texts()
    confirmed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "second_factor"


class OpenIdIdentity(Record):
    """An identity at an OpenID Connect provider with which a user signs in: (issuer, subject) never changes there."""

    user: fields.ForeignKeyRelation[User] = belongs_to("User")
    user_id: UUID
    issuer = fields.CharField(max_length=300)
    subject = fields.CharField(max_length=255)
    shown_as = text(200)

    class Meta:
        table = "openid_identity"
        constraints: ClassVar = [
            unique("openid_identity", "issuer", "subject"),
            unique("openid_identity", "user_id", "issuer"),
        ]


class RoleGrant(Record):
    """A role of a user: in one participant, over one place, or (neither named) nationally or for the platform."""

    user: fields.ForeignKeyRelation[User] = belongs_to("User")
    user_id: UUID
    role = choice()
    participant_id = fields.UUIDField(null=True, db_index=True)
    place_code = fields.CharField(max_length=6, null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "role_grant"
        constraints: ClassVar = [
            one_of(
                "role_grant",
                "role",
                "administrator",
                "editor",
                "reviewer",
                "signatory",
                "viewer",
                "coordinator",
                "leading_group_office",
                "supervisor",
                "auditor",
                "platform_administrator",
            ),
            rule(
                "role_grant",
                "participant",
                f"(role IN {PARTICIPANT_ROLES}) = (participant_id IS NOT NULL)",
            ),
            rule("role_grant", "place", "participant_id IS NULL OR place_code IS NULL"),
            unique(
                "role_grant",
                "user_id",
                "role",
                "participant_id",
                where="revoked_at IS NULL AND participant_id IS NOT NULL",
            ),
        ]


class SignInFailure(Identified):
    """A failed attempt to sign in, counted for the lock-out; `at` is real time.

    `client` is the network address that tried: failures count per identifier and client, so that nobody can lock
    another person out from elsewhere.
    """

    identifier = fields.CharField(max_length=120)
    client = text(64)
    at = fields.DatetimeField()

    class Meta:
        table = "sign_in_failure"
        indexes = (("identifier", "client", "at"),)
