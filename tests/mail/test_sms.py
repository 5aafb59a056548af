"""A short message leaves by the gateway once at most, whatever becomes of workers and of the gateway."""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from server.accounts.actor import SYSTEM
from server.kit.errors import Invalid
from server.kit.uow import UnitOfWork
from server.mail import repository, service, sms, smtp
from server.mail.rules import SmsOff, normal_address
from server.settings import get_settings
from tests.support.database import Database, within
from tests.support.gateway import Gateway, sms_gateway

pytestmark = pytest.mark.usefixtures("clean", "application")

PHONE = "13812345678"


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """A gateway, empty, which the settings name."""
    async with sms_gateway() as found:
        monkeypatch.setattr(get_settings(), "sms_url", found.url)
        yield found


async def written(database: Database, key: str = "a") -> UUID:
    await within(lambda uow: service.send(uow, key, PHONE, "", "认捐已记录"))
    return (await database.fetch("SELECT id FROM letter WHERE key = $1", key))[0]["id"]


async def outcome(database: Database) -> str | None:
    return (await database.fetch("SELECT outcome FROM letter"))[0]["outcome"]


async def test_a_code_comes_to_the_phone_and_proves_it(gateway: Gateway, database: Database):
    await within(lambda uow: service.send_code(uow, PHONE, "commit", "zh-CN"))
    await service.send_one((await database.fetch("SELECT id FROM letter"))[0]["id"], SYSTEM)
    (message,) = gateway.messages
    assert message["to"] == PHONE
    assert gateway.authorised == ["Basic " + b64encode(b"jiedui:a secret").decode()]
    code = re.findall(r"\d{6}", message["text"])[0]
    assert (await within(lambda uow: service.prove(uow, PHONE, "commit", code))).address == PHONE
    assert (await database.fetch("SELECT body FROM letter"))[0]["body"] == ""


async def test_of_many_workers_one_sends(gateway: Gateway, database: Database):
    letter = await written(database)
    await asyncio.gather(*(service.send_one(letter, SYSTEM) for _ in range(6)))
    assert len(gateway.messages) == 1


async def test_control_without_the_claim_each_worker_sends(
    gateway: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)

    async def unguarded(uow: UnitOfWork, letter_id: UUID, now: object) -> smtp.Words:
        return smtp.Words(str(letter_id), PHONE, "", "x")

    monkeypatch.setattr(repository, "begin", unguarded)
    await asyncio.gather(*(service.send_one(letter, SYSTEM) for _ in range(3)))
    assert len(gateway.messages) == 3


async def test_a_message_whose_worker_died_is_not_sent_again(
    gateway: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)

    def dies(*_: object) -> None:
        raise SystemError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(sms, "hand_over", dies)
        with pytest.raises(SystemError):
            await service.send_one(letter, SYSTEM)
    await service.send_one(letter, SYSTEM)
    assert gateway.messages == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_gateway_that_is_busy_is_asked_again(gateway: Gateway, database: Database, status: int):
    letter, gateway.answer = await written(database), status
    with pytest.raises(smtp.NotTaken):
        await service.send_one(letter, SYSTEM)
    gateway.answer = 200
    await service.send_one(letter, SYSTEM)
    assert len(gateway.messages) == 1


async def test_a_gateway_that_is_not_there_is_asked_again(
    gateway: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)
    with monkeypatch.context() as patched:
        patched.setattr(get_settings(), "sms_url", "http://127.0.0.1:9/")
        with pytest.raises(smtp.NotTaken):
            await service.send_one(letter, SYSTEM)
    await service.send_one(letter, SYSTEM)
    assert await outcome(database) == "sent"


async def test_a_number_that_the_gateway_will_not_have_is_not_tried_again(gateway: Gateway, database: Database):
    letter, gateway.answer = await written(database), 400
    await service.send_one(letter, SYSTEM)
    gateway.answer = 200
    await service.send_one(letter, SYSTEM)
    assert (gateway.messages, await outcome(database)) == ([], "refused")


async def test_a_gateway_that_hangs_up_may_have_taken_it_and_is_not_asked_twice(gateway: Gateway, database: Database):
    letter, gateway.hangs_up = await written(database), True
    await service.send_one(letter, SYSTEM)
    await service.send_one(letter, SYSTEM)
    assert (len(gateway.messages), await outcome(database)) == (1, "unknown")


async def test_without_a_gateway_no_code_goes_to_a_phone_and_the_rule_is_named(database: Database):
    with pytest.raises(SmsOff):
        await within(lambda uow: service.send_code(uow, PHONE, "commit", "zh-CN"))
    assert await database.fetch("SELECT FROM letter") == []


@pytest.mark.parametrize("typed", ["138 1234 5678", "+86 138-1234-5678", " 13812345678 "])
def test_a_number_is_kept_in_one_form(typed: str):
    assert normal_address(typed) == PHONE


@pytest.mark.parametrize("typed", ["12345678901", "1381234567", "021-5555666", "+1 650 253 0000"])
def test_what_is_no_mobile_number_is_refused(typed: str):
    with pytest.raises(Invalid):
        normal_address(typed)
