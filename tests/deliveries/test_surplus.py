"""More came than was declared: a cap's pledge, need and offer are raised in one step with both sides' consent."""

import asyncio
from typing import Any

import httpx2
import pytest

from server.verify import verify
from tests.deliveries.test_kinds import Way, begin, people, ticked
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

SETS = "set"


async def sent(api: Api, promised: int = 10, *, asked: int = 10, declared: int | None = None) -> Way:
    way = await begin(api, "desks", people(promised, SETS), asked=asked)
    await way.send(declared=people(declared or promised, SETS))
    return way


async def ask(client: httpx2.AsyncClient, way: Way, arrived: int, unit: str = SETS) -> httpx2.Response:
    return await act(client, f"{way.delivery}/surplus", {"arrived": people(arrived, unit), "note": "多到"})


async def consent(client: httpx2.AsyncClient, way: Way) -> httpx2.Response:
    surplus = (await way.shown())["surplus"] or {}
    return await act(client, f"{way.delivery}/consent", {"text_hash": surplus.get("text_hash"), "note": "同意接收"})


async def figures(way: Way, kind: str) -> tuple[str, str, str]:
    record = (await way.county.get(f"/{kind}s/{(await way.shown())[f'{kind}_id']}")).json()
    return record["quantity"]["value"], record["coverage"]["pledged"]["value"], record["coverage"]["accepted"]["value"]


async def test_the_county_reports_the_giver_consents_and_all_three_are_raised(api: Api, database: Database):
    way = await sent(api)
    asked = (await ask(way.county, way, 12)).json()
    assert asked["surplus"]["quantity"] == asked["surplus"]["beyond"] == people(2, SETS)
    assert (asked["surplus"]["by"], "accept" in asked["can"], "refuse_surplus" in asked["can"]) == (
        "county",
        False,
        True,
    )
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("10", "10", "0")] * 2, "nothing yet"
    waiting = await act(way.county, f"{way.delivery}/reject", {"reason": "late"})
    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/surplus-pending")
    agreed = (await consent(way.giver, way)).json()
    assert (agreed["declared"], agreed["surplus"]) == (people(12, SETS), None)
    assert [stage["kind"] for stage in agreed["stages"]][-2:] == ["surplus_asked", "surplus_agreed"]
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("12", "12", "0")] * 2
    pledge = (await way.county.get(f"/pledges/{way.pledge}")).json()
    assert (pledge["quantity"], pledge["revision"], len(pledge["signatures"])) == (people(12, SETS), 2, 2)
    assert pledge["instalments"][0]["quantity"] == people(12, SETS)
    assert await verify(database.servers.owner_url) == []
    await way.stage("county", "inspected", checks=ticked(4))
    assert (await way.accept()).json()["status"] == "accepted"
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("12", "0", "12")] * 2
    assert (await way.county.get(f"/pledges/{way.pledge}")).json()["status"] == "fulfilled"
    assert await verify(database.servers.owner_url) == []


async def test_what_the_pledge_and_the_need_still_have_is_used_first(api: Api, database: Database):
    way = await sent(api, 10, asked=100, declared=4)
    asked = (await ask(way.giver, way, 6)).json()
    assert (asked["surplus"]["beyond"], asked["surplus"]["text_hash"]) == (people(0, SETS), None)
    assert (await consent(way.county, way)).json()["declared"] == people(6, SETS)
    assert (await way.county.get(f"/pledges/{way.pledge}")).json()["revision"] == 1
    await ask(way.giver, way, 12)
    assert (await consent(way.county, way)).json()["declared"] == people(12, SETS)
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("100", "12", "0")] * 2, "both had 90 open"
    assert await verify(database.servers.owner_url) == []


async def test_whoever_reports_does_not_consent_and_either_side_refuses(api: Api, database: Database):
    way = await sent(api)
    assert (await ask(way.county, way, 10)).status_code == 422, "no more than was declared"
    nothing = await consent(way.giver, way)
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/no-surplus")
    await ask(way.county, way, 11)
    again = await ask(way.giver, way, 13)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/surplus-pending")
    own = await consent(way.county, way)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/own-surplus")
    wrong = await act(way.giver, f"{way.delivery}/consent", {"text_hash": "0" * 64})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/text-changed")
    refused = (await act(way.giver, f"{way.delivery}/refuse-surplus", {"remark": "运回"})).json()
    assert (refused["declared"], refused["surplus"], "dispute" in refused["can"]) == (people(10, SETS), None, True)
    assert [each["status"] for each in (await way.giver.get(f"/pledges/{way.pledge}")).json()["versions"]] == [
        "declined",
        "standing",
    ]
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("10", "10", "0")] * 2
    assert await verify(database.servers.owner_url) == []


async def test_a_surplus_that_raises_the_pledge_is_decided_on_its_delivery_alone(api: Api):
    way = await sent(api)
    await ask(way.county, way, 11)
    pledge = (await way.giver.get(f"/pledges/{way.pledge}")).json()
    assert not {"sign", "amend", "decline_amendment"} & set(pledge["can"])
    reply = await act(way.giver, f"/pledges/{way.pledge}/sign", {"text_hash": pledge["amendment"]["text_hash"]})
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/decided-on-delivery")


