"""What somebody types is kept: on this device at once, on the server soon, and of two devices nothing is overwritten."""

import re

from playwright.async_api import Browser, expect

from tests.browser.person import Person
from tests.support.live import Live

KEPT = "已存到服务器"


async def test_a_form_goes_on_on_another_device_and_two_that_differ_are_both_shown(
    browser: Browser, live: Live
) -> None:
    one, other = await Person.at(browser, live.url, "clerk"), await Person.at(browser, live.url, "clerk")
    await one.signs_in("/needs/new")
    await one.fills("标题", "野马村蓄水池")
    await expect(one.page.get_by_text(KEPT)).to_be_visible()
    await expect(one.page).to_have_url(re.compile(r"draft=[0-9a-f]{32}"))
    address = one.page.url.removeprefix(live.url)

    await other.signs_in("/needs/new")
    await other.page.get_by_role("link", name="野马村蓄水池").click()
    await expect(other.field("标题")).to_have_value("野马村蓄水池")
    await other.fills("标题", "野马村蓄水池两座")
    await expect(other.page.get_by_text(KEPT)).to_be_visible()

    with one.expecting_refusals():
        await one.fills("标题", "野马村蓄水池三座")
        await expect(one.page.get_by_text("另一台设备上也修改过")).to_be_visible()
    await one.page.get_by_role("button", name="保留这一份").click()
    await expect(one.page.get_by_text(KEPT)).to_be_visible()
    await other.page.goto(address)
    await expect(other.field("标题")).to_have_value("野马村蓄水池三座")

    await other.page.get_by_role("button", name="放弃草稿").click()
    await expect(other.page).to_have_url(re.compile(r"/needs/new$"))
    await one.page.goto(address)
    await expect(one.field("标题")).to_have_value("")
    assert one.faults == other.faults == []
