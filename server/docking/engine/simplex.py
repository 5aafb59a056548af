"""Our network simplex: exact in integers, with prices, and able to go on from an earlier solution.

    solution = solve(network, root=sink)              # a sink that every source reaches by an arc of its own needs no first phase
    solution = solve(changed, basis=solution.basis)   # other costs, capacities, supplies; more arcs at the end

Deterministic: the same network and basis give the same flow, prices and basis.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.basis import first_tree, lift_capacities, load_tree, read_flow
from server.docking.engine.network import FlowRefused, Network
from server.docking.engine.pivots import ENDLESS, LINKS, OPTIMAL, UNBOUNDED, Graph, Tree, run_pivots
from server.docking.engine.problem import Int8, Int64

# Supplies and capacities below ENDLESS must add up to less than these; costs times nodes too.
LARGEST_SUPPLY, LARGEST_CAPACITY, LARGEST_COST = 1 << 58, 1 << 59, 1 << 59


@dataclass(frozen=True, slots=True)
class Basis:
    """A spanning tree and the bounds of the arcs outside it: all that a warm start needs."""

    above: Int64  # [nodes, and the extra root] see basis.py
    state: Int8  # [arcs]
    root: int  # a node, or the number of nodes for an extra root

    def on(self, kept: Int64) -> "Basis":
        """The same basis when only some arcs are left, in a new order; all arcs of the tree must be among them."""
        known = len(self.state)
        place = np.zeros(known + 1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        arc, direction = self.above >> 1, self.above & 1
        moved = np.where(arc < known, place[np.minimum(arc, known)], arc - known + len(kept))
        return Basis(2 * moved + direction, self.state[kept], self.root)


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimal flow with the prices that prove it."""

    flow: Int64  # [arcs]
    potential: Int64  # [nodes] 0 at the root; see network.Network
    basis: Basis
    pivots: int


def solve(network: Network, root: int | None = None, basis: Basis | None = None, *, hot: bool = False) -> Solution:
    """Solve from scratch, or from a basis of a network with the same nodes and the same first arcs.

    ``hot`` searches entering arcs in a list: better where few arcs can improve the flow. Releases the interpreter lock.
    Raises FlowRefused when the network is unbalanced, infeasible, unbounded, or too large for exact arithmetic.
    """
    check(network)
    nodes, arcs = len(network.supply), len(network.tail)
    root = basis.root if basis else nodes if root is None else root
    extra = root == nodes
    supply = np.append(network.supply, 0) if extra else network.supply
    order = mixed_order(arcs)
    cost = network.cost[order]
    graph = Graph(
        network.tail[order].astype(np.uint32),
        network.head[order].astype(np.uint32),
        network.capacity[order],
        cost,
        np.ones(arcs, dtype=np.int8),
    )
    graph = graph._replace(capacity=lift_capacities(graph, supply))
    above = np.empty(len(supply), dtype=np.int64)
    if basis is None:
        first_tree(graph, graph.capacity, supply, root, above)
    else:
        _restore(basis, order, graph, above)
    tree = _empty_tree(len(supply))
    dear = (int(np.abs(cost).max(initial=0)) + 1) * len(supply)
    if not load_tree(graph, supply, root, above, tree, dear, 0 if extra else dear):
        raise ValueError("the basis is not a spanning tree of this network")
    block = max(10, int(arcs**0.5))
    hot_list = np.empty(arcs if hot else 0, dtype=np.int64)
    status, pivots = run_pivots(graph, tree, root, block, 1 << 62, hot_list)
    if status == UNBOUNDED:
        raise FlowRefused("unbounded: a cycle of negative cost has no limit")
    flow = np.empty(arcs, dtype=np.int64)
    left = read_flow(graph, root, tree, flow, above)
    if status != OPTIMAL or left > 0:
        raise FlowRefused("infeasible: the capacities cannot carry the supplies to where they are needed")
    return _solution(order, graph, tree, flow, above, root, nodes, int(pivots))


def check(network: Network) -> None:
    """Raise FlowRefused for a network that cannot be solved exactly, ValueError for one that is none."""
    nodes = len(network.supply)
    ends = (network.tail, network.head)
    if any(len(end) and (int(end.min()) < 0 or int(end.max()) >= nodes) for end in ends):
        raise ValueError("an arc ends outside the network")
    if (network.capacity < 0).any():
        raise ValueError("a capacity is negative")
    bounded = network.capacity[network.capacity < ENDLESS]
    cost = float(np.abs(network.cost.astype(np.float64)).max(initial=0)) + 1
    if (
        np.abs(network.supply.astype(np.float64)).sum() >= LARGEST_SUPPLY
        or bounded.astype(np.float64).sum() >= LARGEST_CAPACITY
        or cost * (nodes + 1) >= LARGEST_COST
    ):
        raise FlowRefused("overflow: the numbers are too large for exact arithmetic")
    if network.supply.sum():
        raise FlowRefused("unbalanced: the supplies do not add up to 0")


def mixed_order(arcs: int) -> Int64:
    """The arcs with a stride of their square root: a block of neighbours, all of one tail, makes poor pivots."""
    stride = max(1, int(arcs**0.5))
    rows = -(-arcs // stride)
    order = np.arange(rows * stride, dtype=np.int64).reshape(rows, stride).T.ravel()
    return order[order < arcs]


def _restore(basis: Basis, order: Int64, graph: Graph, above: Int64) -> None:
    """Bring a basis into the mixed order; arcs that it does not know start at zero."""
    known, arcs = len(basis.state), len(order)
    state = np.ones(arcs, dtype=np.int8)
    state[:known] = basis.state
    graph.state[:] = state[order]
    place = np.empty(arcs, dtype=np.int64)
    place[order] = np.arange(arcs)
    arc, direction = basis.above >> 1, basis.above & 1
    real = arc < known
    above[:] = np.where(real, 2 * place[np.where(real, arc, 0)] if arcs else 0, 2 * (arc - known + arcs)) + direction


def _empty_tree(nodes: int) -> Tree:
    return Tree(
        np.zeros((nodes, LINKS), dtype=np.uint32),
        np.empty(nodes, dtype=np.uint32),
        np.zeros((nodes, 2), dtype=np.int64),
        np.empty(nodes, dtype=np.int64),
    )


def _solution(
    order: Int64, graph: Graph, tree: Tree, flow: Int64, above: Int64, root: int, nodes: int, pivots: int
) -> Solution:
    """Back into the caller's order of arcs."""
    arcs = len(order)
    unmixed, state = np.empty(arcs, dtype=np.int64), np.empty(arcs, dtype=np.int8)
    unmixed[order], state[order] = flow, graph.state
    arc, direction = above >> 1, above & 1
    real = arc < arcs
    codes = np.where(real, 2 * order[np.where(real, arc, 0)] if arcs else 0, 2 * arc) + direction
    potential = tree.potential - tree.potential[root]
    return Solution(unmixed, potential[:nodes], Basis(codes, state, root), pivots)
