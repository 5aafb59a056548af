"""A sign of life in a file (JIEDUI_HEARTBEAT), for whoever watches the worker; `python -m workers.heartbeat` reads it."""

import asyncio
import sys
import time
from collections.abc import Collection
from pathlib import Path

from server.settings import get_settings

EVERY = 5.0
LATE = 30.0
"""Seconds without a sign after which the worker counts as dead."""


async def beat(path: Path | None, work: Collection[asyncio.Task[None]]) -> None:
    """Touch the file, if there is to be one, for as long as the event loop turns and no task of the worker has ended."""
    while path and not any(task.done() for task in work):
        await asyncio.to_thread(path.touch)
        await asyncio.sleep(EVERY)


def fault(path: Path | None, now: float) -> str | None:
    """What is wrong with the worker that writes this file, or None. `now` is in seconds since 1970."""
    if path is None:
        return "JIEDUI_HEARTBEAT is not set: give the file that the worker writes"
    if not path.exists():
        return f"the worker has given no sign of life in {path}"
    silent = now - path.stat().st_mtime
    return f"the worker has been silent for {silent:.0f} s" if silent > LATE else None


def main() -> int:
    """Exit code 0 for a worker that lives; else 1 and a line that says why."""
    if said := fault(get_settings().heartbeat, time.time()):
        sys.stderr.write(f"jiedui: {said}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
