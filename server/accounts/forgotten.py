"""A forgotten password: a code goes to the e-mail address with which somebody signs in, and with it they choose another.

Whoever asks learns nothing: the request looks nobody up. A job does, once the same reply has gone to everybody.
"""

import asyncio
from uuid import UUID

from server.accounts import repository, service
from server.accounts.actor import SYSTEM
from server.accounts.rules import check_password, normal_identifier
from server.accounts.schemas import PasswordForgotten, PasswordReset
from server.activity import jobs
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from server.mail.rules import MailOff, TooManyCodes
from server.settings import get_settings

ASKED, CONFIRMED = "to reset a password", "to confirm a reset"
"""Under these tries are counted; no identifier has a space."""


async def ask(call: Call, body: PasswordForgotten) -> None:
    """Have a code sent to an address, if somebody signs in with it. Raises MailOff, TooManyRequests, Invalid."""
    identifier = normal_identifier(body.identifier)
    if not (get_settings().smtp_url or get_settings().sms_url):
        raise MailOff
    await service.count_try(call, ASKED)
    await call.uow.act_as(SYSTEM)  # nobody is signed in: the job is the platform's
    call.uow.enqueue(jobs.SEND_RESET, request_id=str(new_id()), identifier=identifier, language=body.language)


async def send(uow: UnitOfWork, request_id: UUID, identifier: str, language: str) -> None:
    """Send the code of a request once, if an active user signs in with this address; five an hour are enough for anybody."""
    user = await repository.find_user(identifier)
    if user is None or not user.is_active or not mail.has_door(identifier):
        return
    try:
        await mail.send_code(uow, identifier, "password", language, request_id)
    except TooManyCodes:
        return  # those that were sent are there; nobody is told more


async def reset(call: Call, body: PasswordReset) -> None:
    """Choose another password with the code; every session and key of the person ends, the second factor stays.

    Raises Invalid for a weak password, WrongCode alike for a wrong code and for nobody, TooManyRequests.
    """
    identifier, password = normal_identifier(body.identifier), body.password.get_secret_value()
    await asyncio.to_thread(check_password, password, identifier, "password")
    await service.count_try(call, CONFIRMED)
    await call.uow.act_as(SYSTEM)  # nobody is signed in: what follows is the platform's to do
    code = await mail.prove(call.uow, identifier, "password", body.code.strip().upper())
    # A server too busy to hash must not have used the code up.
    async with call.uow.tentative():
        await mail.use(call.uow, code)
        await service.set_password(call.uow, identifier, password)
        user = await repository.find_user(identifier)
        if user:
            await repository.revoke_all(call.uow, user.id, clock.real_now())
