"""A sheet's way over HTTP: brought, checked, mended, taken into the books, brought again."""

from typing import Any

import pytest

from tests.factories.accounts import make_member
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government
from tests.imports.sheets import HEADER, Desk, road, run_jobs, upload, xlsx
from tests.support.database import Database
from tests.support.http import Api


@pytest.fixture
async def desk(api: Api, database: Database) -> Desk:
    county = await make_county_government()
    return Desk(await api.signed_in(await make_member(county.id, "editor")), database)


async def test_good_rows_become_drafts_and_bad_rows_say_where_and_why(desk: Desk) -> None:
    checked = await desk.bring(xlsx([HEADER, road(1), road(2, 数量="五十万"), road(3, 需求名称="")]))
    assert checked["rows"] | {"new": 1, "bad": 2} == checked["rows"]
    words, empty = await desk.rows(status="bad")
    assert (words["number"], words["faults"][0]["field"], words["faults"][0]["suggestion"]) == (3, "quantity", "500000")
    assert words["faults"][0]["text"]["zh"] == "填的是“五十万”，请改为数字 500000"
    assert (empty["number"], empty["faults"][0]["code"]) == (4, "missing")
    written = await desk.write()
    assert (written["created"], written["rows"]["bad"]) == (1, 2)
    needs = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    assert [(need["title"], need["quantity"], need["status"]) for need in needs] == [
        ("1组通组路硬化", {"value": "1", "unit": "km"}, "draft")
    ]


async def test_a_row_mended_in_place_is_checked_at_once(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(2, 数量="二十")]))
    (row,) = await desk.rows()
    still = await desk.mend(row, cells={"quantity": "很多"})
    assert (still["status"], still["cells"]["quantity"], still["faults"][0]["suggestion"]) == ("bad", "很多", None)
    mended = await desk.mend(row, cells={"quantity": "２０"})
    assert (mended["status"], mended["edited"]) == ("new", ["quantity"])
    assert (await desk.write())["created"] == 1


async def test_importing_again_updates_and_never_doubles(desk: Desk, database: Database) -> None:
    await desk.bring(xlsx([HEADER, road(1), road(2)]))
    await desk.write()
    again = await desk.bring(xlsx([HEADER, road(1), road(2, 数量="2.5"), road(3)]))
    assert again["rows"] | {"same": 1, "changed": 1, "new": 1} == again["rows"]
    (changed,) = await desk.rows(status="changed")
    assert changed["take"] == "sheet"
    assert [(each["field"], each["sheet"]["zh"], each["books"]["zh"]) for each in changed["differences"]] == [
        ("quantity", "2.5公里", "2公里")
    ]
    written = await desk.write()
    assert (written["created"], written["updated"]) == (1, 1)
    quantities = await database.fetch("SELECT quantity FROM need ORDER BY title")
    assert [float(row["quantity"]) for row in quantities] == [1, 2.5, 3]
    assert (await desk.bring(xlsx([HEADER, road(1), road(2, 数量="2.5"), road(3)])))["rows"]["same"] == 3


async def test_a_difference_to_a_published_need_waits_for_a_side_to_be_taken(api: Api, database: Database) -> None:
    county = await make_county_government()
    desk = Desk(await api.signed_in(await make_member(county.id, "editor", "reviewer")), database)
    need = await make_need(county, title="1组通组路硬化", quantity=1)
    checked = await desk.bring(xlsx([HEADER, road(1, 编号="", 数量="4", 必要性="", 开始日期="2019-06-01")]))
    assert (checked["rows"]["changed"], checked["undecided"], checked["to_write"]) == (1, 1, 0)
    (row,) = await desk.rows()
    await desk.mend(row, take="sheet")
    assert (await desk.write())["updated"] == 1
    assert (await desk.client.get(f"/needs/{need.id}")).json()["quantity"] == {"value": "4", "unit": "km"}


async def test_records_that_the_sheet_leaves_out_are_listed(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1), road(2)]))
    await desk.write()
    await desk.bring(xlsx([HEADER, road(1)]))
    missing = (await desk.client.get(f"/imports/{desk.sheet['id']}/missing")).json()["items"]
    assert [each["title"] for each in missing] == ["2组通组路硬化"]


