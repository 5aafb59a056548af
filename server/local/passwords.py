"""The servers' passwords: made once, kept in a file that only its owner may read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Passwords:
    """One password per PostgreSQL role, and Valkey's; none needs quoting in a URL or in SQL."""

    superuser: str
    owner: str
    app: str
    public: str
    valkey: str


def load_or_make(path: Path) -> Passwords:
    """The passwords kept in the file; made and written there first where there is none."""
    if path.exists():
        return Passwords(**json.loads(path.read_text("utf-8")))
    made = Passwords(*(secrets.token_urlsafe(32) for _ in range(5)))
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return made
