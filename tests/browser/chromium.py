"""Debian's Chromium, started for tests and for pictures."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running Chromium, closed in the end.

    :raises FileNotFoundError: there is none; `tests/local/install_chromium.py` installs it.
    """
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("Chromium is not installed: run tests/local/install_chromium.py")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()
