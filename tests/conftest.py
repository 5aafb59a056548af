"""One PostgreSQL and one Valkey for the whole session, the real application in this process, clean tables a test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from starlette.applications import Starlette
from xdist.scheduler import LoadScopeScheduling

from server.app import create_app
from server.local.servers import Servers, start_servers
from server.migrate import migrate
from server.seed import load
from server.settings import Settings
from tests.support.database import Database
from tests.support.http import Api
from tests.support.killing import Killer, killing
from tests.support.listed import hold_to_schema
from tests.support.live import Live, start_live

# Other people's files are not in the repository: `make test-exchange REFDATA=…` names their folder.
collect_ignore = [] if os.environ.get("REFDATA") else ["exchange"]

TEMPLATE = "jiedui_template"

FIRST = ("browser", "journeys", "faults", "workers", "engine")
"""The longest folders: begun first, so that no process works alone at the end."""


class ByFolder(LoadScopeScheduling):
    """A folder's tests stay in one process: they share what is dear to start."""

    def _split_scope(self, nodeid: str) -> str:
        return _folder(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """How `pytest -n 2` shares the tests out."""
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest folders."""
    items.sort(key=lambda item: FIRST.index(_folder(item.nodeid)) if _folder(item.nodeid) in FIRST else len(FIRST))


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both embedded servers, without fsync: a crash of this session may lose its data."""
    running = start_servers(tmp_path_factory.mktemp("servers"), durable=False)
    yield running
    running.stop()


@pytest.fixture(scope="session")
async def template(servers: Servers) -> str:
    """The name of a migrated database without rows, to make others from (CREATE DATABASE … TEMPLATE)."""
    administrator = await asyncpg.connect(servers.administrator_url)
    await administrator.execute(f"CREATE DATABASE {TEMPLATE} OWNER jiedui_owner")
    await administrator.close()
    await migrate(servers.owner_url.rpartition("/")[0] + f"/{TEMPLATE}")
    return TEMPLATE


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Database]:
    """A migrated database with the reference tables loaded."""
    await migrate(servers.owner_url)
    await load.run(servers.owner_url)
    async with asyncpg.create_pool(servers.administrator_url, min_size=0, max_size=4) as pool:
        yield Database(servers, pool)


@pytest.fixture(scope="session")
def settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the application under test; the business clock starts on 2019-06-03."""
    return Settings.model_validate(
        {
            "DATABASE_URL": servers.app_url,
            "DATABASE_OWNER_URL": servers.owner_url,
            "DATABASE_PUBLIC_URL": servers.public_url,
            "REDIS_URL": servers.redis_url,
            "JIEDUI_CLOCK": "2019-06-03",
            "JIEDUI_DATA": str(tmp_path_factory.mktemp("data")),
            "JIEDUI_WITHOUT_FSYNC": True,
            "JIEDUI_ORIGIN": "http://jiedui.test",
            "JIEDUI_SECOND_FACTOR": "nobody",
        }
    )


@pytest.fixture(scope="session")
async def application(database: Database, settings: Settings) -> AsyncIterator[Starlette]:
    """The real application with its lifespan, in this process."""
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as patch:
        hold_to_schema(patch)
        async with app.router.lifespan_context(app):
            yield app


@pytest.fixture
async def clean(database: Database, application: Starlette) -> AsyncIterator[None]:
    """Everything that a test writes is gone after it; the reference tables stay."""
    yield
    await database.clean()


@pytest.fixture
def api(application: Starlette, clean: None) -> Api:
    """HTTP against the application: `await api.signed_in(user)` gives a client, `api.anonymous()` another."""
    return Api(application)


@pytest.fixture
def killer() -> Iterator[Killer]:
    """Cuts the connection of work that is under way."""
    with killing() as made:
        yield made


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Jiedui as users meet it: two real uvicorn processes, a worker, own servers, the demo scenario."""
    with start_live(Path(tmp_path_factory.mktemp("live"))) as running:
        yield running
