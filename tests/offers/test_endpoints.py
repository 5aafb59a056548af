"""Offers over HTTP: the procedure, who may do what, what is refused, and the list."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import pytest

from server.kit import clock
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EAST, EASTERN_PROVINCE
from tests.support.database import Database
from tests.support.http import Api, act

ROAD: dict[str, Any] = {
    "resource_type": "village_road",
    "title": "承建村组道路",
    "description": "自带设备和人员",
    "quantity": {"value": "20", "unit": "km"},
    "min_lot": {"value": "2", "unit": "li"},
    "max_receivers": 3,
    "window": {"from": "2019-07-01", "to": "2019-12-31"},
    "restriction": {"kind": "places", "places": [COUNTY]},
}
FUNDS: dict[str, Any] = {
    "resource_type": "fiscal_assistance_funds",
    "title": "2019年财政援助资金",
    "quantity": {"amount_fen": 50_000_000_00},
    "window": {"from": "2019-06-01", "to": "2019-12-31"},
    "restriction": {"kind": "paired"},
}


@dataclass
class Giver:
    """An enterprise and its editor."""

    participant: Participant
    editor: httpx2.AsyncClient

    async def published(self, **fields: Any) -> str:
        """The path of a published offer."""
        made = await self.editor.post("/offers", json=ROAD | fields)
        assert made.status_code == 201, made.text
        path = f"/offers/{made.json()['id']}"
        reply = await act(self.editor, f"{path}/publish", {})
        assert reply.status_code == 200, reply.text
        return path


@pytest.fixture
async def giver(api: Api) -> Giver:
    participant = await make_participant()
    return Giver(participant, await api.signed_in(await make_member(participant.id, "editor")))


def fields_of(reply: httpx2.Response) -> list[str]:
    """The fields that a 422 names."""
    assert reply.status_code == 422, reply.text
    return [error["field"] for error in reply.json()["errors"]]


async def test_an_offer_goes_from_draft_to_published(giver: Giver, database: Database) -> None:
    made = await giver.editor.post("/offers", json=ROAD)
    assert made.status_code == 201, made.text
    offer = made.json()
    assert offer["status"] == "draft"
    assert offer["can"] == ["change", "publish", "withdraw"]
    assert offer["min_lot"] == {"value": "1", "unit": "km"}
    assert offer["restriction"]["kind"] == "places"
    assert offer["restriction"]["places"][0]["code"] == COUNTY
    assert offer["restriction"]["places"][0]["province"]["code"] == "610000"
    path = f"/offers/{offer['id']}"
    published = await act(giver.editor, f"{path}/publish", {})
    assert published.json()["status"] == "published"
    assert published.json()["can"] == ["amend", "suspend", "withdraw"]
    assert published.json()["coverage"]["open"] == {"value": "20", "unit": "km"}
    [account] = await database.fetch("SELECT * FROM account WHERE subject_id = $1", UUID(offer["id"]))
    assert (account["quantity"], account["owner_id"]) == (Decimal(20), giver.participant.id)


async def test_fiscal_money_stays_inside_the_pairing(api: Api) -> None:
    east = await make_eastern_partner()
    official = await api.signed_in(await make_member(east.id, "editor"))
    made = await official.post("/offers", json=FUNDS)
    assert made.status_code == 201, made.text
    assert made.json()["quantity"] == {"amount_fen": 5_000_000_000}
    assert made.json()["resource_type"]["bound"] == "floor"
    refused = await official.post("/offers", json=FUNDS | {"restriction": {"kind": "none"}})
    assert fields_of(refused) == ["restriction.kind"]


async def test_only_a_verified_giver_publishes(api: Api) -> None:
    applicant = await make_participant(status="applied")
    editor = await api.signed_in(await make_member(applicant.id, "editor"))
    made = await editor.post("/offers", json=ROAD)
    assert made.status_code == 201
    refused = await act(editor, f"/offers/{made.json()['id']}/publish", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/participant-not-verified")


async def test_an_unfinished_draft_is_kept_but_not_published(giver: Giver) -> None:
    short = {name: ROAD[name] for name in ("resource_type", "title", "window")}
    made = await giver.editor.post("/offers", json=short)
    assert made.status_code == 201, made.text
    assert fields_of(await act(giver.editor, f"/offers/{made.json()['id']}/publish", {})) == ["quantity"]


async def test_a_draft_is_changed_and_what_is_left_out_stays(giver: Giver) -> None:
    made = await giver.editor.post("/offers", json=ROAD)
    path = f"/offers/{made.json()['id']}"
    sent = {"If-Match": made.headers["etag"]}
    change = {"restriction": {"kind": "none"}, "min_lot": None, "max_receivers": None, "title": "修路"}
    changed = await giver.editor.patch(path, json=change, headers=sent)
    assert changed.status_code == 200, changed.text
    assert changed.json()["restriction"] == {"kind": "none", "places": []}
    assert (changed.json()["min_lot"], changed.json()["max_receivers"]) == (None, None)
    assert changed.json()["quantity"] == {"value": "20", "unit": "km"}
    assert (await giver.editor.patch(path, json=change, headers=sent)).status_code == 412
    await act(giver.editor, f"{path}/publish", {})
    late = await giver.editor.patch(path, json=change, headers={"If-Match": "*"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/step-not-allowed")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"resource_type": "nothing"}, ["resource_type"]),
        ({"quantity": {"value": "1", "unit": "mu"}}, ["quantity"]),
        ({"min_lot": {"value": "21", "unit": "km"}}, ["min_lot"]),
        ({"max_receivers": 0}, ["max_receivers"]),
        ({"skills": ["数学"]}, ["skills"]),
        ({"restriction": {"kind": "places", "places": []}}, ["restriction.places"]),
        ({"restriction": {"kind": "places", "places": ["000000"]}}, ["restriction.places"]),
        ({"restriction": {"kind": "paired", "places": [COUNTY]}}, ["restriction.places"]),
        ({"window": {"from": "2019-07-01"}}, ["window.to"]),
    ],
)
async def test_an_error_names_its_field_in_both_languages(
    giver: Giver, change: dict[str, Any], fields: list[str]
) -> None:
    english = await giver.editor.post("/offers", json=ROAD | change)
    chinese = await giver.editor.post("/offers", json=ROAD | change, headers={"Accept-Language": "zh-CN"})
    assert fields_of(english) == fields_of(chinese) == fields
    assert english.json()["errors"][0]["text"] != chinese.json()["errors"][0]["text"]


async def test_a_supervisor_offers_nothing(api: Api) -> None:
    office = await make_participant("supervisor")
    editor = await api.signed_in(await make_member(office.id, "editor"))
    assert fields_of(await editor.post("/offers", json=ROAD)) == ["participant_id"]


async def test_drafts_are_not_found_by_others(api: Api, giver: Giver) -> None:
    path = f"/offers/{(await giver.editor.post('/offers', json=ROAD)).json()['id']}"
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    coordinator = await api.signed_in(await make_overseer("coordinator", EASTERN_PROVINCE))
    for outsider in (stranger, coordinator):
        assert (await outsider.get(path)).status_code == 404
        assert (await act(outsider, f"{path}/publish", {})).status_code == 404
        assert (await outsider.get("/offers")).json()["items"] == []
    viewer = await api.signed_in(await make_member(giver.participant.id, "viewer"))
    assert (await viewer.get(path)).json()["can"] == []
    assert (await act(viewer, f"{path}/publish", {})).status_code == 403


async def test_a_coordinator_over_the_givers_seat_suspends(api: Api, giver: Giver) -> None:
    path = await giver.published()
    elsewhere = await api.signed_in(await make_overseer("coordinator", "330000"))
    over = await api.signed_in(await make_overseer("coordinator", EASTERN_PROVINCE))
    assert (await act(elsewhere, f"{path}/suspend", {"remark": "核查"})).status_code == 403
    assert (await act(over, f"{path}/suspend", {"remark": "核查"})).json()["status"] == "suspended"
    assert (await act(giver.editor, f"{path}/resume", {})).json()["status"] == "published"


async def test_what_is_held_or_pledged_is_not_withdrawn(giver: Giver, database: Database) -> None:
    path = await giver.published()
    offer_id = UUID(path.rsplit("/", 1)[1])
    await database.fetch("UPDATE account SET held = 2 WHERE subject_id = $1", offer_id)
    refused = await act(giver.editor, f"{path}/withdraw", {"remark": "另有安排"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/still-promised")
    assert "2 km" in refused.json()["detail"]
    less = await act(
        giver.editor, f"{path}/amend", {"quantity": {"value": "2", "unit": "km"}, "remark": "只剩已谈妥的"}
    )
    assert less.json()["coverage"]["open"] == {"value": "0", "unit": "km"}
    await database.fetch("UPDATE account SET held = 0 WHERE subject_id = $1", offer_id)
    withdrawn = await act(giver.editor, f"{path}/withdraw", {"remark": "另有安排"})
    assert (withdrawn.json()["status"], withdrawn.json()["close_reason"]) == ("closed", "withdrawn")


async def test_of_many_at_once_one_publishes(giver: Giver, database: Database) -> None:
    made = await giver.editor.post("/offers", json=ROAD)
    path, sent = f"/offers/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    replies = await asyncio.gather(*(giver.editor.post(f"{path}/publish", json={}, headers=sent) for _ in range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] + [412] * 7
    assert len(await database.fetch("SELECT FROM account WHERE subject_id = $1", UUID(made.json()["id"]))) == 1


async def titles(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    """The titles of a list."""
    reply = await client.get("/offers", params=query)
    assert reply.status_code == 200, reply.text
    return [item["title"] for item in reply.json()["items"]]


@pytest.fixture
async def market(api: Api) -> httpx2.AsyncClient:
    """A county's reader before offers of several kinds and givers."""
    east, firm = await make_eastern_partner(), await make_participant(place_code="330100")
    unit = await make_participant("armed_forces_unit", EAST, alias="驻苏某部")
    await make_offer(east, title="财政援助资金", resource_type="fiscal_assistance_funds", quantity=500)
    await make_offer(firm, title="冷链设备捐赠", resource_type="cold_chain_equipment", quantity=8)
    await make_offer(firm, title="只给商南", restriction="places", place_codes=[COUNTY], quantity=9)
    await make_offer(firm, title="草稿", status="draft")
    await make_offer(unit, title="工兵修路")
    return await api.signed_in(await make_member((await make_participant("western_government", COUNTY)).id, "viewer"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "冷链"}, ["冷链设备捐赠"]),
        ({"q": "资金"}, ["财政援助资金"]),
        ({"head": "funds"}, ["财政援助资金"]),
        ({"province": "33", "sort": "open"}, ["冷链设备捐赠", "只给商南"]),
        ({"place": EAST}, ["财政援助资金"]),
        ({"restriction": "places"}, ["只给商南"]),
        ({"resource_type": "village_road", "open_only": "true"}, ["只给商南"]),
        ({"mine": "true"}, []),
        ({"deadline": "2019-12-31", "sort": "-open"}, ["财政援助资金", "只给商南", "冷链设备捐赠"]),
    ],
)
async def test_filters_sorts_and_search(market: httpx2.AsyncClient, query: dict[str, Any], expected: list[str]) -> None:
    assert await titles(market, **query) == expected


