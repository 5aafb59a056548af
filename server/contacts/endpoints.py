"""Contacts over HTTP."""

from server.contacts import service
from server.contacts.policy import POLICY
from server.contacts.schemas import ContactCreate, ContactRevealed, ContactRow, Purpose
from server.contacts.service import Circle
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page

operations = Operations("contacts", POLICY)

CONTACTS = "/participants/{participant_id:uuid}/contacts"
CONTACT = CONTACTS + "/{contact_id:uuid}"


@operations.get(CONTACTS, action="list", loads=service.load)
async def list_contacts(call: Call, subject: Circle) -> Page[ContactRow]:
    """Whom to call at a participant, by what they look after; complete, without further pages."""
    return Page(items=await service.listed(call, subject))


# No Idempotency-Key: a stored request would keep what is sealed in the clear.
@operations.post(CONTACTS, action="create", loads=service.load, status=201)
async def create_contact(call: Call, subject: Circle, body: ContactCreate) -> ContactRow:
    """Keep a contact: name, telephone and e-mail are sealed."""
    return await service.create(call, subject, body)


@operations.post(CONTACT + "/reveal", action="reveal", loads=service.load_to_reveal)
async def reveal_contact(call: Call, subject: Circle, body: Purpose) -> ContactRevealed:
    """Read a contact for a purpose, which stands in the trail with who asked, also where it is refused."""
    return await service.reveal(call, subject, body)


@operations.delete(CONTACT, action="remove", loads=service.load_contact)
async def remove_contact(call: Call, subject: Circle) -> None:
    """Forget a contact for good."""
    await service.remove(call, subject)
