"""Pledges added up: what may be added, by who pays, brings in, gives or receives, never across types; parts once.

The value of goods and services stands beside what they are and is added to no money.
"""

from typing import Any, get_args

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.quantity import Money, amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.pledges import repository, rules
from server.pledges.schemas import By, PledgeSum, SumQuery

KEYS = {
    "giver": "p.giver_id",
    "county": "p.county_id",
    "paid_by": "p.paid_by_id",
    "mobilised_by": "p.mobilised_by_id",
    "resource_type": "NULL::uuid",
}
if set(KEYS) != set(get_args(By)):
    raise RuntimeError("every way to group sums has its column")

LONGEST = 500


async def read(uow: UnitOfWork, actor: Actor, query: SumQuery) -> list[PledgeSum]:
    """The sums of the pledges that the actor may see and the filters let through; what is ended or not signed counts not.

    Raises TooManySums.
    """
    where = repository.matching(actor, query, clock.today())
    where.add("p.part_of_id IS NULL AND p.status IN ('effective', 'suspended', 'fulfilled', 'closed')")
    if query.by == "mobilised_by":
        where.add("p.mobilised_by_id IS NOT NULL")
    statement = f"""
    SELECT sums.*, t.name_zh AS type_zh, t.name_en AS type_en, t.unit, t.is_money, who.name_zh, who.name_en
    FROM (
        SELECT {KEYS[query.by]} AS who_id, p.resource_type_id, count(*) AS pledges, sum(p.quantity) AS quantity,
            sum(p.accepted) AS accepted, sum(p.value_fen) FILTER (WHERE p.value_method IS NOT NULL) AS value,
            sum(p.value_fen) FILTER (WHERE p.value_confirmed_at IS NOT NULL) AS confirmed
        FROM pledge p JOIN proposal pr ON pr.id = p.proposal_id WHERE {where} GROUP BY 1, 2
    ) AS sums JOIN resource_type t ON t.code = sums.resource_type_id
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[sums.who_id]) AS who ON sums.who_id IS NOT NULL
    ORDER BY who.name_zh NULLS FIRST, t.position, t.code LIMIT {LONGEST + 1}"""  # noqa: S608  # constants
    found = await uow.fetch(statement, *where.values)
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
