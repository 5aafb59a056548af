"""Year-end material: figures and a text from the books, one side's until the other is asked, whose opinion stays with it."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import pytest
import python_calamine

from server.pairings.models import Pairing
from tests.factories.accounts import make_member, make_overseer
from tests.factories.agreements import make_agreement
from tests.factories.meetings import make_meeting
from tests.factories.pairings import make_pairing
from tests.factories.places import COUNTY
from tests.factories.proposals import Table, make_table
from tests.factories.secondments import make_secondment
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

MET = {"head": "talent", "resource_type": None, "title": "", "value": "4", "unit": "session", "counted_by": "meetings"}


@dataclass
class Year:
    """A pairing with a year's agreement, a meeting and a cadre on post."""

    table: Table
    pairing: Pairing
    clerk: httpx2.AsyncClient
    official: httpx2.AsyncClient

    async def begun(self, **fields: Any) -> dict[str, Any]:
        body = {"county_id": str(self.table.county.id), "giver_id": str(self.table.giver.id), "year": 2019}
        reply = await self.clerk.post(
            f"/pairings/{self.pairing.id}/summaries", json=body | fields, headers={"Accept-Language": "zh-CN"}
        )
        assert reply.status_code == 201, reply.text
        return reply.json()


async def done(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def year(api: Api) -> Year:
    table = await make_table()
    pairing = await make_pairing(COUNTY, giver_id=table.giver.id)
    await make_agreement(pairing, table.county, table.giver, year=2019, targets=(MET,))
    await make_agreement(pairing, table.county, table.giver, year=2018, targets=(MET,))
    for day in (date(2018, 5, 4), date(2018, 9, 4), date(2019, 5, 20)):
        await make_meeting(pairing, table.county, table.giver, held_on=day)
    await make_secondment(pairing, table.county, table.giver, status="on_post", began_on=date(2018, 7, 1))
    people = [await make_member(one.id, "editor") for one in (table.county, table.giver)]
    return Year(table, pairing, *[await api.signed_in(each) for each in people])


async def test_figures_and_a_first_text_come_from_the_books(year: Year) -> None:
    made = await year.begun()
    [target] = made["figures"]["targets"]
    assert (target["accepted"]["value"], target["rate"]) == ("1", "0.25")
    assert made["figures"]["before"][0]["accepted"]["value"] == "2"
    assert made["figures"]["met"] == {"meetings": 1, "with_leaders": 1, "decisions": 1, "done": 0}
    assert made["figures"]["sent"]["cadres_to_county"] == 1
    assert "联席会议：任务 4 场，完成 1 场，完成率 25.0%；上年完成 2 场。" in made["body"]
    assert made["can"] == ["change", "consult"]
    again = await year.clerk.post(
        f"/pairings/{year.pairing.id}/summaries",
        json={"county_id": str(year.table.county.id), "giver_id": str(year.table.giver.id), "year": 2019},
    )
    assert again.json()["type"] == "/problems/summary-exists"


async def test_the_other_side_is_consulted_and_its_opinion_stays_with_the_version(year: Year, api: Api) -> None:
    path = f"/summaries/{(await year.begun())['id']}"
    above = await api.signed_in(await make_overseer("coordinator", COUNTY))
    for client in (year.official, above):
        assert (await client.get(path)).status_code == 404
    await done(year.clerk, f"{path}/consult", {})
    assert (await above.get(path)).json()["can"] == []
    assert (await act(year.clerk, f"{path}/answer", {"opinion": "agree"})).status_code == 403
    silent = await act(year.official, f"{path}/answer", {"opinion": "remarks"})
    assert silent.json()["type"] == "/problems/summary-remarks-missing"
    answered = await done(year.official, f"{path}/answer", {"opinion": "remarks", "remark": "会议应为 2 次"})
    assert (answered["status"], answered["opinion_text"]) == ("answered", "会议应为 2 次")
    revised = await done(year.clerk, f"{path}/revise", {})
    assert (revised["revision"], revised["opinion"], revised["can"]) == (2, None, ["change", "consult"])
    [kept] = revised["history"]
    assert (kept["revision"], kept["opinion"], kept["opinion_text"]) == (1, "remarks", "会议应为 2 次")
    assert kept["as_of"] == "2019-06-03"


async def test_the_figures_stay_as_they_were_put_before_the_other_side(year: Year) -> None:
    path = f"/summaries/{(await year.begun())['id']}"
    await done(year.clerk, f"{path}/consult", {})
    await make_meeting(year.pairing, year.table.county, year.table.giver)
    assert (await year.official.get(path)).json()["figures"]["met"]["meetings"] == 1
    assert (await done(year.clerk, f"{path}/revise", {}))["figures"]["met"]["meetings"] == 2


async def test_figures_agreement_meetings_and_health_go_out_as_workbooks(year: Year) -> None:
    summary = (await year.begun())["id"]
    asked = {
        "year_report": {"summary_id": summary},
        "agreement_form": {"year": 2019},
        "meetings": {"pairing_id": str(year.pairing.id)},
        "pairing_health": {},
    }
    rows = {}
    for name, query in asked.items():
        made = await year.clerk.post("/exports", json={"list": name, "query": query, "format": "xlsx"})
        assert made.status_code == 202, made.text
        file = await year.clerk.get(f"/exports/{made.json()['id']}/file")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        rows[name] = book.get_sheet_by_index(0).to_python()
    assert any(row[:2] == ["Targets", "Joint meetings"] and row[2:5] == [2, 4, 1] for row in rows["year_report"])
    assert any("Joint meetings" in row and "In effect" in row for row in rows["agreement_form"])
    assert sum("Minutes confirmed" in row for row in rows["meetings"]) == 3
    assert any("Decision not carried out 3" in row for row in rows["pairing_health"])
