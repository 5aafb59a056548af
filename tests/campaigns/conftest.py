"""An organiser and a county that consents."""

import pytest

from tests.campaigns.square import Square
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government, make_participant
from tests.support.http import Api


@pytest.fixture
async def square(api: Api) -> Square:
    """A federation that organises with its editor, and a county whose reviewer decides."""
    organiser, host = await make_participant("social_organisation"), await make_county_government()
    editor = await api.signed_in(await make_member(organiser.id, "editor"))
    county = await api.signed_in(await make_member(host.id, "reviewer"))
    return Square(organiser, host, editor, county)
