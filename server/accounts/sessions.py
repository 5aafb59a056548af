"""Sessions of browsers: begun, given another token, listed and ended."""

from server.accounts import authentication, repository
from server.accounts.models import Session, User
from server.accounts.rules import SESSION_IDLES, SESSION_LASTS
from server.accounts.schemas import OwnSession
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.uow import UnitOfWork


async def start(call: Call, user: User, *, by_openid: bool = False, has_factor: bool = False) -> Session:
    """A new session of a user in the caller's browser; one that the browser had before ends.

    `has_factor` says that the identity provider asked for a second factor.
    """
    now = clock.real_now()
    if before := authentication.session_token(call.request):
        await repository.revoke_token(authentication.digest(before), now)
    token = authentication.new_token()
    call.response_headers["Set-Cookie"] = authentication.set_cookie(call.request, token)
    return await Session.create(
        token_hash=authentication.digest(token),
        csrf_token=authentication.new_token(),
        user_id=user.id,
        last_seen_at=now,
        expires_at=now + SESSION_LASTS,
        user_agent=call.request.headers.get("User-Agent", "")[:400],
        by_openid=by_openid,
        has_factor=has_factor,
    )


async def rotate(call: Call) -> None:
    """Give the caller's session another token, as after a change of password or of rights (decision 17)."""
    token = authentication.new_token()
    await Session.filter(id=call.actor.session_id).update(token_hash=authentication.digest(token))
    call.response_headers["Set-Cookie"] = authentication.set_cookie(call.request, token)


async def own(uow: UnitOfWork) -> list[OwnSession]:
    """The caller's sessions that still hold."""
    now = clock.real_now()
    live = await repository.live_sessions(uow.actor.id, now, now - SESSION_IDLES)
    return [
        OwnSession(
            id=session.id,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
            current=session.id == uow.actor.session_id,
        )
        for session in live
    ]


async def load(call: Call) -> Session:
    """Loader: one of the caller's own sessions, or NotFound."""
    found = await repository.session_by_id(call.param("session_id"))
    if found is None:
        raise NotFound
    return found


async def end(session: Session) -> None:
    """End a session."""
    session.revoked_at = clock.real_now()
    await session.save(update_fields=["revoked_at"])
