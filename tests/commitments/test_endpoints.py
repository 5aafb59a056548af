"""Two minutes on a phone, over HTTP: look, ask for a code, commit; verified afterwards; a password by the same address."""

import asyncio
import re
from typing import Any

import httpx2
import pytest

from server.accounts.actor import SYSTEM
from server.mail import service as mail
from server.needs.models import Need
from server.participants.models import Participant
from server.participants.rules import CHECKLISTS
from tests.factories.accounts import make_member, make_overseer
from tests.factories.books import counters
from tests.factories.campaigns import make_campaign
from tests.factories.needs import make_need
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY, EAST
from tests.support.database import Database, within
from tests.support.http import Api, act, hand_in
from tests.support.letters import Post
from workers.mail import send_reset

pytestmark = pytest.mark.usefixtures("clean")

EMAIL, PASSWORD = "chen@luyuan.example", "eleven green bicycles"
FIRM: dict[str, Any] = {
    "kind": "enterprise",
    "name": {"zh": "南京绿源农业科技有限公司"},
    "credit_code": "91350100M000100Y43",
    "place_code": EAST,
}


async def deliver(database: Database) -> None:
    for row in await database.fetch("SELECT id FROM letter WHERE outcome IS NULL"):
        await mail.send_one(row["id"], SYSTEM)


async def code_for(client: httpx2.AsyncClient, post: Post, database: Database, purpose: str = "commit") -> str:
    asked = await client.post("/commitments/codes", json={"email": EMAIL, "purpose": purpose})
    assert asked.status_code == 204, asked.text
    await deliver(database)
    return re.findall(r"\d{6}", post.text())[0]


async def host_of(need: Any) -> Any:
    return await within(lambda _: Participant.get(id=need.participant_id))


def form(need: Any, code: str, **given: Any) -> dict[str, Any]:
    return {
        "need_id": str(need.id),
        "quantity": {"value": "3", "unit": "km"},
        "last_day": "2019-09-30",
        "words": "施工队和机械",
        "participant": FIRM,
        "person": {"zh": "陈静"},
        "email": EMAIL,
        "code": code,
        "client_ref": "phone-0001",
    } | given


@pytest.fixture
async def need() -> Any:
    return await make_need(
        quantity=10, households=3, persons=120, villages=["桃坪"], description="村口到小学。联系王芳 13812345678"
    )


async def test_anybody_sees_of_an_open_need_what_is_public_and_nothing_else(api: Api, need: Any):
    shown = (await api.anonymous().get(f"/open-needs/{need.id}")).json()
    assert set(shown) == {
        *("id", "title", "description", "resource_type", "place", "county", "quantity", "open", "min_part", "window"),
        *("households", "persons", "by_mail", "by_phone"),
    }
    assert not shown["by_mail"]  # no mail server is named: the page says so before anything is typed
    assert shown["description"] == "村口到小学。联系王芳 …"
    assert (shown["households"], shown["persons"]) == (None, 120)
    assert shown["open"] == {"value": "10", "unit": "km"}


@pytest.mark.parametrize(
    "columns",
    [{"status": "draft"}, {"status": "suspended"}, {"status": "closed"}, {"resource_type": "designated_grant"}],
    ids=["draft", "suspended", "closed", "for pairs alone"],
)
async def test_what_is_not_open_to_everybody_is_not_there(api: Api, columns: dict[str, Any]):
    hidden = await make_need(**columns)
    assert (await api.anonymous().get(f"/open-needs/{hidden.id}")).status_code == 404


async def test_a_commitment_makes_everything_at_once_and_holds_nothing(
    api: Api, need: Any, post: Post, database: Database
):
    client = api.anonymous()
    code = await code_for(client, post, database)
    made = await client.post("/commitments", json=form(need, code))
    assert made.status_code == 201, made.text
    client.headers["X-CSRF-Token"] = made.json()["session"]["csrf_token"]
    pledge = (await client.get(f"/pledges/{made.json()['pledge_id']}")).json()
    assert (pledge["status"], pledge["quantity"]) == ("awaiting_verification", {"value": "3", "unit": "km"})
    assert await counters(need.id) == ("10", "0", "0", "0")
    own = (await client.get("/me/memberships")).json()
    assert [one["status"] for one in own["items"]] == ["applied"]


