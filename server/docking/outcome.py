"""A plan as rows: suggestions with their reasons, and what stays open with what blocks it.

Reasons are stored as codes and figures (`{code, points}`, `{code, facts}`) and put into words when they are read.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from server.docking import reasons
from server.docking.book import pack_prices
from server.docking.engine.plan import Blocked, Plan, Why
from server.docking.engine.problem import Weights
from server.docking.snapshot import Item, Snapshot
from server.kit.schema import new_id

Row = dict[str, Any]

MOST_REASONS = 5
"""Reasons kept for one need or offer; the first is the main one."""


def suggestions(snapshot: Snapshot, plan: Plan, weights: Weights) -> Iterator[Row]:
    """One row a suggested pair, the best first."""
    others = np.bincount(plan.need, minlength=len(snapshot.needs))
    decimals = snapshot.decimals
    for at in np.lexsort((plan.offer, plan.need, -plan.score)):
        need, offer = snapshot.needs[plan.need[at]], snapshot.offers[plan.offer[at]]
        yield {
            "id": new_id(),
            "need_id": need.id,
            "offer_id": offer.id,
            "county_id": need.participant_id,
            "giver_id": offer.participant_id,
            "county_code": need.county_code,
            "quantity": _quantity(decimals[need.type], int(plan.quantity[at])),
            "score": int(plan.score[at]),
            "reasons": [part._asdict() for part in reasons.suggested(plan.parts[at].tolist(), weights)],
            "alternatives": [{"count": int(others[plan.need[at]]) - 1}],
        }


def left_open(snapshot: Snapshot, plan: Plan) -> Iterator[Row]:
    """One row a need that stays (partly) open, then one an offer that stays (partly) unused."""
    yield from _left_open(snapshot, plan.unmet, snapshot.needs, snapshot.offers, "need_id")
    yield from _left_open(snapshot, plan.unused, snapshot.offers, snapshot.needs, "offer_id")


def _left_open(
    snapshot: Snapshot, blocked: Blocked, items: list[Item], partners: list[Item], column: str
) -> Iterator[Row]:
    _, first, counts = np.unique(blocked.item, return_index=True, return_counts=True)
    decimals = snapshot.decimals
    for start, count in zip(first.tolist(), counts.tolist(), strict=True):
        item = items[int(blocked.item[start])]
        span = range(start, start + min(count, MOST_REASONS))
        yield {
            "id": new_id(),
            "need_id": None,
            "offer_id": None,
            column: item.id,
            "county_code": item.county_code,
            "owner_id": item.participant_id,
            "open": _quantity(decimals[item.type], int(blocked.open[start])),
            "reasons": [_reason(snapshot.skills, decimals[item.type], blocked, at, partners) for at in span],
        }


def _reason(skills: list[str], decimals: int, blocked: Blocked, at: int, partners: list[Item]) -> Row:
    why, shortfall, partner = Why(int(blocked.why[at])), int(blocked.shortfall[at]), int(blocked.partner[at])
    facts: Row = {"count": int(blocked.count[at]), "partner": partners[partner].title if partner >= 0 else ""}
    measure = reasons.MEASURES[why]
    if measure == "quantity":
        facts["quantity"] = str(_quantity(decimals, shortfall))
    elif measure == "skills":
        facts["skills"] = [skill for bit, skill in enumerate(skills) if shortfall >> bit & 1]
    elif measure != "none":
        facts[measure] = shortfall
    return {"code": reasons.code(why), "shortfall": shortfall, "facts": facts}


def _quantity(decimals: int, value: int) -> Decimal:
    return Decimal(value).scaleb(-decimals)


def totals(snapshot: Snapshot, plan: Plan) -> Row:
    """The figures of a run (schemas.RunTotals)."""
    asking = np.unique(snapshot.problem.needs.county)
    demand, covered = plan.totals.demand.astype(float), plan.totals.covered.astype(float)
    share = covered[demand > 0] / demand[demand > 0]
    return {
        "needs": len(snapshot.needs),
        "offers": len(snapshot.offers),
        "suggestions": plan.suggestions,
        "value": int(plan.objective),
        "bound": int(plan.bound),
        "gap": round(float(plan.gap), 6),
        "covered": round(float(share.mean()) if len(share) else 0.0, 6),
        "counties": len(asking),
        "unmet": len(np.unique(plan.unmet.item)),
    }


def counties(snapshot: Snapshot, plan: Plan) -> list[Row]:
    """How far each county's published needs were covered, and would be: the mean over its needs, each counting alike.

    `factor` is what fairness made of the county's rewards; who docks a part of this again keeps to it.
    """
    items, decimals = snapshot.needs, snapshot.decimals
    code = np.array([item.county_code for item in items] + [row["county_code"] for row in snapshot.covered])
    asked = np.array([float(item.quantity) for item in items])
    left = np.array([float(item.open) for item in items])
    unit = np.array([10.0 ** decimals[item.type] for item in items])
    suggested = np.bincount(plan.need, weights=plan.quantity.astype(float), minlength=len(items)) / unit
    full = np.array([row["n"] for row in snapshot.covered], dtype=float)
    names, county = np.unique(code, return_inverse=True)
    weight = np.concatenate([np.ones(len(items)), full])
    needs = np.bincount(county, weights=weight, minlength=len(names))
    before = np.bincount(county, weights=np.concatenate([1 - left / asked, full]), minlength=len(names)) / needs
    after = np.bincount(county, weights=np.concatenate([1 - (left - suggested) / asked, full]), minlength=len(names))
    factor = county_factors(snapshot, plan)
    return [
        {
            "code": str(name),
            "needs": int(n),
            "before": round(float(b), 4),
            "after": round(float(a), 4),
            "factor": factor.get(str(name), 1.0),
        }
        for name, n, b, a in zip(names, needs, before, after / needs, strict=True)
    ]


def county_factors(snapshot: Snapshot, plan: Plan) -> dict[str, float]:
    """The fairness multiplier of each county that asks for something."""
    county = snapshot.problem.needs.county
    return {
        str(item.county_code): float(plan.county_factor[at])
        for item, at in zip(snapshot.needs, county.tolist(), strict=True)
    }


def prices(snapshot: Snapshot, plan: Plan) -> tuple[bytes, bytes]:
    """The prices of needs and of offers, packed."""
    return (
        pack_prices((item.id for item in snapshot.needs), plan.need_price),
        pack_prices((item.id for item in snapshot.offers), plan.offer_price),
    )
