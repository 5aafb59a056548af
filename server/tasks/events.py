"""What tasks and conditions record: an event for each verb, for the circle of the pairing alone."""

from datetime import date
from typing import Any

from server.kit.uow import Audience, Event, UnitOfWork
from server.tasks.models import Task, UnitCondition


def facts(task: Task) -> dict[str, Any]:
    """What an event keeps of a task."""
    days: dict[str, date] = {"answer_by": task.answer_by, "due": task.due}
    return {"status": task.status, "percent": task.percent} | {name: day.isoformat() for name, day in days.items()}


def record(uow: UnitOfWork, task: Task, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to a task: both its sides and who oversees the county hear of it."""
    audience = Audience(frozenset({task.county_id, task.giver_id}), frozenset({task.county_code}))
    uow.record(Event(f"task.{event}", "task", task.id, audience, before, facts(task) | said))


def record_condition(uow: UnitOfWork, condition: UnitCondition, event: str, **said: Any) -> None:
    """Record that a condition was recorded or withdrawn: for the unit, and who oversees the pairing's place."""
    audience = Audience(frozenset({condition.giver_id}), frozenset({condition.county_code}))
    after = {"status": condition.status, "head": condition.head} | said
    uow.record(Event(f"condition.{event}", "condition", condition.id, audience, None, after))
