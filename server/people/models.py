"""Invitations, and who stands in for whom."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import Record, belongs_to, rule, text, texts, unique

if TYPE_CHECKING:
    from server.accounts.models import User
    from server.participants.models import Participant


class Invitation(Record):
    """A one-time link that gives whoever holds it roles: at a participant, over a place, or (neither named) national.

    Only the link's hash is kept; all times are real. `identifier` is how the invited person will sign in.
    """

    identifier = fields.CharField(max_length=120)
    participant: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True)
    participant_id: UUID | None
    place_code = fields.CharField(max_length=6, null=True)
    roles = texts()
    token_hash = fields.BinaryField()
    expires_at = fields.DatetimeField()
    invited_by: fields.ForeignKeyRelation["User"] = belongs_to("User")
    invited_by_id: UUID
    accepted_by = fields.UUIDField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitation"
        constraints: ClassVar = [
            unique("invitation", "token_hash"),
            rule("invitation", "roles", "roles <> '{}'"),
            rule("invitation", "place", "participant_id IS NULL OR place_code IS NULL"),
            rule("invitation", "accepted", "(accepted_at IS NULL) = (accepted_by IS NULL)"),
            rule("invitation", "over", "accepted_at IS NULL OR withdrawn_at IS NULL"),
        ]


class Substitution(Record):
    """A member who stands in for another of the same participant from one business day to another, both included.

    It ends by itself, or by hand at `ended_at`, a real time.
    """

    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    person: fields.ForeignKeyRelation["User"] = belongs_to("User")
    person_id: UUID
    substitute: fields.ForeignKeyRelation["User"] = belongs_to("User")
    substitute_id: UUID
    from_day = fields.DateField()
    until_day = fields.DateField()
    remark = text()
    named_by = fields.UUIDField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "substitution"
        constraints: ClassVar = [
            rule("substitution", "people", "person_id <> substitute_id"),
            rule("substitution", "days", "from_day <= until_day"),
        ]
