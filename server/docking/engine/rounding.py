"""From the relaxed plan to one that people can carry out: whole lots, smallest parts, most receivers, most sources.

1. Prices on the counts bend the flow towards few pairs (``penalties.py``); each flow is repaired into a plan that keeps every rule.
   The best plan of all rounds goes on.
2. Rows are packed anew and trade with each other (``search.py``), and the quantities on the pairs that are used become the best
   possible ones: a flow once more, with the smallest quantity of each used pair as a lower bound.

No step ever breaks a rule, so all of them can be cut short. Where the last run has left suggestions, its plan is settled and filled
up, at need searched too, and stays unless the new one is clearly better: people have begun to talk about it.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportArgumentType=false

from dataclasses import replace

import numpy as np

from server.docking.engine import flow as flows
from server.docking.engine.candidates import Arcs
from server.docking.engine.draft import LEAST, MOVED, Draft, copy_of, keep_flow, new_draft, refill
from server.docking.engine.flow import Flow, Rewards, exact_sums
from server.docking.engine.kernel import kernel
from server.docking.engine.market import Market
from server.docking.engine.pairs import offer_to_heap
from server.docking.engine.penalties import SCALE, Penalties
from server.docking.engine.problem import Bool, Float64, Int64, Settings
from server.docking.engine.search import improve, new_memory

# Arcs that are worth trying here: the best of each offer and of each need by what the flow's prices leave of the score, all in use, and
# all that were suggested last time.
OFFER_ARCS, NEED_ARCS = 12, 6
# Times that leftovers are filled in after a flow.
REFILLS = 2
# Passes over all rows at the end; they stop early when fewer than one row in so many becomes better.
PASSES, FEW = 3, 2000

# The last plan stays unless a new one is worth more by one part in so many.
STAY = 100


def round_flow(market: Market, arcs: Arcs, rewards: Rewards, flow: Flow, settings: Settings) -> tuple[Int64, bool]:
    """Quantities by arc that keep all rules, [A], and whether they are a new plan, not what has become of the last run's."""
    kept = promising(market, arcs, flow)
    some = Arcs(arcs.i[kept], arcs.j[kept], arcs.score[kept])
    work = Rounding(market, some, rewards)
    prices = (flow.offer_price.astype(np.float64), flow.need_price.astype(np.float64))
    relaxed = flow.on(kept)
    work.try_flow(relaxed.quantity, prices, np.zeros(len(some)))
    for _ in range(settings.rounding_rounds):
        if not work.penalties.adjust(relaxed.quantity, work.value(relaxed.quantity), work.best_value):
            break
        relaxed = work.penalties.solve(rewards, relaxed)
        prices = (relaxed.offer_price / SCALE, relaxed.need_price / SCALE)
        work.try_flow(relaxed.quantity, prices, work.penalties.by_arc())
    quantity = np.zeros(len(arcs), dtype=np.int64)
    quantity[kept], fresh = work.finished(prices)
    return quantity, fresh


