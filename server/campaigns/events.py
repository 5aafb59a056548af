"""What campaigns record: one event for each verb, seen by organiser, host and charity, and by all once it is open."""

from typing import Any

from server.campaigns.models import Campaign
from server.campaigns.rules import UNFINISHED
from server.kit.uow import Audience, Event, Hooks
from server.people.handover import HANDED_OVER, records

PAST = {
    "create": "drafted",
    "change": "changed",
    "ask": "consent_asked",
    "consent": "consented",
    "refuse": "refused",
    "open": "opened",
    "join": "joined",
    "link": "pledge_linked",
    "close": "closed",
    "report": "reported",
    "withdraw": "withdrawn",
    "take-over": "taken_over",
}
"""The past tense under which a verb stands in the record."""


def happened(campaign: Campaign, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    """The event of a verb: `campaign.opened` with what changed before and after."""
    parties = {campaign.organiser_id, campaign.host_id} | ({campaign.charity_id} if campaign.charity_id else set())
    audience = Audience(
        participants=frozenset(parties),
        codes=frozenset({campaign.county_code}),
        everyone=campaign.opened_on is not None and verb != "link",
    )
    return Event(f"campaign.{PAST[verb]}", "campaign", campaign.id, audience, before, after)


def facts(campaign: Campaign) -> dict[str, Any]:
    """What an event keeps of a campaign: enough to see what changed."""
    kept = ("title", "county_code", "status", "conditions")
    days = {"window_from": campaign.window_from.isoformat(), "window_to": campaign.window_to.isoformat()}
    return {name: getattr(campaign, name) for name in kept} | days


def register(hooks: Hooks) -> None:
    """Let campaigns act on what happens to who writes them."""
    hooks.on(HANDED_OVER, records("campaign", Campaign, ("organiser_id",), UNFINISHED, happened))
