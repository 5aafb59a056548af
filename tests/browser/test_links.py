"""No dead links: whoever follows links from Today on comes to pages that are there and that answer without an error.

A link into the interface itself is a file to keep: it comes with its name.
"""

import re
from collections import Counter, deque
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser

from tests.browser.cast import NAMES
from tests.browser.person import Person
from tests.support.live import Live

EACH = {"clerk": 2, "coordinator": 2}
"""How many pages of one kind are visited, else one: what is behind the hundredth need is not worth its time."""

MOST = 150
"""Pages in one walk, beyond which something makes links without end."""

NOT_FOUND = ("没有这个页面", "Page not found")

LINKS = """() => [...document.querySelectorAll('a[href]')]
    .filter((link) => link.origin === location.origin && !link.getAttribute('href').startsWith('#'))
    .map((link) => link.pathname + link.search)"""
RECORD = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/places/)\d+")


def kind_of(link: str) -> str:
    """What pages have in common that differ in their record, or in their view of the same rows."""
    parts = urlsplit(link)
    return RECORD.sub("*", parts.path) + ("?" if parts.query else "")


@pytest.mark.parametrize("name", NAMES)
async def test_every_link_leads_somewhere(browser: Browser, live: Live, name: str) -> None:
    person = await Person.at(browser, live.url, name)
    await person.signs_in()
    await person.settles()
    visited: Counter[str] = Counter()
    known, waiting = {"/"}, deque(["/"])
    while waiting:
        link = waiting.popleft()
        if visited[kind_of(link)] == EACH.get(name, 1):
            continue
        visited[kind_of(link)] += 1
        assert visited.total() <= MOST, visited
        if link.startswith("/api/"):
            sheet = await person.page.request.get(link)
            assert sheet.ok and sheet.headers["content-disposition"], f"{name} at {link}"
            continue
        await person.page.goto(link)
        await person.settles()
        assert await person.main.locator("h1").first.inner_text() not in NOT_FOUND, f"{name} at {link}"
        assert await person.page.locator(".problem").count() == 0, f"{name} at {link}"
        for found in await person.page.evaluate(LINKS):
            if found not in known:
                known.add(found)
                waiting.append(found)
    await person.page.context.close()
    assert not person.faults, "\n".join(person.faults)
    assert {"/needs/*", "/offers/*", "/pairings/*", "/places/*", "/me"} <= set(visited), visited
