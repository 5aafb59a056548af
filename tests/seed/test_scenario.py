"""The synthetic scenario: deterministic, complete, heavy-tailed, plainly made up, its books in order."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from statistics import median

import pytest
from argon2 import PasswordHasher

from server.local.servers import Servers
from server.seed import load, scenario
from server.seed.database import connected
from server.seed.demo import DEMO_ACCOUNTS, DEMO_COUNTY, DEMO_PASSWORD, NothingToStandOn
from server.seed.world import needs, offers
from server.seed.world.atlas import Atlas, read_atlas
from server.seed.world.cast import make_cast
from server.seed.world.chance import Chance
from server.seed.world.kinds import GIVERS, Kind, read_kinds
from tests.seed.conftest import Fresh, fresh_databases

TODAY = date(2019, 6, 3)
SCALE = 600
KINDS = {
    *GIVERS,
    "western_government",
    "coordinating_office",
    "supervisor",
}


@pytest.fixture(scope="session")
async def world(servers: Servers, template: str) -> AsyncIterator[Fresh]:
    """A database with a scenario."""
    async for database in fresh_databases(servers, template):
        await load.run(database.owner_url)
        assert (await scenario.run(database.owner_url, SCALE, 7, TODAY)).made
        yield database


async def drawn_from(database: Fresh, today: date = TODAY) -> tuple[Atlas, list[Kind]]:
    async with connected(database.owner_url, "test") as connection:
        return await read_atlas(connection, today), await read_kinds(connection)


async def test_the_same_seed_makes_the_same_world_and_another_another(loaded: Fresh):
    atlas, kinds = await drawn_from(loaded)

    def make(seed: int) -> str:
        cast = make_cast(atlas, Chance(seed, "cast"), 300)
        asked = needs.make_needs(atlas, kinds, cast.governments(), Chance(seed, "needs"), 300)
        given = offers.make_offers(atlas, kinds, cast, Chance(seed, "offers"), 300)
        return hashlib.sha256(repr((cast, asked, given)).encode()).hexdigest()

    assert make(1) == make(1) != make(2)


async def test_a_second_scenario_is_not_made_on_top(world: Fresh):
    report = await scenario.run(world.owner_url, 50, 8, TODAY)
    assert (report.made, report.scale, report.seed) == (False, SCALE, 7)
    assert await world.value("SELECT count(*) FROM setting WHERE key = 'scenario'") == 1


async def test_it_says_that_it_is_synthetic(world: Fresh):
    assert await world.value("SELECT value->>'synthetic' FROM setting WHERE key = 'scenario'") == "true"


async def test_as_many_needs_and_offers_are_published_as_asked_for_besides_the_demo_s_own(world: Fresh):
    for table in ("need", "offer"):
        others = await world.value(
            f"SELECT count(*) FROM {table} WHERE status = 'published' AND written_by NOT IN"
            " (SELECT id FROM account_user WHERE password_hash IS NOT NULL)"
        )
        assert others == SCALE


async def test_all_kinds_take_part_and_are_verified_but_a_few_applicants(world: Fresh):
    found = await world.fetch("SELECT kind, status, verified_at FROM participant")
    assert {row["kind"] for row in found if row["status"] == "verified"} == KINDS
    assert Counter(row["status"] for row in found if row["status"] != "verified") == {"applied": 6}


async def test_both_sides_have_all_heads_bounds_and_reaches(world: Fresh):
    for table in ("need", "offer"):
        types = await world.fetch(
            f"SELECT DISTINCT head, bound, reach, code FROM {table} JOIN resource_type ON code = resource_type_id"
            " WHERE status = 'published'"
        )
        assert len({row["head"] for row in types}) == 10 and len(types) == 50
        assert {(row["bound"], row["reach"]) for row in types} == {
            ("cap", "pairing"),
            ("cap", "open"),
            ("floor", "pairing"),
            ("floor", "open"),
        }


async def test_only_counties_of_the_832_ask_and_those_still_on_the_list_ask_more(world: Fresh):
    asked = await world.fetch("SELECT exit_year FROM need LEFT JOIN poverty_status s ON s.place_id = need.place_id")
    poor = sum(row["exit_year"] >= TODAY.year for row in asked)
    assert len(asked) - poor < poor < len(asked)


async def test_sizes_are_heavy_tailed(loaded: Fresh):
    atlas, kinds = await drawn_from(loaded)
    cast = make_cast(atlas, Chance(3, "cast"), 10)
    rows = needs.make_needs(atlas, kinds, cast.governments(), Chance(3, "needs"), 4000)
    type_at, quantity_at = needs.COLUMNS.index("resource_type_id"), needs.COLUMNS.index("quantity")
    roads = sorted(float(row[quantity_at]) for row in rows if row[type_at] == "village_road")
    tenth = len(roads) // 10
    assert len(roads) > 200 and roads[-1] > 8 * median(roads)
    assert sum(roads[-tenth:]) > 0.3 * sum(roads)


async def test_quantities_have_no_more_decimals_than_their_type(world: Fresh):
    for table in ("need", "offer"):
        finer = await world.value(
            f"SELECT count(*) FROM {table} JOIN resource_type ON code = resource_type_id"
            " WHERE round(quantity, decimals) <> quantity OR declared_value <> quantity OR declared_unit <> unit"
        )
        assert finer == 0


async def test_windows_lie_in_the_year_and_are_not_over(world: Fresh):
    for table in ("need", "offer"):
        window = await world.fetch(f"SELECT min(window_to), max(window_to), min(window_from) FROM {table}")
        last, latest, first = window[0]
        assert TODAY < last <= latest <= date(2019, 12, 31) and first >= date(2019, 1, 1)


async def test_only_talent_has_skills_and_few_different_ones(world: Fresh):
    elsewhere = "SELECT count(*) FROM {0} JOIN resource_type ON code = resource_type_id WHERE head <> 'talent' AND skills <> '{{}}'"
    for table in ("need", "offer"):
        assert await world.value(elsewhere.format(table)) == 0
        different = await world.value(f"SELECT count(DISTINCT skill) FROM {table}, unnest(skills) AS skill")
        assert isinstance(different, int) and 10 < different <= 64


async def test_restrictions_lots_and_receivers_occur_and_fit(world: Fresh):
    rows = await world.fetch(
        "SELECT restriction, place_codes, min_lot, max_receivers, reach, quantity FROM offer"
        " JOIN resource_type ON code = resource_type_id"
    )
    assert {row["restriction"] for row in rows} == {"none", "paired", "places"}
    assert all((row["restriction"] == "places") == bool(row["place_codes"]) for row in rows)
    assert all(row["restriction"] == "paired" for row in rows if row["reach"] == "pairing")
    assert any(row["min_lot"] for row in rows) and any(row["max_receivers"] for row in rows)
    assert all(row["min_lot"] <= row["quantity"] for row in rows if row["min_lot"])


async def test_what_stays_inside_a_pairing_is_offered_by_somebody_who_has_one(world: Fresh):
    strangers = await world.value(
        "SELECT count(*) FROM offer JOIN resource_type ON code = resource_type_id WHERE reach = 'pairing'"
        " AND NOT EXISTS (SELECT FROM pairing WHERE giver_id = offer.participant_id)"
    )
    assert strangers == 0


async def test_every_published_record_has_its_books_open_and_no_other(world: Fresh):
    for table in ("need", "offer"):
        wrong = await world.value(
            f"SELECT count(*) FROM {table} s LEFT JOIN account a ON a.subject_id = s.id"
            " LEFT JOIN ledger_entry e ON e.account_id = a.id"
            " WHERE (s.status = 'published') <> (a.quantity IS NOT DISTINCT FROM s.quantity AND a.entries = 1"
            " AND a.head = e.hash AND e.sequence = 1 AND e.movement = 'open')"
        )
        assert wrong == 0


async def test_firms_charities_units_and_citizens_say_that_they_are_made_up(world: Fresh):
    kinds = ("enterprise", "social_organisation", "citizen", "designated_unit", "armed_forces_unit", "line_department")
    unmarked = await world.value(
        f"SELECT count(*) FROM participant WHERE kind IN {kinds} AND name_zh NOT LIKE '%模拟%'"
    )
    assert unmarked == 0
    assert await world.value("SELECT count(*) FROM participant WHERE kind = 'armed_forces_unit' AND alias IS NULL") == 0


async def test_no_title_is_that_of_a_published_need(world: Fresh):
    copied = "SELECT count(*) FROM need JOIN published_record r ON r.title_zh = need.title AND r.kind = 'need'"
    assert await world.value(copied) == 0


async def test_the_demo_accounts_sign_in_with_one_password_and_nobody_else_can(world: Fresh):
    people = await world.fetch("SELECT identifier, password_hash FROM account_user WHERE password_hash IS NOT NULL")
    assert {row["identifier"] for row in people} == {account.identifier for account in DEMO_ACCOUNTS}
    assert all(PasswordHasher().verify(row["password_hash"], DEMO_PASSWORD) for row in people[:1])
    assert len({row["password_hash"] for row in people}) == 1


async def test_the_demo_accounts_have_their_roles(world: Fresh):
    found = await world.fetch(
        "SELECT identifier, role, p.kind FROM role_grant g JOIN account_user u ON u.id = g.user_id"
        " LEFT JOIN participant p ON p.id = g.participant_id WHERE u.password_hash IS NOT NULL"
    )
    assert {(row["identifier"], row["role"], row["kind"]) for row in found} == {
        ("clerk", "editor", "western_government"),
        ("reviewer", "administrator", "western_government"),
        ("reviewer", "reviewer", "western_government"),
        ("reviewer", "signatory", "western_government"),
        ("east", "administrator", "eastern_partner"),
        ("east", "editor", "eastern_partner"),
        ("east", "signatory", "eastern_partner"),
        ("enterprise", "administrator", "enterprise"),
        ("enterprise", "editor", "enterprise"),
        ("enterprise", "signatory", "enterprise"),
        ("coordinator", "coordinator", None),
        ("supervisor", "supervisor", None),
        ("admin", "platform_administrator", None),
    }


async def test_the_demo_county_is_poor_paired_published_about_and_has_work_to_do(world: Fresh):
    county = f"(SELECT id FROM place WHERE code = '{DEMO_COUNTY}')"
    assert await world.value(f"SELECT exit_year FROM poverty_status WHERE place_id = {county}") == 2020
    records = await world.value(f"SELECT count(*) FROM published_record WHERE place_id = {county}")
    assert isinstance(records, int) and records >= 10
    clerk = "(SELECT id FROM account_user WHERE identifier = 'clerk')"
    statuses = await world.fetch(f"SELECT DISTINCT status FROM need WHERE place_id = {county} AND written_by = {clerk}")
    assert {row["status"] for row in statuses} == {"draft", "submitted", "under_review", "returned", "published"}
    east = await world.value(
        "SELECT count(DISTINCT r.id) FROM role_grant g JOIN account_user u ON u.id = g.user_id JOIN pairing r"
        " ON r.giver_id = g.participant_id JOIN place p ON p.id = r.place_id"
        " WHERE u.identifier = 'east' AND p.code = '530000'"
    )
    assert east == 1


async def test_the_demo_partner_and_firm_offer_what_the_county_asks_for(world: Fresh):
    fits = await world.value(
        "SELECT count(DISTINCT n.id) FROM need n JOIN offer o USING (resource_type_id)"
        " JOIN account_user nu ON nu.id = n.written_by JOIN account_user ou ON ou.id = o.written_by"
        " WHERE nu.password_hash IS NOT NULL AND ou.password_hash IS NOT NULL AND n.status = 'published'"
        " AND o.status = 'published' AND n.skills <@ o.skills"
        " AND n.window_from <= o.window_to AND o.window_from <= n.window_to"
    )
    assert fits == 5


async def test_whoever_wrote_a_need_did_not_review_it(world: Fresh):
    assert await world.value("SELECT count(*) FROM need WHERE written_by = reviewed_by") == 0


async def test_after_2021_it_stands_on_the_new_pairs(loaded: Fresh):
    atlas, _ = await drawn_from(loaded, date(2022, 6, 1))
    assert len(atlas.east_west) == 17 and {pair.place[2:] for pair in atlas.east_west} != {"0000"}
    assert not any(atlas.is_poor(county) for county in atlas.counties)


async def test_without_reference_tables_there_is_nothing_to_stand_on(empty: Fresh):
    with pytest.raises(NothingToStandOn):
        await scenario.run(empty.owner_url, 10, 1, TODAY)


async def test_an_impossible_scale_is_refused(empty: Fresh, capsys: pytest.CaptureFixture[str]):
    assert await scenario.command(empty.owner_url, 0, 1) == 1
    assert "from 1 to 1000000" in capsys.readouterr().err
