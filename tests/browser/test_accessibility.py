"""Every page in a real browser, in both languages: no violation of WCAG 2.2 AA that axe can find."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from server.seed.demo import DEMO_PASSWORD
from tests.support.live import Live

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ["/", "/needs", "/offers", "/docking", "/proposals", "/pledges", "/pairings", "/board", "/map", "/places/530326", "/me", "/nowhere"]


@pytest.fixture
async def page(browser: Browser, live: Live, language: str) -> AsyncIterator[Page]:
    """A page of the coordinator, signed in through the form."""
    context = await browser.new_context(base_url=live.url, locale=language)
    page = await context.new_page()
    await page.goto("/")
    await page.locator("input[name=identifier]").fill("coordinator")
    await page.locator("input[name=password]").fill(DEMO_PASSWORD)
    await page.locator("button[type=submit]").click()
    await page.locator("#main-nav").wait_for(state="attached")
    yield page
    await context.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_page_is_free_of_violations(page: Page):
    for path in PAGES:
        await page.goto(path)
        await page.locator("h1").wait_for()
        await page.wait_for_timeout(500)
        found = await Axe().run(page, options=WCAG)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
