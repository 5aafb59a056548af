"""The verbs of units' tasks: record a condition, assign, take on or return, report, finish, accept.

A county or its coordinator assigns, upon a condition that the unit has recorded; the unit takes it on or returns it with
its remarks, reports, and says that it is done; the county alone accepts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field, require
from server.kit.lifecycle import StepNotAllowed
from server.kit.paging import Page, Where
from server.kit.schema import CODE_LENGTH, new_id
from server.kit.shapes import Reason, Remark
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.participants import service as participants
from server.settings import get_settings
from server.tasks import reading, repository, rules
from server.tasks.events import facts, record, record_condition
from server.tasks.models import Task, TaskEntry, UnitCondition
from server.tasks.rules import CONDITION, LIFECYCLE, EntryKind
from server.tasks.schemas import (
    ConditionCreate,
    ConditionQuery,
    ConditionRead,
    Finish,
    Progress,
    TaskChange,
    TaskCreate,
    TaskQuery,
    TaskRead,
    TaskRow,
    TaskUrge,
)


@dataclass(frozen=True)
class OfUnit:
    """A unit's pairing, and its sides: what the policy asks the roles of."""

    pairing: Pairing
    giver_id: UUID | None
    county_code: str
    county_id: UUID | None = None


async def load(call: Call) -> Task:
    """Loader: the task in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("task_id"))
    if found is None:
        raise NotFound
    return found


async def load_condition(call: Call) -> UnitCondition:
    """Loader: the condition in the path, or NotFound when its pairing is not the caller's to see."""
    found = await repository.find_condition(call.uow, call.param("condition_id"))
    if found is None:
        raise NotFound
    return found


async def load_unit(call: Call) -> OfUnit:
    """Loader: the pairing in the path, with its unit if it has one."""
    pairing = await pairings.load(call)
    return OfUnit(pairing, pairing.giver_id, pairing.place.code[:CODE_LENGTH])


async def load_sides(call: Call) -> OfUnit:
    """Loader: the pairing in the path, its unit, and the government in the body. Raises NotAUnits, Invalid."""
    body: TaskCreate = call.body
    pairing = await pairings.load(call)
    unit = _unit(pairing)
    code = await pairings.check_sides(call.uow, pairing, county_id=body.county_id, giver_id=unit)
    return OfUnit(pairing, unit, code, body.county_id)


def _unit(pairing: Pairing) -> UUID:
    if pairing.kind != "armed_forces" or pairing.giver_id is None:
        raise rules.NotAUnits
    return pairing.giver_id


