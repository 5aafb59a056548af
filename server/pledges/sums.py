"""Pledges added up: what may be added, by who pays, brings in, gives or receives, never across types; parts once.

The value of goods and services stands beside what they are and is added to no money.
"""

from typing import Any

from server.accounts.actor import Actor
from server.kit.quantity import Money, amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.pledges import figures, rules
from server.pledges.schemas import PledgeSum, SumQuery

LONGEST = 500


async def read(uow: UnitOfWork, actor: Actor, query: SumQuery) -> list[PledgeSum]:
    """The sums of the pledges that the actor may see and the filters let through; what is ended or not signed counts not.

    Raises TooManySums.
    """
    found = await figures.added_up(uow, actor, query, LONGEST + 1)
    if len(found) > LONGEST:
        raise rules.TooManySums(most=LONGEST)
    return [_sum(row) for row in found]


def _sum(row: dict[str, Any]) -> PledgeSum:
    worth = {name: None if row[name] is None else Money(amount_fen=int(row[name])) for name in ("value", "confirmed")}
    return PledgeSum(
        who=None if row["who_id"] is None else Name(zh=row["name_zh"], en=row["name_en"]),
        resource_type=Name(zh=row["type_zh"], en=row["type_en"]),
        pledges=row["pledges"],
        quantity=amount(row["quantity"], row["unit"]),
        accepted=amount(row["accepted"], row["unit"]),
        value=worth["value"],
        value_confirmed=worth["confirmed"],
    )
