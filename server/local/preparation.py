"""Bring the database to where web and worker can use it: schema, reference data, and the demo scenario.

In this process, since the imports alone would cost a process of its own several seconds at every start.
"""

import asyncio
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from server.local import child
from server.local.messages import StartProblem, step
from server.local.stopping import StopAsked, Wish
from server.migrate import migrate
from server.seed import history, load, scenario
from server.settings import Settings


def prepare(settings: Settings, *, log: Path, wish: Wish) -> None:
    """Migrate, load, and make the scenario where it is wanted and there is none; each is all or nothing.

    :param settings: with the addresses of the running servers.
    :param log: takes the traceback of what failed.
    :raises StartProblem: one of them failed.
    :raises StopAsked: a stop was asked for; what was under way is rolled back.
    """
    owner_url = settings.database_owner_url
    with step("database schema"):
        _run("jiedui migrate", migrate(owner_url), log, wish)
    with step("reference data"):
        _run("jiedui load", load.run(owner_url), log, wish)
    if settings.demo:
        with step("demo scenario (synthetic)"):
            _run("jiedui scenario", scenario.run(owner_url, today=settings.clock), log, wish)
        with step("demo history"):
            _run("jiedui history", history.run(settings), log, wish)


def _run(name: str, work: Coroutine[Any, Any, object], log: Path, wish: Wish) -> None:
    try:
        asyncio.run(_until_done_or_stopped(work, wish))
    except StopAsked:
        raise
    except Exception as error:
        # Whatever it is, the start ends here: one line to the reader, the whole of it to the log.
        with child.open_log(log) as file:
            file.write(f"{name}\n{traceback.format_exc()}\n".encode())
        reason = str(error) or type(error).__name__
        raise StartProblem(f"`{name}` failed: {reason[:300]} (the whole of it: {log})") from None


async def _until_done_or_stopped(work: Coroutine[Any, Any, object], wish: Wish) -> None:
    task = asyncio.create_task(work)
    while not task.done():
        if wish.times:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise StopAsked
        await asyncio.wait([task], timeout=0.1)
    await task
