"""Redis holds caches, counters and wake-ups only: everything that must not be lost is in PostgreSQL."""

import orjson
from arq.connections import ArqRedis, RedisSettings
from redis.asyncio import Redis


def connect(url: str) -> Redis:
    """A client that gives up within a second, so that a dead Redis slows nothing down."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5, health_check_interval=15)


def connect_arq(url: str) -> ArqRedis:
    """The same server as a queue; what is queued is JSON."""
    queue = ArqRedis.from_url(url, socket_connect_timeout=1, socket_timeout=5)
    queue.job_serializer = orjson.dumps
    return queue


def arq_settings(url: str) -> RedisSettings:
    """The same server for arq; it retries little because the outbox tries again anyway."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries, settings.conn_timeout = 1, 1
    return settings
