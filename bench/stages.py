"""The stages of the engine one by one, so that each can be measured and held against a reference."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from bench.references import Answer, by_highs, by_lemon, by_networkx, by_ortools, greedy, lemon, strengthened_bound
from bench.table import Row, timed
from server.docking.engine import flow as flows
from server.docking.engine import simplex
from server.docking.engine.candidates import Arcs, View, best_needs, no_floor, scored
from server.docking.engine.flow import Flow
from server.docking.engine.market import Market
from server.docking.engine.network import Network
from server.docking.engine.pricing import price_all_pairs
from server.docking.engine.problem import Problem, Settings
from server.docking.engine.rounding import Rounding, promising, round_flow, violations
from server.docking.engine.run import Job, Run

# References that take minutes on large instances are run up to this size.
HIGHS_UP_TO, NETWORKX_UP_TO, STRENGTHENED_UP_TO = 10_000, 1_000, 1_000
PLAIN = Settings(fairness=0)
PROVEN_AFTER = 20  # pricing rounds, more than any instance needed


@dataclass
class Stages:
    """Everything that is measured on one instance, CPU seconds by name."""

    problem: Problem
    run: Run
    demand: np.ndarray  # [K]
    spent: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def of(problem: Problem, threads: ThreadPoolExecutor) -> "Stages":
        """Candidates and the first flows."""
        run = Run(problem, PLAIN, None, None, None, threads)
        run.open_markets()
        demand = np.bincount(problem.needs.commodity, problem.needs.open, len(problem.commodities.step))
        return Stages(problem, run, demand)

    def note(self, name: str, seconds: float) -> None:
        """Add CPU seconds to a figure."""
        self.spent[name] = self.spent.get(name, 0.0) + seconds

    def ratio(self, one: str, other: str) -> float:
        """Of two figures."""
        return self.spent[one] / self.spent[other]

    def total(self, values: Sequence[float]) -> float:
        """A figure of each job, every commodity weighing by its demand."""
        return sum(value / self.demand[job.market.commodity] for job, value in zip(self.run.jobs, values, strict=True))


def network_of(job: Job) -> Network:
    """The job's flow problem as it stands."""
    return flows.build_network(job.market, job.arcs, job.rewards)


def solve_anew(job: Job, before: Flow | None) -> tuple[Flow, float]:
    """The job's flow and the CPU seconds that it took."""
    return timed(lambda: flows.solve(job.market, job.arcs, job.rewards, before))


def simplex_rows(stages: Stages, size: int) -> list[Row]:
    """Targets 4 and 5: our network simplex against others on the first flow of every commodity."""
    solvers = {"ortools": by_ortools} | ({"lemon": by_lemon} if lemon() else {})
    solvers |= {"highs": by_highs} if size <= HIGHS_UP_TO else {}
    solvers |= {"networkx": by_networkx} if size <= NETWORKX_UP_TO else {}
    random = np.random.default_rng(1)
    for job in stages.run.jobs:
        network = network_of(job)
        cost, seconds = ours(network)
        stages.note("cold", seconds)
        for name, solver in solvers.items():
            other, seconds = solver(network)
            stages.note(name, seconds)
            if other != cost:
                raise ValueError(f"{name} finds {other}, ours {cost}")
        warm_simplex(stages, network, len(job.arcs), random)
    _, seconds = by_ortools(joined([network_of(job) for job in stages.run.jobs]))
    stages.note("whole", seconds)
    cold, of = f"{stages.spent['cold']:.3f} s", stages.spent
    rows = [
        Row(
            4,
            size,
            "cold, of OR-tools by commodity",
            cold,
            f"{of['ortools']:.3f} s",
            stages.ratio("cold", "ortools"),
            0.5,
        ),
        Row(4, size, "warm, 1 % of quantities changed, of cold", *pair(stages, "changed", "changed cold"), 0.2),
        Row(4, size, "warm, 1 % of arcs appended, of cold", *pair(stages, "appended 1", "cold"), 0.25),
        Row(4, size, "warm, 10 % of arcs appended, of cold", *pair(stages, "appended 10", "cold"), 0.45),
        Row(
            5,
            size,
            "OR-tools on the whole graph, of ours",
            f"{of['whole']:.3f} s",
            cold,
            of["whole"] / of["cold"],
            10,
            True,
        ),
    ]
    for name, target, limit in (("highs", 5, 20), ("networkx", 5, 50)):
        if name in solvers:
            what = f"{by_name(name)} by commodity, of ours"
            rows.append(Row(target, size, what, f"{of[name]:.3f} s", cold, of[name] / of["cold"], limit, True))
    if "lemon" in solvers:
        rows.append(
            Row(
                4, size, "cold, of LEMON by commodity", cold, f"{of['lemon']:.3f} s", stages.ratio("cold", "lemon"), 0.8
            )
        )
    return rows


