"""What needs record: one event for each verb, seen by the county's side, and by all once it was published."""

from typing import Any

from server.kit.uow import Audience, Event, Hooks
from server.needs import growing
from server.needs.models import Need
from server.needs.rules import UNFINISHED
from server.people.handover import HANDED_OVER, records

PAST = {
    "create": "created",
    "change": "changed",
    "submit": "submitted",
    "review": "taken_for_review",
    "return": "returned",
    "reject": "rejected",
    "publish": "published",
    "countersign": "countersigned",
    "amend": "amended",
    "suspend": "suspended",
    "resume": "resumed",
    "close": "closed",
    "withdraw": "withdrawn",
    "expire": "expired",
    "reopen": "reopened",
    "take-over": "taken_over",
}
"""The past tense under which a verb stands in the record."""


def happened(need: Need, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    """The event of a verb: `need.published` with what changed before and after."""
    audience = Audience(
        participants=frozenset({need.participant_id}),
        codes=frozenset({need.county_code}) if need.status != "draft" else frozenset(),
        everyone=need.published_at is not None,
    )
    return Event(f"need.{PAST[verb]}", "need", need.id, audience, before, after)


def facts(need: Need) -> dict[str, Any]:
    """What an event keeps of a need's text: enough to see what changed."""
    kept = ("title", "resource_type_id", "county_code", "status", "declared_unit", "priority")
    numbers = {"quantity": str(need.quantity), "declared_value": str(need.declared_value)}
    days = {"window_from": need.window_from.isoformat(), "window_to": need.window_to.isoformat()}
    department = {"department_id": str(need.department_id)} if need.department_id else {}
    return {name: getattr(need, name) for name in kept} | numbers | days | department


def register(hooks: Hooks) -> None:
    """Let needs act on what happens to the project that they were grown from, and to who writes them."""
    growing.register(hooks)
    hooks.on(HANDED_OVER, records("need", Need, ("participant_id",), UNFINISHED, happened))
