"""The main journey on Chromium 92, as on office machines that are not renewed: from a need to an accepted delivery."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.cast import Cast, gathered
from tests.browser.chromium import old_chromium
from tests.browser.paperwork import (
    RUN_SECONDS,
    Paper,
    proposes,
    publishes_need,
    publishes_offer,
    receives,
    sends,
    shows,
)
from tests.local.running import on_a_quiet_machine
from tests.support.live import Live

BOOKS = Paper("枫树坪小学图书", "图书", "600", texts={"必要性": "学校图书未达标，镇中心校核实。"})
GIVEN_BOOKS = Paper("沪滇协作图书", "图书", "400")


@pytest.fixture
async def old_browser() -> AsyncIterator[Browser]:
    """Chromium 92, driven as today's."""
    async with old_chromium() as running:
        yield running


@pytest.fixture
async def cast(old_browser: Browser, live: Live) -> AsyncIterator[Cast]:
    """The six, each with an old browser."""
    async with gathered(old_browser, live) as people:
        yield people


async def test_the_job_is_done_in_an_old_browser(old_browser: Browser, cast: Cast) -> None:
    assert old_browser.version.startswith("92.")
    clerk, reviewer, east, coordinator = cast.clerk, cast.reviewer, cast.east, cast.coordinator
    for person in (clerk, reviewer, east, coordinator):
        await person.signs_in()
    await publishes_need(clerk, reviewer, BOOKS)
    await publishes_offer(east, GIVEN_BOOKS, only_for="仅限结对地区")
    await clerk.keeps("old-need")

    await coordinator.goes_to("对接测算")
    await coordinator.presses("开始对接测算")
    await coordinator.sees_status("已完成", on_a_quiet_machine(RUN_SECONDS))
    await coordinator.keeps("old-run")
    await proposes(east, BOOKS.title, "300", "开学前送到。")
    await clerk.goes_to("今日")
    await clerk.opens(f"回应 {BOOKS.title}", clerk.block("待我办理"))
    await clerk.decides("同意")
    await clerk.opens("查看认捐协议")
    for person in (reviewer, east):
        await person.goes_to("今日")
        await person.opens(f"签署 {BOOKS.title}", person.block("待我办理"))
        await person.decides("签署")
    await east.sees_status("已生效")
    await east.keeps("old-pledge")

    await clerk.opens(BOOKS.title)
    await sends(east, "300", "沪 2019-0820")
    await receives(reviewer, BOOKS.title, "300 册")
    await reviewer.decides("验收")
    await reviewer.sees_status("已验收")
    await shows(clerk, accepted="300 册", pledged="0 册", open="300 册")
    await clerk.keeps("old-need-covered-in-part")
    for page, picture in (("看板", "old-board"), ("地图", "old-map")):
        await coordinator.goes_to(page)
        await expect(coordinator.main.locator(".problem")).to_have_count(0)
        await coordinator.keeps(picture)
    cast.faultless()