class Rounding:
    """One market on its way from flows to a plan."""

    def __init__(self, market: Market, arcs: Arcs, rewards: Rewards) -> None:
        self.market, self.arcs, self.rewards = market, arcs, rewards
        self.penalties = Penalties.none(market, arcs)
        self.empty = new_draft(market, arcs, rewards)
        self.best, self.best_value = self.empty, 0

    def value(self, quantity: Int64) -> int:
        """Points of quantities on the arcs."""
        return flows.value(self.market, self.arcs, self.rewards, quantity)

    def try_flow(self, quantity: Int64, prices: tuple[Float64, Float64], penalty: Float64) -> None:
        """Repair a flow, and remember the plan if it is the best."""
        draft = copy_of(self.empty)
        used = np.flatnonzero(quantity)
        keep_flow(draft, quantity, used[np.argsort(-quantity[used], kind="stable")])
        self._refill(draft, prices, penalty)
        value = self.value(draft.pair[:, MOVED])
        if value > self.best_value:
            self.best, self.best_value = draft, value

    def finished(self, prices: tuple[Float64, Float64]) -> tuple[Int64, bool]:
        """The best plan after the local search, [A], and True; or what has become of the last run's, as little changed as the limit
        allows, and False."""
        fresh = self._improved(self.best)
        last = np.flatnonzero(self.market.incumbents.lookup(self.arcs.i, self.arcs.j, self.market.needs) >= 0)
        if not len(last):
            return fresh, True
        draft = copy_of(self.empty)
        keep_flow(draft, draft.pair[:, LEAST].copy(), last)
        draft = self._settled(draft)
        self._refill(draft, prices, np.zeros(len(self.arcs)))
        for stayed in (lambda: self._settled(draft).pair[:, MOVED], lambda: self._improved(draft)):
            quantity = stayed()
            if self.value(quantity) * (STAY + 1) >= self.value(fresh) * STAY:
                return quantity, False
        return fresh, True

    def _refill(self, draft: Draft, prices: tuple[Float64, Float64], penalty: Float64) -> None:
        """Fill leftovers in, by what prices and penalty leave of the score."""
        gain = self.arcs.score - penalty - prices[0][self.arcs.i] - prices[1][self.arcs.j]
        order = np.argsort(-gain, kind="stable")
        for _ in range(REFILLS):
            refill(draft, order)

    def _improved(self, draft: Draft) -> Int64:
        """Quantities after packing, trading and settling, [A]."""
        draft = copy_of(draft)
        self._search(draft)
        draft = self._settled(draft)
        self._search(draft)
        return draft.pair[:, MOVED]

    def _settled(self, draft: Draft) -> Draft:
        """The same pairs with the best quantities."""
        settled = copy_of(self.empty)
        quantity = settle(self.market, self.arcs, self.rewards, draft)
        keep_flow(settled, quantity, np.flatnonzero(quantity))
        return settled

    def _search(self, draft: Draft) -> None:
        memory, offers, rows = new_memory(draft), self.market.offers, len(draft.row)
        for _ in range(PASSES):
            better = improve(draft, 0, offers, memory) + improve(draft, offers, rows, memory)
            if better <= offers // FEW:
                break


def settle(market: Market, arcs: Arcs, rewards: Rewards, draft: Draft) -> Int64:
    """The best quantities on the pairs in use, each at least its smallest: a flow of what is beyond those, [A]."""
    used = np.flatnonzero(draft.pair[:, MOVED])
    i, j, least = arcs.i[used], arcs.j[used], draft.pair[used, LEAST]
    rest = replace(
        market,
        supply=market.supply - exact_sums(i, least, market.offers),
        demand=market.demand - exact_sums(j, least, market.needs),
    )
    covered = exact_sums(market.county_of[j], least, len(market.county))[:, None]
    start = np.cumsum(rewards.segment, axis=1) - rewards.segment
    open_segment = rewards.segment - np.clip(covered - start, 0, rewards.segment)
    beyond = flows.solve(rest, Arcs(i, j, arcs.score[used]), Rewards(open_segment, rewards.slope))
    quantity = np.zeros(len(arcs), dtype=np.int64)
    quantity[used] = least + beyond.quantity
    return quantity


def promising(market: Market, arcs: Arcs, flow: Flow) -> Int64:
    """The arcs that rounding works on, sorted by (offer, need)."""
    order = np.argsort(arcs.i.astype(np.int64) * market.needs + arcs.j)
    i, j = arcs.i[order], arcs.j[order]
    gain = arcs.score[order] - flow.offer_price[i] - flow.need_price[j]
    by_need = np.argsort(j, kind="stable")
    wanted = ((flow.quantity > 0) | flow.in_basis())[order] | (market.incumbents.lookup(i, j, market.needs) >= 0)
    mark_best(np.searchsorted(i, np.arange(market.offers + 1)), np.arange(len(order)), gain, OFFER_ARCS, wanted)
    mark_best(np.searchsorted(j[by_need], np.arange(market.needs + 1)), by_need, gain, NEED_ARCS, wanted)
    return order[wanted]


@kernel
def mark_best(start: Int64, arc: Int64, gain: Int64, most: int, wanted: Bool) -> None:
    """Mark the ``most`` arcs of each row with the largest gain; ties go to the smaller arc."""
    keys, rows = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    for row in range(len(start) - 1):
        size = 0
        for position in range(start[row], start[row + 1]):
            size = offer_to_heap(keys, rows, size, gain[arc[position]], arc[position])
        for at in range(size):
            wanted[rows[at]] = True


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
