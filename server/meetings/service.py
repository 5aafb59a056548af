"""The verbs of joint meetings: call, change, record the minutes, confirm them, cancel; settle what was decided."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.accounts.schemas import PersonRef
from server.files import service as files
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.shapes import Name, Reason, Remark
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.meetings import repository, rules
from server.meetings.events import facts, record
from server.meetings.models import Meeting, MeetingDecision
from server.meetings.policy import DECISIONS, POLICY
from server.meetings.rules import DECISION, LIFECYCLE
from server.meetings.schemas import (
    DecisionInput,
    DecisionRead,
    MeetingChange,
    MeetingCreate,
    MeetingQuery,
    MeetingRead,
    MeetingRecord,
    MeetingRow,
)
from server.pairings import service as pairings
from server.pairings.service import Between
from server.participants.schemas import ParticipantRef
from server.participants.sides import sides_of
from server.places.schemas import PlaceRef


@dataclass(frozen=True)
class Decided:
    """A decision with its meeting: what the policy asks the roles of."""

    meeting: Meeting
    decision: MeetingDecision
    county_id: UUID
    giver_id: UUID
    county_code: str
    responsible: str
    status: str
    version: int


async def load(call: Call) -> Meeting:
    """Loader: the meeting in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("meeting_id"))
    if found is None:
        raise NotFound
    return found


async def load_decision(call: Call) -> Decided:
    """Loader: the decision in the path with its meeting, or NotFound."""
    meeting = await load(call)
    found = await repository.decision(call.uow, meeting.id, call.param("decision_id"))
    if found is None:
        raise NotFound
    sides = (meeting.county_id, meeting.giver_id, meeting.county_code)
    return Decided(meeting, found, *sides, found.responsible, found.status, found.version)


