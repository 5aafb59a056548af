"""What people do on their way through the job: the forms that they fill in, and their parts of each step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.async_api import expect

from tests.browser.person import Person

FROM, TO = "2019-07-01", "2019-12-31"
RUN_SECONDS = 60
"""In which a docking run of the demo is done on a quiet machine; it takes a second or two."""


@dataclass(frozen=True)
class Paper:
    """A need or an offer as somebody writes it: title, resource type, how many, and further fields by their labels."""

    title: str
    type: str
    quantity: str
    texts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


DESKS = Paper(
    "樟木岭小学学生课桌椅",
    "学生课桌椅",
    "120",
    texts={
        "说明": "樟木岭小学和两个教学点的课桌椅使用超过十五年，需整体更换。",
        "建档立卡户数": "86",
        "建档立卡人数": "312",
        "涉及村": "樟木岭村，大箐村",
        "必要性": "学校提出，镇中心校核实；价格参照上年度县教体局采购中标价。",
    },
    choices={"紧急程度": "5（最急）"},
)
COMPUTERS = Paper(
    "樟木岭小学教学电脑",
    "办公和教学电脑",
    "40",
    texts={"必要性": "学校现有电脑已无法开课，县教体局同意更新；价格参照上年度采购中标价。"},
)
GIVEN_DESKS = Paper(
    "沪滇协作学生课桌椅",
    "学生课桌椅",
    "100",
    texts={"说明": "全新钢木课桌椅，含运输和安装。", "单个受援方最小批量": "10"},
)
GIVEN_COMPUTERS = Paper("爱心教学电脑捐赠", "办公和教学电脑", "60", texts={"最多受援方数": "3"})


async def writes(person: Person, paper: Paper) -> None:
    """Fills in the open form; the county stands in it already, and so does the beginning of the window."""
    await person.types("标题", paper.title)
    await person.chooses("资源类型", paper.type)
    await person.fills("数量", paper.quantity)
    await person.fills("开始日期", FROM)
    await person.fills("截止日期", TO)
    for label, text in paper.texts.items():
        await person.fills(label, text)
    for label, option in paper.choices.items():
        await person.chooses(label, option)


async def publishes_need(clerk: Person, reviewer: Person, need: Paper) -> None:
    """From the clerk's form to the reviewer's publication, without any detour."""
    await clerk.goes_to("需求")
    await clerk.opens("发布需求")
    await writes(clerk, need)
    await clerk.presses("保存并提交审核")
    await clerk.sees_status("已提交")
    await reviewer.goes_to("今日")
    await reviewer.opens(f"审核 {need.title}", reviewer.block("待我办理"))
    await reviewer.presses("开始审核")
    await reviewer.sees_status("审核中")
    await reviewer.decides("发布", 意见="情况属实，同意发布。")
    await reviewer.sees_status("已发布")


async def publishes_offer(giver: Person, offer: Paper, only_for: str) -> None:
    """An offer for the places that somebody types the beginning of, or for `仅限结对地区`."""
    await giver.goes_to("帮扶资源")
    await giver.opens("登记帮扶资源")
    await writes(giver, offer)
    if only_for == "仅限结对地区":
        await giver.ticks(only_for)
    else:
        await giver.ticks("仅限以下地区")
        await giver.field("地区").press_sequentially(only_for)
        await giver.page.get_by_role("listbox").get_by_role("option").first.wait_for()
        await giver.field("地区").press("Enter")
    await giver.keeps(f"2-offer-form-{giver.name}")
    await giver.presses("保存并发布")
    await giver.sees_status("已发布")


async def proposes(person: Person, counterpart: str, quantity: str, terms: str) -> None:
    """Proposes by hand, on the page of a need or an offer: the counterpart is chosen from what is open."""
    await person.presses("提出对接方案")
    other = person.dialog.get_by_role("combobox").first
    option = other.get_by_role("option").filter(has_text=counterpart)
    await other.select_option(await option.get_attribute("value"))
    await person.fills("数量", quantity)
    await person.fills("条件", terms)
    await person.keeps(f"4-proposing-{person.name}")
    await person.presses("提出方案")
    await person.sees_status("已提出")


async def sends(giver: Person, quantity: str, voucher: str) -> None:
    """Sends a part of the pledge in front of the giver."""
    await giver.presses("分批发出")
    await giver.fills("本次数量", quantity)
    await giver.fills("凭证号", voucher)
    await giver.presses("分批发出", giver.dialog)
    await expect(giver.dialog).to_have_count(0)
    sent = giver.rows.filter(has_text=re.compile(rf"\D{quantity} \S")).filter(has_text="已发出")
    await expect(sent).to_have_count(1)


async def receives(county: Person, title: str, quantity: str) -> None:
    """Finds what was sent in today's work, notes that it came and was looked at."""
    await county.goes_to("今日")
    work = county.block("待我办理").get_by_role("listitem").filter(has_text=title).filter(has_text=quantity)
    await work.get_by_role("link").click()
    await county.sees_status("已发出")
    await county.decides("登记到达")
    await county.sees_status("已到达")
    await county.presses("登记查验")
    for item in await county.dialog.get_by_role("checkbox").all():
        await item.check()
    await county.fills("备注", "清点和安装均已查看。")
    await county.presses("登记查验", county.dialog)
    await county.sees_status("已查验")


async def shows(county: Person, *, accepted: str, pledged: str, open: str) -> None:
    """The need in front of the county shows its coverage as it is now, without a reload."""
    await county.sees_fact("已验收", accepted)
    await county.sees_fact("已认捐", pledged)
    await county.sees_fact("尚缺", open)
