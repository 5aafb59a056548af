"""Coming in: an account and an application in one step; and participants that a coordinating office brings in."""

from dataclasses import dataclass

from server.accounts import service as accounts
from server.accounts.schemas import SessionRead
from server.kit.endpoint import Call
from server.participants import service as participants
from server.people import invitations
from server.people.rules import SignOutFirst
from server.people.schemas import OfficeRegistered, OfficeRegistration, Registration
from server.places import service as places

REGISTRATION = "to register"
"""Under this registrations are counted; no identifier has a space."""


async def register(call: Call, body: Registration) -> SessionRead:
    """Make an account and its application to take part in one transaction, and sign the person in.

    Raises SignOutFirst, TooManyRequests, IdentifierTaken, CreditCodeTaken, and Invalid for a weak password or an
    unknown place.
    """
    if call.actor.is_signed_in:
        raise SignOutFirst
    await accounts.count_try(call, REGISTRATION)
    async with call.uow.tentative():
        return await _register(call, body)


async def _register(call: Call, body: Registration) -> SessionRead:
    async with accounts.as_system(call.uow):
        user = await accounts.create_user(
            call.uow,
            body.account.identifier,
            body.account.name.zh,
            body.account.password.get_secret_value(),
            name_en=body.account.name.en,
            language=body.account.language,
        )
    entered = await accounts.enter(call, user)
    await participants.apply(call.uow, body.participant)
    call.actor = call.uow.actor
    return entered.model_copy(update={"grants": accounts.shown_grants(call.actor)})


@dataclass(frozen=True)
class Seat:
    """Where what is to be registered will have its seat, and of which kind it is: enough to ask who may."""

    kind: str
    code: str


async def load_seat(call: Call) -> Seat:
    """Loader: the seat that the body names. Raises Invalid for an unknown place."""
    given = call.body.participant
    return Seat(given.kind, (await places.resolve(call.uow, given.place_code)).code)


async def register_for_office(call: Call, body: OfficeRegistration) -> OfficeRegistered:
    """Register a participant of a kind that does not apply by itself, and invite its administrator.

    Raises CreditCodeTaken, Invalid.
    """
    participant = await participants.register(call.uow, body.participant)
    async with accounts.as_system(call.uow):
        invitation = await invitations.invite(call, body.administrator, ["administrator"], participant)
    return OfficeRegistered(participant=await participants.read(call.uow, participant), invitation=invitation)
