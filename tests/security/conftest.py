"""One world for the whole folder, built once; nothing of it is left for others."""

from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.applications import Starlette

from server.operations import all_operations
from tests.security.logs import listening
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
def logged() -> Iterator[list[str]]:
    """Every line that the application and its libraries log while this folder's tests run."""
    with listening() as lines:
        yield lines


@pytest.fixture(scope="package")
async def asked(world: World, logged: list[str]) -> list[Answer]:
    """The whole matrix, asked once."""
    found = await answers(world, all_operations(), world.people.values())
    await world.sign_in_again()
    return found
