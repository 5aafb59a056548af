"""Make a synthetic scenario over the real counties and pairs of the business date: same seed, same scenario.

Participants of all kinds (verified), their people and grants, `scale` published needs and as many published offers,
and the demo accounts with records of their own. Nothing is left behind where it fails: it is one transaction.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from asyncpg import Connection

from server.accounts.passwords import hash_password
from server.activity.service import CLOCK_OFFSET
from server.books import repository as books
from server.kit import clock
from server.kit.shapes import Name
from server.participants.names import name_key
from server.seed import demo_agreements, demo_tasks
from server.seed.database import connected, insert
from server.seed.demo import DEMO_PASSWORD, NothingToStandOn, Stage, demo_ids, demo_needs, demo_offers, set_stage
from server.seed.demo_campaigns import AIM_COLUMNS, demo_campaigns
from server.seed.demo_campaigns import COLUMNS as CAMPAIGN_COLUMNS
from server.seed.demo_projects import COLUMNS as PROJECT_COLUMNS
from server.seed.demo_projects import SOURCE_COLUMNS, demo_projects
from server.seed.world import needs, offers
from server.seed.world.atlas import Atlas, read_atlas
from server.seed.world.cast import Cast, make_cast
from server.seed.world.chance import Chance
from server.seed.world.kinds import Kind, read_kinds
from server.settings import get_settings

LOCK = 727_005
"""Key of the advisory lock that one scenario holds while it is made."""

SETTING = "scenario"
LARGEST_SCALE = 1_000_000

FILLED = (
    "participant",
    "account_user",
    "role_grant",
    "pairing",
    "need",
    "offer",
    "account",
    "ledger_entry",
    "project",
    "project_source",
    "campaign",
    "campaign_aim",
    "agreement",
    "agreement_version",
    "agreement_signature",
)
"""The tables that a scenario fills."""

Progress = Callable[[str], None]
Rows = list[tuple[Any, ...]]
Tables = tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]

PROJECTS: Tables = (("project", PROJECT_COLUMNS), ("project_source", SOURCE_COLUMNS))
CAMPAIGNS: Tables = (("campaign", CAMPAIGN_COLUMNS), ("campaign_aim", AIM_COLUMNS))
"""A table and the one below it, with the columns of the rows that a scenario makes."""


@dataclass(frozen=True)
class Report:
    """What there is now; `made` is false where a scenario was there already and nothing was done."""

    made: bool
    scale: int
    seed: int
    participants: int = 0
    needs: int = 0
    offers: int = 0


async def run(
    owner_url: str, scale: int = 1500, seed: int = 2019, today: date | None = None, progress: Progress | None = None
) -> Report:
    """Make the scenario as the owner role, unless there is one.

    `today` is the business date where the database does not know it yet. Raises NothingToStandOn where the reference
    tables are not loaded.
    """
    if not 1 <= scale <= LARGEST_SCALE:
        raise ValueError(f"the scale is a number from 1 to {LARGEST_SCALE}, not {scale}")
    say = progress or _silent
    async with connected(owner_url, "jiedui scenario") as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        if (before := await _setting(connection, SETTING)) is not None:
            return Report(False, before["scale"], before["seed"])
        business_date = await _business_date(connection, today)
        atlas, kinds = await read_atlas(connection, business_date), await read_kinds(connection)
        if not kinds:
            raise NothingToStandOn("there are no resource types: run `jiedui load` first")
        report = await _make(connection, atlas, kinds, scale, seed, say)
        value = {"scale": scale, "seed": seed, "synthetic": True, "business_date": business_date.isoformat()}
        await connection.execute("INSERT INTO setting (key, value) VALUES ($1, $2)", SETTING, json.dumps(value))
    return report


def _silent(_line: str) -> None:
    """Nobody listens."""


async def _make(
    connection: Connection, atlas: Atlas, kinds: list[Kind], scale: int, seed: int, say: Progress
) -> Report:
    cast = make_cast(atlas, Chance(seed, "cast"), scale)
    stage = set_stage(atlas, cast, Chance(seed, "stage"))
    pair = demo_tasks.pair_unit(atlas, cast, stage, Chance(seed, "demo unit"))
    await store_cast(connection, atlas, cast, await _password_hashes(stage))
    say(f"{len(cast.members)} participants with {sum(1 for _ in cast.people)} people")
    units = {kind.type: kind.unit for kind in kinds}
    own_needs = demo_needs(atlas, stage, units, Chance(seed, "demo needs"))
    own_offers = demo_offers(atlas, stage, units, Chance(seed, "demo offers"))
    await _store(connection, demo_projects(atlas, stage, Chance(seed, "demo projects")), PROJECTS)
    await _store(connection, demo_campaigns(atlas, cast, stage, Chance(seed, "demo campaigns")), CAMPAIGNS)
    await _store_agreements(connection, atlas, stage, units, Chance(seed, "demo agreements"))
    if pair:
        await _store_tasks(connection, demo_tasks.demo_tasks(atlas, stage, pair, Chance(seed, "demo tasks")))
    asked = needs.make_needs(atlas, kinds, cast.governments(), Chance(seed, "needs"), scale)
    await insert(connection, "need", (*needs.COLUMNS, "remark"), own_needs)
    await insert(connection, "need", needs.COLUMNS, asked)
    say(f"{len(asked) + len(own_needs)} needs")
    given = offers.make_offers(atlas, kinds, cast, Chance(seed, "offers"), scale)
    await insert(connection, "offer", offers.COLUMNS, [*own_offers, *given])
    say(f"{len(given) + len(own_offers)} offers")
    await open_accounts(connection)
    # Counted now, so that the first queries are planned for what there is.
    await connection.execute(f"ANALYZE {', '.join(FILLED)}")
    say("the books are open")
    return Report(True, scale, seed, len(cast.members), len(asked) + len(own_needs), len(given) + len(own_offers))


async def _store(connection: Connection, made: tuple[Rows, Rows], tables: Tables) -> None:
    for rows, (table, columns) in zip(made, tables, strict=True):
        await insert(connection, table, columns, rows)


async def _store_agreements(
    connection: Connection, atlas: Atlas, stage: Stage, units: dict[str, str], chance: Chance
) -> None:
    types = await connection.fetch("SELECT code, name_zh, name_en FROM resource_type")
    names = {row["code"]: Name(zh=row["name_zh"], en=row["name_en"]) for row in types}
    made = demo_agreements.demo_agreements(atlas, stage, units, names, chance)
    await insert(connection, "agreement", demo_agreements.COLUMNS, made.agreements)
    await insert(connection, "agreement_version", demo_agreements.VERSION_COLUMNS, made.versions)
    await insert(connection, "agreement_signature", demo_agreements.SIGNATURE_COLUMNS, made.signatures)


async def _store_tasks(connection: Connection, made: demo_tasks.Tasks) -> None:
    await insert(connection, "unit_condition", demo_tasks.CONDITION_COLUMNS, made.conditions)
    await insert(connection, "task", demo_tasks.COLUMNS, made.tasks)
    await insert(connection, "task_entry", demo_tasks.ENTRY_COLUMNS, made.entries)


async def open_accounts(connection: Connection) -> None:
    """Open the books of every published need and offer that has none."""
    await books.open_many(connection)


async def _setting(connection: Connection, key: str) -> Any:
    value = await connection.fetchval("SELECT value FROM setting WHERE key = $1", key)
    return None if value is None else json.loads(value)


async def _business_date(connection: Connection, otherwise: date | None) -> date:
    offset = await _setting(connection, CLOCK_OFFSET)
    if offset is not None:
        return (clock.real_now() + timedelta(seconds=offset)).astimezone(clock.BEIJING).date()
    return otherwise or clock.real_now().astimezone(clock.BEIJING).date()


async def _password_hashes(stage: Stage) -> dict[Any, str]:
    """The demo accounts share one password and one hash; nobody else of a scenario can sign in."""
    return dict.fromkeys(demo_ids(stage), await hash_password(DEMO_PASSWORD))


PARTICIPANT = (
    *("id", "kind", "name_zh", "name_en", "place_id", "status", "verified_at", "alias", "parent_id", "remarks"),
    "name_key",
)
USER = ("id", "identifier", "name", "name_en", "password_hash")
GRANT = ("user_id", "role", "participant_id", "place_code")
PAIRING = (
    *("id", "kind", "giver_id", "giver_name", "place_id", "policy", "valid_from", "status", "verified", "reference"),
)


async def store_cast(connection: Connection, atlas: Atlas, cast: Cast, password_hashes: dict[Any, str]) -> None:
    """Write participants, users, grants and pairings, and name the participants that hold the loaded pairings."""
    await insert(connection, "participant", PARTICIPANT, [_participant(member) for member in cast.members])
    people = list(cast.people)
    users = [(one.id, one.identifier, one.name_zh, one.name_en, password_hashes.get(one.id)) for one in people]
    await insert(connection, "account_user", USER, users)
    grants = [(one, role) for one in people for role in one.roles]
    rows = [(one.id, role, one.participant_id, one.place_code) for one, role in grants]
    await insert(connection, "role_grant", GRANT, rows)
    began = date(atlas.today.year - 2, 1, 1)
    pairs = [
        (
            new.id,
            new.kind,
            new.giver.id,
            None,
            new.place.id,
            _policy(atlas.today),
            began,
            "active",
            False,
            new.reference,
        )
        for new in cast.pairs
    ]
    await insert(connection, "pairing", PAIRING, pairs)
    await _hold_loaded_pairings(connection, atlas, cast)


def _participant(member: Any) -> tuple[Any, ...]:
    seat = member.seat.id if member.seat else None
    remarks = "模拟数据"
    values = (member.id, member.kind, member.name_zh, member.name_en, seat, member.status, member.verified_at)
    return (*values, member.alias, member.parent_id, remarks, name_key(member.name_zh))


def _policy(today: date) -> str:
    return "2016" if today < date(2021, 4, 1) else "2021"


async def _hold_loaded_pairings(connection: Connection, atlas: Atlas, cast: Cast) -> None:
    by_place = {member.seat.code: member.id for member in cast.of_kind("eastern_partner") if member.seat}
    by_name = {member.name_zh: member.id for member in cast.of_kind("democratic_party")}
    held = [
        (pair.id, giver)
        for pair in atlas.pairs
        if (giver := by_place.get(pair.giver or "") or by_name.get(pair.giver_name or ""))
    ]
    await connection.executemany("UPDATE pairing SET giver_id = $2 WHERE id = $1", held)


async def command(owner_url: str, scale: int, seed: int) -> int:
    """`jiedui scenario`: make it, say what was made; gives the exit code."""
    try:
        report = await run(owner_url, scale, seed, get_settings().clock, progress=print)
    except (NothingToStandOn, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    if not report.made:
        print(f"A scenario (scale {report.scale}, seed {report.seed}) is there already: nothing was done.")
    return 0
