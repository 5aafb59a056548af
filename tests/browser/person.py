"""Somebody at a screen: acts by what is read there, keeps pictures, and notes everything that goes wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from server.seed.demo import DEMO_PASSWORD

PICTURES = Path(__file__).parents[2] / "build" / "screens" / "journey"
DESKTOP, PHONE = (1366, 768), (390, 844)
READING = {
    "复制",
    "搜索",
    "打印",
    "打印全部",
    "导出 Excel",
    "项目公示表：导出 Excel",
    "项目公示表：打印全部",
    "月度进度表：导出 Excel",
    "月度进度表：打印全部",
    "联席会议：导出 Excel",
    "联席会议：打印全部",
    "显示更多",
    "显示更早",
    "显示",
}
"""Buttons that change no record of the field; those that export or print have the server keep that somebody did."""

LEFT_THE_PAGE = "net::ERR_ABORTED"
"""How Chromium ends what is still on its way when somebody goes to another page."""


class Person:
    """One window of one person; `faults` is what a person would not see but should not be there."""

    def __init__(self, page: Page, name: str, *, phone: bool = False) -> None:
        self.page = page
        self.name = name
        self.phone = phone
        self.faults: list[str] = []
        self._expected = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._fault(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    @classmethod
    async def at(cls, browser: Browser, url: str, name: str, *, phone: bool = False) -> "Person":
        """A person in front of a fresh browser at this address, not signed in, reading Chinese."""
        width, height = PHONE if phone else DESKTOP
        context = await browser.new_context(
            base_url=url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        return cls(await context.new_page(), name, phone=phone)

    # Going about

    async def signs_in(self, at: str = "/") -> None:
        """Goes to an address and signs in there with the demo's password."""
        await self.page.goto(at)
        await self.fills("账号", self.name)
        await self.fills("密码", DEMO_PASSWORD)
        await self.presses("登录")
        await expect(self.page.locator("#main-nav")).to_be_attached()

    async def goes_to(self, item: str) -> None:
        """Follows an item of the main navigation, which a phone folds away."""
        if self.phone:
            await self.presses("菜单")
        await self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=item, exact=True).click()
        await self.settles()
        if item == "今日":
            await self._shows_all_work()

    async def _shows_all_work(self) -> None:
        """Long lists of work show their first ten; what others have left lies there, too."""
        more = self.main.get_by_role("button", name=re.compile("^显示全部 "))
        while await more.count():
            await more.first.click()

    async def opens(self, link: str, within: Locator | None = None) -> None:
        """Follows a link, named by its text or by a part of it."""
        await (within or self.main).get_by_role("link", name=link).first.click()
        await self.settles()

    async def goes_back(self) -> None:
        """Presses the browser's own button."""
        await self.page.go_back()
        await self.settles()

    async def reloads(self) -> None:
        """Presses the browser's own button."""
        await self.page.reload()
        await self.settles()

    async def settles(self) -> None:
        """Waits until all that the page fetches is shown."""
        await self.main.locator("h1").first.wait_for()
        await expect(self.main.locator(".loading, [aria-busy=true]")).to_have_count(0)

    # Doing

    async def presses(self, button: str, within: Locator | Page | None = None) -> None:
        """Presses a button by its name; in an open dialog, if there is one."""
        await self.button(button, within).click()

    async def fills(self, label: str, text: str) -> None:
        """Types into a field by its label."""
        await self.field(label).fill(text)

    async def types(self, label: str, text: str) -> None:
        """Types into an empty field letter by letter, as whatever takes the field away meanwhile would show."""
        await self.fills(label, "")
        await self.field(label).press_sequentially(text)

    async def chooses(self, label: str, option: str) -> None:
        """Chooses from a list by its label."""
        await self.field(label).select_option(label=option)

    async def ticks(self, label: str) -> None:
        """Ticks a box or chooses one of several."""
        await self.page.get_by_label(label, exact=True).click()

    async def decides(self, verb: str, **fields: str) -> None:
        """Carries out a verb of the field: presses its button, fills in what the dialog asks, confirms."""
        await self.presses(verb)
        await expect(self.dialog).to_be_visible()
        for label, text in fields.items():
            field = self.field(label)
            is_list = await field.evaluate("node => node.tagName === 'SELECT'")
            await (field.select_option(label=text) if is_list else field.fill(text))
        await self.presses(verb, self.dialog)
        await expect(self.dialog).to_have_count(0)

    # Reading

    @property
    def main(self) -> Locator:
        """The page without its header."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """The path of the page's address: that of the record in front of the person."""
        return urlsplit(self.page.url).path

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.get_by_role("dialog")

    @property
    def rows(self) -> Locator:
        """The rows of the page's table, without its head."""
        return self.main.get_by_role("table").first.locator("tbody").get_by_role("row")

    def button(self, name: str, within: Locator | Page | None = None) -> Locator:
        """A button by its whole name."""
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """A field by its label, which may say that it is required."""
        labelled = self.page.get_by_label(re.compile(rf"^{re.escape(label)}\s*(必填)?$"))
        return labelled.and_(self.page.locator("input, select, textarea")).last

    def block(self, heading: str) -> Locator:
        """A part of the page by its heading, which may be followed by a count."""
        return self.main.get_by_role("region", name=re.compile(rf"^{re.escape(heading)}( \d+)?$"))

    async def sees(self, *texts: str) -> None:
        """Reads each text somewhere on the page."""
        for text in texts:
            await expect(self.page.get_by_text(text).first).to_be_visible()

    async def sees_heading(self, text: str) -> None:
        """Reads the text in the page's heading."""
        await expect(self.main.get_by_role("heading", level=1)).to_contain_text(text)

    async def sees_status(self, word: str, seconds: float = 30) -> None:
        """Reads a record's status below its heading, within so many seconds."""
        await expect(self.main.locator("header .status").first).to_have_text(word, timeout=seconds * 1000)

    async def sees_fact(self, label: str, value: str) -> None:
        """Reads a fact of a record: its label and next to it its value."""
        fact = self.main.locator(
            "dl > div", has=self.page.locator("dt", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
        )
        await expect(fact.locator("dd").first).to_contain_text(value)

    async def keeps(self, picture: str) -> None:
        """Keeps a picture of the whole page in `build/screens/journey`."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{picture}.png", full_page=True)

    async def changes_nothing(self) -> None:
        """Finds only buttons that read."""
        found = {(await button.inner_text()).strip() for button in await self.main.get_by_role("button").all()}
        assert found <= READING, f"{self.name} at {self.page.url} could press {found - READING}"

    # What goes wrong

    @contextmanager
    def expecting_refusals(self) -> Iterator[None]:
        """While somebody does on purpose what the server refuses."""
        self._expected = True
        yield
        self._expected = False

    def _fault(self, what: str) -> None:
        if not self._expected:
            self.faults.append(f"{self.name} at {self.page.url}: {what}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._fault(f"{message.type}: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT_THE_PAGE:
            self._fault(f"{request.method} {request.url} failed: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._fault(f"{response.request.method} {response.url} answered {response.status}")
