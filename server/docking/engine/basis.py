"""Where the network simplex starts: capacities that need not be watched, a first tree, and the tree of an earlier solution.

``above`` holds for each node the code of the arc above it in the tree (see ``pivots.py``); arc numbers from the number of arcs on
are artificial: arc ``arcs + v`` joins node v and the root.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportReturnType=false, reportArgumentType=false

import numpy as np

from server.docking.engine.kernel import kernel
from server.docking.engine.pivots import ARC, BEFORE, DOWN, ENDLESS, LAST, NOBODY, PARENT, SIZE, UP, Graph, Tree
from server.docking.engine.problem import Int64

# Rounds of hanging transit nodes below nodes that already reach the root.
HANGING_ROUNDS = 3


@kernel
def lift_capacities(graph: Graph, supply: Int64) -> Int64:
    """Capacities that the end nodes imply become endless: fewer pivots that move nothing, and such an arc has no price of its own.

    One arc after the other, so that each step keeps the set of feasible flows.
    """
    tail, head = graph.tail, graph.head
    capacity = np.minimum(graph.capacity, ENDLESS)
    entering, leaving = np.maximum(supply, 0), np.maximum(-supply, 0)
    for e in range(len(tail)):
        entering[head[e]] = min(ENDLESS, entering[head[e]] + capacity[e])
        leaving[tail[e]] = min(ENDLESS, leaving[tail[e]] + capacity[e])
    # Arcs out of sources first: they are the many.
    for from_source in (True, False):
        for e in range(len(tail)):
            t, h = tail[e], head[e]
            if (supply[t] > 0) != from_source or capacity[e] >= ENDLESS or t == h:
                continue
            if capacity[e] >= entering[t] or capacity[e] >= leaving[h]:
                capacity[e] = ENDLESS
                entering[h] = ENDLESS
                leaving[t] = ENDLESS
    lift_dearest(graph, capacity, entering)
    return capacity


@kernel
def lift_dearest(graph: Graph, capacity: Int64, entering: Int64) -> None:
    """Where all arcs out of a node are parallel and can carry all that enters it, the dearest of them fills last and needs no limit."""
    tail, head, cost = graph.tail, graph.head, graph.cost
    nodes = len(entering)
    only_head = np.full(nodes, -1, dtype=np.int64)
    dearest = np.full(nodes, -1, dtype=np.int64)
    tied = np.zeros(nodes, dtype=np.bool_)
    total = np.zeros(nodes, dtype=np.int64)
    for e in range(len(tail)):
        t, h = tail[e], np.int64(head[e])
        total[t] = min(ENDLESS, total[t] + capacity[e])
        if only_head[t] == -1:
            only_head[t], dearest[t] = h, e
            continue
        if only_head[t] != h:
            only_head[t] = -2
        if cost[e] == cost[dearest[t]]:
            tied[t] = True
        elif cost[e] > cost[dearest[t]]:
            dearest[t], tied[t] = e, False
    for v in range(nodes):
        e = dearest[v]
        if only_head[v] < 0 or only_head[v] == v or tied[v] or entering[v] >= ENDLESS or total[v] < entering[v]:
            continue
        if capacity[e] < ENDLESS:
            capacity[e] = ENDLESS
            entering[head[e]] = ENDLESS


@kernel
def first_tree(graph: Graph, capacity: Int64, supply: Int64, root: int, above: Int64) -> None:
    """Every node below the root: by a real arc that can carry its supply with room to spare, or by its artificial arc.

    All other arcs start at zero. Where each source has an arc to the root this is feasible, and there is no first phase.
    """
    arcs = len(graph.tail)
    graph.state[:] = 1
    for v in range(len(supply)):
        above[v] = 2 * (arcs + v) + (1 if supply[v] < 0 else 0)
    for e in range(arcs):
        v = graph.tail[e]
        direct = graph.head[e] == root and v != root
        if direct and supply[v] >= 0 and capacity[e] > supply[v] and above[v] >= 2 * arcs:
            above[v] = 2 * e
            graph.state[e] = 0
    for _ in range(HANGING_ROUNDS):
        hung = 0
        for e in range(arcs):
            v, h = graph.tail[e], graph.head[e]
            waiting = v != root and supply[v] == 0 and above[v] >= 2 * arcs
            if waiting and capacity[e] > 0 and h != root and above[h] < 2 * arcs:
                above[v] = 2 * e
                graph.state[e] = 0
                hung += 1
        if hung == 0:
            break


@kernel
def load_tree(graph: Graph, supply: Int64, root: int, above: Int64, tree: Tree, dear: int, dear_up: int) -> bool:
    """Fill the tree from ``above`` and ``graph.state``; false when it does not span all nodes.

    A tree arc whose flow would leave its bounds, or would break strong feasibility, goes to the bound, and its node hangs below the
    root by a spare real arc or an artificial one. ``dear`` and ``dear_up`` are the costs of artificial arcs down and up.
    """
    nodes, arcs = len(supply), len(graph.tail)
    parent = np.empty(nodes, dtype=np.int64)
    for v in range(nodes):
        arc = above[v] >> 1
        if v == root:
            parent[v] = -1
        elif arc >= arcs:
            parent[v] = root
        else:
            parent[v] = graph.head[arc] if above[v] & 1 == 0 else graph.tail[arc]
    order = preorder(parent, root)
    if len(order) < nodes:
        return False
    balance_tree(graph, supply, root, above, tree, parent, order)
    order = preorder(parent, root)
    fill_links(graph, root, above, tree, parent, order, dear, dear_up)
    return True


@kernel
def preorder(parent: Int64, root: int) -> Int64:
    """The nodes that hang below the root, each before its children."""
    nodes = len(parent)
    child, sibling = np.full(nodes, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64)
    for v in range(nodes - 1, -1, -1):
        if parent[v] >= 0:
            sibling[v] = child[parent[v]]
            child[parent[v]] = v
    order, stack = np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    count, waiting = 0, 1
    stack[0] = root
    while waiting > 0:
        waiting -= 1
        v = stack[waiting]
        order[count] = v
        count += 1
        c = child[v]
        while c >= 0:
            stack[waiting] = c
            waiting += 1
            c = sibling[c]
    return order[:count]


@kernel
def balance_tree(graph: Graph, supply: Int64, root: int, above: Int64, tree: Tree, parent: Int64, order: Int64) -> None:
    """From the leaves up, send what each subtree must send through the arc above it; cut the arcs that cannot carry it."""
    tail, head, capacity, state, room = graph.tail, graph.head, graph.capacity, graph.state, tree.room
    arcs = len(tail)
    need = supply.copy()
    spare = np.full(len(supply), -1, dtype=np.int64)  # a real arc to the root that is not in use
    for e in range(arcs):
        if head[e] == root and state[e] > 0 and capacity[e] > 0:
            spare[tail[e]] = e
        if state[e] < 0 and capacity[e] >= ENDLESS:
            state[e] = 1
        if state[e] < 0:
            need[tail[e]] -= capacity[e]
            need[head[e]] += capacity[e]
    for q in range(len(order) - 1, 0, -1):
        v = order[q]
        arc, upwards = above[v] >> 1, above[v] & 1 == 0
        limit, flow = ENDLESS, need[v]
        cut = True
        if arc < arcs:
            cut, limit = keep_or_cut(graph, arc, upwards, need, v, parent[v])
            flow = need[v]
        if cut:
            parent[v] = root
            arc = spare[v]
            if arc >= 0 and 0 <= flow < capacity[arc] and state[arc] > 0:
                above[v], state[arc], limit = 2 * arc, 0, capacity[arc]
            else:
                above[v], limit = 2 * (arcs + v) + (1 if flow < 0 else 0), ENDLESS
            need[root] += flow
        else:
            need[parent[v]] += flow
        carried = flow if above[v] & 1 == 0 else -flow
        room[v, UP] = limit - carried if above[v] & 1 == 0 else carried
        room[v, DOWN] = carried if above[v] & 1 == 0 else limit - carried


@kernel
def keep_or_cut(graph: Graph, arc: int, upwards: bool, need: Int64, v: int, parent: int) -> tuple[bool, int]:
    """Whether a tree arc must leave the tree, and its capacity. An arc that is cut goes to the bound that it would break."""
    limit = graph.capacity[arc]
    flow = need[v] if upwards else -need[v]
    # Strong feasibility wants room upwards: below capacity on the way up, some flow on the way down.
    too_little = flow < 0 if upwards else flow <= 0
    too_much = flow >= limit if upwards else flow > limit
    if not (too_little or too_much):
        graph.state[arc] = 0
        return False, limit
    graph.state[arc] = 1 if too_little else -1
    sent = np.int64(0) if too_little else limit
    need[v] -= sent if upwards else -sent
    need[parent] += sent if upwards else -sent
    return True, limit


@kernel
def fill_links(
    graph: Graph, root: int, above: Int64, tree: Tree, parent: Int64, order: Int64, dear: int, dear_up: int
) -> None:
    """Preorder list, sizes, last nodes and potentials."""
    link, after, potential = tree.link, tree.after, tree.potential
    nodes, arcs = len(order), len(graph.tail)
    link[root, PARENT], link[root, ARC] = NOBODY, NOBODY
    potential[root] = 0
    for q in range(nodes):
        v = order[q]
        after[v] = order[q + 1] if q + 1 < nodes else root
        link[v, BEFORE] = order[q - 1] if q else order[nodes - 1]
        link[v, SIZE], link[v, LAST] = 1, v
        if q == 0:
            continue
        link[v, PARENT], link[v, ARC] = parent[v], above[v]
        arc, upwards = above[v] >> 1, above[v] & 1 == 0
        artificial = dear_up if upwards else dear
        cost = graph.cost[arc] if arc < arcs else artificial
        potential[v] = potential[parent[v]] - cost if upwards else potential[parent[v]] + cost
    for q in range(nodes - 1, 0, -1):
        v = order[q]
        link[parent[v], SIZE] += link[v, SIZE]
    for q in range(nodes):
        link[order[q], LAST] = order[q + np.int64(link[order[q], SIZE]) - 1]


@kernel
def read_flow(graph: Graph, root: int, tree: Tree, flow: Int64, above: Int64) -> int:
    """Flows of all arcs and the codes of the final tree; returns what is left on artificial arcs, 0 when feasible."""
    arcs = len(graph.tail)
    left = np.int64(0)
    for e in range(arcs):
        flow[e] = graph.capacity[e] if graph.state[e] < 0 else 0
    for v in range(len(above)):
        if v == root:
            above[v] = 0
            continue
        code = np.int64(tree.link[v, ARC])
        above[v] = code
        carried = tree.room[v, DOWN] if code & 1 == 0 else tree.room[v, UP]
        if code >> 1 < arcs:
            flow[code >> 1] = carried
        else:
            left += carried
    return left
