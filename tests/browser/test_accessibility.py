"""Every page in a real browser: WCAG 2.2 AA as far as axe can tell, both languages, both themes, both widths, keyboard."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, TimeoutError

from tests.browser.pages import (
    DESKTOP,
    PHONE,
    VISITS,
    Look,
    Visit,
    context_for,
    grouped,
    open_page,
    uncovered,
    undress,
    widest,
)
from tests.browser.stage import Stage, set_stage
from tests.support.live import Live

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WCAG = {"runOnly": TAGS, "resultTypes": ["violations"]}
NAMES = {"zh-CN": "结对", "en": "Jiedui"}
RAW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|\{\w+\}|\bundefined\b|\bNaN\b|\[object|\b[a-z]+_[a-z]+\b")
"""Ids, unfilled places, codes: what no reader should meet."""

EACH = [Look("zh-CN", "light", DESKTOP), Look("en", "dark", PHONE)]
CROSSES = [Look("zh-CN", "dark", PHONE), Look("en", "light", DESKTOP)]
SAMPLE = ("today-clerk", "needs", "need", "need-new", "run", "pledge", "pairing", "board", "map", "sign-in")
TARGETS = ("today-clerk", "needs", "need-new", "proposal", "run", "me", "sign-in")
LEAST = {DESKTOP: 34, PHONE: 44}
FIRST_FIELDS = {"zh-CN": ["标题", "资源类型", "县", "说明"], "en": ["Title", "Resource type", "County", "Description"]}


@pytest.fixture(scope="module")
async def stage(live: Live) -> AsyncIterator[Stage]:
    """Jiedui with a record for every page."""
    made = set_stage(live)
    yield made
    undress(made)


def test_no_route_is_forgotten() -> None:
    assert uncovered() == set()


@pytest.mark.parametrize("look", EACH, ids=str)
async def test_every_page_is_free_of_violations(browser: Browser, stage: Stage, look: Look) -> None:
    assert await faults(browser, stage, look, VISITS) == []


@pytest.mark.parametrize("look", CROSSES, ids=str)
async def test_no_theme_or_width_makes_a_difference(browser: Browser, stage: Stage, look: Look) -> None:
    assert await faults(browser, stage, look, [visit for visit in VISITS if visit.name in SAMPLE]) == []


async def faults(browser: Browser, stage: Stage, look: Look, visits: Sequence[Visit]) -> list[str]:
    """What is wrong with these pages, a line for each page and fault."""
    found: list[str] = []
    for who, own in grouped(visits).items():
        context = await context_for(browser, stage, who, look)
        page = await context.new_page()
        for visit in own:
            found += [f"{visit.name} {look}: {fault}" for fault in await faults_of(page, visit, stage, look)]
        await context.close()
    return found


async def faults_of(page: Page, visit: Visit, stage: Stage, look: Look) -> list[str]:
    """Violations that axe finds, words that are none, a wrong language, a page that scrolls sideways."""
    try:
        await open_page(page, visit.address(stage))
    except TimeoutError:
        return [f"does not come: {await page.locator('body').inner_text()}"]
    result = await Axe().run(page, options=WCAG)
    found = [result.generate_report()] if result.violations_count else []
    if raw := RAW.search(await page.locator("main").inner_text()):
        found.append(f"shows {raw[0]!r}")
    if await page.locator("html").get_attribute("lang") != look.language:
        found.append("is marked with the wrong language")
    title = await page.title()
    if not re.fullmatch(f".+ · {NAMES[look.language]}", title) or "page." in title:
        found.append(f"is titled {title!r}")
    if await page.locator("h1").count() != 1:
        found.append("has not one heading of the first level")
    found += [
        f"shows {problem!r}" for problem in await page.locator("main [role=alert]:not(.sr-only)").all_inner_texts()
    ]
    return found + [f"is too wide: {what}" for what in await widest(page, look.width)]


OPENED = (
    ("need-new", "clerk", "button.primary", ".box"),
    ("proposal", "enterprise", "button:has-text('Counter')", "dialog[open]"),
    ("offer", "enterprise", "button:has-text('Propose docking')", "dialog[open]"),
    ("today-clerk", "clerk", "button.menu", "nav.open"),
)
"""Page, who, what is pressed, and what then is there: faults of a form, a verb's dialog, the menu."""


