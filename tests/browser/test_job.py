"""The whole job in Chromium by its six people: a county's need becomes a signed pledge and an accepted delivery.

The chapters are one story and run in this order. Every step keeps a picture in `build/screens/journey`; a console error,
a failed request or an error on a page fails the chapter in which it happens.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.cast import Cast, gathered
from tests.browser.paperwork import (
    COMPUTERS,
    DESKS,
    GIVEN_COMPUTERS,
    GIVEN_DESKS,
    RUN_SECONDS,
    proposes,
    publishes_need,
    publishes_offer,
    receives,
    sends,
    shows,
    writes,
)
from tests.local.running import on_a_quiet_machine
from tests.support.live import Live


@pytest.fixture(scope="module")
async def cast(browser: Browser, live: Live) -> AsyncIterator[Cast]:
    """The six, none of them signed in."""
    async with gathered(browser, live) as people:
        yield people


@pytest.fixture(autouse=True)
def nothing_goes_wrong(cast: Cast) -> Iterator[None]:
    """After each chapter: nobody's browser has noted an error."""
    yield
    cast.faultless()


async def test_1_everyone_signs_in_and_finds_their_day(cast: Cast) -> None:
    await cast.clerk.page.goto("/needs?mine=true")
    await cast.clerk.keeps("1-sign-in")
    await cast.clerk.signs_in(at="/needs?mine=true")
    await cast.clerk.settles()
    assert cast.clerk.page.url.endswith("/needs?mine=true"), "a deep link survives signing in"
    for person in cast.people.values():
        if person is not cast.clerk:
            await person.signs_in()
        await person.goes_to("今日")
        await person.sees_heading("今日")
        await person.sees("已逾期", "待我办理", "等待他方")
        await person.keeps(f"1-today-{person.name}")


async def test_2_a_need_is_drafted_returned_mended_and_published(cast: Cast) -> None:
    clerk, reviewer = cast.clerk, cast.reviewer
    await clerk.goes_to("需求")
    await clerk.opens("发布需求")
    await clerk.types("标题", DESKS.title)
    await clerk.chooses("资源类型", DESKS.type)
    await clerk.sees("已存于本机")
    await clerk.reloads()
    await clerk.sees("未完成的草稿")
    await expect(clerk.field("标题")).to_have_value(DESKS.title)
    await writes(clerk, DESKS)
    await clerk.keeps("2-need-form")
    await clerk.presses("存为草稿")
    await clerk.sees_status("草稿")
    cast.records["desks"] = clerk.path
    await clerk.presses("提交审核")
    await clerk.sees_status("已提交")

    await reviewer.goes_to("今日")
    await reviewer.opens(f"审核 {DESKS.title}", reviewer.block("待我办理"))
    await reviewer.presses("开始审核")
    await reviewer.sees_status("审核中")
    await reviewer.keeps("2-need-under-review")
    await reviewer.decides("退回", 缺少什么="请写明三个点各多少套。")

    await clerk.sees_status("已退回")  # without a reload
    await clerk.sees("请写明三个点各多少套。")
    await clerk.keeps("2-need-returned")
    await clerk.opens("修改")
    await clerk.fills("说明", "樟木岭小学 80 套，大箐、小箐教学点各 20 套。")
    await clerk.presses("保存并提交审核")
    await clerk.sees_status("已提交")
    await reviewer.presses("开始审核")
    await reviewer.decides("发布", 意见="数量清楚，同意发布。")
    await reviewer.sees_status("已发布")
    await clerk.sees_status("已发布")
    await clerk.keeps("2-need-published")


