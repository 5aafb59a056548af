"""What is open with a person before they go: what they have begun, what waits for their roles, and to whom it can go."""

from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts import service as accounts
from server.accounts.schemas import PersonRef
from server.agreements import rules as agreements
from server.campaigns import rules as campaigns
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.needs import rules as needs
from server.offers import rules as offers
from server.participants.schemas import ParticipantRef
from server.people import service as people
from server.people.rules import GOING_ROLES, MemberRole, heir_by_itself, only_held_by
from server.people.schemas import MemberRead
from server.people.service import Member
from server.projects import rules as projects
from server.reports import today
from server.reports.schemas import WorkItem

# Of $1 the user; each domain says in which statuses what somebody has begun is unfinished ($2 to $6).
UNFINISHED = """
SELECT 'need' AS kind, id, title, ARRAY[participant_id] AS at FROM need WHERE written_by = $1 AND status = ANY ($2)
UNION ALL
SELECT 'offer', id, title, ARRAY[participant_id] FROM offer WHERE written_by = $1 AND status = ANY ($3)
UNION ALL
SELECT 'project', id, title, ARRAY[participant_id] FROM project WHERE written_by = $1 AND status = ANY ($4)
UNION ALL
SELECT 'agreement', id, year || ' 年度协作协议', ARRAY[county_id, giver_id] FROM agreement
    WHERE written_by = $1 AND status = ANY ($5)
UNION ALL
SELECT 'campaign', id, title, ARRAY[organiser_id] FROM campaign WHERE written_by = $1 AND status = ANY ($6)
ORDER BY kind, id"""
STATUSES = tuple(list(domain.UNFINISHED) for domain in (needs, offers, projects, agreements, campaigns))

PLACES = """
SELECT DISTINCT p.id, p.kind, n.name_zh, n.name_en FROM role_grant g
JOIN participant p ON p.id = g.participant_id JOIN LATERAL jiedui_participant_names(ARRAY[p.id]) AS n ON true
WHERE g.user_id = $1 AND g.revoked_at IS NULL AND p.status <> 'rejected' AND p.merged_into_id IS NULL
    AND ($2::uuid IS NULL OR p.id = $2) ORDER BY n.name_zh, p.id"""

Begun = Literal["need", "offer", "project", "agreement", "campaign"]


class Unfinished(BaseModel):
    """Something that a person has begun to write, and somebody has to go on with."""

    kind: Begun
    id: UUID
    title: str


class OpenWork(BaseModel):
    """What is open with a person at one participant."""

    participant: ParticipantRef
    roles_alone: Annotated[list[MemberRole], Field(description="roles that nobody else has: they need a successor")]
    begun: Annotated[list[Unfinished], Field(description="goes to the successor; empty for the platform administrator")]
    begun_count: int
    waiting: Annotated[
        list[WorkItem],
        Field(description="waits for whoever has the person's roles; empty for the platform administrator"),
    ]
    waiting_count: int
    candidates: Annotated[list[PersonRef], Field(description="who could take over, by name")]
    by_itself: Annotated[PersonRef | None, Field(description="the administrator who takes over where nobody is named")]


async def of_member(uow: UnitOfWork, member: Member) -> OpenWork:
    """What is open with a member at a participant, for its administrator."""
    [found] = await _open(uow, member.id, member.participant_id, uow.actor.id)
    return found


async def of_user(uow: UnitOfWork, user_id: UUID) -> list[OpenWork]:
    """How much is open with a user at each participant, for the platform administrator, who reads no record of the field."""
    async with accounts.as_system(uow):
        found = await _open(uow, user_id, None, None)
    return [one.model_copy(update={"begun": [], "waiting": []}) for one in found]


async def _open(uow: UnitOfWork, user_id: UUID, participant_id: UUID | None, asks: UUID | None) -> list[OpenWork]:
    begun = await uow.fetch(UNFINISHED, user_id, *STATUSES)
    actor = await accounts.actor_of(uow, user_id)
    found: list[OpenWork] = []
    for place in await uow.fetch(PLACES, user_id, participant_id):
        grants = tuple(grant for grant in actor.grants if grant.participant_id == place["id"] and not grant.instead_of)
        work = await today.read(uow, replace(actor, grants=grants))
        mine = [row for row in begun if place["id"] in row["at"]]
        ids = {row["id"] for row in mine}
        waiting = [item for item in (*work.overdue, *work.waiting_for_me) if item.verb and item.id not in ids]
        shown = [Unfinished(kind=row["kind"], id=row["id"], title=row["title"]) for row in mine]
        people_here = _people(await people.members(uow, place["id"]), user_id, asks)
        found.append(
            OpenWork(
                participant=ParticipantRef(
                    id=place["id"], kind=place["kind"], name=Name(zh=place["name_zh"], en=place["name_en"])
                ),
                begun=shown,
                begun_count=len(shown),
                waiting=waiting,
                waiting_count=len(waiting),
                **people_here,
            )
        )
    return found


def _people(held: list[MemberRead], user_id: UUID, asks: UUID | None) -> dict[str, Any]:
    active = [one for one in held if one.is_active]
    holders = {role: frozenset(one.id for one in active if role in one.roles) for role in GOING_ROLES}
    others = {one.id: PersonRef(id=one.id, name=one.name) for one in active if one.id != user_id}
    administrators = [one for one in others if one in holders["administrator"]]
    first = heir_by_itself(administrators, asks)
    return {
        "roles_alone": only_held_by(holders, user_id),
        "candidates": list(others.values()),
        "by_itself": others[first] if first else None,
    }
