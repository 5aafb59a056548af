"""The worker process: arq runs jobs, the relay delivers. `python -m workers.main`."""

import asyncio
import signal
from typing import Any

import orjson
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

from server import wiring
from server.kit.logs import configure_logs, get_logger
from server.kit.redis import arq_settings
from server.settings import Settings, get_settings
from workers.execution import execute
from workers.registry import JOBS
from workers.relay import Relay

JOB_TIMEOUT = 900
DRAIN = 20
"""Seconds that running jobs are given at the end (decision 11); what is cut off runs again elsewhere."""

log = get_logger(__name__)


async def _execute(ctx: dict[Any, Any], dispatch_id: str, attempt: int) -> None:
    await execute(dispatch_id, attempt)


def make_worker(settings: Settings) -> Worker:
    """An arq worker that runs every job of the registry through its dispatch row."""
    functions = [func(_execute, name=name, max_tries=1, keep_result=0) for name in JOBS]
    return Worker(
        functions,
        redis_settings=arq_settings(settings.redis_url),
        job_timeout=JOB_TIMEOUT,
        job_completion_wait=DRAIN,
        keep_result=0,
        handle_signals=False,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        poll_delay=0.2,
    )


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Redis may come and go: the relay then runs jobs by itself."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    wiring.wire()
    async with wiring.database(settings, name="jiedui-worker", time_limits=False):
        redis = ArqRedis.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=5)
        redis.job_serializer = orjson.dumps
        tasks = [
            asyncio.create_task(Relay(settings.database_url, redis).run()),
            asyncio.create_task(_run_jobs(settings)),
        ]
        await stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await redis.aclose()


async def _run_jobs(settings: Settings) -> None:
    """Keep an arq worker going, a new one whenever Redis took the last one down."""
    while True:
        worker = make_worker(settings)
        try:
            await worker.async_run()
        except (RedisError, OSError) as error:
            log.warning("worker.redis_unreachable", error=str(error))
        finally:
            await worker.close()
        await asyncio.sleep(1)


def main() -> None:
    """Entry point."""
    configure_logs()
    asyncio.run(serve(get_settings()))


if __name__ == "__main__":
    main()
