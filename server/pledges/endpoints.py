"""Pledges over HTTP. A pledge is made by an agreed proposal, so nothing here creates one."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Listed, ListQuery, Page
from server.kit.shapes import Reason, Remark
from server.pledges import calendar, service
from server.pledges.calendar import Chosen
from server.pledges.calendar_schemas import CalendarRead, CalendarSet, CalendarVersion
from server.pledges.models import Pledge
from server.pledges.policy import CALENDAR, POLICY
from server.pledges.schemas import (
    Amend,
    Explain,
    InstalmentsWrite,
    PartOf,
    PledgeQuery,
    PledgeRead,
    PledgeRow,
    PledgeSum,
    Sign,
    Sources,
    SumQuery,
    Urge,
    ValueWrite,
)

operations = Operations("pledges", POLICY)
calendar_operations = Operations("pledges", CALENDAR, into=operations)

PLEDGE = "/pledges/{pledge_id:uuid}"


@operations.get("/pledges", action="list")
async def list_pledges(call: Call, query: PledgeQuery) -> Listed[PledgeRow]:
    """The pledges that the caller may see: of the own sides, and of the places overseen."""
    return await service.page(call.uow, call.actor, query)


@operations.get("/pledges/sums", action="list")
async def sum_pledges(call: Call, query: SumQuery) -> list[PledgeSum]:
    """The pledges that the caller may see, added up by who gives, receives, pays or brought in; each counted once."""
    return await service.sum_up(call.uow, call.actor, query)


@operations.get(PLEDGE, action="read", loads=service.load)
async def read_pledge(call: Call, subject: Pledge) -> PledgeRead:
    """One pledge with its text, signatures and instalments."""
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/sign", action="sign", loads=service.load)
async def sign_pledge(call: Call, subject: Pledge, body: Sign) -> PledgeRead:
    """Sign the very text whose hash is sent: that of the pledge, or of the amendment that waits.

    The last signature makes the pledge effective, or the amendment the text that holds.
    """
    await service.sign(call.uow, call.actor, subject, body.text_hash)
    return await service.read(call.uow, call.actor, subject.id)


@operations.change(f"{PLEDGE}/instalments", action="instalments", loads=service.load)
async def change_instalments(call: Call, subject: Pledge, body: InstalmentsWrite) -> PledgeRead:
    """Set the parts and their dates before it is signed; the text changes with them, so signatures are given anew."""
    await service.set_instalments(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/amend", action="amend", loads=service.load)
async def amend_pledge(call: Call, subject: Pledge, body: Amend) -> PledgeRead:
    """Put other terms before both sides: a new version of the text, which holds once both have signed it."""
    await service.amend(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/decline-amendment", action="decline_amendment", loads=service.load)
async def decline_amendment(call: Call, subject: Pledge, body: Remark) -> PledgeRead:
    """Drop the amendment that waits, as either side: the text stays as it is."""
    await service.decline_amendment(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/part-of", action="part_of", loads=service.load)
async def put_pledge_into(call: Call, subject: Pledge, body: PartOf) -> PledgeRead:
    """Count a pledge with a larger one of the same county and type, or by itself again; nothing may be accepted yet."""
    await service.put_into(call.uow, call.actor, subject, body.pledge_id)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/sources", action="sources", loads=service.load)
async def name_sources(call: Call, subject: Pledge, body: Sources) -> PledgeRead:
    """Say who bears the cost, and who brought it in."""
    await service.name_sources(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/value", action="value", loads=service.load)
async def declare_value(call: Call, subject: Pledge, body: ValueWrite) -> PledgeRead:
    """Declare what goods or services are worth in money, how that was found and from what; the county confirms it."""
    await service.declare_value(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/confirm-value", action="confirm_value", loads=service.load)
async def confirm_value(call: Call, subject: Pledge) -> PledgeRead:
    """Confirm the declared value for the county."""
    await service.confirm_value(call.uow, call.actor, subject)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/urge", action="urge", loads=service.load)
async def urge_pledge(call: Call, subject: Pledge, body: Urge) -> PledgeRead:
    """Remind whoever is late (催办), with a deadline; the reminder itself is on record."""
    await service.urge(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/explain", action="explain", loads=service.load)
async def explain_pledge(call: Call, subject: Pledge, body: Explain) -> PledgeRead:
    """Say why the county accepted less than the giver declared, and which side has to settle it."""
    await service.explain(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/cancel", action="cancel", loads=service.load)
async def cancel_pledge(call: Call, subject: Pledge, body: Reason) -> PledgeRead:
    """Cancel a pledge of which nothing is accepted or under way: all of it is open again."""
    await service.cancel(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/suspend", action="suspend", loads=service.load)
async def suspend_pledge(call: Call, subject: Pledge, body: Reason) -> PledgeRead:
    """Suspend an effective pledge: nothing is delivered on it until it is resumed."""
    await service.suspend(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/resume", action="resume", loads=service.load)
async def resume_pledge(call: Call, subject: Pledge, body: Remark) -> PledgeRead:
    """Resume a suspended pledge."""
    await service.resume(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/terminate", action="terminate", loads=service.load)
async def terminate_pledge(call: Call, subject: Pledge, body: Reason) -> PledgeRead:
    """End a pledge before it is fulfilled: what was not accepted goes back to the need's gap and to the offer."""
    await service.terminate(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/write-off", action="write_off", loads=service.load)
async def write_off_pledge(call: Call, subject: Pledge, body: Reason) -> PledgeRead:
    """Write off what will not come: it goes back to the need's gap and to the offer."""
    await service.write_off(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{PLEDGE}/close", action="close", loads=service.load)
async def close_pledge(call: Call, subject: Pledge, body: Remark) -> PledgeRead:
    """Close a fulfilled pledge."""
    await service.close(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@calendar_operations.get("/settings/calendar", action="read")
async def read_calendar(call: Call) -> CalendarRead:
    """The calendar of urging and checks in force: that of the pledges to come."""
    return await calendar.read(call.uow, call.actor)


@calendar_operations.verb("/settings/calendar", action="set", loads=calendar.load)
async def set_calendar(call: Call, subject: Chosen, body: CalendarSet) -> CalendarRead:
    """Set the calendar of the pledges to come, with the reason. It makes a new version; a pledge keeps its own."""
    return await calendar.set_(call.uow, call.actor, subject, body)


@calendar_operations.get("/settings/calendar/versions", action="read")
async def list_calendars(call: Call, query: ListQuery) -> Page[CalendarVersion]:
    """Every version of the calendar, newest first."""
    return await calendar.versions(call.uow, query)
