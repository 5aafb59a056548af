"""What a person takes out of Jiedui, and what is left of them when they are forgotten."""

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from server.accounts.actor import SYSTEM, Grant
from server.certificates import rules
from server.kit import clock
from server.verify import verify
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.deliveries import decide, make_delivery
from tests.factories.offers import make_offer
from tests.factories.participants import make_participant
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.support.database import Database, within
from tests.support.http import Api, act
from workers import upkeep

pytestmark = pytest.mark.usefixtures("clean", "application")

PASSWORD = "eleven green bicycles"
WISH = {"password": PASSWORD}


async def _texts(database: Database) -> str:
    """Everything that stands in any table, as text."""
    tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [await database.fetch(f'SELECT to_jsonb(t)::text AS row FROM "{name}" t') for (name,) in tables]
    return "\n".join(row["row"] for found in rows for row in found)


async def _busy(api: Api) -> tuple[Any, httpx2.AsyncClient]:
    """Somebody who left something everywhere."""
    unit = await make_participant()
    await make_member(unit.id, "administrator")
    user = await make_member(unit.id, "editor", identifier="zhao.min@example.cn", name="赵敏敏")
    client = await api.signed_in(user)
    await client.put("/me/drafts/need.new.1", json={"title": "赵敏敏的草稿", "payload": {"a": 1}, "revision": 0})
    await client.post("/me/api-keys", json={"name": "赵敏敏的机器", "scopes": ["read"], "days": 30})
    await client.post("/exports", json={"list": "needs"})
    return user, client


async def test_a_person_takes_out_what_is_kept_about_them_and_no_secret(api: Api):
    _, client = await _busy(api)
    taken = await client.get("/me/data")
    assert taken.status_code == 200, taken.text
    assert "attachment" in taken.headers["content-disposition"]
    data = taken.json()
    assert data["account"][0]["identifier"] == "zhao.min@example.cn"
    assert data["roles"][0]["role"] == "editor"
    assert data["drafts"][0]["payload"] == {"a": 1}
    assert data["api_keys"][0]["name"] == "赵敏敏的机器"
    assert [one["list_name"] for one in data["exports"]] == ["needs"]
    assert "api_key.created" in {one["kind"] for one in data["trail"]}
    assert "hash" not in taken.text.replace("text_hash", "")
    stranger = await (await api.signed_in(await make_user())).get("/me/data")
    assert "赵敏敏" not in stranger.text


async def test_nothing_of_a_person_is_left_by_which_they_could_be_known(api: Api, database: Database):
    user, client = await _busy(api)
    assert "赵敏敏" in await _texts(database)
    asked = await client.post("/me/erasure", json=WISH)
    assert asked.status_code == 200, asked.text
    assert asked.json()["erase_at"] > clock.real_now().isoformat()[:10]
    await upkeep.erase_people()
    assert (await client.get("/me")).status_code == 200
    await database.fetch("UPDATE account_user SET erase_at = now() - interval '1 minute' WHERE id = $1", user.id)
    await upkeep.erase_people()
    left = await _texts(database)
    assert "赵敏敏" not in left
    assert "zhao.min" not in left
    assert (await client.get("/me")).status_code == 401
    [row] = await database.fetch("SELECT name, is_active, erased_at FROM account_user WHERE id = $1", user.id)
    assert (row["name"], row["is_active"], row["erased_at"] is not None) == ("已注销人员", False, True)


async def test_control_a_person_who_is_deactivated_alone_can_still_be_known(api: Api, database: Database):
    user, _ = await _busy(api)
    administrator = await api.signed_in(await make_overseer("platform_administrator"))
    await act(administrator, f"/users/{user.id}/deactivate", {"remark": "离职"})
    assert "赵敏敏" in await _texts(database)


async def test_books_and_signatures_stand_as_they_were(api: Api, database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 5)
    await decide(table, await make_delivery(table, pledge, 5), "accept")
    await make_member(table.giver.id, "administrator")
    before = await database.fetch("SELECT * FROM ledger_entry ORDER BY id")
    signed = await database.fetch("SELECT * FROM pledge_signature ORDER BY id")
    await database.fetch(
        "UPDATE account_user SET erase_at = now() - interval '1 minute' WHERE id = $1", table.official.id
    )
    await upkeep.erase_people()
    assert await database.fetch("SELECT * FROM ledger_entry ORDER BY id") == before
    assert await database.fetch("SELECT * FROM pledge_signature ORDER BY id") == signed
    assert await verify(database.servers.owner_url) == []
    county = await api.signed_in(table.clerk)
    names = json.dumps((await county.get(f"/pledges/{pledge.id}")).json()["signatures"], ensure_ascii=False)
    assert "已注销人员" in names


