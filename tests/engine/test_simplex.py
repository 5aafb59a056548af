"""The network simplex against an independent solver, and against the conditions that prove a flow optimal."""

# OR-tools' stubs name an array's element type where its shape belongs.
# pyright: reportArgumentType=false

from dataclasses import replace

import numpy as np
import pytest
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from server.docking.engine import simplex
from server.docking.engine.network import FlowRefused, Network

INSTANCES = 2000


def network(arcs: list[tuple[int, int, int, int]], supply: list[int]) -> Network:
    """Arcs as (tail, head, capacity, cost)."""
    table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    return built(table[:, 0], table[:, 1], table[:, 2], table[:, 3], np.array(supply, dtype=np.int64))


def built(tail: np.ndarray, head: np.ndarray, capacity: np.ndarray, cost: np.ndarray, supply: np.ndarray) -> Network:
    return Network(
        tail.astype(np.int32),
        head.astype(np.int32),
        capacity.astype(np.int64),
        cost.astype(np.int64),
        supply.astype(np.int64),
    )


def drawn(random: np.random.Generator) -> Network:
    """Up to 11 nodes and 39 arcs, with loops, parallel arcs, empty arcs and many ties; about half feasible by construction."""
    nodes, arcs = int(random.integers(1, 12)), int(random.integers(0, 40))
    dearest, widest = int(random.choice([0, 1, 3, 1000])), int(random.choice([1, 2, 10, 1000]))
    tail, head = random.integers(0, nodes, arcs), random.integers(0, nodes, arcs)
    capacity = random.integers(0, widest + 1, arcs)
    cost = random.integers(-dearest if random.random() < 0.4 else 0, dearest + 1, arcs)
    supply = random.integers(-widest, widest + 1, nodes)
    if random.random() < 0.5:
        flow = (capacity * random.random(arcs)).astype(np.int64)
        supply = np.zeros(nodes, dtype=np.int64)
        np.add.at(supply, tail, flow)
        np.subtract.at(supply, head, flow)
    else:
        supply[-1] -= supply.sum()
    return built(tail, head, capacity, cost, supply)


def changed(random: np.random.Generator, before: Network) -> Network:
    """Other costs and capacities, and some arcs more."""
    nodes, arcs, more = len(before.supply), len(before.tail), int(random.integers(0, 6))
    return built(
        np.append(before.tail, random.integers(0, nodes, more)),
        np.append(before.head, random.integers(0, nodes, more)),
        np.append(np.maximum(0, before.capacity + random.integers(-2, 3, arcs)), random.integers(0, 9, more)),
        np.append(before.cost + random.integers(-3, 4, arcs), random.integers(-5, 9, more)),
        before.supply,
    )


def oracle(problem: Network) -> int | None:
    """The least cost, or None when there is no feasible flow."""
    solver = SimpleMinCostFlow()
    if len(problem.tail):
        solver.add_arcs_with_capacity_and_unit_cost(problem.tail, problem.head, problem.capacity, problem.cost)
    solver.set_nodes_supplies(np.arange(len(problem.supply), dtype=np.int32), problem.supply)
    return solver.optimal_cost() if solver.solve() == solver.OPTIMAL else None


def proven_cost(problem: Network, solution: simplex.Solution) -> int:
    """Check bounds, balance and complementary slackness; return the cost."""
    flow, price = solution.flow, solution.potential
    assert ((flow >= 0) & (flow <= problem.capacity)).all()
    balance = np.zeros(len(problem.supply), dtype=np.int64)
    np.add.at(balance, problem.tail, flow)
    np.subtract.at(balance, problem.head, flow)
    assert (balance == problem.supply).all()
    reduced = problem.cost + price[problem.tail] - price[problem.head]
    assert (reduced[flow < problem.capacity] >= 0).all()
    assert (reduced[flow > 0] <= 0).all()
    return int((flow * problem.cost).sum())


def least_cost(problem: Network, basis: simplex.Basis | None = None, *, hot: bool = False) -> int | None:
    """As ``oracle``, by our solver."""
    try:
        return proven_cost(problem, simplex.solve(problem, basis=basis, hot=hot))
    except FlowRefused as refused:
        assert "infeasible" in str(refused)
        return None


def test_cold_and_warm_solutions_cost_what_the_oracle_says_and_prove_it() -> None:
    random = np.random.default_rng(20190603)
    solved = 0
    for _ in range(INSTANCES):
        problem = drawn(random)
        assert least_cost(problem) == oracle(problem)
        if oracle(problem) is None:
            continue
        solved += 1
        basis = simplex.solve(problem).basis
        other = changed(random, problem)
        expected = oracle(other)
        assert least_cost(other) == expected
        assert least_cost(other, basis) == expected
        assert least_cost(other, basis, hot=True) == expected
    assert INSTANCES // 3 < solved < INSTANCES


def test_the_same_network_gives_the_same_flow_prices_and_basis() -> None:
    random = np.random.default_rng(5)
    for _ in range(100):
        problem = drawn(random)
        if oracle(problem) is None:
            continue
        one, two = simplex.solve(problem), simplex.solve(problem)
        assert (one.flow == two.flow).all()
        assert (one.potential == two.potential).all()
        assert (one.basis.above == two.basis.above).all()
        assert (one.basis.state == two.basis.state).all()


def test_an_optimal_basis_needs_no_pivot_and_any_node_may_be_the_root() -> None:
    random = np.random.default_rng(6)
    for _ in range(200):
        problem = drawn(random)
        expected = oracle(problem)
        if expected is None:
            continue
        root = int(random.integers(0, len(problem.supply)))
        solution = simplex.solve(problem, root)
        assert proven_cost(problem, solution) == expected
        assert solution.potential[root] == 0
        assert simplex.solve(problem, basis=solution.basis).pivots == 0


def test_numbers_beyond_32_bits_stay_exact() -> None:
    big, dear = 10**15, 10**9
    solution = simplex.solve(
        network([(0, 1, big, dear), (0, 1, big, dear + 1), (1, 2, 2 * big, dear)], [big + 1, 0, -big - 1])
    )
    assert solution.flow.tolist() == [big, 1, big + 1]


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (network([(0, 1, 4, 1)], [5, -5]), "infeasible"),
        (network([], [5, -5]), "infeasible"),
        (network([(1, 0, 9, 1)], [5, -5]), "infeasible"),
        (network([(0, 1, 9, 1)], [5, -4]), "unbalanced"),
        (network([(0, 1, 9, 1 << 60)], [5, -5]), "overflow"),
        (network([(0, 1, 1 << 59, 1)], [5, -5]), "overflow"),
        (network([(0, 1, 9, 1)], [1 << 60, -(1 << 60)]), "overflow"),
        (network([(0, 1, 1 << 61, -1), (1, 0, 1 << 61, 0)], [0, 0]), "unbounded"),
    ],
)
def test_what_has_no_exact_answer_is_refused_with_the_reason(problem: Network, reason: str) -> None:
    with pytest.raises(FlowRefused, match=reason):
        simplex.solve(problem)


def test_what_is_no_network_is_refused() -> None:
    sound = network([(0, 1, 9, 1)], [5, -5])
    with pytest.raises(ValueError, match="outside the network"):
        simplex.solve(replace(sound, head=np.array([2], dtype=np.int32)))
    with pytest.raises(ValueError, match="negative"):
        simplex.solve(replace(sound, capacity=np.array([-1])))
