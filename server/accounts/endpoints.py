"""Signing in and out, one's own profile, sessions and API keys."""

from server.accounts import forgotten, keys, openid, second_factor, service, sessions
from server.accounts.models import ApiKey, OpenIdIdentity, Session, User
from server.accounts.policy import POLICY
from server.accounts.schemas import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyRead,
    CodeGiven,
    MeChange,
    MeRead,
    OpenIdAddress,
    OpenIdAnswer,
    OpenIdFinished,
    OpenIdLink,
    OpenIdRead,
    OpenIdSignedOut,
    OwnSession,
    PasswordChange,
    PasswordForgotten,
    PasswordReset,
    RecoveryCodes,
    SecondFactorOffered,
    SecondFactorRead,
    SecondFactorSetUp,
    SessionRead,
    SignIn,
)
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page

operations = Operations("accounts", POLICY)


@operations.post("/session", action="sign_in")
async def sign_in(call: Call, body: SignIn) -> SessionRead:
    """Sign in: sets the session cookie and gives the CSRF token.

    A session that the browser had before ends. After five failures each further try must wait longer (429). An account with
    a second factor needs its code too: `/problems/code-needed` says that the password was right and the code is missing.
    """
    return await service.sign_in(call, body)


@operations.get("/session", action="read_session")
async def read_session(call: Call) -> SessionRead:
    """Who is signed in, in which roles, and on which business date; `user` is null for nobody."""
    return await service.read_session(call)


@operations.delete("/session", action="sign_out")
async def sign_out(call: Call) -> None:
    """Sign out: the session ends and its cookie goes."""
    await service.sign_out(call)


@operations.post("/session/openid", action="sign_in")
async def begin_openid(call: Call) -> OpenIdAddress:
    """Begin to sign in through the identity provider that the platform names (409 where it names none)."""
    return await openid.begin(call)


@operations.post("/session/openid/finish", action="sign_in")
async def finish_openid(call: Call, body: OpenIdAnswer) -> OpenIdFinished:
    """Take what the browser brings back from the identity provider: sets the session cookie, or links the identity.

    An account with a second factor needs its code too, unless the provider asked for one: after `/problems/code-needed` send
    it to `/session/openid/code`. `/problems/openid-unknown`: the identity is linked to nobody.
    """
    return await openid.finish(call, body)


@operations.post("/session/openid/code", action="sign_in")
async def give_openid_code(call: Call, body: CodeGiven) -> SessionRead:
    """The code of one's own second factor, within ten minutes after the identity provider has proved the person."""
    return await openid.give_code(call, body)


@operations.post("/session/openid/sign-out", action="sign_out")
async def sign_out_openid(call: Call) -> OpenIdSignedOut:
    """Sign out, and learn where the browser signs out at the identity provider, if the session began there."""
    return await openid.sign_out(call)


@operations.post("/password-resets", action="reset_password", status=204)
async def forget_password(call: Call, body: PasswordForgotten) -> None:
    """Have a code sent to the address with which one signs in; the reply says to nobody whether somebody does.

    After five within an hour from one network address each further one must wait (429).
    """
    await forgotten.ask(call, body)


@operations.post("/password-resets/confirm", action="reset_password", status=204)
async def reset_password(call: Call, body: PasswordReset) -> None:
    """Choose another password with that code: every session and key ends. A second factor is still asked for."""
    await forgotten.reset(call, body)


@operations.get("/me", action="read", loads=service.load_me)
async def read_me(call: Call, subject: User) -> MeRead:
    """One's own profile."""
    return service.me(subject)


@operations.change("/me", action="change", loads=service.load_me)
async def change_me(call: Call, subject: User, body: MeChange) -> MeRead:
    """Change one's own name, language or theme."""
    return await service.change_me(call.uow, subject, body)


@operations.post("/me/password", action="secure", loads=service.load_me, status=204)
async def change_password(call: Call, subject: User, body: PasswordChange) -> None:
    """Change one's own password; every other session ends and this one gets a new cookie."""
    await service.change_password(call, subject, body)


@operations.get("/me/second-factor", action="secure", loads=service.load_me)
async def read_second_factor(call: Call, subject: User) -> SecondFactorRead:
    """How one's own second factor stands."""
    return await second_factor.read(call, subject)


@operations.post("/me/second-factor", action="secure", loads=service.load_me)
async def set_up_second_factor(call: Call, subject: User, body: SecondFactorSetUp) -> SecondFactorOffered:
    """Begin to set up a second factor: a secret for an authenticator app, which holds once it is confirmed."""
    return await second_factor.set_up(call, subject, body)


@operations.post("/me/second-factor/confirm", action="secure", loads=service.load_me)
async def confirm_second_factor(call: Call, subject: User, body: CodeGiven) -> RecoveryCodes:
    """Confirm the second factor with a first code; every other session ends. The recovery codes are in this reply only."""
    return await second_factor.confirm(call, subject, body)


@operations.post("/me/second-factor/recovery-codes", action="secure", loads=service.load_me)
async def renew_recovery_codes(call: Call, subject: User, body: CodeGiven) -> RecoveryCodes:
    """Make recovery codes anew; those before no longer work."""
    return await second_factor.renew_recovery_codes(call, subject, body)


@operations.post("/me/second-factor/turn-off", action="secure", loads=service.load_me, status=204)
async def turn_off_second_factor(call: Call, subject: User, body: CodeGiven) -> None:
    """Turn one's own second factor off, with a code of it; where the office asks for it, it stays."""
    await second_factor.turn_off(call, subject, body)


@operations.get("/me/openid", action="secure", loads=service.load_me)
async def list_openid(call: Call, subject: User) -> Page[OpenIdRead]:
    """The identities with which one signs in through the provider; complete, without further pages."""
    return Page(items=await openid.own(subject.id))


@operations.post("/me/openid", action="secure", loads=service.load_me)
async def link_openid(call: Call, subject: User, body: OpenIdLink) -> OpenIdAddress:
    """Begin to link an identity of the provider to one's own account; the password is asked for, and a standing second factor."""
    return await openid.begin_link(call, subject, body)


@operations.delete("/me/openid/{identity_id:uuid}", action="secure", loads=openid.load)
async def unlink_openid(call: Call, subject: OpenIdIdentity) -> None:
    """Unlink an identity; one signs in with the password again."""
    await openid.unlink(call.uow, subject)


@operations.get("/me/sessions", action="secure")
async def list_own_sessions(call: Call) -> Page[OwnSession]:
    """The browsers in which one is signed in; complete, without further pages."""
    return Page(items=await sessions.own(call.uow))


@operations.delete("/me/sessions/{session_id:uuid}", action="secure", loads=sessions.load)
async def end_own_session(call: Call, subject: Session) -> None:
    """End one of one's own sessions."""
    await sessions.end(subject)


# No Idempotency-Key here: a stored reply would keep the secret.
@operations.post("/me/api-keys", action="secure", status=201)
async def create_api_key(call: Call, body: ApiKeyCreate) -> ApiKeyCreated:
    """Make an API key; its secret is in this reply only."""
    return await keys.create(call.uow, body)


@operations.get("/me/api-keys", action="secure")
async def list_api_keys(call: Call) -> Page[ApiKeyRead]:
    """One's own API keys that still work; complete, without further pages."""
    return Page(items=await keys.own(call.uow))


@operations.delete("/me/api-keys/{key_id:uuid}", action="secure", loads=keys.load)
async def revoke_api_key(call: Call, subject: ApiKey) -> None:
    """Revoke one of one's own API keys."""
    await keys.revoke(call.uow, subject)