async def test_the_wish_is_taken_back(api: Api, database: Database):
    user, client = await _busy(api)
    await client.post("/me/erasure", json=WISH)
    back = await client.post("/me/erasure/take-back")
    assert back.json()["erase_at"] is None
    await upkeep.erase_people()
    assert (await client.get("/me")).json()["id"] == str(user.id)


async def test_a_wrong_password_wishes_nothing(api: Api):
    client = await api.signed_in(await make_user(password=PASSWORD))
    refused = await client.post("/me/erasure", json={"password": "not the password at all"})
    assert refused.status_code == 422
    assert (await client.get("/me")).json()["erase_at"] is None


async def test_the_only_administrator_hands_over_first(api: Api, database: Database):
    unit = await make_participant(name_zh="独管企业")
    user = await make_member(unit.id, "administrator")
    client = await api.signed_in(user)
    refused = await client.post("/me/erasure", json=WISH)
    assert refused.json()["type"] == "/problems/sole-administrator"
    assert "独管企业" in refused.text
    # Wished before, and only then the other administrator left: the job waits.
    await database.fetch("UPDATE account_user SET erase_at = now() - interval '1 day' WHERE id = $1", user.id)
    await upkeep.erase_people()
    assert (await client.get("/me")).status_code == 200
    await make_member(unit.id, "administrator")
    await upkeep.erase_people()
    assert (await client.get("/me")).status_code == 401


async def test_a_citizen_goes_with_their_participant_which_makes_no_new_promise(api: Api, database: Database):
    citizen = await make_participant("citizen", name_zh="钱多多")
    user = await make_member(citizen.id, "administrator", "signatory", name="钱多多")
    client = await api.signed_in(user)
    await client.post("/me/erasure", json=WISH)
    await database.fetch("UPDATE account_user SET erase_at = now() - interval '1 day' WHERE id = $1", user.id)
    await upkeep.erase_people()
    [row] = await database.fetch("SELECT name_zh, status, credit_code FROM participant WHERE id = $1", citizen.id)
    assert tuple(row) == ("已注销人员", "suspended", None)
    assert "钱多多" not in await _texts(database)


async def test_a_citizens_certificates_keep_number_and_hash_and_lose_the_name(api: Api, database: Database):
    citizen = await make_participant("citizen", name_zh="钱多多")
    user = await make_member(citizen.id, "administrator", "editor", "signatory", name="钱多多")
    made_up = await make_table()
    table = replace(made_up, giver=citizen, offer=await make_offer(citizen), official=user)
    delivery = await decide(table, await make_delivery(table, await make_pledge(table, 5), 5), "accept")
    client = await api.signed_in(user)
    made = (await client.post(f"/deliveries/{delivery.id}/certificate", json={})).json()["certificate"]
    assert "钱多多" in made["text"]["zh"]
    await database.fetch("UPDATE account_user SET erase_at = now() - interval '1 day' WHERE id = $1", user.id)
    await upkeep.erase_people()
    shown = (await api.anonymous().get(f"/certificates/{made['number']}")).json()
    assert "钱多多" not in json.dumps(shown, ensure_ascii=False)
    assert {name: shown[name] for name in ("number", "text_hash", "nonce", "quantity", "valid")} == {
        name: made[name] for name in ("number", "text_hash", "nonce", "quantity", "valid")
    }
    assert shown["giver"]["zh"] == "已注销人员"
    paper = rules.digest((made["text"]["zh"], made["text"]["en"], shown["nonce"]))
    assert paper == shown["text_hash"], "who has it on paper still proves it"
    assert await verify(database.servers.owner_url) == []


async def test_the_platform_administrator_forgets_who_asked_and_nobody_else(api: Api, database: Database):
    user, client = await _busy(api)
    administrator = await api.signed_in(await make_overseer("platform_administrator"))
    early = await act(administrator, f"/users/{user.id}/erase", {"remark": "没有申请"})
    assert early.json()["type"] == "/problems/not-wished"
    await client.post("/me/erasure", json=WISH)
    done = await act(administrator, f"/users/{user.id}/erase", {"remark": "本人来函"})
    assert done.status_code == 200, done.text
    assert (done.json()["can"], done.json()["name"]["zh"]) == ([], "已注销人员")
    back = await act(administrator, f"/users/{user.id}/reactivate", {"remark": ""})
    assert back.json()["type"] == "/problems/person-withdrawn"
    granted = await administrator.post(f"/users/{user.id}/grants", json={"role": "auditor"})
    assert granted.json()["type"] == "/problems/person-withdrawn"


async def test_events_of_others_are_never_changed_by_it(database: Database):
    person = await make_user(name="在职人员", grants=[Grant("auditor")])
    with pytest.raises(Exception, match="only of who was erased"):
        await within(lambda uow: uow.fetch("SELECT jiedui_forget_events($1, '', '{}')", person.id), SYSTEM)
