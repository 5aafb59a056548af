"""A county's table of projects: as offices write it, brought again, changed, and told apart from the books."""

from typing import Any

import pytest

from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.imports.sheets import Desk, xlsx
from tests.support.database import Database
from tests.support.http import Api

# The header of a published plan (field.md, section 4), with the funds side by side below 资金来源.
HEAD = [
    *("序号", "类别", "项目名称", "实施地点", "建设期限", "建设任务", "概算投资（万元）", "资金来源", "", ""),
    *("实施单位", "责任人", "补助标准", "绩效目标", "带贫减贫机制"),
]
BELOW = [*[""] * 7, "中央（万元）", "东西部协作（万元）", "县级（万元）", *[""] * 5]
MERGED = [
    (1, 7, 1, 9),
    *((1, column, 2, column) for column in (*range(7), *range(10, 15))),
]


def works(number: int, **cells: str) -> list[str]:
    """A project's row: works of 1.2 (万元) that three sources pay."""
    usual = {
        "类别": "基础设施",
        "项目名称": f"{number}组道路工程",
        "实施地点": "青树村、红岩村",
        "建设期限": "2026年3月1日至2026年12月31日",
        "建设任务": "硬化 1 公里",
        "概算投资（万元）": "1.2",
        "中央（万元）": "0.5",
        "东西部协作（万元）": "0.4",
        "县级（万元）": "",
        "实施单位": "县交通运输局",
        "责任人": "王某",
        "绩效目标": "硬化 1 公里",
    }
    names = [below or head for head, below in zip(HEAD, BELOW, strict=True)]
    return [str(number), *((usual | cells).get(name, "") for name in names[1:])]


def table(*rows: list[str]) -> bytes:
    """The county's table: a title, two rows of header, totals in the middle and blank rows below."""
    total = ["合计", *[""] * 5, "99", *[""] * 8]
    return xlsx([["2026年度项目计划表"], HEAD, BELOW, rows[0], total, *rows[1:], [""], [""]], merged=MERGED)


@pytest.fixture
async def desk(api: Api, database: Database) -> Desk:
    county = await make_county_government()
    return Desk(await api.signed_in(await make_member(county.id, "editor")), database, "projects")


async def _projects(desk: Desk) -> list[dict[str, Any]]:
    listed = (await desk.client.get("/projects", params={"mine": True, "sort": "title"})).json()["items"]
    return [(await desk.client.get(f"/projects/{each['id']}")).json() for each in listed]


async def test_a_published_plan_goes_in_as_it_is_written_and_never_twice(desk: Desk) -> None:
    checked = await desk.bring(table(works(1), works(2), works(3, **{"概算投资（万元）": "五十万"})))
    assert checked["rows"] | {"new": 2, "bad": 1} == checked["rows"]
    assert checked["passed_over"] == 1
    (bad,) = await desk.rows(status="bad")
    # Below a header of 万元 a word that says 万 already is no 50 万 万.
    assert [(each["field"], each["suggestion"]) for each in bad["faults"]] == [("cost", "500000元")]
    assert (await desk.mend(bad, cells={"cost": "500000元"}))["status"] == "new"
    assert (await desk.write())["created"] == 3
    first, _, third = await _projects(desk)
    assert (first["status"], first["head"], first["villages"]) == ("proposal", "works", ["青树村", "红岩村"])
    assert first["window"] == {"from": "2026-03-01", "to": "2026-12-31"}
    assert (first["funding"]["cost"]["amount_fen"], first["funding"]["gap"]["amount_fen"]) == (12_000_00, 3_000_00)
    assert [(each["kind"], each["amount"]["amount_fen"]) for each in first["sources"]] == [
        ("central", 5_000_00),
        ("east_west", 4_000_00),
    ]
    assert third["funding"]["cost"]["amount_fen"] == 500_000_00
    assert "王某" not in str(first)
    again = await desk.bring(table(works(1), works(2, 绩效目标="硬化 2 公里"), works(3, **{"概算投资（万元）": "50"})))
    assert again["rows"] | {"same": 2, "changed": 1} == again["rows"]
    assert (await desk.write())["updated"] == 1
    assert [each["performance_target"] for each in await _projects(desk)] == [
        "硬化 1 公里",
        "硬化 2 公里",
        "硬化 1 公里",
    ]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"中央（万元）": "9"}, "sources", "too_much"),
        ({"建设期限": "2026-12-31至2026-03-01"}, "window_to", "order"),
        ({"类别": "公共服务"}, "head", "head"),
        ({"概算投资（万元）": "0", "中央（万元）": "0", "东西部协作（万元）": "0"}, "cost", "positive"),
    ],
)
async def test_what_no_entry_may_say_is_refused_by_its_rule_and_the_rest_goes_on(
    desk: Desk, cells: dict[str, str], field: str, code: str
) -> None:
    checked = await desk.bring(table(works(1), works(2, **cells)))
    assert checked["rows"] | {"new": 1, "bad": 1} == checked["rows"]
    (bad,) = await desk.rows(status="bad")
    assert [(each["field"], each["code"]) for each in bad["faults"]] == [(field, code)]
    assert (await desk.write())["created"] == 1


