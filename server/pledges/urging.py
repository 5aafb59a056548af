"""Urging (催办): by hand with one click, and by calendar, from the side that is late up to the leading group's office.

What is late: a part that was due, a signature that is missing, a delivery that the county has not decided, a surplus
that waits for the other side's consent (where it raises the pledge, that is a signature). Each step of each of them is
taken once; the table's unique key sees to it, however often the job runs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.lifecycle import StepNotAllowed
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.sides import sides_of
from server.pledges import calendar, figures, recording, repository, rules
from server.pledges.models import Pledge, PledgeUrge
from server.pledges.schemas import Urge
from server.settings import get_settings


async def by_hand(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Urge) -> None:
    """Remind whoever is late with a deadline; the reminder is on record."""
    if "urge" not in rules.ALSO.get(pledge.status, ()):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="urge")
    deadline = body.deadline or clock.today() + timedelta(days=get_settings().urge_days)
    addressee = await _whose(uow, actor, pledge)
    kept = PledgeUrge(
        id=new_id(),
        pledge_id=pledge.id,
        about="hand",
        key=str(new_id()),
        step=0,
        addressee=addressee,
        deadline=deadline,
        at=clock.now(),
        user_id=actor.id,
        remark=body.remark,
    )
    await repository.insert_urge(uow, kept)
    said = {"addressee": addressee, "remark": body.remark}
    recording.record(uow, pledge, "urged", None, deadline=deadline.isoformat(), **said)


async def _whose(uow: UnitOfWork, actor: Actor, pledge: Pledge) -> str:
    if sides_of(actor, pledge.county_id, pledge.giver_id) == ["county"]:
        return "giver"  # the other side; nobody urges their own
    rows = await figures.late_of(uow, _calendar(clock.today()), pledge.id)
    return rules.urged_side([(row["side"], row["days"]) for row in rows])


async def late(uow: UnitOfWork, today: date) -> Sequence[UUID]:
    """The pledges of which something is so late that a step of some calendar is due and not taken; their own decides."""
    steps = rules.urge_steps(await calendar.earliest(uow))
    return await figures.step_due(uow, _calendar(today), [days for days, _ in steps])


async def by_calendar(uow: UnitOfWork, pledge_id: UUID, today: date) -> bool:
    """Take the steps that are due for one pledge; says whether there was one."""
    pledge = await repository.find(uow, uow.actor, pledge_id)
    if pledge is None:
        return False
    taken, steps = False, rules.urge_steps((await calendar.of(uow, pledge.calendar_version)).days)
    for row in await figures.late_of(uow, _calendar(today), pledge_id):
        for number, (days, addressee) in enumerate(steps, 1):
            if row["days"] >= days:
                taken |= await _step(uow, pledge, row, number, addressee or row["side"], today)
    return taken


def _calendar(today: date) -> figures.Calendar:
    return figures.Calendar(today, get_settings().urge_days, get_settings().sign_days)


async def _step(uow: UnitOfWork, pledge: Pledge, row: dict[str, str], number: int, addressee: str, today: date) -> bool:
    deadline = today + timedelta(days=get_settings().urge_days)
    kept = PledgeUrge(
        id=new_id(),
        pledge_id=pledge.id,
        about=row["about"],
        key=row["key"],
        step=number,
        addressee=addressee,
        deadline=deadline,
        at=clock.now(),
    )
    if not await repository.insert_urge(uow, kept):
        return False
    said = {"about": row["about"], "key": row["key"], "step": number, "addressee": addressee}
    recording.record(uow, pledge, "urged", None, deadline=deadline.isoformat(), **said)
    return True
