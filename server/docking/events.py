"""What docking records."""

from typing import Any
from uuid import UUID

from server.docking.models import DockingRun, DockingSettings, Suggestion
from server.kit.uow import Audience, Event
from server.needs.models import Need


def run_event(verb: str, run: DockingRun) -> Event:
    """`docking_run.started`, `.progressed`, `.done`, …: kind and id for everyone, the run itself for overseers only."""
    return Event(f"docking_run.{verb}", "docking_run", run.id, Audience(everyone=True))


def suggestion_event(verb: str, suggestion: Suggestion, **after: str) -> Event:
    """`suggestion.proposed`, `suggestion.dismissed`: for both sides and whoever oversees the county."""
    audience = Audience(frozenset({suggestion.county_id, suggestion.giver_id}), frozenset({suggestion.county_code}))
    return Event(
        f"suggestion.{verb}", "suggestion", suggestion.id, audience, after={"status": suggestion.status, **after}
    )


def settings_event(settings: DockingSettings, before: dict[str, Any]) -> Event:
    """`docking_settings.set`, with what changed; how runs dock is no secret."""
    after = {"version": settings.version, "remark": settings.remark, **settings.chosen}
    return Event("docking_settings.set", "docking_settings", settings.id, Audience(everyone=True), before, after)


def offer_dismissed(need: Need, offer_id: UUID, remark: str, until: str) -> Event:
    """`need.offer_dismissed`: for the need's side and whoever oversees the county; the giver is not told."""
    audience = Audience(frozenset({need.participant_id}), frozenset({need.county_code}))
    after = {"offer_id": str(offer_id), "remark": remark, "until": until}
    return Event("need.offer_dismissed", "need", need.id, audience, after=after)
