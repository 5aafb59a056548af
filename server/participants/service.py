"""The verbs of participants: apply, verify, return, reject, suspend; and looking them up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args
from uuid import UUID

from tortoise.exceptions import IntegrityError

from server.accounts import service as accounts
from server.accounts.actor import Actor, Grant
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, NotSignedIn, Text
from server.kit.paging import Page
from server.kit.shapes import Name
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import repository
from server.participants.events import happened
from server.participants.models import Participant
from server.participants.policy import POLICY
from server.participants.rules import (
    FOUNDING_ROLES,
    LIFECYCLE,
    STATUS_NAMES,
    WAITING,
    CreditCodeTaken,
    NotVerified,
    SelfRegistered,
)
from server.participants.schemas import (
    Membership,
    ParticipantApply,
    ParticipantCorrect,
    ParticipantQuery,
    ParticipantRead,
    ParticipantRef,
    ParticipantRow,
)
from server.places import service as places
from server.places.schemas import PlaceRef


async def get(uow: UnitOfWork, participant_id: UUID) -> Participant:
    """A participant that the actor may see, with its seat in `.place`. Raises NotFound."""
    found = await repository.find(participant_id)
    if found is None:
        raise NotFound
    return found


def require_verified(participant: Participant) -> None:
    """Raise NotVerified unless the participant is verified."""
    if participant.status != "verified":
        raise NotVerified(
            name=Text(participant.name_zh, participant.name_en or participant.name_zh),
            participant_status=participant.status,
            status_name=STATUS_NAMES[participant.status],
        )


def may_commit_before(participant: Participant) -> bool:
    """Whether a participant may commit though it is not verified yet; what it commits counts nothing until it is."""
    return participant.status in WAITING and participant.kind in get_args(SelfRegistered)


async def load(call: Call) -> Participant:
    """Loader: the participant in the path, or NotFound."""
    return await get(call.uow, call.param("participant_id"))


async def list_participants(uow: UnitOfWork, query: ParticipantQuery) -> Page[ParticipantRow]:
    """One page of the participants that the actor may see."""
    page = await repository.LISTING.page(uow, query, repository.matching(uow.actor, query))
    return Page(items=[_row(row) for row in page.items], next=page.next, total=page.total)


async def read(uow: UnitOfWork, participant: Participant) -> ParticipantRead:
    """One participant; its credit code and the office's remarks only for its members and who oversees it."""
    row = await repository.whole(uow, participant.id)
    sees_file = POLICY.grants(uow.actor, "see_file", participant) is not None
    return ParticipantRead(
        **_row(row).model_dump(),
        credit_code=row["credit_code"] if sees_file else None,
        remarks=row["remarks"] if sees_file else "",
        parent=ParticipantRef.of(row, "parent_") if row["parent_id"] else None,
        can=POLICY.can(uow.actor, participant, LIFECYCLE.verbs(participant.status)),
    )


async def apply(uow: UnitOfWork, body: ParticipantApply) -> ParticipantRead:
    """Apply to take part; the applicant gets every role there, to grant on later.

    Raises CreditCodeTaken, and Invalid for an unknown place.
    """
    actor: Actor = uow.actor
    place = await places.resolve(uow, body.place_code)
    if actor.id is None:
        raise NotSignedIn
    # Nobody is a member of what does not exist yet, so the platform itself writes the row and the grants.
    async with accounts.as_system(uow):
        try:
            participant = await Participant.create(
                kind=body.kind,
                name_zh=body.name.zh,
                name_en=body.name.en,
                credit_code=body.credit_code,
                place=place,
                status=LIFECYCLE.initial,
            )
        except IntegrityError as error:
            raise CreditCodeTaken(credit_code=body.credit_code) from error
        for role in FOUNDING_ROLES:
            await accounts.grant_role(uow, actor.id, role, participant_id=participant.id)
    founding = tuple(Grant(role, participant.id) for role in FOUNDING_ROLES)
    await uow.act_as(replace(actor, grants=actor.grants + founding))
    uow.record(happened(participant, "apply", None, _facts(participant)))
    return await read(uow, participant)


async def apply_again(uow: UnitOfWork, participant: Participant, body: ParticipantCorrect) -> ParticipantRead:
    """Send a returned application again. Raises Stale, Invalid."""
    before = _facts(participant)
    columns: dict[str, Any] = {}
    if body.name is not None:
        columns |= {"name_zh": body.name.zh, "name_en": body.name.en}
    if body.place_code is not None:
        participant.place = await places.resolve(uow, body.place_code)
        columns["place_id"] = participant.place.id
    await step(uow, "participant", participant, "apply", LIFECYCLE, **columns)
    uow.record(happened(participant, "apply", before, _facts(participant)))
    return await read(uow, participant)


async def decide(uow: UnitOfWork, participant: Participant, verb: str, remark: str) -> ParticipantRead:
    """Verify, return, reject or suspend. Raises StepNotAllowed, Stale.

    `participant.verified` lets upper domains act on what waited for it.
    """
    before = {"status": participant.status}
    columns: dict[str, Any] = {"remarks": remark}
    if verb == "verify":
        columns["verified_at"] = clock.now()
    await step(uow, "participant", participant, verb, LIFECYCLE, **columns)
    uow.record(happened(participant, verb, before, {"status": participant.status, "remark": remark}))
    return await read(uow, participant)


async def memberships(uow: UnitOfWork) -> list[Membership]:
    """The participants that the caller belongs to, by name, with the roles there."""
    actor: Actor = uow.actor
    rows = await repository.of_ids(uow, sorted(actor.participants))
    return [
        Membership(
            participant=_ref(row), status=row["status"], place=_place(row), roles=sorted(actor.roles_at(row["id"]))
        )
        for row in rows
    ]


async def seated(uow: UnitOfWork, code: str, kinds: list[str], limit: int = 20) -> list[ParticipantRef]:
    """Verified participants of some kinds, seated at or below a place: by kind as named, nearest first."""
    return [_ref(row) for row in await repository.seated(uow, code, kinds, limit)]


def _ref(row: Mapping[str, Any]) -> ParticipantRef:
    return ParticipantRef(id=row["id"], kind=row["kind"], name=Name(zh=row["name_zh"], en=row["name_en"]))


def _row(row: Mapping[str, Any]) -> ParticipantRow:
    plain = {name: row[name] for name in ("version", "status", "verified_at", "created_at")}
    return ParticipantRow(**_ref(row).model_dump(), **plain, place=_place(row))


def _place(row: Mapping[str, Any]) -> PlaceRef | None:
    if row["place_code"] is None or row["kind"] == "armed_forces_unit":
        return None
    return PlaceRef.of(row)


def _facts(participant: Participant) -> dict[str, Any]:
    kept = ("kind", "name_zh", "name_en", "credit_code", "status")
    return {name: getattr(participant, name) for name in kept} | {"place_id": str(participant.place_id)}
