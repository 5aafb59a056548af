"""The settings of docking: versions that coordinators set, one after the other; a run keeps the one that it used."""

from dataclasses import dataclass
from typing import Any

from server.accounts.actor import Actor
from server.docking import rules
from server.docking.engine.problem import Settings, Weights
from server.docking.events import settings_event
from server.docking.models import DockingSettings
from server.docking.policy import SETTINGS
from server.docking.rules import RANGES, WEIGHT_RANGE
from server.docking.schemas import Range, SettingsInput, SettingsRead, SettingsSet, SettingsVersion
from server.kit.endpoint import Call
from server.kit.paging import ListQuery, Page
from server.kit.uow import UnitOfWork
from server.kit.versions import Versions

VERSIONS = Versions("docking_settings", "chosen", 727_007, SettingsInput.model_validate, SettingsInput)


@dataclass(frozen=True)
class Chosen:
    """A version as the engine takes it."""

    version: int
    given: SettingsInput

    @property
    def engine(self) -> Settings:
        """The engine's settings."""
        return engine_settings(self.given.model_dump())

    @property
    def own_pair_days(self) -> int:
        """Days of own pair first."""
        return self.given.own_pair_days


def engine_settings(kept: dict[str, Any]) -> Settings:
    """The engine's settings from what a run or a version keeps."""
    known = {
        name: kept[name] for name in ("max_sources", "fairness", "offer_candidates", "need_candidates") if name in kept
    }
    return Settings(weights=Weights(**kept["weights"]), **known)


async def chosen(uow: UnitOfWork) -> Chosen:
    """The settings in force."""
    return Chosen(*await VERSIONS.standing(uow))


async def load(call: Call) -> Chosen:
    """Loader: the settings in force, whose version is the ETag."""
    return await chosen(call.uow)


async def read(uow: UnitOfWork, actor: Actor) -> SettingsRead:
    """The settings in force, what may be set, and what the actor may do."""
    ranges = {name: Range(least=low, most=high) for name, (low, high) in (RANGES | {"weights": WEIGHT_RANGE}).items()}
    shown = (await VERSIONS.newest(uow)).fields("settings")
    return SettingsRead(**shown, ranges=ranges, can=SETTINGS.can(actor, None, ["set"]))


async def versions(uow: UnitOfWork, query: ListQuery) -> Page[SettingsVersion]:
    """Every version, the newest first."""
    page = await VERSIONS.page(uow, query)
    items = [SettingsVersion(**each.fields("settings")) for each in page.items]
    return Page(items=items, next=page.next, total=page.total)


async def set_(uow: UnitOfWork, actor: Actor, subject: Chosen, body: SettingsSet) -> SettingsRead:
    """Set the settings for the runs to come. Raises SettingsUnchanged, and Stale when another was faster."""
    if body.settings == subject.given:
        raise rules.SettingsUnchanged
    columns = await VERSIONS.succeed(uow, actor, subject.version, body.remark)
    made = await DockingSettings.create(chosen=body.settings.model_dump(), **columns)
    uow.record(settings_event(made, subject.given.model_dump()))
    return await read(uow, actor)
