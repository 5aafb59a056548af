"""A password replaced by hand: a code for who has no e-mail, given by whoever looks after the account, who learns no password."""

from datetime import timedelta

from server.accounts import service as accounts
from server.accounts.models import User
from server.kit.endpoint import Call
from server.kit.uow import Audience, Event, UnitOfWork
from server.mail import service as mail
from server.people.rules import HoldsMore, OwnAccount, PersonWithdrawn
from server.people.schemas import ResetCode
from server.people.service import Member

CODE_LASTS = timedelta(hours=24)


async def for_user(call: Call, user: User, remark: str) -> ResetCode:
    """A code for anybody but oneself, by the platform administrator. Raises OwnAccount, PersonWithdrawn."""
    if user.id == call.actor.id:
        raise OwnAccount
    async with accounts.as_system(call.uow):
        return await _issue(call.uow, user, Audience(), remark)


async def for_member(call: Call, member: Member, remark: str) -> ResetCode:
    """A code for a member, by the participant's administrator. Raises OwnAccount, and HoldsMore for who has roles elsewhere.

    Whoever gives the code out could use it: a participant's administrator must not come to other people's rights by it.
    """
    if member.id == call.actor.id:
        raise OwnAccount
    if await accounts.holds_elsewhere(call.uow, member.id, member.participant_id):
        raise HoldsMore
    async with accounts.as_system(call.uow):
        user = await accounts.by_id(member.id)
        if user is None:
            raise PersonWithdrawn
        return await _issue(call.uow, user, Audience(frozenset({member.participant_id})), remark)


async def _issue(uow: UnitOfWork, user: User, audience: Audience, remark: str) -> ResetCode:
    if not user.is_active:
        raise PersonWithdrawn
    code, until = await mail.hand_out_code(uow, user.identifier, "password", CODE_LASTS)
    uow.record(Event("user.reset_issued", "user", user.id, audience, after={"remark": remark}))
    return ResetCode(identifier=user.identifier, code=code, expires_at=until)
