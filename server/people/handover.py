"""Handing over: who goes leaves nothing open behind.

What a person has begun to write, and the roles that nobody else has, go to whoever takes over, in the transaction in
which the person goes. Each domain says what of its own is unfinished, and hands it over with `records`.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model

from server.accounts import service as accounts
from server.kit.errors import Text, invalid_field
from server.kit.transition import change
from server.kit.uow import Audience, Event, Handler, UnitOfWork
from server.participants import service as participants
from server.people.rules import GOING_ROLES, SuccessorNeeded, heir_by_itself, only_held_by
from server.people.schemas import MemberRead

HANDED_OVER = "participant.handed_over"

Happened = Callable[[Any, str, dict[str, Any] | None, dict[str, Any]], Event]


async def hand_over(
    uow: UnitOfWork, participant_id: UUID, held: list[MemberRead], going: UUID, wished: UUID | None, remark: str
) -> UUID | None:
    """Give what a member leaves at a participant to the successor that is wished, else to an administrator.

    Gives who took over; nobody does where nobody is left and nobody has to be. Raises SuccessorNeeded, and Invalid for a
    successor who is no other active member. The caller holds the members.
    """
    active = [one for one in held if one.is_active]
    alone = only_held_by({role: frozenset(m.id for m in active if role in m.roles) for role in GOING_ROLES}, going)
    if wished is None and alone:
        name = await participants.get(uow, participant_id)
        raise SuccessorNeeded(roles=alone, name=Text(name.name_zh, name.name_en or name.name_zh))
    others = {one.id: one for one in active if one.id != going}
    if wished is not None and wished not in others:
        raise invalid_field("successor_id", "unknown", "请选择另一名成员", "choose another member")
    administrators = [one.id for one in others.values() if "administrator" in one.roles]
    heir = wished or heir_by_itself(administrators, uow.actor.id)
    if heir is None:
        return None
    for role in sorted(set(alone) - set(others[heir].roles)):
        await accounts.grant_role(uow, heir, role, participant_id=participant_id)
    before: dict[str, Any] = {"handled_by": str(going)}
    after = {"handled_by": str(heir), "roles": alone, "remark": remark}
    audience = Audience(frozenset({participant_id}))
    uow.record(Event("participant.handed_over", "participant", participant_id, audience, before, after))
    return heir


def records(
    table: str, model: type[Model], sides: tuple[str, ...], statuses: tuple[str, ...], happened: Happened
) -> Handler:
    """A handler of `HANDED_OVER`: who takes over goes on writing what is in `statuses` on one of a participant's `sides`."""

    async def taken_over(uow: UnitOfWork, event: Event) -> None:
        going, heir = _said(event.before), _said(event.after)
        here: list[dict[str, Any]] = [{side: event.subject_id} for side in sides]
        at = Q(*[Q(**one) for one in here], join_type="OR")
        async with accounts.as_system(uow):
            found = model.filter(at, written_by=going, status__in=statuses).order_by("id").select_for_update()
            for record in await found:
                await change(uow, table, record, written_by=heir)  # pyright: ignore[reportArgumentType]  # has a status
                uow.record(happened(record, "take-over", {"written_by": str(going)}, {"written_by": str(heir)}))

    return taken_over


def _said(facts: Mapping[str, Any] | None) -> UUID:
    return UUID((facts or {})["handled_by"])
