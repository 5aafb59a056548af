"""Members of participants, invitations, and the users and offices that the platform administrator looks after."""

from server.accounts import service as accounts
from server.accounts.models import RoleGrant, User
from server.accounts.schemas import MeRead, SessionRead
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark
from server.participants import service as participants
from server.participants.models import Participant
from server.people import erasure, invitations, offices, registering, resetting, service, substitutes
from server.people.models import Invitation
from server.people.policy import POLICY
from server.people.schemas import (
    Deactivation,
    ErasureWish,
    InvitationAccept,
    InvitationCreated,
    InvitationRead,
    InvitationShown,
    MemberChange,
    MemberInvite,
    MemberRead,
    MemberRemoval,
    OfficeGrant,
    OfficeInvite,
    OfficeRegistered,
    OfficeRegistration,
    Registration,
    ResetCode,
    SubstituteNamed,
    SubstitutionRead,
    Token,
    UserQuery,
    UserRow,
)
from server.people.service import Member
from server.people.substitutes import Standing

operations = Operations("people", POLICY)

MEMBERS = "/participants/{participant_id:uuid}/members"
SUBSTITUTIONS = "/participants/{participant_id:uuid}/substitutions"
INVITATIONS = "/participants/{participant_id:uuid}/invitations"


@operations.get(MEMBERS, action="see_members", loads=participants.load)
async def list_members(call: Call, subject: Participant) -> Page[MemberRead]:
    """Who belongs to a participant, for its members; complete, without further pages."""
    return Page(items=await service.members(call.uow, subject.id))


@operations.put(MEMBERS + "/{user_id:uuid}", action="manage_members", loads=service.load_member)
async def change_member(call: Call, subject: Member, body: MemberChange) -> MemberRead:
    """Give a member exactly these roles; they hold from the member's next request on."""
    return await service.change_roles(call, subject, list(body.roles))


@operations.post(MEMBERS + "/{user_id:uuid}/remove", action="manage_members", loads=service.load_member, status=204)
async def remove_member(call: Call, subject: Member, body: MemberRemoval) -> None:
    """Let a member go, at once; the successor, or an administrator, takes over what the member has begun."""
    await service.remove(call.uow, subject, body)


# No Idempotency-Key here: a stored reply would keep the code.
@operations.post(MEMBERS + "/{user_id:uuid}/reset-code", action="manage_members", loads=service.load_member)
async def issue_member_reset(call: Call, subject: Member, body: Reason) -> ResetCode:
    """Give a member without e-mail a code to choose another password; refused for who has roles elsewhere."""
    return await resetting.for_member(call, subject, body.remark)


@operations.get(INVITATIONS, action="manage_members", loads=participants.load)
async def list_invitations(call: Call, subject: Participant) -> Page[InvitationRead]:
    """The open invitations to a participant; complete, without further pages."""
    return Page(items=await invitations.open_ones(call.uow, subject.id))


# No Idempotency-Key here: a stored reply would keep the link.
@operations.post(INVITATIONS, action="manage_members", loads=participants.load, status=201)
async def invite_member(call: Call, subject: Participant, body: MemberInvite) -> InvitationCreated:
    """Invite somebody into a participant: the reply has a link that works once, within a week."""
    return await invitations.invite(call, body.identifier, list(body.roles), subject)


@operations.delete(INVITATIONS + "/{invitation_id:uuid}", action="manage_members", loads=invitations.load)
async def withdraw_invitation(call: Call, subject: Invitation) -> None:
    """Take an invitation back: its link no longer works."""
    await invitations.withdraw(call.uow, subject)


@operations.post("/invitations/look", action="look_at_invitation")
async def look_at_invitation(call: Call, body: Token) -> InvitationShown:
    """What an invitation is to, for whoever holds its link."""
    return await invitations.look(call, body.token)


@operations.post("/invitations/accept", action="accept_invitation")
async def accept_invitation(call: Call, body: InvitationAccept) -> SessionRead:
    """Accept an invitation, signed in or as a new user; sets the session cookie."""
    return await invitations.accept(call, body)


@operations.post("/registrations", action="register", status=201)
async def register(call: Call, body: Registration) -> SessionRead:
    """Register on one's own initiative (article 24): an account and an application together; sets the session cookie.

    For enterprises, social organisations and citizens. The office over the seat verifies, returns or rejects.
    After five within an hour from one network address each further one must wait (429).
    """
    return await registering.register(call, body)


# No Idempotency-Key here: a stored reply would keep the link.
@operations.post("/registrations/for-office", action="register_for_office", loads=registering.load_seat, status=201)
async def register_for_office(call: Call, body: OfficeRegistration) -> OfficeRegistered:
    """Register a participant of a kind that does not apply by itself, and invite its administrator.

    For the coordinating office over its seat; a colleague verifies it.
    """
    return await registering.register_for_office(call, body)


@operations.get(SUBSTITUTIONS, action="see_members", loads=participants.load)
async def list_substitutions(call: Call, subject: Participant) -> Page[SubstitutionRead]:
    """Who stands, stood or will stand in for whom, for the participant's members; the latest hundred."""
    return Page(items=await substitutes.of_participant(call.uow, subject))


