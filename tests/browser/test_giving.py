"""An enterprise on a phone with a slow line: from a link in a message to a commitment, without an account."""

import asyncio
import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from server.kit.schema import new_id
from tests.browser.person import Person
from tests.browser.test_accessibility import WCAG
from tests.support.live import Live

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
"""400 ms and 400 kbit/s."""


def open_need(live: Live) -> str:
    """A need for everybody to give to, of which something is open."""
    needs = live.client("coordinator").get("/needs", params={"open_only": True, "head": "training", "limit": 50}).json()
    return next(row["id"] for row in needs["items"] if row["resource_type"]["reach"] == "open")


async def letter_to(live: Live, address: str, number: int = 1) -> str:
    """The code in the letter with this number to an address, once it has come."""
    for _ in range(150):
        letters = [letter for letter in live.post.letters if letter["To"] == address]
        if len(letters) >= number:
            return re.findall(r"\d{6}", letters[number - 1].get_content())[0]
        await asyncio.sleep(0.2)
    raise TimeoutError(address)


async def is_accessible(person: Person) -> None:
    found = (await Axe().run(person.page, options=WCAG)).response["violations"]
    assert not found, found


async def test_an_enterprise_commits_on_a_phone_with_a_slow_line(browser: Browser, live: Live) -> None:
    person = await Person.at(browser, live.url, "stranger", phone=True)
    line = await person.page.context.new_cdp_session(person.page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW)
    address = f"{new_id().hex[-12:]}@luyuan.example"
    await person.page.goto(f"/give/{open_need(live)}")
    await person.sees("尚缺", "第 1 步，共 3 步")
    await person.fills("数量", "1")
    await person.fills("具体内容和到位方式", "两名教师，往返自理")
    await is_accessible(person)
    await person.keeps("giving-1")
    await person.reloads()
    await expect(person.field("数量")).to_have_value("1")
    await expect(person.field("具体内容和到位方式")).to_have_value("两名教师，往返自理")
    await person.presses("下一步")
    await person.chooses("参与主体类型", "公民个人")
    await person.fills("您的姓名", "陈静")
    await person.types("所在地", "320115")
    await person.page.get_by_role("listbox").get_by_role("option").first.click()
    await person.fills("邮箱", address)
    await is_accessible(person)
    await person.keeps("giving-2")
    await person.presses("获取验证码")
    await person.fills("验证码", await letter_to(live, address))
    await is_accessible(person)
    await person.keeps("giving-3")
    await person.presses("确认认捐")
    await person.sees("感谢您，认捐已登记。")
    await is_accessible(person)
    await person.keeps("giving-4")
    await person.presses("获取验证码")
    await person.fills("验证码", await letter_to(live, address, 2))
    await person.fills("密码", "eleven green bicycles")
    await person.presses("设置密码")
    await person.sees("密码已设置")
    # Every session ended with the reset; this person goes on without signing in again.
    await person.opens("查看进展")
    await person.sees_status("待核验")
    await person.page.context.close()
    assert not person.faults, "\n".join(person.faults)
