"""The members of a participant: who belongs, in which roles, and how somebody goes without leaving work behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.accounts import service as accounts
from server.accounts import sessions
from server.drafts import service as drafts
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.uow import Audience, Event, UnitOfWork
from server.participants import service as participants
from server.people import handover, repository, showing
from server.people.rules import check_administrator_stays
from server.people.schemas import MemberRead, MemberRemoval


@dataclass(frozen=True)
class Member:
    """A user within a participant."""

    id: UUID
    participant_id: UUID


async def load_member(call: Call) -> Member:
    """Loader: a member of the participant in the path, or NotFound."""
    participant = await participants.load(call)
    user_id = call.param("user_id")
    if not any(one.id == user_id for one in await members(call.uow, participant.id)):
        raise NotFound
    return Member(user_id, participant.id)


async def members(uow: UnitOfWork, participant_id: UUID) -> list[MemberRead]:
    """Who belongs to a participant, as far as the actor may see it, by name."""
    return [showing.member(row) for row in await repository.members(uow, participant_id)]


async def change_roles(call: Call, member: Member, roles: list[str]) -> MemberRead:
    """Give a member exactly these roles, from the next request on. Raises LastAdministrator."""
    uow, participant_id = call.uow, member.participant_id
    held = await _hold(uow, member)
    check_administrator_stays(_administrators(held), member.id, roles)
    before: set[str] = set(_of(held, member.id).roles)
    await _set_roles(uow, participant_id, member.id, before, set(roles))
    if "administrator" in before - set(roles):
        await repository.withdraw_of(uow, member.id, participant_id)
    if member.id == call.actor.id:
        await sessions.rotate(call)
    return _of(await members(uow, participant_id), member.id)


async def remove(uow: UnitOfWork, member: Member, body: MemberRemoval) -> None:
    """Let a member go: every role here ends at once, and so does every invitation that the member gave out.

    Who takes over (whom the body names, else an administrator) gets the roles that nobody else has, what the member was
    writing here, and the drafts of who now belongs nowhere. Raises SuccessorNeeded, and Invalid for a successor who is
    no other active member.
    """
    participant_id = member.participant_id
    held = await _hold(uow, member)
    heir = await handover.hand_over(uow, participant_id, held, member.id, body.successor_id, body.remark)
    if heir and not await accounts.belongs_elsewhere(uow, member.id, participant_id):
        await drafts.hand_over(uow, member.id, heir)
    going = _of(held, member.id)
    await _set_roles(uow, participant_id, member.id, set(going.roles), set())
    await repository.withdraw_of(uow, member.id, participant_id)
    await repository.end_substitutions(uow, member.id, participant_id)
    after = {"remark": body.remark, "successor_id": str(heir) if heir else None}
    audience = Audience(frozenset({participant_id}))
    uow.record(Event("member.removed", "user", member.id, audience, {"roles": going.roles}, after))


async def hand_over_all(uow: UnitOfWork, user_id: UUID, successors: Mapping[UUID, UUID], remark: str) -> None:
    """Hand over what a user leaves at every participant, whoever asks; the drafts go to the first who takes over.

    A citizen who takes part alone leaves nobody behind. Raises SuccessorNeeded, and Invalid for a wrong successor.
    """
    drafts_to: UUID | None = None
    async with accounts.as_system(uow):
        for row in await repository.belongings(uow, user_id):
            await repository.hold_members(uow, row["id"])
            held = await members(uow, row["id"])
            if row["kind"] == "citizen" and not any(one.is_active for one in held if one.id != user_id):
                continue
            heir = await handover.hand_over(uow, row["id"], held, user_id, successors.get(row["id"]), remark)
            drafts_to = drafts_to or heir
    if drafts_to:
        await drafts.hand_over(uow, user_id, drafts_to)


async def _hold(uow: UnitOfWork, member: Member) -> list[MemberRead]:
    """The members, none of whom changes until the transaction ends; the one in question still among them."""
    await repository.hold_members(uow, member.participant_id)
    held = await members(uow, member.participant_id)
    _of(held, member.id)
    return held


def _of(held: list[MemberRead], user_id: UUID) -> MemberRead:
    found = next((one for one in held if one.id == user_id), None)
    if found is None:
        raise NotFound
    return found


def _administrators(held: list[MemberRead]) -> list[UUID]:
    """Who can act as administrator."""
    return [one.id for one in held if one.is_active and "administrator" in one.roles]


async def _set_roles(uow: UnitOfWork, participant_id: UUID, user_id: UUID, before: set[str], after: set[str]) -> None:
    for role in sorted(after - before):
        await accounts.grant_role(uow, user_id, role, participant_id=participant_id)
    for role in sorted(before - after):
        await accounts.revoke_role(uow, user_id, role, participant_id=participant_id)
