"""Campaigns over HTTP."""

from server.campaigns import service
from server.campaigns.models import Campaign
from server.campaigns.policy import POLICY
from server.campaigns.schemas import (
    CampaignChange,
    CampaignCreate,
    CampaignQuery,
    CampaignRead,
    CampaignRow,
    Join,
    Link,
    Report,
)
from server.campaigns.service import Draft, Joiner
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark

operations = Operations("campaigns", POLICY)


@operations.get("/campaigns", action="list")
async def list_campaigns(call: Call, query: CampaignQuery) -> Page[CampaignRow]:
    """List the campaigns that the caller may see, each with what the books say of its aims.

    Sort keys: created_at (default, newest first), title, window_to.
    """
    return await service.page(call.uow, call.actor, query)


@operations.create("/campaigns", loads=service.load_draft)
async def create_campaign(call: Call, subject: Draft, body: CampaignCreate) -> CampaignRead:
    """Draft a campaign of an organiser for a county."""
    return await service.draft(call.uow, call.actor, subject, body)


@operations.get("/campaigns/{campaign_id:uuid}", action="read", loads=service.load)
async def read_campaign(call: Call, subject: Campaign) -> CampaignRead:
    """Read a campaign, its progress from the books, who joined, and what the caller may do with it."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/campaigns/{campaign_id:uuid}", loads=service.load)
async def change_campaign(call: Call, subject: Campaign, body: CampaignChange) -> CampaignRead:
    """Change a campaign before its county is asked, or after it refused."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/ask", action="ask", loads=service.load)
async def ask_for_consent(call: Call, subject: Campaign, body: Remark) -> CampaignRead:
    """Ask the host county for its consent; of money only with a qualified charity that receives it."""
    return await service.ask(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/consent", action="consent", loads=service.load)
async def consent_to_campaign(call: Call, subject: Campaign, body: Remark) -> CampaignRead:
    """Consent to the campaign, for the host county."""
    return await service.consent(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/refuse", action="refuse", loads=service.load)
async def refuse_campaign(call: Call, subject: Campaign, body: Reason) -> CampaignRead:
    """Refuse consent, with the reason."""
    return await service.refuse(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/open", action="open", loads=service.load)
async def open_campaign(call: Call, subject: Campaign, body: Remark) -> CampaignRead:
    """Open a campaign to which its county has consented."""
    return await service.open_(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/join", action="join", loads=service.load_joiner, if_match=False)
async def join_campaign(call: Call, subject: Joiner, body: Join) -> CampaignRead:
    """Join an open campaign for a participant of the caller's; twice is as once."""
    return await service.join(call.uow, call.actor, subject)


@operations.verb("/campaigns/{campaign_id:uuid}/link", action="link", loads=service.load_pledge, if_match=False)
async def count_pledge_for_campaign(call: Call, subject: Joiner, body: Link) -> CampaignRead:
    """Let a pledge of the caller's count for the campaign: made to its county, of a type that it aims at."""
    return await service.link(call.uow, call.actor, subject)


@operations.verb("/campaigns/{campaign_id:uuid}/close", action="close", loads=service.load)
async def close_campaign(call: Call, subject: Campaign, body: Remark) -> CampaignRead:
    """Close a campaign; what was promised goes on."""
    return await service.close(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/report", action="report", loads=service.load)
async def report_campaign(call: Call, subject: Campaign, body: Report) -> CampaignRead:
    """Write the closing report of a campaign, and thanks; its figures are those of the books."""
    return await service.report(call.uow, call.actor, subject, body)


@operations.verb("/campaigns/{campaign_id:uuid}/withdraw", action="withdraw", loads=service.load)
async def withdraw_campaign(call: Call, subject: Campaign, body: Reason) -> CampaignRead:
    """Give up a campaign that is not open yet."""
    return await service.withdraw(call.uow, call.actor, subject, body)
