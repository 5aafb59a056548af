"""Docking runs and their suggestions. `POST suggestions/{id}/propose` lives with the proposals that it makes."""

from uuid import UUID

from server.docking import comparing, fitting, flows, repository, service, settings, words
from server.docking.comparing_schemas import (
    ChangeQuery,
    CountyCoverage,
    RunComparison,
    RunFlowQuery,
    RunFlows,
    SuggestionChange,
)
from server.docking.fitting_schemas import FitQuery, FittingNeeds, FittingOffers, NeedSoFar, OfferSoFar
from server.docking.models import DockingRun, Suggestion
from server.docking.policy import FITTING, RUNS, SETTINGS, SUGGESTIONS
from server.docking.schemas import (
    CoolDownRead,
    Dismiss,
    ReasonCount,
    RunQuery,
    RunRead,
    RunStart,
    SettingsRead,
    SettingsSet,
    SettingsVersion,
    SuggestionQuery,
    SuggestionRead,
    UnmetQuery,
    UnmetRead,
)
from server.docking.settings import Chosen
from server.kit.endpoint import Call, Operations
from server.kit.errors import NotFound
from server.kit.paging import ListQuery, Page
from server.needs import service as needs
from server.needs.models import Need
from server.needs.service import Writer
from server.offers import service as offers
from server.offers.models import Offer
from server.offers.service import Giver

operations = Operations("docking", RUNS)
suggestion_operations = Operations("docking", SUGGESTIONS, into=operations)
settings_operations = Operations("docking", SETTINGS, into=operations)
fitting_operations = Operations("docking", FITTING, into=operations)


@operations.get("/docking-runs", action="list")
async def list_docking_runs(call: Call, query: RunQuery) -> Page[RunRead]:
    """Runs, newest first."""
    page, runs = await repository.page_of_runs(call.uow, query)
    return Page(items=[words.run(row, call.actor) for row in runs], next=page.next, total=page.total)


@operations.create("/docking-runs", action="start", status=202)
async def start_docking_run(call: Call, body: RunStart) -> RunRead:
    """Start a run over what is open in the counties that you oversee. A worker does it; follow it by its id."""
    return words.run(await service.start(call.uow, call.actor, body), call.actor)


@operations.get("/docking-runs/{run_id:uuid}", action="read", loads=service.load_run)
async def read_docking_run(call: Call, subject: DockingRun) -> RunRead:
    """A run: how far it is, what it found."""
    return words.run(subject, call.actor)


@operations.verb("/docking-runs/{run_id:uuid}/cancel", action="cancel", loads=service.load_run, if_match=False)
async def cancel_docking_run(call: Call, subject: DockingRun) -> RunRead:
    """Stop a run that is queued or running."""
    return words.run(await service.cancel(call.uow, subject), call.actor)


@operations.get("/docking-runs/{run_id:uuid}/suggestions", action="read", loads=service.load_run)
async def list_run_suggestions(call: Call, subject: DockingRun, query: SuggestionQuery) -> Page[SuggestionRead]:
    """What a run suggests, best first, each with its reasons."""
    return await _suggestions(call, subject.id, query)


@operations.get("/docking-runs/{run_id:uuid}/unmet", action="read", loads=service.load_run)
async def list_run_unmet(call: Call, subject: DockingRun, query: UnmetQuery) -> Page[UnmetRead]:
    """Needs (or offers) that a run left open, each with what blocks it."""
    page = await repository.page_of_unmet(call.uow, call.actor, subject.id, query)
    return Page(items=[words.unmet(row, call.language) for row in page.items], next=page.next, total=page.total)


@operations.get("/docking-runs/{run_id:uuid}/unmet-reasons", action="read", loads=service.load_run)
async def count_run_unmet(call: Call, subject: DockingRun, query: UnmetQuery) -> list[ReasonCount]:
    """What blocks most: main reasons with how many needs (or offers) each holds back."""
    return words.reason_counts(
        await repository.count_reasons(call.uow, subject.id, query.kind), query.kind, call.language
    )


@operations.get("/docking-runs/{run_id:uuid}/counties", action="read", loads=service.load_run)
async def list_run_counties(call: Call, subject: DockingRun) -> list[CountyCoverage]:
    """How far each county was covered when the run looked, and would be if every suggestion became a pledge."""
    return await comparing.counties(call.uow, call.actor, subject.id)


@operations.get("/docking-runs/{run_id:uuid}/flows", action="read", loads=service.load_run)
async def list_run_flows(call: Call, subject: DockingRun, query: RunFlowQuery) -> RunFlows:
    """What a run suggests from giving places (prefectures) to counties, for a map: the 300 largest flows."""
    return await flows.read(call.uow, call.actor, subject.id, query)


@operations.get("/docking-runs/{run_id:uuid}/compare/{other_id:uuid}", action="read", loads=service.load_run)
async def compare_docking_runs(call: Call, subject: DockingRun) -> RunComparison:
    """How many suggestions stayed, came and went from another run to this one, and how much of each type."""
    other = await service.get_run(call.param("other_id"))
    return await comparing.compare(call.uow, subject.id, other.id)


