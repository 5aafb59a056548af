"""Advisory locks share one space of numbers in the database: two that have the same one wait for each other."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"\b727_?\d{3}\b")


def test_every_advisory_lock_has_a_key_of_its_own() -> None:
    """The relay holds its lock as long as a worker runs, so whatever shares it would wait for ever."""
    sources = [path for folder in ("server", "workers") for path in (ROOT / folder).rglob("*.py")]
    keys = Counter(key.replace("_", "") for path in sources for key in KEY.findall(path.read_text()))
    assert len(keys) > 1
    assert [key for key, times in keys.items() if times > 1] == []
