"""Files that other people publish, in the folder that REFDATA names; without them these tests fail, they are not skipped."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def table() -> Callable[[str], Rows]:
    """The rows of a CSV file of other people's."""
    folder = Path(os.environ["REFDATA"]) / "third_party"

    def read(name: str) -> Rows:
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    return read
