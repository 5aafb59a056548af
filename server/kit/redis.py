"""Redis holds caches, counters and wake-ups only: everything that must not be lost is in PostgreSQL."""

from arq.connections import RedisSettings
from redis.asyncio import Redis


def connect(url: str) -> Redis:
    """A client that gives up within a second, so that a dead Redis slows nothing down."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5, health_check_interval=15)


def arq_settings(url: str) -> RedisSettings:
    """The same server for arq; it retries little because the outbox tries again anyway."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries, settings.conn_timeout = 1, 1
    return settings