@operations.create(SUBSTITUTIONS, action="name_substitute", loads=participants.load)
async def name_substitute(call: Call, subject: Participant, body: SubstituteNamed) -> SubstitutionRead:
    """Name who stands in for oneself for a time (替岗); an administrator names for any member.

    The substitute has the person's roles but the administrator's, in those days; both stand behind what is done.
    """
    return await substitutes.name(call.uow, subject, body)


@operations.post(SUBSTITUTIONS + "/{substitution_id:uuid}/end", action="end_substitute", loads=substitutes.load)
async def end_substitute(call: Call, subject: Standing) -> SubstitutionRead:
    """End a substitution before its last day."""
    return await substitutes.end(call.uow, subject)


@operations.get("/me/substitutions", action="see_own")
async def list_own_substitutions(call: Call) -> Page[SubstitutionRead]:
    """Where somebody stands in for the caller, or the caller for somebody; the latest hundred."""
    return Page(items=await substitutes.own(call.uow))


@operations.get("/users", action="administer")
async def list_users(call: Call, query: UserQuery) -> Page[UserRow]:
    """All users with their roles, for the platform administrator."""
    return await offices.page(call, query)


@operations.get("/users/{user_id:uuid}", action="administer", loads=offices.load)
async def read_user(call: Call, subject: User) -> UserRow:
    """One user with all roles."""
    return await offices.read(call, subject.id)


@operations.post("/users/{user_id:uuid}/grants", action="administer", loads=offices.load)
async def grant_office(call: Call, subject: User, body: OfficeGrant) -> UserRow:
    """Give a user an office over a place or national, or the administration of a participant."""
    return await offices.grant(call, subject, body)


@operations.post("/users/{user_id:uuid}/grants/{grant_id:uuid}/revoke", action="administer", loads=offices.load_grant)
async def revoke_office(call: Call, subject: RoleGrant) -> UserRow:
    """Take a role away, from the user's next request on."""
    return await offices.revoke(call, subject)


@operations.verb("/users/{user_id:uuid}/deactivate", action="administer", loads=offices.load)
async def deactivate_user(call: Call, subject: User, body: Deactivation) -> UserRow:
    """Let a user no longer sign in: sessions, keys and open invitations end at once; the roles stay for their return.

    What the user has begun, and the roles that nobody else has, go to the successor named for each participant, or to
    an administrator of it.
    """
    return await offices.deactivate(call, subject, body)


@operations.verb("/users/{user_id:uuid}/reactivate", action="administer", loads=offices.load)
async def reactivate_user(call: Call, subject: User, body: Remark) -> UserRow:
    """Let a user sign in again."""
    return await offices.reactivate(call, subject, body.remark)


@operations.verb("/users/{user_id:uuid}/forget-second-factor", action="administer", loads=offices.load)
async def forget_second_factor(call: Call, subject: User, body: Reason) -> UserRow:
    """Take the second factor of somebody who lost it, having made sure who asks; every session of theirs ends."""
    return await offices.forget_second_factor(call, subject, body.remark)


# No Idempotency-Key here: a stored reply would keep the code.
@operations.post("/users/{user_id:uuid}/reset-code", action="administer", loads=offices.load)
async def issue_reset(call: Call, subject: User, body: Reason) -> ResetCode:
    """Give a person a code to choose another password, having made sure who asks; it works once within a day."""
    return await resetting.for_user(call, subject, body.remark)


@operations.verb("/users/{user_id:uuid}/erase", action="administer", loads=offices.load)
async def erase_user(call: Call, subject: User, body: Reason) -> UserRow:
    """Forget a person at once who wishes it, or whose account was deactivated; books and signatures stay, without the name."""
    return await erasure.erase_now(call, subject, body.remark)


@operations.post("/me/erasure", action="be_forgotten", loads=accounts.load_me)
async def ask_for_erasure(call: Call, subject: User, body: ErasureWish) -> MeRead:
    """Wish to be forgotten: a fortnight later one's data are erased, unless it is taken back before."""
    return await erasure.ask(call, subject, body)


@operations.post("/me/erasure/take-back", action="be_forgotten", loads=accounts.load_me)
async def take_back_erasure(call: Call, subject: User) -> MeRead:
    """Wish no longer to be forgotten."""
    return await erasure.take_back(call, subject)


@operations.get("/users/invitations", action="administer")
async def list_office_invitations(call: Call) -> Page[InvitationRead]:
    """The open invitations into offices; complete, without further pages."""
    return Page(items=await offices.open_invitations(call.uow))


@operations.post("/users/invitations", action="administer", status=201)
async def invite_into_office(call: Call, body: OfficeInvite) -> InvitationCreated:
    """Invite somebody into an office: the reply has a link that works once, within a week."""
    return await offices.invite(call, body)


@operations.delete("/users/invitations/{invitation_id:uuid}", action="administer", loads=offices.load_invitation)
async def withdraw_office_invitation(call: Call, subject: Invitation) -> None:
    """Take an invitation into an office back: its link no longer works."""
    await offices.withdraw(call.uow, subject)
