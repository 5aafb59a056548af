"""Accounts and their append-only ledger."""

from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault

from server.kit.schema import (
    Identified,
    Record,
    belongs_to,
    choice,
    count,
    flag,
    one_of,
    quantity_field,
    rule,
    running_quantity_field,
    unique,
)


class Account(Record):
    """The quantity of one need or offer, and how much of it is held, pledged (not yet accepted) and accepted.

    All in the canonical unit. `entries` and `head` are the length and the last hash of its ledger. The counters are
    a cache of the ledger; the CHECKs stand behind the guarded UPDATE that moves them. On a closed account nothing new
    can be held; what is pledged can still be accepted.
    """

    subject_kind = choice()
    subject_id = fields.UUIDField(unique=True)
    owner_id = fields.UUIDField(db_index=True)
    unit = fields.CharField(max_length=20)
    bound = choice()
    quantity = quantity_field()
    held = running_quantity_field()
    pledged = running_quantity_field()
    accepted = running_quantity_field()
    is_closed = flag()
    entries = count()
    head = fields.BinaryField(default=b"", db_default=SqlDefault("''"))

    class Meta:
        table = "account"
        constraints: ClassVar = [
            one_of("account", "subject_kind", "need", "offer"),
            one_of("account", "bound", "cap", "floor"),
            rule("account", "quantity", "quantity >= 0"),
            rule("account", "held", "held >= 0"),
            rule("account", "pledged", "pledged >= 0"),
            rule("account", "accepted", "accepted >= 0"),
            rule(
                "account",
                "cap",
                "bound = 'floor' OR held + pledged + accepted <= quantity",
            ),
        ]


class LedgerEntry(Identified):
    """One movement on an account: what changed, against which counter-account, because of which record.

    `quantity` is what moved, in the canonical unit (negative where an amendment lowers).

    `hash` covers the entry and `previous_hash`, so an edited, deleted or reordered entry breaks the chain. A mistake
    is corrected by an entry that `reverses` it.
    """

    account: fields.ForeignKeyRelation[Account] = belongs_to("Account", db_index=False)
    account_id: UUID
    sequence = fields.IntField()
    movement = choice()
    quantity = quantity_field()
    quantity_delta = running_quantity_field()
    held_delta = running_quantity_field()
    pledged_delta = running_quantity_field()
    accepted_delta = running_quantity_field()
    counter_account_id = fields.UUIDField(null=True, db_index=True)
    reference_kind = choice()
    reference_id = fields.UUIDField(db_index=True)
    business_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField(db_index=True)
    recorded_by = fields.CharField(max_length=64)
    previous_hash = fields.BinaryField()
    hash = fields.BinaryField()
    reverses = fields.UUIDField(null=True)

    class Meta:
        table = "ledger_entry"
        constraints: ClassVar = [
            unique("ledger_entry", "account_id", "sequence"),
            one_of(
                "ledger_entry",
                "movement",
                "open",
                "amend",
                "hold",
                "release",
                "pledge",
                "unpledge",
                "raise",
                "accept",
                "close",
                "reopen",
                "reverse",
            ),
            rule("ledger_entry", "sequence", "sequence > 0"),
            rule("ledger_entry", "quantity", "quantity >= 0 OR movement = 'amend'"),
            rule(
                "ledger_entry",
                "reverses",
                "(movement = 'reverse') = (reverses IS NOT NULL)",
            ),
        ]
