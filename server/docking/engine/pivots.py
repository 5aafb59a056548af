"""The pivots of the primal network simplex: the spanning tree and how it changes.

    minimise  cost · flow    with  out(v) - in(v) = supply(v),  0 <= flow <= capacity

Arcs are in the tree or at one of their bounds (``state``: 1 at zero, 0 in the tree, -1 at capacity). The potentials make every tree
arc's reduced cost ``cost + potential[tail] - potential[head]`` zero; an arc outside whose ``state * reduced cost`` is negative can
improve the flow: it enters, closes a cycle, and the arc of the cycle that first meets a bound leaves.

The tree is kept as a preorder list with sizes, so that a subtree is a stretch of the list (after Király and Kovács, "Efficient
implementations of minimum-cost flow algorithms", 2012). It stays *strongly feasible*: every node can still send something up to the
root, which rules out cycling.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportReturnType=false, reportArgumentType=false

from typing import NamedTuple

import numpy as np

from server.docking.engine.kernel import UInt32, inlined, kernel
from server.docking.engine.problem import Int8, Int64

# Columns of Tree.link. An arc above a node is coded 2 * arc, plus 1 if it points down to the node.
PARENT, ARC, BEFORE, SIZE, LAST = 0, 1, 2, 3, 4
LINKS = 8  # a row fills half a cache line
NOBODY = np.uint32(0xFFFFFFFF)
# Columns of Tree.room.
UP, DOWN = 0, 1
# More than any flow.
ENDLESS = np.int64(1) << 60
# Arcs priced in one vectorised go.
CHUNK = 48
# The hot list is refilled from such a part of all arcs at a time.
HOT_PART = 8

OPTIMAL, UNBOUNDED, EXHAUSTED = 1, 2, 3


class Graph(NamedTuple):
    """Arcs as the kernels want them."""

    tail: UInt32
    head: UInt32
    capacity: Int64
    cost: Int64
    state: Int8


class Tree(NamedTuple):
    """The spanning tree, a row for each node."""

    link: UInt32  # [nodes, LINKS] parent, arc above, node before in preorder, nodes in the subtree, last node of it
    after: UInt32  # [nodes] next in preorder; by itself, because walking it is the hottest loop
    room: Int64  # [nodes, 2] what the arc above can still take up to the parent, and down from it
    potential: Int64  # [nodes]


@kernel
def least_reduced_cost(graph: Graph, potential: Int64, first: int, last: int) -> int:
    """The least ``state * reduced cost`` of some arcs; simple enough to be vectorised."""
    cost, state = graph.cost[first:last], graph.state[first:last]
    tail, head = graph.tail[first:last], graph.head[first:last]
    least = np.int64(0)
    for e in range(last - first):
        least = min(least, state[e] * (cost[e] + potential[tail[e]] - potential[head[e]]))
    return least


@inlined
def search_block(graph: Graph, potential: Int64, block: int, cursor: Int64) -> tuple[int, int]:
    """The best arc of the first block that has any, going round from where the last search stopped: (arc, gain) or (-1, 0)."""
    arcs = len(graph.tail)
    left, at = arcs, cursor[0]
    while left > 0:
        size = min(block, left, arcs - at)
        best, where = np.int64(0), at
        for first in range(at, at + size, CHUNK):
            least = least_reduced_cost(graph, potential, first, min(first + CHUNK, at + size))
            if least < best:
                best, where = least, first
        left -= size
        at = 0 if at + size == arcs else at + size
        if best < 0:
            cursor[0] = at
            while graph.state[where] * reduced_cost(graph, potential, where) != best:
                where += 1
            return where, best
    return -1, np.int64(0)


@inlined
def reduced_cost(graph: Graph, potential: Int64, arc: int) -> int:
    """Cost of an arc after the prices at its ends."""
    return graph.cost[arc] + potential[graph.tail[arc]] - potential[graph.head[arc]]


@kernel
def search_hot(graph: Graph, potential: Int64, block: int, cursor: Int64, hot: Int64) -> tuple[int, int]:
    """As ``search_block``, from a list of arcs that looked good before. Better choices for dearer scans: it pays where few arcs
    can improve anything, as when arcs were appended to an optimal flow."""
    while True:
        if cursor[1] == 0 and not refill_hot(graph, potential, cursor, hot):
            return -1, np.int64(0)
        best, arc = np.int64(0), -1
        for _ in range(min(block, cursor[1])):
            if cursor[2] >= cursor[1]:
                cursor[2] = 0
            candidate = hot[cursor[2]]
            gain = graph.state[candidate] * reduced_cost(graph, potential, candidate)
            if gain >= 0:
                cursor[1] -= 1
                hot[cursor[2]] = hot[cursor[1]]
                if cursor[1] == 0:
                    break
            else:
                if gain < best:
                    best, arc = gain, candidate
                cursor[2] += 1
        if arc >= 0:
            return arc, best


@kernel
def refill_hot(graph: Graph, potential: Int64, cursor: Int64, hot: Int64) -> bool:
    """Take the improving arcs of the next part that has any; false when there is none at all."""
    arcs = len(graph.tail)
    part = max(10, arcs // HOT_PART)
    left, cursor[2] = arcs, 0
    while left > 0 and cursor[1] == 0:
        quota = min(part, left)
        left -= quota
        while quota > 0:
            first = cursor[0]
            last = min(first + CHUNK, first + quota, arcs)
            if least_reduced_cost(graph, potential, first, last) < 0:
                for e in range(first, last):
                    if graph.state[e] * reduced_cost(graph, potential, e) < 0:
                        hot[cursor[1]] = e
                        cursor[1] += 1
            quota -= last - first
            cursor[0] = 0 if last == arcs else last
    return cursor[1] > 0


@inlined
def find_leaving(tree: Tree, first: int, second: int, capacity: int) -> tuple[int, int, int, int]:
    """Walk the cycle that an arc first -> second closes: (join, quantity, side, node below the leaving arc).

    Side 0: the entering arc itself fills up; 1: the leaving arc is on the way down from the join to ``first``; 2: on the way up
    from ``second``. Of several blocking arcs, the last one in the direction of the flow leaves: that keeps strong feasibility.
    """
    link, room = tree.link, tree.room
    down, up, below_first, below_second = ENDLESS, ENDLESS, first, second
    u, v = first, second
    while u != v:
        if link[u, SIZE] < link[v, SIZE]:
            if room[u, DOWN] < down:
                down, below_first = room[u, DOWN], u
            u = link[u, PARENT]
        else:
            if room[v, UP] <= up:
                up, below_second = room[v, UP], v
            v = link[v, PARENT]
    quantity, side, below = capacity, 0, first
    if down < quantity:
        quantity, side, below = down, 1, below_first
    if up <= quantity and up < ENDLESS:
        quantity, side, below = up, 2, below_second
    return u, quantity, side, below


@inlined
def push(tree: Tree, first: int, second: int, join: int, quantity: int) -> None:
    """Send a quantity round the cycle."""
    link, room = tree.link, tree.room
    u = first
    while u != join:
        room[u, DOWN] -= quantity
        room[u, UP] += quantity
        u = link[u, PARENT]
    u = second
    while u != join:
        room[u, UP] -= quantity
        room[u, DOWN] += quantity
        u = link[u, PARENT]


@inlined
def rehang(tree: Tree, dirty: UInt32, top: int, new_top: int, new_parent: int, join: int) -> None:
    """Cut the subtree of ``top`` from its parent and hang it below ``new_parent`` by its node ``new_top``.

    Preorder, sizes and last nodes follow; the caller sets the arc above ``new_top``.
    """
    link, after = tree.link, tree.after
    old_parent = link[top, PARENT]
    before_top, size, last_of_top = link[top, BEFORE], link[top, SIZE], link[top, LAST]
    if new_top == top:
        link[top, PARENT] = new_parent
        move_whole(link, after, top, new_parent, before_top, last_of_top)
    else:
        reverse_stem(link, after, dirty, top, new_top, new_parent)
        turn_arcs(tree, top, new_top)
        link[new_top, SIZE] = size
    update_last(link, top, new_parent, old_parent, join, before_top, last_of_top)
    u = new_parent
    while u != join:
        link[u, SIZE] += size
        u = link[u, PARENT]
    u = old_parent
    while u != join:
        link[u, SIZE] -= size
        u = link[u, PARENT]


@inlined
def move_whole(link: UInt32, after: UInt32, top: int, new_parent: int, before_top: int, last_of_top: int) -> None:
    """The subtree keeps its root: cut its stretch of the preorder and put it right after the new parent."""
    if after[new_parent] == top:
        return
    follower = after[last_of_top]
    after[before_top] = follower
    link[follower, BEFORE] = before_top
    follower = after[new_parent]
    after[new_parent] = top
    link[top, BEFORE] = new_parent
    after[last_of_top] = follower
    link[follower, BEFORE] = last_of_top


@inlined
def reverse_stem(link: UInt32, after: UInt32, dirty: UInt32, top: int, new_top: int, new_parent: int) -> None:
    """The path from ``new_top`` up to ``top`` turns round: each node of it takes its former parent as a child."""
    before_top, last_of_top = link[top, BEFORE], link[top, LAST]
    rest = after[last_of_top] if before_top == new_parent else after[new_parent]
    stem, parent = np.uint32(new_top), np.uint32(new_parent)
    last = link[stem, LAST]
    follower = after[last]
    after[new_parent] = new_top
    dirty[0] = new_parent
    changed = 1
    while stem != top:
        above = link[stem, PARENT]
        after[last] = above
        dirty[changed] = last
        changed += 1
        # Take the stem's old stretch out, and hang the stem below the node that was its child.
        before = link[stem, BEFORE]
        after[before] = follower
        link[follower, BEFORE] = before
        link[stem, PARENT] = parent
        parent = stem
        stem = above
        last = link[parent, BEFORE] if link[stem, LAST] == link[parent, LAST] else link[stem, LAST]
        follower = after[last]
    link[top, PARENT] = parent
    after[last] = rest
    link[rest, BEFORE] = last
    link[top, LAST] = last
    if before_top != new_parent:
        after[before_top] = follower
        link[follower, BEFORE] = before_top
    for k in range(changed):
        link[after[dirty[k]], BEFORE] = dirty[k]


@inlined
def turn_arcs(tree: Tree, top: int, new_top: int) -> None:
    """After ``reverse_stem``: arcs, room and sizes of the path move to the other end, from ``top`` on."""
    link, room = tree.link, tree.room
    size, last = np.uint32(0), link[top, LAST]
    u = np.uint32(top)
    while u != new_top:
        above = link[u, PARENT]
        link[u, ARC] = link[above, ARC] ^ np.uint32(1)
        room[u, UP], room[u, DOWN] = room[above, DOWN], room[above, UP]
        size = np.uint32(size + link[u, SIZE] - link[above, SIZE])
        link[u, SIZE] = size
        link[above, LAST] = last
        u = above


@inlined
def update_last(
    link: UInt32, top: int, new_parent: int, old_parent: int, join: int, before_top: int, last_of_top: int
) -> None:
    """Last nodes of the subtrees above both places, as far up as they change."""
    limit = np.uint32(join) if link[join, LAST] == new_parent else NOBODY
    last = link[top, LAST]
    u = np.uint32(new_parent)
    while u != NOBODY and link[u, LAST] == new_parent:
        link[u, LAST] = last
        u = link[u, PARENT]
    apart = join != before_top
    if new_parent == before_top:
        apart = False
    if not apart and last == last_of_top:
        return
    replacement = before_top if apart else last
    u = np.uint32(old_parent)
    while u != NOBODY and link[u, LAST] == last_of_top:
        if u == limit:
            break
        link[u, LAST] = replacement
        u = link[u, PARENT]


@inlined
def shift_potentials(tree: Tree, top: int, change: int) -> None:
    """Add ``change`` to the subtree of ``top``, or take it from everything else where that is less: only differences matter."""
    link, after, potential = tree.link, tree.after, tree.potential
    end = after[link[top, LAST]]
    u, stop = np.uint32(top), end
    if link[top, SIZE] > len(after) >> 1:
        u, stop, change = end, np.uint32(top), -change
    while True:
        potential[u] += change
        u = after[u]
        if u == stop:
            break


@inlined
def pivot(graph: Graph, tree: Tree, dirty: UInt32, arc: int, gain: int) -> bool:
    """Bring one arc in; false when the flow round its cycle is without any limit."""
    link, room = tree.link, tree.room
    at_zero = graph.state[arc] > 0
    first = graph.tail[arc] if at_zero else graph.head[arc]
    second = graph.head[arc] if at_zero else graph.tail[arc]
    join, quantity, side, top = find_leaving(tree, first, second, graph.capacity[arc])
    if quantity >= ENDLESS >> 1:
        return False
    if quantity > 0:
        push(tree, first, second, join, quantity)
    if side == 0:
        graph.state[arc] = -graph.state[arc]
        return True
    leaving = np.int64(link[top, ARC])
    if leaving >> 1 < len(graph.tail):
        # It is at capacity when it was pushed along its own direction.
        graph.state[leaving >> 1] = 1 if (leaving & 1 == 0) == (side == 1) else -1
    graph.state[arc] = 0
    new_top, new_parent = (first, second) if side == 1 else (second, first)
    rehang(tree, dirty, top, new_top, new_parent, join)
    flow = quantity if at_zero else graph.capacity[arc] - quantity
    upwards = new_top == graph.tail[arc]
    link[new_top, ARC] = np.uint32(2 * arc) if upwards else np.uint32(2 * arc + 1)
    room[new_top, UP] = graph.capacity[arc] - flow if upwards else flow
    room[new_top, DOWN] = flow if upwards else graph.capacity[arc] - flow
    reduced = gain if at_zero else -gain
    shift_potentials(tree, new_top, -reduced if upwards else reduced)
    return True


@kernel
def run_pivots(graph: Graph, tree: Tree, root: int, block: int, limit: int, hot: Int64) -> tuple[int, int]:
    """Pivot until no arc improves the flow: (OPTIMAL, UNBOUNDED or EXHAUSTED, pivots done). An empty ``hot`` means block search."""
    dirty = np.empty(len(tree.after) + 2, dtype=np.uint32)
    cursor = np.zeros(3, dtype=np.int64)  # where the search goes on; length of the hot list; where in it
    for done in range(limit):
        if len(hot):
            arc, gain = search_hot(graph, tree.potential, block, cursor, hot)
        else:
            arc, gain = search_block(graph, tree.potential, block, cursor)
        if arc < 0:
            return OPTIMAL, done
        if not pivot(graph, tree, dirty, arc, gain):
            return UNBOUNDED, done
        # Shifting "everything else" makes the root drift: bring it back before anything can wrap.
        if abs(tree.potential[root]) > ENDLESS:
            tree.potential[:] -= tree.potential[root]
    return EXHAUSTED, limit
