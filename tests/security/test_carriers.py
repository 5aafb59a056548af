"""T8, beyond replies: planted words are in no workbook, printed page, stream, log, error, letter, notice or file for strangers."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from server.accounts.actor import SYSTEM
from server.contacts import service as contacts
from server.exports.lists import LISTS
from server.kit import logs, middleware
from server.notices import hub as hubs
from server.notices import stream
from server.notices.rhythm import TOPICS
from server.settings import Settings, get_settings
from tests.factories.notices import make_setting
from tests.notices.listening import Station, on_the_air
from tests.security.canaries import (
    ACCOUNT,
    CONTACT_NAME,
    CONTACT_PHONE,
    EVERY,
    OF_THE_COUNTY,
    OF_THE_UNIT,
    SEALED,
    UNIT_EN,
    UNIT_PERSON,
    UNIT_ZH,
    text_of,
    told,
)
from tests.security.matrix import Answer
from tests.security.people import COUNTY, Person
from tests.security.subjects import World
from tests.support.database import Database, within
from tests.support.http import Api
from workers.notices import send_notices, write_notices
from workers.relay import NUMBER_STREAM

UNIT = "everything at the unit"
STRANGERS = (
    "editor of the giver",
    "everything at a foreign county",
    "coordinator of a foreign province",
    "signed in, without a role",
)
AT_ONCE = {"email": "at_once", "sms": "at_once"}
FORMS = ("xlsx", "print")
FILTERS: dict[str, dict[str, Any]] = {"ledger": {"place": COUNTY}}


async def _file(person: Person, name: str, form: str) -> str | None:
    """What an exported list says to somebody; None where they may not have it, or it needs a record to be about."""
    body = {"list": name, "format": form, "query": FILTERS.get(name, {})}
    made = await person.client.post("/exports", json=body)
    if made.status_code != 202:
        assert made.status_code in (403, 404, 422), made.text
        return None
    return text_of(await person.client.get(f"/exports/{made.json()['id']}/file"))


async def _files(person: Person) -> dict[tuple[str, str], str]:
    """Every list that somebody may take out, in both forms."""
    found = {(shown, form): await _file(person, shown, form) for shown in LISTS for form in FORMS}
    return {case: text for case, text in found.items() if text is not None}


async def test_no_workbook_and_no_page_to_print_tells_a_stranger(world: World):
    people = [world.people[name] for name in STRANGERS]
    for person, files in zip(people, await asyncio.gather(*map(_files, people)), strict=True):
        assert set(files) >= set(itertools.product(("needs", "offers", "pledges"), FORMS))
        assert all("xl/workbook.xml" in text for (_, form), text in files.items() if form == "xlsx"), "looked inside"
        assert {case: told(person, text) for case, text in files.items() if told(person, text)} == {}, person.name


async def test_control_the_units_own_workbook_would_be_found(world: World):
    files = await _files(world.people[UNIT])
    stranger = world.people[STRANGERS[0]]
    found = {(form, word) for (_, form), text in files.items() for word in told(stranger, text)}
    assert {form for form, word in found if word in OF_THE_UNIT} == set(FORMS)


@pytest.fixture
async def station(
    application: Starlette, world: World, asked: list[Answer], database: Database, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The stream on a real socket, with everything that has happened since the world began."""
    monkeypatch.setattr(hubs, "REST", 0.0)
    monkeypatch.setattr(stream, "REPLAY_LIMIT", 10**6)
    application.state.hub._seq = 0
    await database.fetch("UPDATE dispatch SET next_at = now() WHERE target = 'stream'")
    while await database.fetch("SELECT FROM dispatch WHERE target = 'stream' AND state = 'waiting' LIMIT 1"):
        await within(lambda uow: uow.fetch(NUMBER_STREAM + " RETURNING id", 500), SYSTEM)
    async with on_the_air(application, Api(application), database) as made:
        await application.state.redis.publish(hubs.CHANNEL, "")
        (last,) = await database.fetch("SELECT max(seq) AS seq FROM stream_entry")
        async with asyncio.timeout(20):
            while application.state.hub.seq < last["seq"]:  # noqa: ASYNC110  # the hub says nothing when it has read
                await asyncio.sleep(0.02)
        yield made


async def _heard(station: Station, world: World, name: str) -> tuple[set[str], str]:
    """The ids that somebody hears of when everything is replayed, and the words of it."""
    ids, words = set[str](), ""
    async with station.listen(world.users[name], 0) as listener:
        while True:
            kind, data = await listener.next(20)
            if kind == "hello":
                return ids, words
            assert kind == "change", "nobody is told to fetch anew: everything is replayed"
            ids.add(data["id"])
            words += str(data)


def _of_the_unit(world: World) -> dict[str, str]:
    """The records of the unit, by id."""
    return {
        next(iter(one.ids.values())): name
        for name, one in world.subjects.items()
        if name.endswith("of the unit") and one.ids
    }


async def test_the_stream_tells_nobody_of_the_units_records_but_its_circle(station: Station, world: World):
    units = _of_the_unit(world)
    own, _ = await _heard(station, world, UNIT)
    assert own & set(units), "the unit's own people hear of them"
    for name in STRANGERS:
        ids, words = await _heard(station, world, name)
        assert [units[each] for each in ids & set(units)] == [], name
        assert told(world.people[name], words) == [], name


