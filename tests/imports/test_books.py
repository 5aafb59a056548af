"""Lists of pledges and of deliveries: reconciled with the books, and taken in through the services, each row once."""

from datetime import date
from typing import Any

import pytest

from server.kit import clock
from server.pledges.models import Pledge
from tests.factories.deliveries import make_delivery
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_table
from tests.imports.sheets import Desk, xlsx
from tests.support.database import Database
from tests.support.http import Api

PLEDGES = ["项目名称", "受援单位", "认捐数量（公里）", "期限", "", "已到位"]
BELOW = ["", "", "", "开始日期", "截止日期", ""]
SENT = ["批次", "项目名称", "发货数量", "单位", "发货日期", "运单号", "备注"]
RECEIVED = ["项目名称", "发货数量（公里）", "发货日期", "实收数量（公里）", "差异原因"]


@pytest.fixture
async def table(database: Database) -> Table:
    return await make_table(need_title="青树村道路")


async def _giver(api: Api, database: Database, table: Table, kind: str) -> Desk:
    return Desk(await api.signed_in(table.official), database, kind)


async def _county(api: Api, database: Database, table: Table) -> Desk:
    return Desk(await api.signed_in(table.clerk), database, "deliveries")


def _codes(rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(row["number"], row["faults"][0]["field"], row["faults"][0]["code"]) for row in rows]


async def _window(desk: Desk, pledge: Pledge) -> tuple[date, date]:
    window = (await desk.client.get(f"/pledges/{pledge.id}")).json()["window"]
    return date.fromisoformat(window["from"]), date.fromisoformat(window["to"])


def _list_of(*rows: list[str]) -> bytes:
    """An eastern office's list: a title, two rows of header, a total in the middle, a hidden sheet, blank rows below."""
    total = ["小计", "", "99", "", "", ""]
    merged = [(1, 3, 1, 4), *((1, column, 2, column) for column in (0, 1, 2, 5))]
    return xlsx([["认捐台账"], PLEDGES, BELOW, rows[0], total, *rows[1:], [""]], merged=merged, hidden=True)


async def test_a_list_of_pledges_is_reconciled_and_its_side_becomes_an_amendment(
    api: Api, database: Database, table: Table
) -> None:
    first = await make_pledge(table)
    second = await make_pledge(table, 7)
    desk = await _giver(api, database, table, "pledges")
    first_day, last_day = await _window(desk, first)
    name, window = table.need.title, [str(first_day), f"{last_day:%Y年%-m月%-d日}"]
    listed = _list_of([name, "", "10", *window, ""], ["青树村学校", "", "5", *window, ""])
    await desk.bring(listed)
    # Two pledges of one name, and one that the books do not have.
    assert _codes(await desk.rows(status="bad")) == [(4, "record", "several"), (6, "title", "unknown")]
    assert (desk.sheet["passed_over"], desk.sheet["hidden_sheets"]) == (1, ["旧数据"])
    row, unknown = await desk.rows(status="bad")
    assert "表格不能新建" in unknown["faults"][0]["text"]["zh"]
    assert (await desk.mend(row, cells={"record": str(first.id)}))["status"] == "same"
    missing = (await desk.client.get(f"/imports/{desk.sheet['id']}/missing")).json()["items"]
    assert [each["id"] for each in missing] == [str(second.id)]
    changed = await desk.mend(row, cells={"record": str(first.id), "quantity": "12"})
    assert (changed["status"], changed["take"]) == ("changed", None)
    assert [(each["field"], each["sheet"]["zh"], each["books"]["zh"]) for each in changed["differences"]] == [
        ("quantity", "12公里", "10公里")
    ]
    await desk.mend(changed, take="sheet")
    assert (await desk.write())["updated"] == 1
    shown = (await desk.client.get(f"/pledges/{first.id}")).json()
    # Nothing holds before both sides have signed it.
    assert (shown["quantity"]["value"], shown["amendment"]["quantity"]["value"]) == ("10", "12")
    (waiting,) = await desk.rows(status="written")
    assert waiting["record_id"] == str(first.id)


async def test_what_a_sheet_may_not_change_of_a_pledge_is_refused_and_the_parts_go_in(
    api: Api, database: Database, table: Table
) -> None:
    pledge = await make_pledge(table)
    desk = await _giver(api, database, table, "pledges")
    head = ["系统编号", "已到位", "分期", "单位"]
    first_day, last_day = await _window(desk, pledge)
    parts = f"{first_day} 4；{last_day} 6"
    await desk.bring(xlsx([head, [str(pledge.id), "3", "", "公里"]]))
    (row,) = await desk.rows()
    assert (row["status"], row["take"], [each["field"] for each in row["differences"]]) == (
        "changed",
        "books",
        ["accepted"],
    )
    await desk.mend(row, take="sheet")
    assert (await desk.write())["rows"]["bad"] == 1
    assert (await desk.rows())[0]["faults"][0]["code"] == "import-not-changeable"
    await desk.bring(xlsx([head, [str(pledge.id), "", parts, "公里"]]))
    await desk.mend((await desk.rows())[0], take="sheet")
    assert (await desk.write())["updated"] == 1
    amendment = (await desk.client.get(f"/pledges/{pledge.id}")).json()["amendment"]
    assert [each["quantity"]["value"] for each in amendment["instalments"]] == ["4", "6"]


