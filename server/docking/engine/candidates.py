"""Which pairs are worth an arc: the best needs of each offer and the best offers of each need, under every hard rule.

Ties go to the smaller index, so the choice does not depend on the order of work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from server.docking.engine.market import Ground, Market
from server.docking.engine.problem import Int32, Int64, Problem, Settings
from server.docking.engine.rules import Standing, allowed, standing_by_county
from server.docking.engine.scoring import county_points, pair_parts

# Cells of the table of offers against needs that are looked at in one go (bounds the memory of a thread).
CELLS = 1 << 20
NOT_ALLOWED = np.int64(-(1 << 40))


@dataclass(frozen=True, slots=True)
class Arcs:
    """Allowed pairs with their score, sorted by (offer, need)."""

    i: Int32  # [A] local offer
    j: Int32  # [A] local need
    score: Int64  # [A] points per unit

    def __len__(self) -> int:
        return len(self.i)


def score_table(problem: Problem, settings: Settings, ground: Ground, market: Market) -> Iterator[tuple[Int64, Int64]]:
    """Offers against all needs in slices: (offers [b], score [b, m] with NOT_ALLOWED where a rule is broken)."""
    j = np.arange(market.needs)[None, :]
    size = max(1, CELLS // market.needs)
    for first in range(0, market.offers, size):
        last = min(first + size, market.offers)
        i = np.arange(first, last)
        by_county = standing_by_county(problem, market, i)
        points = county_points(settings, ground, market, i, by_county)
        standing = Standing(
            by_county.level[:, market.county_of],
            by_county.admitted[:, market.county_of],
            by_county.past[:, market.county_of],
        )
        score = points[:, market.county_of] + market.need_points
        score += settings.weights.incumbent * (market.incumbents.grid(first, last, market.needs) >= 0)
        forbidden = market.forbidden.grid(first, last, market.needs)
        fits = allowed(market, settings, i[:, None], j, standing, forbidden)
        yield i, np.where(fits, score, NOT_ALLOWED)


def find_candidates(problem: Problem, settings: Settings, ground: Ground, market: Market) -> Arcs:
    """The best needs of each offer and the best offers of each need."""
    n, m = market.offers, market.needs
    chosen: list[Int64] = []
    best_key = np.full((settings.need_candidates, m), -1, dtype=np.int64)
    for i, score in score_table(problem, settings, ground, market):
        row, column = best_of_each_row(score, settings.offer_candidates)
        chosen.append(i[row] * m + column)
        # For a need, the key holds score and offer in one number, so that equal scores go to the smaller offer.
        key = np.where(score > NOT_ALLOWED, score * n + (n - 1 - i[:, None]), -1)
        stacked = np.concatenate([best_key, key])
        keep = min(settings.need_candidates, len(stacked))
        best_key = np.partition(stacked, len(stacked) - keep, axis=0)[-keep:]
    found = best_key >= 0
    need = np.broadcast_to(np.arange(m), best_key.shape)[found]
    chosen.append((n - 1 - best_key[found] % n) * m + need)
    pairs = np.unique(np.concatenate(chosen))
    return scored(problem, settings, ground, market, (pairs // m).astype(np.int32), (pairs % m).astype(np.int32))


def best_of_each_row(score: Int64, most: int) -> tuple[Int64, Int64]:
    """Rows and columns of the ``most`` highest allowed cells of each row; equal scores go to the smaller column."""
    m = score.shape[1]
    key = np.where(score > NOT_ALLOWED, score * m + (m - 1 - np.arange(m)), np.iinfo(np.int64).min)
    if m > most:
        column = np.argpartition(key, m - most, axis=1)[:, m - most :]
    else:
        column = np.broadcast_to(np.arange(m), score.shape)
    row = np.broadcast_to(np.arange(len(score))[:, None], column.shape)
    found = np.take_along_axis(score, column, axis=1) > NOT_ALLOWED
    return row[found], column[found]


def scored(problem: Problem, settings: Settings, ground: Ground, market: Market, i: Int32, j: Int32) -> Arcs:
    """Arcs for given allowed pairs, which must come sorted by (offer, need)."""
    return Arcs(i, j, pair_parts(problem, settings, ground, market, i, j).sum(axis=1, dtype=np.int64))


def merged(first: Arcs, second: Arcs, needs: int) -> Arcs:
    """Both sets of arcs, each pair once, sorted."""
    key = np.concatenate([a.i.astype(np.int64) * needs + a.j for a in (first, second)])
    _, at = np.unique(key, return_index=True)
    i, j, score = (np.concatenate([getattr(first, c), getattr(second, c)])[at] for c in Arcs.__slots__)
    return Arcs(i, j, score)
