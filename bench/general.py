"""Graphs that are no docking: transshipment at random, as others publish it. Every node is on one long dear cycle, so each is feasible."""

import numpy as np

from bench.references import by_lemon, by_ortools, lemon
from bench.table import Row, timed
from server.docking.engine import simplex
from server.docking.engine.network import Network

NODES, ARCS_PER_NODE, GRAPHS = 4096, 8, 4


def general_graph(seed: int) -> Network:
    """A sparse graph with costs up to 10 000; a quarter of the nodes send, a quarter receive."""
    random = np.random.default_rng(seed)
    arcs = NODES * ARCS_PER_NODE
    nodes = np.arange(NODES)
    supply = np.zeros(NODES, dtype=np.int64)
    quarter = NODES // 4
    supply[:quarter] = random.integers(1, 1000, quarter)
    supply[quarter : 2 * quarter] = -supply[:quarter]
    return Network(
        tail=np.concatenate([nodes, random.integers(0, NODES, arcs)]).astype(np.int32),
        head=np.concatenate([(nodes + 1) % NODES, random.integers(0, NODES, arcs)]).astype(np.int32),
        capacity=np.concatenate([np.full(NODES, 1_000_000), random.integers(1, 1000, arcs)]).astype(np.int64),
        cost=np.concatenate([np.full(NODES, 10_000), random.integers(1, 10_000, arcs)]).astype(np.int64),
        supply=supply,
    )


def general_rows() -> list[Row]:
    """Target 4 on general graphs, with an artificial root; the costs must agree."""
    spent = {"ours": 0.0, "OR-tools": 0.0, "LEMON": 0.0}
    solvers = {"OR-tools": by_ortools} | ({"LEMON": by_lemon} if lemon() else {})
    for seed in range(GRAPHS):
        network = general_graph(seed)
        solution, seconds = timed(lambda network=network: simplex.solve(network))
        cost = int((solution.flow * network.cost).sum())
        spent["ours"] += seconds
        for name, solver in solvers.items():
            other, seconds = solver(network)
            spent[name] += seconds
            if other != cost:
                raise ValueError(f"{name} finds {other}, ours {cost}")
    ours = f"{spent['ours']:.3f} s"
    limits = {"OR-tools": None, "LEMON": 1.3}
    return [
        Row(
            4,
            NODES,
            f"general graphs, of {name}",
            ours,
            f"{spent[name]:.3f} s",
            spent["ours"] / spent[name],
            limits[name],
        )
        for name in solvers
    ]
