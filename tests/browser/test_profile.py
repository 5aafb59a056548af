"""What a person chose for themselves, language and look, is theirs wherever they sign in."""

from playwright.async_api import Browser, expect

from server.seed.demo import DEMO_PASSWORD
from tests.browser.person import Person
from tests.support.live import Live


async def test_a_profile_keeps_its_language_and_theme_over_a_new_session(browser: Browser, live: Live) -> None:
    supervisor = await Person.at(browser, live.url, "supervisor")
    await supervisor.signs_in()
    await supervisor.page.get_by_role("banner").get_by_role("link", name="督查员").click()
    await supervisor.settles()
    await supervisor.fills("英文姓名", "Inspector Lin")
    await supervisor.chooses("语言", "English")
    await supervisor.chooses("外观", "深色")
    await supervisor.presses("保存")
    await supervisor.sees_heading("My profile")
    await supervisor.sees("Inspector Lin")
    await supervisor.keeps("profile-english-dark")
    await supervisor.presses("Sign out")
    await expect(supervisor.page.get_by_label("Password", exact=True)).to_be_visible()
    await supervisor.keeps("signed-out")
    await supervisor.page.get_by_label("Account", exact=True).fill("supervisor")
    await supervisor.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    await supervisor.presses("Sign in")
    await supervisor.sees_heading("Today")
    await expect(supervisor.page.locator("html")).to_have_attribute("data-theme", "dark")
    await supervisor.page.get_by_role("link", name="Inspector Lin").click()
    await supervisor.chooses("Language", "中文 (Chinese)")
    await supervisor.chooses("Theme", "As the system")
    await supervisor.presses("Save")
    await supervisor.sees_heading("个人设置")
    assert supervisor.faults == []
