"""What others need for the same flows: OR-Tools, HiGHS, NetworkX, LEMON where its headers and g++ are installed, and a greedy docker.

Each solver takes a network and gives its least cost and the CPU seconds of the solution alone, without building its own graph
(LEMON's takes the building in: its C function does both).
"""

# OR-tools' stubs name an array's element type where its shape belongs.
# pyright: reportArgumentType=false

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import highspy
import networkx
import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from bench.table import process_timed, timed
from server.docking.engine.candidates import Arcs
from server.docking.engine.draft import MOVED, new_draft, refill
from server.docking.engine.flow import Rewards
from server.docking.engine.market import Market
from server.docking.engine.network import Network

Answer = tuple[int, float]  # least cost, CPU seconds


def by_ortools(network: Network) -> Answer:
    """OR-Tools' SimpleMinCostFlow."""
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.supply), dtype=np.int32), network.supply)
    status, seconds = timed(solver.solve)
    if status != solver.OPTIMAL:
        raise ValueError(f"OR-Tools: {status}")
    return solver.optimal_cost(), seconds


def by_networkx(network: Network) -> Answer:
    """NetworkX's network simplex, in Python."""
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from((node, {"demand": -amount}) for node, amount in enumerate(network.supply.tolist()))
    columns = (network.tail, network.head, network.capacity, network.cost)
    for tail, head, capacity, cost in zip(*(column.tolist() for column in columns), strict=True):
        graph.add_edge(tail, head, capacity=capacity, weight=cost)
    (cost, _), seconds = timed(lambda: networkx.network_simplex(graph))
    return cost, seconds


def by_highs(network: Network) -> Answer:
    """HiGHS' simplex on the flow as a linear program."""
    arcs, nodes = len(network.tail), len(network.supply)
    rows = np.stack([network.tail, network.head], axis=1).ravel()
    values = np.tile([1.0, -1.0], arcs)
    program = columns_of(arcs, nodes, network.cost, network.capacity, 2 * np.arange(arcs + 1), rows, values)
    program.row_lower_ = program.row_upper_ = network.supply.astype(float)
    value, seconds = solved_by_highs(program)
    return round(value), seconds


def columns_of(
    columns: int,
    rows: int,
    cost: np.ndarray,
    upper: np.ndarray,
    start: np.ndarray,
    index: np.ndarray,
    value: np.ndarray,
) -> highspy.HighsLp:
    """A linear program over columns from 0 to ``upper``; the caller sets the bounds of the rows."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_, program.col_lower_ = cost.astype(float), np.zeros(columns)
    program.col_upper_ = upper.astype(float)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = start, index, value
    return program


def solved_by_highs(program: highspy.HighsLp) -> tuple[float, float]:
    """Best value and CPU seconds."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    solver.passModel(program)
    _, seconds = process_timed(solver.run)
    return solver.getObjectiveValue(), seconds


@cache
def lemon() -> ctypes.CDLL | None:
    """LEMON's network simplex compiled for this machine, None where g++ or the headers (liblemon-dev) are missing."""
    if not (compiler := shutil.which("g++")):
        return None
    library = Path(tempfile.mkdtemp()) / "lemon.so"
    source = Path(__file__).with_name("lemon.cpp")
    flags = ["-O3", "-march=native", "-std=c++14", "-shared", "-fPIC", "-w"]
    built = subprocess.run([compiler, *flags, str(source), "-o", str(library)], check=False, capture_output=True)
    if built.returncode:
        return None
    loaded = ctypes.CDLL(str(library))
    loaded.lemon_cost.restype = ctypes.c_int64
    return loaded


def by_lemon(network: Network) -> Answer:
    """LEMON's network simplex, arcs sorted by tail as its graph wants them; only where ``lemon()`` is there."""
    library = lemon()
    if library is None:
        raise ValueError("LEMON is not installed")
    order = np.argsort(network.tail, kind="stable")
    columns = [network.tail[order], network.head[order], network.capacity[order], network.cost[order], network.supply]
    columns = [np.ascontiguousarray(column) for column in columns]
    status = ctypes.c_int()
    pointers = [column.ctypes.data_as(ctypes.c_void_p) for column in columns]
    arcs = ctypes.c_int64(len(order))
    cost, seconds = timed(lambda: library.lemon_cost(len(network.supply), arcs, *pointers, ctypes.byref(status)))
    return cost, seconds


def greedy(market: Market, arcs: Arcs, rewards: Rewards) -> np.ndarray:
    """What a patient official does: the best pair first, as much as the rules let it have, then the next, [A]."""
    order = np.argsort(arcs.i.astype(np.int64) * market.needs + arcs.j)
    some = Arcs(arcs.i[order], arcs.j[order], arcs.score[order])
    draft = new_draft(market, some, rewards)
    refill(draft, np.argsort(-some.score, kind="stable"))
    quantity = np.zeros(len(arcs), dtype=np.int64)
    quantity[order] = draft.pair[:, MOVED]
    return quantity


def strengthened_bound(market: Market, arcs: Arcs, rewards: Rewards) -> float:
    """The value of the linear program with counts: shares of what a pair can move at most may not exceed the places of either side.

    All rules but whole lots are in it, so it bounds every plan more closely than the flow.
    """
    n, m, counties, pairs = market.offers, market.needs, len(market.county), len(arcs)
    most = np.minimum(market.supply[arcs.i], market.demand[arcs.j])
    places = [
        np.minimum(market.max_receivers, market.supply // market.min_lot),
        np.minimum(market.max_sources, market.demand // np.maximum(market.min_part, 1)),
    ]
    base = n + m + counties
    rows = np.stack([arcs.i, n + arcs.j, n + m + market.county_of[arcs.j], base + arcs.i, base + n + arcs.j], axis=1)
    share = 1 / most
    values = np.stack([np.ones(pairs), np.ones(pairs), -np.ones(pairs), share, share], axis=1)
    segments = rewards.segment.size
    county = n + m + np.repeat(np.arange(counties), rewards.segment.shape[1])
    start = np.concatenate([5 * np.arange(pairs), 5 * pairs + np.arange(segments + 1)])
    program = columns_of(
        pairs + segments,
        base + n + m,
        np.concatenate([arcs.score, rewards.slope.ravel()]),
        np.concatenate([most, rewards.segment.ravel()]),
        start,
        np.concatenate([rows.ravel(), county]),
        np.concatenate([values.ravel(), np.ones(segments)]),
    )
    program.sense_ = highspy.ObjSense.kMaximize
    program.row_lower_ = np.full(base + n + m, -highspy.kHighsInf)
    program.row_upper_ = np.concatenate([market.supply, market.demand, np.zeros(counties), *places]).astype(float)
    return solved_by_highs(program)[0]