async def test_2_givers_publish_offers_one_of_them_on_a_phone(cast: Cast) -> None:
    await publishes_offer(cast.east, GIVEN_DESKS, only_for="仅限结对地区")
    await cast.east.keeps("2-offer-east")
    await publishes_offer(cast.enterprise, GIVEN_COMPUTERS, only_for="huize")
    await cast.enterprise.sees_fact("地区", "会泽县")
    await cast.enterprise.keeps("2-offer-enterprise")
    cast.records["computers given"] = cast.enterprise.path
    await publishes_need(cast.clerk, cast.reviewer, COMPUTERS)
    cast.records["computers"] = cast.clerk.path


async def test_2_a_list_keeps_its_view_in_the_address(cast: Cast) -> None:
    east = cast.east
    await east.goes_to("需求")
    await east.chooses("状态", "已发布")
    await east.opens("紧急程度")
    await east.settles()
    await expect(east.page.get_by_role("columnheader", name="紧急程度")).to_have_attribute("aria-sort", "descending")
    await east.opens("下一页")
    await expect(east.page.get_by_role("link", name="第一页")).to_be_visible()
    await east.keeps("2-needs-second-page")
    second_page, address = await east.rows.first.inner_text(), east.page.url
    for part in ("status=published", "sort=-priority", "cursor="):
        assert part in address
    await east.reloads()
    assert (await east.rows.first.inner_text(), east.page.url) == (second_page, address)
    await east.rows.first.get_by_role("link").first.click()
    await east.sees("需求内容")
    await east.goes_back()
    await expect(east.rows.first).to_have_text(second_page, use_inner_text=True)
    await expect(east.field("状态")).to_have_value("published")
    await east.opens("清除筛选")
    await expect(east.field("状态")).to_have_value("")
    assert east.page.url.endswith("/needs?sort=-priority"), "the order is no filter"


async def test_2_two_characters_find_a_need(cast: Cast) -> None:
    east = cast.east
    await east.goes_to("需求")
    await east.fills("搜索", "课桌")
    await east.presses("搜索")
    await expect(east.rows.filter(has_text=DESKS.title)).to_have_count(1)
    await east.fills("搜索", DESKS.title[:2])
    await east.presses("搜索")
    await expect(east.rows).to_have_count(2)
    await east.sees("共 2 条")
    await east.keeps("2-needs-found")


async def test_3_a_run_shows_its_progress_and_suggests_in_words(cast: Cast) -> None:
    coordinator = cast.coordinator
    await coordinator.goes_to("对接测算")
    await coordinator.keeps("3-before-the-run")
    progress = asyncio.create_task(coordinator.page.get_by_role("progressbar").wait_for())
    await coordinator.presses("开始对接测算")
    await progress
    await coordinator.sees_status("已完成", on_a_quiet_machine(RUN_SECONDS))  # without a reload
    await coordinator.settles()
    cast.records["run"] = coordinator.path
    await coordinator.keeps("3-run")
    await coordinator.chooses("省份", "云南省")
    await coordinator.chooses("帮扶领域", "物资")
    await coordinator.settles()
    card = coordinator.main.get_by_role("article").filter(has_text=DESKS.title)
    await expect(card).to_contain_text(GIVEN_DESKS.title)
    await expect(card).to_contain_text("100 套")
    run = cast.records["run"].rsplit("/", 1)[1]
    listed = cast.truth(f"/docking-runs/{run}/suggestions?head=goods&province=530000&limit=200")["items"]
    told = next(each for each in listed if each["need"]["title"] == DESKS.title)
    await expect(card).to_contain_text(f"得分 {told['score']:,}")
    await expect(card.get_by_role("listitem")).to_have_count(len(told["reasons"]) + bool(told["alternatives"]))


async def test_3_what_stays_open_says_what_blocks_it(cast: Cast) -> None:
    coordinator = cast.coordinator
    for tab, picture in (("未满足的需求", "needs"), ("未用完的资源", "offers")):
        await coordinator.page.get_by_role("navigation", name="测算结果").get_by_role("link", name=tab).click()
        await coordinator.settles()
        blocks = coordinator.page.get_by_role("navigation", name="障碍所在").get_by_role("link")
        counted = int(await blocks.first.locator("strong").inner_text())
        await blocks.first.click()
        await coordinator.sees(f"共 {counted:,} 条")
        await expect(coordinator.rows.first.get_by_role("listitem").first).not_to_be_empty()
        await coordinator.keeps(f"3-unmet-{picture}")


