"""Urging of tasks by calendar (催办): whose step is late, then the coordinator, then the leading group's office.

Late are the unit's answer, its work, and the county's decision. Each step of each is taken once: the table's unique key
sees to it, however often the job runs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.pledges.rules import urge_steps
from server.settings import get_settings
from server.tasks import repository
from server.tasks.events import record
from server.tasks.models import Task, TaskEntry

ABOUT = {"assigned": "answer", "under_way": "work", "finished": "acceptance"}
"""What is late in which status."""


async def due(uow: UnitOfWork, today: date) -> Sequence[UUID]:
    """The tasks of which a step of the calendar may be due."""
    first = urge_steps(get_settings())[0][0]
    return [row["id"] for row in await repository.late(uow, today, get_settings().urge_days) if row["days"] >= first]


async def by_calendar(uow: UnitOfWork, task_id: UUID, today: date) -> bool:
    """Take the steps that are due for one task; says whether there was one."""
    task = await repository.find(uow, uow.actor, task_id)
    rows = await repository.late(uow, today, get_settings().urge_days, task_id)
    if task is None or not rows:
        return False
    key = _day(task).isoformat()
    side = "county" if task.status == "finished" else "giver"
    taken = False
    for number, (late, addressee) in enumerate(urge_steps(get_settings()), 1):
        if rows[0]["days"] >= late:
            taken |= await _step(uow, task, key, number, addressee or side, today)
    return taken


def _day(task: Task) -> date:
    if task.status == "finished" and task.finished_on:
        return task.finished_on
    return task.due if task.status == "under_way" else task.answer_by


async def _step(uow: UnitOfWork, task: Task, key: str, number: int, addressee: str, today: date) -> bool:
    deadline = today + timedelta(days=get_settings().urge_days)
    entry = TaskEntry(
        id=new_id(),
        task_id=task.id,
        kind="urged",
        at=clock.now(),
        about=ABOUT[task.status],
        key=key,
        step=number,
        addressee=addressee,
        deadline=deadline,
    )
    if not await repository.add_entry(uow, entry):
        return False
    said = {"about": ABOUT[task.status], "key": key, "step": number, "addressee": addressee}
    record(uow, task, "urged", None, deadline=deadline.isoformat(), **said)
    return True
