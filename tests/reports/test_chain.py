"""From the agreement to the money: what the books hold of each target, and where each pledge's money is."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from server.kit import clock
from server.pairings.models import Pairing
from tests.factories.accounts import make_member
from tests.factories.agreements import FUNDS, make_agreement
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, OTHER_COUNTY
from tests.factories.projects import make_project
from tests.factories.proposals import Table, make_table
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

WAN = 10_000_00
VISITS = {"head": "talent", "resource_type": None, "title": "高层互访", "value": "4", "unit": "session"}
JOBS = {"head": "labour", "resource_type": "jobs_partner_area", "title": "", "value": "100", "unit": "person"}


class Money:
    """A county and its giver, paired, with an agreement of the year and a pledge of 100 万元 under a project."""

    table: Table
    pairing: Pairing
    giver: httpx2.AsyncClient
    county: httpx2.AsyncClient
    pledge: str = ""
    project: str = ""

    async def verb(self, side: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = await act(getattr(self, side), path, body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def stage(self, side: str, delivery: str, kind: str, **fields: Any) -> None:
        reply = await getattr(self, side).post(f"{delivery}/stages", json={"kind": kind} | fields)
        assert reply.is_success, reply.text

    async def paid(self, wan: int, *, accepted: bool = True) -> str:
        """The path of a delivery that was paid out."""
        body = {"pledge_id": self.pledge, "declared": {"amount_fen": wan * WAN}, "voucher": "沪财〔2019〕1号"}
        made = await self.giver.post("/deliveries", json=body)
        assert made.is_success, made.text
        path = f"/deliveries/{made.json()['id']}"
        if accepted:
            await self.verb("county", f"{path}/accept", {"voucher": "曲财收〔2019〕1号"})
        return path

    async def targets(self) -> list[dict[str, Any]]:
        reply = await self.county.get(f"/pairings/{self.pairing.id}/targets")
        assert reply.status_code == 200, reply.text
        return reply.json()["rows"]

    async def lines(self, **query: Any) -> list[dict[str, Any]]:
        reply = await self.county.get("/money", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["rows"]


@pytest.fixture
async def money(api: Api) -> Money:
    found = Money()
    found.table = table = await make_table(
        need=300 * WAN, offer=500 * WAN, resource_type="fiscal_assistance_funds", need_title="产业园资金"
    )
    found.pairing = await make_pairing(COUNTY, giver_id=table.giver.id, kind="east_west")
    project = await make_project(table.county, cost=400 * WAN)
    found.project = str(project.id)
    found.giver, found.county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    await make_agreement(
        found.pairing,
        table.county,
        table.giver,
        year=clock.today().year,
        targets=(FUNDS | {"value": str(300 * WAN)}, JOBS, VISITS),
    )
    return found


async def pledged(found: Money, database: Database, wan: int = 100) -> None:
    need, offer = found.table.need, found.table.offer
    await database.fetch("UPDATE need SET project_id = $1 WHERE id = $2", found.project, need.id)
    terms = {"need_id": str(need.id), "offer_id": str(offer.id), "quantity": {"amount_fen": wan * WAN}}
    proposal = (await found.giver.post("/proposals", json=terms)).json()
    await found.verb("county", f"/proposals/{proposal['id']}/agree", {})
    [pledge] = (await found.county.get("/pledges", params={"proposal_id": proposal["id"]})).json()["items"]
    found.pledge = pledge["id"]
    text_hash = (await found.county.get(f"/pledges/{found.pledge}")).json()["text_hash"]
    for side in ("giver", "county"):
        await found.verb(side, f"/pledges/{found.pledge}/sign", {"text_hash": text_hash})


def wan(amount: dict[str, Any]) -> float:
    return amount["amount_fen"] / WAN


async def test_a_target_says_what_the_books_hold_of_it(money: Money, database: Database) -> None:
    funds, jobs, visits = await money.targets()
    assert (funds["pledges"], funds["promised"], funds["rate"]) == (0, {"amount_fen": 0}, "0")
    assert (visits["promised"], visits["accepted"], visits["chain"]) == (None, None, None)
    assert (jobs["promised"], jobs["chain"]) == ({"value": "0", "unit": "person"}, None)
    await pledged(money, database)
    spent = await money.paid(60)
    await money.stage("county", spent, "spent", figures={"spent": str(15 * WAN)}, voucher="曲财支〔2019〕1号")
    await money.paid(20, accepted=False)
    funds = (await money.targets())[0]
    assert (funds["pledges"], wan(funds["promised"]), wan(funds["accepted"]), funds["rate"]) == (1, 100, 60, "0.2")
    assert {step: wan(amount) for step, amount in funds["chain"].items()} == {
        "allocated": 80,
        "paid_out": 80,
        "received": 60,
        "spent": 15,
    }


async def test_one_table_leads_from_target_and_project_to_what_was_spent(money: Money, database: Database) -> None:
    [bare] = await money.lines()
    assert (bare["position"], bare["pledge_id"], wan(bare["asked"]), bare["project"]) == (1, None, 300, None)
    await pledged(money, database)
    await money.paid(60)
    [line] = await money.lines(year=clock.today().year, pairing_id=str(money.pairing.id), place="610000")
    assert (line["project"]["id"], line["need"]["title"], line["position"]) == (money.project, "产业园资金", 1)
    assert (line["paid_rate"], line["spent_rate"], line["late"], line["unspent_days"]) == ("0.6", "0", None, 0)
    assert (wan(line["paid_out"]["amount"]), line["paid_out"]["on"]) == (60, clock.today().isoformat())
    assert await money.lines(year=2018) == []
    overdue = clock.today() - timedelta(days=9)
    await database.fetch("UPDATE instalment SET due = $1 WHERE pledge_id = $2", overdue, money.pledge)
    [line] = await money.lines()
    late = line["late"]
    assert (late["since"], late["days"], wan(late["amount"])) == (overdue.isoformat(), 9, 40)


async def test_a_pledge_that_no_agreement_names_stands_by_itself_and_before_the_day_there_is_nothing(
    money: Money, database: Database
) -> None:
    await pledged(money, database)
    await database.fetch("UPDATE agreement SET status = 'withdrawn'")
    [line] = await money.lines()
    assert (line["agreement_id"], line["asked"], wan(line["promised"])) == (None, None, 100)
    assert await money.lines(as_of="2019-01-01") == []


async def test_the_money_of_others_is_not_in_it(money: Money, database: Database, api: Api) -> None:
    await pledged(money, database)
    stranger = await api.signed_in(await make_member((await make_county_government(OTHER_COUNTY)).id, "editor"))
    for path in ("/money", "/targets"):
        assert (await stranger.get(path)).json()["rows"] == []
