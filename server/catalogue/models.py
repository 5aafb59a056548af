"""Resource types. Reference data: everyone may read it."""

from typing import Any, ClassVar

from tortoise import fields
from tortoise.models import Model

from server.kit.schema import (
    choice,
    count,
    flag,
    json_list,
    json_object,
    one_of,
    rule,
    text,
)


class ResourceType(Model):
    """What can be asked for and given.

    Quantities are kept in `unit` with `decimals` places; `accepted_units` maps each other unit in which they may be
    declared to its factor, as a decimal string. `bound` cap is never passed, a floor may be. `reach` pairing is never
    widened beyond the pairing. `checklist` and `evidence` say what an acceptance asks for: items with `zh` and `en`,
    evidence with its `code` and whether it is `needed` as well.
    """

    code = fields.CharField(max_length=40, primary_key=True)
    head = choice(db_index=True)
    name_zh = fields.CharField(max_length=60)
    name_en = text(120)
    unit = fields.CharField(max_length=20)
    decimals = count()
    bound = choice()
    reach = choice()
    is_money = flag()
    checklist: fields.JSONField[list[Any]] = json_list()
    evidence: fields.JSONField[list[Any]] = json_list()
    accepted_units: fields.JSONField[dict[str, Any]] = json_object()
    position = count()

    class Meta:
        table = "resource_type"
        constraints: ClassVar = [
            one_of(
                "resource_type",
                "head",
                "funds",
                "industry",
                "labour",
                "talent",
                "training",
                "goods",
                "works",
                "consumption",
                "education",
                "health",
            ),
            one_of("resource_type", "bound", "cap", "floor"),
            one_of("resource_type", "reach", "pairing", "open"),
            rule("resource_type", "decimals", "decimals BETWEEN 0 AND 3"),
            rule(
                "resource_type",
                "money",
                "NOT is_money OR (unit = 'fen' AND decimals = 0)",
            ),
        ]
