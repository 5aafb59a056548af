"""An application of its own for the kit: a table that belongs to nobody, and operations on it."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.parcels import OWNER_GRANTS, TABLE
from tests.support.database import Database


@pytest.fixture(scope="package")
async def parcels(database: Database, application: object) -> AsyncIterator[Database]:
    """A plain table `parcel` beside the application's own, which only the kit's tests use: it goes with them."""
    await database.fetch(TABLE)
    await database.fetch(OWNER_GRANTS)
    yield database
    await database.fetch("DROP TABLE parcel")


@pytest.fixture
async def empty(parcels: Database, clean: None) -> Database:
    """No parcels."""
    await parcels.fetch("DELETE FROM parcel")
    return parcels
