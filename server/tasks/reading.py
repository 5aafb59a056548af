"""Conditions and tasks from rows, and what the actor may do with each."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef
from server.settings import get_settings
from server.tasks import repository
from server.tasks.policy import POLICY
from server.tasks.rules import ALSO, CONDITION, LIFECYCLE
from server.tasks.schemas import ConditionRead, EntryRead, TaskRead, TaskRow


def condition(actor: Actor, found: dict[str, Any]) -> ConditionRead:
    """A condition from its row."""
    same = ("id", "version", "status", "created_at", "pairing_id", "head", "words", "valid_from", "valid_to", "remark")
    verbs = CONDITION.verbs(found["status"])
    return ConditionRead(
        **{name: found[name] for name in same},
        tasks=found["tasks"],
        giver=ParticipantRef.of(found, "giver_"),
        can=POLICY.can(actor, _subject(found | {"county_id": None}), verbs),
    )


async def read_condition(uow: UnitOfWork, actor: Actor, condition_id: UUID) -> ConditionRead:
    """One condition."""
    return condition(actor, await repository.condition_row(uow, condition_id))


def row(actor: Actor, found: dict[str, Any]) -> TaskRow:
    """A task in a list, from its row."""
    return TaskRow(**_shown(actor, found))


async def read(uow: UnitOfWork, actor: Actor, task_id: UUID) -> TaskRead:
    """One task with everything that happened to it."""
    found = await repository.row(uow, task_id)
    same = ("condition_id", "condition", "description", "villages", "finished_on", "decided_on", "remark")
    return TaskRead(
        **_shown(actor, found),
        **{name: found[name] for name in same},
        entries=[_entry(each) for each in await repository.entries(uow, task_id)],
    )


def late_since(found: dict[str, Any]) -> date | None:
    """The last day on which the next step was in time; None where none is waited for."""
    match found["status"]:
        case "assigned":
            return found["answer_by"]
        case "under_way":
            return found["due"]
        case "finished":
            return found["finished_on"] + timedelta(days=get_settings().urge_days)
        case _:
            return None


def _shown(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "version", "status", "created_at", "pairing_id", "title", "head", "answer_by", "due", "percent")
    since = late_since(found)
    verbs = (*LIFECYCLE.verbs(found["status"]), *ALSO.get(found["status"], ()))
    return {name: found[name] for name in same} | {
        "county": ParticipantRef.of(found, "county_"),
        "giver": ParticipantRef.of(found, "giver_"),
        "place": PlaceRef.of(found),
        "late": max((clock.today() - since).days, 0) if since else 0,
        "can": POLICY.can(actor, _subject(found), verbs),
    }


def _subject(found: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{name: found[name] for name in ("county_id", "giver_id", "county_code", "status")})


def _entry(found: dict[str, Any]) -> EntryRead:
    same = ("kind", "at", "words", "percent", "addressee", "deadline")
    person = None if found["person_zh"] is None else Name(zh=found["person_zh"], en=found["person_en"] or "")
    return EntryRead(**{name: found[name] for name in same}, person=person)
