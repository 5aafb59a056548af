"""The live stream over a real server."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette

from server.accounts.models import Session, User
from server.kit.clock import real_now
from server.notices import hub as hubs
from server.notices import rules, stream
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY, PROVINCE
from tests.notices.listening import Station, on_the_air
from tests.support.database import Database, within
from tests.support.http import Api


@pytest.fixture
async def station(
    application: Starlette, api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Station]:
    monkeypatch.setattr(hubs, "REST", 0.0)  # what was told is read before anybody asks
    # Tests before this one have emptied the table, whose numbers the hub goes on from.
    application.state.hub._seq = 0
    async with on_the_air(application, api, database) as made:
        yield made


async def member() -> tuple[User, list]:
    participant = await make_participant()
    return await make_member(participant.id, "viewer"), [participant.id]


async def until_gone(station: Station) -> None:
    async with asyncio.timeout(5):
        while station.listeners:  # noqa: ASYNC110  # the other side's end is not announced
            await asyncio.sleep(0.02)


async def test_who_is_not_signed_in_hears_nothing(station: Station) -> None:
    with pytest.raises(httpx2.HTTPStatusError, match="401"):
        async with station.listen(None):
            pass


async def test_it_says_hello_and_then_what_concerns_the_reader(station: Station) -> None:
    county = await make_county_government()
    clerk, stranger = await make_member(county.id, "viewer"), await make_user()
    async with station.listen(clerk) as ours, station.listen(stranger) as theirs:
        assert await ours.next() == ("hello", {"seq": 0})
        await theirs.next()
        seq = await station.tell("need.published", participants=[county.id], codes=[COUNTY])
        name, said = await ours.next()
        assert (name, said["seq"], said["kind"], said["record"]) == ("change", seq, "need.published", "thing")
        assert set(said) == {"seq", "kind", "record", "id"}, "what changed is fetched, never sent"
        assert ours.last_id == str(seq)
        assert await theirs.nothing()


async def test_overseers_hear_of_their_places_and_everyone_of_what_is_public(station: Station) -> None:
    provincial, nobody = await make_overseer(place_code=PROVINCE), await make_user()
    async with station.listen(provincial) as over, station.listen(nobody) as any_user:
        await over.next()
        await any_user.next()
        await station.tell("far", codes=[OTHER_COUNTY])
        await station.tell("near", codes=[COUNTY])
        await station.tell("open", public=True)
        assert [(await over.next())[1]["kind"] for _ in range(2)] == ["near", "open"]
        assert (await any_user.next())[1]["kind"] == "open"


async def test_what_was_missed_is_replayed_in_order_before_hello(station: Station) -> None:
    user, ids = await member()
    first = await station.tell("one", participants=ids)
    await station.tell("not ours", codes=[COUNTY])
    await station.tell("two", participants=ids)
    async with station.listen(user) as waiting:
        assert (await waiting.next())[1] == {"seq": 3}  # the hub has read them all
    async with station.listen(user, first) as listener:
        assert (await listener.next())[1]["kind"] == "two"
        assert await listener.next() == ("hello", {"seq": 3})
        assert listener.last_id == "3"
        await station.tell("three", participants=ids)
        assert (await listener.next())[1]["kind"] == "three"


async def test_who_missed_nothing_is_replayed_nothing(station: Station) -> None:
    user, ids = await member()
    await station.tell("one", participants=ids)
    async with station.listen(user) as waiting:
        await waiting.next()
    async with station.listen(user, 1) as listener:
        assert (await listener.next())[0] == "hello"


@pytest.mark.parametrize("case", ["too much", "kept no longer", "not yet given"])
async def test_who_cannot_be_replayed_to_is_told_to_fetch_again(
    station: Station, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "REPLAY_LIMIT", 3)
    user, ids = await member()
    for number in range(5):
        await station.tell(f"number {number}", participants=ids)
    async with station.listen(user) as waiting:
        await waiting.next()
    if case == "kept no longer":
        await station.database.fetch("DELETE FROM stream_entry WHERE seq = 3")
    last = {"too much": 1, "kept no longer": 2, "not yet given": 99}[case]
    async with station.listen(user, last) as listener:
        assert (await listener.next())[0] == "reset"
        assert await listener.next() == ("hello", {"seq": 5})
    assert rules.REPLAY_LIMIT == 500


async def test_nonsense_for_a_number_counts_as_none(station: Station) -> None:
    async with station.listen(await make_user(), "nonsense") as listener:
        assert (await listener.next())[0] == "hello"


async def test_a_reader_that_is_too_slow_is_reset_once(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    user, ids = await member()
    async with station.listen(user) as listener:
        await listener.next()
        (subscriber,) = station.application.state.hub._subscribers
        subscriber.overflowed = True
        await station.tell("lost", participants=ids)
        assert (await listener.next())[0] == "reset"
        await station.tell("next", participants=ids)
        assert (await listener.next())[1]["kind"] == "next"


async def test_it_ends_when_the_session_is_revoked(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.2)
    user, _ = await member()
    async with station.listen(user) as listener:
        await listener.next()
        await within(lambda _: Session.filter(user_id=user.id).update(revoked_at=real_now()))
        with pytest.raises(EOFError):
            await listener.next()
    assert station.listeners == 0


async def test_rights_that_are_lost_are_lost_for_the_stream_too(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.2)
    user, ids = await member()
    async with station.listen(user) as listener:
        await listener.next()
        await station.database.fetch("UPDATE role_grant SET revoked_at = now() WHERE user_id = $1", user.id)
        await asyncio.sleep(0.5)
        await station.tell("no longer ours", participants=ids)
        assert await listener.nothing()


async def test_a_reader_whom_nothing_concerns_keeps_its_place(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.3)
    async with station.listen(await make_user()) as listener:
        await listener.next()
        seq = await station.tell("not ours", codes=[COUNTY])
        assert await listener.nothing(1)
        assert listener.last_id == str(seq)


async def test_nothing_is_left_of_readers_that_go_away(station: Station) -> None:
    user = await make_user()
    for _ in range(3):
        async with station.listen(user) as listener:
            await listener.next()
            assert station.listeners == 1
        await until_gone(station)


async def test_streams_do_not_count_against_the_limit_of_requests(station: Station) -> None:
    user = await make_user()
    limit = station.application.state.settings.concurrency
    async with asyncio.timeout(20):
        streams = [station.listen(user) for _ in range(limit + 4)]
        listeners = [await each.__aenter__() for each in streams]
        await asyncio.gather(*(listener.next(15) for listener in listeners))
        async with httpx2.AsyncClient(base_url=station.url) as client:
            assert (await client.get("/api/v1/health/ready")).status_code == 200
        for each in streams:
            await each.__aexit__(None, None, None)
    await until_gone(station)


async def test_it_goes_on_while_redis_is_away(station: Station, database: Database) -> None:
    user, ids = await member()
    async with station.listen(user) as listener:
        await listener.next()
        database.servers.valkey.stop()
        try:
            await database.fetch(
                "INSERT INTO stream_entry (seq, kind, subject_kind, subject_id, audience_participants)"
                " VALUES (1, 'without redis', 'thing', uuidv7(), $1)",
                ids,
            )
            assert (await listener.next(3 * hubs.LOOK_EVERY))[1]["kind"] == "without redis"
        finally:
            database.servers.valkey.start()
        await asyncio.sleep(hubs.LOOK_EVERY + 0.5)
        await station.tell("with redis", participants=ids)
        assert (await listener.next(1.5))[1]["kind"] == "with redis"


async def test_it_goes_on_after_its_database_connections_were_cut(station: Station, database: Database) -> None:
    user, ids = await member()
    async with station.listen(user) as listener:
        await listener.next()
        await database.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'jiedui-web'"
        )
        await station.tell("afterwards", participants=ids)
        assert (await listener.next(4 * hubs.LOOK_EVERY))[1]["kind"] == "afterwards"