def _sent(*rows: tuple[str, str, str], title: str = "青树村道路") -> bytes:
    day = f"{clock.today():%Y年%-m月%-d日}"
    return xlsx([SENT, *([number, title, quantity, "公里", day, voucher, ""] for number, quantity, voucher in rows)])


async def test_a_list_of_what_was_sent_becomes_deliveries_once(api: Api, database: Database, table: Table) -> None:
    pledge = await make_pledge(table)
    by_hand = await make_delivery(table, pledge, 1, voucher="V-0")
    desk = await _giver(api, database, table, "deliveries")
    listed = (("", "1", "V-0"), ("A-1", "2", "V-1"), ("A-2", "2.5", ""), ("A-3", "五", ""), ("A-4", "6", "V-4"))
    checked = await desk.bring(_sent(*listed))
    assert checked["rows"] | {"same": 1, "new": 3, "bad": 1} == checked["rows"]
    (same,) = await desk.rows(status="same")
    assert same["record_id"] == str(by_hand.id)
    # More than the pledge has left is refused by its rule, the rest goes in.
    written = await desk.write()
    assert (written["created"], written["rows"]["bad"]) == (2, 2)
    assert _codes(await desk.rows(status="bad"))[1][2] == "declared-too-much"
    again = await desk.bring(_sent(*listed[:3], ("A-3", "4.5", "")))
    assert again["rows"] | {"same": 3, "new": 1} == again["rows"]
    assert (await desk.write())["created"] == 1
    again = await desk.bring(_sent(*listed[:2], ("A-2", "3", "")))
    (changed,) = await desk.rows(status="changed")
    assert (changed["take"], [each["field"] for each in changed["differences"]]) == ("books", ["quantity"])
    items = (await desk.client.get("/deliveries")).json()["items"]
    assert sorted(each["declared"]["value"] for each in items) == ["1", "2", "2.5", "4.5"]


async def test_a_county_accepts_by_its_list_what_the_giver_declared_and_declares_nothing(
    api: Api, database: Database, table: Table
) -> None:
    pledge = await make_pledge(table)
    made = [await make_delivery(table, pledge, quantity) for quantity in (1, 2, 3)]
    desk = await _county(api, database, table)
    for each in made[:2]:
        path = f"/deliveries/{each.id}"
        version = (await desk.client.get(path)).headers["etag"]
        reply = await desk.client.post(f"{path}/inspect", json={}, headers={"If-Match": version})
        assert reply.status_code == 200, reply.text
    day = clock.today().isoformat()
    rows = [
        ["青树村道路", "1", day, "1", ""],
        ["青树村道路", "2", day, "1.5", "数量不足"],
        ["青树村道路", "3", day, "3", ""],  # not inspected yet
        ["青树村道路", "4", day, "4", ""],  # never declared
    ]
    checked = await desk.bring(xlsx([RECEIVED, *rows]))
    assert checked["rows"] | {"changed": 3, "bad": 1} == checked["rows"]
    assert [each["take"] for each in await desk.rows(status="changed")] == [None, None, None]
    assert _codes(await desk.rows(status="bad")) == [(5, "", "undeclared")]
    await desk.client.post(f"/imports/{desk.sheet['id']}/settle", json={"take": "sheet"})
    written = await desk.write()
    assert (written["updated"], written["created"], written["rows"]["bad"]) == (2, 0, 2)
    assert [row["faults"][0]["code"] for row in await desk.rows(status="bad")] == ["stages-missing", "undeclared"]
    items = (await desk.client.get("/deliveries", params={"sort": "declared"})).json()["items"]
    assert [(each["status"], each["accepted"] and each["accepted"]["value"]) for each in items] == [
        ("accepted", "1"),
        ("accepted_short", "1.5"),
        ("sent", None),
    ]
    again = await desk.bring(xlsx([RECEIVED, *rows[:2]]))
    assert again["rows"]["same"] == 2


async def test_a_list_of_what_was_sent_sends_what_was_planned_and_makes_no_second(
    api: Api, database: Database, table: Table
) -> None:
    pledge = await make_pledge(table)
    planned = [await make_delivery(table, pledge, quantity, sent=False) for quantity in (2, 3)]
    desk = await _giver(api, database, table, "deliveries")
    listed = _sent(("A-1", "2", "V-1"), ("A-2", "4", "V-2"))
    checked = await desk.bring(listed)
    assert checked["rows"] | {"changed": 1, "new": 1} == checked["rows"]
    (row,) = await desk.rows(status="changed")
    assert (row["record_id"], row["take"]) == (str(planned[0].id), "sheet")
    assert sorted(each["field"] for each in row["differences"]) == ["day", "voucher"]
    written = await desk.write()
    assert (written["updated"], written["created"], written["rows"]["bad"]) == (1, 1, 0)
    items = (await desk.client.get("/deliveries", params={"sort": "declared"})).json()["items"]
    assert [(each["status"], each["declared"]["value"]) for each in items] == [
        ("sent", "2"),
        ("planned", "3"),
        ("sent", "4"),
    ]
    again = await desk.bring(listed)
    assert again["rows"]["same"] == 2
