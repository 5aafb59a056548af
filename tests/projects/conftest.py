"""A county whose people write projects and decide on them."""

import pytest

from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.projects.hall import Hall
from tests.support.http import Api


@pytest.fixture
async def hall(api: Api) -> Hall:
    """A county's government with a clerk and a reviewer who are signed in."""
    county = await make_county_government()
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    reviewer = await api.signed_in(await make_member(county.id, "reviewer", "signatory"))
    return Hall(county, clerk, reviewer)
