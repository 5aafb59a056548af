"""Why something stays open: which rule stands in the way and by how much, or how many points were missing.

Reasons are codes with figures (``plan.Blocked``); the words, in two languages, are made in ``server/docking/reasons.py``.
"""

from dataclasses import dataclass, field

import numpy as np

from server.docking.engine.candidates import Arcs
from server.docking.engine.flow import Flow, exact_sums
from server.docking.engine.market import Market
from server.docking.engine.plan import Blocked, Why
from server.docking.engine.problem import Bool, Index, Int64, Problem, Settings
from server.docking.engine.rules import broken_rules, shortfall_of

# Cells of the table of rules that are looked at in one go.
CELLS = 1 << 19


@dataclass(slots=True)
class Reasons:
    """Reasons as they are found, each column a list of arrays; columns as in ``Blocked``."""

    columns: dict[str, list[Index]] = field(default_factory=lambda: {name: [] for name in Blocked.__slots__})

    def add(self, item: Index, **values: Index | int) -> None:
        """Add one reason for each item; a single number stands for all of them."""
        for name, column in self.columns.items():
            value = item if name == "item" else values[name]
            column.append(np.broadcast_to(np.asarray(value), item.shape))

    @staticmethod
    def joined(parts: list["Reasons"]) -> "Reasons":
        """All reasons of several tables."""
        return Reasons({name: [a for part in parts for a in part.columns[name]] for name in Blocked.__slots__})

    def sealed(self) -> Blocked:
        """All reasons in one table, sorted by item; the order within an item is kept."""
        kinds = {"why": np.int8, "open": np.int64, "shortfall": np.int64}
        flat = {
            name: np.concatenate([*column, np.empty(0, np.int64)]).astype(kinds.get(name, np.int32))
            for name, column in self.columns.items()
        }
        order = np.argsort(flat["item"], kind="stable")
        return Blocked(**{name: column[order] for name, column in flat.items()})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a market, so that needs and offers are explained by the same code."""

    is_needs: bool
    item: Index  # [A] row of this side for each arc
    partner: Index  # [A] row of the other side
    name: Index  # [rows] index in the problem
    partner_name: Index
    left: Int64  # [rows] what stays open
    partner_left: Int64
    places: Index  # [rows] how many partners may still join


def explain_market(
    problem: Problem,
    settings: Settings,
    market: Market,
    arcs: Arcs,
    flow: Flow,
    quantity: Int64,
) -> tuple[Reasons, Reasons]:
    """The reasons for the needs and for the offers of one market."""
    used = quantity > 0
    need_left = market.demand - exact_sums(arcs.j, quantity, market.needs)
    offer_left = market.supply - exact_sums(arcs.i, quantity, market.offers)
    sources = market.max_sources - np.bincount(arcs.j[used], minlength=market.needs)
    receivers = market.max_receivers - np.bincount(arcs.i[used], minlength=market.offers)
    gain = arcs.score - flow.need_price[arcs.j] - flow.offer_price[arcs.i]
    needs = Side(True, arcs.j, arcs.i, market.need, market.offer, need_left, offer_left, sources)
    offers = Side(False, arcs.i, arcs.j, market.offer, market.need, offer_left, need_left, receivers)
    unmet, unused = Reasons(), Reasons()
    for side, reasons in ((needs, unmet), (offers, unused)):
        fitting = np.bincount(side.item, minlength=len(side.name))
        _explain_outcome(side, gain, used, fitting, reasons)
        _explain_unfitting(problem, settings, market, side, np.flatnonzero(fitting == 0), reasons)
    return unmet, unused


def _explain_outcome(side: Side, gain: Int64, used: Bool, fitting: Int64, reasons: Reasons) -> None:
    """For rows with allowed partners: outbid, counts, exhausted or rounding; served rows say first that they are partly so."""
    rows = len(side.name)
    served = np.bincount(side.item[used], minlength=rows) > 0
    closest = np.full(rows, -1, dtype=np.int64)
    order = np.flatnonzero(~used)
    order = order[np.lexsort((-side.partner[order], gain[order]))]
    closest[side.item[order]] = order
    missing, partner = np.zeros(rows, np.int64), np.full(rows, -1, dtype=np.int64)
    has = closest >= 0
    missing[has] = np.maximum(0, -gain[closest[has]])
    partner[has] = side.partner_name[side.partner[closest[has]]]
    with_rest = np.bincount(side.item[side.partner_left[side.partner] > 0], minlength=rows) > 0

    why = np.select(
        [side.places < 1, missing > 0, ~with_rest],
        [Why.COUNT_REACHED, Why.OUTBID, Why.PARTNERS_EXHAUSTED],
        Why.CUT_BY_ROUNDING,
    )
    shortfall = np.where(why == Why.OUTBID, missing, side.left)
    open_rows = (side.left > 0) & (fitting > 0)
    partly = np.flatnonzero(open_rows & served)
    left = side.left
    reasons.add(
        side.name[partly],
        why=Why.PARTLY_SERVED,
        open=left[partly],
        partner=-1,
        shortfall=left[partly],
        count=fitting[partly],
    )
    row = np.flatnonzero(open_rows)
    reasons.add(
        side.name[row],
        why=why[row],
        open=left[row],
        partner=partner[row],
        shortfall=shortfall[row],
        count=fitting[row],
    )


def _explain_unfitting(
    problem: Problem, settings: Settings, market: Market, side: Side, rows: Index, reasons: Reasons
) -> None:
    """For rows without any allowed partner: the rules that the nearest partner breaks, and how many others break them too."""
    partners = np.arange(len(side.partner_name))
    size = max(1, CELLS // len(partners))
    for first in range(0, len(rows), size):
        some = rows[first : first + size]
        item, partner = np.repeat(some, len(partners)), np.tile(partners, len(some))
        i, j = (partner, item) if side.is_needs else (item, partner)
        rules = broken_rules(problem, settings, market, i, j)
        table = np.stack(list(rules.values())).reshape(len(rules), len(some), len(partners))
        # Nearest: breaks the fewest rules; among those, the smaller index.
        nearest = table.sum(axis=0).argmin(axis=1)
        counts = table.sum(axis=2)
        i, j = (nearest, some) if side.is_needs else (some, nearest)
        for at, why in enumerate(rules):
            hit = np.flatnonzero(table[at, np.arange(len(some)), nearest])
            reasons.add(
                side.name[some[hit]],
                why=why,
                open=side.left[some[hit]],
                partner=side.partner_name[nearest[hit]],
                shortfall=shortfall_of(why, problem, settings, market, i[hit], j[hit]),
                count=counts[at, hit],
            )


def explain_absent(problem: Problem) -> tuple[Reasons, Reasons]:
    """Needs of commodities that nobody offers, and offers of commodities that nobody needs."""
    kinds = len(problem.commodities.step)
    offered = np.bincount(problem.offers.commodity, minlength=kinds) > 0
    needed = np.bincount(problem.needs.commodity, minlength=kinds) > 0
    unmet, unused = Reasons(), Reasons()
    for table, present, reasons in ((problem.needs, offered, unmet), (problem.offers, needed, unused)):
        alone = np.flatnonzero(~present[table.commodity])
        left = table.open[alone]
        reasons.add(alone, why=Why.NONE_OF_TYPE, open=left, partner=-1, shortfall=left, count=0)
    return unmet, unused