@pytest.mark.parametrize(("name", "who", "pressed", "there"), OPENED, ids=[name for name, *_ in OPENED])
async def test_what_opens_is_free_of_violations(
    browser: Browser, stage: Stage, name: str, who: str, pressed: str, there: str
) -> None:
    look = Look("en", "dark", PHONE)
    context = await context_for(browser, stage, who, look)
    page = await context.new_page()
    await open_page(page, next(visit for visit in VISITS if visit.name == name).address(stage))
    await page.locator(pressed).first.click()
    await page.locator(there).first.wait_for()
    found = await Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert await widest(page, look.width) == []
    assert await small_targets(page, LEAST[PHONE]) == []
    await context.close()


@pytest.mark.parametrize("width", LEAST)
async def test_whatever_is_pressed_is_large_enough(browser: Browser, stage: Stage, width: int) -> None:
    look = Look("zh-CN", "light", width)
    for who, visits in grouped([visit for visit in VISITS if visit.name in TARGETS]).items():
        context = await context_for(browser, stage, who, look)
        page = await context.new_page()
        for visit in visits:
            await open_page(page, visit.address(stage))
            assert await small_targets(page, LEAST[width]) == [], visit.name
        await context.close()


async def small_targets(page: Page, least: int) -> list[str]:
    """Controls less high than that; links within text are exempt."""
    return await page.evaluate(
        """(least) => [...document.querySelectorAll('button, select, textarea, input, a.button, nav a, label')]
          .filter((node) => node.matches('label') ? node.querySelector('input') : !node.closest('label'))
          .map((node) => [node, node.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && box.height > 0 && box.height < least - 0.5)
          .map(([node, box]) => `${node.tagName} ${node.textContent.trim()} ${node.name ?? ''}: ${box.height}`)""",
        least,
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_keyboard_skips_the_navigation_and_walks_the_form_in_order(
    browser: Browser, stage: Stage, language: str
) -> None:
    context = await context_for(browser, stage, "clerk", Look(language, "light", DESKTOP))
    page = await context.new_page()
    await open_page(page, "/needs/new")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    await page.keyboard.press("Enter")
    walked = await walk(page, 16)
    names = [name for name, *_ in walked if name]
    assert [name for name in names if name in FIRST_FIELDS[language]] == FIRST_FIELDS[language]
    assert all(ring >= 3 for *_, ring in walked), walked
    tops = [(left, top) for _, left, top, _ in walked if left < DESKTOP / 2]
    assert [top for _, top in tops] == sorted(top for _, top in tops), walked
    await context.close()


async def walk(page: Page, steps: int) -> list[tuple[str, float, float, float]]:
    """Press Tab so often; of each stop the label, left and top on the page, and the width of the focus ring."""
    stops: list[tuple[str, float, float, float]] = []
    for _ in range(steps):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(
            """() => {
              const node = document.activeElement
              const box = node.getBoundingClientRect()
              const label = node.labels?.[0]?.firstChild?.textContent.trim() ?? ''
              return [label, box.left, box.top + window.scrollY, parseFloat(getComputedStyle(node).outlineWidth)]
            }"""
        )
        stops.append(tuple(stop))
    return stops


async def test_a_page_keeps_what_is_typed_and_where_while_its_address_changes(browser: Browser, stage: Stage) -> None:
    context = await context_for(browser, stage, "clerk", Look("en", "light", DESKTOP))
    page = await context.new_page()
    await open_page(page, "/needs/new")
    title = page.get_by_label("Title")
    await title.click()
    await page.keyboard.type("Village road", delay=40)
    assert "draft=" in page.url
    assert await title.input_value() == "Village road"
    await open_page(page, "/needs")
    status = page.get_by_label("Status")
    await status.focus()
    await status.select_option("draft")
    await page.wait_for_url("**/needs?status=draft")
    assert await status.evaluate("node => node === document.activeElement")
    await context.close()