async def conditions(uow: UnitOfWork, actor: Actor, pairing: Pairing, query: ConditionQuery) -> Page[ConditionRead]:
    """One page of what the unit of a pairing has the conditions to undertake; none of another kind of pairing."""
    where = Where().add("c.pairing_id = {}", pairing.id).among("c.status", query.status)
    found = await repository.CONDITIONS.page(uow, query, where)
    rows = [reading.condition(actor, each) for each in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def record_condition_of(uow: UnitOfWork, actor: Actor, unit: OfUnit, body: ConditionCreate) -> ConditionRead:
    """Record what the unit has the conditions to undertake. Raises NotAUnits, PairingNotInForce, NotVerified, Invalid."""
    giver_id = _unit(unit.pairing)
    pairings.require_in_force(unit.pairing)
    await participants.require_standing(uow, giver_id)
    if body.valid_from and body.valid_to and body.valid_to < body.valid_from:
        raise invalid_field("valid_to", "order", "结束日期不能早于开始日期", "the last day cannot be before the first")
    made = await UnitCondition.create(
        id=new_id(),
        pairing_id=unit.pairing.id,
        giver_id=giver_id,
        county_code=unit.county_code,
        **body.model_dump(),
        status=CONDITION.initial,
        written_by=actor.id,
    )
    record_condition(uow, made, "recorded")
    return await reading.read_condition(uow, actor, made.id)


async def withdraw_condition(uow: UnitOfWork, actor: Actor, condition: UnitCondition, body: Reason) -> ConditionRead:
    """Let a condition stand no longer; tasks that rest on it go on."""
    await step(uow, "unit_condition", condition, "withdraw-condition", CONDITION, remark=body.remark)
    record_condition(uow, condition, "withdrawn", remark=body.remark)
    return await reading.read_condition(uow, actor, condition.id)


async def page(uow: UnitOfWork, actor: Actor, query: TaskQuery) -> Page[TaskRow]:
    """One page of the tasks that the actor may see."""
    where = repository.matching(actor, query, clock.today(), get_settings().urge_days)
    found = await repository.TASKS.page(uow, query, where)
    return Page(items=[reading.row(actor, each) for each in found.items], next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, task: Task) -> TaskRead:
    """One task with everything that happened to it."""
    return await reading.read(uow, actor, task.id)


async def assign(uow: UnitOfWork, actor: Actor, sides: OfUnit, body: TaskCreate) -> TaskRead:
    """Assign a task to the unit. Raises WithoutCondition, PairingNotInForce, NotVerified, Invalid."""
    giver_id = _unit(sides.pairing)
    pairings.require_in_force(sides.pairing)
    await participants.require_standing(uow, body.county_id, giver_id)
    require(rules.check_days(body.due, body.answer_by, clock.today()))
    condition = await repository.find_condition(uow, body.condition_id)
    if condition is None or condition.pairing_id != sides.pairing.id:
        raise invalid_field("condition_id", "unknown", "没有这项条件", "there is no such condition")
    rules.check_condition(condition.status, condition.valid_from, condition.valid_to, body.due)
    task = await Task.create(
        id=new_id(),
        pairing_id=sides.pairing.id,
        giver_id=giver_id,
        county_code=sides.county_code,
        **body.model_dump(),
        status=LIFECYCLE.initial,
        written_by=actor.id,
    )
    await _note(uow, actor, task, "assigned")
    record(uow, task, "assigned", None)
    return await read(uow, actor, task)


async def change(uow: UnitOfWork, actor: Actor, task: Task, body: TaskChange) -> TaskRead:
    """Change what the unit has not taken on, and ask it anew. Raises WithoutCondition, Invalid, Stale."""
    LIFECYCLE.after(task.status, "change")
    given = {name: value for name in body.model_fields_set if (value := getattr(body, name)) is not None}
    due, answer_by = given.get("due", task.due), given.get("answer_by", task.answer_by)
    require(rules.check_days(due, answer_by, clock.today()))
    condition = await repository.find_condition(uow, task.condition_id)
    if condition is not None:
        rules.check_condition(condition.status, condition.valid_from, condition.valid_to, due)
    return await _step(uow, actor, task, "change", "changed", **given, remark="")


async def take_on(uow: UnitOfWork, actor: Actor, task: Task, body: Remark) -> TaskRead:
    """Take a task on, for the unit."""
    return await _step(uow, actor, task, "take-on", "taken_on", body.remark, remark=body.remark)


async def give_back(uow: UnitOfWork, actor: Actor, task: Task, body: Reason) -> TaskRead:
    """Return a task with the unit's remarks: it may be changed and asked anew, or withdrawn."""
    return await _step(uow, actor, task, "return", "returned", body.remark, remark=body.remark)


async def report(uow: UnitOfWork, actor: Actor, task: Task, body: Progress) -> TaskRead:
    """Report how far the work is. Raises PercentGoesBack."""
    LIFECYCLE.after(task.status, "report")
    rules.check_percent(task.percent, body.percent)
    return await _step(uow, actor, task, "report", "reported", body.words, percent=body.percent)


async def finish(uow: UnitOfWork, actor: Actor, task: Task, body: Finish) -> TaskRead:
    """Say that the work is done: the county looks at it and decides."""
    return await _step(uow, actor, task, "finish", "finished", body.words, percent=100, finished_on=clock.today())


async def send_back(uow: UnitOfWork, actor: Actor, task: Task, body: Reason) -> TaskRead:
    """Let the unit mend what the county found, with the reason."""
    return await _step(uow, actor, task, "send-back", "sent_back", body.remark, remark=body.remark, finished_on=None)


async def accept(uow: UnitOfWork, actor: Actor, task: Task, body: Remark) -> TaskRead:
    """Accept the work, for the county."""
    return await _step(
        uow, actor, task, "accept", "accepted", body.remark, remark=body.remark, decided_on=clock.today()
    )


async def withdraw(uow: UnitOfWork, actor: Actor, task: Task, body: Reason) -> TaskRead:
    """Withdraw a task that is not finished, with the reason."""
    return await _step(uow, actor, task, "withdraw", "withdrawn", body.remark, remark=body.remark)


async def urge(uow: UnitOfWork, actor: Actor, task: Task, body: TaskUrge) -> TaskRead:
    """Remind whose step is next, with a deadline; the reminder is on record."""
    if "urge" not in rules.ALSO.get(task.status, ()):
        raise StepNotAllowed(record="task", status=task.status, verb="urge")
    deadline = body.deadline or clock.today() + timedelta(days=get_settings().urge_days)
    addressee = "county" if task.status == "finished" else "giver"
    asked = {"about": "hand", "key": str(new_id()), "step": 0, "addressee": addressee, "deadline": deadline}
    await _note(uow, actor, task, "urged", body.remark, **asked)
    record(uow, task, "urged", None, addressee=addressee, deadline=deadline.isoformat(), remark=body.remark)
    return await read(uow, actor, task)


async def _step(
    uow: UnitOfWork, actor: Actor, task: Task, verb: str, event: EntryKind, words: str = "", **columns: Any
) -> TaskRead:
    before = facts(task)
    await step(uow, "task", task, verb, LIFECYCLE, **columns)
    await _note(uow, actor, task, event, words, percent=task.percent if verb in ("report", "finish") else None)
    record(uow, task, event, before, remark=words)
    return await read(uow, actor, task)


async def _note(uow: UnitOfWork, actor: Actor, task: Task, kind: EntryKind, words: str = "", **columns: Any) -> None:
    entry = TaskEntry(id=new_id(), task_id=task.id, kind=kind, at=clock.now(), user_id=actor.id, words=words, **columns)
    await repository.add_entry(uow, entry)
