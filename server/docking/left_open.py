"""What the present runs left open, kept true between runs: what is served, held or withdrawn since leaves the list.

Lists of earlier runs stay as those runs left them.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from server.docking import left_open_sql as sql
from server.docking import reasons, repository
from server.kit.uow import UnitOfWork

Row = dict[str, Any]


async def mend(uow: UnitOfWork, needs: Collection[UUID], offers: Collection[UUID]) -> None:
    """Bring the lists to what is left of these records beside what stands suggested for them."""
    rows = await uow.fetch(sql.LEFT_OF_NEEDS, list(needs)) if needs else []
    rows += await uow.fetch(sql.LEFT_OF_OFFERS, list(offers)) if offers else []
    await _mend(uow, rows)


async def mend_runs(uow: UnitOfWork, runs: Collection[UUID]) -> None:
    """Bring the whole lists of runs to what is left."""
    for statement in sql.LEFT_OF_RUNS:
        await _mend(uow, await uow.fetch(statement, list(runs)))


async def _mend(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    if gone := [row["id"] for row in rows if row["now"] <= 0]:
        await uow.fetch(sql.GONE, gone)
    if moved := [_moved(row) for row in rows if row["now"] > 0]:
        await uow.fetch(sql.MOVED, orjson.dumps(moved, default=str).decode())


def _moved(row: Row) -> Row:
    """The row with what is left now; reasons that count what is left count it anew."""
    shortfall = int(row["now"].scaleb(row["decimals"]))

    def again(reason: Row) -> Row:
        if reason["code"] not in reasons.COUNTING_WHAT_IS_LEFT:
            return reason
        return reason | {"shortfall": shortfall, "facts": reason["facts"] | {"quantity": str(row["now"])}}

    return {"id": row["id"], "open": row["now"], "reasons": [again(each) for each in orjson.loads(row["reasons"])]}


async def replace(uow: UnitOfWork, run_id: UUID, type_code: str, rows: Sequence[Row]) -> None:
    """Bring what a run left open of one type to a new outcome; rows that stay as they are are not touched."""
    scope = (await uow.fetch(sql.SCOPE, run_id))[0]
    stems = tuple(pattern.removesuffix("%") for pattern in scope["patterns"])
    wanted = {
        (row["need_id"], row["offer_id"]): row
        for row in rows
        if row["county_code"] is None or row["county_code"].startswith(stems)
    }
    stale = []
    for found in await uow.fetch(sql.OF_TYPE, run_id, type_code):
        same = wanted.get((found["need_id"], found["offer_id"]))
        if same and found["open"] == Decimal(same["open"]) and orjson.loads(found["reasons"]) == same["reasons"]:
            del wanted[found["need_id"], found["offer_id"]]
        else:
            stale.append(found["id"])
    if stale:
        await uow.fetch(sql.GONE, stale)
    await repository.insert_unmet(uow, run_id, repository.packed(wanted.values()))
