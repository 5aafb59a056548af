"""A worker with one more job, which takes two seconds and says so; run as a process of its own."""

import asyncio
import sys

from workers import main
from workers.registry import JOBS


async def probe() -> None:
    """Take two seconds."""
    sys.stdout.write("probe began\n")
    sys.stdout.flush()
    await asyncio.sleep(2)
    sys.stdout.write("probe ended\n")
    sys.stdout.flush()


JOBS["probe"] = probe

if __name__ == "__main__":
    main.main()
