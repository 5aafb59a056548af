"""`jiedui engine FILE.min`: solve a min-cost flow that others wrote down, in the DIMACS format.

    c a comment
    p min NODES ARCS            first of all, once
    n NODE SUPPLY               nodes count from 1; a node without a line has supply 0; demand is negative
    a TAIL HEAD LOWER UPPER COST

Answer on standard output: `s COST`, then `f TAIL HEAD FLOW` for every arc with flow, in the order of the file. A file that cannot
be read, an unbalanced, infeasible or overflowing instance is refused with a reason on standard error and exit code 1.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from server.docking.engine import simplex
from server.docking.engine.network import FlowRefused, Network
from server.docking.engine.problem import Int32, Int64

# Sums of supplies and of capacities stay below this, costs times nodes too.
LARGEST = 1 << 59


class FileRefused(ValueError):
    """The file is not a DIMACS min-cost-flow instance; the message names the line."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Nodes count from 0 here."""

    supply: Int64  # [nodes]
    tail: Int32  # [arcs]
    head: Int32
    lower: Int64
    upper: Int64
    cost: Int64


def read(lines: list[str]) -> Instance:
    """Parse the lines of a file; raises FileRefused."""
    size: tuple[int, int] | None = None
    supply: dict[int, int] = {}
    arcs: list[list[int]] = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0] == "c":
            continue
        kind, values = words[0], words[1:]
        if kind == "p":
            size = _header(size, values, number)
        elif kind not in {"n", "a"}:
            raise FileRefused(f"line {number}: unknown line {kind!r}")
        elif size is None:
            raise FileRefused(f"line {number}: comes before the line 'p min NODES ARCS'")
        elif kind == "n":
            node, amount = _integers(values, 2, number)
            if node in supply:
                raise FileRefused(f"line {number}: node {node} has its supply twice")
            supply[_node(node, size[0], number)] = amount
        else:
            arc = _integers(values, 5, number)
            _check_arc(arc, size[0], number)
            arcs.append(arc)
    if size is None:
        raise FileRefused("there is no line 'p min NODES ARCS'")
    if len(arcs) != size[1]:
        raise FileRefused(f"{size[1]} arcs are announced, {len(arcs)} are given")
    return _instance(size[0], supply, arcs)


def _header(size: tuple[int, int] | None, values: list[str], number: int) -> tuple[int, int]:
    if size is not None:
        raise FileRefused(f"line {number}: a second problem line")
    if not values or values[0] != "min":
        raise FileRefused(f"line {number}: not a min-cost flow ('p min NODES ARCS')")
    nodes, arcs = _integers(values[1:], 2, number)
    if nodes < 1 or arcs < 0 or nodes >= 1 << 31:
        raise FileRefused(f"line {number}: {nodes} nodes and {arcs} arcs make no network")
    return nodes, arcs


def _integers(values: list[str], count: int, number: int) -> list[int]:
    if len(values) != count:
        raise FileRefused(f"line {number}: {count} numbers expected, {len(values)} given")
    try:
        return [int(value) for value in values]
    except ValueError:
        raise FileRefused(f"line {number}: not a whole number") from None


def _node(node: int, nodes: int, number: int) -> int:
    if not 1 <= node <= nodes:
        raise FileRefused(f"line {number}: node {node} is outside 1 .. {nodes}")
    return node


def _check_arc(arc: list[int], nodes: int, number: int) -> None:
    tail, head, lower, upper, _ = arc
    _node(tail, nodes, number)
    _node(head, nodes, number)
    if lower < 0 or upper < lower:
        raise FileRefused(f"line {number}: bounds {lower} .. {upper} cannot hold")


def _instance(nodes: int, supply: dict[int, int], arcs: list[list[int]]) -> Instance:
    total = sum(supply.values())
    if total:
        raise FileRefused(f"unbalanced: the supplies add up to {total}, not 0")
    if sum(map(abs, supply.values())) >= LARGEST or sum(arc[3] for arc in arcs) >= LARGEST:
        raise FileRefused("overflow: supplies or capacities are too large for exact arithmetic")
    if max((abs(arc[4]) for arc in arcs), default=0) * (nodes + 1) >= LARGEST:
        raise FileRefused("overflow: cost times nodes is too large for exact arithmetic")
    table = np.array(arcs, dtype=np.int64).reshape(-1, 5)
    given = np.zeros(nodes, dtype=np.int64)
    for node, amount in supply.items():
        given[node - 1] = amount
    tail, head = (table[:, 0] - 1).astype(np.int32), (table[:, 1] - 1).astype(np.int32)
    return Instance(given, tail, head, table[:, 2], table[:, 3], table[:, 4])


def solve(instance: Instance) -> tuple[int, Int64]:
    """Least cost and the flow of each arc; raises FlowRefused when there is no feasible flow.

    Lower bounds are sent first; what they leave at the nodes is the supply of what remains.
    """
    supply = instance.supply.copy()
    np.subtract.at(supply, instance.tail, instance.lower)
    np.add.at(supply, instance.head, instance.lower)
    network = Network(instance.tail, instance.head, instance.upper - instance.lower, instance.cost, supply)
    flow = instance.lower + simplex.solve(network).flow
    # Python's integers: the cost may leave int64 though every arc is within it.
    return sum(int(units) * int(cost) for units, cost in zip(flow, instance.cost, strict=True)), flow


def main(path: str) -> int:
    """Solve the file and print the answer; 0 when solved, 1 with a reason on standard error otherwise."""
    try:
        instance = read(Path(path).read_text(encoding="utf-8").splitlines())
        cost, flow = solve(instance)
    except OSError as problem:
        sys.stderr.write(f"{path}: {problem.strerror}\n")
        return 1
    except UnicodeDecodeError:
        sys.stderr.write(f"{path}: not a text file\n")
        return 1
    except (FileRefused, FlowRefused) as problem:
        sys.stderr.write(f"{path}: {problem}\n")
        return 1
    used = np.flatnonzero(flow)
    answer = [f"f {instance.tail[arc] + 1} {instance.head[arc] + 1} {flow[arc]}" for arc in used]
    sys.stdout.write("\n".join([f"s {cost}", *answer]) + "\n")
    return 0