async def test_3_a_run_shows_where_its_suggestions_come_from_and_go_to(cast: Cast) -> None:
    coordinator = cast.coordinator
    await coordinator.page.goto(cast.records["run"])
    views = coordinator.page.get_by_role("navigation", name="测算结果")
    await views.get_by_role("link", name="流向图").click()
    await coordinator.settles()
    run = cast.records["run"].rsplit("/", 1)[1]
    flows = cast.truth(f"/docking-runs/{run}/flows")
    await coordinator.sees(f"共 {flows['suggestions']:,} 条建议，涉及 {flows['pairs']:,} 对地区。")
    largest = coordinator.rows.filter(has_text=flows["flows"][0]["county"]["name"]["zh"]).first
    await expect(largest).to_contain_text(flows["flows"][0]["giver"]["name"]["zh"])
    ends = [[end and end["longitude"] for end in (flow["giver"], flow["county"])] for flow in flows["flows"]]
    await expect(coordinator.main.locator("svg path.told")).to_have_count(sum(map(all, ends)))
    await coordinator.keeps("3-map")
    await views.get_by_role("link", name="各县").click()
    await coordinator.settles()
    await coordinator.sees("个县，覆盖最少的在前。")
    await coordinator.keeps("3-counties")


async def test_4_many_suggestions_are_taken_up_with_a_result_for_each(cast: Cast) -> None:
    """Of three that are chosen one is taken up by somebody else meanwhile: it alone fails, and says why."""
    coordinator, run = cast.coordinator, cast.records["run"].rsplit("/", 1)[1]
    listed = cast.truth(f"/docking-runs/{run}/suggestions?head=labour&status=open")["items"][:3]
    await coordinator.page.goto(f"{cast.records['run']}?head=labour&status=open")
    await coordinator.settles()
    for one in listed:
        await coordinator.main.get_by_label(f"选择“{one['need']['title']}”与“{one['offer']['title']}”").first.check()
    cast.client("coordinator").post(f"/suggestions/{listed[0]['id']}/propose", json={}).raise_for_status()
    with coordinator.expecting_refusals():
        await coordinator.presses("采纳所选 3 条")
        await coordinator.sees("3 条中已采纳 2 条，失败 1 条")
    # None of the three is undecided any more; what became of each stays to be read.
    results = coordinator.main.get_by_role("list", name="不在本页的处理结果").get_by_role("listitem")
    await expect(results).to_have_text([re.compile("未能提出"), *[re.compile("已提出方案")] * 2])
    await coordinator.keeps("4-taken-up-in-bulk")


async def test_4_a_suggestion_becomes_a_proposal_is_countered_and_agreed(cast: Cast) -> None:
    coordinator, east, clerk = cast.coordinator, cast.east, cast.clerk
    await clerk.page.goto(cast.records["desks"])
    await coordinator.page.goto(f"{cast.records['run']}?head=goods&province=530000")
    card = coordinator.main.get_by_role("article").filter(has_text=DESKS.title)
    await card.get_by_role("button", name="转为方案").click()
    await coordinator.presses("转为方案", coordinator.dialog)
    await card.get_by_role("link", name="查看方案").click()
    await coordinator.sees_status("已提出")
    await coordinator.keeps("4-proposal-from-a-suggestion")
    await clerk.sees_fact("方案占用", "100 套")  # without a reload
    await clerk.sees_fact("尚缺", "20 套")

    await east.goes_to("今日")
    await east.opens(f"回应 {DESKS.title}", east.block("待我办理"))
    await east.decides("还提条件", 数量="80", 条件="八月二十日前送到学校，运费由上海承担；其余二十套另行安排。")
    await east.sees_status("已还提")
    await east.sees("帮扶方还提", "80 套")
    await east.keeps("4-proposal-countered")
    await clerk.sees_fact("方案占用", "80 套")

    await clerk.goes_to("今日")
    await clerk.opens(f"回应 {DESKS.title}", clerk.block("待我办理"))
    await clerk.sees("八月二十日前送到学校")
    await clerk.decides("同意")
    await clerk.sees_status("已转为协议")
    await clerk.keeps("4-proposal-agreed")
    await clerk.opens("查看认捐协议")
    await clerk.sees_status("待签署")
    cast.records["desks pledged"] = clerk.path


