"""Keeping contacts sealed, and opening one with a purpose: every try stands in the trail, also one that is refused."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from server.contacts import repository
from server.contacts.models import Contact
from server.contacts.policy import POLICY
from server.contacts.schemas import ContactCreate, ContactRevealed, ContactRow, Purpose
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound
from server.kit.schema import new_id
from server.kit.sealing import Keys, Sealed, keys_in
from server.kit.uow import Audience, Event
from server.participants import service as participants

VERBS = ("reveal", "remove")


@dataclass(frozen=True)
class Circle:
    """Whose contacts they are, and how the caller stands to that participant; one contact where the path names it."""

    participant_id: UUID
    place_code: str | None
    hidden: bool
    partners: frozenset[UUID]
    contact: Contact | None = None


async def load(call: Call) -> Circle:
    """Loader: the participant in the path, or NotFound."""
    participant = await participants.load(call)
    return Circle(
        participant.id,
        participant.place.code if participant.place else None,
        participant.kind == "armed_forces_unit",
        await repository.partners(call.uow, participant.id),
    )


async def load_contact(call: Call) -> Circle:
    """Loader: the contact in the path with its participant, or NotFound."""
    circle = await load(call)
    found = await repository.find(circle.participant_id, call.param("contact_id"))
    if found is None:
        raise NotFound
    return Circle(circle.participant_id, circle.place_code, circle.hidden, circle.partners, found)


async def load_to_reveal(call: Call) -> Circle:
    """Loader: as load_contact; a refusal is recorded. Raises NotFound, Forbidden."""
    circle = await load_contact(call)
    if POLICY.grants(call.actor, "reveal", circle) is None:
        call.uow.record(_happened(circle, "reveal_refused", call.body))
        call.uow.keep = True
        raise Forbidden
    return circle


async def listed(call: Call, circle: Circle) -> list[ContactRow]:
    """The contacts of a participant, without whom they are."""
    return [_row(call, circle, one) for one in await repository.of_participant(circle.participant_id)]


async def create(call: Call, circle: Circle, body: ContactCreate) -> ContactRow:
    """Keep a contact, sealed."""
    id_ = new_id()
    plain = orjson.dumps({"name": body.name, "phone": body.phone, "email": body.email})
    sealed = _keys(call).seal(plain, str(id_))
    made = await Contact.create(
        id=id_,
        participant_id=circle.participant_id,
        position=body.position,
        sealed=sealed.content,
        key_id=sealed.key_id,
    )
    call.uow.record(_event(circle, made.id, "created", {"position": made.position}))
    return _row(call, circle, made)


async def remove(call: Call, circle: Circle) -> None:
    """Forget a contact for good: personal data, and no part of the books."""
    contact = _contact(circle)
    await contact.delete()
    call.uow.record(_event(circle, contact.id, "removed", {"position": contact.position}))


async def reveal(call: Call, circle: Circle, body: Purpose) -> ContactRevealed:
    """Open one contact; who, when and why stands in the trail."""
    contact = _contact(circle)
    call.uow.record(_happened(circle, "revealed", body))
    plain = _keys(call).open(Sealed(contact.key_id, bytes(contact.sealed)), str(contact.id))
    return ContactRevealed.model_validate_json(plain)


def _contact(circle: Circle) -> Contact:
    if circle.contact is None:
        raise NotFound
    return circle.contact


def _keys(call: Call) -> Keys:
    return keys_in(call.request.app.state.settings.data.resolve())


def _row(call: Call, circle: Circle, contact: Contact) -> ContactRow:
    can = POLICY.can(call.actor, circle, VERBS)
    return ContactRow(id=contact.id, position=contact.position, created_at=contact.created_at, can=can)


def _happened(circle: Circle, what: str, body: Purpose) -> Event:
    contact = _contact(circle)
    return _event(circle, contact.id, what, {"position": contact.position, "purpose": body.purpose})


def _event(circle: Circle, contact_id: UUID, what: str, after: dict[str, str]) -> Event:
    codes = frozenset({circle.place_code} if circle.place_code and not circle.hidden else ())
    return Event(
        f"contact.{what}", "contact", contact_id, Audience(frozenset({circle.participant_id}), codes), after=after
    )
