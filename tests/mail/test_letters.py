"""A letter leaves once at most, whatever becomes of workers and mail servers; a code proves an address for one purpose."""

import asyncio
import re
from uuid import UUID

import pytest

from server.accounts.actor import SYSTEM
from server.kit.errors import Invalid
from server.kit.uow import UnitOfWork
from server.mail import repository, service, smtp
from server.mail.rules import MailOff, TooManyCodes, WrongCode, normal_address
from server.settings import get_settings
from tests.support.database import Database, within
from tests.support.letters import Post

pytestmark = pytest.mark.usefixtures("clean", "application")

WANG = "wang@luyuan.example"


async def written(database: Database, key: str = "a") -> UUID:
    await within(lambda uow: service.send(uow, key, WANG, "认捐已记录", "感谢您。"))
    return (await database.fetch("SELECT id FROM letter WHERE key = $1", key))[0]["id"]


async def outcome(database: Database) -> str | None:
    return (await database.fetch("SELECT outcome FROM letter"))[0]["outcome"]


async def test_a_letter_arrives_with_its_words_and_they_are_dropped(post: Post, database: Database):
    await service.send_one(await written(database), SYSTEM)
    (letter,) = post.letters
    assert (letter["To"], letter["Subject"], post.text().strip()) == (WANG, "认捐已记录", "感谢您。")
    (kept,) = await database.fetch("SELECT outcome, subject, body FROM letter")
    assert tuple(kept) == ("sent", "", "")


async def test_a_letter_with_the_same_key_is_not_written_twice(post: Post, database: Database):
    await written(database)
    assert not await within(lambda uow: service.send(uow, "a", WANG, "again", "again"))
    jobs = await database.fetch("SELECT FROM dispatch WHERE job_name = 'send_letter'")
    assert len(jobs) == 1


async def test_of_many_workers_one_sends(post: Post, database: Database):
    letter = await written(database)
    await asyncio.gather(*(service.send_one(letter, SYSTEM) for _ in range(6)))
    assert len(post.letters) == 1


async def test_control_without_the_claim_each_worker_sends(
    post: Post, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)

    async def unguarded(uow: UnitOfWork, letter_id: UUID, now: object) -> smtp.Words:
        return smtp.Words(str(letter_id), WANG, "x", "x")

    monkeypatch.setattr(repository, "begin", unguarded)
    await asyncio.gather(*(service.send_one(letter, SYSTEM) for _ in range(3)))
    assert len(post.letters) == 3


async def test_a_letter_whose_worker_died_is_not_sent_again(
    post: Post, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)

    def dies(*_: object) -> None:
        raise SystemError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(smtp, "hand_over", dies)
        with pytest.raises(SystemError):
            await service.send_one(letter, SYSTEM)
    await service.send_one(letter, SYSTEM)
    assert post.letters == []


async def test_a_server_that_is_busy_is_asked_again(post: Post, database: Database):
    letter, post.answer = await written(database), "451 later"
    with pytest.raises(smtp.NotTaken):
        await service.send_one(letter, SYSTEM)
    post.answer = "250 taken"
    await service.send_one(letter, SYSTEM)
    assert len(post.letters) == 1


async def test_a_server_that_is_not_there_is_asked_again(
    post: Post, database: Database, monkeypatch: pytest.MonkeyPatch
):
    letter = await written(database)
    with monkeypatch.context() as patched:
        patched.setattr(get_settings(), "smtp_url", "smtp://127.0.0.1:9")
        with pytest.raises(smtp.NotTaken):
            await service.send_one(letter, SYSTEM)
    await service.send_one(letter, SYSTEM)
    assert len(post.letters) == 1


async def test_a_refusal_is_final(post: Post, database: Database):
    letter, post.answer = await written(database), "550 no such box"
    await service.send_one(letter, SYSTEM)
    assert await outcome(database) == "refused"


async def test_where_the_server_hangs_up_with_the_letter_it_is_not_sent_again(post: Post, database: Database):
    letter, post.hangs_up = await written(database), True
    await service.send_one(letter, SYSTEM)
    assert await outcome(database) == "unknown"
    await service.send_one(letter, SYSTEM)
    assert len(post.letters) == 1


async def test_without_a_mail_server_nothing_is_promised():
    with pytest.raises(MailOff):
        await within(lambda uow: service.send(uow, "a", WANG, "x", "x"))


async def code_sent(post: Post, database: Database) -> str:
    await within(lambda uow: service.send_code(uow, WANG, "commit", "en"))
    for row in await database.fetch("SELECT id FROM letter WHERE outcome IS NULL"):
        await service.send_one(row["id"], SYSTEM)
    return re.findall(r"\d{6}", post.text())[0]


async def test_a_code_proves_its_address_once_and_for_its_purpose(post: Post, database: Database):
    code = await code_sent(post, database)
    with pytest.raises(WrongCode):
        await within(lambda uow: service.prove(uow, WANG, "password", code))
    with pytest.raises(WrongCode):
        await within(lambda uow: service.prove(uow, "li@luyuan.example", "commit", code))

    async def used(uow: UnitOfWork) -> None:
        await service.use(uow, await service.prove(uow, WANG, "commit", code))

    await within(used)
    with pytest.raises(WrongCode):
        await within(used)


async def test_a_code_that_was_mistyped_five_times_no_longer_holds(post: Post, database: Database):
    code = await code_sent(post, database)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        with pytest.raises(WrongCode):
            await within(lambda uow: service.prove(uow, WANG, "commit", wrong))
    with pytest.raises(WrongCode):
        await within(lambda uow: service.prove(uow, WANG, "commit", code))


async def test_an_old_code_no_longer_holds(post: Post, database: Database):
    code = await code_sent(post, database)
    await database.fetch("UPDATE address_code SET expires_at = now() - interval '1 second'")
    with pytest.raises(WrongCode):
        await within(lambda uow: service.prove(uow, WANG, "commit", code))


async def test_nobodys_letter_box_is_filled(post: Post):
    for _ in range(5):
        await within(lambda uow: service.send_code(uow, WANG, "commit", "en"))
    with pytest.raises(TooManyCodes):
        await within(lambda uow: service.send_code(uow, WANG, "commit", "en"))


@pytest.mark.parametrize("typed", ["wang", "wang@", "wang@x", "a b@x.cn", "a@x.cn\nBcc: b@x.cn", "王@x.cn", "a@x..cn"])
def test_what_is_no_address_is_refused(typed: str):
    with pytest.raises(Invalid):
        normal_address(typed)


def test_an_address_is_compared_in_small_letters():
    assert normal_address(" Wang@LuYuan.example ") == WANG
