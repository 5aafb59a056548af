"""One Chromium for all browser tests; each test opens contexts of its own in it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import chromium

PATIENCE = 30_000
"""Milliseconds that a page may take: test machines are busy."""


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Let every expectation wait so long."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser that all tests share."""
    async with chromium() as running:
        yield running