async def test_where_the_county_asks_its_line_department_the_pledge_waits_for_that_word_too(
    api: Api, need: Any, post: Post, database: Database
):
    department = await make_participant("line_department", COUNTY)
    await within(lambda _: Need.filter(id=need.id).update(department_id=department.id))
    client = api.anonymous()
    made = (await client.post("/commitments", json=form(need, await code_for(client, post, database)))).json()
    assert made["pledge_id"] is None
    office = await api.signed_in(await make_overseer("coordinator", "320000"))
    ticked = {"checklist": [check.code for check in CHECKLISTS["enterprise"]]}
    client.headers["X-CSRF-Token"] = made["session"]["csrf_token"]
    await hand_in(client, f"/participants/{made['participant_id']}")
    assert (await act(office, f"/participants/{made['participant_id']}/verify", ticked)).status_code == 200
    assert await counters(need.id) == ("7", "3", "0", "0")
    asked = await api.signed_in(await make_member(department.id, "editor"))
    endorsed = await act(asked, f"/proposals/{made['proposal_id']}/endorse")
    assert endorsed.json()["status"] == "pledged", endorsed.text
    pledges = (await client.get("/pledges", params={"proposal_id": made["proposal_id"]})).json()["items"]
    assert [one["status"] for one in pledges] == ["awaiting_signature"]
    assert await counters(need.id) == ("7", "3", "0", "0")


async def test_once_verified_it_holds_and_is_signed_by_both(api: Api, need: Any, post: Post, database: Database):
    client = api.anonymous()
    made = (await client.post("/commitments", json=form(need, await code_for(client, post, database)))).json()
    client.headers["X-CSRF-Token"] = made["session"]["csrf_token"]
    await hand_in(client, f"/participants/{made['participant_id']}")
    office = await api.signed_in(await make_overseer("coordinator", "320000"))
    ticked = {"checklist": [check.code for check in CHECKLISTS["enterprise"]]}
    verified = await act(office, f"/participants/{made['participant_id']}/verify", ticked)
    assert verified.status_code == 200, verified.text
    pledge = (await client.get(f"/pledges/{made['pledge_id']}")).json()
    assert pledge["status"] == "awaiting_signature"
    assert await counters(need.id) == ("7", "3", "0", "0")


async def test_sent_again_and_at_once_it_is_made_once(api: Api, need: Any, post: Post, database: Database):
    body = form(need, await code_for(api.anonymous(), post, database))
    replies = await asyncio.gather(*(api.anonymous().post("/commitments", json=body) for _ in range(4)))
    assert {reply.status_code for reply in replies} <= {201, 429}, [reply.text for reply in replies]
    replies.append(await api.anonymous().post("/commitments", json=body))
    assert len({reply.json()["pledge_id"] for reply in replies if reply.status_code == 201}) == 1
    changed = await api.anonymous().post("/commitments", json=body | {"last_day": "2019-08-01"})
    assert changed.json()["type"] == "/problems/client-ref-reused"
    assert (await database.fetch("SELECT count(*) AS n FROM pledge"))[0]["n"] == 1


async def test_a_code_serves_one_commitment(api: Api, need: Any, post: Post, database: Database):
    client = api.anonymous()
    code = await code_for(client, post, database)
    assert (await client.post("/commitments", json=form(need, code))).status_code == 201
    another = await api.anonymous().post("/commitments", json=form(need, code, client_ref="phone-0002"))
    assert another.json()["type"] == "/problems/wrong-code"


async def test_a_second_commitment_of_the_same_firm_joins_its_participant(
    api: Api, post: Post, need: Any, database: Database
):
    other = await make_need(quantity=5)
    first = await api.anonymous().post("/commitments", json=form(need, await code_for(api.anonymous(), post, database)))
    code = await code_for(api.anonymous(), post, database)
    second = await api.anonymous().post("/commitments", json=form(other, code, client_ref="phone-0002"))
    assert second.status_code == 201, second.text
    assert first.json()["participant_id"] == second.json()["participant_id"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, "wrong-code"),
        ({"last_day": "2020-02-01"}, "invalid"),
        ({"quantity": {"value": "11", "unit": "km"}}, "invalid"),
    ],
    ids=["wrong code", "after the last day", "more than is open"],
)
async def test_what_is_refused_leaves_nothing_behind_and_the_code_still_holds(
    api: Api, need: Any, post: Post, database: Database, given: dict[str, Any], refusal: str
):
    code = await code_for(api.anonymous(), post, database)
    wrong = {"code": f"{(int(code) + 1) % 10**6:06}"} if refusal == "wrong-code" else {}
    refused = await api.anonymous().post("/commitments", json=form(need, code) | given | wrong)
    assert refused.json()["type"] == f"/problems/{refusal}", refused.text
    for table in ("account_user", "offer", "proposal", "pledge"):
        assert (await database.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] == 0, table
    assert (await api.anonymous().post("/commitments", json=form(need, code))).status_code == 201


