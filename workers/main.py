"""The worker process: arq runs jobs, the relay delivers. `python -m workers.main`."""

import asyncio
import contextlib
import signal
from typing import Any

import orjson
from arq.worker import Worker, func

from server import wiring
from server.docking.warming import warm_beside
from server.kit.logs import configure_logs, get_logger, where_it_broke
from server.kit.redis import arq_settings, connect_arq
from server.settings import Settings, get_settings
from workers.execution import LONGEST, Runner
from workers.heartbeat import beat
from workers.registry import JOBS
from workers.relay import Relay

DRAIN = 18
"""Seconds that running jobs are given at the end; with what follows it stays under 20 (decision 11)."""

CANCEL_EVERY = 3.0
AGAIN = 1.0
"""Seconds before a new arq worker replaces one that Redis took down."""

log = get_logger(__name__)


def make_worker(settings: Settings, runner: Runner) -> Worker:
    """An arq worker that hands every job of the registry to the runner, which the jobs do not depend on."""

    async def hand_over(ctx: dict[Any, Any], dispatch_id: str, attempts: int) -> None:
        await runner.run(dispatch_id, attempts)

    return Worker(
        [func(hand_over, name=name, max_tries=1, keep_result=0) for name in JOBS],
        redis_settings=arq_settings(settings.redis_url),
        job_timeout=LONGEST,
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
        runner, redis = Runner(), connect_arq(settings.redis_url)
        relay = asyncio.create_task(Relay(settings.database_url, redis, runner).run())
        intake = asyncio.create_task(take_jobs(settings, runner))
        warming = asyncio.create_task(warm_beside())
        sign = asyncio.create_task(beat(settings.heartbeat, (relay, intake)))
        await stopping.wait()
        await end(warming)
        await end(relay)
        await runner.drain(DRAIN)
        await end(intake)
        await end(sign)
        await redis.aclose()


async def end(task: asyncio.Task[None]) -> None:
    """Cancel what runs for ever, more than once if need be: libraries swallow a cancellation now and then."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=CANCEL_EVERY)


async def take_jobs(settings: Settings, runner: Runner) -> None:
    """Keep an arq worker going, a new one whenever Redis took the last one down."""
    while True:
        worker = make_worker(settings, runner)
        try:
            await worker.async_run()
        except Exception as error:
            log.warning("worker.redis_unreachable", error=where_it_broke(error))
        finally:
            await _close(worker)
        await asyncio.sleep(AGAIN)


async def _close(worker: Worker) -> None:
    """Let go of Redis, having told it what has ended; jobs that have not go on in the runner.

    What arq says of its own end is no news.
    """
    if worker.tasks:
        await asyncio.wait(set(worker.tasks.values()), timeout=1)
    with contextlib.suppress(Exception, asyncio.CancelledError):
        await asyncio.wait_for(worker.close(), 2)
    if worker.pool:
        with contextlib.suppress(Exception):
            await worker.pool.aclose(close_connection_pool=True)


def main() -> None:
    """Entry point."""
    configure_logs()
    asyncio.run(serve(get_settings()))


if __name__ == "__main__":
    main()