async def test_4_either_side_proposes_by_hand_and_one_is_declined_with_a_code(cast: Cast) -> None:
    clerk, enterprise = cast.clerk, cast.enterprise
    await enterprise.page.goto(cast.records["computers given"])
    await proposes(enterprise, COMPUTERS.title, "30", "八月底前送到并装好，保修三年。")
    await enterprise.keeps("4-proposal-by-the-giver")
    await clerk.goes_to("对接方案")
    await clerk.opens("待本方回应")
    await clerk.keeps("4-proposals-awaiting-the-county")
    await clerk.opens(COMPUTERS.title)
    await clerk.decides("同意")
    await clerk.opens("查看认捐协议")
    cast.records["computers pledged"] = clerk.path

    await clerk.page.goto(cast.records["computers"])
    await proposes(clerk, GIVEN_COMPUTERS.title, "10", "大箐教学点也要一间机房。")
    await clerk.sees_status("已提出")
    await enterprise.goes_to("今日")
    await enterprise.opens(f"回应 {COMPUTERS.title}", enterprise.block("待我办理"))
    await enterprise.decides("谢绝", 原因="条件不合适", 意见="教学点没有三相电，先用移动机房。")
    await enterprise.sees_status("已谢绝")
    await enterprise.sees("帮扶方谢绝：条件不合适")
    await enterprise.keeps("4-proposal-declined")
    await clerk.sees_status("已谢绝")
    await clerk.page.goto(cast.records["computers"])
    await clerk.sees_fact("方案占用", "30 台")
    await clerk.sees_fact("尚缺", "10 台")


async def test_5_both_sides_sign_the_same_text(cast: Cast) -> None:
    clerk, reviewer, enterprise = cast.clerk, cast.reviewer, cast.enterprise
    await reviewer.goes_to("今日")
    await reviewer.opens(f"签署 {COMPUTERS.title}", reviewer.block("待我办理"))
    await reviewer.keeps("5-pledge-to-sign")
    await reviewer.decides("签署")
    await expect(reviewer.block("签署情况").or_(reviewer.block("协议文本"))).to_contain_text("县审核人")
    await reviewer.sees_status("待签署")
    await enterprise.goes_to("今日")
    await enterprise.opens(f"签署 {COMPUTERS.title}", enterprise.block("待我办理"))
    await enterprise.sees("八月底前送到并装好")
    await enterprise.decides("签署")
    await enterprise.sees_status("已生效")
    await enterprise.keeps("5-pledge-signed")
    await clerk.sees_fact("已认捐", "30 台")  # without a reload
    await clerk.sees_fact("方案占用", "0 台")


