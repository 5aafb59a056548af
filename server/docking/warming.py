"""Compiling the engine's inner loops ahead of time, so that nobody's first run waits for it.

`python -m server.docking.warming` does it once for each machine and version, in about half a minute; compiled code is loaded in a
fraction of a second afterwards. Set-up calls it, and a worker that finds it undone has it done beside its work.
"""

import asyncio
import hashlib
import os
import platform
import sys
from pathlib import Path

import numba
import numpy as np
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

from server.docking.engine import problem as engine
from server.docking.engine.pivots import run_pivots
from server.docking.engine.run import dock

MODULE = "server.docking.warming"

POLITENESS = 10
"""How much the compiler stands back behind others (as in `nice`)."""

ROWS = 24
TODAY = 18_050


def is_warm() -> bool:
    """Whether everything is compiled for this machine as the sources are now, or no folder is there to keep it in."""
    folder = _folder()
    return folder is None or (folder / _stamp()).exists()


def warm() -> None:
    """Compile everything, unless it is done. What was compiled from other sources goes first: a loop that has parts of another
    file in it is not found stale by the compiler.
    """
    folder = _folder()
    if folder is None or is_warm():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("*.nbi"), *folder.glob("*.nbc"), *folder.glob("warm-*")]:
        stale.unlink(missing_ok=True)
    dock(specimen(), engine.Settings(threads=1))
    (folder / _stamp()).touch()


def specimen() -> engine.Problem:
    """A small problem that leads through every inner loop: two commodities, lots, parts, counts, skills, windows, pairings."""
    row = np.arange(ROWS)
    commodity, skills = (row % 2).astype(np.int32), np.where(row % 5 == 0, 1, 0).astype(np.uint64)
    first, last = (TODAY + row % 3).astype(np.int32), (TODAY + 60 + row).astype(np.int32)
    return engine.Problem(
        today=TODAY,
        commodities=engine.Commodities(np.array([False, False]), np.array([1, 10], np.int64)),
        needs=engine.Needs(
            commodity=commodity,
            county=(row % 6).astype(np.int32),
            open=(20 + row * 7 % 50).astype(np.int64),
            window_from=first,
            window_to=last,
            min_part=(5 + row % 4).astype(np.int64),
            max_sources=(1 + row % 3).astype(np.int32),
            priority=(1 + row % 5).astype(np.int8),
            poverty_depth=(row % 4).astype(np.int8),
            skills=skills,
            widening=np.full(ROWS, engine.OPEN_TO_ALL, np.int8),
        ),
        offers=engine.Offers(
            commodity=commodity,
            giver=(row % 4).astype(np.int32),
            open=(30 + row * 11 % 60).astype(np.int64),
            window_from=first,
            window_to=last,
            min_lot=(1 + row % 9).astype(np.int64),
            max_receivers=(1 + row % 4).astype(np.int32),
            skills=np.ones(ROWS, np.uint64),
            restriction=np.where(row % 7 == 0, engine.FOR_PAIRED, engine.FOR_ANYONE).astype(np.int8),
            listed=engine.Relation.of(ROWS, ()),
        ),
        givers=engine.Givers(
            home=np.array([0, 1, -1, 0], np.int32),
            longitude=np.array([121.5, 116.4, 113.3, np.nan]),
            latitude=np.array([31.2, 39.9, 23.1, np.nan]),
            own_pairs=engine.Relation.of(4, [(0, 0), (0, 1), (1, 2), (3, 4)]),
            home_pairs=engine.Relation.of(2, [(0, 3), (1, 5)]),
            past=engine.Relation.of(4, [(1, 0), (2, 2)]),
        ),
        counties=engine.Counties(
            province=np.array([0, 0, 1, 1, 2, 2], np.int32),
            longitude=np.linspace(98, 110, 6),
            latitude=np.linspace(25, 38, 6),
        ),
    )


def _folder() -> Path | None:
    kept: str | None = run_pivots.stats.cache_path  # pyright: ignore[reportFunctionMemberAccess]  # compiled
    return Path(kept) if kept else None


def _stamp() -> str:
    """Names everything that compiled code depends on."""
    total = hashlib.sha256()
    for part in (numba.__version__, platform.python_version(), get_host_cpu_name(), str(get_host_cpu_features())):
        total.update(part.encode())
    for source in sorted(Path(engine.__file__).parent.glob("*.py")):
        total.update(source.read_bytes())
    return f"warm-{total.hexdigest()[:16]}"


async def warm_beside() -> None:
    """Have it done by a process of its own: compiling would keep this one from its heartbeat. Does nothing where it is done."""
    if await asyncio.to_thread(is_warm):
        return
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", MODULE)
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def main() -> int:
    """The exit code."""
    os.nice(POLITENESS)
    warm()
    return 0


if __name__ == "__main__":
    sys.exit(main())
