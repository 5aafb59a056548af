"""A min-cost flow over any directed graph, solved exactly in integers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow as ortools

from server.docking.engine.problem import Bool, Int32, Int64


class FlowRefused(ValueError):
    """There is no such flow, or it cannot be computed exactly; the message says which."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs with 0 <= flow <= capacity; parallel arcs, loops and negative costs are allowed. Supplies add up to 0."""

    tail: Int32  # [arcs]
    head: Int32  # [arcs]
    capacity: Int64  # [arcs]
    cost: Int64  # [arcs] for each unit
    supply: Int64  # [nodes] what leaves a node less what enters it


def min_cost_flow(network: Network) -> Int64:
    """The flow of every arc at least total cost. Releases the interpreter lock while it works; raises FlowRefused."""
    if int(network.supply.sum()):
        raise FlowRefused("unbalanced: the supplies do not add up to 0")
    if not len(network.tail):
        if network.supply.any():
            raise FlowRefused("infeasible: there is supply and no arc")
        return np.empty(0, dtype=np.int64)
    # Its type stubs name the element type where NumPy's arrays have their shape.
    solver: Any = ortools.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.supply), dtype=np.int32), network.supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        raise FlowRefused("infeasible: the capacities cannot carry the supplies to where they are needed")
    if status != solver.OPTIMAL:
        raise FlowRefused(f"overflow: the numbers are too large for exact arithmetic ({status.name})")
    return np.asarray(solver.flows(np.arange(len(network.tail))), dtype=np.int64)


def potentials(network: Network, flow: Int64, implied: Bool) -> Int64:
    """Prices that prove a flow optimal, [nodes]: ``cost + potential[tail] - potential[head]`` is not negative on arcs with room
    and not positive on arcs with flow.

    ``implied`` marks arcs whose capacity follows from what their ends can carry, so that they count as having room.
    Shortest distances in the residual graph, from every node at distance 0.
    """
    forward = implied | (flow < network.capacity)
    backward = flow > 0
    tail = np.concatenate([network.tail[forward], network.head[backward]])
    head = np.concatenate([network.head[forward], network.tail[backward]])
    cost = np.concatenate([network.cost[forward], -network.cost[backward]])
    order = np.argsort(head, kind="stable")
    tail, cost = tail[order], cost[order]
    nodes, start = np.unique(head[order], return_index=True)
    distance = np.zeros(len(network.supply), dtype=np.int64)
    while True:
        nearest = np.minimum.reduceat(distance[tail] + cost, start)
        better = nearest < distance[nodes]
        if not better.any():
            return distance
        distance[nodes[better]] = nearest[better]
