"""What docking records."""

from server.docking.models import DockingRun, Suggestion
from server.kit.uow import Audience, Event


def run_event(verb: str, run: DockingRun) -> Event:
    """`docking_run.started`, `.progressed`, `.done`, …: kind and id for everyone, the run itself for overseers only."""
    return Event(f"docking_run.{verb}", "docking_run", run.id, Audience(everyone=True))


def suggestion_event(verb: str, suggestion: Suggestion, **after: str) -> Event:
    """`suggestion.proposed`, `suggestion.dismissed`: for both sides and whoever oversees the county."""
    audience = Audience(frozenset({suggestion.county_id, suggestion.giver_id}), frozenset({suggestion.county_code}))
    return Event(
        f"suggestion.{verb}", "suggestion", suggestion.id, audience, after={"status": suggestion.status, **after}
    )
