"""The examples of docs/how-to/use-the-api.md are run as they stand, against a real server."""

import subprocess
from pathlib import Path

from tests.support.live import Live

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"
SHOWN = ("http://127.0.0.1:8000", "/tmp/")  # noqa: S108  # what the page says, replaced by the test's own
INDENT = "    "


def examples(page: str) -> str:
    """The indented lines of a page, as one shell script that ends at the first command that fails."""
    lines = [line.removeprefix(INDENT) for line in page.splitlines() if line.startswith(INDENT) or not line]
    return "\n".join(["set -euo pipefail", *lines])


def test_the_examples_do_what_the_page_says(live: Live, tmp_path: Path) -> None:
    script = examples(PAGE.read_text())
    for shown, real in zip(SHOWN, (live.url, f"{tmp_path}/"), strict=True):
        assert shown in script
        script = script.replace(shown, real)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.splitlines()
    assert said[:2] == ["fiscal_assistance_funds", "530326"]
    assert "clerk" in said
    assert said[said.index("the same need") + 1 :][:2] == ["submitted", "/problems/stale"]
    refused = next(line for line in said if line.startswith('{"type"'))
    assert '"/problems/invalid"' in refused and '"quantity.value"' in refused and '"window"' in refused
    assert "event: hello" in said
    assert said[-1] == "204"
