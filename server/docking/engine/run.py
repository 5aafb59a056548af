"""One docking run over all commodities: candidates, flow, fairness, pricing, rounding with a last look at the poorest, reasons.

``dock`` is a pure function; it may be called in any thread. The stages of different markets run on threads of their own, because
the heavy parts release the interpreter lock.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from server.docking.engine import flow as flows
from server.docking.engine.candidates import Arcs, find_candidates
from server.docking.engine.explain import Reasons, explain_absent, explain_market
from server.docking.engine.fairness import check_factor, coverage, next_factor, received_by_need
from server.docking.engine.flow import Flow, Rewards
from server.docking.engine.levelling import BUDGET, PASSES, level, poorest, raised
from server.docking.engine.market import Ground, Market, split, survey
from server.docking.engine.plan import PARTS, Plan, Totals
from server.docking.engine.pricing import price_all_pairs
from server.docking.engine.problem import (
    Bool,
    Float64,
    Int64,
    Problem,
    Settings,
    check_problem,
    check_settings,
)
from server.docking.engine.rounding import round_flow
from server.docking.engine.scoring import pair_parts

STAGES = ("candidates", "flow", "fairness", "pricing", "rounding", "reasons")

# Called with the stage, how many of its steps are done, and how many there are; from the calling thread.
Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


T = TypeVar("T")
R = TypeVar("R")


class DockingCancelled(Exception):
    """The caller asked to stop; nothing was computed that could be used."""


@dataclass(slots=True)
class Job:
    """One market on its way through the stages."""

    market: Market
    arcs: Arcs
    rewards: Rewards
    flow: Flow
    quantity: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    fresh: bool = True  # whether it is a new plan, not the last run's
    excess: int = 1  # see pricing.Pricing; not yet priced counts as something left

    @property
    def relaxed(self) -> int:
        return flows.value(self.market, self.arcs, self.rewards, self.flow.quantity)

    @property
    def value(self) -> int:
        return flows.value(self.market, self.arcs, self.rewards, self.quantity)

    @property
    def bound(self) -> int:
        return self.relaxed + self.excess

    def resolve(self) -> None:
        """Solve again after rewards have changed or arcs have been added, from where the last solution stood."""
        self.flow = flows.solve(self.market, self.arcs, self.rewards, self.flow)


class Run:
    """The state of one run: the jobs, the county multipliers, the time by stage."""

    def __init__(
        self,
        problem: Problem,
        settings: Settings,
        progress: Progress | None,
        cancelled: Cancelled | None,
        county_factor: Float64 | None,
        threads: ThreadPoolExecutor,
    ) -> None:
        self.problem, self.settings = problem, settings
        self.progress, self.cancelled, self.threads = progress, cancelled, threads
        self.ground: Ground = survey(problem, settings)
        self.balanced = county_factor is not None
        self.factor: Float64 = np.ones(len(problem.counties.province)) if county_factor is None else county_factor
        self.asking = np.zeros(len(problem.counties.province), dtype=np.bool_)
        self.asking[problem.needs.county] = True
        self.jobs: list[Job] = []
        self.seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)

    def each(self, stage: str, work: Callable[[T], R], items: list[T]) -> list[R]:
        """Do the work for every item on the threads; results in the order of the items."""
        began = time.perf_counter()
        results: list[R] = []
        for done, result in enumerate(self.threads.map(work, items), start=1):
            results.append(result)
            if self.progress:
                self.progress(stage, done, len(items))
            if self.cancelled and self.cancelled():
                raise DockingCancelled(stage)
        self.seconds[stage] += time.perf_counter() - began
        return results

    def open_markets(self) -> None:
        """Candidates and the first flow of every market that has any."""
        problem, settings = self.problem, self.settings

        def candidates(market: Market) -> Arcs:
            return find_candidates(problem, settings, self.ground, market)

        def first_flow(pair: tuple[Market, Arcs]) -> Job:
            market, arcs = pair
            rewards = flows.county_rewards(market, settings, self.factor)
            return Job(market, arcs, rewards, flows.solve(market, arcs, rewards))

        # The largest first: a large one that comes last would leave all threads but one idle.
        markets = sorted(split(problem, settings), key=lambda market: -market.offers * market.needs)
        arcs = self.each("candidates", candidates, markets)
        self.jobs = self.each("flow", first_flow, list(zip(markets, arcs, strict=True)))

    def covered(self, quantity: Callable[[Job], Int64]) -> Float64:
        """Coverage of each county by the given quantities, [C]."""
        received = [received_by_need(job.market, job.arcs.j, quantity(job)) for job in self.jobs]
        return coverage([job.market for job in self.jobs], received, self.problem)

    def balance(self) -> None:
        """The fairness loop; not where the multipliers are given, because a part says nothing of how a county fares."""
        rounds = self.settings.fairness_rounds if self.settings.fairness and not self.balanced else 0
        for done in range(rounds):
            reached = self.covered(lambda job: job.flow.quantity)
            self.factor = next_factor(self.factor, reached, self.asking, self.settings, done)
            self.each("fairness", self._reweigh, self.jobs)

    def _reweigh(self, job: Job) -> None:
        job.rewards = flows.county_rewards(job.market, self.settings, self.factor)
        job.resolve()

    def look_beyond(self) -> None:
        """Price all pairs, add what could still improve, and certify what is left."""
        for last in [False] * self.settings.pricing_rounds + [True]:

            def price(job: Job, add: bool = not last) -> None:
                if self.settings.pricing_rounds and job.excess == 0:
                    return
                found = price_all_pairs(self.problem, self.settings, self.ground, job.market, job.flow)
                job.excess = found.excess
                if add and len(found.arcs):
                    job.arcs = job.arcs.followed_by(found.arcs)
                    job.resolve()

            self.each("pricing", price, self.jobs)

    def round(self) -> None:
        """Make every market's plan keep the whole-lot rules."""

        def work(job: Job) -> None:
            job.quantity, job.fresh = round_flow(job.market, job.arcs, job.rewards, job.flow, self.settings)

        self.each("rounding", work, self.jobs)

    def level(self) -> None:
        """Look once more at the counties that the plan gave least."""
        fresh, factor = [job for job in self.jobs if job.fresh], self.factor
        least = {job.market.commodity: job.value - job.value // BUDGET for job in fresh}
        for _ in range(PASSES if self.settings.fairness and fresh and not self.balanced else 0):
            covered = self.covered(lambda job: job.quantity)
            poor = poorest(covered, self.asking)
            factor = raised(factor, covered, poor, self.settings)

            def work(job: Job, poor: Bool = poor, factor: Float64 = factor) -> None:
                if poor[job.market.county].any():
                    rewards, before = flows.county_rewards(job.market, self.settings, factor), job.quantity
                    job.quantity = level(job.market, job.arcs, rewards, before, poor[job.market.county])
                    if job.value < least[job.market.commodity]:
                        job.quantity = before

            self.each("rounding", work, fresh)

    def reasons(self) -> tuple[Reasons, Reasons]:
        """Why needs stay open and offers unused."""

        def work(job: Job) -> tuple[Reasons, Reasons]:
            return explain_market(self.problem, self.settings, job.market, job.arcs, job.flow, job.quantity)

        found = self.each("reasons", work, self.jobs)
        absent = explain_absent(self.problem)
        return (
            Reasons.joined([absent[0], *(needs for needs, _ in found)]),
            Reasons.joined([absent[1], *(offers for _, offers in found)]),
        )

    def totals(self) -> Totals:
        """Figures by commodity."""
        needs, offers, kinds = self.problem.needs, self.problem.offers, len(self.problem.commodities.step)
        found = {name: np.zeros(kinds, dtype=np.int64) for name in ("covered", "arcs", "objective", "relaxed", "bound")}
        for job in self.jobs:
            k = job.market.commodity
            found["covered"][k] = job.quantity.sum()
            found["arcs"][k] = len(job.arcs)
            found["objective"][k] = job.value
            found["relaxed"][k] = job.relaxed
            found["bound"][k] = job.bound
        return Totals(
            demand=flows.exact_sums(needs.commodity, needs.open, kinds),
            supply=flows.exact_sums(offers.commodity, offers.open, kinds),
            **found,
        )

    def plan(self, unmet: Reasons, unused: Reasons) -> Plan:
        """Put the markets together, in the problem's indices, sorted by (need, offer)."""
        offer_price = np.zeros(len(self.problem.offers.open), dtype=np.int64)
        need_price = np.zeros(len(self.problem.needs.open), dtype=np.int64)
        needs, offers = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        quantities, parts = [np.empty(0, np.int64)], [np.empty((0, len(PARTS)), np.int32)]
        for job in self.jobs:
            market, used = job.market, np.flatnonzero(job.quantity)
            i, j = job.arcs.i[used], job.arcs.j[used]
            needs.append(market.need[j])
            offers.append(market.offer[i])
            quantities.append(job.quantity[used])
            parts.append(pair_parts(self.problem, self.settings, self.ground, market, i, j))
            offer_price[market.offer], need_price[market.need] = job.flow.offer_price, job.flow.need_price
        need, offer = np.concatenate(needs), np.concatenate(offers)
        order = np.lexsort((offer, need))
        all_parts = np.concatenate(parts)[order]
        totals = self.totals()
        return Plan(
            need=need[order],
            offer=offer[order],
            quantity=np.concatenate(quantities)[order],
            score=all_parts.sum(axis=1, dtype=np.int32),
            parts=all_parts,
            unmet=unmet.sealed(),
            unused=unused.sealed(),
            offer_price=offer_price,
            need_price=need_price,
            objective=sum(totals.objective.tolist()),
            relaxed=sum(totals.relaxed.tolist()),
            bound=sum(totals.bound.tolist()),
            gap=gap(totals),
            totals=totals,
            county_factor=self.factor,
            coverage=self.covered(lambda job: job.quantity),
            seconds=self.seconds,
        )


def gap(totals: Totals) -> float:
    """1 - value / bound, every commodity weighing by its demand, so that units do not add up."""
    demand = np.maximum(totals.demand, 1)
    bound = float((totals.bound / demand).sum())
    return 1 - float((totals.objective / demand).sum()) / bound if bound > 0 else 0.0


def dock(
    problem: Problem,
    settings: Settings | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    county_factor: Float64 | None = None,
) -> Plan:
    """Dock everything open. The same problem and settings give the same plan, whatever the number of threads.

    ``county_factor``, [C], keeps the multipliers of a run over everything where ``problem`` is a part of it.

    Raises ProblemRefused for contradictory or overflowing input and DockingCancelled when ``cancelled`` said so.
    """
    settings = settings or Settings()
    check_settings(settings)
    check_problem(problem)
    if county_factor is not None:
        check_factor(county_factor, problem)
    threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="docking")
    try:
        run = Run(problem, settings, progress, cancelled, county_factor, threads)
        run.open_markets()
        run.balance()
        run.look_beyond()
        run.round()
        run.level()
        unmet, unused = run.reasons()
        return run.plan(unmet, unused)
    finally:
        threads.shutdown(cancel_futures=True)
