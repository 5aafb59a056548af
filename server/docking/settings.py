"""The settings of docking: versions that coordinators set, one after the other; a run keeps the one that it used."""

from dataclasses import dataclass
from typing import Any

import orjson

from server.accounts.actor import Actor
from server.docking import rules
from server.docking.engine.problem import Settings, Weights
from server.docking.events import settings_event
from server.docking.models import DockingSettings
from server.docking.policy import SETTINGS
from server.docking.rules import RANGES, WEIGHT_RANGE
from server.docking.schemas import Range, SettingsInput, SettingsRead, SettingsSet, SettingsVersion
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Stale
from server.kit.paging import Listing, ListQuery, Page, SortKey, Where
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork

VERSIONS = Listing(
    columns="s.version, s.chosen::text AS chosen, s.remark, s.set_at, u.name AS name_zh, u.name_en",
    source="docking_settings s LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.set_by]) u ON true",
    identity="s.id",
    sorts={"version": SortKey("s.version", "int")},
    default="-version",
)


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
    row = await uow.fetch_one(
        "SELECT version, chosen::text AS chosen FROM docking_settings ORDER BY version DESC LIMIT 1"
    )
    if row is None:
        return Chosen(0, SettingsInput())
    return Chosen(row["version"], SettingsInput.model_validate(orjson.loads(row["chosen"])))


async def load(call: Call) -> Chosen:
    """Loader: the settings in force, whose version is the ETag."""
    return await chosen(call.uow)


async def read(uow: UnitOfWork, actor: Actor) -> SettingsRead:
    """The settings in force, what may be set, and what the actor may do."""
    ranges = {name: Range(least=low, most=high) for name, (low, high) in (RANGES | {"weights": WEIGHT_RANGE}).items()}
    found = (await VERSIONS.page(uow, ListQuery(limit=1), Where())).items
    shown = _version(found[0]) if found else BEGINNING
    return SettingsRead(**shown.model_dump(), ranges=ranges, can=SETTINGS.can(actor, None, ["set"]))


async def versions(uow: UnitOfWork, query: ListQuery) -> Page[SettingsVersion]:
    """Every version, the newest first."""
    page = await VERSIONS.page(uow, query, Where())
    return Page(items=[_version(row) for row in page.items], next=page.next, total=page.total)


async def set_(uow: UnitOfWork, actor: Actor, subject: Chosen, body: SettingsSet) -> SettingsRead:
    """Set the settings for the runs to come. Raises SettingsUnchanged, and Stale when another was faster."""
    if body.settings == subject.given:
        raise rules.SettingsUnchanged
    await uow.fetch("SELECT pg_advisory_xact_lock(727007)")  # two at once: the later one finds the other's version
    if (await chosen(uow)).version != subject.version:
        raise Stale(version=subject.version)
    made = await DockingSettings.create(
        version=subject.version + 1,
        chosen=body.settings.model_dump(),
        remark=body.remark,
        set_by=actor.id,
        set_at=clock.now(),
    )
    uow.record(settings_event(made, subject.given.model_dump()))
    return await read(uow, actor)


BEGINNING = SettingsVersion(version=0, settings=SettingsInput(), remark="", set_by=None, set_at=None)


def _version(row: dict[str, Any]) -> SettingsVersion:
    return SettingsVersion(
        version=row["version"],
        settings=SettingsInput.model_validate(orjson.loads(row["chosen"])),
        remark=row["remark"],
        set_by=Name(zh=row["name_zh"], en=row["name_en"] or row["name_zh"]) if row["name_zh"] else None,
        set_at=row["set_at"],
    )