async def test_5_parts_are_accepted_short_and_rejected_and_coverage_follows(cast: Cast) -> None:
    clerk, reviewer, enterprise = cast.clerk, cast.reviewer, cast.enterprise
    await sends(enterprise, "20", "沪晨 2019-0711")
    await sends(enterprise, "10", "沪晨 2019-0725")
    await enterprise.sees_fact("在途", "30 台")
    await expect(enterprise.button("分批发出")).to_have_count(0)
    await enterprise.keeps("5-pledge-sent")

    await receives(reviewer, COMPUTERS.title, "20 台")
    await reviewer.decides("验收", 凭证号="会教验 2019-15")
    await reviewer.sees_status("已验收")
    await reviewer.keeps("5-delivery-accepted")
    await shows(clerk, accepted="20 台", pledged="10 台", open="10 台")

    await receives(reviewer, COMPUTERS.title, "10 台")
    await reviewer.decides("不足验收", 验收数量="6", 原因="数量不足", 备注="实到六台，另四台未装车。")
    await reviewer.sees_status("不足验收")
    await reviewer.sees_fact("未足数", "4 台")
    await reviewer.keeps("5-delivery-accepted-short")
    await shows(clerk, accepted="26 台", pledged="4 台", open="10 台")

    await sends(enterprise, "4", "沪晨 2019-0802")
    await receives(reviewer, COMPUTERS.title, "4 台")
    await reviewer.decides("拒收", 原因="损坏", 备注="屏幕开裂，退回更换。")
    await reviewer.sees_status("已拒收")
    await reviewer.keeps("5-delivery-rejected")
    await shows(clerk, accepted="26 台", pledged="4 台", open="10 台")
    await clerk.keeps("5-need-covered-in-part")
    await enterprise.sees_fact("尚待落实", "4 台")
    await enterprise.keeps("5-pledge-after-three-parts")

    need = cast.truth(cast.records["computers"])["coverage"]
    sums = [need[name]["value"] for name in ("held", "pledged", "accepted", "open")]
    assert sums == ["0", "4", "26", "10"]


async def test_6_the_pairing_tells_all_of_it_as_one_timeline(cast: Cast) -> None:
    coordinator = cast.coordinator
    await coordinator.page.goto(cast.records["computers pledged"])
    await coordinator.opens("查看结对关系")
    await coordinator.sees_heading("上海市与云南省")
    timeline = coordinator.block("时间线")
    for step in ("拒收", "不足验收", "验收", "发出", "双方签署，生效", "双方同意", "提出"):
        entry = timeline.get_by_role("listitem").filter(has_text=COMPUTERS.title).filter(has_text=step)
        await expect(entry.first).to_be_visible()
    await coordinator.keeps("6-pairing")


async def test_6_board_map_and_everyones_day_follow(cast: Cast) -> None:
    coordinator = cast.coordinator
    await coordinator.goes_to("看板")
    await coordinator.chooses("省份", "云南省")
    await coordinator.settles()
    for column, title in (("待签署", DESKS.title), ("落实中", COMPUTERS.title), ("已验收", COMPUTERS.title)):
        await expect(coordinator.block(column)).to_contain_text(title)
    await coordinator.keeps("6-board")
    await coordinator.goes_to("地图")
    await coordinator.keeps("6-map")
    await coordinator.opens("流向")
    flow = coordinator.rows.filter(has_text="会泽县")
    await expect(flow.first).to_contain_text("上海市")
    await expect(flow.first).to_contain_text(re.compile(r"办公和教学电脑：认捐 \d+ 台，验收 \d+ 台"))
    await coordinator.keeps("6-flows")
    for person in cast.people.values():
        await person.goes_to("今日")
        await person.keeps(f"6-today-{person.name}")


async def test_6_the_supervisor_reads_all_and_can_change_nothing(cast: Cast) -> None:
    supervisor = cast.supervisor
    for item in ("需求", "帮扶资源", "对接测算", "对接方案", "认捐协议", "结对关系", "看板", "地图"):
        await supervisor.goes_to(item)
        await supervisor.changes_nothing()
    for name, path in cast.records.items():
        await supervisor.page.goto(path)
        await supervisor.settles()
        await supervisor.changes_nothing()
        assert cast.truth(path.replace("/docking/runs", "/docking-runs"))["can"] == [], name
    await supervisor.keeps("6-supervisor")
    await supervisor.page.goto("/needs/new")
    await supervisor.sees("只有县级单位的经办人可以发布需求。")
