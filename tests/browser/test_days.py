"""The working day of a county, of an eastern official and of a coordinator in Chromium; the enterprise's is `test_giving`."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from playwright.async_api import Browser, expect

from tests.browser.kinds import KINDS, agree, promise
from tests.browser.paperwork import FROM
from tests.browser.person import Person
from tests.browser.stage import Stage
from tests.support.live import Live

PROJECT = "田坝乡小学运动场改造"
FUNDED = "大桥乡冷藏库建设资金"
TERMS = "资金于六月底前到账，双方每季度对账一次。"


@pytest.fixture(scope="module")
async def people(browser: Browser, live: Live) -> AsyncIterator[dict[str, Person]]:
    """Those whose day it is, signed in."""
    async with AsyncExitStack() as rooms:
        found = {
            name: await Person.at(browser, live.url, name) for name in ("clerk", "reviewer", "east", "coordinator")
        }
        for person in found.values():
            rooms.push_async_callback(person.page.context.close)
            await person.signs_in()
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(people: dict[str, Person]) -> Iterator[None]:
    """After each day: nobody's browser has noted an error."""
    yield
    assert [fault for person in people.values() for fault in person.faults] == []


async def test_a_county_takes_a_project_into_the_library_and_asks_for_its_gap(
    people: dict[str, Person], live: Live
) -> None:
    clerk, reviewer = people["clerk"], people["reviewer"]
    await _proposes_a_project(clerk)
    await clerk.decides("开始公示", 公示地点="村、乡公示栏和县政府网站")
    await reviewer.goes_to("项目库")
    await reviewer.opens(PROJECT)
    await reviewer.sees_status("公示中")
    await reviewer.sees("还剩 10 天（含今天）")
    await expect(reviewer.button("进入审核")).to_have_count(0)  # not before its ten days are over
    await reviewer.keeps("day-county-notice")

    # A project of the library whose money is not all there: its gap becomes a need that many may give to.
    await clerk.page.goto("/projects?status=library&gap=true")
    await clerk.opens("大桥乡苹果产地冷藏库")
    await clerk.opens("就缺口提需求")
    await clerk.fills("标题", FUNDED)
    await clerk.keeps("day-county-gap")
    await clerk.chooses("资源类型", "财政援助资金")
    await clerk.fills("数量", "150")
    await clerk.fills("开始日期", FROM)
    await clerk.fills("必要性", "项目已入库，缺口无其他来源，县农业农村局核实。")
    await clerk.presses("保存并提交审核")
    await clerk.sees_status("已提交")
    await reviewer.goes_to("今日")
    await reviewer.opens(f"审核 {FUNDED}", reviewer.block("待我办理"))
    await reviewer.presses("开始审核")
    await reviewer.decides("发布", 意见="与项目缺口一致，同意发布。")
    await reviewer.sees_status("已发布")

    await clerk.page.goto("/integration?by=project")
    row = clerk.main.get_by_role("row").filter(has_text="大桥乡苹果产地冷藏库")
    await expect(row).to_contain_text("150万元")
    await expect(row).to_contain_text("250万元")  # of a gap of 400 that is left to ask for
    await clerk.keeps("day-county-integration")


async def _proposes_a_project(clerk: Person) -> None:
    """Refused while it ends before it begins, with everything still in the form; then proposed."""
    await clerk.goes_to("项目库")
    await clerk.opens("申报项目")
    await clerk.types("项目名称", PROJECT)
    await clerk.chooses("类别", "教育")
    await clerk.fills("截止日期", "2019-05-01")
    await clerk.fills("总投资", "八十万")
    await clerk.fills("绩效目标", "塑胶运动场 1 片，受益学生 420 人")
    with clerk.expecting_refusals():
        await clerk.presses("保存申报")
        await expect(clerk.main.get_by_role("alert").first).to_be_visible()
    await expect(clerk.field("项目名称")).to_have_value(PROJECT)
    await clerk.keeps("day-county-refused")
    await clerk.fills("截止日期", "2019-12-20")
    await clerk.fills("总投资", "80")
    await clerk.presses("保存申报")
    await clerk.sees_status("申报中")


