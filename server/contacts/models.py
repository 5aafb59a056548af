"""Contacts of participants."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields

from server.kit.schema import Record, belongs_to, text

if TYPE_CHECKING:
    from server.participants.models import Participant

KEY_ID_LENGTH = 40


class Contact(Record):
    """Somebody to call at a participant; `sealed` holds name, telephone and e-mail, encrypted with the key `key_id`."""

    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    position = text(80)
    sealed = fields.BinaryField()
    key_id = fields.CharField(max_length=KEY_ID_LENGTH)

    class Meta:
        table = "contact"
