"""The second factor: set up, proved at sign-in, replaced by recovery codes where the telephone is lost, turned off.

A code of the time is taken once: the step that it belongs to has to lie after the last one taken, which one guarded UPDATE
says. Secrets are sealed; recovery codes are hashed and shown once.
"""

import segno

from server.accounts import authentication, passwords, repository, sessions, totp, tries
from server.accounts.actor import SYSTEM
from server.accounts.models import SecondFactor, Session, User
from server.accounts.rules import (
    MIN_PASSWORD,
    CodeNeeded,
    FactorRequired,
    NoSecondFactor,
    SecondFactorStands,
    WrongCode,
    requires_second_factor,
    wrong_code,
    wrong_password,
)
from server.accounts.schemas import CodeGiven, RecoveryCodes, SecondFactorOffered, SecondFactorRead, SecondFactorSetUp
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.sealing import Keys, Sealed, keys_in
from server.kit.uow import Audience, Event, UnitOfWork


async def read(call: Call, user: User) -> SecondFactorRead:
    """Whether one's own second factor stands, and how many recovery codes are left."""
    factor = await repository.factor_of(user.id)
    on = factor is not None and factor.confirmed_at is not None
    return SecondFactorRead(
        on=on,
        since=factor.confirmed_at if factor else None,
        recovery_codes_left=len(factor.recovery_hashes) if factor and on else 0,
        required=_is_required(call),
    )


async def is_needed(call: Call, user: User, session: Session | None) -> bool:
    """Whether the caller's office asks for a second factor, none stands yet, and the identity provider asked for none."""
    return _is_required(call) and not (session and session.has_factor) and not await stands(user)


async def stands(user: User) -> bool:
    """Whether a user has a second factor here."""
    factor = await repository.factor_of(user.id)
    return factor is not None and factor.confirmed_at is not None


async def prove_person(call: Call, user: User, password: str, code: str | None) -> None:
    """Have somebody who is signed in show once more who they are. Raises Invalid, LockedOut."""
    await _prove_password(call, user, password)
    if await stands(user):
        await _prove_code(call, user, await _standing(user), code or "")


async def set_up(call: Call, user: User, body: SecondFactorSetUp) -> SecondFactorOffered:
    """Offer a new secret, which holds once a code of it is given. Raises SecondFactorStands, Invalid, LockedOut."""
    await _prove_password(call, user, body.password.get_secret_value())
    factor = await repository.factor_of(user.id)
    if factor and factor.confirmed_at:
        raise SecondFactorStands
    secret = totp.new_secret()
    await repository.offer_factor(user.id, _keys(call).seal(secret, _belongs_to(user)))
    address = totp.address(secret, user.identifier)
    rows = [[bool(dot) for dot in row] for row in segno.make_qr(address, error="m").matrix]
    return SecondFactorOffered(
        secret=totp.written(secret),
        address=address,
        size=len(rows),
        path="".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark),
    )


async def confirm(call: Call, user: User, body: CodeGiven) -> RecoveryCodes:
    """Let the offered secret hold: the other sessions end, this one gets a new token. Raises NoSecondFactor, Invalid."""
    factor = await repository.factor_of(user.id)
    if factor is None or factor.confirmed_at:
        raise NoSecondFactor
    await _prove_code(call, user, factor, body.code)
    codes = await _new_recovery_codes(factor)
    factor.confirmed_at = clock.real_now()
    await factor.save(update_fields=["confirmed_at", "recovery_hashes"])
    await repository.revoke_others(user.id, call.actor.session_id, clock.real_now())
    await sessions.rotate(call)
    call.uow.record(_happened(user, "second_factor_set_up"))
    return RecoveryCodes(codes=codes)


async def renew_recovery_codes(call: Call, user: User, body: CodeGiven) -> RecoveryCodes:
    """Make recovery codes anew; those before no longer work. Raises NoSecondFactor, Invalid, LockedOut."""
    factor = await _standing(user)
    await _prove_code(call, user, factor, body.code)
    codes = await _new_recovery_codes(factor)
    await factor.save(update_fields=["recovery_hashes"])
    call.uow.record(_happened(user, "recovery_codes_renewed"))
    return RecoveryCodes(codes=codes)