async def test_sources_in_one_cell_are_read_by_name_and_sum(desk: Desk) -> None:
    head = ["编号", "项目类别", "项目名称", "开始日期", "截止日期", "总投资", "资金来源"]
    dates = ["2026/3/1", "2026.12.31"]
    rows = [
        ["P-1", "产业", "茶园", *dates, "1.2万元", "苏陕协作资金 0.8万元、县财政0.4万元"],
        ["P-2", "产业", "菌棚", *dates, "30万元", "东西部协作资金"],
        ["P-3", "产业", "鱼塘", *dates, "30万元", "省级、县级"],
        ["P-4", "产业", "果园", *dates, "30万元", "某某基金30万元"],
    ]
    # As WPS on an office's computer saves it.
    await desk.bring("\n".join(",".join(row) for row in (head, *rows)).encode("gbk"), media_type="text/csv")
    bad = [(row["number"], row["faults"][0]["code"]) for row in await desk.rows(status="bad")]
    assert bad == [(4, "amount"), (5, "source")]
    assert (await desk.write())["created"] == 2
    told = {
        each["title"]: [(one["kind"], one["amount"]["amount_fen"]) for one in each["sources"]]
        for each in await _projects(desk)
    }
    assert told == {"茶园": [("east_west", 8_000_00), ("county", 4_000_00)], "菌棚": [("east_west", 300_000_00)]}


async def test_what_is_published_keeps_the_books_side_and_both_sides_are_listed(desk: Desk) -> None:
    await desk.bring(table(works(1), works(2)))
    await desk.write()
    first, second = await _projects(desk)
    noticed = await desk.client.post(
        f"/projects/{first['id']}/notice", json={"at": "村务公开栏"}, headers={"If-Match": f'"{first["version"]}"'}
    )
    assert noticed.status_code == 200, noticed.text
    await desk.bring(table(works(1, 绩效目标="别的"), works(3)))
    (changed,) = await desk.rows(status="changed")
    assert (changed["take"], [each["field"] for each in changed["differences"]]) == ("books", ["performance_target"])
    missing = (await desk.client.get(f"/imports/{desk.sheet['id']}/missing")).json()["items"]
    assert [(each["id"], each["resource_type"]["zh"]) for each in missing] == [(second["id"], "工程")]
    # Taken against its rule the sheet's side is refused, and the new row goes in all the same.
    await desk.mend(changed, take="sheet")
    written = await desk.write()
    assert (written["created"], written["updated"], written["rows"]["bad"]) == (1, 0, 1)
    (refused,) = await desk.rows(status="bad")
    assert refused["faults"][0]["code"] == "import-not-changeable"


async def test_a_template_brings_back_what_it_shows(desk: Desk) -> None:
    template = (await desk.client.get("/imports/templates/projects")).content
    checked = await desk.bring(template)
    assert checked["rows"] | {"new": 1} == checked["rows"], await desk.rows()
    assert (await desk.write())["created"] == 1


async def test_child_tasks_come_in_one_cell_without_a_price_of_their_own(desk: Desk) -> None:
    head = ["类别", "项目名称", "建设期限", "总投资（万元）", "子任务"]
    row = ["工程", "通组路", "2026年3月1日至2026年12月31日", "50"]
    both = "拓宽路基（青树村、红岩村）；铺筑路面"
    priced = [row[0], "连户路", *row[2:], "拓宽路基30万元；铺筑路面"]
    checked = await desk.bring(xlsx([head, [*row, both], priced]))
    assert checked["rows"] | {"new": 1, "bad": 1} == checked["rows"]
    (bad,) = await desk.rows(status="bad")
    assert [(each["field"], each["code"]) for each in bad["faults"]] == [("tasks", "priced")]
    assert "请删去金额" in bad["faults"][0]["text"]["zh"]
    await desk.write()
    (project,) = await _projects(desk)
    assert [(task["title"], task["villages"]) for task in project["tasks"]] == [
        ("拓宽路基", ["青树村", "红岩村"]),
        ("铺筑路面", []),
    ]
    detailed = [project["tasks"][0] | {"detail": "宽 4.5 米"}, project["tasks"][1]]
    path = f"/projects/{project['id']}"
    version = (await desk.client.get(path)).headers["etag"]
    assert (await desk.client.patch(path, json={"tasks": detailed}, headers={"If-Match": version})).status_code == 200
    assert (await desk.bring(xlsx([head, [*row, both]])))["rows"]["same"] == 1
    assert (await desk.bring(xlsx([head, [*row, both + "；安装护栏"]])))["rows"]["changed"] == 1
    assert (await desk.write())["updated"] == 1
    (project,) = await _projects(desk)
    assert [(task["title"], task["detail"]) for task in project["tasks"]] == [
        ("拓宽路基", "宽 4.5 米"),
        ("铺筑路面", ""),
        ("安装护栏", ""),
    ]
