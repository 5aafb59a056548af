"""The least that a web process can do for the same requests: an ASGI function and asyncpg, nothing else.

It sends the statements that Jiedui sent for one request, recorded by `bench/books.py` (`JIEDUI_BENCH_RECORDED`), in one
transaction, and writes their rows as JSON: no validation, no policy, no idempotency, no events.
"""

import os
import pickle
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from server.books.repository import move_statement
from server.books.rules import MOVEMENTS
from server.kit import clock
from server.kit.db import nothing_to_undo
from server.kit.schema import new_id

SYSTEM = "SELECT set_config('jiedui.actor', 'system', true)"
MOVE = move_statement()
RECORDED = pickle.loads(Path(os.environ["JIEDUI_BENCH_RECORDED"]).read_bytes())  # noqa: S301  # the bench wrote it
state: dict[str, Any] = {}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The application."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    body = await _hold(await _read(receive)) if scope["method"] == "POST" else await _list()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            state["pool"] = await asyncpg.create_pool(
                os.environ["DATABASE_URL"], min_size=10, max_size=10, reset=nothing_to_undo
            )
        else:
            await state["pool"].close()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _read(receive: Any) -> Any:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return orjson.loads(body)


async def _hold(wanted: Any) -> bytes:
    deltas = [each * 1 for each in MOVEMENTS["hold"]]
    reference = new_id()
    async with state["pool"].acquire() as connection, connection.transaction():
        await connection.execute(SYSTEM)
        for one, other in (("offer_id", "need_id"), ("need_id", "offer_id")):
            moved = await connection.fetchrow(
                MOVE, wanted[one], "hold", 1, *deltas, wanted[other], "proposal", reference, clock.now(),
                clock.real_now(), "system", None,
            )  # fmt: skip
    return orjson.dumps({"id": reference, "moved": moved is not None})


async def _list() -> bytes:
    async with state["pool"].acquire() as connection, connection.transaction():
        replies = [await connection.fetch(sql, *values) for sql, values in RECORDED]
    return orjson.dumps([dict(row) for row in replies[-1]], default=str)
