"""Lists that go out: equal to the screen, with what they were asked by, and for who asked alone."""

import io
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import pytest
import python_calamine

from server.accounts.actor import Actor
from server.activity import service as activity
from server.exports import repository, service, sheet
from server.kit.quantity import FEN_PER_YUAN
from tests.factories.accounts import make_member, make_overseer
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government
from tests.factories.places import OTHER_COUNTY
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.imports.sheets import Desk, run_jobs
from tests.support.database import Database, within
from tests.support.http import Api

HEADER = 5


async def export(client: httpx2.AsyncClient, name: str, **wanted: Any) -> dict[str, Any]:
    """Ask for an export."""
    reply = await client.post("/exports", json={"list": name, **wanted})
    assert reply.status_code == 202, reply.text
    return reply.json()


async def table_of(client: httpx2.AsyncClient, made: dict[str, Any]) -> list[list[Any]]:
    """The cells of an exported workbook."""
    reply = await client.get(f"/exports/{made['id']}/file")
    assert reply.status_code == 200, reply.text
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(reply.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.fixture
async def county(api: Api) -> tuple[Any, httpx2.AsyncClient]:
    participant = await make_county_government()
    return participant, await api.signed_in(await make_member(participant.id, "editor"))


async def test_a_workbook_equals_the_screen_to_the_last_fen(county: tuple[Any, httpx2.AsyncClient]) -> None:
    participant, client = county
    for fen in (1, 999_999_999_999, 123_456_789_01):
        await make_need(participant, resource_type="social_donation", quantity=fen, title=f"捐赠{fen}")
    await make_need(participant, quantity="12.345", title="道路")
    shown = (await client.get("/needs", params={"mine": True})).json()["items"]
    table = await table_of(client, await export(client, "needs", query={"mine": True}))
    head, rows = table[HEADER], table[HEADER + 1 :]
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["Title"] for row in found] == [need["title"] for need in shown]
    for row, need in zip(found, shown, strict=True):
        asked = need["quantity"]
        value = Decimal(asked["amount_fen"]) / FEN_PER_YUAN if "amount_fen" in asked else Decimal(asked["value"])
        assert Decimal(str(row["Quantity"])) == value
        assert row["Jiedui id"] == need["id"]


async def test_an_export_says_its_filters_day_person_and_link(county: tuple[Any, httpx2.AsyncClient]) -> None:
    participant, client = county
    await make_need(participant)
    await make_need(title="别处的道路", place_code=OTHER_COUNTY)
    table = await table_of(
        client, await export(client, "needs", query={"place": "610925", "open_only": "true", "status": "published"})
    )
    assert len(table) == HEADER + 2
    above = [row[0] for row in table[:HEADER]]
    assert above[0] == "Needs"
    assert above[1] == "Filters: open_only=True; place=610925; status=published (1)"
    assert above[2].startswith("As of: 2019-06-03")
    assert above[3].startswith("By: ") and len(above[3]) > 4
    assert above[4] == "Link: http://jiedui.test/needs?status=published&place=610925&open_only=true"


@pytest.mark.parametrize("title", ["=1+1", "+86", "-5", "@SUM(A1)", "＝cmd", "－1"])
async def test_no_text_becomes_a_formula(county: tuple[Any, httpx2.AsyncClient], title: str) -> None:
    participant, client = county
    await make_need(participant, title=title)
    table = await table_of(client, await export(client, "needs"))
    assert f"'{title}" in table[HEADER + 1]
    printed = await client.get(f"/exports/{(await export(client, 'needs', format='print'))['id']}/file")
    assert title in printed.text


async def test_a_page_to_print_escapes_what_people_wrote(county: tuple[Any, httpx2.AsyncClient]) -> None:
    participant, client = county
    await make_need(participant, title="<script>alert(1)</script>")
    made = await export(client, "needs", format="print")
    page = await client.get(f"/exports/{made['id']}/file")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text and "&lt;script&gt;" in page.text


