"""The verbs of campaigns: draft, ask for consent, open, join, count a pledge for one, close, report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.campaigns import repository, rules, schemas
from server.campaigns.events import facts, happened
from server.campaigns.models import Campaign
from server.campaigns.policy import POLICY
from server.campaigns.rules import LIFECYCLE
from server.campaigns.schemas import (
    AimInput,
    AimRead,
    CampaignChange,
    CampaignCreate,
    CampaignQuery,
    CampaignRead,
    CampaignRow,
    Join,
    Link,
    Report,
)
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import FieldError, NotFound, fault, invalid_field, require
from server.kit.paging import Page
from server.kit.schema import CODE_LENGTH, new_id
from server.kit.shapes import Reason, Remark, check_not_over
from server.kit.transition import change as change_row
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.pledges import service as pledges


@dataclass(frozen=True)
class Draft:
    """Who is to organise a campaign and host it: what the policy asks the writer's role of."""

    organiser: Participant
    host: Participant
    level: str
    code: str

    @property
    def organiser_id(self) -> UUID:
        return self.organiser.id

    @property
    def host_id(self) -> UUID:
        return self.host.id

    @property
    def county_code(self) -> str:
        return self.code


@dataclass(frozen=True)
class Joiner:
    """Who is to join a campaign, maybe with a pledge of its own: what the policy asks the role of."""

    campaign: Campaign
    participant_id: UUID
    pledge_id: UUID | None = None


async def load_joiner(call: Call) -> Joiner:
    """Loader: the campaign in the path, and who joins: named in the body, or the caller's only participant."""
    body: Join = call.body
    campaign = await load(call)
    return Joiner(campaign, body.participant_id or accounts.only_participant(call.actor, "editor"))


async def load_pledge(call: Call) -> Joiner:
    """Loader: the campaign in the path, and the pledge in the body with its giver. Raises NotFound."""
    body: Link = call.body
    campaign = await load(call)
    pledge = await pledges.get(call.uow, call.actor, body.pledge_id)
    return Joiner(campaign, pledge.giver_id, pledge.id)


async def load(call: Call) -> Campaign:
    """Loader: the campaign in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.param("campaign_id"))


async def load_draft(call: Call) -> Draft:
    """Loader: organiser and host that the body names; the organiser may be the caller's only participant."""
    body: CampaignCreate = call.body
    organiser_id = body.organiser_id or accounts.only_participant(call.actor, "editor")
    organiser = await _named(call.uow, organiser_id, "organiser_id")
    host = await _named(call.uow, body.host_id, "host_id")
    level, code = (host.place.level, host.place.code[:CODE_LENGTH]) if host.place else ("", "")
    return Draft(organiser, host, level, code)


async def _named(uow: UnitOfWork, participant_id: UUID, field: str) -> Participant:
    try:
        return await participants.get(uow, participant_id)
    except NotFound:
        raise invalid_field(field, "unknown", "没有这个主体", "there is no such participant") from None


async def get(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """A campaign that the actor may see. Raises NotFound."""
    found = await repository.find(uow, uow.actor, campaign_id)
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: CampaignQuery) -> Page[CampaignRow]:
    """One page of the campaigns that the actor may see, each with its progress."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    aims = await progress(uow, [each["id"] for each in found.items])
    rows = [schemas.row(each, _can(actor, each), aims[each["id"]], running=_runs(each)) for each in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def progress(uow: UnitOfWork, campaign_ids: Sequence[UUID]) -> dict[UUID, list[AimRead]]:
    """What the books say of each aim of these campaigns; sums over everybody's pledges, none by itself."""
    async with accounts.as_system(uow):
        rows = await repository.progress(uow, campaign_ids)
    found: dict[UUID, list[AimRead]] = {each: [] for each in campaign_ids}
    for row in rows:
        found[row["campaign_id"]].append(AimRead.of(row))
    return found


async def read(uow: UnitOfWork, actor: Actor, campaign: Campaign) -> CampaignRead:
    """A whole campaign, with its progress and what the actor may do with it."""
    found = await repository.whole(uow, campaign.id)
    aims = await progress(uow, [campaign.id])
    names, citizens = await repository.joined(uow, campaign.id)
    return schemas.whole(found, _can(actor, found), aims[campaign.id], names, citizens, running=_runs(found))


