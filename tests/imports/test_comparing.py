"""Rows against the books as they stand: what is done, what fits twice, what a colleague changed meanwhile."""

from time import monotonic
from typing import Any

import pytest

from server.imports import comparing
from server.kit.uow import UnitOfWork
from server.places import repository
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.imports.sheets import HEADER, Desk, road, xlsx
from tests.support.database import Database
from tests.support.http import Api

WITH_ID = [*HEADER, "系统编号"]


@pytest.fixture
async def desk(api: Api, database: Database) -> Desk:
    county = await make_county_government()
    return Desk(await api.signed_in(await make_member(county.id, "editor")), database)


async def withdraw_all(desk: Desk) -> None:
    """Withdraw every need of the desk's participant."""
    for need in (await desk.client.get("/needs", params={"mine": True})).json()["items"]:
        reply = await desk.client.post(
            f"/needs/{need['id']}/withdraw", json={"remark": "不再需要"}, headers={"If-Match": f'"{need["version"]}"'}
        )
        assert reply.status_code == 200, reply.text


@pytest.mark.parametrize("number", ["2019-0001", ""])
@pytest.mark.parametrize("quantity", ["1", "8"])
async def test_a_row_of_a_closed_record_is_no_new_one(desk: Desk, number: str, quantity: str) -> None:
    row = road(1, 编号=number)
    await desk.bring(xlsx([HEADER, row]))
    await desk.write()
    await withdraw_all(desk)
    again = await desk.bring(xlsx([HEADER, road(1, 编号=number, 数量=quantity)]))
    (bad,) = await desk.rows()
    assert (again["rows"]["bad"], [(each["field"], each["code"]) for each in bad["faults"]]) == (1, [("ref", "done")])
    assert (await desk.mend(bad, cells={"ref": "2019-0099"}))["status"] == "new"
    assert (await desk.write())["created"] == 1


async def test_what_a_colleague_changed_after_the_check_is_not_overwritten(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1)]))
    await desk.write()
    await desk.bring(xlsx([HEADER, road(1, 数量="9")]))
    (changed,) = await desk.rows(status="changed")
    assert changed["take"] == "sheet"
    (need,) = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    path, version = f"/needs/{need['id']}", {"If-Match": f'"{need["version"]}"'}
    edit = {"necessity": "县交通局核定", "window": {"from": "2019-07-01", "to": "2019-10-31"}}
    assert (await desk.client.patch(path, json=edit, headers=version)).status_code == 200
    written = await desk.write()
    assert (written["updated"], written["rows"]["bad"]) == (0, 1)
    assert (await desk.client.get(path)).json()["necessity"] == "县交通局核定"
    await desk.check()
    (shown,) = await desk.rows()
    assert [each["field"] for each in shown["differences"]] == ["necessity", "quantity", "window_to"]
    assert (await desk.write())["updated"] == 1


async def test_a_row_that_fits_two_records_says_so_and_makes_no_third(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1), road(1, 编号="2019-0002")]))
    await desk.write()
    checked = await desk.bring(xlsx([HEADER, road(1, 编号="", 数量="5")]))
    assert (checked["rows"]["bad"], checked["rows"]["new"]) == (1, 0)
    (row,) = await desk.rows()
    assert [(each["field"], each["code"]) for each in row["faults"]] == [("record", "several")]
    known = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    assert (await desk.mend(row, cells={"record": known[0]["id"]}))["status"] == "changed"


async def test_two_records_of_one_name_come_back_by_their_ids(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1), road(1, 编号="2019-0002")]))
    await desk.write()
    known = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    rows = [[*road(1, 编号=""), need["id"]] for need in known]
    assert (await desk.bring(xlsx([WITH_ID, *rows])))["rows"]["same"] == 2


async def test_two_rows_of_one_record_do_not_both_change_it(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1)]))
    await desk.write()
    (need,) = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    rows = [[*road(1, 编号="", 需求名称=title), need["id"]] for title in ("一号路", "二号路")]
    checked = await desk.bring(xlsx([WITH_ID, *rows]))
    assert checked["rows"] | {"changed": 1, "bad": 1} == checked["rows"]
    (double,) = await desk.rows(status="bad")
    assert [(each["field"], each["code"]) for each in double["faults"]] == [("record", "double")]
    mended = await desk.mend(double, cells={"title": "三号路"})
    assert (mended["status"], mended["faults"][0]["code"]) == ("bad", "double")


async def test_a_row_mended_into_a_double_of_a_later_one_is_told_so(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1, 数量="许多"), road(2)]))
    (bad,) = await desk.rows(status="bad")
    mended = await desk.mend(bad, cells={"quantity": "1", "ref": "2019-0002"})
    assert (mended["status"], [each["code"] for each in mended["faults"]]) == ("bad", ["double"])


async def test_a_change_of_a_draft_needs_no_more_than_the_draft_did(desk: Desk) -> None:
    await desk.bring(xlsx([HEADER, road(1, 必要性="")]))
    await desk.write()
    reply = await desk.client.post(
        "/imports/pasted",
        json={"kind": "needs", "text": "\n".join("\t".join(row) for row in (HEADER, road(1, 必要性="", 数量="3")))},
    )
    desk.sheet = reply.json()
    assert (await desk.check(complete=True))["rows"]["changed"] == 1
    await desk.write()
    (need,) = (await desk.client.get("/needs", params={"mine": True})).json()["items"]
    assert (need["status"], need["quantity"]["value"]) == ("draft", "3")


async def test_mending_cell_after_cell_reads_the_places_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.bring(xlsx([HEADER, road(1, 数量="许多")]))
    read, names_below = [], repository.names_below

    async def counted(uow: UnitOfWork, code: str) -> Any:
        read.append(code)
        return await names_below(uow, code)

    monkeypatch.setattr(repository, "names_below", counted)
    monkeypatch.setattr(comparing, "monotonic", lambda: monotonic() + 2 * comparing.KEPT_SECONDS)
    (row,) = await desk.rows()
    for quantity in ("很多", "不少", "3"):
        row = await desk.mend(row, cells={"quantity": quantity})
    assert (row["status"], len(read)) == ("new", 1)