async def test_a_large_list_is_made_by_a_worker(
    county: tuple[Any, httpx2.AsyncClient], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    participant, client = county
    monkeypatch.setattr(service, "AT_ONCE", 2)
    for number in range(4):
        await make_need(participant, title=f"道路{number}")
    made = await export(client, "needs", query={"sort": "title"})
    assert (made["ready"], made["rows"]) == (False, None)
    assert (await client.get(f"/exports/{made['id']}/file")).status_code == 409
    await run_jobs(database)
    assert (await client.get(f"/jobs/{made['job_id']}")).json()["status"] == "done"
    table = await table_of(client, made)
    assert [row[4] for row in table[HEADER + 1 :]] == [f"道路{number}" for number in range(4)]


async def test_a_list_that_is_too_long_is_refused_when_it_is_asked_for(
    county: tuple[Any, httpx2.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    participant, client = county
    monkeypatch.setattr(service, "AT_ONCE", 2)
    monkeypatch.setattr(service, "MOST_ROWS", 3)
    for number in range(4):
        await make_need(participant, title=f"道路{number}")
    reply = await client.post("/exports", json={"list": "needs"})
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/export-too-long")
    assert (await client.get("/exports")).json()["items"] == []


async def test_a_long_export_is_cancelled_while_it_is_made(
    county: tuple[Any, httpx2.AsyncClient], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    participant, client = county
    monkeypatch.setattr(service, "AT_ONCE", 2)
    monkeypatch.setattr(service, "TOLD_EVERY", 2, raising=False)
    for number in range(6):
        await make_need(participant, title=f"道路{number}")
    made = await export(client, "needs")
    read, cells, report = [], sheet.cells, activity.report_progress

    def counted(*given: Any) -> Any:
        read.append(given)
        return cells(*given)

    async def cancelled(*given: Any) -> bool:
        await client.post(f"/jobs/{made['job_id']}/cancel")
        return await report(*given)

    monkeypatch.setattr(sheet, "cells", counted)
    monkeypatch.setattr(activity, "report_progress", cancelled)
    await run_jobs(database)
    assert (await client.get(f"/jobs/{made['job_id']}")).json()["status"] == "cancelled"
    assert len(read) == 2
    assert not (await client.get(f"/exports/{made['id']}")).json()["ready"]


async def test_who_asks_whether_it_is_ready_does_not_load_the_file(api: Api) -> None:
    member = await make_member((await make_county_government()).id, "editor")
    made, asked = await export(await api.signed_in(member), "needs"), Actor("user", member.id)
    found = await within(lambda uow: repository.find(uow, asked, UUID(made["id"])), asked)
    assert found and found.made_at and "content" not in vars(found)


async def test_only_who_asked_for_a_file_fetches_it(county: tuple[Any, httpx2.AsyncClient], api: Api) -> None:
    participant, client = county
    made = await export(client, "needs")
    colleague = await api.signed_in(await make_member(participant.id, "editor"))
    overseer = await api.signed_in(await make_overseer("coordinator"))
    for other in (colleague, overseer):
        assert (await other.get(f"/exports/{made['id']}")).status_code == 404
        assert (await other.get(f"/exports/{made['id']}/file")).status_code == 404
        assert (await other.get("/exports")).json()["items"] == []
    assert [row["id"] for row in (await client.get("/exports")).json()["items"]] == [made["id"]]


async def test_a_filter_that_the_list_has_not_is_refused(county: tuple[Any, httpx2.AsyncClient]) -> None:
    reply = await county[1].post("/exports", json={"list": "needs", "query": {"colour": "red"}})
    assert reply.status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "offers",
        "proposals",
        "pledges",
        "deliveries",
        "coverage",
        "projects",
        "overdue",
        "ledger_sums",
        "ledger_pledges",
    ],
)
@pytest.mark.parametrize("form", ["xlsx", "print"])
async def test_every_list_goes_out(county: tuple[Any, httpx2.AsyncClient], name: str, form: str) -> None:
    await make_need(county[0])
    made = await export(county[1], name, format=form)
    assert (await county[1].get(f"/exports/{made['id']}/file")).status_code == 200


async def test_the_ledger_of_a_need_goes_out_with_its_balances(county: tuple[Any, httpx2.AsyncClient]) -> None:
    participant, client = county
    need = await make_need(participant, quantity=7)
    table = await table_of(client, await export(client, "ledger", query={"need_id": str(need.id)}))
    row = dict(zip(table[HEADER], table[HEADER + 1], strict=True))
    assert (row["Movement"], row["Balance: open"]) == ("Opened", 7)


async def test_the_ledger_goes_out_as_it_stands_on_the_screen(api: Api) -> None:
    """Sums by county and pledge by pledge equal the screen, with the day as of which they were asked for."""
    await make_pledge(await make_table(), "6.5")
    client = await api.signed_in(await make_overseer("supervisor"))
    asked = {"as_of": "2019-06-02", "by": "county"}
    shown = (await client.get("/ledger/sums", params={"by": "county"})).json()["rows"]
    table = await table_of(client, await export(client, "ledger_sums", query={"by": "county"}))
    rows = [dict(zip(table[HEADER], row, strict=True)) for row in table[HEADER + 1 :]]
    assert [(row["Boundary"], row["Asked"], row["Pledged"]) for row in rows] == [
        (row["place"]["name"]["en"], float(row["asked"]["value"]), float(row["promised"]["value"])) for row in shown
    ]
    assert rows[0]["Pledged"] == 6.5
    lines = await table_of(client, await export(client, "ledger_pledges"))
    line = dict(zip(lines[HEADER], lines[HEADER + 1], strict=True))
    assert (line["Pledged"], line["Accepted by the county"], line["Still to come"]) == (6.5, 0, 6.5)
    before = await table_of(client, await export(client, "ledger_sums", query=asked))
    assert before[2][0] == "As of: 2019-06-02"
    assert before[4][0] == "Link: http://jiedui.test/ledger?as_of=2019-06-02&by=county"


async def test_what_goes_out_comes_in_again_and_is_the_same(
    county: tuple[Any, httpx2.AsyncClient], database: Database
) -> None:
    participant, client = county
    await make_need(participant, quantity=3, title="道路", status="draft", households=12)
    await make_need(participant, resource_type="social_donation", quantity=12_345_67, title="捐赠", status="draft")
    reply = await client.get(f"/exports/{(await export(client, 'needs'))['id']}/file")
    desk = Desk(client, database)
    checked = await desk.bring(reply.content)
    assert checked["rows"]["same"] == 2, await desk.rows()
