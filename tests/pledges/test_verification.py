"""What an enterprise commits before it is verified waits and counts nothing; once verified it takes what is still open."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.kit.uow import Audience, Event, UnitOfWork
from server.participants.models import Participant
from server.participants.rules import CHECKLISTS
from server.proposals import service as proposals
from server.proposals.models import Proposal
from server.verify import verify
from tests.factories.accounts import make_member
from tests.factories.books import counters
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.proposals import Table, km, make_table_before
from tests.support.database import Database, within
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def commit(api: Api, table: Table, value: int = 10) -> tuple[httpx2.AsyncClient, str]:
    giver = await api.signed_in(table.official)
    terms = {"need_id": str(table.need.id), "offer_id": str(table.offer.id)}
    made = await giver.post("/proposals", json=terms | {"quantity": {"value": str(value), "unit": "km"}})
    assert made.status_code == 201, made.text
    assert made.json()["awaits_verification"] is True
    return giver, f"/proposals/{made.json()['id']}"


async def decide(api: Api, table: Table, verb: str) -> None:
    office = await api.signed_in(table.coordinator)
    checked = {"checklist": [check.code for check in CHECKLISTS["enterprise"]]} if verb == "verify" else {}
    reply = await act(office, f"/participants/{table.giver.id}/{verb}", {"remark": "核验"} | checked)
    assert reply.status_code == 200, reply.text


async def look(api: Api, table: Table, path: str) -> dict[str, Any]:
    return (await (await api.signed_in(table.clerk)).get(path)).json()


async def again(table: Table) -> None:
    """The handlers run a second time."""

    async def work(uow: UnitOfWork) -> None:
        uow.record(Event("participant.verified", "participant", table.giver.id, Audience()))

    await units.run(work, SYSTEM)


async def test_it_waits_marked_and_counts_nothing_and_the_county_sees_it(api: Api, database: Database):
    table = await make_table_before()
    _, path = await commit(api, table)
    assert await counters(table.need.id) == ("100", "0", "0", "0")
    county = await api.signed_in(table.clerk)
    seen = (await county.get(path)).json()
    assert (seen["awaits_verification"], seen["giver"]["kind"]) == (True, "enterprise")
    assert [row["id"] for row in (await county.get("/proposals")).json()["items"]] == [seen["id"]]
    stranger = await api.signed_in(await make_member((await make_county_government("530325")).id, "editor"))
    assert (await stranger.get(f"/offers/{table.offer.id}")).status_code == 404
    assert await verify(database.servers.owner_url) == []


async def test_once_verified_it_takes_all_that_it_committed_and_twice_is_once(api: Api, database: Database):
    table = await make_table_before()
    _, path = await commit(api, table)
    await decide(api, table, "verify")
    await again(table)
    assert await counters(table.need.id) == ("90", "10", "0", "0")
    assert await counters(table.offer.id) == ("0", "10", "0", "0")
    county = await api.signed_in(table.clerk)
    seen = (await county.get(path)).json()
    assert (seen["awaits_verification"], seen["awaiting"]) == (False, ["county"])
    assert await verify(database.servers.owner_url) == []
    await act(county, f"{path}/agree")
    assert (await county.get("/pledges")).json()["items"][0]["status"] == "awaiting_signature"
    assert await verify(database.servers.owner_url) == []


async def test_a_part_is_taken_with_the_reason_and_agreed_to_anew(api: Api, database: Database):
    table = await make_table_before(6)
    _, path = await commit(api, table)
    await decide(api, table, "verify")
    seen = await look(api, table, path)
    assert (seen["status"], seen["quantity"]["value"], seen["awaiting"]) == ("countered", "6", ["county", "giver"])
    assert "6" in seen["remark"] and seen["turns"][-1]["by"] == "coordinator"
    assert await counters(table.need.id) == ("0", "6", "0", "0")
    assert await verify(database.servers.owner_url) == []


async def test_what_is_covered_meanwhile_lapses_and_so_does_what_is_rejected(api: Api, database: Database):
    table = await make_table_before(10)
    _, path = await commit(api, table)
    other = await make_offer(quantity=10)
    rival = await api.signed_in(await make_member(other.participant_id, "editor"))
    taken = {"need_id": str(table.need.id), "offer_id": str(other.id), "quantity": {"value": "10", "unit": "km"}}
    assert (await rival.post("/proposals", json=taken)).status_code == 201
    await decide(api, table, "verify")
    seen = await look(api, table, path)
    assert seen["status"] == "lapsed" and "没有余量" in seen["remark"]
    second = await make_table_before(10)
    _, path = await commit(api, second)
    await decide(api, second, "reject")
    seen = (await (await api.signed_in(second.clerk)).get(path)).json()
    assert seen["status"] == "lapsed" and "未通过核验" in seen["remark"]
    assert await counters(second.need.id) == ("10", "0", "0", "0")
    assert await verify(database.servers.owner_url) == []


@pytest.mark.parametrize(
    ("asked", "status", "quantity"), [(100, "awaiting_signature", "10"), (4, "awaiting_signature", "4")]
)
async def test_an_agreed_commitment_is_a_pledge_that_waits(
    api: Api, database: Database, asked: int, status: str, quantity: str
):
    table = await make_table_before(asked)
    giver, path = await commit(api, table)
    county = await api.signed_in(table.clerk)
    await act(county, f"{path}/agree")
    [row] = (await county.get("/pledges")).json()["items"]
    assert (row["status"], row["can"]) == ("awaiting_verification", ["cancel"])
    assert await counters(table.need.id) == (str(asked), "0", "0", "0")
    assert await verify(database.servers.owner_url) == []
    await decide(api, table, "verify")
    await again(table)
    now = (await county.get(f"/pledges/{row['id']}")).json()
    assert (now["status"], now["quantity"]["value"], now["instalments"][0]["quantity"]["value"]) == (
        status,
        quantity,
        quantity,
    )
    assert await verify(database.servers.owner_url) == []
    for client in (giver, county):
        assert (await act(client, f"/pledges/{row['id']}/sign", {"text_hash": now["text_hash"]})).status_code == 200
    assert (await counters(table.need.id))[2] == quantity
    assert await verify(database.servers.owner_url) == []


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"resource_type": "desks", "quantity": {"value": "10", "unit": "set"}}, "类型不同"),
        ({"window": {"from": "2020-01-01", "to": "2020-06-30"}}, "时间没有重合"),
        ({"restriction": {"kind": "places", "places": ["530326"]}}, "指定地区"),
    ],
)
async def test_a_draft_that_became_another_offer_while_it_waited_takes_nothing(
    api: Api, database: Database, change: dict[str, Any], why: str, agreed: bool
):
    table = await make_table_before()
    giver, path = await commit(api, table)
    if agreed:
        county = await api.signed_in(table.clerk)
        await act(county, f"{path}/agree")
        path = f"/pledges/{(await county.get('/pledges')).json()['items'][0]['id']}"
    etag = {"If-Match": (await giver.get(f"/offers/{table.offer.id}")).headers["etag"]}
    changed = await giver.patch(f"/offers/{table.offer.id}", json=change, headers=etag)
    assert changed.status_code == 200, changed.text
    await decide(api, table, "verify")
    now = await look(api, table, path)
    assert now["status"] == ("cancelled" if agreed else "lapsed") and why in now["remark"]
    assert await counters(table.need.id) == ("100", "0", "0", "0")
    assert await verify(database.servers.owner_url) == []


async def test_a_draft_that_says_no_quantity_any_more_is_not_published(api: Api, database: Database):
    table = await make_table_before()
    _, path = await commit(api, table)
    await database.fetch("UPDATE offer SET quantity = 0, declared_value = 0")
    await decide(api, table, "verify")
    assert (await look(api, table, path))["status"] == "lapsed"
    assert await verify(database.servers.owner_url) == []


async def test_of_two_that_waited_for_a_need_with_one_source_the_first_takes_it(api: Api, database: Database):
    table = await make_table_before(max_sources=1)
    giver = await make_participant(status="applied")
    other = replace(
        table,
        giver=giver,
        offer=await make_offer(giver, quantity=10, status="draft"),
        official=await make_member(giver.id, "editor", "reviewer", "signatory"),
    )
    paths = [(await commit(api, each, 4))[1] for each in (table, other)]
    for each in (table, other):
        await decide(api, each, "verify")
    first, second = [await look(api, table, path) for path in paths]
    assert (first["awaits_verification"], second["status"]) == (False, "lapsed")
    assert "上限 1 个" in second["remark"]
    assert await counters(table.need.id) == ("96", "4", "0", "0")


async def test_whoever_waits_and_holds_nothing_counters_by_the_rules_of_a_newcomer(api: Api):
    table = await make_table_before(12, min_part=5)
    _, path = await commit(api, table, 10)
    taken = await make_offer(quantity=10)
    rival = await api.signed_in(await make_member(taken.participant_id, "editor"))
    terms = {"need_id": str(table.need.id), "offer_id": str(taken.id), "quantity": {"value": "9", "unit": "km"}}
    assert (await rival.post("/proposals", json=terms)).status_code == 201
    county = await api.signed_in(table.clerk)
    countered = await act(county, f"{path}/counter", {"quantity": {"value": "3", "unit": "km"}})
    assert countered.status_code == 200, "3 is all that the need still lacks"


async def test_a_commitment_made_while_its_giver_is_verified_does_not_wait_for_ever(api: Api):
    table = await make_table_before()
    actor, made, verified = await table.actor("giver"), asyncio.Event(), asyncio.Event()

    async def commit_slowly(uow: UnitOfWork) -> Proposal:
        pair = await proposals.pair(uow, table.need.id, table.offer.id)
        proposal = await proposals.propose(uow, actor, pair, quantity=km(10))
        made.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(verified.wait(), 1)
        return proposal

    async def verify_meanwhile() -> None:
        await made.wait()
        await decide(api, table, "verify")
        verified.set()

    proposal, _ = await asyncio.gather(within(commit_slowly, actor), verify_meanwhile())
    now = await look(api, table, f"/proposals/{proposal.id}")
    assert (now["awaits_verification"], await counters(table.need.id)) == (False, ("90", "10", "0", "0"))


async def test_a_pledge_that_waited_is_cancelled_when_its_giver_is_rejected(api: Api, database: Database):
    table = await make_table_before()
    _, path = await commit(api, table)
    county = await api.signed_in(table.clerk)
    await act(county, f"{path}/agree")
    await decide(api, table, "reject")
    assert [row["status"] for row in (await county.get("/pledges")).json()["items"]] == ["cancelled"]
    assert await verify(database.servers.owner_url) == []


async def test_governments_are_verified_first(api: Api):
    table = await make_table_before()
    await within(lambda _: Participant.filter(id=table.giver.id).update(kind="eastern_partner"))
    giver = await api.signed_in(table.official)
    terms = {"need_id": str(table.need.id), "offer_id": str(table.offer.id), "quantity": {"value": "1", "unit": "km"}}
    assert (await giver.post("/proposals", json=terms)).json()["type"] == "/problems/offer-not-open"
