"""How large the fault and race tests are: short within `make test`, long within `make faults`; read here alone."""

import os
import random
from typing import NamedTuple


class Size(NamedTuple):
    """How often, how many, how long."""

    rounds: int
    """of the hammer"""
    keys: int
    """each sent 32 times at once"""
    examples: int
    """of the state machine"""
    steps: int
    """in each of them"""
    kills: int
    """of web, worker, Valkey and PostgreSQL backends"""
    crashes: int
    """of the postmaster"""
    writes: int
    """acknowledged at the least while everything is killed"""


SHORT = Size(rounds=12, keys=6, examples=10, steps=15, kills=5, crashes=1, writes=100)
LONG = Size(rounds=200, keys=50, examples=200, steps=30, kills=30, crashes=3, writes=2000)

SIZE = LONG if os.environ.get("JIEDUI_FAULTS") == "long" else SHORT
SEED = int(os.environ.get("SEED", "1"))
"""Decides the order of everything that a test draws by lot."""


def lots() -> random.Random:
    """A fresh generator; the same seed draws the same lots."""
    return random.Random(SEED)  # noqa: S311  # no secret depends on it
