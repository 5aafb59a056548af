"""One world for the whole folder, built once; nothing of it is left for others."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from server.operations import all_operations
from tests.security.matrix import Answer, answers
from tests.security.subjects import World
from tests.security.world import make_world
from tests.support.database import Database
from tests.support.http import Api


@pytest.fixture(scope="package")
async def world(application: Starlette, database: Database) -> AsyncIterator[World]:
    """Everybody and everything (see world.py)."""
    yield await make_world(Api(application))
    await database.clean()


@pytest.fixture(scope="package")
async def asked(world: World) -> list[Answer]:
    """The whole matrix, asked once."""
    found = await answers(world, all_operations(), world.people.values())
    await world.sign_in_again()
    return found
