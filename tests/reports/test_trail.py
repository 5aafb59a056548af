"""The trail: who did what to which record, for those whom it concerns, as pages and as a sheet."""

import csv
import io
from typing import Any

import httpx2
import pytest

from server.kit.schema import new_id
from server.kit.sheets import safe
from server.kit.uow import Audience, Event, UnitOfWork
from server.offers.events import happened
from server.reports.trail import changes
from tests.factories.accounts import make_member, make_overseer
from tests.factories.offers import make_offer
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY, EASTERN_PROVINCE, OTHER_COUNTY, PROVINCE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import within
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")


async def trail(client: httpx2.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """The rows of the trail."""
    reply = await client.get("/trail", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


@pytest.fixture
async def table(api: Api) -> Table:
    """Two sides that have signed a pledge."""
    table = await make_table()
    await make_pledge(table, 4)
    return table


async def test_both_sides_and_those_above_read_what_was_done(api: Api, table: Table):
    for user in (table.clerk, table.official, await make_overseer("auditor", PROVINCE)):
        rows = await trail(await api.signed_in(user))
        assert {"proposal.proposed", "proposal.agreed", "pledge.made", "pledge.signed", "pledge.effective"} <= {
            row["kind"] for row in rows
        }
        assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)


async def test_others_read_nothing_of_it(api: Api, table: Table):
    stranger = await make_member((await make_participant()).id, "administrator")
    for user in (stranger, await make_overseer("auditor", EASTERN_PROVINCE)):
        client = await api.signed_in(user)
        assert await trail(client, record=["pledge", "proposal"]) == []
        assert len((await client.get("/trail/sheet", params={"record": "pledge"})).text.splitlines()) == 1


async def test_an_entry_says_who_what_and_what_changed(api: Api, table: Table):
    client = await api.signed_in(table.clerk)
    (row,) = await trail(client, verb="proposal.agreed")
    assert row["person"]["id"] == str(table.clerk.id)
    assert row["record"]["title"] == table.need.title
    changed = {each["field"]: (each["before"], each["after"]) for each in row["changes"]}
    assert changed["status"] == ("proposed", "agreed")


async def test_every_filter_narrows(api: Api, table: Table):
    elsewhere = Event("need.published", "need", new_id(), Audience(codes=frozenset({OTHER_COUNTY})))

    async def happens(uow: UnitOfWork) -> None:
        uow.record(elsewhere)

    await within(happens)
    client = await api.signed_in(await make_overseer("supervisor"))
    everything = await trail(client)
    (proposal,) = {row["record"]["id"] for row in everything if row["record"]["kind"] == "proposal"}
    by_filter = {
        "record": await trail(client, record="pledge"),
        "record_id": await trail(client, record_id=proposal),
        "person": await trail(client, person=str(table.official.id)),
        "place": await trail(client, place=COUNTY),
        "verb": await trail(client, verb="pledge.signed"),
    }
    assert all(0 < len(rows) < len(everything) for rows in by_filter.values()), by_filter
    assert {row["record"]["id"] for row in by_filter["record_id"]} == {proposal}
    assert {row["person"]["id"] for row in by_filter["person"]} == {str(table.official.id)}
    assert [row["record"]["id"] for row in await trail(client, place=OTHER_COUNTY)] == [str(elsewhere.subject_id)]
    assert str(elsewhere.subject_id) not in {row["record"]["id"] for row in by_filter["place"]}
    assert await trail(client, until="2020-01-01") == await trail(client, since="2099-01-01") == []
    assert await trail(client, since="2020-01-01", until="2098-12-31") == everything


async def test_pages_follow_each_other(api: Api, table: Table):
    client = await api.signed_in(table.clerk)
    whole, seen, cursor = [row["id"] for row in await trail(client)], [], None
    while True:
        reply = (await client.get("/trail", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [row["id"] for row in reply["items"]]
        if not (cursor := reply["next"]):
            break
    assert seen == whole


async def test_no_cell_of_the_sheet_is_a_formula(api: Api):
    table = await make_table(need_title="=HYPERLINK(1)")
    await make_proposal(table, 4)
    reply = await (await api.signed_in(table.clerk)).get("/trail/sheet")
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert "'=HYPERLINK(1)" in {cell for row in rows for cell in row}
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@＝＋－＠" and cell]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_begins_like_a_formula_gets_a_quote(start: str):
    assert safe(f"{start}1") == f"'{start}1"
    assert safe("1=1") == "1=1"


def test_changes_are_what_differs():
    found = changes({"status": "draft", "title": "x", "gone": 1}, {"status": "published", "title": "x", "new": [1]})
    assert [(each.field, each.before, each.after) for each in found] == [
        ("status", "draft", "published"),
        ("gone", "1", None),
        ("new", None, "[1]"),
    ]
    assert changes(None, {"a": "b"})[0].after == "b"


async def test_nobody_but_its_own_side_hears_of_a_units_offer():
    unit = await make_participant("armed_forces_unit", alias="某部")
    offer = await make_offer(unit, restriction="paired")
    event = happened(offer, "publish", None, {})
    assert (event.audience.everyone, event.audience.codes) == (False, frozenset())
    assert event.audience.participants == {unit.id}
    plain = await make_offer()
    assert happened(plain, "publish", None, {}).audience.everyone
