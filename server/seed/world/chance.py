"""Seeded chance, drawn in whole columns: the same seed and name give the same draws."""

import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import numpy as np

from server.kit.clock import BEIJING

T = TypeVar("T")

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Chance:
    """One stream of draws; each part of the world has its own, so that a change in one leaves the others alone."""

    def __init__(self, seed: int, part: str) -> None:
        self.generator = np.random.default_rng([seed, zlib.crc32(part.encode())])

    def whole(self, lowest: int, highest: int, count: int) -> list[int]:
        """Whole numbers, both ends included."""
        return self.generator.integers(lowest, highest, count, endpoint=True).tolist()

    def happens(self, probability: float, count: int) -> list[bool]:
        """What happens with a probability."""
        return (self.generator.random(count) < probability).tolist()

    def index(self, weights: Sequence[float] | Floats, count: int) -> list[int]:
        """Indices, each as often as its weight says."""
        shares = np.asarray(weights, dtype=np.float64)
        return self.generator.choice(len(shares), size=count, p=shares / shares.sum()).tolist()

    def pick(self, items: Sequence[T], count: int) -> list[T]:
        """Items, all equally likely."""
        return [items[at] for at in self.generator.integers(0, len(items), count).tolist()]

    def heavy(self, count: int, spread: float) -> Floats:
        """Heavy-tailed factors (log-normal) around 1: few are many times larger than most."""
        return np.exp(self.generator.normal(0.0, spread, count))

    def ids(self, moments: Sequence[datetime]) -> list[UUID]:
        """UUIDv7 ids for rows of these moments."""
        low = self.generator.integers(0, 2**62, len(moments), dtype=np.int64).tolist()
        high = self.generator.integers(0, 2**12, len(moments), dtype=np.int64).tolist()
        return [
            UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (a << 64) | (2 << 62) | b)
            for at, a, b in zip(moments, high, low, strict=True)
        ]


def at_work(day: date, minute: int) -> datetime:
    """A minute of the working day (from 8:30, Beijing time)."""
    return datetime.combine(day, datetime.min.time(), BEIJING) + timedelta(hours=8, minutes=30 + minute)
