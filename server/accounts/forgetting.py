"""Forgetting a person: what only served their signing in goes, and what they did stays under a name that is nobody's."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from server.accounts import repository
from server.accounts.models import User
from server.kit import clock
from server.kit.uow import Audience, Event, UnitOfWork
from server.mail import service as mail

ERASURE_WAITS = timedelta(days=14)
"""So long a person may take the wish back before their data are erased."""
NOBODY_ZH, NOBODY_EN = "已注销人员", "Person withdrawn"
"""Under these names stands from then on what the person signed, wrote and decided."""


async def forget(uow: UnitOfWork, user: User, citizens: Sequence[UUID], remark: str) -> str:
    """Take name, identifier, password, second factor, sessions, keys, roles and letters of a user; gives the identifier.

    Their id stays, and with it every event, signature and ledger entry; what events say of the identifier or the name goes,
    also of the `citizens` as whom they took part.
    The caller acts as the system.
    """
    identifier = user.identifier
    user.identifier, user.name, user.name_en = f"withdrawn-{user.id.hex}", NOBODY_ZH, NOBODY_EN
    user.password_hash, user.language, user.theme = None, "zh-CN", "system"
    user.is_active, user.erase_at, user.erased_at = False, None, clock.real_now()
    user.version += 1
    await user.save(using_db=uow.connection)
    await repository.forget_all(uow, user.id, identifier, citizens)
    await mail.forget_address(uow, identifier)
    uow.record(Event("user.erased", "user", user.id, Audience(), after={"remark": remark}))
    return identifier


async def wish(uow: UnitOfWork, user: User, *, erased: bool) -> None:
    """Note that a user wishes to be forgotten, from a fortnight on, or no longer does."""
    user.erase_at = clock.real_now() + ERASURE_WAITS if erased else None
    await user.save(update_fields=["erase_at"], using_db=uow.connection)
    what = "erasure_asked" if erased else "erasure_taken_back"
    after = {"erase_at": user.erase_at.isoformat()} if user.erase_at else None
    uow.record(Event(f"user.{what}", "user", user.id, Audience(), after=after))
