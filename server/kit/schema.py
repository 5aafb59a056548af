"""Building blocks of every table: ids, common columns, field helpers and CHECK constraints.

Columns have a Python default *and* a database default, so that a row made by the ORM needs no RETURNING (which
row-level security would refuse where the writer may not read) and a row made by SQL is complete as well.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

import uuid_utils.compat
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from server.kit.clock import real_now

CODE_LENGTH = 6
"""Length of a county's GB/T 2260 code."""

CHOICE_LENGTH = 40
"""Longest value of a column that holds one of a fixed set of words."""

QUANTITY_DIGITS = 20
QUANTITY_DECIMALS = 3


def new_id() -> UUID:
    """Make a time-ordered id (UUIDv7), in the client so that related rows can name each other before they are saved."""
    return uuid_utils.compat.uuid7()


class Identified(Model):
    """A row with an id of its own."""

    id = fields.UUIDField(primary_key=True, default=new_id, db_default=SqlDefault("uuidv7()"))

    class Meta:
        abstract = True


class Record(Identified):
    """An identified row that knows when it was made, in real time."""

    created_at = fields.DatetimeField(default=real_now, db_default=Now())

    class Meta:
        abstract = True


class VersionedRecord(Record):
    """A record with verbs: its version is the ETag, raised by every verb and change (not by counters)."""

    version = fields.IntField(default=1, db_default=SqlDefault("1"))

    class Meta:
        abstract = True


class GivenNumberField(fields.BigIntField):
    """A primary key that the application numbers itself.

    Tortoise forgets `generated=False` when it writes a migration and would make the column a sequence.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"primary_key": True, "generated": False, **options})


def belongs_to(model: str, *, null: bool = False, db_index: bool = True) -> Any:
    """Point to a row that cannot be deleted while it is pointed to."""
    options: dict[str, Any] = {"null": null, "db_index": db_index}
    return fields.ForeignKeyField(f"models.{model}", related_name=False, on_delete=fields.RESTRICT, **options)


def belongs_to_only(model: str) -> Any:
    """Point to a row that is pointed to once at most."""
    return fields.OneToOneField(f"models.{model}", related_name=False, on_delete=fields.RESTRICT, db_index=False)


def choice(**options: Any) -> fields.CharField[str]:
    """Hold one word of a fixed set; the set is a CHECK (see `one_of`)."""
    return fields.CharField(max_length=CHOICE_LENGTH, **options)


def optional_choice() -> fields.CharField[str | None]:
    """Hold one word of a fixed set, or nothing."""
    return fields.CharField(max_length=CHOICE_LENGTH, null=True)


def text(max_length: int | None = None) -> Any:
    """Hold a text that is empty unless given."""
    empty = {"default": "", "db_default": SqlDefault("''")}
    return fields.CharField(max_length=max_length, **empty) if max_length else fields.TextField(**empty)


def flag(*, default: bool = False) -> fields.BooleanField[bool]:
    """Hold yes or no."""
    return fields.BooleanField(default=default, db_default=SqlDefault(str(default).lower()))


def count(*, default: int = 0) -> fields.IntField[int]:
    """Hold a whole number that starts at `default`."""
    return fields.IntField(default=default, db_default=SqlDefault(str(default)))


def quantity_field() -> fields.DecimalField[Decimal]:
    """Hold a quantity in the resource type's canonical unit (fen for funds)."""
    return fields.DecimalField(max_digits=QUANTITY_DIGITS, decimal_places=QUANTITY_DECIMALS)


def running_quantity_field() -> fields.DecimalField[Decimal]:
    """Hold a quantity that starts at zero."""
    return fields.DecimalField(
        max_digits=QUANTITY_DIGITS,
        decimal_places=QUANTITY_DECIMALS,
        default=Decimal(0),
        db_default=SqlDefault("0"),
    )


def optional_quantity_field() -> fields.DecimalField[Decimal | None]:
    """Hold a quantity, or nothing."""
    return fields.DecimalField(max_digits=QUANTITY_DIGITS, decimal_places=QUANTITY_DECIMALS, null=True)


def optional_fen(digits: int = QUANTITY_DIGITS) -> fields.DecimalField[Decimal | None]:
    """Hold an amount of money in whole fen, or nothing."""
    return fields.DecimalField(max_digits=digits, decimal_places=0, null=True)


def texts() -> Any:
    """Hold a list of texts, empty unless given."""
    return ArrayField("text", default=list, db_default=SqlDefault("'{}'"))


def ids() -> Any:
    """Hold a list of ids, empty unless given."""
    return ArrayField("uuid", default=list, db_default=SqlDefault("'{}'"))


def json_object() -> fields.JSONField[dict[str, Any]]:
    """Hold a JSON object, empty unless given."""
    return fields.JSONField(default=dict, db_default=SqlDefault("'{}'"))


def json_list() -> fields.JSONField[list[Any]]:
    """Hold a JSON list, empty unless given."""
    return fields.JSONField(default=list, db_default=SqlDefault("'[]'"))


def one_of(table: str, column: str, *values: str) -> CheckConstraint:
    """Allow only these words in a column (nothing stays allowed where the column is nullable)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(check=f'"{column}" IN ({listed})', name=f"ck_{table}_{column}")


def rule(table: str, name: str, condition: str) -> CheckConstraint:
    """Allow only rows for which a SQL condition is not false."""
    return CheckConstraint(check=condition, name=f"ck_{table}_{name}")


def unique(table: str, *columns: str, where: str | None = None) -> UniqueConstraint:
    """Allow each combination of columns once, or once among the rows that fulfil a SQL condition."""
    name = "_".join(("uq", table, *columns))
    return UniqueConstraint(fields=columns, name=name, condition=where)
