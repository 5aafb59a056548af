"""A min-cost flow problem over any directed graph, in integers."""

from dataclasses import dataclass

from server.docking.engine.problem import Int32, Int64


class FlowRefused(ValueError):
    """There is no such flow, or it cannot be computed exactly; the message says which."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs with 0 <= flow <= capacity; parallel arcs, loops and negative costs are allowed. Supplies add up to 0.

    A flow is optimal when there are potentials such that ``cost + potential[tail] - potential[head]`` is not negative
    on arcs with room and not positive on arcs with flow.
    """

    tail: Int32  # [arcs]
    head: Int32  # [arcs]
    capacity: Int64  # [arcs]
    cost: Int64  # [arcs] for each unit
    supply: Int64  # [nodes] what leaves a node less what enters it
