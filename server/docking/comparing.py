"""What a run changes: how far each county is covered before and after it, and how its suggestions differ from another's."""

from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.docking import comparing_sql as sql
from server.docking import repository, words
from server.docking.comparing_schemas import ChangeQuery, CountyCoverage, RunComparison, SuggestionChange, TypeMoved
from server.kit.paging import Listing, Page, SortKey
from server.kit.quantity import amount
from server.kit.uow import UnitOfWork

Row = dict[str, Any]

KEPT = ("needs", "before", "after")


async def counties(uow: UnitOfWork, actor: Actor, run_id: UUID) -> list[CountyCoverage]:
    """The counties that the actor oversees, as far as the run looked at them."""
    found = await uow.fetch(sql.COUNTIES, run_id)
    kept: dict[str, Row] = {row["code"]: row for row in orjson.loads(found[0]["counties"])} if found else {}
    names = await uow.fetch(sql.NAMES, list(kept), actor.is_system, list(actor.oversight))
    return [
        CountyCoverage(place=words.place(row), **{name: kept[row["place_code"]][name] for name in KEPT})
        for row in names
    ]


async def compare(uow: UnitOfWork, run_id: UUID, other_id: UUID) -> RunComparison:
    """How many suggestions stayed, came and went from the other run to this one, and how much of each type."""
    counted = await uow.fetch(sql.COUNTED, run_id, other_id)
    moved = await uow.fetch(sql.MOVED, run_id, other_id)
    numbers = dict.fromkeys(("kept", "changed", "gained", "lost"), 0) | {row["change"]: row["n"] for row in counted}
    types = [
        TypeMoved(
            resource_type=words.type_of(row),
            before=amount(row["before"], row["unit"]),
            after=amount(row["after"], row["unit"]),
        )
        for row in moved
    ]
    return RunComparison(run_id=run_id, other_id=other_id, **numbers, types=types)


async def changes(
    uow: UnitOfWork, actor: Actor, run_id: UUID, other_id: UUID, query: ChangeQuery
) -> Page[SuggestionChange]:
    """The suggestions that differ, county by county."""
    where = repository.concerning(actor, "x.county_id", "x.giver_id", "x.county_code")
    first = len(where.values)
    where.values += [run_id, other_id]
    listing = Listing(
        columns=sql.CHANGE,
        source=sql.CHANGES.format(f"${first + 1}", f"${first + 2}"),
        identity="x.id",
        sorts={"county": SortKey("x.county_code")},
        default="county",
    )
    where.add("x.change = {}", query.change) if query.change else where.add("x.change <> 'kept'")
    page = await listing.page(uow, query, where)
    return Page(items=[_change(row) for row in page.items], next=page.next, total=page.total)


def _change(row: Row) -> SuggestionChange:
    def shown(value: Any) -> Any:
        return None if value is None else amount(value, row["unit"])

    return SuggestionChange(
        id=row["id"],
        change=row["change"],
        need_id=row["need_id"],
        need_title=row["need_title"],
        offer_id=row["offer_id"],
        offer_title=row["offer_title"],
        place=words.place(row),
        resource_type=words.type_of(row),
        before=shown(row["before"]),
        after=shown(row["after"]),
    )