async def test_armed_forces_units_stay_out_of_lists_and_under_their_alias(api: Api, market: httpx2.AsyncClient) -> None:
    unit = await make_participant("armed_forces_unit", EAST, name_zh="某集团军某旅", alias="驻苏某部")
    offer = await make_offer(unit, title="工兵架桥")
    assert "工兵架桥" not in await titles(market, q="工兵")
    assert (await market.get(f"/offers/{offer.id}")).status_code == 404
    await make_pairing(COUNTY, giver_id=unit.id, kind="armed_forces")
    seen = await market.get(f"/offers/{offer.id}")
    assert seen.json()["participant"]["name"]["zh"] == "驻苏某部"
    assert "某集团军" not in seen.text
    own = await api.signed_in(await make_member(unit.id, "editor"))
    assert await titles(own, q="架桥") == ["工兵架桥"]
    assert (await own.get(f"/offers/{offer.id}")).json()["participant"]["name"]["zh"] == "某集团军某旅"


@pytest.mark.parametrize("sort", ["published_at", "-published_at", "window_to", "open", "-title"])
async def test_paging_is_stable_where_sort_keys_are_equal(api: Api, sort: str) -> None:
    firm, at = await make_participant(), clock.now()
    made = {str((await make_offer(firm, published_at=at, title="同名")).id) for _ in range(5)}
    reader = await api.signed_in(await make_member(firm.id, "viewer"))
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2, "sort": sort}
    while True:
        page = (await reader.get("/offers", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert (len(seen), set(seen)) == (5, made)
