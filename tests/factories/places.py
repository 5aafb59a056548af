"""Places of the reference tables by their codes."""

from typing import Any

from server.places import service as places
from server.places.models import Place
from tests.support.database import within

# The county of most tests and its western and eastern sides (pairing of 2016: 江苏省 and 陕西省).
COUNTY, PREFECTURE, PROVINCE = "610925", "610900", "610000"
OTHER_COUNTY = "532324"
EAST = "320100"
EASTERN_PROVINCE = "320000"


async def place(code: str = COUNTY) -> Place:
    """The place of a code."""

    async def work(uow: Any) -> Place:
        return await places.resolve(uow, code)

    return await within(work)
