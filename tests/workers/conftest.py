"""A relay on the session's servers, and jobs that only tests know."""

from collections.abc import AsyncIterator, Iterator

import pytest
from arq.connections import ArqRedis

from server.kit.redis import connect_arq
from server.settings import Settings
from tests.support.database import Database
from workers import execution, registry
from workers.execution import Runner


@pytest.fixture
async def queue(settings: Settings, clean: None) -> AsyncIterator[ArqRedis]:
    """The queue, empty."""
    redis = connect_arq(settings.redis_url)
    await redis.flushdb()
    yield redis
    await redis.aclose()


@pytest.fixture
async def runner() -> AsyncIterator[Runner]:
    """A runner; nothing runs on after the test."""
    made = Runner()
    yield made
    await made.drain(0)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, database: Database) -> Iterator[dict[str, registry.Job]]:
    """The registry, to which a test adds jobs of its own; the pace is quick."""
    monkeypatch.setattr(execution, "BEAT", 0.05)
    before = dict(registry.JOBS)
    yield registry.JOBS
    registry.JOBS.clear()
    registry.JOBS.update(before)
