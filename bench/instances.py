"""Docking instances of any size for benchmarks and tests, the same for the same seed.

The shape follows what the published records show: 832 counties in 22 provinces, 343 eastern counties in 9 provinces paired with
some of them, designated units, enterprises; quantities with heavy tails; a few large commodities and many small ones.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.problem import (
    FOR_ANYONE,
    FOR_PAIRED,
    OPEN_TO_ALL,
    Commodities,
    Counties,
    Givers,
    Needs,
    Offers,
    Problem,
    Relation,
)

COUNTIES, PROVINCES, EASTERN_COUNTIES, EASTERN_PROVINCES, UNITS = 832, 22, 343, 9, 320
TODAY = 18_050  # 2019-06-03


@dataclass(frozen=True)
class Kind:
    """A family of commodities: share of all records, log-median and log-spread of quantities, varieties at full size."""

    share: float
    median: float
    spread: float
    varieties: int


KINDS = (
    Kind(0.08, 500, 1.2, 6),  # industry, 10 000 yuan
    Kind(0.15, 30, 1.3, 6),  # labour, persons
    Kind(0.07, 3, 0.8, 6),  # teachers
    Kind(0.05, 2, 0.8, 6),  # doctors
    Kind(0.10, 40, 1.0, 6),  # training, seats
    Kind(0.15, 300, 1.6, 2),  # funds, 1000 yuan
    Kind(0.15, 200, 1.5, 14),  # goods, pieces
    Kind(0.25, 100, 1.5, 18),  # consumption, 1000 yuan
)


@dataclass(frozen=True)
class Varieties:
    """The commodities of an instance."""

    share: np.ndarray
    median: np.ndarray
    spread: np.ndarray


def varieties(size: int) -> Varieties:
    """4 commodities up to 1 000 records, 16 up to 10 000, 64 beyond; within a family the first are the most common."""
    count = 4 if size <= 1000 else 16 if size <= 10_000 else 64
    number = [max(1, round(kind.varieties * count / 64)) for kind in KINDS] if count > 4 else [0, 1, 0, 0, 0, 1, 1, 1]
    share, median, spread = [], [], []
    for kind, some in zip(KINDS, number, strict=True):
        rank = 1 / np.arange(1, some + 1) ** 0.7
        share.extend(kind.share * rank / rank.sum() if some else [])
        median.extend([kind.median] * some)
        spread.extend([kind.spread] * some)
    return Varieties(np.array(share) / np.sum(share), np.array(median), np.array(spread))


def instance(size: int, seed: int = 7) -> Problem:
    """``size`` needs and ``size`` offers."""
    random = np.random.default_rng(seed)
    counties = _counties(random)
    kinds = varieties(size)
    return Problem(
        today=TODAY,
        commodities=Commodities(np.zeros(len(kinds.share), np.bool_), np.ones(len(kinds.share), np.int64)),
        needs=_needs(random, size, kinds),
        offers=(drawn := _givers_and_offers(random, size, kinds, counties))[1],
        givers=drawn[0],
        counties=counties,
    )


def _counties(random: np.random.Generator) -> Counties:
    centre = np.c_[random.uniform(86, 112, PROVINCES), random.uniform(24, 42, PROVINCES)]
    province = np.sort(random.choice(PROVINCES, COUNTIES, p=random.dirichlet(np.ones(PROVINCES) * 3)))
    place = centre[province] + random.normal(0, 1.3, (COUNTIES, 2))
    return Counties(province.astype(np.int32), place[:, 0], place[:, 1])


def _quantities(random: np.random.Generator, kinds: Varieties, commodity: np.ndarray) -> np.ndarray:
    drawn = np.exp(np.log(kinds.median[commodity]) + kinds.spread[commodity] * random.standard_normal(len(commodity)))
    return np.maximum(1, np.round(drawn)).astype(np.int64)


def _window(random: np.random.Generator, size: int, shortest: int, typical: float) -> tuple[np.ndarray, np.ndarray]:
    start = TODAY + random.integers(0, 300, size)
    return start.astype(np.int32), (
        start + np.maximum(shortest, random.lognormal(typical, 0.6, size)).astype(np.int64)
    ).astype(np.int32)


def _skills(random: np.random.Generator, size: int, draws: int, chance: float) -> np.ndarray:
    skills = np.zeros(size, np.uint64)
    for _ in range(draws):
        bit = np.uint64(1) << random.integers(0, 8, size).astype(np.uint64)
        skills |= np.where(random.random(size) < chance, bit, np.uint64(0))
    return skills


def _needs(random: np.random.Generator, size: int, kinds: Varieties) -> Needs:
    population = random.lognormal(12.3, 0.7, COUNTIES)
    depth = random.choice([1, 2, 3], COUNTIES, p=[0.3, 0.3, 0.4])
    commodity = random.choice(len(kinds.share), size, p=kinds.share)
    county = random.choice(COUNTIES, size, p=population / population.sum())
    quantity = _quantities(random, kinds, commodity)
    start, end = _window(random, size, 20, 4.3)
    part = quantity * random.choice([0, 0.1, 0.25, 0.5], size, p=[0.5, 0.2, 0.2, 0.1])
    return Needs(
        commodity=commodity.astype(np.int32),
        county=county.astype(np.int32),
        open=quantity,
        window_from=start,
        window_to=end,
        min_part=np.maximum(1, np.round(part)).astype(np.int64),
        max_sources=np.where(random.random(size) < 0.2, 1, 50).astype(np.int32),
        priority=random.integers(1, 6, size).astype(np.int8),
        poverty_depth=depth[county].astype(np.int8),
        skills=_skills(random, size, 2, 0.35),
        widening=np.full(size, OPEN_TO_ALL, np.int8),
    )


def _givers_and_offers(
    random: np.random.Generator, size: int, kinds: Varieties, counties: Counties
) -> tuple[Givers, Offers]:
    """One giver for each offer: eastern county, its province, designated unit, party, enterprise, citizen."""
    kind = random.choice(6, size, p=[0.12, 0.03, 0.05, 0.03, 0.67, 0.10])
    base = random.integers(0, EASTERN_COUNTIES, size)
    eastern_province = random.integers(0, EASTERN_PROVINCES, EASTERN_COUNTIES)
    partners = [random.choice(PROVINCES, random.integers(2, 5), replace=False) for _ in range(EASTERN_PROVINCES)]
    within = [np.flatnonzero(np.isin(counties.province, some)) for some in partners]
    by_county = [
        random.choice(within[eastern_province[e]], min(len(within[eastern_province[e]]), random.integers(1, 4)), False)
        for e in range(EASTERN_COUNTIES)
    ]
    by_unit = [random.choice(COUNTIES, random.integers(1, 5), replace=False) for _ in range(UNITS)]
    by_party = [np.flatnonzero(counties.province == p) for p in range(PROVINCES)]
    unit, party = random.integers(0, UNITS, size), random.integers(0, PROVINCES, size)
    own: list[tuple[int, int]] = []
    for giver in range(size):
        paired = {0: by_county[base[giver]], 2: by_unit[unit[giver]], 3: by_party[party[giver]]}.get(
            int(kind[giver]), []
        )
        own.extend((giver, int(county)) for county in paired)
    place = np.c_[random.uniform(113, 122, EASTERN_PROVINCES), random.uniform(22, 41, EASTERN_PROVINCES)]
    town = place[eastern_province] + random.normal(0, 1.0, (EASTERN_COUNTIES, 2))
    home_pairs = Relation.of(EASTERN_PROVINCES, [(p, int(c)) for p in range(EASTERN_PROVINCES) for c in within[p]])
    past = [(g, int(c)) for g, c in enumerate(random.integers(0, COUNTIES, size)) if random.random() < 0.2]
    givers = Givers(
        home=np.where(np.isin(kind, (0, 1, 4)), eastern_province[base], -1).astype(np.int32),
        longitude=town[base, 0],
        latitude=town[base, 1],
        own_pairs=Relation.of(size, own),
        home_pairs=home_pairs,
        past=Relation.of(size, past),
    )
    bound = random.random(size) < np.array([0.55, 0.8, 0.9, 0.8, 0.25, 0.0])[kind]
    return givers, _offers(random, size, kinds, bound)


def _offers(random: np.random.Generator, size: int, kinds: Varieties, bound: np.ndarray) -> Offers:
    commodity = random.choice(len(kinds.share), size, p=kinds.share)
    plenty = random.uniform(0.45, 1.3, len(kinds.share))
    quantity = np.maximum(1, np.round(plenty[commodity] * _quantities(random, kinds, commodity))).astype(np.int64)
    start, end = _window(random, size, 30, 4.8)
    lot = np.where(random.random(size) < 0.4, quantity * random.choice([0.05, 0.1, 0.2, 0.5], size), 1)
    return Offers(
        commodity=commodity.astype(np.int32),
        giver=np.arange(size, dtype=np.int32),
        open=quantity,
        window_from=start,
        window_to=end,
        min_lot=np.maximum(1, np.round(lot)).astype(np.int64),
        max_receivers=random.choice([1, 2, 3, 5, 10, 50], size, p=[0.12, 0.12, 0.16, 0.25, 0.25, 0.1]).astype(np.int32),
        skills=_skills(random, size, 4, 1.0),
        restriction=np.where(bound, FOR_PAIRED, FOR_ANYONE).astype(np.int8),
        listed=Relation.of(size, []),
    )
