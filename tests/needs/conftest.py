"""A county whose people write and review needs."""

import pytest

from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.needs.office import Office
from tests.support.http import Api


@pytest.fixture
async def office(api: Api) -> Office:
    """A county's government with a clerk and a reviewer who are signed in."""
    county = await make_county_government()
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    reviewer = await api.signed_in(await make_member(county.id, "reviewer", "signatory"))
    return Office(county, clerk, reviewer)
