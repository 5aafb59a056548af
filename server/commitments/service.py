"""Committing by a public link: account, participant, offer, proposal and pledge in one transaction."""

from uuid import UUID

from server.accounts import service as accounts
from server.accounts.models import User
from server.accounts.schemas import SessionRead
from server.activity import references
from server.campaigns import service as campaigns
from server.catalogue import service as catalogue
from server.commitments import repository
from server.commitments.rules import FREE_COMMITMENTS, AccountExists, check_open, days
from server.commitments.schemas import CodeAsk, Commit, Committed, Doors, Entry, OpenCampaign, OpenNeed
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound
from server.kit.schema import new_id
from server.kit.shapes import Remark, Window
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from server.mail.models import AddressCode
from server.mail.rules import WrongCode, normal_address
from server.offers import service as offers
from server.offers.schemas import OfferCreate
from server.participants import service as participants
from server.proposals import service as proposals
from server.settings import get_settings

ASKING, COMMITTING = "to ask for a code", "to commit"
"""Under these tries are counted; no identifier has a space."""


async def load_open(call: Call) -> OpenNeed:
    """Loader: what is public of the need in the path. Raises NotFound, also for what exists and is not public."""
    return await _open(call.uow, call.param("open_need_id"))


async def load_open_campaign(call: Call) -> OpenCampaign:
    """Loader: what is public of the open campaign in the path. Raises NotFound, also for what is not open."""
    uow, campaign_id, today = call.uow, call.param("open_campaign_id"), clock.today()
    async with accounts.as_system(uow):
        row = await repository.open_campaign(uow, campaign_id)
        if row is None:
            raise NotFound
        needs = await repository.needs_of(uow, row["host_id"], campaign_id, today)
        aims = (await campaigns.progress(uow, [campaign_id]))[campaign_id]
    left = (row["window_to"] - today).days + 1 if row["window_from"] <= today <= row["window_to"] else None
    return OpenCampaign.of(row, left, aims, [OpenNeed.of(each, _doors()) for each in needs])


async def enter(call: Call, body: Entry) -> SessionRead:
    """Start a session of an account without a password, by a code sent to its address.

    Raises TooManyRequests, WrongCode, AccountExists for one that has a password.
    """
    address = normal_address(body.email)
    await accounts.count_try(call, COMMITTING, FREE_COMMITMENTS)
    async with accounts.as_system(call.uow):
        code = await mail.prove(call.uow, address, "look", body.code)
    async with call.uow.tentative():
        async with accounts.as_system(call.uow):
            user = await accounts.find(address)
            if user is None or not user.is_active:
                raise WrongCode
            if user.password_hash is not None:
                raise AccountExists
            await mail.use(call.uow, code)
        return await accounts.enter(call, user)


def _doors() -> Doors:
    settings = get_settings()
    return Doors(bool(settings.smtp_url), bool(settings.sms_url))


async def _open(uow: UnitOfWork, need_id: UUID) -> OpenNeed:
    async with accounts.as_system(uow):
        row = await repository.open_need(uow, need_id)
    if row is None:
        raise NotFound
    return OpenNeed.of(row, _doors())


async def ask_code(call: Call, body: CodeAsk) -> None:
    """Send a code to an address. Whether it has an account is not looked up. Raises TooManyRequests, Invalid, MailOff."""
    address = normal_address(body.email)
    await accounts.count_try(call, ASKING, FREE_COMMITMENTS)
    async with call.uow.tentative(), accounts.as_system(call.uow):
        await mail.send_code(call.uow, address, body.purpose, call.language)
        await call.uow.flush()  # jobs are the system's to start


async def commit(call: Call, body: Commit) -> Committed:
    """Make a pledge that awaits verification, or, of a giver that is verified since, one that awaits signatures; where
    the county asks for its line department, a proposal that waits for it.

    Sent again under its reference it gives the same. Raises TooManyRequests, WrongCode, AccountExists, NotFound,
    NotFitting, CreditCodeTaken, Invalid.
    """
    if call.actor.kind == "key":
        raise Forbidden
    address = normal_address(body.email)
    await accounts.count_try(call, COMMITTING, FREE_COMMITMENTS)
    async with accounts.as_system(call.uow):
        code = await mail.prove(call.uow, address, "commit", body.code)
    async with call.uow.tentative():
        return await _commit(call, body, address, code)


async def _commit(call: Call, body: Commit, address: str, code: AddressCode) -> Committed:
    uow, proposal_id = call.uow, new_id()
    async with accounts.as_system(uow):
        user = await _account(uow, address, body)
        before = await references.claim(
            uow, owner_id=user.id, kind="commitment", client_ref=body.client_ref, record_id=proposal_id, body=body
        )
        if before is None:
            await mail.use(uow, code)
    session = await accounts.enter(call, user)
    if before is None:
        await _promise(call, body, proposal_id)
        session = session.model_copy(update={"grants": accounts.shown_grants(call.actor)})
    made = await repository.made(uow, before or proposal_id)
    return Committed(
        proposal_id=made["id"], pledge_id=made["pledge_id"], participant_id=made["giver_id"], session=session
    )


async def _account(uow: UnitOfWork, address: str, body: Commit) -> User:
    user = await accounts.find(address)
    if user is None:
        name = body.person
        return await accounts.create_user(uow, address, name.zh, None, name_en=name.en, language=body.language)
    if user.password_hash is not None:
        raise AccountExists
    if not user.is_active:
        raise WrongCode
    return user


async def _promise(call: Call, body: Commit, proposal_id: UUID) -> None:
    uow, need = call.uow, await _open(call.uow, body.need_id)
    first, last = days((need.window.from_, need.window.to), body.last_day, clock.today())
    window = Window(from_=first, to=last)
    kind = await catalogue.get_type(uow, need.resource_type.code)
    check_open(kind.bound, catalogue.canonical(kind, body.quantity).value, catalogue.canonical(kind, need.open).value)
    giver_id, verified = await _giver(call, body)
    wanted = OfferCreate(
        participant_id=giver_id,
        resource_type=need.resource_type.code,
        title=need.title,
        description=body.words,
        quantity=body.quantity,
        window=window,
    )
    offer = await offers.put_down(uow, call.actor, offers.Giver(giver_id), wanted)
    if verified:
        await offers.publish(uow, call.actor, offer, Remark())
    proposal = await proposals.propose(
        uow,
        call.actor,
        await proposals.pair(uow, need.id, offer.id),
        quantity=body.quantity,
        window=window,
        terms=body.words,
        on_behalf_of="giver",
        proposal_id=proposal_id,
    )
    await proposals.commit(uow, proposal)
    if body.campaign_id:
        await _join(uow, body.campaign_id, proposal_id, giver_id)


async def _join(uow: UnitOfWork, campaign_id: UUID, proposal_id: UUID, giver_id: UUID) -> None:
    """Join the campaign with the pledge; where a line department is asked first, there is none to count yet."""
    campaign, made = await campaigns.get(uow, campaign_id), await repository.made(uow, proposal_id)
    if made["pledge_id"]:
        await campaigns.count(uow, campaign, made["pledge_id"])
    else:
        await campaigns.enter(uow, campaign, giver_id)


async def _giver(call: Call, body: Commit) -> tuple[UUID, bool]:
    """The participant in whose name it is: one that this person registered before, or a new application."""
    wanted = body.participant
    for own in await participants.memberships(call.uow):
        if own.participant.kind == wanted.kind and own.participant.name.zh == wanted.name.zh:
            return own.participant.id, own.status == "verified"
    applied = await participants.apply(call.uow, wanted)
    call.actor = call.uow.actor
    return applied.id, False
