"""How PostgreSQL would find a page of a list, on a table that is too small for it to care."""

from typing import Any

from server.accounts.actor import Actor
from server.kit.paging import Listing, ListQuery, Where
from server.kit.uow import UnitOfWork
from tests.support.database import within


async def plan_of(listing: Listing, query: ListQuery, where: Where, actor: Actor) -> str:
    """The plan of a page for an actor, where sorting and reading the whole table are what it avoids."""

    async def work(uow: UnitOfWork) -> str:
        lines: list[str] = []

        async def explained(sql: str, *values: Any) -> list[dict[str, Any]]:
            lines.extend(row["QUERY PLAN"] for row in await UnitOfWork.fetch(uow, f"EXPLAIN {sql}", *values))
            return []

        for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
            await uow.fetch(f"SET LOCAL {setting} = off")
        object.__setattr__(uow, "fetch", explained)
        await listing.page(uow, query, where)
        object.__delattr__(uow, "fetch")
        return "\n".join(lines)

    return await within(work, actor)
