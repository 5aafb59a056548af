"""A clerk's sheet of 300 rows in the browser: brought, mended, taken in; brought again it changes nothing; and out again."""

from pathlib import Path

import python_calamine
from playwright.async_api import Browser, expect

from tests.browser.person import Person
from tests.imports.sheets import HEADER, road, xlsx
from tests.support.live import Live

ROWS = 300
PREFIX = "表格导入测试"
PLAN = [
    ["类别", "项目名称", "建设期限", "概算投资（万元）", "资金来源", "绩效目标"],
    ["基础设施", f"{PREFIX}产业路", "2019年6月10日至2019年12月31日", "五十万", "东西部协作资金", "硬化 3 公里"],
    ["产业发展", f"{PREFIX}茶园", "2019-06-10至2019-11-30", "30", "东西部协作资金20万元、县级10万元", "茶园 200 亩"],
]


def _sheet(path: Path, quantities: dict[int, str]) -> str:
    rows = [road(number, 编号=f"L-{number}", 需求名称=f"{PREFIX}{number}组道路") for number in range(1, ROWS + 1)]
    for number, quantity in quantities.items():
        rows[number - 1][HEADER.index("数量")] = quantity
    own = [[cell if name != "县（市、区）" else "" for name, cell in zip(HEADER, row, strict=True)] for row in rows]
    path.write_bytes(xlsx([["2019年道路需求", *[""] * 8], HEADER, *own]))
    return str(path)


async def test_a_sheet_is_brought_mended_taken_in_and_never_doubled(
    browser: Browser, live: Live, tmp_path: Path
) -> None:
    clerk = await Person.at(browser, live.url, "clerk")
    page = clerk.page
    await clerk.signs_in("/needs/import")
    await clerk.field("表格文件").set_input_files(_sheet(tmp_path / "道路.xlsx", {13: "十三", 21: "二十一"}))
    await page.get_by_role("button", name="逐行检查").click()
    await expect(page.get_by_text(f"新增 {ROWS - 2} 行")).to_be_visible(timeout=60_000)
    await expect(page.get_by_text("第 15 行“数量”：填的是“十三”，请改为数字 13")).to_be_visible()
    # What is typed is kept although the page is left.
    await page.get_by_label("第 15 行“数量”").fill("十四")
    await page.get_by_label("第 15 行“数量”").press("Enter")
    await expect(page.get_by_text("填的是“十四”，请改为数字 14")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("第 15 行“数量”")).to_have_value("十四")
    # What is mended stays under the hand until the view is left, also the last of it.
    for suggestion, left in (("改为 14", 1), ("改为 21", 0)):
        await page.get_by_role("button", name=suggestion).click()
        await expect(page.get_by_text(f"新增 {ROWS - left} 行")).to_be_visible()
        for number in (15, 23):
            await expect(page.get_by_role("article", name=f"第 {number} 行")).to_be_visible()
        views = page.get_by_role("navigation", name="行", exact=True)
        await expect(views.get_by_role("link", name="待改正")).to_have_attribute("aria-current", "page")
    await page.get_by_role("button", name=f"导入 {ROWS} 行").click()
    await expect(page.get_by_text(f"新建 {ROWS} 条")).to_be_visible(timeout=120_000)

    await page.goto("/needs/import")
    await clerk.field("表格文件").set_input_files(_sheet(tmp_path / "再次.xlsx", {13: "13"}))
    await page.get_by_role("button", name="逐行检查").click()
    await expect(page.get_by_text(f"不一致 1 行，一致 {ROWS - 1} 行")).to_be_visible(timeout=60_000)
    await expect(page.get_by_role("radio", name="以表格为准")).to_be_checked()
    await page.get_by_role("radio", name="以系统为准").check()
    await expect(page.get_by_role("button", name="导入 0 行")).to_be_disabled()

    await page.goto(f"/needs?mine=true&q={PREFIX}")
    async with page.expect_download() as waited:
        await page.get_by_role("button", name="导出 Excel").click()
    table = python_calamine.CalamineWorkbook.from_path(await (await waited.value).path()).get_sheet_by_index(0)
    rows = [row for row in table.to_python() if str(row[4]).startswith(PREFIX)]
    assert sorted(row[5] for row in rows) == sorted([*range(1, 13), 14, *range(14, ROWS + 1)])
    await _a_plan_is_pasted(clerk)
    assert clerk.faults == []


async def _a_plan_is_pasted(clerk: Person) -> None:
    """The county's plan of projects goes in by the same steps, mended by one click."""
    page = clerk.page
    await page.goto("/projects")
    await page.get_by_role("link", name="导入项目").click()
    await clerk.field("或从 Excel 粘贴").fill("\n".join("\t".join(row) for row in PLAN))
    await page.get_by_role("button", name="读取粘贴的内容").click()
    await page.get_by_role("button", name="逐行检查").click()
    await page.get_by_role("button", name="改为 500000元").click()
    await page.get_by_role("button", name="导入 2 行").click()
    await expect(page.get_by_text("新建 2 条")).to_be_visible(timeout=60_000)
    await page.get_by_role("link", name="查看本单位项目").click()
    for row in PLAN[1:]:
        await expect(page.get_by_role("link", name=row[1])).to_be_visible()
