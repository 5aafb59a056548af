"""One commodity by itself: the needs and offers that can meet at all, with local indices.

A market's needs are sorted by (county, index) and its offers by index; local row ``i`` is an offer, ``j`` a need, ``c`` one of
the counties that occur. Markets share nothing, so they can be worked on by several threads.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.problem import (
    Forbidden,
    Incumbents,
    Index,
    Int8,
    Int16,
    Int32,
    Int64,
    Problem,
    Settings,
    UInt64,
)

EARTH_KM = 6371.0
# A need's deadline is worth its full points today and loses one point every so many days.
DAYS_PER_DEADLINE_POINT = 4


@dataclass(frozen=True, slots=True)
class MarkedPairs:
    """Pairs of one market in compressed rows by offer, needs ascending."""

    start: Int64  # [n + 1]
    need: Int32  # [pairs] local
    mark: Int8  # [pairs] reason of a forbidden pair, 0 for incumbents

    def lookup(self, i: Index, j: Index, needs: int) -> Int8:
        """The mark of each pair in the lists (i, j), -1 where the pair is not listed."""
        marks = np.full(len(i), -1, dtype=np.int8)
        if len(self.need):
            rows = np.repeat(np.arange(len(self.start) - 1, dtype=np.int64), np.diff(self.start))
            keys = rows * needs + self.need
            asked = i.astype(np.int64) * needs + j
            at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
            marks = np.where(keys[at] == asked, self.mark[at], np.int8(-1))
        return marks

    def grid(self, first: int, last: int, needs: int) -> Int8:
        """The marks of offers first..last-1 against all needs, -1 where a pair is not listed."""
        marks = np.full((last - first, needs), -1, dtype=np.int8)
        listed = slice(self.start[first], self.start[last])
        row = np.repeat(np.arange(last - first), np.diff(self.start[first : last + 1]))
        marks[row, self.need[listed]] = self.mark[listed]
        return marks


@dataclass(frozen=True, slots=True)
class Market:
    """Local copies of everything that concerns one commodity; units as in ``problem.py``."""

    commodity: int
    pairing_only: bool
    step: int
    need: Int32  # [m] index in the problem
    offer: Int32  # [n]
    county: Int32  # [c] index in the problem, ascending
    county_of: Int32  # [m] local county
    # needs
    demand: Int64  # [m]
    need_from: Int32
    need_to: Int32
    min_part: Int64  # already lowered to the open quantity
    max_sources: Int32  # already lowered to Settings.max_sources
    need_skills: UInt64
    widening: Int8
    need_points: Int64  # [m] what the need earns whoever gives: skills, priority, poverty, deadline
    # offers
    supply: Int64  # [n]
    giver: Int32
    offer_from: Int32
    offer_to: Int32
    min_lot: Int64
    max_receivers: Int32
    offer_skills: UInt64
    forbidden: MarkedPairs
    incumbents: MarkedPairs

    @property
    def offers(self) -> int:
        return len(self.offer)

    @property
    def needs(self) -> int:
        return len(self.need)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all markets share: distances in points between places where givers are and counties."""

    site: Int32  # [G] row of ``distance_points``
    distance_points: Int16  # [sites, C]


def survey(problem: Problem, settings: Settings) -> Ground:
    """Measure the distances once: givers at the same coordinates share a row."""
    givers, counties = problem.givers, problem.counties
    places, site = np.unique(np.stack([givers.longitude, givers.latitude], axis=1), axis=0, return_inverse=True)
    longitude, latitude = np.deg2rad(places[:, :1]), np.deg2rad(places[:, 1:])
    east, north = np.deg2rad(counties.longitude)[None, :], np.deg2rad(counties.latitude)[None, :]
    half_chord = (
        np.sin((latitude - north) / 2) ** 2 + np.cos(latitude) * np.cos(north) * np.sin((longitude - east) / 2) ** 2
    )
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))
    points = settings.weights.distance * np.exp(-km / settings.distance_km)
    # A giver or county without coordinates is treated as very far away.
    return Ground(site.reshape(-1).astype(np.int32), np.round(np.nan_to_num(points, nan=0.0)).astype(np.int16))


