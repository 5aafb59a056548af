"""Where the servers of a running `jiedui up` are, so that other commands on the same machine find them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from server.settings import Settings

_FILE = "addresses.json"
_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PUBLIC_URL", "REDIS_URL")


def publish(data: Path, addresses: Mapping[str, str]) -> None:
    """Write the addresses into the data folder, for its owner alone: they hold passwords."""
    unfinished = data / (_FILE + ".unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({name: addresses[name] for name in _NAMES}, file, indent=2)
    unfinished.rename(data / _FILE)


def withdraw(data: Path) -> None:
    """Nobody is to look for them any more."""
    (data / _FILE).unlink(missing_ok=True)


def completed(settings: Settings) -> Settings:
    """The settings, with the addresses of the servers that run on its data folder where none is given from outside."""
    file = settings.data / _FILE
    if settings.database_url or settings.database_owner_url or not file.exists():
        return settings
    found = json.loads(file.read_text("utf-8"))
    return settings.model_copy(update={name.lower(): found[name] for name in _NAMES})
