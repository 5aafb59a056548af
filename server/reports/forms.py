"""What a county's list of projects says of each, in the columns of the published form (公告公示: 项目、地点、期限 …)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from server.kit.uow import UnitOfWork

ENTRIES = """
SELECT j.id, j.villages, j.window_from, j.window_to, j.tasks::text AS tasks, j.description, j.cost_fen, j.responsible_unit,
    j.responsible_post, j.subsidy_standard, j.performance_target, j.participation,
    (SELECT coalesce(json_agg(json_build_array(s.kind, s.name, s.amount_fen) ORDER BY s.id), '[]')::text
     FROM project_source s WHERE s.project_id = j.id) AS sources
FROM project j WHERE j.id = ANY ($1::uuid[])
"""


@dataclass(frozen=True)
class Entry:
    """One project as the form has it; `sources` are kind, name and fen."""

    villages: list[str]
    first: date
    last: date
    tasks: list[str]
    cost_fen: int
    sources: list[tuple[str, str, int]]
    unit: str
    post: str
    subsidy: str
    target: str
    participation: str


async def entries(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Entry]:
    """What the form says of these projects, as far as the reader may see them, in one statement."""
    return {row["id"]: _entry(row) for row in await uow.fetch(ENTRIES, list(ids))}


def _entry(row: dict[str, Any]) -> Entry:
    tasks = [task["title"] for task in orjson.loads(row["tasks"])]
    return Entry(
        villages=row["villages"],
        first=row["window_from"],
        last=row["window_to"],
        tasks=tasks or ([row["description"]] if row["description"] else []),
        cost_fen=row["cost_fen"],
        sources=[tuple(each) for each in orjson.loads(row["sources"])],
        unit=row["responsible_unit"],
        post=row["responsible_post"],
        subsidy=row["subsidy_standard"],
        target=row["performance_target"],
        participation=row["participation"],
    )
