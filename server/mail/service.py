"""Writing letters, sending each at most once, and proving an address by a code. All of it is the system's to do."""

import asyncio
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from server.activity import jobs
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import Text
from server.kit.schema import new_id
from server.kit.uow import Identity, UnitOfWork
from server.mail import repository, sms, smtp
from server.mail.models import AddressCode
from server.mail.rules import (
    CODE_LASTS,
    CODES_AN_HOUR,
    LETTERS_KEPT,
    WRONG_TRIES,
    MailOff,
    Outcome,
    SmsOff,
    TooManyCodes,
    WrongCode,
    channel_of,
    is_phone,
)
from server.settings import get_settings

Purpose = Literal["commit", "password", "look", "notices"]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another."""
HANDED_LENGTH = 10

SUBJECT = Text("结对平台验证码 {code}", "Jiedui: your code is {code}")
BODY = Text(
    "您的验证码是 {code}，{minutes} 分钟内有效。\n\n如非本人操作，请忽略本邮件。\n",
    "Your code is {code}. It holds for {minutes} minutes.\n\nIf you did not ask for it, ignore this message.\n",
)


SHORT = Text(
    "【结对】验证码 {code}，{minutes} 分钟内有效。如非本人操作，请忽略。",
    "Jiedui: your code is {code}, good for {minutes} minutes. Ignore it if you did not ask.",
)


def has_door(address: str) -> bool:
    """Whether this is an address of a kind to which the settings name a way."""
    settings = get_settings()
    doors = {"email": settings.smtp_url, "sms": settings.sms_url if is_phone(address) else ""}
    return bool(doors[channel_of(address)])


async def send(uow: UnitOfWork, key: str, address: str, subject: str, body: str) -> bool:
    """Have a letter or a short message sent once this transaction is committed; False where its key was written before.

    Raises MailOff and SmsOff where no mail server, or no gateway, is set.
    """
    channel = channel_of(address)
    if not has_door(address):
        raise MailOff if channel == "email" else SmsOff
    letter_id = await repository.insert(uow, channel, key, address, subject, body)
    if letter_id is None:
        return False
    uow.enqueue(jobs.SEND_LETTER, letter_id=str(letter_id))
    return True


async def send_one(letter_id: UUID, system: Identity) -> None:
    """Send a letter that nobody has begun to send; twice is as once.

    Raises NotTaken where the mail server did not take it: then it may be tried again. A worker that dies in between
    leaves a letter that was begun, and is not sent a second time.
    """
    words = await units.run(lambda uow: repository.begin(uow, letter_id, clock.real_now()), system)
    if words is None:
        return
    outcome: Outcome = "sent"
    try:
        await asyncio.to_thread(_hand_over, words)
    except smtp.NotTaken:
        await units.run(lambda uow: repository.give_back(uow, letter_id), system)
        raise
    except smtp.Refused:
        outcome = "refused"
    except smtp.Unknown:
        outcome = "unknown"
    await units.run(lambda uow: repository.end(uow, letter_id, outcome, clock.real_now()), system)


def _hand_over(words: smtp.Words) -> None:
    settings = get_settings()
    if channel_of(words.address) == "email":
        smtp.hand_over(smtp.Server(settings.smtp_url, settings.mail_from), words)
    else:
        sms.hand_over(settings.sms_url, words)


async def send_code(
    uow: UnitOfWork, address: str, purpose: Purpose, language: str, request_id: UUID | None = None
) -> None:
    """Send six digits to an address, once for a request that says its id. Raises MailOff, and TooManyCodes past five an hour."""
    now = clock.real_now()
    if request_id and await repository.has_code(uow, request_id):
        return
    if await repository.codes_since(uow, address, now - timedelta(hours=1)) >= CODES_AN_HOUR:
        raise TooManyCodes(seconds=3600, headers={"Retry-After": "3600"})
    code_id, code = request_id or new_id(), f"{secrets.randbelow(10**6):06}"
    digest, until = _digest(code_id, code), now + CODE_LASTS
    await AddressCode.create(id=code_id, address=address, purpose=purpose, code_hash=digest, expires_at=until)
    body = BODY if channel_of(address) == "email" else SHORT
    facts = {"code": code, "minutes": int(CODE_LASTS.total_seconds() // 60)}
    await send(uow, f"code:{code_id}", address, SUBJECT.say(language, **facts), body.say(language, **facts))


async def hand_out_code(uow: UnitOfWork, address: str, purpose: Purpose, lasts: timedelta) -> tuple[str, datetime]:
    """A code that somebody passes on by hand, longer than one that is sent, and until when it holds; only its hash is kept."""
    code_id, until = new_id(), clock.real_now() + lasts
    code = "".join(secrets.choice(LETTERS) for _ in range(HANDED_LENGTH))
    await AddressCode.create(
        id=code_id, address=address, purpose=purpose, code_hash=_digest(code_id, code), expires_at=until
    )
    return code, until


async def prove(uow: UnitOfWork, address: str, purpose: Purpose, code: str) -> AddressCode:
    """The code that was last sent to an address, locked, if this is it. Raises WrongCode, and counts the try."""
    found = await repository.last_code(uow, address, purpose)
    if found is None or found.expires_at <= clock.real_now() or found.wrong_tries >= WRONG_TRIES:
        raise WrongCode
    if not hmac.compare_digest(bytes(found.code_hash), _digest(found.id, code)):
        await repository.count_wrong(uow, found.id)
        uow.keep = True  # a wrong try counts although the reply is 4xx
        raise WrongCode
    return found


async def use(uow: UnitOfWork, code: AddressCode) -> None:
    """Let a code hold no longer. Raises WrongCode where it was used."""
    if not await repository.use_code(uow, code.id, clock.real_now()):
        raise WrongCode


async def tidy(uow: UnitOfWork) -> None:
    """Drop what is kept no longer: letters after a month, codes a day after they held."""
    now = clock.real_now()
    await repository.forget(uow, now - LETTERS_KEPT, now - timedelta(days=1))


async def forget_address(uow: UnitOfWork, address: str) -> None:
    """Drop every letter and code of an address whose owner is forgotten."""
    await repository.forget_address(uow, address)


def _digest(code_id: UUID, code: str) -> bytes:
    return hashlib.sha256(code_id.bytes + code.encode()).digest()
