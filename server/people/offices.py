"""Users as the platform administrator looks after them: who holds which office, who may sign in at all.

The office itself opens accounts and grants alone: of the field its holder reads nothing.
"""

from typing import Any
from uuid import UUID

from server.accounts import second_factor
from server.accounts import service as accounts
from server.accounts.models import RoleGrant, User
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.paging import Page
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.people import invitations, repository, service, showing
from server.people.models import Invitation
from server.people.policy import POLICY
from server.people.rules import OwnAccount, PersonWithdrawn
from server.people.schemas import (
    Deactivation,
    InvitationCreated,
    InvitationRead,
    OfficeGrant,
    OfficeInvite,
    UserQuery,
    UserRow,
)
from server.places import service as places


async def load(call: Call) -> User:
    """Loader: the user in the path, for a platform administrator; NotFound for everybody else."""
    async with accounts.as_system(call.uow):
        found = await accounts.by_id(call.param("user_id"))
    if found is None or POLICY.grants(call.actor, "administer", None) is None:
        raise NotFound
    return found


async def load_grant(call: Call) -> RoleGrant:
    """Loader: a standing grant of the user in the path, for a platform administrator; else NotFound."""
    user = await load(call)
    async with accounts.as_system(call.uow):
        found = await accounts.standing_grant(user.id, call.param("grant_id"))
    if found is None:
        raise NotFound
    return found


async def load_invitation(call: Call) -> Invitation:
    """Loader: an invitation into an office, for a platform administrator; else NotFound."""
    async with accounts.as_system(call.uow):
        found = await repository.find_invitation(call.param("invitation_id"))
    if found is None or found.participant_id or POLICY.grants(call.actor, "administer", None) is None:
        raise NotFound
    return found


async def page(call: Call, query: UserQuery) -> Page[UserRow]:
    """One page of all users with their grants."""
    async with accounts.as_system(call.uow):
        found = await repository.USERS.page(call.uow, query, repository.matching(query))
    return Page(
        items=[showing.user(row, row["id"] == call.actor.id) for row in found.items],
        next=found.next,
        total=found.total,
    )


async def read(call: Call, user_id: UUID) -> UserRow:
    """One user with all grants."""
    async with accounts.as_system(call.uow):
        row = await repository.user(call.uow, user_id)
    return showing.user(row, user_id == call.actor.id)


async def grant(call: Call, user: User, body: OfficeGrant) -> UserRow:
    """Give a user an office; one that stands already is left as it is. Raises Invalid, PersonWithdrawn."""
    _check_there(user)
    uow = call.uow
    place_code = await _place_code(uow, body.role, body.place_code)
    async with accounts.as_system(uow):
        if body.participant_id is not None:
            await participants.get(uow, body.participant_id)
        await accounts.grant_role(uow, user.id, body.role, participant_id=body.participant_id, place_code=place_code)
    return await read(call, user.id)


async def revoke(call: Call, held: RoleGrant) -> UserRow:
    """Take a role away, from the user's next request on. Raises OwnAccount for one's own office."""
    if held.user_id == call.actor.id and held.role == "platform_administrator":
        raise OwnAccount
    at: dict[str, Any] = {"participant_id": held.participant_id, "place_code": held.place_code}
    async with accounts.as_system(call.uow):
        await accounts.revoke_role(call.uow, held.user_id, held.role, **at)
        if held.role in ("administrator", "platform_administrator"):
            await repository.withdraw_of(call.uow, held.user_id, held.participant_id)
    return await read(call, held.user_id)


async def deactivate(call: Call, user: User, body: Deactivation) -> UserRow:
    """Let a user no longer in: all sessions, keys and open invitations of the user end, and the work is handed over.

    Raises OwnAccount, PersonWithdrawn, Stale, SuccessorNeeded.
    """
    _check_there(user)
    if user.id == call.actor.id:
        raise OwnAccount
    if user.is_active:
        successors = {one.participant_id: one.user_id for one in body.successors}
        await service.hand_over_all(call.uow, user.id, successors, body.remark)
    async with accounts.as_system(call.uow):
        await accounts.set_active(call.uow, user, active=False, remark=body.remark)
        await repository.withdraw_of(call.uow, user.id, None)
        await repository.end_substitutions(call.uow, user.id, None)
    return await read(call, user.id)


async def reactivate(call: Call, user: User, remark: str) -> UserRow:
    """Let a user in again. Raises OwnAccount, PersonWithdrawn, Stale."""
    _check_there(user)
    if user.id == call.actor.id:
        raise OwnAccount
    async with accounts.as_system(call.uow):
        await accounts.set_active(call.uow, user, active=True, remark=remark)
    return await read(call, user.id)


async def forget_second_factor(call: Call, user: User, remark: str) -> UserRow:
    """Take the second factor of somebody who lost it. Raises OwnAccount: one's own is turned off with a code."""
    if user.id == call.actor.id:
        raise OwnAccount
    async with accounts.as_system(call.uow):
        await second_factor.take_away(call.uow, user, remark)
    return await read(call, user.id)


async def invite(call: Call, body: OfficeInvite) -> InvitationCreated:
    """Make a link into an office. Raises Invalid, TooManyInvitations."""
    place_code = await _place_code(call.uow, body.role, body.place_code)
    async with accounts.as_system(call.uow):
        return await invitations.invite(call, body.identifier, [body.role], place_code=place_code)


async def open_invitations(uow: UnitOfWork) -> list[InvitationRead]:
    """The invitations into offices that can still be accepted."""
    async with accounts.as_system(uow):
        return await invitations.open_ones(uow, None)


async def withdraw(uow: UnitOfWork, invitation: Invitation) -> None:
    """Take an invitation into an office back. Raises InvitationOver."""
    async with accounts.as_system(uow):
        await invitations.withdraw(uow, invitation)


def _check_there(user: User) -> None:
    if user.erased_at:
        raise PersonWithdrawn


async def _place_code(uow: UnitOfWork, role: str, code: str | None) -> str | None:
    """Today's code of the place that an office is over; None is national. Raises Invalid."""
    if code is None:
        return None
    if role == "platform_administrator":
        raise invalid_field("place_code", "place", "平台管理员不限地区", "a platform administrator is over no place")
    return (await places.resolve(uow, code)).code