@operations.get("/docking-runs/{run_id:uuid}/compare/{other_id:uuid}/changes", action="read", loads=service.load_run)
async def list_run_changes(call: Call, subject: DockingRun, query: ChangeQuery) -> Page[SuggestionChange]:
    """The suggestions of which two runs differ, county by county."""
    other = await service.get_run(call.param("other_id"))
    return await comparing.changes(call.uow, call.actor, subject.id, other.id, query)


@fitting_operations.get("/needs/{need_id:uuid}/fitting-offers", action="fit", loads=needs.load)
async def list_fitting_offers(call: Call, subject: Need, query: FitQuery) -> FittingOffers:
    """The offers that fit a need best just now, each with its reasons, and some that one rule alone keeps from it.

    Who stands on the need's side or oversees its county is shown all offers, others those of their own.
    """
    return await fitting.offers_for_need(call, subject, query.limit)


@fitting_operations.verb(
    "/needs/{need_id:uuid}/fitting-offers/{offer_id:uuid}/dismiss",
    action="dismiss_offer",
    loads=needs.load,
    if_match=False,
)
async def dismiss_fitting_offer(call: Call, subject: Need, body: Dismiss) -> CoolDownRead:
    """Decide against an offer for this need, with the reason: neither runs nor rankings suggest it for a while."""
    return await service.dismiss_offer(call.uow, call.actor, subject, call.param("offer_id"), body)


@fitting_operations.get("/offers/{offer_id:uuid}/fitting-needs", action="fit", loads=offers.load)
async def list_fitting_needs(call: Call, subject: Offer, query: FitQuery) -> FittingNeeds:
    """The needs that fit an offer best just now, each with its reasons, and some that one rule alone keeps from it.

    Who stands on the offer's side or oversees its giver's seat is shown all needs, others those of their own.
    """
    return await fitting.needs_for_offer(call, subject, query.limit)


@fitting_operations.post("/needs/fitting-offers", action="fit_draft", loads=needs.load_writer)
async def preview_fitting_offers(call: Call, subject: Writer, body: NeedSoFar, query: FitQuery) -> FittingOffers:
    """The offers that would fit a need while it is being written; nothing is saved."""
    return await fitting.offers_for_draft(call, subject.participant_id, body, query.limit)


@fitting_operations.post("/offers/fitting-needs", action="fit_draft", loads=offers.load_giver)
async def preview_fitting_needs(call: Call, subject: Giver, body: OfferSoFar, query: FitQuery) -> FittingNeeds:
    """The needs that an offer would fit while it is being written; nothing is saved."""
    return await fitting.needs_for_draft(call, subject.participant_id, body, query.limit)


@settings_operations.get("/settings/docking", action="read")
async def read_docking_settings(call: Call) -> SettingsRead:
    """How runs dock now, and what may be set."""
    return await settings.read(call.uow, call.actor)


@settings_operations.verb("/settings/docking", action="set", loads=settings.load)
async def set_docking_settings(call: Call, subject: Chosen, body: SettingsSet) -> SettingsRead:
    """Set how the runs to come dock, with the reason. It makes a new version; runs keep the one that they used."""
    return await settings.set_(call.uow, call.actor, subject, body)


@settings_operations.get("/settings/docking/versions", action="read")
async def list_docking_settings(call: Call, query: ListQuery) -> Page[SettingsVersion]:
    """Every version of the settings, newest first."""
    return await settings.versions(call.uow, query)


@suggestion_operations.get("/suggestions", action="list")
async def list_suggestions(call: Call, query: SuggestionQuery) -> Page[SuggestionRead]:
    """Suggestions of every run that concern you, best first."""
    return await _suggestions(call, None, query)


@suggestion_operations.get("/suggestions/{suggestion_id:uuid}", action="read", loads=service.load_suggestion)
async def read_suggestion(call: Call, subject: Suggestion) -> SuggestionRead:
    """A suggestion with its reasons."""
    return await _read(call, subject)


@suggestion_operations.verb(
    "/suggestions/{suggestion_id:uuid}/dismiss", action="dismiss", loads=service.load_suggestion
)
async def dismiss_suggestion(call: Call, subject: Suggestion, body: Dismiss) -> SuggestionRead:
    """Decide against a suggestion; the reason is recorded."""
    return await _read(call, await service.dismiss(call.uow, subject, body))


@suggestion_operations.verb("/suggestions/{suggestion_id:uuid}/reopen", action="reopen", loads=service.load_suggestion)
async def reopen_suggestion(call: Call, subject: Suggestion) -> SuggestionRead:
    """Take a dismissal back."""
    return await _read(call, await service.reopen(call.uow, subject))


async def _suggestions(call: Call, run_id: UUID | None, query: SuggestionQuery) -> Page[SuggestionRead]:
    page = await repository.page_of_suggestions(call.uow, call.actor, run_id, query)
    items = [words.suggestion(row, call.actor, call.language) for row in page.items]
    return Page(items=items, next=page.next, total=page.total)


async def _read(call: Call, suggestion: Suggestion) -> SuggestionRead:
    row = await repository.suggestion_row(call.uow, suggestion.id)
    if row is None:
        raise NotFound
    return words.suggestion(row, call.actor, call.language)
