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


def open_campaign(live: Live) -> tuple[str, str]:
    """The demo's open campaign, and the title of a need to which a small part can be given through it."""
    found = live.client("reviewer").get("/campaigns", params={"status": "open", "mine": True}).json()["items"][0]
    shown = live.client("reviewer").get(f"/open-campaigns/{found['id']}").json()
    return found["id"], next(need["title"] for need in shown["needs"] if need["min_part"] is None)


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


async def sees_what_became_of_it(person: Person, live: Live, campaign: str) -> None:
    await person.page.goto("/given")
    await person.sees("尚未开始落实。")
    await is_accessible(person)
    await person.keeps("giving-5")
    joined = live.client("reviewer").get(f"/campaigns/{campaign}").json()
    assert joined["citizens"] == 1
    assert sum(aim["waiting"] for aim in joined["aims"]) == 1


async def test_an_enterprise_commits_on_a_phone_with_a_slow_line(browser: Browser, live: Live) -> None:
    person = await Person.at(browser, live.url, "stranger", phone=True)
    line = await person.page.context.new_cdp_session(person.page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW)
    address = f"{new_id().hex[-12:]}@luyuan.example"
    campaign, need = open_campaign(live)
    await person.page.goto(f"/give/campaigns/{campaign}")
    await person.sees("选择要支持的需求")
    await is_accessible(person)
    await person.keeps("giving-0")
    await person.opens(need)
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
    await sees_what_became_of_it(person, live, campaign)
    await person.page.context.close()
    assert not person.faults, "\n".join(person.faults)
