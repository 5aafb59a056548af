"""Which pairing joins a giver and a county."""

from datetime import date
from uuid import UUID

import pytest

from server.accounts.actor import Actor
from server.kit.schema import new_id
from server.pairings import service
from server.pairings.models import Pairing
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EAST, OTHER_COUNTY
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("clean")

ANYBODY = Actor("user", new_id())


async def joins(giver_id: UUID, county: str, on: date | None = None) -> Pairing | None:
    return await within(lambda uow: service.between(uow, giver_id, county, on), ANYBODY)


async def test_the_carried_pair_of_provinces_joins_their_cities_and_counties():
    giver = await make_eastern_partner(EAST)
    pairing = await joins(giver.id, COUNTY)
    assert pairing is not None
    assert pairing.policy == "2016"
    assert await joins(giver.id, OTHER_COUNTY) is None


async def test_the_closest_pairing_is_taken():
    giver = await make_eastern_partner(EAST)
    county_pair = await make_pairing(COUNTY, giver_place_code=EAST)
    found = await joins(giver.id, COUNTY)
    assert found is not None
    assert found.id == county_pair.id


async def test_a_units_own_pairing_comes_before_its_places():
    unit = await make_participant("designated_unit", EAST)
    own = await make_pairing(COUNTY, giver_id=unit.id)
    await make_pairing(COUNTY, giver_place_code=EAST)
    found = await joins(unit.id, COUNTY)
    assert found is not None
    assert found.id == own.id


async def test_a_pairing_joins_only_on_the_days_on_which_it_binds():
    giver = await make_participant("designated_unit", "110000")
    await make_pairing(OTHER_COUNTY, giver_id=giver.id, valid_to=date(2019, 1, 1), status="ended")
    assert await joins(giver.id, OTHER_COUNTY) is None
    assert await joins(giver.id, OTHER_COUNTY, date(2018, 12, 31)) is not None
    assert await joins(giver.id, OTHER_COUNTY, date(2016, 12, 31)) is None


async def test_a_proposed_pairing_joins_nobody_yet():
    giver = await make_participant("designated_unit", "110000")
    await make_pairing(OTHER_COUNTY, giver_id=giver.id, status="proposed")
    assert await joins(giver.id, OTHER_COUNTY) is None


async def test_supervision_by_a_party_is_no_aid():
    party = await make_participant("democratic_party", "110000")
    await make_pairing(OTHER_COUNTY, giver_id=party.id, kind="party_supervision")
    assert await joins(party.id, OTHER_COUNTY) is None


async def test_pairs_are_those_of_the_policy_of_the_day():
    giver = await make_eastern_partner(EAST)
    later = await joins(giver.id, COUNTY, date(2021, 4, 1))
    assert later is not None
    assert later.policy == "2021"
