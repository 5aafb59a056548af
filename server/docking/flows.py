"""A run's suggestions by pair of places, for a map: from where something is to come, and to which county."""

from itertools import groupby
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.docking import flows_sql, repository, words
from server.docking.comparing_schemas import RunFlow, RunFlowQuery, RunFlows, TypeSuggested
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.rules import GATHERING
from server.places.schemas import Dot

Row = dict[str, Any]


async def read(uow: UnitOfWork, actor: Actor, run_id: UUID, query: RunFlowQuery) -> RunFlows:
    """The largest flows of a run that concern the actor, in one statement."""
    where = repository.concerning(actor, "s.county_id", "s.giver_id", "s.county_code").add("s.run_id = {}", run_id)
    if query.province:
        where.add("s.county_code LIKE {}", code_pattern(query.province))
    if query.head:
        where.add("t.head = {}", query.head)
    values = [*where.values, list(GATHERING)]
    found = await uow.fetch(flows_sql.FLOWS.format(where=where, gathering=f"${len(values)}::text[]"), *values)
    flows = [_flow(list(same)) for _, same in groupby(found, _ends)]
    first = found[0] if found else {"pairs": 0, "of_all": 0}
    return RunFlows(flows=flows, pairs=first["pairs"], suggestions=first["of_all"])


def _ends(row: Row) -> tuple[str | None, str]:
    return row["giving_code"], row["county_code"]


def _flow(found: list[Row]) -> RunFlow:
    first = found[0]
    return RunFlow(
        giver=_dot(first, "giving") if first["giving_code"] else None,
        county=_dot(first, "county"),
        suggestions=first["of_pair"],
        types=[
            TypeSuggested(
                resource_type=words.type_of(row),
                suggestions=row["suggestions"],
                quantity=amount(row["quantity"], row["unit"]),
            )
            for row in found
        ],
    )


def _dot(row: Row, end: str) -> Dot:
    name = Name(zh=row[f"{end}_zh"], en=row[f"{end}_en"])
    return Dot(code=row[f"{end}_code"], name=name, longitude=row[f"{end}_longitude"], latitude=row[f"{end}_latitude"])
