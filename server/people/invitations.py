"""Invitations: a link that is handed to somebody, and what becomes of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.accounts import authentication
from server.accounts import service as accounts
from server.accounts.models import User
from server.accounts.rules import normal_identifier
from server.accounts.schemas import SessionRead
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound, fault, require
from server.kit.uow import Audience, Event, UnitOfWork
from server.participants.models import Participant
from server.people import repository, showing
from server.people.models import Invitation
from server.people.rules import (
    INVITATION_LASTS,
    INVITATIONS_KEPT,
    MOST_OPEN,
    InvitationOver,
    SignInFirst,
    TooManyInvitations,
    is_open,
)
from server.people.schemas import InvitationAccept, InvitationCreated, InvitationRead, InvitationShown


async def open_ones(uow: UnitOfWork, participant_id: UUID | None) -> list[InvitationRead]:
    """The invitations to a participant (None: into offices) that can still be accepted, the latest first."""
    return [showing.invitation(row) for row in await repository.invitations(uow, participant_id)]


async def load(call: Call) -> Invitation:
    """Loader: an invitation to the participant in the path, or NotFound."""
    found = await repository.find_invitation(call.param("invitation_id"))
    if found is None or found.participant_id != call.param("participant_id"):
        raise NotFound
    return found


async def invite(
    call: Call, identifier: str, roles: list[str], participant: Participant | None = None, place_code: str | None = None
) -> InvitationCreated:
    """Make a link that gives these roles to whoever opens it first, within a week. Raises TooManyInvitations, Invalid.

    Whether the person has an account is neither looked up nor said.
    """
    uow = call.uow
    if len(await repository.invitations(uow, participant.id if participant else None)) >= MOST_OPEN:
        raise TooManyInvitations(most=MOST_OPEN)
    token = authentication.new_token()
    made = await Invitation.create(
        identifier=normal_identifier(identifier),
        participant_id=participant.id if participant else None,
        place_code=place_code,
        roles=sorted(set(roles)),
        token_hash=authentication.digest(token),
        expires_at=clock.real_now() + INVITATION_LASTS,
        invited_by_id=call.actor.id,
    )
    uow.record(_happened(made, "invited", after=_facts(made)))
    shown = showing.invitation(await repository.invitation(uow, made.id))
    # After the `#`: what stands there is sent to no server and stands in no log.
    origin = authentication.settings_of(call.request).public_origin
    return InvitationCreated(**shown.model_dump(), link=f"{origin}/join#{token}")


async def withdraw(uow: UnitOfWork, invitation: Invitation) -> None:
    """Take an invitation back; one that was accepted stays accepted. Raises InvitationOver."""
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationOver
    invitation.withdrawn_at = clock.real_now()
    await invitation.save(update_fields=["withdrawn_at"])
    uow.record(_happened(invitation, "invitation_withdrawn", before=_facts(invitation)))


async def look(call: Call, token: str) -> InvitationShown:
    """What an invitation is to, for whoever holds its link. Raises InvitationOver."""
    async with accounts.as_system(call.uow):
        invitation = await _taken(call.uow, token, clock.real_now())
        shown = showing.invitation(await repository.invitation(call.uow, invitation.id))
        known = await accounts.find(invitation.identifier)
    return InvitationShown(**shown.model_dump(exclude={"id", "created_at"}), has_account=known is not None)


async def accept(call: Call, body: InvitationAccept) -> SessionRead:
    """Take the roles of an invitation: as who is signed in, or as a new user who is signed in from then on.

    Raises InvitationOver, SignInFirst for somebody who has an account, Invalid for a weak password, Forbidden for
    an API key, which stands for no person.
    """
    if call.actor.kind == "key":
        raise Forbidden
    async with accounts.as_system(call.uow):
        invitation = await _taken(call.uow, body.token, clock.real_now())
        user = await accounts.by_id(call.actor.id) or await _newcomer(call.uow, invitation, body)
        for role in invitation.roles:
            await accounts.grant_role(
                call.uow, user.id, role, participant_id=invitation.participant_id, place_code=invitation.place_code
            )
        invitation.accepted_at, invitation.accepted_by = clock.real_now(), user.id
        await invitation.save(update_fields=["accepted_at", "accepted_by"])
    # Rights have changed: a session that was there gets a new token, and so does a new one.
    entered = await accounts.enter(call, user)
    call.uow.record(_happened(invitation, "joined", after=_facts(invitation)))
    return entered


async def _taken(uow: UnitOfWork, token: str, now: datetime) -> Invitation:
    found = await repository.take_invitation(uow, authentication.digest(token))
    if found is None or not is_open(found.accepted_at, found.withdrawn_at, found.expires_at, now):
        raise InvitationOver
    return found


async def _newcomer(uow: UnitOfWork, invitation: Invitation, body: InvitationAccept) -> User:
    if await accounts.find(invitation.identifier):
        raise SignInFirst
    missing = []
    if body.name is None:
        missing.append(fault("name", "missing", "请填写姓名", "give your name"))
    if body.password is None:
        missing.append(fault("password", "missing", "请设置密码", "choose a password"))
    require(missing)
    assert body.name is not None and body.password is not None  # noqa: S101  # required just above
    return await accounts.create_user(
        uow,
        invitation.identifier,
        body.name.zh,
        body.password.get_secret_value(),
        name_en=body.name.en,
        language=body.language,
    )


def _facts(invitation: Invitation) -> dict[str, Any]:
    at = str(invitation.participant_id) if invitation.participant_id else None
    return {
        "identifier": invitation.identifier,
        "roles": invitation.roles,
        "participant_id": at,
        "place_code": invitation.place_code,
    }


def _happened(invitation: Invitation, what: str, **states: dict[str, Any]) -> Event:
    audience = Audience(frozenset({invitation.participant_id} if invitation.participant_id else ()))
    return Event(f"member.{what}", "invitation", invitation.id, audience, states.get("before"), states.get("after"))


async def tidy(uow: UnitOfWork) -> None:
    """Forget invitations a year after they were over."""
    await repository.forget_old_invitations(uow, clock.real_now() - INVITATIONS_KEPT)