def by_name(solver: str) -> str:
    """How its makers write it."""
    return {"highs": "HiGHS", "networkx": "NetworkX"}[solver]


def pair(stages: Stages, one: str, other: str) -> tuple[str, str, float]:
    """Two figures and their ratio, for a row."""
    return f"{stages.spent[one]:.3f} s", f"{stages.spent[other]:.3f} s", stages.ratio(one, other)


def ours(network: Network) -> Answer:
    """Least cost and CPU seconds of ours."""
    solution, seconds = timed(lambda: simplex.solve(network, len(network.supply) - 1))
    return int((solution.flow * network.cost).sum()), seconds


def joined(networks: list[Network]) -> Network:
    """All networks side by side in one."""
    shift = np.cumsum([0, *(len(network.supply) for network in networks)])[:-1]
    return Network(
        tail=np.concatenate([n.tail + at for n, at in zip(networks, shift, strict=True)]).astype(np.int32),
        head=np.concatenate([n.head + at for n, at in zip(networks, shift, strict=True)]).astype(np.int32),
        capacity=np.concatenate([n.capacity for n in networks]),
        cost=np.concatenate([n.cost for n in networks]),
        supply=np.concatenate([n.supply for n in networks]),
    )


def warm_simplex(stages: Stages, network: Network, pairs: int, random: np.random.Generator) -> None:
    """Solve again after small changes, from where the last solution stood."""
    sink = len(network.supply) - 1
    before = simplex.solve(network, sink).basis
    supply = network.supply.copy()
    offers = np.flatnonzero(supply > 0)
    supply[offers] = np.maximum(1, np.round(supply[offers] * random.uniform(0.99, 1.01, len(offers)))).astype(np.int64)
    supply[sink] -= supply.sum()
    capacity = network.capacity.copy()
    capacity[: len(offers)] = supply[offers]  # their ways past everything come first
    changed = Network(network.tail, network.head, capacity, network.cost, supply)
    stages.note("changed", timed(lambda: simplex.solve(changed, basis=before, hot=True))[1])
    stages.note("changed cold", timed(lambda: simplex.solve(changed, sink))[1])
    for share in (1, 10):
        late = random.random(len(network.tail)) < share / 100
        late[: len(late) - pairs] = False
        order = np.concatenate([np.flatnonzero(~late), np.flatnonzero(late)])
        mixed = reordered(network, order)
        known = int((~late).sum())
        basis = simplex.solve(reordered(mixed, np.arange(known)), sink).basis
        stages.note(
            f"appended {share}", timed(lambda mixed=mixed, basis=basis: simplex.solve(mixed, basis=basis, hot=True))[1]
        )


def reordered(network: Network, order: np.ndarray) -> Network:
    """Some arcs of a network, in a given order."""
    tail, head, capacity, cost = network.tail, network.head, network.capacity, network.cost
    return Network(tail[order], head[order], capacity[order], cost[order], network.supply)


def pricing_rows(stages: Stages, size: int) -> list[Row]:
    """Target 2, and target 4's pricing rounds: two rounds against the best flow over all pairs. The jobs keep what two rounds find."""
    problem, run = stages.problem, stages.run
    best, bound = [], []
    for job in run.jobs:
        kept: tuple[Arcs, Flow] | None = None
        for done in range(PROVEN_AFTER):
            found = price_all_pairs(problem, PLAIN, run.ground, job.market, job.flow)
            if done == 2:
                kept, relaxed = (job.arcs, job.flow), job.relaxed
                bound.append(relaxed + found.excess)
            if found.excess == 0 and done >= 2:
                break
            job.arcs = job.arcs.followed_by(found.arcs)
            stages.note(f"cold {done}", solve_anew(job, None)[1])
            job.flow, seconds = solve_anew(job, job.flow)
            stages.note(f"round {done}", seconds)
        best.append(job.relaxed)
        if kept:
            job.arcs, job.flow = kept
    reached, plain, certified = (stages.total(values) for values in ([job.relaxed for job in run.jobs], best, bound))
    later = [done for done in range(2, PROVEN_AFTER) if f"round {done}" in stages.spent]
    for done in later:
        stages.note("later", stages.spent[f"round {done}"])
        stages.note("later cold", stages.spent[f"cold {done}"])
    rows = [
        Row(
            2,
            size,
            "flow after 2 pricing rounds, of all pairs",
            f"{reached:.1f}",
            f"{plain:.1f}",
            reached / plain,
            0.995,
            True,
        ),
        Row(2, size, "certified gap after them", f"{reached:.1f}", f"{certified:.1f}", 1 - reached / certified),
        Row(4, size, "second pricing round, of cold", *pair(stages, "round 1", "cold 1"), 0.6),
    ]
    return rows + (
        [Row(4, size, "later pricing rounds, of cold", *pair(stages, "later", "later cold"), 0.2)] if later else []
    )