async def draft(uow: UnitOfWork, actor: Actor, parties: Draft, body: CampaignCreate) -> CampaignRead:
    """Draft a campaign. Raises Invalid naming each field that is wrong."""
    found = rules.check_parties(parties.organiser.kind, parties.host.kind, parties.level)
    found += check_not_over(body.window.to, clock.today())
    aims, wrong = await _aims(uow, body.aims)
    require(found + wrong + await _check_charity(uow, body.charity_id))
    campaign = await Campaign.create(
        id=new_id(),
        organiser_id=parties.organiser_id,
        host_id=parties.host_id,
        county_code=parties.county_code,
        charity_id=body.charity_id,
        **{name: getattr(body, name) for name in ("title", "description", "conditions", "villages")},
        window_from=body.window.from_,
        window_to=body.window.to,
        status=LIFECYCLE.initial,
        written_by=actor.id,
    )
    await repository.put_aims(uow, campaign.id, aims)
    uow.record(happened(campaign, "create", None, facts(campaign)))
    return await read(uow, actor, campaign)


async def change(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: CampaignChange) -> CampaignRead:
    """Change what was drafted or refused. Raises Invalid, Stale."""
    LIFECYCLE.after(campaign.status, "change")
    before = facts(campaign)
    given = {name: getattr(body, name) for name in body.model_fields_set}
    window, aims = given.pop("window", None), given.pop("aims", None)
    columns = {name: value for name, value in given.items() if value is not None or name == "charity_id"}
    wrong = check_not_over(window.to, clock.today()) if window else []
    require(wrong + await _check_charity(uow, columns.get("charity_id")))
    if window:
        columns |= {"window_from": window.from_, "window_to": window.to}
    if aims:
        wanted, wrong = await _aims(uow, aims)
        require(wrong)
        await repository.put_aims(uow, campaign.id, wanted)
    await change_row(uow, "campaign", campaign, **columns)
    uow.record(happened(campaign, "change", before, facts(campaign)))
    return await read(uow, actor, campaign)


async def ask(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Remark) -> CampaignRead:
    """Ask the host county for its consent. Raises NotVerified for an organiser, CharityNotQualified."""
    LIFECYCLE.after(campaign.status, "ask")
    participants.require_verified(await participants.get(uow, campaign.organiser_id))
    await _check_money(uow, campaign)
    return await _step(uow, actor, campaign, "ask", body.remark)


async def consent(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Remark) -> CampaignRead:
    """Consent, for the host county, to the campaign as it is written."""
    given = {"consented_on": clock.today(), "consented_by": actor.id}
    return await _step(uow, actor, campaign, "consent", body.remark, **given)


async def refuse(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Reason) -> CampaignRead:
    """Refuse consent, with the reason; it may be changed and asked for again."""
    return await _step(uow, actor, campaign, "refuse", body.remark)


async def open_(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Remark) -> CampaignRead:
    """Open a campaign for everybody. Raises WithoutConsent, CharityNotQualified."""
    rules.check_consent(campaign.status)
    LIFECYCLE.after(campaign.status, "open")
    await _check_money(uow, campaign)
    return await _step(uow, actor, campaign, "open", body.remark, opened_on=clock.today())


async def close(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Remark) -> CampaignRead:
    """Close a campaign: nobody joins any more, what was promised goes on."""
    return await _step(uow, actor, campaign, "close", body.remark, closed_on=clock.today())


async def due_to_close(uow: UnitOfWork, day: date) -> Sequence[UUID]:
    """Open campaigns whose days were over before `day`."""
    return await repository.over(uow, day)


async def close_by_calendar(uow: UnitOfWork, campaign_id: UUID, day: date) -> bool:
    """Close a campaign whose days were over before `day`, on the day; says whether it did."""
    campaign = await repository.find(uow, uow.actor, campaign_id)
    if campaign is None or campaign.status not in LIFECYCLE.sources("close") or campaign.window_to >= day:
        return False
    before = {"status": campaign.status}
    await step(uow, "campaign", campaign, "close", LIFECYCLE, remark="", closed_on=day)
    uow.record(happened(campaign, "close", before, {"status": campaign.status}))
    return True


async def report(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Report) -> CampaignRead:
    """Say what came of a closed campaign, and thank those who gave."""
    written = {"report": body.report, "thanks": body.thanks, "reported_on": clock.today()}
    return await _step(uow, actor, campaign, "report", "", **written)


async def withdraw(uow: UnitOfWork, actor: Actor, campaign: Campaign, body: Reason) -> CampaignRead:
    """Give a campaign up that is not open yet, with the reason."""
    return await _step(uow, actor, campaign, "withdraw", body.remark)


async def join(uow: UnitOfWork, actor: Actor, joiner: Joiner) -> CampaignRead:
    """Join an open campaign; twice is as once. Raises CampaignOver, MaskedJoins, NotVerified."""
    await enter(uow, joiner.campaign, joiner.participant_id)
    return await read(uow, actor, joiner.campaign)


