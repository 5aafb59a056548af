"""The verbs of participants: apply, verify, return, reject, suspend; and looking them up."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, get_args
from uuid import UUID

import orjson
from tortoise.exceptions import IntegrityError

from server.accounts import service as accounts
from server.accounts.actor import Actor, Grant
from server.accounts.rules import FREE_LOOKS
from server.files import service as files
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, NotSignedIn, Text, invalid_field
from server.kit.paging import Page
from server.kit.shapes import Name
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import repository
from server.participants.events import happened
from server.participants.models import Participant
from server.participants.names import name_key
from server.participants.policy import POLICY
from server.participants.rules import (
    BARRED,
    CHECKLISTS,
    FOUNDING_ROLES,
    LIFECYCLE,
    STATUS_NAMES,
    WAITING,
    AlreadyMerged,
    CreditCodeTaken,
    NotVerified,
    OwnRegistration,
    SelfRegistered,
    check_checklist,
    check_details,
    check_documents,
    documents_asked,
    is_lapsed,
    verify_again_by,
)
from server.participants.schemas import (
    Attach,
    Checked,
    Details,
    DocumentAsked,
    DocumentRead,
    Likeness,
    Likenesses,
    LikenessQuery,
    Membership,
    ParticipantApply,
    ParticipantCorrect,
    ParticipantQuery,
    ParticipantRead,
    ParticipantRef,
    ParticipantRegister,
    ParticipantRow,
)
from server.places import service as places
from server.places.schemas import PlaceRef
from server.settings import get_settings

OUTSIDERS: dict[str, Any] = {"credit_code": None, "remarks": "", "details": None, "checklist": [], "documents": []}
"""What stands in place of the fields that the policy keeps from who reads."""


async def get(uow: UnitOfWork, participant_id: UUID) -> Participant:
    """A participant that the actor may see, with its seat in `.place`. Raises NotFound."""
    found = await repository.find(participant_id)
    if found is None:
        raise NotFound
    return found


async def hold(uow: UnitOfWork, participant_id: UUID) -> Participant:
    """A participant as it stands now, of which nothing changes until the transaction ends. Raises NotFound."""
    await repository.hold(uow, participant_id)
    return await get(uow, participant_id)


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


async def require_standing(uow: UnitOfWork, *participant_ids: UUID) -> None:
    """Raise NotVerified where one of these, seen or not, is suspended or rejected: it makes no new promise."""
    for row in await repository.standing(uow, sorted(participant_ids)):
        if row["status"] in BARRED:
            raise NotVerified(
                name=Text(row["name_zh"], row["name_en"] or row["name_zh"]),
                participant_status=row["status"],
                status_name=STATUS_NAMES[row["status"]],
            )


async def load(call: Call) -> Participant:
    """Loader: the participant in the path, or NotFound."""
    return await get(call.uow, call.param("participant_id"))


async def list_participants(uow: UnitOfWork, query: ParticipantQuery) -> Page[ParticipantRow]:
    """One page of the participants that the actor may see."""
    page = await repository.LISTING.page(uow, query, repository.matching(uow.actor, query))
    return Page(items=[_row(row) for row in page.items], next=page.next, total=page.total)


async def read(uow: UnitOfWork, participant: Participant) -> ParticipantRead:
    """One participant, with those fields of its file that the policy shows the actor."""
    row = await repository.whole(uow, participant.id)
    seen = POLICY.fields(uow.actor, "see_file", participant)
    file: dict[str, Any] = {
        "credit_code": row["credit_code"],
        "remarks": row["remarks"],
        "details": Details.model_validate(orjson.loads(row["details"])),
        "checklist": _checklist(row),
        "documents": _documents_asked(participant),
    }
    shown = {name: value for name, value in file.items() if seen is None or name in seen}
    return ParticipantRead(
        **_row(row).model_dump(),
        **OUTSIDERS | shown,
        parent=ParticipantRef.of(row, "parent_") if row["parent_id"] else None,
        merged_into=ParticipantRef.of(row, "heir_") if row["heir_id"] else None,
        can=POLICY.can(uow.actor, participant, _verbs(participant)),
    )


def _verbs(participant: Participant) -> list[str]:
    """What its status allows; what was merged stays as it is."""
    return [] if participant.merged_into_id else [*LIFECYCLE.verbs(participant.status), "attach"]


async def apply(uow: UnitOfWork, body: ParticipantApply) -> ParticipantRead:
    """Apply to take part; the applicant gets every role there, to grant on later.

    Raises CreditCodeTaken, and Invalid for an unknown place or details of another kind.
    """
    actor: Actor = uow.actor
    place = await places.resolve(uow, body.place_code)
    if actor.id is None:
        raise NotSignedIn
    # Nobody is a member of what does not exist yet, so the platform itself writes the row and the grants.
    async with accounts.as_system(uow):
        participant = await _create(actor, body, place=place)
        for role in FOUNDING_ROLES:
            await accounts.grant_role(uow, actor.id, role, participant_id=participant.id)
    founding = tuple(Grant(role, participant.id) for role in FOUNDING_ROLES)
    await uow.act_as(replace(actor, grants=actor.grants + founding))
    uow.record(happened(participant, "apply", None, _facts(participant)))
    return await read(uow, participant)


async def register(uow: UnitOfWork, body: ParticipantRegister) -> Participant:
    """Register a participant of a kind that does not apply by itself; a colleague of the office verifies it.

    Raises CreditCodeTaken, and Invalid for an unknown place or details of another kind.
    """
    actor: Actor = uow.actor
    place = await places.resolve(uow, body.place_code)
    parent = await get(uow, body.parent_id) if body.parent_id else None
    async with accounts.as_system(uow):
        participant = await _create(actor, body, place=place, alias=body.alias, parent=parent)
    uow.record(happened(participant, "apply", None, _facts(participant)))
    return participant


async def _create(actor: Actor, body: ParticipantApply | ParticipantRegister, **columns: Any) -> Participant:
    check_details(body.kind, body.details.model_dump(exclude_defaults=True))
    try:
        return await Participant.create(
            kind=body.kind,
            name_zh=body.name.zh,
            name_en=body.name.en,
            name_key=name_key(body.name.zh),
            credit_code=body.credit_code,
            status=LIFECYCLE.initial,
            details=body.details.model_dump(mode="json"),
            registered_by=actor.id,
            **columns,
        )
    except IntegrityError as error:
        raise CreditCodeTaken(credit_code=body.credit_code) from error


ALIKE = "to look for one's like"
"""Under this searches for what is registered already are counted; no identifier has a space."""


async def alike(call: Call, query: LikenessQuery) -> Likenesses:
    """What is registered already and may be the same, for somebody who is about to register.

    Of participants that are not public nothing is said but that a credit code is taken. Raises TooManyRequests.
    """
    uow = call.uow
    await accounts.count_try(call, ALIKE, FREE_LOOKS)
    async with accounts.as_system(uow):
        taken = bool(query.credit_code) and await repository.has_code(uow, query.credit_code or "")
        rows = await repository.alike(uow, query.name, name_key(query.name), query.credit_code or None)
    items = [
        Likeness(
            name=Name(zh=row["name_zh"], en=row["name_en"]), kind=row["kind"], place=_place(row), by=row["found_by"]
        )
        for row in rows
    ]
    return Likenesses(code_taken=taken, items=items)


async def apply_again(uow: UnitOfWork, participant: Participant, body: ParticipantCorrect) -> ParticipantRead:
    """Send a returned application again. Raises DocumentsMissing, CreditCodeTaken, Stale, Invalid."""
    before, details = _facts(participant), participant.details
    columns: dict[str, Any] = {}
    if body.name is not None:
        columns |= {"name_zh": body.name.zh, "name_en": body.name.en, "name_key": name_key(body.name.zh)}
    if body.credit_code is not None and body.credit_code != participant.credit_code:
        await _check_code_free(uow, body.credit_code)
        columns["credit_code"] = body.credit_code
    if body.place_code is not None:
        participant.place = await places.resolve(uow, body.place_code)
        columns["place_id"] = participant.place.id
    if body.details is not None:
        check_details(participant.kind, body.details.model_dump(exclude_defaults=True))
        details = body.details.model_dump(mode="json")
        columns["details"] = orjson.dumps(details).decode()
    check_documents(participant.kind, details, participant.documents)
    await step(uow, "participant", participant, "apply", LIFECYCLE, **columns)
    participant.details = details
    if body.place_code is not None:
        async with accounts.as_system(uow):
            await files.move(uow, "participant", participant.id, _seat_code(participant))
    uow.record(happened(participant, "apply", before, _facts(participant)))
    return await read(uow, participant)


async def _check_code_free(uow: UnitOfWork, credit_code: str) -> None:
    async with accounts.as_system(uow):
        if await repository.has_code(uow, credit_code):
            raise CreditCodeTaken(credit_code=credit_code)


async def verify(
    uow: UnitOfWork, participant: Participant, verb: str, remark: str, checklist: Collection[str]
) -> ParticipantRead:
    """Verify, or verify again: everything on the checklist is in order. Raises OwnRegistration, AlreadyMerged, Invalid, Stale.

    Raises DocumentsMissing for an application without what it has to show. Only lifting a suspension within the time of the last verification asks for no checklist.
    """
    actor: Actor = uow.actor
    if actor.id == participant.registered_by or actor.roles_at(participant.id):
        raise OwnRegistration
    if participant.merged_into_id:
        raise AlreadyMerged
    if participant.status == "applied":
        check_documents(participant.kind, participant.details, participant.documents)
    columns: dict[str, Any] = {"verified_at": clock.now()}
    if participant.status != "suspended" or is_lapsed(participant.verify_again_by, clock.today()):
        check_checklist(participant.kind, checklist)
        until = verify_again_by(clock.today(), get_settings().verify_days)
        columns |= {"checklist": sorted(set(checklist)), "verify_again_by": until}
    return await decide(uow, participant, verb, remark, **columns)


async def decide(uow: UnitOfWork, participant: Participant, verb: str, remark: str, **columns: Any) -> ParticipantRead:
    """Return, reject or suspend (and verify). Raises StepNotAllowed, Stale.

    `participant.verified` lets upper domains act on what waited for it.
    """
    before = {"status": participant.status}
    columns |= {"remarks": remark}
    await step(uow, "participant", participant, verb, LIFECYCLE, **columns)
    uow.record(happened(participant, verb, before, {"status": participant.status, "remark": remark}))
    return await read(uow, participant)


async def attach(uow: UnitOfWork, participant: Participant, body: Attach) -> list[DocumentRead]:
    """Put a file of the actor's to a participant: its members and who oversees its seat read it.

    Raises NotFound for somebody else's file, FileTaken where it belongs to another record, Invalid for a document that is
    not asked of this kind.
    """
    asked = {check.code for check in documents_asked(participant.kind, participant.details)}
    if body.document is not None and body.document not in asked:
        raise invalid_field("document", "unknown", "该类主体不需要此材料", "is not asked of this kind of participant")
    sides = (participant.id, participant.id, _seat_code(participant))
    await files.put_to(uow, uow.actor, body.file_id, "participant", participant.id, sides)
    if body.document is not None:
        await repository.add_document(uow, participant.id, body.document, body.file_id)
    return await documents(uow, participant)


def _seat_code(participant: Participant) -> str:
    """The county under which its documents are overseen; '' for an armed-forces unit, whose seat is not public."""
    seat = participant.place if participant.kind != "armed_forces_unit" else None
    return seat.code if seat else ""


async def documents(uow: UnitOfWork, participant: Participant) -> list[DocumentRead]:
    """The documents of a participant, the latest first."""
    return [DocumentRead.model_validate(row) for row in await repository.documents(uow, participant.id)]


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
    plain = {name: row[name] for name in ("version", "status", "verified_at", "verify_again_by", "created_at")}
    return ParticipantRow(**_ref(row).model_dump(), **plain, place=_place(row))


def _checklist(row: Mapping[str, Any]) -> list[Checked]:
    return [
        Checked(code=check.code, text=Name(zh=check.text.zh, en=check.text.en), ticked=check.code in row["checklist"])
        for check in CHECKLISTS[row["kind"]]
    ]


def _documents_asked(participant: Participant) -> list[DocumentAsked]:
    return [
        DocumentAsked(
            code=check.code,
            text=Name(zh=check.text.zh, en=check.text.en),
            there=bool(participant.documents.get(check.code)),
        )
        for check in documents_asked(participant.kind, participant.details)
    ]


def _place(row: Mapping[str, Any]) -> PlaceRef | None:
    if row["place_code"] is None or row["kind"] == "armed_forces_unit":
        return None
    return PlaceRef.of(row)


def _facts(participant: Participant) -> dict[str, Any]:
    kept = ("kind", "name_zh", "name_en", "credit_code", "status")
    return {name: getattr(participant, name) for name in kept} | {"place_id": str(participant.place_id)}
