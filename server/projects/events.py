"""What projects record: one event for each verb, seen by the county's side, and by all once it was published."""

from typing import Any

from server.kit.uow import Audience, Event, Hooks
from server.people.handover import HANDED_OVER, records
from server.projects.models import Project
from server.projects.rules import UNFINISHED

PAST = {
    "create": "proposed",
    "change": "changed",
    "agree": "agreed",
    "notice": "noticed",
    "review": "reviewed",
    "return": "returned",
    "reject": "rejected",
    "enter": "entered",
    "fund": "funded",
    "plan": "planned",
    "unplan": "unplanned",
    "start": "started",
    "complete": "completed",
    "hand-over": "handed_over",
    "leave": "left",
    "take-over": "taken_over",
}
"""The past tense under which a verb stands in the record."""


def happened(project: Project, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    """The event of a verb: `project.entered` with what changed before and after."""
    audience = Audience(
        participants=frozenset({project.participant_id, *project.partner_ids}),
        codes=frozenset(project.county_codes),
        everyone=project.notice_from is not None,
    )
    return Event(f"project.{PAST[verb]}", "project", project.id, audience, before, after)


def facts(project: Project) -> dict[str, Any]:
    """What an event keeps of a project: enough to see what changed."""
    kept = ("title", "head", "county_code", "status", "cost_fen", "plan_year", "performance_target")
    days = {"window_from": project.window_from.isoformat(), "window_to": project.window_to.isoformat()}
    return {name: getattr(project, name) for name in kept} | days


def register(hooks: Hooks) -> None:
    """Let projects act on what happens to who writes them."""
    hooks.on(HANDED_OVER, records("project", Project, ("participant_id",), UNFINISHED, happened))
