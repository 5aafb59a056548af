"""What a person chose for themselves, language and look, is theirs wherever they sign in."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from server.seed.demo import DEMO_PASSWORD
from tests.accounts.test_second_factor import code_of
from tests.browser.person import Person
from tests.browser.test_accessibility import WCAG
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
    await supervisor.chooses("Reminders, E-mail", "Weekly")
    await supervisor.ticks("Keep quiet hours")
    await (
        supervisor.page.locator("section", has=supervisor.page.locator("#notices"))
        .get_by_role("button", name="Save")
        .click()
    )
    await supervisor.sees("Saved.")
    await _is_accessible(supervisor)
    await supervisor.page.reload()
    await expect(supervisor.field("Reminders, E-mail")).to_have_value("weekly")
    await expect(supervisor.page.get_by_label("Keep quiet hours")).not_to_be_checked()
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


async def test_a_second_factor_is_set_up_asked_for_replaced_by_a_recovery_code_and_turned_off(
    browser: Browser, live: Live
) -> None:
    person = await Person.at(browser, live.url, "supervisor", phone=True)
    await person.signs_in("/me")
    await person.presses("开始设置")
    await person.fills("请再次输入密码", DEMO_PASSWORD)
    await _is_accessible(person)
    await person.presses("下一步")
    secret = await person.dialog.locator("code").inner_text()
    await _is_accessible(person)
    await person.fills("应用当前显示的验证码", code_of(secret.replace(" ", ""), -1))
    await person.presses("开启")
    await expect(person.button("已保管好")).to_be_visible()
    codes = await person.dialog.get_by_role("listitem").all_inner_texts()
    await _is_accessible(person)
    await person.presses("已保管好")
    for code in (code_of(secret.replace(" ", "")), codes[0].strip()):
        await person.presses("菜单")
        await person.presses("退出登录")
        await person.fills("账号", person.name)
        await person.fills("密码", DEMO_PASSWORD)
        with person.expecting_refusals():
            await person.presses("登录")
            await person.fills("动态验证码", code)
        await person.presses("登录")
        await expect(person.page.locator("#main-nav")).to_be_attached()
    await person.page.goto("/me")
    await person.sees("剩余9个备用码")
    await person.presses("关闭二次验证")
    await person.fills("应用显示的验证码，或一个备用码", codes[1].strip())
    await _is_accessible(person)
    await person.presses("关闭二次验证", person.dialog)
    await expect(person.button("开始设置")).to_be_visible()
    assert person.faults == []


async def _is_accessible(person: Person) -> None:
    found = await Axe().run(person.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
