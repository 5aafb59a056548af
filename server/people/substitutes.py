"""Substitutes (替岗): a member names another who acts in their place for a time, and both stand behind what is done.

The substitute has the roles of the person, but for the administrator's, which give rights away; what is lent is not lent on.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.accounts.schemas import PersonRef
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound, invalid_field
from server.kit.shapes import Name
from server.kit.uow import Audience, Event, UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.participants.schemas import ParticipantRef
from server.people import repository, service
from server.people.models import Substitution
from server.people.policy import POLICY
from server.people.rules import LENT_ROLES, SubstitutionOver, SubstitutionOverlaps, check_days
from server.people.schemas import SubstituteNamed, SubstitutionRead


@dataclass(frozen=True)
class Standing:
    """A substitution as the policy looks at it."""

    id: UUID
    participant_id: UUID
    person_id: UUID
    substitute_id: UUID


async def load(call: Call) -> Standing:
    """Loader: a substitution of the participant in the path, or NotFound."""
    participant = await participants.load(call)
    row = await repository.substitution(call.uow, call.param("substitution_id"))
    if row is None or row["participant_id"] != participant.id:
        raise NotFound
    return Standing(row["id"], participant.id, row["person_id"], row["substitute_id"])


async def of_participant(uow: UnitOfWork, participant: Participant) -> list[SubstitutionRead]:
    """Who stands, stood or will stand in for whom at a participant, the latest first."""
    return [_read(uow.actor, row) for row in await repository.substitutions(uow, participant.id, None)]


async def own(uow: UnitOfWork) -> list[SubstitutionRead]:
    """Where somebody stands in for the actor, or the actor for somebody, the latest first."""
    return [_read(uow.actor, row) for row in await repository.substitutions(uow, None, uow.actor.id)]


async def name(uow: UnitOfWork, participant: Participant, body: SubstituteNamed) -> SubstitutionRead:
    """Name who stands in for oneself or, as administrator, for a member.

    Raises Forbidden for another than oneself, SubstitutionOverlaps, and Invalid for wrong days, for who is no active
    member, or has nothing to lend.
    """
    actor: Actor = uow.actor
    person_id = body.person_id or actor.id
    if person_id is None or (person_id != actor.id and POLICY.grants(actor, "manage_members", participant) is None):
        raise Forbidden
    check_days(body.from_, body.until, clock.today())
    await repository.hold_members(uow, participant.id)
    held = {one.id: one for one in await service.members(uow, participant.id) if one.is_active}
    if body.substitute_id not in held or body.substitute_id == person_id:
        raise invalid_field("substitute_id", "unknown", "请选择另一名成员", "choose another member")
    if person_id not in held or not LENT_ROLES.intersection(held[person_id].roles):
        raise invalid_field("person_id", "nothing", "该成员没有可替岗的角色", "this member has no role to stand in for")
    if await repository.stands_in_already(uow, participant.id, person_id, body.from_, body.until):
        raise SubstitutionOverlaps
    made = await Substitution.create(
        participant_id=participant.id,
        person_id=person_id,
        substitute_id=body.substitute_id,
        from_day=body.from_,
        until_day=body.until,
        remark=body.remark,
        named_by=actor.id,
    )
    said = {"window_from": body.from_.isoformat(), "window_to": body.until.isoformat(), "remark": body.remark}
    about = {"stood_in_for": str(person_id), "substitute": str(body.substitute_id)}
    audience = Audience(frozenset({participant.id}))
    uow.record(Event("member.substitute_named", "participant", participant.id, audience, None, about | said))
    return await _one(uow, made.id)


async def end(uow: UnitOfWork, standing: Standing) -> SubstitutionRead:
    """Let it end at once. Raises SubstitutionOver."""
    if not await repository.end_substitution(uow, standing.id, clock.today(), clock.real_now()):
        raise SubstitutionOver
    about = {"stood_in_for": str(standing.person_id), "substitute": str(standing.substitute_id)}
    audience = Audience(frozenset({standing.participant_id}))
    uow.record(Event("member.substitute_ended", "participant", standing.participant_id, audience, None, about))
    return await _one(uow, standing.id)


async def _one(uow: UnitOfWork, substitution_id: UUID) -> SubstitutionRead:
    row = await repository.substitution(uow, substitution_id)
    if row is None:
        raise NotFound
    return _read(uow.actor, row)


def _read(actor: Actor, row: dict[str, Any]) -> SubstitutionRead:
    today = clock.today()
    over = row["ended_at"] is not None or row["until_day"] < today
    standing = Standing(row["id"], row["participant_id"], row["person_id"], row["substitute_id"])
    return SubstitutionRead(
        id=row["id"],
        participant=ParticipantRef.of(row, "participant_"),
        person=PersonRef(id=row["person_id"], name=Name(zh=row["person_zh"], en=row["person_en"])),
        substitute=PersonRef(id=row["substitute_id"], name=Name(zh=row["substitute_zh"], en=row["substitute_en"])),
        window={"from": row["from_day"], "to": row["until_day"]},  # pyright: ignore[reportArgumentType]  # its aliases
        remark=row["remark"],
        state="over" if over else "running" if row["from_day"] <= today else "to_come",
        can=[] if over else POLICY.can(actor, standing, ["end_substitute"]),
    )
