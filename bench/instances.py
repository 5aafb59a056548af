"""Docking instances of any size for benchmarks and tests, the same for the same seed.

The shape follows what the published records show: 832 counties in 22 provinces, 343 eastern counties in 9 provinces paired with
some of them, designated units, parties, enterprises, citizens; quantities with heavy tails; a few large commodities and many small ones.
The order of the draws is part of the instance: it is the one that the targets in docs/performance.md were measured on.
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
# Kinds of givers, their shares, and how many of each give to paired counties only.
EASTERN_COUNTY, EASTERN_PROVINCE, UNIT, PARTY, ENTERPRISE, CITIZEN = range(6)
GIVER_SHARES = [0.12, 0.03, 0.05, 0.03, 0.67, 0.10]
PAIRED_ONLY = np.array([0.55, 0.8, 0.9, 0.8, 0.25, 0.0])


@dataclass(frozen=True)
class Kind:
    """A family of commodities: share of all records, median and log-spread of quantities, varieties at full size."""

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
    """4 commodities up to 1 000 records, about 16 up to 10 000, 64 beyond; within a family the first are the most common."""
    count = 4 if size <= 1000 else 16 if size <= 10_000 else 64
    number = [max(1, round(kind.varieties * count / 64)) for kind in KINDS] if count > 4 else [0, 1, 0, 0, 0, 1, 1, 1]
    share, median, spread = [], [], []
    for kind, some in zip(KINDS, number, strict=True):
        rank = 1 / np.arange(1, some + 1) ** 0.7
        share.extend(kind.share * rank / rank.sum() if some else [])
        median.extend([kind.median] * some)
        spread.extend([kind.spread] * some)
    return Varieties(np.array(share) / np.sum(share), np.array(median), np.array(spread))


@dataclass(frozen=True)
class Land:
    """Places, and the groups of western counties that stand in a relation to somebody."""

    west: Counties
    population: np.ndarray
    depth: np.ndarray
    eastern_province: np.ndarray  # of each eastern county
    town: np.ndarray  # latitude and longitude of each eastern county
    of_county: list[np.ndarray]  # counties paired with each eastern county
    of_province: list[np.ndarray]  # with each eastern province
    of_unit: list[np.ndarray]  # with each designated unit
    of_party: list[np.ndarray]  # in each western province


def instance(size: int, seed: int = 7) -> Problem:
    """``size`` needs and ``size`` offers."""
    random = np.random.default_rng(seed)
    land, kinds = _land(random), varieties(size)
    needs = _needs(random, size, kinds, land)
    givers, offers = _givers_and_offers(random, size, kinds, land)
    return Problem(
        today=TODAY,
        commodities=Commodities(np.zeros(len(kinds.share), np.bool_), np.ones(len(kinds.share), np.int64)),
        needs=needs,
        offers=offers,
        givers=givers,
        counties=land.west,
    )


def _land(random: np.random.Generator) -> Land:
    centre = np.c_[random.uniform(24, 42, PROVINCES), random.uniform(86, 112, PROVINCES)]
    province = np.sort(random.choice(PROVINCES, COUNTIES, p=random.dirichlet(np.ones(PROVINCES) * 3)))
    place = centre[province] + random.normal(0, 1.3, (COUNTIES, 2))
    population = random.lognormal(12.3, 0.7, COUNTIES)
    depth = random.choice([1, 2, 3], COUNTIES, p=[0.3, 0.3, 0.4])
    eastern_province = random.integers(0, EASTERN_PROVINCES, EASTERN_COUNTIES)
    capital = np.c_[random.uniform(22, 41, EASTERN_PROVINCES), random.uniform(113, 122, EASTERN_PROVINCES)]
    town = capital[eastern_province] + random.normal(0, 1.0, (EASTERN_COUNTIES, 2))
    partners = [random.choice(PROVINCES, random.integers(2, 5), replace=False) for _ in range(EASTERN_PROVINCES)]
    within = [np.flatnonzero(np.isin(province, some)) for some in partners]

    def some_of(pool: np.ndarray, most: int) -> np.ndarray:
        """A few counties of a pool; county 0 where it is empty."""
        return np.sort(random.choice(pool, min(most, len(pool)), replace=False)) if len(pool) else np.zeros(1, int)

    return Land(
        west=Counties(province.astype(np.int32), place[:, 1], place[:, 0]),
        population=population,
        depth=depth,
        eastern_province=eastern_province,
        town=town,
        of_county=[some_of(within[eastern], int(random.integers(1, 4))) for eastern in eastern_province],
        of_province=within,
        of_unit=[some_of(np.arange(COUNTIES), int(random.integers(1, 5))) for _ in range(UNITS)],
        of_party=[some_of(np.flatnonzero(province == p), COUNTIES) for p in range(PROVINCES)],
    )


def _quantities(random: np.random.Generator, kinds: Varieties, commodity: np.ndarray) -> np.ndarray:
    """Log-normal, not yet rounded."""
    return np.exp(np.log(kinds.median[commodity]) + kinds.spread[commodity] * random.standard_normal(len(commodity)))


def _whole(quantity: np.ndarray) -> np.ndarray:
    return np.maximum(1, np.round(quantity)).astype(np.int64)


def _window(random: np.random.Generator, size: int, shortest: int, typical: float) -> tuple[np.ndarray, np.ndarray]:
    start = TODAY + random.integers(0, 300, size)
    days = np.maximum(shortest, random.lognormal(typical, 0.6, size)).astype(np.int64)
    return start.astype(np.int32), (start + days).astype(np.int32)


def _skill(random: np.random.Generator, size: int) -> np.ndarray:
    return np.uint64(1) << random.integers(0, 8, size).astype(np.uint64)


def _needs(random: np.random.Generator, size: int, kinds: Varieties, land: Land) -> Needs:
    commodity = np.sort(random.choice(len(kinds.share), size, p=kinds.share))
    county = random.choice(COUNTIES, size, p=land.population / land.population.sum())
    county = county[np.lexsort((county, commodity))]
    quantity = _whole(_quantities(random, kinds, commodity))
    priority = random.integers(1, 6, size)
    start, end = _window(random, size, 20, 4.3)
    several = random.random(size) > 0.2
    part = quantity * random.choice([0, 0.1, 0.25, 0.5], size, p=[0.5, 0.2, 0.2, 0.1])
    skills = np.zeros(size, np.uint64)
    for _ in range(2):
        asked = random.random(size) < 0.35
        skills |= np.where(asked, _skill(random, size), np.uint64(0))
    return Needs(
        commodity=commodity.astype(np.int32),
        county=county.astype(np.int32),
        open=quantity,
        window_from=start,
        window_to=end,
        min_part=_whole(part),
        max_sources=np.where(several, 50, 1).astype(np.int32),
        priority=priority.astype(np.int8),
        poverty_depth=land.depth[county].astype(np.int8),
        skills=skills,
        widening=np.full(size, OPEN_TO_ALL, np.int8),
    )


def _givers_and_offers(random: np.random.Generator, size: int, kinds: Varieties, land: Land) -> tuple[Givers, Offers]:
    """One giver for each offer."""
    commodity = random.choice(len(kinds.share), size, p=kinds.share)
    kind = random.choice(6, size, p=GIVER_SHARES)
    base = random.integers(0, EASTERN_COUNTIES, size)
    unit, party = random.integers(0, UNITS, size), random.integers(0, PROVINCES, size)
    paired_only = random.random(size) < PAIRED_ONLY[kind]
    offers = _offers(random, size, kinds, commodity, paired_only)
    own, past = _relations(random, kind, base, unit, party, land)
    givers = Givers(
        home=np.where(
            np.isin(kind, (EASTERN_COUNTY, EASTERN_PROVINCE, ENTERPRISE)), land.eastern_province[base], -1
        ).astype(np.int32),
        longitude=land.town[base, 1],
        latitude=land.town[base, 0],
        own_pairs=Relation.of(size, own),
        home_pairs=Relation.of(
            EASTERN_PROVINCES, [(p, int(c)) for p, some in enumerate(land.of_province) for c in some]
        ),
        past=Relation.of(size, past),
    )
    return givers, offers


def _relations(
    random: np.random.Generator,
    kind: np.ndarray,
    base: np.ndarray,
    unit: np.ndarray,
    party: np.ndarray,
    land: Land,
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Own pairs and past receivers as (giver, county); a fifth of the givers gave before, mostly to a county that they are paired with."""
    size = len(kind)
    gave_before, which, stranger = random.random(size) < 0.2, random.random(size), random.integers(0, COUNTIES, size)
    own, past = [], []
    for giver in range(size):
        group = {
            EASTERN_COUNTY: land.of_county[base[giver]],
            UNIT: land.of_unit[unit[giver]],
            PARTY: land.of_party[party[giver]],
        }.get(int(kind[giver]), np.empty(0, int))
        own.extend((giver, int(county)) for county in group)
        if kind[giver] in (EASTERN_PROVINCE, ENTERPRISE):
            group = land.of_province[land.eastern_province[base[giver]]]
        if gave_before[giver]:
            partner = group[int(which[giver] * len(group))] if len(group) else stranger[giver]
            past.append((giver, int(partner)))
    return own, past


def _offers(
    random: np.random.Generator, size: int, kinds: Varieties, commodity: np.ndarray, paired_only: np.ndarray
) -> Offers:
    plenty = random.uniform(0.45, 1.3, len(kinds.share))
    quantity = _whole(plenty[commodity] * _quantities(random, kinds, commodity))
    start, end = _window(random, size, 30, 4.8)
    in_lots = random.random(size) < 0.4
    lot = np.where(in_lots, quantity * random.choice([0.05, 0.1, 0.2, 0.5], size), 1)
    receivers = random.choice([1, 2, 3, 5, 10, 50], size, p=[0.12, 0.12, 0.16, 0.25, 0.25, 0.1])
    skills = np.zeros(size, np.uint64)
    for _ in range(4):
        skills |= _skill(random, size)
    return Offers(
        commodity=commodity.astype(np.int32),
        giver=np.arange(size, dtype=np.int32),
        open=quantity,
        window_from=start,
        window_to=end,
        min_lot=_whole(lot),
        max_receivers=receivers.astype(np.int32),
        skills=skills,
        restriction=np.where(paired_only, FOR_PAIRED, FOR_ANYONE).astype(np.int8),
        listed=Relation.of(size, []),
    )
