"""Chromium for tests and for pictures: Debian's, and the oldest that can be had."""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.local.old_chromium import PROGRAM

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OLD_ARGUMENTS = [*ARGUMENTS, "--headless", "--no-zygote"]
PIPE = Path(__file__).parent / "old_chromium_pipe.py"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running Chromium, closed in the end.

    :raises FileNotFoundError: there is none; `tests/local/install_programs.py` installs it.
    """
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("Chromium is not installed: run tests/local/install_programs.py")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def old_chromium() -> AsyncIterator[Browser]:
    """A running Chromium 92, closed in the end.

    :raises FileNotFoundError: it was not fetched; `tests/local/old_chromium.py` does.
    """
    if not PROGRAM.exists():
        raise FileNotFoundError("Chromium 92 is not here: run tests/local/old_chromium.py")
    with tempfile.TemporaryDirectory() as folder:
        start = Path(folder) / "chromium"
        start.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PIPE}" "{PROGRAM}" "$@"\n')
        start.chmod(0o755)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=start, args=OLD_ARGUMENTS, env={**os.environ})
            yield browser
            await browser.close()
