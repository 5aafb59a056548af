"""Letters, and the codes in some of them."""

from typing import ClassVar

from tortoise import fields

from server.kit.schema import Record, choice, count, one_of, optional_choice, unique


class Letter(Record):
    """One message to one address, by e-mail or as a short message; its words are dropped once its way has ended.

    `key` says what it is about: a second one with the same is not sent. `started_at` is set before the other server is
    asked to take it, so that no second worker sends it too. All times are real.
    """

    channel = choice()
    key = fields.CharField(max_length=200)
    address = fields.CharField(max_length=120)
    subject = fields.CharField(max_length=200)
    body = fields.TextField()
    started_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    outcome = optional_choice()

    class Meta:
        table = "letter"
        constraints: ClassVar = [
            unique("letter", "channel", "key"),
            one_of("letter", "channel", "email", "sms"),
            one_of("letter", "outcome", "sent", "refused", "unknown"),
        ]


class AddressCode(Record):
    """Six digits that were sent to an address for one purpose; only their hash is kept. All times are real."""

    address = fields.CharField(max_length=120)
    purpose = choice()
    code_hash = fields.BinaryField()
    expires_at = fields.DatetimeField()
    wrong_tries = count()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "address_code"
        indexes = (("address", "purpose", "id"),)
