"""Users with roles, as tests need them."""

from collections.abc import Iterable
from itertools import count
from typing import Any
from uuid import UUID

from server.accounts import passwords
from server.accounts.actor import Actor, Grant
from server.accounts.models import RoleGrant, User
from tests.support.database import within

_numbers = count(1)


async def make_user(
    identifier: str | None = None, *, name: str = "测试员", password: str | None = None, grants: Iterable[Grant] = ()
) -> User:
    """A user; hashing a password takes a quarter of a second, so only those who sign in get one."""
    number = next(_numbers)
    hashed = await passwords.hash_password(password) if password else None

    async def work(_: Any) -> User:
        user = await User.create(
            identifier=identifier or f"user{number}@test", name=name, name_en=f"Tester {number}", password_hash=hashed
        )
        for grant in grants:
            await RoleGrant.create(
                user_id=user.id, role=grant.role, participant_id=grant.participant_id, place_code=grant.place_code
            )
        return user

    return await within(work)


async def make_member(participant_id: UUID, *roles: str, **options: Any) -> User:
    """A user with roles at a participant."""
    return await make_user(grants=[Grant(role, participant_id) for role in roles], **options)


async def make_overseer(role: str = "coordinator", place_code: str | None = None, **options: Any) -> User:
    """A user with an overseeing role over a place, or national."""
    return await make_user(grants=[Grant(role, None, place_code)], **options)


async def actor_of(user: User) -> Actor:
    """The Actor that a user's session would have."""

    async def work(_: Any) -> tuple[Grant, ...]:
        held = await RoleGrant.filter(user_id=user.id, revoked_at=None)
        return tuple(Grant(one.role, one.participant_id, one.place_code) for one in held)

    return Actor("user", user.id, await within(work))