async def test_sheets_as_offices_write_them_are_read(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["2019年岚皋县需求清单", *[""] * 9],
        ["单位：万元", *[""] * 9],
        ["序号", "项目名称", "资源类型", "资金（万元）", "建设期限", "", "受益", "", "必要性", "涉及村"],
        ["", "", "", "", "开始", "结束", "户数", "人数", "", ""],
        [
            1,
            "青树村助学金",
            "社会捐赠资金",
            1.2,
            "2019/7/1",
            "2019.12.31",
            "１２户",
            "45人",
            "村委会提出",
            "青树村、白坪村",
        ],
        ["小计", "", "", 1.2, "", "", 12, 45, "", ""],
        [2, "白坪村助学金", "社会捐赠", "3,000元", "2019/7/1", "2019年12月", 3, 9, "村委会提出", ""],
        ["合计", "", "", 1.5, "", "", 15, 54, "", ""],
    ]
    merged = [(0, 0, 0, 9), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 5), (2, 6, 2, 7)]
    checked = await desk.bring(xlsx(rows, merged=merged, hidden=True))
    assert (checked["passed_over"], checked["hidden_sheets"]) == (2, ["旧数据"])
    good, bad = await desk.rows()
    assert (good["number"], good["status"], bad["number"], bad["status"]) == (5, "new", 7, "bad")
    assert {(each["field"], each["suggestion"]) for each in bad["faults"]} == {
        ("resource_type", "社会捐赠资金"),
        ("window_to", "2019-12-31"),
    }
    path = f"/imports/{desk.sheet['id']}/accept-suggestions"
    assert (await desk.client.post(path, headers={"If-Match": f'"{checked["version"]}"'})).status_code == 202
    await run_jobs(desk.database)
    assert (await desk.read())["rows"]["new"] == 2
    await desk.write()
    sums = {need["title"]: need for need in (await desk.client.get("/needs", params={"mine": True})).json()["items"]}
    assert sums["青树村助学金"]["quantity"] == {"amount_fen": 1_200_000}
    assert sums["青树村助学金"]["beneficiaries"] == {"households": 12, "persons": 45}
    assert sums["白坪村助学金"]["quantity"] == {"amount_fen": 300_000}


async def test_the_same_header_is_mapped_as_it_was_before(desk: Desk) -> None:
    odd = ["编号", "县", "类", "叫什么", "多少", "从", "到", "为啥"]
    values = ["1", "岚皋县", "村组道路硬化", "通组路", "3公里", "2019-07-01", "2019-12-31", "村里要"]
    reply = await upload(desk.client, xlsx([odd, values]))
    desk.sheet = reply.json()
    mapping = {
        "ref": 0,
        "place": 1,
        "resource_type": 2,
        "title": 3,
        "quantity": 4,
        "window_from": 5,
        "window_to": 6,
        "necessity": 7,
    }
    assert desk.sheet["mapping"] != mapping
    assert (await desk.check(mapping=mapping))["rows"]["new"] == 1
    assert (await upload(desk.client, xlsx([odd, values]))).json()["mapping"] == mapping


async def test_pasted_cells_are_taken_like_a_file(desk: Desk) -> None:
    text = "\n".join("\t".join(row) for row in (HEADER, road(1), road(2)))
    reply = await desk.client.post("/imports/pasted", json={"kind": "needs", "text": text})
    assert reply.status_code == 201, reply.text
    desk.sheet = reply.json()
    assert (await desk.check(complete=True))["rows"]["new"] == 2
    await desk.write()
    needs = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    assert [need["status"] for need in needs] == ["submitted", "submitted"]


async def test_the_template_is_taken_in_as_it_is(desk: Desk) -> None:
    participant = (await desk.client.get("/me/memberships")).json()["items"][0]["participant"]["id"]
    reply = await desk.client.get("/imports/templates/needs", params={"participant_id": participant})
    assert reply.status_code == 200
    checked = await desk.bring(reply.content)
    assert checked["rows"]["new"] == 1, await desk.rows()


async def test_rows_that_were_refused_come_back_and_are_taken_once_mended(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1), road(2, 截止日期="年底")]), file_name="需求.xlsx")
    await desk.write()
    back = await desk.client.get(f"/imports/{desk.sheet['id']}/workbook")
    assert (
        "%E5%BE%85%E6%94%B9%E6%AD%A3" in back.headers["content-disposition"]
        or "to-mend" in back.headers["content-disposition"]
    )
    again = await desk.bring(back.content)
    (row,) = await desk.rows()
    assert again["rows"]["bad"] == 1
    assert (await desk.mend(row, cells={"window_to": "2019-11-30"}))["status"] == "new"


async def test_others_neither_see_nor_bring_sheets_of_a_participant(desk: Desk, api: Api) -> None:
    await desk.bring(xlsx([HEADER, road(1)]))
    stranger = await api.signed_in(await make_member((await make_county_government("610902")).id, "editor"))
    assert (await stranger.get(f"/imports/{desk.sheet['id']}")).status_code == 404
    assert (await stranger.get("/imports")).json()["items"] == []
    refused = await upload(stranger, xlsx([HEADER, road(1)]), participant_id=desk.sheet["participant_id"])
    assert refused.status_code == 403
    viewer = await api.signed_in(await make_member(desk.sheet["participant_id"], "viewer"))
    assert (await viewer.get(f"/imports/{desk.sheet['id']}")).json()["can"] == []
    assert (await upload(viewer, xlsx([HEADER, road(1)]))).status_code == 403


async def test_cells_that_a_workbook_guarded_come_back_as_they_were(desk: Desk) -> None:
    blank = {"编号": "-", "需求名称": "-1号路", "必要性": "@村委会"}
    await desk.bring(xlsx([HEADER, road(1, **blank), road(2, 截止日期="年底", 编号="-")]))
    assert (await desk.write())["created"] == 1
    back = await desk.client.get(f"/imports/{desk.sheet['id']}/workbook", params={"rows": "all"})
    again = await desk.bring(back.content)
    assert (again["rows"]["same"], again["rows"]["bad"]) == (1, 1)
    same, bad = await desk.rows()
    assert (same["cells"]["title"], bad["cells"]["ref"]) == ("-1号路", "-")