async def test_two_consents_at_once_raise_it_once(api: Api, database: Database):
    way = await sent(api)
    await ask(way.county, way, 13)
    surplus = (await way.shown())["surplus"]
    etag = (await way.giver.get(way.delivery)).headers["etag"]

    async def one() -> int:
        body: dict[str, Any] = {"text_hash": surplus["text_hash"]}
        return (await way.giver.post(f"{way.delivery}/consent", json=body, headers={"If-Match": etag})).status_code

    replies = await asyncio.gather(*(one() for _ in range(6)))
    assert (replies.count(200), set(replies) <= {200, 409, 412}) == (1, True)
    assert [await figures(way, kind) for kind in ("need", "offer")] == [("13", "13", "0")] * 2
    assert await verify(database.servers.owner_url) == []


async def test_a_floor_is_passed_without_being_raised_and_shows_it(api: Api, database: Database):
    way = await begin(api, "goods_purchase", {"amount_fen": 1_000_00}, asked=1_000_00)
    first = await way.giver.post("/deliveries", json={"pledge_id": way.pledge, "declared": {"amount_fen": 600_00}})
    second = await way.giver.post("/deliveries", json={"pledge_id": way.pledge, "declared": {"amount_fen": 900_00}})
    for made in (first, second):
        assert made.status_code == 201, made.text
        way.delivery = f"/deliveries/{made.json()['id']}"
        assert (await way.accept(voucher="发票 1")).json()["status"] == "accepted"
    pledge = (await way.county.get(f"/pledges/{way.pledge}")).json()
    assert (pledge["status"], pledge["quantity"]["amount_fen"]) == ("fulfilled", 1_000_00)
    assert pledge["progress"]["accepted"]["amount_fen"] == 1_500_00
    assert await verify(database.servers.owner_url) == []
    corrected = await act(way.county, f"{way.delivery}/correct", {"note": "发票有误"})
    assert corrected.json()["status"] == "arrived"
    assert await verify(database.servers.owner_url) == []


async def purchases(way: Way, *amounts: int) -> list[str]:
    """Deliveries of so many yuan that are sent on a floor's pledge at once."""
    sent = [{"pledge_id": way.pledge, "declared": {"amount_fen": amount * 100}} for amount in amounts]
    return [f"/deliveries/{(await way.giver.post('/deliveries', json=body)).json()['id']}" for body in sent]


async def test_a_surplus_on_a_floor_is_answered_and_accepted_though_others_have_fulfilled_and_closed_it(
    api: Api, database: Database
):
    way = await begin(api, "goods_purchase", {"amount_fen": 1_000_00}, asked=1_000_00)
    first, *others = await purchases(way, 300, 800, 500)
    asked = await act(way.county, f"{first}/surplus", {"arrived": {"amount_fen": 500_00}, "note": "多到"})
    assert asked.status_code == 200, asked.text
    for way.delivery in others:
        assert (await way.accept(voucher="发票 1")).json()["status"] == "accepted"
    assert (await way.county.get(f"/pledges/{way.pledge}")).json()["status"] == "fulfilled"
    need = await act(way.county, f"/needs/{asked.json()['need_id']}/withdraw", {"remark": "任务完成"})
    assert need.json()["status"] == "closed", need.text
    agreed = await act(way.giver, f"{first}/consent", {"note": "同意"})
    assert (agreed.status_code, agreed.json()["declared"]["amount_fen"]) == (200, 500_00)
    way.delivery = first
    accepted = await way.accept(voucher="发票 2")
    assert accepted.status_code == 200, accepted.text
    coverage = (await way.county.get(f"/needs/{need.json()['id']}")).json()["coverage"]
    assert (coverage["accepted"]["amount_fen"], coverage["pledged"]["amount_fen"]) == (1_800_00, 0)
    assert await verify(database.servers.owner_url) == []


async def test_nothing_more_is_promised_on_a_floor_that_is_closed(api: Api, database: Database):
    way = await begin(api, "goods_purchase", {"amount_fen": 1_000_00}, asked=1_000_00)
    path, body = f"/pledges/{way.pledge}", {"quantity": {"amount_fen": 1_200_00}, "note": "双方商定"}
    text_hash = (await act(way.giver, f"{path}/amend", body)).json()["amendment"]["text_hash"]
    await act(way.giver, f"{path}/sign", {"text_hash": text_hash})
    await database.fetch("UPDATE account SET is_closed = true")
    refused = await act(way.county, f"{path}/sign", {"text_hash": text_hash})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/account-closed")


async def test_once_people_are_split_over_their_places_no_more_have_come(api: Api):
    way = await begin(api, "jobs_near_home", people(10), asked=20)
    await way.send(declared=people(6))
    assert (await way.shown())["can"].count("surplus") == 1
    await ask(way.county, way, 8, "person")
    assert (await way.stage("county", "placed")).status_code == 201
    late = await consent(way.giver, way)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/surplus-too-late")
    shown = (await way.giver.get(way.delivery)).json()
    assert ("consent" in shown["can"], "refuse_surplus" in shown["can"]) == (False, True)
    await act(way.giver, f"{way.delivery}/refuse-surplus", {"remark": "另行登记"})
    again = await ask(way.county, way, 8, "person")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/surplus-too-late")
    assert "surplus" not in (await way.shown())["can"]
