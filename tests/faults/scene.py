"""What a situation of T5 is made in: the application, its database, and work that can be done again and again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.activity import jobs
from server.docking.shelf import FOLDER, Shelf
from server.kit import clock
from server.settings import get_settings
from tests.support.database import Database
from tests.support.http import Api
from workers import docking
from workers.registry import JOBS

Work = Callable[[], Awaitable[Any]]


class Scene:
    """The application, its database, and work that can be done again and again."""

    def __init__(self, api: Api, database: Database, data: Path, patch: pytest.MonkeyPatch) -> None:
        self.api, self.database, self._data, self._patch = api, database, data, patch

    async def keep_book(self) -> None:
        """Look once, as a worker does that has just begun: of one before it only the data folder is left."""
        settings = get_settings().model_copy(update={"data": self._data})
        self._patch.setattr(docking, "get_settings", lambda: settings)
        self._patch.setattr(docking, "shelf_in", lambda data: Shelf(data / FOLDER))
        self._patch.setattr(docking, "_kept", docking._Kept())
        await JOBS[jobs.KEEP_BOOK]()

    async def sent_job(self) -> Work:
        """The newest job that waits for a worker."""
        [row] = await self.database.fetch(
            "SELECT job_name, payload::text AS payload FROM dispatch WHERE target = 'job' ORDER BY id DESC LIMIT 1"
        )
        return job(row["job_name"], **orjson.loads(row["payload"]))

    async def verb(self, user: Any, path: str, body: Any) -> Work:
        """A verb on a record as it stands now, under one idempotency key: done again it is the same request."""
        client = await self.api.signed_in(user)
        record = await client.get(path.rsplit("/", 1)[0])
        headers = {"If-Match": record.headers["etag"], "Idempotency-Key": "the same request"}
        return lambda: client.post(path, json=body, headers=headers)

    async def late(self, table: str, column: str) -> None:
        """Let a time be past."""
        await self.database.fetch(f"UPDATE {table} SET {column} = $1", clock.now() - timedelta(minutes=1))


def job(name: str, **payload: Any) -> Work:
    """A job as the worker runs it."""
    return lambda: JOBS[name](**payload)


Situation = Callable[[Scene], Awaitable[Work]]
