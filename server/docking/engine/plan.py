"""What the engine gives back: arrays again, indices as in the problem."""

from dataclasses import dataclass
from enum import IntEnum

from server.docking.engine.problem import Float64, Int8, Int32, Int64

# Columns of Plan.parts, in order; their sum is Plan.score.
PARTS = ("pairing", "continuity", "distance", "skills", "priority", "poverty", "deadline", "incumbent")


class Why(IntEnum):
    """Why a need stays (partly) open or an offer (partly) unused. The numbers are stored: never reuse one.

    ``shortfall`` of a row of ``Blocked`` is given in the unit named here.
    """

    NONE_OF_TYPE = 1  # nobody offers (needs) that commodity at all
    OUT_OF_REACH = 2  # the type stays inside the giver's own pairings; shortfall 0
    NOT_YET_WIDENED = 3  # the need is not yet open that far; shortfall: levels still to go
    RESTRICTED = 4  # the offer is for other counties; shortfall 0
    WINDOWS_APART = 5  # shortfall: days missing to the shared days asked for
    BELOW_LOT = 6  # the offer's smallest lot is more than the pair can move; shortfall: quantity
    BELOW_PART = 7  # the pair can move less than the need's smallest part; shortfall: quantity
    SKILLS_MISSING = 8  # shortfall: bit set of the skills that are missing
    COOLING_DOWN = 9  # declined not long ago; shortfall 0
    UNDER_NEGOTIATION = 10  # these two are already talking; shortfall 0
    OUTBID = 11  # every fitting partner earns more elsewhere; shortfall: points per unit missing
    CUT_BY_ROUNDING = 12  # worth serving, but lots, parts or counts do not come out even; shortfall: open quantity
    PARTLY_SERVED = 13  # something was found, not all; shortfall: open quantity
    COUNT_REACHED = 14  # most sources (receivers) reached with a rest still open; shortfall: open quantity
    PARTNERS_EXHAUSTED = 15  # every fitting partner is used up (already fully covered); shortfall: open quantity


@dataclass(frozen=True, slots=True)
class Blocked:
    """Reasons, one row each, sorted by ``item`` and then by weight (the first row of an item is the main one).

    ``item`` is a need (in ``Plan.unmet``) or an offer (in ``Plan.unused``).
    """

    item: Int32  # [B]
    why: Int8  # [B] Why
    open: Int64  # [B] quantity of the item that stays open
    partner: Int32  # [B] the nearest offer (need) that the reason is about, -1 none
    shortfall: Int64  # [B] unit as said at Why
    count: Int32  # [B] how many partners of the same commodity the reason holds for


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures by commodity, [K] each; 0 where nothing could meet. Values are points times quantity."""

    demand: Int64  # open quantity of all needs
    supply: Int64  # open quantity of all offers
    covered: Int64  # quantity that the plan docks
    arcs: Int64  # pairs that were weighed against each other
    objective: Int64
    relaxed: Int64
    bound: Int64


@dataclass(frozen=True, slots=True)
class Plan:
    """Suggestions and what they rest on.

    Values are points times quantity, summed over all commodities. Across different units such a sum means little: ``gap`` and
    ``coverage`` let each commodity count by its demand, and ``totals`` has the values of each.
    """

    need: Int32  # [M]
    offer: Int32  # [M]
    quantity: Int64  # [M] > 0
    score: Int32  # [M] points per unit
    parts: Int32  # [M, len(PARTS)]
    unmet: Blocked
    unused: Blocked
    offer_price: Int64  # [O] points that one more unit of the offer would earn
    need_price: Int64  # [N] points that a unit asks for a place in the need (subtract from the score to rank)
    objective: int  # value of the plan, with the rewards for covering counties
    relaxed: int  # value with lots, parts and counts set aside (on the candidates)
    bound: int  # no plan under these rules can be worth more; >= relaxed >= objective
    gap: float  # 1 - objective / bound, every commodity weighing the same, 0 .. 1
    totals: Totals
    county_factor: Float64  # [C] multipliers of the fairness loop
    coverage: Float64  # [C] share of open needs covered, 0 .. 1, every commodity by its demand; 1 without needs
    seconds: dict[str, float]  # wall time by stage, the only part that differs between two equal runs

    @property
    def suggestions(self) -> int:
        """How many pairs are suggested."""
        return len(self.need)