async def test_an_eastern_official_signs_an_agreement_and_follows_its_money(
    people: dict[str, Person], live: Live
) -> None:
    east, reviewer = people["east"], people["reviewer"]
    await east.goes_to("结对关系")
    await expect(east.rows.filter(has_text="上海市")).to_have_count(await east.rows.count())
    await east.opens("上海市", east.rows.filter(has_text="云南省"))
    await east.opens("起草年度协议")
    await east.chooses("帮扶方", "上海市人民政府")
    await east.chooses("受援县", "会泽县人民政府")
    await east.chooses("年度", "2020")
    await east.chooses("台账口径", "财政援助资金")
    await east.fills("任务数", "3200")
    await east.fills("其他约定", TERMS)
    await east.presses("保存")
    await east.sees_status("草案")
    await east.decides("提交双方签署")
    await east.decides("签署")
    await reviewer.page.goto(east.path)
    await reviewer.sees(TERMS)
    await reviewer.decides("签署")
    await reviewer.sees_status("已生效")
    await east.sees_status("已生效")  # without a reload
    await east.keeps("day-east-agreement")
    await _a_second_one_is_refused_and_nothing_typed_is_lost(east)

    money = next(kind for kind in KINDS if kind.name == "money")
    _, pledge = promise(Stage(live), money)
    await east.page.goto(f"/pledges/{pledge}")
    await east.presses("分批发出")
    await east.chooses("发出情况", "先作计划，逐项登记")
    await east.presses("分批发出", east.dialog)
    await expect(east.dialog).to_have_count(0)
    await east.block("落实情况").get_by_role("table").get_by_role("link").click()
    for stage, voucher in (("下达", "沪合作办〔2019〕52 号"), ("拨付", "拨 2019-0603")):
        await east.decides(f"登记{stage}", 凭证号=voucher)
    await east.goes_to("结对关系")
    await east.page.goto("/agreements?view=money&year=2019")
    row = east.main.get_by_role("row").filter(has_text=money.title)
    await expect(row.get_by_text("50万元")).to_have_count(3)  # promised, allocated, paid out; not received
    await east.keeps("day-east-money")


async def _a_second_one_is_refused_and_nothing_typed_is_lost(east: Person) -> None:
    """The rule is named beside what was typed; days in the wrong order are named at their field."""
    await east.goes_to("结对关系")
    await east.opens("上海市", east.rows.filter(has_text="云南省"))
    await east.opens("起草年度协议")
    await east.chooses("帮扶方", "上海市人民政府")
    await east.chooses("受援县", "会泽县人民政府")
    await east.chooses("年度", "2020")
    await east.chooses("台账口径", "财政援助资金")
    await east.fills("任务数", "3200")
    await east.fills("其他约定", TERMS)
    await east.fills("截止日期", "2019-12-31")
    await east.presses("保存")
    await east.sees("截止日期不能早于开始日期")
    await east.fills("截止日期", "2020-12-31")
    await east.presses("保存")
    await east.sees("协议重叠", "2020 年度已有协作协议")
    await expect(east.field("其他约定")).to_have_value(TERMS)
    assert all("409" in fault for fault in east.faults)
    east.faults.clear()


async def test_a_coordinator_urges_what_is_late_and_drafts_the_bulletin(people: dict[str, Person], live: Live) -> None:
    coordinator, east = people["coordinator"], people["east"]
    desks = next(kind for kind in KINDS if kind.name == "goods")
    titles = [f"待补中学{number}校课桌椅" for number in ("一", "二")]
    for title in titles:
        agree(Stage(live), replace(desks, title=title))
    await coordinator.goes_to("督办")
    await coordinator.chooses("原因", "待签署")
    await coordinator.settles()
    for title in titles:
        await coordinator.main.get_by_role("checkbox", name=f"选择“{title}”").check()
    await east.page.goto("/inbox")
    await coordinator.presses("催办 2 件")
    await coordinator.sees("共 2 件，已催办 2 件，失败 0 件")
    for title in titles:
        await expect(coordinator.main.get_by_role("row").filter(has_text=title)).to_contain_text("已催办")
    await coordinator.keeps("day-coordinator-urged")
    await east.sees("条更新")  # whose inbox was open
    await east.presses("显示")
    await east.sees(*titles)

    await coordinator.opens("起草通报")
    await coordinator.sees(*titles)
    await expect(coordinator.field("通报正文")).to_have_value(re.compile("截至2019年6月3日，共有 1 个县"))
    await coordinator.keeps("day-coordinator-bulletin")
    await coordinator.page.goto("/overdue/pairings")
    await coordinator.opens("上海市与云南省")
    await coordinator.sees_heading("上海市与云南省")
    await coordinator.page.goto("/overdue/meeting?by=prefecture")
    await expect(coordinator.block("与上年同日相比").get_by_role("table")).to_contain_text("曲靖市")
    await coordinator.keeps("day-coordinator-meeting")
