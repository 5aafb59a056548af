"""T8: words planted where not everybody may look turn up for nobody else, whoever asks whatever."""

from collections import Counter
from dataclasses import replace

from tests.security.canaries import OF_THE_UNIT, SEALED, UNIT_PERSON, UNIT_ZH, text_of, told
from tests.security.matrix import Answer
from tests.security.subjects import World
from tests.support.database import Database


def leaks(found: list[Answer]) -> Counter[str]:
    """How often each canary stands in a reply to somebody who may not read it, by operation."""
    return Counter(
        f"{canary} to {answer.case}"
        for answer in found
        if answer.case.operation.policy.kind not in ("place", "people")
        for canary in told(answer.case.person, text_of(answer.reply))
        if canary not in SEALED  # one of them is somebody's reveal: looked at below
    )


async def test_no_reply_tells_a_canary_to_whoever_may_not_read_it(asked: list[Answer]):
    found = leaks(asked)
    assert not found, "\n".join(f"{times} × {where}" for where, times in sorted(found.items()))


async def test_a_suggestion_of_the_unit_says_nothing_of_where_it_stands(asked: list[Answer]):
    replies = [answer.reply for answer in asked if answer.case.operation.name == "read_suggestion"]
    codes = {
        reply.json()["giver"]["kind"] == "armed_forces_unit": {each["code"] for each in reply.json()["reasons"]}
        for reply in replies
        if reply.status_code == 200
    }
    assert codes[True]
    assert not codes[True] & {"distance", "home_pair"}
    assert "distance" in codes[False], "the other giver is measured, so the figure would have been there"


async def test_control_a_unit_in_plain_sight_is_found_by_the_same_look(asked: list[Answer], world: World):
    own = [answer for answer in asked if answer.case.person.name == "everything at the unit"]
    stranger = world.people["editor of the giver"]
    told = leaks([replace(answer, case=replace(answer.case, person=stranger)) for answer in own])
    assert {canary for canary in OF_THE_UNIT if any(each.startswith(canary) for each in told)} >= {UNIT_ZH, UNIT_PERSON}


async def test_a_contact_is_told_by_its_reveal_alone(asked: list[Answer], database: Database):
    told = [answer for answer in asked if any(canary in answer.reply.text for canary in SEALED)]
    assert {answer.case.operation.name for answer in told} == {"reveal_contact"}
    people = {answer.case.person.name for answer in told}
    assert "editor of the giver" in people
    assert not people & {"everything at a foreign county", "coordinator of a foreign province", "anonymous"}
    dumped = await database.fetch("SELECT contact::text AS row FROM contact UNION ALL SELECT event::text FROM event")
    assert dumped
    assert not [row for row in dumped if any(canary in row["row"] for canary in SEALED)]


async def test_every_reveal_and_every_refusal_stands_in_the_trail(asked: list[Answer], database: Database):
    replies = [answer.reply.status_code for answer in asked if answer.case.operation.name == "reveal_contact"]
    events = await database.fetch("SELECT kind, after FROM event WHERE kind LIKE 'contact.reveal%'")
    kinds = Counter(event["kind"] for event in events)
    assert kinds == {"contact.revealed": replies.count(200), "contact.reveal_refused": replies.count(403)}
    assert all("purpose" in event["after"] for event in events)