def rounding_rows(stages: Stages, size: int, threads: Executor) -> list[Row]:
    """Targets 3 and 6: plans that keep all rules, against the flow over all pairs, a closer bound, and the greedy way."""
    jobs = stages.run.jobs
    futures: list[Future] = [
        threads.submit(round_flow, job.market, job.arcs, job.rewards, job.flow, PLAIN) for job in jobs
    ]
    plans = [future.result()[0] for future in futures]
    broken = sum(sum(violations(job.market, job.arcs, plan).values()) for job, plan in zip(jobs, plans, strict=True))
    simple = [greedy(job.market, job.arcs, job.rewards) for job in jobs]
    rounded, patient = (
        stages.total(
            [flows.value(job.market, job.arcs, job.rewards, plan) for job, plan in zip(jobs, some, strict=True)]
        )
        for some in (plans, simple)
    )
    relaxed = stages.total([job.relaxed for job in jobs])
    parts = sum(int((plan > 0).sum()) for plan in plans)
    served = sum(len(np.unique(job.arcs.j[plan > 0])) for job, plan in zip(jobs, plans, strict=True))
    rows = [
        Row(
            3,
            size,
            "rounded plan, of the flow (F = 6)",
            f"{rounded:.1f}",
            f"{relaxed:.1f}",
            rounded / relaxed,
            0.955,
            True,
        ),
        Row(3, size, "givers for each need that is served", f"{parts:,}", f"{served:,}", parts / served, 1.9),
        Row(3, size, "rules broken", str(broken), "", broken, 0),
        Row(
            6,
            size,
            "rounded plan, of greedy under the same rules",
            f"{rounded:.1f}",
            f"{patient:.1f}",
            rounded / patient,
            1.15,
            True,
        ),
    ]
    if size <= STRENGTHENED_UP_TO:
        bound = stages.total([strengthened_bound(job.market, every(stages, job.market), job.rewards) for job in jobs])
        rows.append(
            Row(
                3,
                size,
                "rounded plan, of the strengthened bound",
                f"{rounded:.1f}",
                f"{bound:.1f}",
                rounded / bound,
                0.97,
                True,
            )
        )
    return rows


def every(stages: Stages, market: Market) -> Arcs:
    """All allowed pairs of a market."""
    view = View.of(stages.problem, PLAIN, stages.run.ground, market)
    found = best_needs(view, market.need_points, no_floor(market.offers), market.needs)
    return scored(view, found.row_of_each(), found.partner)


def priced_rows(stages: Stages, size: int) -> list[Row]:
    """Target 4: flows with prices on the counts from the fifth round on, against solving them from scratch."""
    for job in stages.run.jobs:
        kept = promising(job.market, job.arcs, job.flow)
        some = Arcs(job.arcs.i[kept], job.arcs.j[kept], job.arcs.score[kept])
        price_counts(stages, job, Rounding(job.market, some, job.rewards), job.flow.on(kept))
    if "priced" not in stages.spent:
        return []
    return [Row(4, size, "priced flows from the fifth round, of cold", *pair(stages, "priced", "priced cold"), 0.35)]


def price_counts(stages: Stages, job: Job, work: Rounding, flow: Flow) -> None:
    """Eight rounds of prices on one commodity."""

    def solve(before: Flow | None) -> tuple[Flow, float]:
        return timed(lambda: work.penalties.solve(job.rewards, before))

    for done in range(8):
        if not work.penalties.adjust(flow.quantity, work.value(flow.quantity), int(0.96 * job.relaxed)):
            return
        if done >= 4:
            stages.note("priced cold", solve(None)[1])
        flow, seconds = solve(flow)
        if done >= 4:
            stages.note("priced", seconds)