async def enter(uow: UnitOfWork, campaign: Campaign, participant_id: UUID) -> None:
    """Let a participant of the actor's join an open campaign. Raises CampaignOver, MaskedJoins, NotVerified."""
    _check_running(campaign)
    await _enter(uow, campaign, participant_id)


async def link(uow: UnitOfWork, actor: Actor, joiner: Joiner) -> CampaignRead:
    """Let one of the giver's pledges count for an open campaign. Raises NotOfCampaign, CampaignOver, MaskedJoins."""
    if joiner.pledge_id:
        await count(uow, joiner.campaign, joiner.pledge_id)
    return await read(uow, actor, joiner.campaign)


async def count(uow: UnitOfWork, campaign: Campaign, pledge_id: UUID) -> None:
    """Count a pledge of the actor's for a campaign; its giver has joined thereby. Raises as `link` does."""
    _check_running(campaign)
    pledge = await pledges.get(uow, uow.actor, pledge_id)
    aims = [row["resource_type_id"] for row in await repository.aims(uow, campaign.id)]
    rules.check_pledge(str(campaign.host_id), str(pledge.county_id), pledge.resource_type_id, aims, pledge.status)
    await _enter(uow, campaign, pledge.giver_id)
    if await repository.put_pledge(uow, campaign.id, pledge.id, pledge.giver_id) != campaign.id:
        raise rules.NotOfCampaign
    uow.record(happened(campaign, "link", None, {"pledge_id": str(pledge.id)}))


async def _enter(uow: UnitOfWork, campaign: Campaign, participant_id: UUID) -> None:
    participant = await participants.get(uow, participant_id)
    if participant.kind == rules.MASKED:
        raise rules.MaskedJoins
    if not participants.may_commit_before(participant):
        participants.require_verified(participant)
    if await repository.enter(uow, campaign.id, participant_id):
        uow.record(happened(campaign, "join", None, {"participant_id": str(participant_id)}))


def _check_running(campaign: Campaign) -> None:
    LIFECYCLE.after(campaign.status, "join")
    rules.check_days(campaign.window_from, campaign.window_to, clock.today())


async def _aims(uow: UnitOfWork, given: list[AimInput]) -> tuple[list[tuple[str, Decimal]], list[FieldError]]:
    wrong: list[FieldError] = []
    wanted: dict[str, Decimal] = {}
    for position, aim in enumerate(given):
        field = f"aims.{position}"
        kind = await catalogue.get_type(uow, aim.resource_type, f"{field}.resource_type")
        if kind.reach != "open":
            zh, en = (
                "该类资源只在结对内对接，不能列为行动目标",
                "this type stays within pairings: no campaign asks for it",
            )
            wrong.append(fault(f"{field}.resource_type", "reach", zh, en))
        if kind.code in wanted:
            wrong.append(fault(f"{field}.resource_type", "twice", "同一类型只填一次", "each type stands once"))
        wanted[kind.code] = catalogue.canonical(kind, aim.quantity, f"{field}.quantity").value
    return list(wanted.items()), wrong


async def _check_charity(uow: UnitOfWork, charity_id: UUID | None) -> list[FieldError]:
    if charity_id is None:
        return []
    charity = await _named(uow, charity_id, "charity_id")
    if charity.kind == "social_organisation":
        return []
    return [fault("charity_id", "kind", "请选择社会组织", "choose a social organisation")]


async def _check_money(uow: UnitOfWork, campaign: Campaign) -> None:
    raises = any(row["is_money"] for row in await repository.aims(uow, campaign.id))
    charity = await participants.get(uow, campaign.charity_id) if campaign.charity_id else None
    qualified = bool(charity and charity.details.get("public_fundraising"))
    rules.check_charity(
        raises, charity.kind if charity else None, charity.status if charity else None, qualified=qualified
    )


async def _step(
    uow: UnitOfWork, actor: Actor, campaign: Campaign, verb: str, remark: str, **columns: Any
) -> CampaignRead:
    before = {"status": campaign.status}
    await step(uow, "campaign", campaign, verb, LIFECYCLE, remark=remark, **columns)
    uow.record(happened(campaign, verb, before, {"status": campaign.status, "remark": remark}))
    return await read(uow, actor, campaign)


def _can(actor: Actor, found: dict[str, Any]) -> list[str]:
    subject = Campaign(**{name: found[name] for name in ("organiser_id", "host_id", "county_code", "status")})
    return POLICY.can(actor, subject, [verb for verb in LIFECYCLE.verbs(found["status"]) if verb not in rules.JOINING])


def _runs(found: dict[str, Any]) -> bool:
    return found["status"] == "open" and found["window_from"] <= clock.today() <= found["window_to"]
