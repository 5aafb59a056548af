"""T6: every operation of the running application × every standing × own, foreign and hidden records, over HTTP.

What comes back is held against the declared tables: 404 for what is not visible, 403 for what is not allowed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from server.accounts import repository
from server.accounts.actor import SYSTEM, Actor, Grant
from server.accounts.authentication import find_actor
from server.docking.policy import FITTING
from server.kit import endpoint
from server.kit.endpoint import Call, Operations
from server.kit.policy import SIGNED_IN, Policy, rule
from server.kit.uow import UnitOfWork
from server.needs.policy import POLICY as NEEDS
from server.offers.policy import POLICY as OFFERS
from server.operations import all_operations
from tests.security.matrix import (
    Answer,
    Case,
    NotInTheMatrix,
    answers,
    differences,
    expected,
    granted,
    granting,
    subjects_of,
)
from tests.security.subjects import World

OPERATIONS = all_operations()


async def test_the_application_does_what_its_tables_say(asked: list[Answer]):
    found = differences(asked)
    assert not found, "\n".join(found)


async def test_every_operation_was_asked_by_everybody(asked: list[Answer], world: World):
    assert {answer.case.operation.name for answer in asked} == {operation.name for operation in OPERATIONS}
    assert {answer.case.person.name for answer in asked} == set(world.people)
    assert {expected(answer.case) for answer in asked} == {200, 401, 403, 404}
    assert not [answer for answer in asked if answer.reply.status_code >= 500]


ONE_ACTION = {"people"}
"""Tables in which one action stands for every verb of the record."""


async def test_a_record_offers_nobody_a_verb_that_the_table_refuses(asked: list[Answer]):
    shown = [answer for answer in asked if answer.reply.status_code == 200 and answer.case.operation.loads]
    offered = [
        (answer.case, verb)
        for answer in shown
        if answer.case.operation.policy.kind not in ONE_ACTION
        for verb in _record(answer).get("can", ())
    ]
    assert len(offered) > 100
    assert [f"{case}: {verb}" for case, verb in offered if not granted(_about(case), verb)] == []


async def test_fields_of_a_reply_are_for_those_whom_the_table_names(asked: list[Answer]):
    wrong, told = [], 0
    for answer in asked:
        for field, named in _guarded(answer):
            told += named
            if bool(_record(answer)[field]) != named:
                wrong.append(f"{answer.case}: {field} {'is missing' if named else 'is told'}")
    assert wrong == []
    assert told


def _guarded(answer: Answer) -> Iterator[tuple[str, bool]]:
    """Each field of a reply that is for some alone, and whether this person is among them; of records that have it."""
    case = answer.case
    if answer.reply.status_code != 200 or case.operation.method != "GET" or case.subject.name != "participant A":
        return
    for seeing in (each for each in case.operation.policy.rules if each.actions[0].startswith("see_")):
        for field in seeing.fields or ():
            if field in _record(answer):
                granted_by = (each for each in granting(case, seeing.actions[0]) if field in (each.fields or ()))
                yield field, any(granted_by)


def _record(answer: Answer) -> dict[str, Any]:
    """The record of a reply, or nothing where it is a list or no JSON."""
    if "json" not in answer.reply.headers.get("content-type", ""):
        return {}
    found = answer.reply.json()
    return found if isinstance(found, dict) else {}


def _about(case: Case) -> Case:
    """The same, for the table of verbs that a record itself belongs to."""
    return replace(
        case, operation=replace(case.operation, policy=_MERGED.get(case.operation.policy.kind, case.operation.policy))
    )


def _joined(*policies: Policy) -> Policy:
    relations = {name: each for policy in policies for name, each in policy.relations.items()}
    return Policy(policies[0].kind, tuple(each for policy in policies for each in policy.rules), relations)


_MERGED = {"fitting": _joined(FITTING, NEEDS, OFFERS)}


FEW = ("editor of the county", "everything at a foreign county", "coordinator of a foreign province", "anonymous")
LOOKED_AT = {"pledges", "needs", "participant"}


async def _few(world: World) -> list[str]:
    people = [world.people[name] for name in FEW]
    operations = [each for each in OPERATIONS if each.policy.kind in LOOKED_AT and each.method == "GET"]
    return differences(await answers(world, operations, people))


async def test_control_without_visibility_foreign_records_are_found(world: World, monkeypatch: pytest.MonkeyPatch):
    assert await _few(world) == []

    async def as_the_system(uow: UnitOfWork, request: Any) -> Actor:
        actor = await find_actor(uow, request)
        if actor.is_signed_in:
            await uow.act_as(SYSTEM)
        return replace(actor, grants=(*actor.grants, Grant("auditor"))) if actor.is_signed_in else actor

    _unguard(world, monkeypatch, as_the_system)
    assert any("the table says 404, the application 200" in each for each in await _few(world))


async def test_control_a_platform_administrator_who_reads_the_field_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    administrator = [world.people["platform administrator"]]
    operations = [each for each in OPERATIONS if each.policy.kind in {"needs", "offers"} and each.method == "GET"]
    assert differences(await answers(world, operations, administrator)) == []
    monkeypatch.setattr(Actor, "reads_field", True)
    monkeypatch.setattr(repository, "ROLES", (repository.ROLES[0], ""))  # what the look-up tells the database
    found = differences(await answers(world, operations, administrator))
    assert any("read_need on need: the table says 404, the application 200" in each for each in found)
    assert any("list_offers" in each and "the table says 403, the application 200" in each for each in found)


async def test_control_without_authorisation_everybody_may_do_everything(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(endpoint, "_authorise", lambda *_: None)
    viewer = [world.people["viewer of the county"]]
    operations = [each for each in OPERATIONS if each.policy.kind == "needs" and each.if_match]
    found = differences(await answers(world, operations, viewer))
    assert any("the table says 403, the application 412" in each for each in found)


def _unguard(world: World, monkeypatch: pytest.MonkeyPatch, find: endpoint.FindActor) -> None:
    """Answer as before, but let `find` say who asks."""
    answer = endpoint.answer
    monkeypatch.setattr(endpoint, "answer", lambda operation, request, _: answer(operation, request, find))


def test_an_operation_without_a_rule_stops_the_start():
    operations = Operations("parcels", Policy("parcels", (rule("read", SIGNED_IN),)))
    with pytest.raises(endpoint.OperationWithoutPolicy):
        operations.get("/parcels", action="peek")(_peek)


def test_an_operation_on_an_unknown_kind_of_record_fails_the_matrix(world: World):
    operations = Operations("parcels", Policy("parcels", (rule("read", SIGNED_IN),)))
    operations.get("/parcels/{parcel_id:uuid}", action="read")(_peek)
    with pytest.raises(NotInTheMatrix, match="parcel_id"):
        subjects_of(world, operations.all[0])


async def _peek(call: Call) -> None:
    """Look at a parcel."""