async def page(uow: UnitOfWork, actor: Actor, query: MeetingQuery) -> Page[MeetingRow]:
    """One page of the meetings that the actor may see."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query, clock.today()))
    rows = [MeetingRow(**_fields(actor, row)) for row in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> MeetingRead:
    """One meeting with its minutes and decisions."""
    row = await repository.row(uow, meeting_id, clock.today())
    decided = [_decision(actor, row, each) for each in await repository.decisions(uow, meeting_id)]
    same = ("agenda", "county_others", "giver_others", "minutes", "minutes_file_id", "recorded_side", "remark")
    return MeetingRead(
        **_fields(actor, row),
        **{name: row[name] for name in same},
        attendance=orjson.loads(row["attendance"]),
        decided=decided,
    )


async def read_decision(uow: UnitOfWork, actor: Actor, subject: Decided) -> DecisionRead:
    """One decision."""
    return next(each for each in (await read(uow, actor, subject.meeting.id)).decided if each.id == subject.decision.id)


async def create(uow: UnitOfWork, actor: Actor, between: Between, body: MeetingCreate) -> MeetingRead:
    """Call a meeting of both sides. Raises PairingNotInForce."""
    pairings.require_in_force(between.pairing)
    made = Meeting(
        id=new_id(),
        pairing_id=between.pairing.id,
        county_code=between.county_code,
        status=LIFECYCLE.initial,
        written_by=actor.id,
        **body.model_dump(),
    )
    await repository.keep(uow, made)
    record(uow, made, "called", None)
    return await read(uow, actor, made.id)


async def change(uow: UnitOfWork, actor: Actor, meeting: Meeting, body: MeetingChange) -> MeetingRead:
    """Change day, venue, agenda or chair of a meeting that is called."""
    before = facts(meeting)
    await step(uow, "meeting", meeting, "change", LIFECYCLE, **body.model_dump(exclude_none=True))
    record(uow, meeting, "changed", before)
    return await read(uow, actor, meeting.id)


async def cancel(uow: UnitOfWork, actor: Actor, meeting: Meeting, body: Reason) -> MeetingRead:
    """Call a meeting off, with the reason."""
    before = facts(meeting)
    await step(uow, "meeting", meeting, "cancel", LIFECYCLE, remark=body.remark)
    record(uow, meeting, "cancelled", before, remark=body.remark)
    return await read(uow, actor, meeting.id)


async def take_down(uow: UnitOfWork, actor: Actor, meeting: Meeting, body: MeetingRecord) -> MeetingRead:
    """Record who came and what was decided; again until the other side has confirmed it.

    Raises NotHeldYet, DecisionsSettled, and Invalid for a decision due before the meeting.
    """
    LIFECYCLE.after(meeting.status, "record")
    rules.check_held(meeting.held_on, clock.today())
    rules.check_due(meeting.held_on, [each.due for each in body.decisions])
    if any(each["status"] == "done" for each in await repository.decisions(uow, meeting.id)):
        raise rules.DecisionsSettled
    before = facts(meeting)
    if body.minutes_file_id and body.minutes_file_id != meeting.minutes_file_id:
        sides = (meeting.county_id, meeting.giver_id, meeting.county_code)
        await files.put_to(uow, actor, body.minutes_file_id, "meeting", meeting.id, sides)
    said = body.model_dump(exclude={"attendance", "decisions"})
    attendance = orjson.dumps([each.model_dump() for each in body.attendance]).decode()
    side = next(iter(sides_of(actor, meeting.county_id, meeting.giver_id)), None)
    columns = said | {"attendance": attendance, "recorded_side": side, "recorded_by": actor.id}
    await step(uow, "meeting", meeting, "record", LIFECYCLE, **columns)
    await repository.forget_decisions(uow, meeting.id)
    for position, each in enumerate(body.decisions, 1):
        await repository.keep(uow, _taken(meeting, position, each))
    record(uow, meeting, "recorded", before, decisions=len(body.decisions), side=side)
    return await read(uow, actor, meeting.id)


async def confirm(uow: UnitOfWork, actor: Actor, meeting: Meeting, body: Remark) -> MeetingRead:
    """Confirm the minutes for the side that did not write them. Raises OwnMinutes."""
    LIFECYCLE.after(meeting.status, "confirm")
    rules.check_confirmer(
        recorded_side=meeting.recorded_side,
        recorded_by=meeting.recorded_by,
        sides=sides_of(actor, meeting.county_id, meeting.giver_id),
        person=actor.id,
    )
    before = facts(meeting)
    await step(uow, "meeting", meeting, "confirm", LIFECYCLE, remark=body.remark)
    record(uow, meeting, "confirmed", before, remark=body.remark)
    return await read(uow, actor, meeting.id)


async def settle(uow: UnitOfWork, actor: Actor, subject: Decided, body: Reason) -> DecisionRead:
    """Say that a decision is carried out, and how."""
    return await _turn(uow, actor, subject, "settle", body.remark, settled_by=actor.id, settled_at=clock.now())


async def reopen(uow: UnitOfWork, actor: Actor, subject: Decided, body: Reason) -> DecisionRead:
    """Open a decision again that is not carried out after all."""
    return await _turn(uow, actor, subject, "reopen", body.remark, settled_by=None, settled_at=None)


async def _turn(
    uow: UnitOfWork, actor: Actor, subject: Decided, verb: str, remark: str, **columns: Any
) -> DecisionRead:
    before = facts(subject.meeting)
    await step(uow, "meeting_decision", subject.decision, verb, DECISION, remark=remark, **columns)
    event = "decision_settled" if verb == "settle" else "decision_reopened"
    record(uow, subject.meeting, event, before, what=subject.decision.what, remark=remark)
    return await read_decision(uow, actor, subject)


def _taken(meeting: Meeting, position: int, given: DecisionInput) -> MeetingDecision:
    return MeetingDecision(
        id=new_id(), meeting_id=meeting.id, position=position, status=DECISION.initial, **given.model_dump()
    )


def _fields(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    same = (
        *("id", "version", "status", "created_at", "pairing_id", "title", "held_on", "venue", "level", "chair"),
        *("chair_post", "decisions", "open", "late"),
    )
    came = orjson.loads(row["attendance"])
    return {name: row[name] for name in same} | {
        "county": ParticipantRef.of(row, "county_"),
        "giver": ParticipantRef.of(row, "giver_"),
        "place": PlaceRef.of(row),
        "leaders": sorted({each["side"] for each in came if each["leader"]}),
        "persons": len(came) + row["county_others"] + row["giver_others"],
        "can": _can(actor, row),
    }


def _can(actor: Actor, row: dict[str, Any]) -> list[str]:
    subject = SimpleNamespace(**{name: row[name] for name in ("county_id", "giver_id", "county_code", "status")})
    sides = sides_of(actor, row["county_id"], row["giver_id"])
    possible = {
        "record": row["held_on"] <= clock.today(),
        "confirm": row["recorded_by"] != actor.id and any(side != row["recorded_side"] for side in sides),
    }
    return POLICY.can(actor, subject, [verb for verb in LIFECYCLE.verbs(row["status"]) if possible.get(verb, True)])


def _decision(actor: Actor, meeting: dict[str, Any], row: dict[str, Any]) -> DecisionRead:
    same = ("id", "version", "meeting_id", "position", "what", "responsible", "post", "due", "status", "remark")
    subject = SimpleNamespace(
        **{name: meeting[name] for name in ("county_id", "giver_id", "county_code")},
        responsible=row["responsible"],
        status=row["status"],
    )
    by = row["settled_by"]
    return DecisionRead(
        **{name: row[name] for name in same},
        late=row["status"] == "open" and row["due"] < clock.today(),
        settled_at=row["settled_at"],
        settled_by=PersonRef(id=by, name=Name(zh=row["settled_zh"] or "", en=row["settled_en"] or "")) if by else None,
        can=DECISIONS.can(actor, subject, DECISION.verbs(row["status"])),
    )
