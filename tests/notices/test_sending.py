"""Notices beside the inbox: as one chose, in one letter with what is due with it, each at most once a channel."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.accounts.actor import SYSTEM
from server.kit import clock
from server.kit import uow as units
from server.kit.schema import new_id
from server.mail import service as mail
from server.notices import sending
from server.notices.rhythm import TOPICS
from server.settings import get_settings
from tests.factories.accounts import make_user
from tests.factories.needs import make_need
from tests.factories.notices import make_setting
from tests.factories.offers import make_offer
from tests.factories.pledges import make_pledge, sign
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import Database
from tests.support.gateway import Gateway, sms_gateway
from tests.support.http import Api
from tests.support.letters import Post, post_office
from workers.mail import send_reset
from workers.notices import send_notices, write_notices
from workers.relay import NUMBER_STREAM
from workers.upkeep import erase_people

WANG, PHONE = "wang@county.example", "13812345678"


@pytest.fixture
async def table(api: Api) -> Table:
    """A need and an offer at one table."""
    return await make_table()


@pytest.fixture
async def post(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    """A mail server that the settings name."""
    async with post_office() as office:
        monkeypatch.setattr(get_settings(), "smtp_url", office.url)
        yield office


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """A gateway for short messages that the settings name."""
    async with sms_gateway() as found:
        monkeypatch.setattr(get_settings(), "sms_url", found.url)
        yield found


async def told(database: Database) -> None:
    """What relay and jobs do: number the stream, write notices, write letters, send them."""
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    await send_notices()
    for row in await database.fetch("SELECT id FROM letter WHERE started_at IS NULL"):
        await mail.send_one(row["id"], SYSTEM)


async def states(database: Database) -> list[str]:
    return [row["state"] for row in await database.fetch("SELECT state FROM notice_sending ORDER BY id")]


async def pass_time(database: Database) -> None:
    """Let the moment come for which notices wait."""
    await database.fetch("UPDATE notice_sending SET after = $1", clock.now() - timedelta(seconds=1))


async def test_what_is_due_comes_in_one_letter_grouped_by_record(table: Table, post: Post, database: Database) -> None:
    await make_setting(table.official, email=WANG)
    pledge = await make_pledge(table, signed=False)
    await sign(table, pledge, "county")
    await told(database)
    [letter] = post.letters
    assert letter["To"] == WANG
    text = post.text().replace("\r\n", "\n")
    assert text.count(f"/pledges/{pledge.id}") == 1
    assert "- 对方已签署认捐协议\n- 认捐协议待签署\n最后期限：" in text
    assert table.need.title in text
    assert "岚皋县" in text
    await told(database)
    assert len(post.letters) == 1


async def test_a_days_letter_waits_for_its_hour_and_holds_everything_since(
    table: Table, post: Post, database: Database
) -> None:
    await make_setting(table.clerk, email=WANG)
    await make_proposal(table, 3)
    await make_proposal(replace(table, need=await make_need(table.county), offer=await make_offer(table.giver)), 3)
    await told(database)
    assert (post.letters, await states(database)) == ([], ["waiting", "waiting"])
    await pass_time(database)
    await told(database)
    assert [letter["Subject"] for letter in post.letters] == ["【结对】2 件事项有新动态"]
    assert await states(database) == ["written", "written"]


async def test_a_short_message_leaves_by_the_gateway_and_only_on_what_was_chosen(
    table: Table, gateway: Gateway, database: Database
) -> None:
    await make_setting(
        table.official, sms=PHONE, choices={"signing": {"sms": "at_once"}, "negotiation": {"sms": "off"}}
    )
    pledge = await make_pledge(table, signed=False)
    await told(database)
    [message] = gateway.messages
    assert message["to"] == PHONE
    assert message["text"].startswith(f"【结对】认捐协议待签署：{table.need.title}")
    assert message["text"].endswith(f"/pledges/{pledge.id}")


async def test_nothing_leaves_in_quiet_hours_and_it_leaves_when_they_are_over(
    table: Table, post: Post, database: Database
) -> None:
    hour = clock.now().astimezone(clock.BEIJING).hour
    await make_setting(table.official, email=WANG, quiet_from=hour, quiet_to=(hour + 2) % 24)
    await make_pledge(table, signed=False)
    await told(database)
    assert post.letters == []
    assert "waiting" in await states(database)
    await pass_time(database)
    await told(database)
    assert len(post.letters) == 1


async def test_control_without_the_quiet_hours_it_leaves_at_once(table: Table, post: Post, database: Database) -> None:
    await make_setting(table.official, email=WANG)
    await make_pledge(table, signed=False)
    await told(database)
    assert len(post.letters) == 1


async def test_what_was_read_before_or_whose_reader_is_gone_needs_no_letter(
    table: Table, post: Post, database: Database
) -> None:
    await make_setting(table.official, email=WANG)
    await make_setting(table.clerk, email="li@county.example")
    await make_pledge(table, signed=False)
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    await database.fetch("UPDATE notice SET read_at = now() WHERE user_id = $1", table.official.id)
    await database.fetch("UPDATE account_user SET is_active = false WHERE id = $1", table.clerk.id)
    await pass_time(database)
    await told(database)
    assert post.letters == []
    assert set(await states(database)) == {"dropped"}


async def test_of_many_workers_one_writes_the_letter(table: Table, post: Post, database: Database) -> None:
    assert await _letters_of_many(table, database) == 1


async def test_control_without_taking_and_key_each_worker_writes_one(
    table: Table, post: Post, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TAKE", sending.TAKE.replace("SET state = 'written'", "SET state = 'waiting'"))
    monkeypatch.setattr(sending, "_key", lambda _: str(new_id()))
    assert await _letters_of_many(table, database, once=True) > 1


async def _letters_of_many(table: Table, database: Database, *, once: bool = False) -> int:
    await make_setting(table.official, email=WANG)
    await make_pledge(table, signed=False)
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    await pass_time(database)
    await asyncio.gather(*(_one_letter() if once else send_notices() for _ in range(5)))
    return len(await database.fetch("SELECT FROM letter"))


async def _one_letter() -> None:
    await units.run(sending.send_next, SYSTEM)


async def test_a_stream_that_is_read_twice_sends_nothing_twice(table: Table, post: Post, database: Database) -> None:
    await make_setting(table.official, email=WANG)
    await make_pledge(table, signed=False)
    await told(database)
    await database.fetch("DELETE FROM notice_mark")
    await told(database)
    assert len(post.letters) == 1


async def proved(api: Api, database: Database, user: Any, post: Post) -> Any:
    client = await api.signed_in(user)
    assert (await client.post("/me/notices/addresses", json={"address": " Wang@County.example "})).status_code == 204
    await told(database)
    code = re.findall(r"\b\d{6}\b", post.text())[0]
    body = {"address": WANG, "code": code}
    reply = await client.post("/me/notices/addresses/confirm", json=body)
    assert reply.status_code == 200, reply.text
    return client


async def test_an_address_counts_once_it_is_proved_and_can_be_taken_away(
    api: Api, table: Table, post: Post, database: Database
) -> None:
    client = await proved(api, database, table.official, post)
    wrong = await client.post("/me/notices/addresses/confirm", json={"address": "x@y.cn", "code": "123456"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/wrong-code")
    email, sms = (await client.get("/me/notices")).json()["channels"]
    assert (email, sms) == (
        {"channel": "email", "address": WANG, "open": True},
        {"channel": "sms", "address": None, "open": False},
    )
    await make_proposal(table)
    await told(database)
    removed = await client.post("/me/notices/addresses/remove", json={"channel": "email"})
    assert removed.json()["channels"][0]["address"] is None
    typed = await client.post("/me/notices/addresses", json={"address": "wang"})
    assert typed.json()["errors"][0]["field"] == "address"


async def test_a_choice_is_kept_and_what_waits_follows_it(
    api: Api, table: Table, post: Post, database: Database
) -> None:
    await make_setting(table.clerk, email=WANG)
    await make_proposal(table)
    await told(database)
    assert await states(database) == ["waiting"]
    client = await api.signed_in(table.clerk)
    before = await client.get("/me/notices")
    topics = [{**topic, "email": "off"} for topic in before.json()["topics"]]
    body = {"topics": topics, "quiet": {"from_hour": 20, "to_hour": 8}, "digest_hour": 9, "digest_weekday": 5}
    chosen = await client.patch("/me/notices", json=body, headers={"If-Match": before.headers["etag"]})
    assert chosen.status_code == 200, chosen.text
    assert (chosen.json()["topics"], chosen.json()["quiet"]) == (topics, body["quiet"])
    assert await states(database) == ["dropped"]
    stale = await client.patch("/me/notices", json={"quiet": None}, headers={"If-Match": before.headers["etag"]})
    assert stale.status_code == 412
    headers = {"If-Match": (await client.get("/me/notices")).headers["etag"]}
    same = await client.patch("/me/notices", json={"quiet": {"from_hour": 7, "to_hour": 7}}, headers=headers)
    assert (same.status_code, same.json()["errors"][0]["field"]) == (422, "quiet.to_hour")
    loud = await client.patch("/me/notices", json={"quiet": None}, headers=headers)
    assert (loud.json()["quiet"], loud.json()["digest_hour"]) == (None, 9)


async def test_a_forgotten_password_is_answered_whatever_was_switched_off(
    api: Api, post: Post, database: Database
) -> None:
    user = await make_user(WANG, password="correct horse battery")
    everything = {topic: {"email": "off", "sms": "off"} for topic in TOPICS}
    hour = clock.now().astimezone(clock.BEIJING).hour
    await make_setting(user, email=WANG, choices=everything, quiet_from=hour, quiet_to=(hour + 3) % 24)
    await api.anonymous().post("/password-resets", json={"identifier": WANG})
    [asked] = await database.fetch("SELECT payload ->> 'request_id' AS id FROM dispatch WHERE job_name = 'send_reset'")
    await _reset(asked["id"])
    await told(database)
    assert [letter["To"] for letter in post.letters] == [WANG]


async def _reset(request: UUID) -> None:
    await send_reset(str(request), WANG, "zh-CN")


async def test_who_is_forgotten_is_told_no_more_and_their_address_goes(
    api: Api, table: Table, post: Post, database: Database
) -> None:
    client = await proved(api, database, table.official, post)
    await make_pledge(table, signed=False)
    await told(database)
    assert (await client.get("/me/notices")).json()["channels"][0]["address"] == WANG
    await database.fetch("UPDATE account_user SET erase_at = now() WHERE id = $1", table.official.id)
    await erase_people()
    for name in ("notice_setting", "notice_sending", "notice"):
        assert await database.fetch(f"SELECT FROM {name} WHERE user_id = $1", table.official.id) == []
    assert await database.fetch("SELECT FROM letter WHERE address = $1", WANG) == []
