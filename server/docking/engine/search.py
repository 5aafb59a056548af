"""Local search on a plan that keeps all rules: take everything off one row and pack it anew, or let it trade, if
that is worth more.

Whatever was tried in vain waits until something next to it has changed.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportReturnType=false, reportArgumentType=false

from typing import NamedTuple

import numpy as np

from server.docking.engine.draft import LEAST, LEFT, MOVED, NEED, OFFER, Draft, gain_of, move, room
from server.docking.engine.kernel import inlined, kernel
from server.docking.engine.problem import Int64

# What a greedy packing takes first: the most points per unit, the most points, or something between.
PER_UNIT, IN_ALL, BETWEEN = 0, 1, 2
WAYS = 3


class Memory(NamedTuple):
    """What the search knows: a clock that counts changes, and for each row when it last changed and when it was last tried in vain;
    and room for one row: its arcs that may be used, their quantities before, in the trial at hand and in the best one."""

    clock: Int64  # [1]
    changed: Int64  # [n + m]
    tried: Int64  # [n + m]
    open: Int64  # [longest row]
    before: Int64
    trial: Int64
    best: Int64


def new_memory(draft: Draft) -> Memory:
    """Nothing tried yet."""
    rows, longest = len(draft.row), int(np.diff(draft.start).max(initial=0))
    sizes = (1, rows, rows, longest, longest, longest, longest)
    memory = Memory(*(np.zeros(size, dtype=np.int64) for size in sizes))
    memory.tried[:] = -1
    return memory


@kernel
def release(draft: Draft, arcs: Int64, taken: Int64) -> int:
    """Take everything off some arcs of one row, note it in ``taken``, and say how many points it was worth."""
    points = 0
    for at in range(len(arcs)):
        quantity = draft.pair[arcs[at], MOVED]
        taken[at] = quantity
        if quantity > 0:
            move(draft, arcs[at], -quantity)
            points += gain_of(draft, arcs[at], quantity)
    return points


@kernel
def pack(draft: Draft, row: int, arcs: Int64, way: int) -> int:
    """Fill an empty row greedily by some of its arcs; returns the points."""
    points = 0
    while draft.row[row, LEFT] > 0:
        chosen, moved, won, best = -1, 0, 0, 0.0
        for at in range(len(arcs)):
            quantity = room(draft, arcs[at])
            if quantity == 0:
                continue
            gain = gain_of(draft, arcs[at], quantity)
            measure = float(gain)
            if way == PER_UNIT:
                measure = gain / quantity
            elif way == BETWEEN:
                measure = gain / np.sqrt(quantity)
            if measure > best:
                chosen, moved, won, best = arcs[at], quantity, gain, measure
        if chosen < 0:
            break
        move(draft, chosen, moved)
        points += won
    return points


@kernel
def pack_anew(draft: Draft, row: int, memory: Memory) -> int:
    """Try each way to pack a row anew and keep the best plan. Returns how many arcs come into question, negative when nothing changed."""
    first, last = draft.start[row], draft.start[row + 1]
    most = release(draft, draft.arc[first:last], memory.trial)
    size = 0
    for position in range(first, last):
        arc = draft.arc[position]
        if room(draft, arc) > 0:
            memory.open[size], memory.before[size] = arc, memory.trial[position - first]
            size += 1
    arcs = memory.open[:size]
    better = False
    for way in range(WAYS):
        points = pack(draft, row, arcs, way)
        release(draft, arcs, memory.trial)
        if points > most:
            most, better = points, True
            memory.best[:size] = memory.trial[:size]
    kept = memory.best if better else memory.before
    for at in range(size):
        if kept[at] > 0:
            move(draft, arcs[at], kept[at])
    return size if better else -1


@kernel
def improve(draft: Draft, first: int, last: int, memory: Memory) -> int:
    """Pack each of the rows anew once, or let it trade; returns how many became better."""
    improved = 0
    for row in range(first, last):
        newest = memory.changed[row]
        for position in range(draft.start[row], draft.start[row + 1]):
            newest = max(newest, memory.changed[partner_of(draft, draft.arc[position], row)])
        if newest <= memory.tried[row]:
            continue
        size = pack_anew(draft, row, memory)
        if size < 0:
            if draft.row[row, LEFT] > 0 and trade(draft, row, memory):
                improved += 1
            else:
                memory.tried[row] = memory.clock[0]
            continue
        improved += 1
        memory.clock[0] += 1
        memory.changed[row] = memory.clock[0]
        for at in range(size):
            if memory.best[at] != memory.before[at]:
                memory.changed[partner_of(draft, memory.open[at], row)] = memory.clock[0]
    return improved


@inlined
def partner_of(draft: Draft, arc: int, row: int) -> int:
    """The row at the other end."""
    return draft.pair[arc, OFFER] + draft.pair[arc, NEED] - row


@kernel
def trade(draft: Draft, row: int, memory: Memory) -> bool:
    """A row with something left takes it from a partner that gives it elsewhere, and whoever loses it looks for something else.

    The first trade that is worth it is made.
    """
    for position in range(draft.start[row], draft.start[row + 1]):
        wanted = draft.arc[position]
        partner = partner_of(draft, wanted, row)
        if room(draft, wanted) > 0:
            continue
        for other in range(draft.start[partner], draft.start[partner + 1]):
            given = draft.arc[other]
            if (
                given != wanted
                and draft.pair[given, MOVED] > 0
                and trade_arcs(draft, row, partner, wanted, given, memory)
            ):
                return True
    return False


@inlined
def trade_arcs(draft: Draft, row: int, partner: int, wanted: int, given: int, memory: Memory) -> bool:
    """Move on one arc of the partner what another has; false, with nothing changed, when that is not worth it."""
    pair = draft.pair
    loser = partner_of(draft, given, partner)
    shift = min(draft.row[row, LEFT] - draft.row[partner, LEFT], pair[given, MOVED])
    if shift <= 0 or pair[given, MOVED] - shift < pair[given, LEAST]:
        shift = pair[given, MOVED]
    move(draft, given, -shift)
    lost, quantity, won = gain_of(draft, given, shift), room(draft, wanted), 0
    instead, filled = -1, 0
    if quantity > 0:
        won = gain_of(draft, wanted, quantity)
        move(draft, wanted, quantity)
        instead, filled, refilled = best_arc(draft, loser)
        if won + refilled > lost:
            if instead >= 0:
                move(draft, instead, filled)
                memory.changed[partner_of(draft, instead, loser)] = memory.clock[0] + 1
            memory.clock[0] += 1
            memory.changed[row] = memory.clock[0]
            memory.changed[partner] = memory.clock[0]
            memory.changed[loser] = memory.clock[0]
            return True
        move(draft, wanted, -quantity)
    move(draft, given, shift)
    return False


@kernel
def best_arc(draft: Draft, row: int) -> tuple[int, int, int]:
    """The arc that could earn most for a row now: (arc or -1, quantity, points)."""
    chosen, moved, most = -1, 0, 0
    for position in range(draft.start[row], draft.start[row + 1]):
        quantity = room(draft, draft.arc[position])
        if quantity > 0:
            gain = gain_of(draft, draft.arc[position], quantity)
            if gain > most:
                chosen, moved, most = draft.arc[position], quantity, gain
    return chosen, moved, most
