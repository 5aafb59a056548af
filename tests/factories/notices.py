"""How people are told beside the inbox."""

from typing import Any

from server.accounts.models import User
from server.notices.models import NoticeSetting
from tests.support.database import within

ALWAYS = {"quiet_from": None, "quiet_to": None}
"""No hours of quiet, at whatever time the test runs."""


async def make_setting(user: User, **values: Any) -> NoticeSetting:
    """A choice of this person: an address `email` or `sms` counts as proved; no hours of quiet unless given."""
    return await within(lambda _: NoticeSetting.create(user=user, **{**ALWAYS, **values}))
