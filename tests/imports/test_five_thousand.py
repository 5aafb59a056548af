"""A workbook of 5,000 rows: taken in by a worker that is killed on the way, mended, brought again, reconciled, and out, equal."""

import asyncio
import io
from typing import Any
from uuid import UUID

import orjson
import pytest
import python_calamine

from server.imports import running
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.imports.sheets import HEADER, Desk, road, run_jobs, xlsx
from tests.support.database import Database
from tests.support.http import Api
from tests.support.killing import Killer

ROWS = 5_000


@pytest.fixture
async def desk(api: Api, database: Database) -> Desk:
    county = await make_county_government()
    return Desk(await api.signed_in(await make_member(county.id, "editor")), database)


def _rows(**changed: str) -> list[list[str]]:
    return [HEADER, *(road(number, **(changed if number % 1000 == 0 else {})) for number in range(1, ROWS + 1))]


async def test_five_thousand_rows_go_in_once_although_the_worker_dies(
    desk: Desk, database: Database, killer: Killer
) -> None:
    checked = await desk.bring(xlsx(_rows(数量="很多")))
    assert checked["rows"] | {"new": ROWS - 5, "bad": 5} == checked["rows"]
    await _begin_writing_and_die(desk, database, killer)
    assert 0 < await _needs(database) < ROWS - 5
    # Sent again, as the relay does with a job whose lease ran out.
    await database.fetch("UPDATE dispatch SET state = 'waiting' WHERE target = 'job' AND job_name = 'write_sheet'")
    await run_jobs(database)
    written = await desk.read()
    assert (written["created"], written["rows"]["bad"]) == (ROWS - 5, 5)
    for row in await desk.rows(status="bad"):
        assert (await desk.mend(row, cells={"quantity": str(row["number"] - 1)}))["status"] == "new"
    assert (await desk.write())["created"] == ROWS
    # Brought again: four rows say otherwise, two are not in it any more.
    again = await desk.bring(xlsx(_rows(数量="7")[:-2]))
    assert again["rows"] | {"same": ROWS - 6, "changed": 4} == again["rows"]
    missing = (await desk.client.get(f"/imports/{again['id']}/missing")).json()["items"]
    assert [each["title"] for each in missing] == [road(number)[3] for number in (ROWS - 1, ROWS)]
    sheets = await desk.rows(status="changed")
    for row in sheets[:2]:
        await desk.mend(row, take="books")
    assert (await desk.write())["updated"] == 2
    km = {row["number"] - 1: 7 for row in sheets[2:]}
    wanted = {road(number)[3]: km.get(number, number) for number in range(1, ROWS + 1)}
    found = await database.fetch("SELECT title, quantity FROM need")
    assert {row["title"]: row["quantity"] for row in found} == wanted and len(found) == ROWS
    assert await _out(desk, database) == wanted


async def _out(desk: Desk, database: Database) -> dict[str, int]:
    """What the exported workbook says of each need, by title."""
    made = await desk.client.post("/exports", json={"list": "needs", "query": {"mine": True}})
    assert made.status_code == 202, made.text
    await run_jobs(database)
    content = (await desk.client.get(f"/exports/{made.json()['id']}/file")).content
    table = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    head = next(position for position, row in enumerate(table) if "Title" in row)
    title, quantity = table[head].index("Title"), table[head].index("Quantity")
    rows = [(str(row[title]), int(str(row[quantity]).removesuffix(".0"))) for row in table[head + 1 :] if row[title]]
    assert len(rows) == ROWS
    return dict(rows)


async def _needs(database: Database) -> int:
    return (await database.fetch("SELECT count(*)::int AS n FROM need"))[0]["n"]


async def _begin_writing_and_die(desk: Desk, database: Database, killer: Killer) -> None:
    """The worker's connection is cut inside a transaction once some needs are there; nothing of its own is done after it."""
    path = f"/imports/{desk.sheet['id']}"
    version = (await desk.client.get(path)).headers["etag"]
    assert (await desk.client.post(f"{path}/write", headers={"If-Match": version})).status_code == 202
    sent = await database.fetch("UPDATE dispatch SET state = 'sent' WHERE job_name = 'write_sheet' RETURNING payload")
    given: dict[str, Any] = orjson.loads(sent[0]["payload"])
    ids = [UUID(given[name]) for name in ("sheet_id", "user_id", "job_id")]
    work = asyncio.create_task(killer.after(None, lambda: running.write(*ids)))
    while not await _needs(database):
        assert not work.done()
        await asyncio.sleep(0.01)
    killer.strike()
    assert await work
