"""Conditions and tasks of armed-forces units over HTTP, for the circle of their pairing alone."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.tasks import service
from server.tasks.models import Task, UnitCondition
from server.tasks.policy import POLICY
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
from server.tasks.service import OfUnit

operations = Operations("tasks", POLICY)


@operations.get("/pairings/{pairing_id:uuid}/conditions", action="list", loads=pairings.load)
async def list_conditions(call: Call, subject: Pairing, query: ConditionQuery) -> Page[ConditionRead]:
    """List what the unit of a pairing has the conditions to undertake; nothing for other kinds of pairing."""
    return await service.conditions(call.uow, call.actor, subject, query)


@operations.create("/pairings/{pairing_id:uuid}/conditions", action="record-condition", loads=service.load_unit)
async def record_condition(call: Call, subject: OfUnit, body: ConditionCreate) -> ConditionRead:
    """Record what the unit has the conditions to undertake: never its name, strength or place."""
    return await service.record_condition_of(call.uow, call.actor, subject, body)


@operations.verb("/conditions/{condition_id:uuid}/withdraw", action="withdraw-condition", loads=service.load_condition)
async def withdraw_condition(call: Call, subject: UnitCondition, body: Reason) -> ConditionRead:
    """Withdraw a condition: no new task rests on it, those that do go on."""
    return await service.withdraw_condition(call.uow, call.actor, subject, body)


@operations.get("/tasks", action="list")
async def list_tasks(call: Call, query: TaskQuery) -> Page[TaskRow]:
    """List the tasks that the caller may see. Sort keys: created_at (default, newest first), due."""
    return await service.page(call.uow, call.actor, query)


@operations.create("/pairings/{pairing_id:uuid}/tasks", action="assign", loads=service.load_sides)
async def assign_task(call: Call, subject: OfUnit, body: TaskCreate) -> TaskRead:
    """Assign a task to the pairing's unit, upon a condition that it has recorded."""
    return await service.assign(call.uow, call.actor, subject, body)


@operations.get("/tasks/{task_id:uuid}", action="read", loads=service.load)
async def read_task(call: Call, subject: Task) -> TaskRead:
    """Read a task, the condition on which it rests, and everything that happened to it."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/tasks/{task_id:uuid}", loads=service.load)
async def change_task(call: Call, subject: Task, body: TaskChange) -> TaskRead:
    """Change a task that the unit has not taken on, or has returned: it is asked anew."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/take-on", action="take-on", loads=service.load)
async def take_task_on(call: Call, subject: Task, body: Remark) -> TaskRead:
    """Take a task on, for the unit."""
    return await service.take_on(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/return", action="return", loads=service.load)
async def return_task(call: Call, subject: Task, body: Reason) -> TaskRead:
    """Return a task with the unit's remarks."""
    return await service.give_back(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/report", action="report", loads=service.load)
async def report_task(call: Call, subject: Task, body: Progress) -> TaskRead:
    """Report how far the work is."""
    return await service.report(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/finish", action="finish", loads=service.load)
async def finish_task(call: Call, subject: Task, body: Finish) -> TaskRead:
    """Say that the work is done; the county decides."""
    return await service.finish(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/send-back", action="send-back", loads=service.load)
async def send_task_back(call: Call, subject: Task, body: Reason) -> TaskRead:
    """Let the unit mend what the county found."""
    return await service.send_back(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/accept", action="accept", loads=service.load)
async def accept_task(call: Call, subject: Task, body: Remark) -> TaskRead:
    """Accept the work, for the county."""
    return await service.accept(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/withdraw", action="withdraw", loads=service.load)
async def withdraw_task(call: Call, subject: Task, body: Reason) -> TaskRead:
    """Withdraw a task that is not finished."""
    return await service.withdraw(call.uow, call.actor, subject, body)


@operations.verb("/tasks/{task_id:uuid}/urge", action="urge", loads=service.load)
async def urge_task(call: Call, subject: Task, body: TaskUrge) -> TaskRead:
    """Remind whose step is next; the reminder is on record."""
    return await service.urge(call.uow, call.actor, subject, body)
