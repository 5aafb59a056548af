"""`make faults`: the fault and race tests in their long form, with one last line that counts what went wrong."""

import os
import sys
from pathlib import Path

import pytest


def main(arguments: list[str]) -> int:
    """Run the tests of this folder; 1 when anything was lost, doubled or mis-summed, or a test failed."""
    os.environ["JIEDUI_FAULTS"] = "long"
    here = Path(__file__).parent
    failed = pytest.main(
        [
            str(here),
            str(here.parent / "security" / "test_wild_requests.py"),
            str(here.parent / "imports" / "test_mangled.py"),
            *arguments,
        ]
    )
    from tests.faults.size import SEED  # noqa: PLC0415  # reads the environment that was set above
    from tests.faults.tally import TOTAL  # noqa: PLC0415

    outcome = "" if failed == 0 else "; a test failed"
    print(f"faults, SEED={SEED}: {TOTAL}{outcome}")  # noqa: T201  # this is the command's answer
    return 0 if failed == 0 and TOTAL.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
