"""Every page in a real browser, in both languages: no violation of WCAG 2.2 AA that axe can find."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from server.seed.demo import DEMO_PASSWORD
from tests.support.live import Live

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ["/", "/needs", "/offers", "/docking", "/proposals", "/pledges", "/pairings", "/board", "/map", "/places/530326", "/me", "/nowhere"]


@pytest.fixture
async def page(live: Live, language: str) -> AsyncIterator[Page]:
    """A page of the coordinator, signed in through the form."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = await browser.new_page(base_url=live.url, locale=language)
        await page.goto("/")
        await page.locator("input[name=identifier]").fill("coordinator")
        await page.locator("input[name=password]").fill(DEMO_PASSWORD)
        await page.locator("button[type=submit]").click()
        await page.locator("#main-nav").wait_for(state="attached")
        yield page
        await browser.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_page_is_free_of_violations(page: Page):
    for path in PAGES:
        await page.goto(path)
        await page.locator("h1").wait_for()
        await page.wait_for_timeout(500)
        found = await Axe().run(page, options=WCAG)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
