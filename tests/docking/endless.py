"""A docking computation that never ends, in a process of its own: `jiedui dock` (`dock`) or a worker (`worker`)."""

import sys
import threading
from typing import Any

from server import cli
from server.docking import running
from workers import main


def endless(problem: Any, settings: Any, progress: Any, cancelled: Any) -> Any:
    """Compute until cancelled; a killed process never is."""
    while not cancelled():
        threading.Event().wait(0.05)
    raise running.DockingCancelled("flow")


if __name__ == "__main__":
    running.dock = endless
    sys.exit(cli.main(["dock"]) if sys.argv[1] == "dock" else main.main())
