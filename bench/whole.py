"""A whole run of the engine in a process of its own, so that its peak memory is its own: `python -m bench.whole SIZE [THREADS]`.

Prints one line of JSON.
"""

import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from bench.instances import instance
from bench.table import Row
from server.docking.engine.market import survey
from server.docking.engine.plan import Plan
from server.docking.engine.problem import Incumbents, Problem, Settings
from server.docking.engine.ranking import rank_needs
from server.docking.engine.run import Run, dock

RANKED = 500


@dataclass(frozen=True)
class Whole:
    """What one run took and gave."""

    size: int
    wall: float  # seconds
    cpu: float
    peak_mb: float
    suggestions: int
    kept: float  # share of suggestions that stay when one offer in a hundred changes
    poorest: float  # fifth percentile of the counties' coverage by the flow, with fairness
    poorest_rounded: float  # by the plan
    price: float  # share of the flow's value that fairness costs
    ranking_p99: float  # milliseconds


def measured_apart(size: int, threads: int = 2) -> Whole:
    """Measure in another process."""
    command = [sys.executable, "-m", "bench.whole", str(size), str(threads)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Whole(**json.loads(answer.stdout.splitlines()[-1]))


def measured(size: int, threads: int) -> Whole:
    """Measure in this process."""
    settings = Settings(threads=threads)
    dock(instance(300), settings)  # compiled code is loaded
    problem = instance(size)
    began, cpu = time.perf_counter(), time.process_time()
    plan = dock(problem, settings)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Whole(
        size,
        wall,
        cpu,
        peak,
        plan.suggestions,
        kept(problem, settings, plan),
        *fairness(problem, settings, plan),
        ranking_p99(problem, settings, plan),
    )


def kept(problem: Problem, settings: Settings, before: Plan) -> float:
    """The share of suggestions that stay when one offer in a hundred changes by up to half."""
    random, size = np.random.default_rng(3), len(problem.offers.open)
    factor = np.where(random.random(size) < 0.01, random.uniform(0.5, 1.5, size), 1.0)
    offers = replace(problem.offers, open=np.maximum(1, np.round(problem.offers.open * factor)).astype(np.int64))
    after = dock(replace(problem, offers=offers, incumbents=Incumbents(before.offer, before.need)), settings)
    needs = len(problem.needs.open)
    keys = [plan.offer.astype(np.int64) * needs + plan.need for plan in (before, after)]
    return float(np.isin(keys[0], keys[1]).mean())


def fairness(problem: Problem, settings: Settings, fair: Plan) -> tuple[float, float, float]:
    """Fifth percentile of coverage by the flow and by the plan, and what fairness costs of the pairs' own points."""
    asking = np.bincount(problem.needs.county, minlength=len(problem.counties.province)) > 0
    plain = dock(problem, replace(settings, fairness=0))
    with ThreadPoolExecutor(settings.threads) as threads:
        run = Run(problem, settings, None, None, None, threads)
        run.open_markets()
        run.balance()
        run.look_beyond()
    flow = run.covered(lambda job: job.flow.quantity)
    values = [points(problem, plan) for plan in (fair, plain)]
    poorest = [float(np.quantile(covered[asking], 0.05)) for covered in (flow, fair.coverage)]
    return poorest[0], poorest[1], 1 - values[0] / values[1]


def points(problem: Problem, plan: Plan) -> float:
    """Points of the pairs without the rewards for counties, every commodity weighing by its demand."""
    demand = np.bincount(problem.needs.commodity, problem.needs.open, len(problem.commodities.step))
    return float((plan.score * plan.quantity / demand[problem.needs.commodity[plan.need]]).sum())


def ranking_p99(problem: Problem, settings: Settings, plan: Plan) -> float:
    """CPU milliseconds within which 99 of 100 offers are ranked against all needs, in this process."""
    ground = survey(problem, settings)
    times = []
    for offer in np.random.default_rng(1).integers(0, len(problem.offers.open), RANKED).tolist():
        began = time.thread_time()
        rank_needs(problem, settings, offer, plan.need_price, ground=ground)
        times.append(1000 * (time.thread_time() - began))
    return float(np.quantile(times, 0.99))


def whole_rows(whole: Whole) -> list[Row]:
    """Targets 1, 7 and 8; seconds and megabytes have a limit at full size only, fairness at 10 000."""
    size = whole.size
    full, middle = size >= 100_000, size == 10_000
    seconds, cpu = f"{whole.wall:.2f} s", f"{whole.cpu:.2f} s of CPU"
    return [
        Row(1, size, "engine alone, seconds on 2 threads", seconds, cpu, whole.wall, 20 if full else None),
        Row(1, size, "engine alone, peak MB", f"{whole.peak_mb:.0f} MB", "", whole.peak_mb, 1024 if full else None),
        Row(7, size, "rank an offer in process, p99 ms", f"{whole.ranking_p99:.2f} ms", "", whole.ranking_p99, 2),
        Row(
            8, size, "suggestions lost at 1 % changed input", f"{whole.suggestions:,} before", "", 1 - whole.kept, 0.02
        ),
        Row(
            8,
            size,
            "county coverage p5, flow",
            f"{whole.poorest:.3f}",
            "",
            whole.poorest,
            0.75 if middle else None,
            True,
        ),
        Row(8, size, "county coverage p5, rounded plan", f"{whole.poorest_rounded:.3f}", "", whole.poorest_rounded),
        Row(8, size, "value given for fairness", f"{whole.price:.2%}", "", whole.price, 0.015 if middle else None),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2).__dict__))
