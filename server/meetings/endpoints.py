"""Joint meetings over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark
from server.meetings import service
from server.meetings.models import Meeting
from server.meetings.policy import DECISIONS, POLICY
from server.meetings.schemas import (
    DecisionRead,
    MeetingChange,
    MeetingCreate,
    MeetingQuery,
    MeetingRead,
    MeetingRecord,
    MeetingRow,
)
from server.meetings.service import Decided
from server.pairings import service as pairings
from server.pairings.service import Between

operations = Operations("meetings", POLICY)
decisions = Operations("meetings", DECISIONS, into=operations)


@operations.get("/meetings", action="list")
async def list_meetings(call: Call, query: MeetingQuery) -> Page[MeetingRow]:
    """List the joint meetings that the caller may see. Sort keys: held_on (default, newest first), created_at."""
    return await service.page(call.uow, call.actor, query)


@operations.create("/pairings/{pairing_id:uuid}/meetings", loads=pairings.load_between)
async def call_meeting(call: Call, subject: Between, body: MeetingCreate) -> MeetingRead:
    """Call a joint meeting of both sides, or note one that was held, to record its minutes next."""
    return await service.create(call.uow, call.actor, subject, body)


@operations.get("/meetings/{meeting_id:uuid}", action="read", loads=service.load)
async def read_meeting(call: Call, subject: Meeting) -> MeetingRead:
    """Read a meeting: who came, its minutes, what it decided and how far that is."""
    return await service.read(call.uow, call.actor, subject.id)


@operations.change("/meetings/{meeting_id:uuid}", loads=service.load)
async def change_meeting(call: Call, subject: Meeting, body: MeetingChange) -> MeetingRead:
    """Change a meeting that is called and not held yet."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/meetings/{meeting_id:uuid}/record", action="record", loads=service.load)
async def record_meeting(call: Call, subject: Meeting, body: MeetingRecord) -> MeetingRead:
    """Record the minutes of a meeting that was held: attendance and decisions; anew until they are confirmed."""
    return await service.take_down(call.uow, call.actor, subject, body)


@operations.verb("/meetings/{meeting_id:uuid}/confirm", action="confirm", loads=service.load)
async def confirm_meeting(call: Call, subject: Meeting, body: Remark) -> MeetingRead:
    """Confirm the minutes for the side that did not write them; from then on the meeting counts."""
    return await service.confirm(call.uow, call.actor, subject, body)


@operations.verb("/meetings/{meeting_id:uuid}/cancel", action="cancel", loads=service.load)
async def cancel_meeting(call: Call, subject: Meeting, body: Reason) -> MeetingRead:
    """Call a meeting off."""
    return await service.cancel(call.uow, call.actor, subject, body)


@decisions.get(
    "/meetings/{meeting_id:uuid}/decisions/{decision_id:uuid}", action="read_decision", loads=service.load_decision
)
async def read_decision(call: Call, subject: Decided) -> DecisionRead:
    """Read one decision of a meeting."""
    return await service.read_decision(call.uow, call.actor, subject)


@decisions.verb(
    "/meetings/{meeting_id:uuid}/decisions/{decision_id:uuid}/settle", action="settle", loads=service.load_decision
)
async def settle_decision(call: Call, subject: Decided, body: Reason) -> DecisionRead:
    """Say that a decision is carried out, and how, for the side that is responsible for it."""
    return await service.settle(call.uow, call.actor, subject, body)


@decisions.verb(
    "/meetings/{meeting_id:uuid}/decisions/{decision_id:uuid}/reopen", action="reopen", loads=service.load_decision
)
async def reopen_decision(call: Call, subject: Decided, body: Reason) -> DecisionRead:
    """Open a decision again that is not carried out after all, from either side."""
    return await service.reopen(call.uow, call.actor, subject, body)
