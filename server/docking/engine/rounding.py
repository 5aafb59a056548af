"""From the relaxed plan to one that people can carry out: whole lots, smallest parts, most receivers, most sources.

Nothing is ever broken: each step starts and ends with a plan that keeps every rule, so it can stop at any time.
"""

import numpy as np

from server.docking.engine.candidates import Arcs
from server.docking.engine.flow import Flow, Rewards
from server.docking.engine.market import Market
from server.docking.engine.problem import Int64, Settings

# Rounds of growing what is there and opening new pairs.
REFILLS = 2


class Draft:
    """A plan being worked on, with what is left on both sides. Plain lists: element access is what the time goes into."""

    def __init__(self, market: Market, arcs: Arcs) -> None:
        self.offer: list[int] = arcs.i.tolist()
        self.need: list[int] = arcs.j.tolist()
        self.smallest: list[int] = np.maximum(market.min_lot[arcs.i], market.min_part[arcs.j]).tolist()
        self.quantity: list[int] = [0] * len(arcs)
        self.supply: list[int] = market.supply.tolist()
        self.demand: list[int] = market.demand.tolist()
        self.receivers: list[int] = market.max_receivers.tolist()
        self.sources: list[int] = market.max_sources.tolist()

    def most(self, arc: int) -> int:
        """What could be added on this arc now, 0 if a rule stands in the way."""
        i, j = self.offer[arc], self.need[arc]
        free = min(self.supply[i], self.demand[j])
        if self.quantity[arc]:
            return free
        if free < self.smallest[arc] or not self.receivers[i] or not self.sources[j]:
            return 0
        return free

    def add(self, arc: int, quantity: int) -> None:
        """Move ``quantity`` (above 0) more on this arc."""
        i, j = self.offer[arc], self.need[arc]
        if not self.quantity[arc]:
            self.receivers[i] -= 1
            self.sources[j] -= 1
        self.quantity[arc] += quantity
        self.supply[i] -= quantity
        self.demand[j] -= quantity


def round_flow(market: Market, arcs: Arcs, rewards: Rewards, flow: Flow, settings: Settings) -> Int64:
    """Quantities by arc that keep all rules, close to the flow."""
    draft = Draft(market, arcs)
    used = np.flatnonzero(flow.quantity)
    for arc in used[np.lexsort((used, -flow.quantity[used]))].tolist():
        quantity = min(int(flow.quantity[arc]), draft.most(arc))
        if quantity >= draft.smallest[arc]:
            draft.add(arc, quantity)
    gain = arcs.score - flow.need_price[arcs.j] - flow.offer_price[arcs.i]
    order = np.argsort(-gain, kind="stable")
    for _ in range(REFILLS):
        refill(draft, market, arcs, order)
    return np.array(draft.quantity, dtype=np.int64)


def refill(draft: Draft, market: Market, arcs: Arcs, order: Int64) -> None:
    """Grow what is there first, so that no new sliver appears, then open new pairs; best first."""
    supply, demand = np.array(draft.supply)[arcs.i], np.array(draft.demand)[arcs.j]
    open_arcs = order[((supply > 0) & (demand > 0))[order]].tolist()
    for grow in (True, False):
        for arc in open_arcs:
            if (draft.quantity[arc] > 0) == grow and (most := draft.most(arc)) > 0:
                draft.add(arc, most)


def violations(market: Market, arcs: Arcs, quantity: Int64) -> dict[str, int]:
    """How often each rule is broken by a plan; all 0 for what this module returns."""
    used = quantity > 0
    i, j, moved = arcs.i[used], arcs.j[used], quantity[used]
    sent, got = np.zeros(market.offers, np.int64), np.zeros(market.needs, np.int64)
    np.add.at(sent, i, moved)
    np.add.at(got, j, moved)
    return {
        "supply": int((sent > market.supply).sum()),
        "demand": int((got > market.demand).sum()),
        "negative": int((quantity < 0).sum()),
        "min_lot": int((moved < market.min_lot[i]).sum()),
        "min_part": int((moved < market.min_part[j]).sum()),
        "max_receivers": int((np.bincount(i, minlength=market.offers) > market.max_receivers).sum()),
        "max_sources": int((np.bincount(j, minlength=market.needs) > market.max_sources).sum()),
    }
