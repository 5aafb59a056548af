"""From rows to the engine's arrays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from server.docking.engine import problem as engine
from server.docking.engine.problem import Settings
from server.docking.engine.run import dock
from server.docking.rules import MOST_SKILLS, TooManySkills
from server.docking.service import set_cool_down
from server.docking.snapshot import Scope
from server.kit import clock
from tests.factories.docking import take_snapshot
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EAST, OTHER_COUNTY, PREFECTURE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("clean", "application")


async def test_quantities_come_in_the_smallest_unit_of_their_type() -> None:
    need = await make_need(quantity="12.5", min_part=Decimal("0.25"))
    teachers = await make_need(resource_type="teacher", quantity=3, place_code=OTHER_COUNTY)
    offer = await make_offer(quantity=7, min_lot=Decimal(2), max_receivers=4)
    taken = await take_snapshot()
    needs, offers = taken.snapshot.problem.needs, taken.snapshot.problem.offers
    road, talent, given = taken.need(need.id), taken.need(teachers.id), taken.offer(offer.id)
    assert (needs.open[road], needs.min_part[road]) == (12_500, 250)
    assert (needs.open[talent], needs.min_part[talent]) == (3, 1)
    assert (offers.open[given], offers.min_lot[given], offers.max_receivers[given]) == (7_000, 2_000, 4)
    assert taken.snapshot.decimals["village_road"] == 3


async def test_a_part_is_a_tenth_of_the_unit_at_least_where_the_county_does_not_say() -> None:
    await make_need(quantity="12.5")
    taken = await take_snapshot()
    assert taken.snapshot.problem.needs.min_part.tolist() == [100]


async def test_an_offer_without_a_limit_serves_any_number_of_receivers() -> None:
    offer = await make_offer()
    taken = await take_snapshot()
    assert taken.snapshot.problem.offers.max_receivers[taken.offer(offer.id)] == 2**31 - 1


async def test_only_what_is_published_open_and_not_over_is_in_it() -> None:
    drafts = [await make_need(status="draft"), await make_need(status="suspended")]
    over = await make_need(window_from=date(2019, 1, 1), window_to=date(2019, 6, 2))
    until_today = await make_need(window_from=date(2019, 1, 1), window_to=clock.today())
    withdrawn = await make_offer(status="closed")
    taken = await take_snapshot()
    ids = {row.id for row in taken.snapshot.needs}
    assert until_today.id in ids
    assert not ids & {each.id for each in (*drafts, over)}
    assert withdrawn.id not in {row.id for row in taken.snapshot.offers}


async def test_what_is_held_or_promised_is_gone_and_its_giver_takes_a_place() -> None:
    table = await make_table(need=100, offer=100, need_max_sources=3, offer_max_receivers=2)
    await make_proposal(table, 30)
    taken = await take_snapshot()
    need, offer = taken.need(table.need.id), taken.offer(table.offer.id)
    arrays = taken.snapshot.problem
    assert (arrays.needs.open[need], arrays.needs.max_sources[need]) == (70_000, 2)
    assert (arrays.offers.open[offer], arrays.offers.max_receivers[offer]) == (70_000, 1)
    assert arrays.forbidden.reason.tolist() == [engine.UNDER_NEGOTIATION]
    assert (arrays.forbidden.need.tolist(), arrays.forbidden.offer.tolist()) == ([need], [offer])


async def test_a_need_whose_places_are_taken_is_left_out() -> None:
    table = await make_table(need_max_sources=1, offer_max_receivers=1)
    await make_pledge(table, 30)
    taken = await take_snapshot()
    assert not taken.snapshot.needs
    assert not taken.snapshot.offers


async def test_a_declined_pair_is_barred_until_its_time_is_over() -> None:
    need, offer = await make_need(), await make_offer()
    until = clock.now() + timedelta(days=30)
    await within(lambda uow: set_cool_down(uow, need.id, offer.id, "capacity", until))
    barred = (await take_snapshot()).snapshot.problem.forbidden
    assert barred.reason.tolist() == [engine.COOLING_DOWN]
    assert (await take_snapshot(days_later=31)).snapshot.problem.forbidden.reason.tolist() == []


async def test_a_floor_that_is_passed_is_no_longer_open() -> None:
    table = await make_table(resource_type="jobs_partner_area", need=10, offer=100)
    taken = await take_snapshot()
    assert taken.snapshot.problem.needs.open[taken.need(table.need.id)] == 10
    await within(
        lambda uow: uow.fetch("UPDATE account SET held = 15 WHERE subject_id = $1 RETURNING id", table.need.id)
    )
    assert not (await take_snapshot()).snapshot.needs


async def test_a_need_widens_with_its_age() -> None:
    ages = {0: 0, 16: 1, 31: 2}
    needs = {
        days: await make_need(published_at=clock.now() - timedelta(days=days), title=f"{days} days old")
        for days in ages
    }
    taken = await take_snapshot()
    widening = taken.snapshot.problem.needs.widening
    assert {days: int(widening[taken.need(need.id)]) for days, need in needs.items()} == ages


async def test_skills_are_bits_and_what_nobody_asks_for_is_none() -> None:
    need = await make_need(resource_type="teacher", quantity=2, skills=["数学", "英语"])
    offer = await make_offer(resource_type="teacher", quantity=2, skills=["英语", "体育"])
    taken = await take_snapshot()
    arrays, skills = taken.snapshot.problem, taken.snapshot.skills
    assert skills == sorted(["数学", "英语"])
    assert arrays.needs.skills[taken.need(need.id)] == 0b11
    assert arrays.offers.skills[taken.offer(offer.id)] == 1 << skills.index("英语")


async def test_more_skills_than_bits_are_refused_with_their_number() -> None:
    await make_need(skills=[f"skill {number}" for number in range(MOST_SKILLS + 1)])
    with pytest.raises(TooManySkills) as refused:
        await take_snapshot()
    assert refused.value.facts == {"limit": MOST_SKILLS, "found": MOST_SKILLS + 1}


async def test_an_eastern_partner_is_paired_itself_and_an_enterprise_through_its_home() -> None:
    # 2016: 江苏省 assists 陕西省; the partner's seat is 南京市, below it.
    partner, enterprise = await make_eastern_partner(EAST), await make_participant("enterprise", EAST)
    by_partner, by_enterprise = await make_offer(partner), await make_offer(enterprise)
    taken = await take_snapshot()
    givers = taken.snapshot.problem.givers
    own = taken.counties(givers.own_pairs, taken.giver(by_partner.id))
    assert COUNTY in own
    assert OTHER_COUNTY not in own
    assert taken.counties(givers.own_pairs, taken.giver(by_enterprise.id)) == set()
    home = int(givers.home[taken.giver(by_enterprise.id)])
    assert COUNTY in taken.counties(givers.home_pairs, home)
    assert OTHER_COUNTY not in taken.counties(givers.home_pairs, home)


async def test_a_pairing_that_names_a_giver_is_its_own_wherever_its_seat_is() -> None:
    unit = await make_participant("designated_unit", None)
    offer = await make_offer(unit)
    await make_pairing(OTHER_COUNTY, giver_id=unit.id)
    taken = await take_snapshot()
    givers, row = taken.snapshot.problem.givers, taken.giver(offer.id)
    assert taken.counties(givers.own_pairs, row) == {OTHER_COUNTY}
    assert givers.home[row] == -1


async def test_a_pairing_counts_between_its_dates_only() -> None:
    unit = await make_participant("designated_unit", None)
    offer = await make_offer(unit)
    today = clock.today()
    await make_pairing(COUNTY, giver_id=unit.id, valid_from=today + timedelta(days=10))
    await make_pairing(OTHER_COUNTY, giver_id=unit.id, valid_to=today + timedelta(days=10))
    for later, county in ((0, OTHER_COUNTY), (20, COUNTY)):
        taken = await take_snapshot(days_later=later)
        assert taken.counties(taken.snapshot.problem.givers.own_pairs, taken.giver(offer.id)) == {county}


async def test_a_party_supervises_and_is_paired_with_nobody_for_it() -> None:
    party = await make_participant("democratic_party", None)
    offer = await make_offer(party)
    await make_pairing(COUNTY, giver_id=party.id, kind="party_supervision")
    taken = await take_snapshot()
    assert taken.counties(taken.snapshot.problem.givers.own_pairs, taken.giver(offer.id)) == set()


async def test_an_offer_for_places_lists_the_counties_at_or_below_them() -> None:
    offer = await make_offer(restriction="places", place_codes=[PREFECTURE, OTHER_COUNTY])
    taken = await take_snapshot()
    row = taken.offer(offer.id)
    listed = taken.counties(taken.snapshot.problem.offers.listed, row)
    assert {COUNTY, OTHER_COUNTY} <= listed
    assert {code[:4] for code in listed} == {COUNTY[:4], OTHER_COUNTY[:4]}
    assert taken.snapshot.problem.offers.restriction[row] == engine.FOR_LISTED


async def test_who_delivered_before_is_remembered() -> None:
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await within(lambda uow: uow.fetch("UPDATE pledge SET accepted = 10 WHERE id = $1 RETURNING id", pledge.id))
    taken = await take_snapshot()
    assert taken.counties(taken.snapshot.problem.givers.past, taken.giver(table.offer.id)) == {COUNTY}


async def test_a_scope_keeps_to_its_counties_and_heads() -> None:
    near, far = await make_need(), await make_need(place_code=OTHER_COUNTY)
    talent = await make_need(resource_type="teacher", quantity=2)
    inside = await take_snapshot(Scope(("61%",), (), 15))
    assert {row.id for row in inside.snapshot.needs} == {near.id, talent.id}
    works = await take_snapshot(Scope(("%",), ("works",), 15))
    assert {row.id for row in works.snapshot.needs} == {near.id, far.id}
    assert {row["head"] for row in works.snapshot.types} == {"works"}


async def test_the_same_content_gives_the_same_digest_and_the_same_plan() -> None:
    county = await make_county_government()
    for number in range(4):
        await make_need(county, quantity=10 + number, published_at=clock.now() - timedelta(days=40))
        await make_offer(quantity=8 + number)
    one, two = await take_snapshot(), await take_snapshot()
    assert one.snapshot.digest() == two.snapshot.digest()
    first, second = (dock(each.snapshot.problem, Settings(threads=threads)) for each, threads in ((one, 1), (two, 2)))
    assert [first.need.tolist(), first.offer.tolist(), first.quantity.tolist()] == [
        second.need.tolist(),
        second.offer.tolist(),
        second.quantity.tolist(),
    ]
    await make_need(county, quantity=1)
    assert (await take_snapshot()).snapshot.digest() != one.snapshot.digest()
