"""Looking up participants, applying to take part, and verification."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason
from server.participants import merging, service
from server.participants.models import Participant
from server.participants.policy import POLICY
from server.participants.schemas import (
    Attach,
    DocumentRead,
    Likenesses,
    LikenessQuery,
    Membership,
    ParticipantApply,
    ParticipantCorrect,
    ParticipantMerge,
    ParticipantQuery,
    ParticipantRead,
    ParticipantRow,
    ParticipantVerify,
)

operations = Operations("participants", POLICY)


@operations.get("/participants", action="read")
async def list_participants(call: Call, query: ParticipantQuery) -> Page[ParticipantRow]:
    """Participants that the caller may see, by name, kind, status or place."""
    return await service.list_participants(call.uow, query)


@operations.get("/participants/{participant_id:uuid}", action="read", loads=service.load)
async def read_participant(call: Call, subject: Participant) -> ParticipantRead:
    """One participant."""
    return await service.read(call.uow, subject)


@operations.create("/participants", action="create")
async def apply_as_participant(call: Call, body: ParticipantApply) -> ParticipantRead:
    """Apply to take part (article 24).

    The applicant becomes the participant's administrator; the office over its seat verifies, returns or rejects.
    """
    return await service.apply(call.uow, body)


@operations.verb("/participants/{participant_id:uuid}/apply", action="apply", loads=service.load)
async def apply_again(call: Call, subject: Participant, body: ParticipantCorrect) -> ParticipantRead:
    """Send a returned application again, mended."""
    return await service.apply_again(call.uow, subject, body)


@operations.verb("/participants/{participant_id:uuid}/verify", action="verify", loads=service.load)
async def verify_participant(call: Call, subject: Participant, body: ParticipantVerify) -> ParticipantRead:
    """Verify a participant: from now on what it promises counts.

    Everything on its kind's checklist was found in order; who registered it or belongs to it cannot do this.
    """
    return await service.verify(call.uow, subject, "verify", body.remark, body.checklist)


@operations.verb("/participants/{participant_id:uuid}/reverify", action="reverify", loads=service.load)
async def reverify_participant(call: Call, subject: Participant, body: ParticipantVerify) -> ParticipantRead:
    """Verify a participant again, as it has to be from time to time."""
    return await service.verify(call.uow, subject, "reverify", body.remark, body.checklist)


@operations.get("/participants/alike", action="compare")
async def find_alike(call: Call, query: LikenessQuery) -> Likenesses:
    """What is registered already under the same credit code or name, before somebody registers it again."""
    return await service.alike(call, query)


@operations.verb("/participants/{participant_id:uuid}/return", action="return", loads=service.load)
async def return_participant(call: Call, subject: Participant, body: Reason) -> ParticipantRead:
    """Return an application to be mended."""
    return await service.decide(call.uow, subject, "return", body.remark)


@operations.verb("/participants/{participant_id:uuid}/reject", action="reject", loads=service.load)
async def reject_participant(call: Call, subject: Participant, body: Reason) -> ParticipantRead:
    """Reject an application."""
    return await service.decide(call.uow, subject, "reject", body.remark)


@operations.verb("/participants/{participant_id:uuid}/suspend", action="suspend", loads=service.load)
async def suspend_participant(call: Call, subject: Participant, body: Reason) -> ParticipantRead:
    """Suspend a verified participant; what it has promised stays promised."""
    return await service.decide(call.uow, subject, "suspend", body.remark)


@operations.verb("/participants/{participant_id:uuid}/merge", action="merge", loads=service.load)
async def merge_participant(call: Call, subject: Participant, body: ParticipantMerge) -> ParticipantRead:
    """Merge a participant that is there twice into the one that stays.

    For the leading group's office over both seats, and the platform administrator. Its id stays valid and says where it
    went; what it has promised stays as it is.
    """
    return await merging.merge(call.uow, subject, body)


@operations.get("/participants/{participant_id:uuid}/documents", action="see_file", loads=service.load)
async def list_documents(call: Call, subject: Participant) -> Page[DocumentRead]:
    """The documents of a participant, for its members and who oversees its seat; complete, without further pages."""
    return Page(items=await service.documents(call.uow, subject))


@operations.verb("/participants/{participant_id:uuid}/documents", action="attach", loads=service.load, status=201)
async def attach_document(call: Call, subject: Participant, body: Attach) -> Page[DocumentRead]:
    """Put an uploaded file to a participant, such as its registration certificate; gives all its documents."""
    return Page(items=await service.attach(call.uow, subject, body))


@operations.get("/me/memberships", action="memberships")
async def list_memberships(call: Call) -> Page[Membership]:
    """The participants that the caller belongs to, with the roles there; complete, without further pages."""
    return Page(items=await service.memberships(call.uow))