async def test_control_a_stream_that_asks_nobody_would_be_found(
    station: Station, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "may_learn", lambda *_: True)
    ids, _ = await _heard(station, world, STRANGERS[0])
    assert ids & set(_of_the_unit(world))


async def test_no_error_tells_what_it_was_refused_about(world: World, asked: list[Answer]):
    errors = [answer for answer in asked if answer.reply.status_code >= 400]
    assert {answer.reply.status_code for answer in errors} >= {401, 403, 404, 409, 412, 422}
    # Other people's records in bodies, filters and searches.
    unit, offer = str(world.participants["U"].id), world.id("offer of the unit")
    for name in STRANGERS:
        client = world.people[name].client
        replies = [
            await client.post("/proposals", json={"need_id": world.id("need"), "offer_id": offer}),
            await client.post("/intents", json={"need_id": world.id("need"), "participant_id": unit}),
            await client.post("/offers", json={"participant_id": unit}),
            await client.get("/offers", params={"participant": unit, "sort": "giver"}),
            await client.get("/participants", params={"q": "canary", "kind": "armed_forces_unit"}),
            await client.get(f"/participants/{unit}"),
            await client.get("/pledges", params={"giver": unit}),
        ]
        for reply in replies:
            assert told(world.people[name], reply.text) == [], (name, reply.request.url, reply.text)


async def _breaks(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A contact is being kept, and the database refuses the row: PostgreSQL quotes all of it. Gives the reply's text."""

    async def create(call: Any, circle: Any, body: Any) -> Any:
        words = f"('{CONTACT_NAME}', '{CONTACT_PHONE}')"
        await call.uow.fetch(f"SELECT ({words}::text::int)")

    monkeypatch.setattr(contacts, "create", create)
    body = {"position": "项目办", "name": CONTACT_NAME, "phone": CONTACT_PHONE, "email": "canary@county.example"}
    path = f"/participants/{world.participants['A'].id}/contacts"
    reply = await world.people["editor of the county"].client.post(path, json=body)
    assert reply.status_code == 500, reply.text
    return reply.text


async def test_no_log_line_has_a_planted_word(
    world: World, asked: list[Answer], logged: list[str], monkeypatch: pytest.MonkeyPatch
):
    client = world.people[UNIT].client
    for word in (UNIT_ZH, UNIT_EN, CONTACT_PHONE):
        await client.get("/offers", params={"q": word, word: word})
        await client.post("/needs", json={word: word, "title": word}, headers={"If-Match": '"1"'})
    said = await _breaks(world, monkeypatch)
    lines = "\n".join(logged)
    assert len(logged) > len(asked), "every request has its line"
    assert "request.failed" in lines
    assert [word for word in EVERY if word in lines] == []
    assert [word for word in SEALED if word in said] == []


async def test_control_a_log_that_quotes_errors_would_be_found(
    world: World, logged: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(middleware, "where_it_broke", str)
    before = len(logged)
    await _breaks(world, monkeypatch)
    assert CONTACT_PHONE in "\n".join(logged[before:])
    assert logs.where_it_broke(ValueError(CONTACT_PHONE)).count(CONTACT_PHONE) == 0
    del logged[before:]


async def test_no_notice_letter_or_short_message_tells_a_stranger(
    station: Station, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """All that has happened is put before whom it concerns, and everybody has chosen to be told of it at once, both ways."""
    monkeypatch.setattr(get_settings(), "smtp_url", "smtp://127.0.0.1:9")
    monkeypatch.setattr(get_settings(), "sms_url", "http://127.0.0.1:9")
    await database.fetch("DELETE FROM notice_setting")
    people: dict[str, Person] = {}
    for number, (name, user) in enumerate(world.users.items()):
        email, phone = f"reader{number}@post.example", f"1390000{number:04}"
        await make_setting(user, email=email, sms=phone, choices=dict.fromkeys(TOPICS, AT_ONCE))
        people |= dict.fromkeys((email, phone, str(user.id)), world.people[name])
    await database.fetch("DELETE FROM notice_mark")
    await write_notices()
    await send_notices()
    said = await database.fetch(
        "SELECT 'notice' AS way, user_id::text AS to_whom, title AS words FROM notice"
        " UNION ALL SELECT channel, address, subject || body FROM letter"
    )
    known = [(row["way"], people[row["to_whom"]], row["words"]) for row in said if row["to_whom"] in people]
    assert {way for way, _, _ in known} == {"notice", "email", "sms"}
    assert [(way, person.name, words) for way, person, words in known if told(person, words)] == []


SHORT = 6
"""Bytes: the six digits of a place code come about by chance in a picture."""


def _on_disk(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_no_public_page_and_no_file_on_disk_tells(world: World, asked: list[Answer], settings: Settings):
    public = [answer for answer in asked if not answer.case.person.is_signed_in and answer.reply.status_code == 200]
    names = {answer.case.operation.name for answer in public}
    assert names >= {"read_open_need", "read_open_campaign", "read_certificate"}
    hidden = (UNIT_ZH, UNIT_EN, UNIT_PERSON, *OF_THE_COUNTY, ACCOUNT, *SEALED)
    assert [str(each.case) for each in public if any(word in text_of(each.reply) for word in hidden)] == []
    contents = await asyncio.to_thread(_on_disk, Path(settings.data))
    assert len(contents) > 1000, "pictures lie there"
    told = [word for word in EVERY if len(word.encode()) > SHORT and word.encode() in contents]
    assert told == []