async def turn_off(call: Call, user: User, body: CodeGiven) -> None:
    """Turn one's own second factor off, with a code. Raises NoSecondFactor, FactorRequired, Invalid, LockedOut."""
    factor = await _standing(user)
    if _is_required(call):
        raise FactorRequired
    await _prove_code(call, user, factor, body.code)
    await _forget(call.uow, user)
    await sessions.rotate(call)


async def take_away(uow: UnitOfWork, user: User, remark: str) -> None:
    """Take the second factor of somebody who lost it; every session ends, the person sets up another."""
    if await repository.factor_of(user.id):
        await _forget(uow, user, {"remark": remark})
        await repository.revoke_others(user.id, None, clock.real_now())


async def check_at_sign_in(call: Call, user: User, code: str | None) -> None:
    """Ask for the second factor where one stands, the password having been right. Raises CodeNeeded, WrongCode, LockedOut.

    Tries count for the account wherever they come from: only who knows the password gets here, so nobody else can lock
    its owner out, and a code is not guessed from many addresses.
    """
    factor = await repository.factor_of(user.id)
    if factor is None or not factor.confirmed_at:
        return
    if code is None:
        raise CodeNeeded
    if not await _takes(call, user, factor, code):
        raise WrongCode


async def _prove_code(call: Call, user: User, factor: SecondFactor, code: str) -> None:
    actor = call.actor
    await call.uow.act_as(SYSTEM)  # failed tries are the platform's to count
    if not await _takes(call, user, factor, code):
        raise wrong_code()
    await call.uow.act_as(actor)


async def _prove_password(call: Call, user: User, password: str) -> None:
    uow, actor, client = call.uow, call.actor, authentication.client_of(call.request)
    await uow.act_as(SYSTEM)
    await tries.begin(uow, user.identifier, client)
    # So short it is nobody's password, and no hash is spent on it.
    if len(password) < MIN_PASSWORD or not await passwords.verify(user.password_hash, password):
        await tries.failed(uow, user.identifier, client)
        raise wrong_password("password")
    await repository.forget_failures(uow, user.identifier, client)
    await uow.act_as(actor)


async def _takes(call: Call, user: User, factor: SecondFactor, code: str) -> bool:
    """Whether a code fits and was not taken before; a recovery code is taken by being used."""
    counted = f"code {user.id}"
    await tries.begin(call.uow, counted, "")
    given = totp.plain(code)
    secret = _keys(call).open(Sealed(factor.key_id, factor.sealed), _belongs_to(user))
    step = totp.step_of(secret, given, clock.real_now())
    if step is not None:
        fits = await repository.take_step(call.uow, user.id, step)
    else:
        fits = await repository.take_recovery_code(call.uow, user.id, totp.recovery_hash(given))
        if fits:
            call.uow.record(_happened(user, "recovery_code_used"))
    if not fits:
        await tries.failed(call.uow, counted, "")
        return False
    await repository.forget_failures(call.uow, counted, "")
    return True


async def _new_recovery_codes(factor: SecondFactor) -> list[str]:
    codes = totp.new_recovery_codes()
    factor.recovery_hashes = [totp.recovery_hash(code) for code in codes]
    return codes


async def _standing(user: User) -> SecondFactor:
    factor = await repository.factor_of(user.id)
    if factor is None or not factor.confirmed_at:
        raise NoSecondFactor
    return factor


async def _forget(uow: UnitOfWork, user: User, after: dict[str, str] | None = None) -> None:
    await repository.forget_factor(user.id)
    uow.record(_happened(user, "second_factor_taken_off", after))


def _is_required(call: Call) -> bool:
    return requires_second_factor(authentication.settings_of(call.request).needs_factor, call.actor.grants)


def _keys(call: Call) -> Keys:
    return keys_in(authentication.settings_of(call.request).data)


def _belongs_to(user: User) -> str:
    return f"second factor of {user.id}"


def _happened(user: User, what: str, after: dict[str, str] | None = None) -> Event:
    return Event(f"user.{what}", "user", user.id, Audience(), after=after)
