"""A client of the stream that reads event by event, and a server that it reads from."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import uvicorn
from starlette.applications import Starlette

from server.accounts.models import User
from server.kit.schema import new_id
from server.local.ports import free_port
from server.notices.hub import CHANNEL
from tests.support.database import Database
from tests.support.http import Api


@dataclass
class Listener:
    """One open stream."""

    lines: AsyncIterator[str]
    last_id: str = ""
    seen: list[tuple[str, Any]] = field(default_factory=list)

    async def next(self, seconds: float = 5) -> tuple[str, Any]:
        """The next event and its data; an event without data only moves `last_id`."""
        async with asyncio.timeout(seconds):
            name, data = "", ""
            async for line in self.lines:
                field_name, _, value = line.partition(": ")
                if field_name == "id":
                    self.last_id = value
                elif field_name == "event":
                    name = value
                elif field_name == "data":
                    data = value
                elif not line and data:
                    return name, orjson.loads(data)
        raise EOFError("the stream has ended")

    async def nothing(self, seconds: float = 0.5) -> bool:
        """Whether nothing comes for a while. The stream cannot be read on afterwards."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False


@dataclass
class Station:
    """A uvicorn in this process that serves the application, and what it takes to speak to it."""

    url: str
    api: Api
    application: Starlette
    database: Database

    @contextlib.asynccontextmanager
    async def listen(self, user: User | None, last_event_id: int | str | None = None) -> AsyncIterator[Listener]:
        """Open a stream as somebody; it has said hello when the block begins unless it replays."""
        signed_in = await self.api.signed_in(user) if user else self.api.anonymous()
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        async with (
            httpx2.AsyncClient(cookies=dict(signed_in.cookies), base_url=f"{self.url}/api/v1") as client,
            client.stream("GET", "/stream", headers=headers, timeout=30) as reply,
        ):
            reply.raise_for_status()
            assert reply.headers["content-type"].startswith("text/event-stream")
            yield Listener(reply.aiter_lines())

    @property
    def listeners(self) -> int:
        """Streams that the hub feeds."""
        return len(self.application.state.hub._subscribers)

    async def tell(self, kind: str = "thing.happened", **audience: Any) -> int:
        """Number one more change, as the relay does, and wake the hub; gives its number."""
        (row,) = await self.database.fetch(
            "INSERT INTO stream_entry (seq, kind, subject_kind, subject_id, audience_participants, audience_codes, public)"
            " SELECT coalesce(max(seq), 0) + 1, $1, 'thing', $2, $3, $4, $5 FROM stream_entry RETURNING seq",
            kind,
            new_id(),
            list(audience.get("participants", [])),
            list(audience.get("codes", [])),
            audience.get("public", False),
        )
        await self.application.state.redis.publish(CHANNEL, "")
        return row["seq"]


@contextlib.asynccontextmanager
async def on_the_air(application: Starlette, api: Api, database: Database) -> AsyncIterator[Station]:
    """Serve the application that the session has started, over a real socket."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, lifespan="off", log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield Station(f"http://127.0.0.1:{port}", api, application, database)
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 10)
