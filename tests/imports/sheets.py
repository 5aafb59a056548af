"""Workbooks as offices write them, and the worker's part without a worker."""

import io
from collections.abc import Sequence
from typing import Any

import httpx2
import xlsxwriter

from server.imports.returning import XLSX
from tests.support.database import Database
from workers.execution import execute

HEADER = ["编号", "县（市、区）", "资源类型", "需求名称", "数量", "单位", "开始日期", "截止日期", "必要性"]


def road(number: int, **cells: str) -> list[str]:
    """A need's row: a road of `number` km."""
    usual = {
        "编号": f"2019-{number:04}",
        "县（市、区）": "岚皋",
        "资源类型": "村组道路硬化",
        "需求名称": f"{number}组通组路硬化",
        "数量": str(number),
        "单位": "公里",
        "开始日期": "2019年7月1日",
        "截止日期": "2019-12-31",
        "必要性": "村民代表大会提出",
    }
    return [(usual | cells)[name] for name in HEADER]


def xlsx(
    rows: Sequence[Sequence[Any]], *, merged: Sequence[tuple[int, int, int, int]] = (), hidden: bool = False
) -> bytes:
    """A workbook with one sheet of these rows; `merged` are first row, first column, last row, last column."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    if hidden:
        other = book.add_worksheet("旧数据")
        other.write_row(0, 0, HEADER)
        other.write_row(1, 0, road(999))
    sheet = book.add_worksheet("需求")
    for first, left, last, right in merged:
        sheet.merge_range(first, left, last, right, rows[first][left])
    covered = {(y, x) for a, b, c, d in merged for y in range(a, c + 1) for x in range(b, d + 1)}
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "" and (line, column) not in covered:
                sheet.write(line, column, cell)
    if hidden:
        sheet.activate()
        book.worksheets()[0].hide()
        sheet.set_first_sheet()
    book.close()
    return buffer.getvalue()


async def upload(
    client: httpx2.AsyncClient, content: bytes, *, media_type: str = XLSX, **query: str
) -> httpx2.Response:
    """Upload a workbook, of needs where nothing else is said."""
    return await client.post(
        "/imports", params={"kind": "needs", **query}, content=content, headers={"Content-Type": media_type}
    )


async def run_jobs(database: Database) -> None:
    """Run what waits for a worker, as a worker does."""
    sent = await database.fetch(
        "UPDATE dispatch SET state = 'sent' WHERE target = 'job' AND state = 'waiting' RETURNING id, attempts"
    )
    for row in sent:
        await execute(str(row["id"]), row["attempts"])
    failed = await database.fetch("SELECT last_error FROM dispatch WHERE target = 'job' AND last_error <> ''")
    assert not failed, failed


class Desk:
    """An editor at an import."""

    def __init__(self, client: httpx2.AsyncClient, database: Database, kind: str = "needs") -> None:
        self.client, self.database, self.kind = client, database, kind
        self.sheet: dict[str, Any] = {}

    async def bring(self, content: bytes, **query: str) -> dict[str, Any]:
        """Upload, and have checked as the columns were guessed."""
        reply = await upload(self.client, content, **{"kind": self.kind, **query})
        assert reply.status_code == 201, reply.text
        self.sheet = reply.json()
        return await self.check()

    async def check(self, **body: Any) -> dict[str, Any]:
        """Have the sheet checked."""
        given = {name: self.sheet[name] for name in ("mapping", "constants", "complete")} | body
        return await self._do("check", given)

    async def write(self) -> dict[str, Any]:
        """Take it into the books."""
        return await self._do("write", None)

    async def _do(self, verb: str, body: Any) -> dict[str, Any]:
        path = f"/imports/{self.sheet['id']}"
        version = (await self.client.get(path)).headers["etag"]
        reply = await self.client.post(f"{path}/{verb}", json=body, headers={"If-Match": version})
        assert reply.status_code == 202, reply.text
        await run_jobs(self.database)
        return await self.read()

    async def read(self) -> dict[str, Any]:
        """The import as it stands."""
        self.sheet = (await self.client.get(f"/imports/{self.sheet['id']}")).json()
        assert not self.sheet["busy"]
        return self.sheet

    async def rows(self, **query: Any) -> list[dict[str, Any]]:
        """Its rows."""
        return (await self.client.get(f"/imports/{self.sheet['id']}/rows", params={"limit": 200, **query})).json()[
            "items"
        ]

    async def mend(self, row: dict[str, Any], **body: Any) -> dict[str, Any]:
        """Mend a row."""
        reply = await self.client.post(f"/imports/{self.sheet['id']}/rows/{row['id']}/mend", json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()
