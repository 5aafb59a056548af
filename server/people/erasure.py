"""A person's wish to be forgotten: asked for, taken back, and done after a fortnight or by the platform administrator.

What they wrote, signed and decided stays, under a name that is nobody's; what stands only for themselves goes.
"""

from uuid import UUID

from server.accounts import forgetting, second_factor
from server.accounts import service as accounts
from server.accounts.models import User
from server.accounts.schemas import MeRead
from server.drafts import service as drafts
from server.files import service as files
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Stale
from server.kit.uow import UnitOfWork
from server.participants import leaving
from server.people import offices, repository
from server.people.rules import NotWished, OwnAccount, SoleAdministrator
from server.people.schemas import ErasureWish, UserRow

CITIZEN = "citizen"
DUE = "到期自动注销 / due"


async def ask(call: Call, user: User, body: ErasureWish) -> MeRead:
    """Wish to be forgotten, with one's password where one has one. Raises Invalid, LockedOut, SoleAdministrator."""
    if user.password_hash:
        await second_factor.prove_person(call, user, body.password.get_secret_value(), body.code)
    await _check_handed_over(call.uow, user.id)
    await forgetting.wish(call.uow, user, erased=True)
    return accounts.me(user)


async def take_back(call: Call, user: User) -> MeRead:
    """Wish it no longer."""
    await forgetting.wish(call.uow, user, erased=False)
    return accounts.me(user)


async def erase_now(call: Call, user: User, remark: str) -> UserRow:
    """Forget at once who wishes it, or who is gone already and asked on paper. Raises NotWished, OwnAccount, SoleAdministrator."""
    if user.id == call.actor.id:
        raise OwnAccount
    if user.erased_at or (user.erase_at is None and user.is_active):
        raise NotWished
    async with accounts.as_system(call.uow):
        held = await accounts.hold(user.id)
        if held is None or held.version != user.version:
            raise Stale(version=user.version)
        await _erase(call.uow, held, remark)
    return await offices.read(call, user.id)


async def due(uow: UnitOfWork) -> list[UUID]:
    """Who is to be forgotten by now."""
    return await accounts.due_to_erase(uow, clock.real_now())


async def erase_due(uow: UnitOfWork, user_id: UUID) -> bool:
    """Forget somebody whose time has come, unless it was taken back or a participant has no other administrator yet."""
    user = await accounts.hold(user_id)
    if user is None or user.erase_at is None or user.erase_at > clock.real_now():
        return False
    try:
        await _erase(uow, user, DUE)
    except SoleAdministrator:
        return False  # asked again with the next run; the page of users shows that it is overdue
    return True


async def _erase(uow: UnitOfWork, user: User, remark: str) -> None:
    citizens = await _check_handed_over(uow, user.id)
    for participant_id in citizens:
        await leaving.withdraw_citizen(uow, participant_id, forgetting.NOBODY_ZH, forgetting.NOBODY_EN)
    await drafts.forget(uow, user.id)
    await files.drop_unattached(uow, clock.real_now(), user.id)
    identifier = await forgetting.forget(uow, user, citizens, remark)
    await repository.forget_invitations(uow, user.id, identifier)


async def _check_handed_over(uow: UnitOfWork, user_id: UUID) -> list[UUID]:
    """The citizens as whom the person takes part alone; raises SoleAdministrator for what else nobody would administer."""
    async with accounts.as_system(uow):
        alone = await repository.administered_alone(uow, user_id)
    others = [row["name_zh"] for row in alone if row["kind"] != CITIZEN]
    if others:
        raise SoleAdministrator(participants="、".join(others))
    return [row["id"] for row in alone]