async def test_a_first_password_comes_by_the_way_of_a_forgotten_one_and_then_one_signs_in(
    api: Api, need: Any, post: Post, database: Database
):
    client = api.anonymous()
    made = (await client.post("/commitments", json=form(need, await code_for(client, post, database)))).json()
    client.headers["X-CSRF-Token"] = made["session"]["csrf_token"]
    await client.post("/password-resets", json={"identifier": EMAIL, "language": "zh-CN"})
    [asked] = await database.fetch("SELECT payload ->> 'request_id' AS id FROM dispatch WHERE job_name = 'send_reset'")
    await send_reset(asked["id"], EMAIL, "zh-CN")
    await deliver(database)
    chosen = {"identifier": EMAIL, "code": re.findall(r"\d{6}", post.text())[0], "password": PASSWORD}
    assert (await client.post("/password-resets/confirm", json=chosen)).status_code == 204
    pledge = f"/pledges/{made['pledge_id']}"
    assert (await client.get(pledge)).status_code == 401, "what the commitment opened has ended"
    entered = await client.post("/session", json={"identifier": EMAIL, "password": PASSWORD})
    assert entered.status_code == 200, entered.text
    assert (await client.get(pledge)).status_code == 200
    code = await code_for(api.anonymous(), post, database)
    taken = await api.anonymous().post("/commitments", json=form(need, code, client_ref="phone-0003"))
    assert taken.json()["type"] == "/problems/account-exists"


async def test_who_tries_very_often_must_wait(api: Api, need: Any):
    answers = [(await api.anonymous().post("/commitments", json=form(need, "000000"))).status_code for _ in range(21)]
    assert answers[:20] == [409] * 20 and answers[20] == 429


async def test_the_link_of_a_campaign_shows_what_is_public_and_needs_of_its_aims_alone(api: Api, need: Any):
    host = await host_of(need)
    await make_need(host, resource_type="computers", quantity=5)
    campaign = await make_campaign(host=host, description="联系 13812345678", aims={"village_road": 20})
    shown = (await api.anonymous().get(f"/open-campaigns/{campaign.id}")).json()
    assert [each["id"] for each in shown["needs"]] == [str(need.id)]
    assert (shown["description"], shown["joined"], shown["days_left"]) == ("联系 …", 0, 151)
    assert "participants" not in shown
    for status in ("draft", "consented", "closed"):
        hidden = await make_campaign(host=host, status=status)
        assert (await api.anonymous().get(f"/open-campaigns/{hidden.id}")).status_code == 404


async def test_what_is_committed_through_a_campaign_counts_for_it_once_it_is_signed(
    api: Api, need: Any, post: Post, database: Database
):
    campaign = await make_campaign(host=await host_of(need))
    client = api.anonymous()
    code = await code_for(client, post, database)
    made = await client.post("/commitments", json=form(need, code, campaign_id=str(campaign.id)))
    assert made.status_code == 201, made.text
    shown = (await api.anonymous().get(f"/open-campaigns/{campaign.id}")).json()
    aim = shown["aims"][0]
    assert (shown["joined"], aim["waiting"], aim["pledged"]["value"]) == (1, 1, "0")


async def test_a_campaign_that_is_over_takes_nothing_and_the_rule_is_named(
    api: Api, need: Any, post: Post, database: Database
):
    campaign = await make_campaign(host=await host_of(need), window_from="2019-05-01", window_to="2019-05-31")
    code = await code_for(api.anonymous(), post, database)
    refused = await api.anonymous().post("/commitments", json=form(need, code, campaign_id=str(campaign.id)))
    assert refused.json()["type"] == "/problems/campaign-not-running", refused.text
    assert (await database.fetch("SELECT count(*) AS n FROM pledge"))[0]["n"] == 0


async def test_a_code_to_the_same_address_shows_what_one_gave_until_there_is_a_password(
    api: Api, need: Any, post: Post, database: Database
):
    await api.anonymous().post("/commitments", json=form(need, await code_for(api.anonymous(), post, database)))
    later = api.anonymous()
    wrong = {"email": "another@luyuan.example", "code": "123456"}
    assert (await later.post("/commitments/session", json=wrong)).json()["type"] == "/problems/wrong-code"
    code = await code_for(later, post, database, "look")
    used = {"email": EMAIL, "code": code}
    assert (await later.post("/commitments", json=form(need, code, client_ref="phone-0002"))).status_code == 409
    assert (await later.post("/commitments/session", json=used)).status_code == 200
    assert len((await later.get("/pledges", params={"side": "giver"})).json()["items"]) == 1
    assert (await api.anonymous().post("/commitments/session", json=used)).json()["type"] == "/problems/wrong-code"
    await database.fetch("UPDATE account_user SET password_hash = 'x' WHERE identifier = $1", EMAIL)
    code = await code_for(api.anonymous(), post, database, "look")
    kept = await api.anonymous().post("/commitments/session", json=used | {"code": code})
    assert kept.json()["type"] == "/problems/account-exists"