def need_parts(problem: Problem, settings: Settings, need: Index) -> dict[str, Int64]:
    """Points by part that depend on the need alone, each [len(need)]; skills are brought in full or the pair is not allowed."""
    weights, needs = settings.weights, problem.needs
    days_left = needs.window_to[need].astype(np.int64) - problem.today
    skills = np.bitwise_count(needs.skills[need]).astype(np.int64)
    return {
        "skills": weights.skill * skills,
        "priority": weights.priority * needs.priority[need].astype(np.int64),
        "poverty": weights.poverty * needs.poverty_depth[need].astype(np.int64),
        "deadline": np.clip(weights.deadline - np.maximum(days_left, 0) // DAYS_PER_DEADLINE_POINT, 0, None),
    }


def split(problem: Problem, settings: Settings) -> list[Market]:
    """All markets that have both a need and an offer, by ascending commodity."""
    needs, offers = problem.needs, problem.offers
    need_order = np.lexsort((needs.county, needs.commodity))
    offer_order = np.argsort(offers.commodity, kind="stable")
    kinds = np.arange(len(problem.commodities.step) + 1)
    need_start = np.searchsorted(needs.commodity[need_order], kinds)
    offer_start = np.searchsorted(offers.commodity[offer_order], kinds)
    marked = _marked_by_commodity(problem)
    markets = []
    for k in kinds[:-1]:
        j = need_order[need_start[k] : need_start[k + 1]]
        i = offer_order[offer_start[k] : offer_start[k + 1]]
        if len(i) and len(j):
            markets.append(_market(problem, settings, int(k), i, j, marked))
    return markets


def pick(problem: Problem, settings: Settings, offer: Int64, need: Int64) -> Market:
    """The market of some offers and needs of one commodity, given by index, at least one of each."""
    commodity = int(problem.needs.commodity[need[0]])
    order = np.lexsort((need, problem.needs.county[need]))
    return _market(problem, settings, commodity, np.sort(offer), need[order], _marked_by_commodity(problem))


def _market(
    problem: Problem,
    settings: Settings,
    commodity: int,
    i: Int64,
    j: Int64,
    marked: tuple["_Marked", "_Marked"],
) -> Market:
    needs, offers = problem.needs, problem.offers
    county, county_of = np.unique(needs.county[j], return_inverse=True)
    return Market(
        commodity=commodity,
        pairing_only=bool(problem.commodities.pairing_only[commodity]),
        step=int(problem.commodities.step[commodity]),
        need=j.astype(np.int32),
        offer=i.astype(np.int32),
        county=county.astype(np.int32),
        county_of=county_of.reshape(-1).astype(np.int32),
        demand=needs.open[j],
        need_from=needs.window_from[j],
        need_to=needs.window_to[j],
        min_part=np.minimum(needs.min_part[j], needs.open[j]),
        max_sources=np.minimum(needs.max_sources[j], settings.max_sources).astype(np.int32),
        need_skills=needs.skills[j],
        widening=needs.widening[j],
        need_points=sum(need_parts(problem, settings, j).values(), np.zeros(len(j), np.int64)),
        supply=offers.open[i],
        giver=offers.giver[i],
        offer_from=offers.window_from[i],
        offer_to=offers.window_to[i],
        min_lot=np.maximum(offers.min_lot[i], 1),
        max_receivers=offers.max_receivers[i],
        offer_skills=offers.skills[i],
        forbidden=marked[0].local(commodity, i, j),
        incumbents=marked[1].local(commodity, i, j),
    )


@dataclass(frozen=True, slots=True)
class _Marked:
    """Forbidden pairs or incumbents sorted by commodity; pairs across commodities mean nothing and are dropped."""

    commodity: Int32
    offer: Int32
    need: Int32
    mark: Int8

    def local(self, commodity: int, i: Int64, j: Int64) -> MarkedPairs:
        """The pairs among offers ``i`` (ascending) and needs ``j``; a pair listed twice keeps its smaller mark."""
        first, last = np.searchsorted(self.commodity, [commodity, commodity + 1])
        offer, need, mark = self.offer[first:last], self.need[first:last], self.mark[first:last]
        by_index = np.argsort(j, kind="stable")
        row = np.minimum(np.searchsorted(i, offer), len(i) - 1)
        column = by_index[np.minimum(np.searchsorted(j, need, sorter=by_index), len(j) - 1)]
        here = np.flatnonzero((i[row] == offer) & (j[column] == need))
        order = here[np.lexsort((mark[here], column[here], row[here]))]
        key = row[order] * len(j) + column[order]
        order = order[np.concatenate([[True], key[1:] != key[:-1]])] if len(order) else order
        start = np.searchsorted(row[order], np.arange(len(i) + 1)).astype(np.int64)
        return MarkedPairs(start, column[order].astype(np.int32), mark[order])


def _marked_by_commodity(problem: Problem) -> tuple[_Marked, _Marked]:
    def sort(pairs: Forbidden | Incumbents, mark: Int8) -> _Marked:
        commodity = problem.offers.commodity[pairs.offer]
        inside = np.flatnonzero(commodity == problem.needs.commodity[pairs.need])
        order = inside[np.argsort(commodity[inside], kind="stable")]
        return _Marked(commodity[order], pairs.offer[order], pairs.need[order], mark[order])

    incumbents = problem.incumbents
    return (
        sort(problem.forbidden, problem.forbidden.reason),
        sort(incumbents, np.zeros(len(incumbents.offer), np.int8)),
    )
