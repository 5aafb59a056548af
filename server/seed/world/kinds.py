"""How each resource type is asked for and given: how often, how much, under which titles, by whom (`kinds.csv`).

Sizes are log-normal, as in the published records: few needs are many times larger than most.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from asyncpg import Connection

from server.seed.tables import BadTables, Column, Table, WrongValue, decimal, listed, matching, read_table
from server.seed.world.chance import Chance

FILE = Path(__file__).parent / "kinds.csv"

GIVERS = (
    "eastern_partner",
    "line_department",
    "designated_unit",
    "armed_forces_unit",
    "democratic_party",
    "enterprise",
    "social_organisation",
    "citizen",
)


@dataclass(frozen=True)
class Kind:
    """How one resource type appears; `median`, `smallest`, `largest` and `step` are in its canonical unit."""

    type: str
    head: str
    unit: str
    reach: str
    weight: float
    median: float
    spread: float
    smallest: Decimal
    largest: Decimal
    step: Decimal
    need_titles: tuple[str, ...]
    offer_titles: tuple[str, ...]
    givers: dict[str, float]

    def sizes(self, chance: Chance, count: int, factor: float = 1.0) -> list[Decimal]:
        """Heavy-tailed quantities in steps that people write."""
        lowest, highest = int(self.smallest / self.step), int(self.largest / self.step)
        drawn = chance.heavy(count, self.spread) * (self.median * factor / float(self.step))
        return [self.step * min(max(round(steps), lowest, 1), highest) for steps in drawn.tolist()]

    def part(self, quantity: Decimal, percent: int) -> Decimal:
        """About a share of a quantity, as a round number of steps and at least one."""
        steps = max(1, int(quantity / self.step) * percent // 100)
        magnitude = 10 ** (len(str(steps)) - 1)
        return min(quantity, self.step * (steps // magnitude * magnitude))


def _givers(text: str) -> dict[str, float]:
    shares: dict[str, float] = {}
    for item in text.split(";"):
        kind, _, share = item.partition(":")
        if kind not in GIVERS or not share.isdigit():
            raise WrongValue("kinds of giver with shares, as enterprise:3;citizen:1")
        shares[kind] = float(share)
    return shares


_size = decimal(0, 10**15, 3)
COLUMNS = [
    Column("type", matching(r"[a-z][a-z0-9_]{0,39}", "the code of a resource type")),
    Column("weight", decimal(0, 1000, 3)),
    Column("median", _size),
    Column("spread", decimal(0, 5, 3)),
    Column("smallest", _size),
    Column("largest", _size),
    Column("step", _size),
    Column("need_titles", listed),
    Column("offer_titles", listed),
    Column("givers", _givers),
]


async def read_kinds(connection: Connection) -> list[Kind]:
    """The kinds of those resource types that are loaded, in the order of the catalogue."""
    types = {
        row["code"]: row
        for row in await connection.fetch("SELECT code, head, unit, reach FROM resource_type ORDER BY position, code")
    }
    table = read_table(FILE, COLUMNS)
    table.refuse_repeats("type")
    if table.problems:
        raise BadTables(table.problems)
    return _matched(table, {code: (row["head"], row["unit"], row["reach"]) for code, row in types.items()})


def _matched(table: Table, types: dict[str, tuple[str, str, str]]) -> list[Kind]:
    rows = {row["type"]: row for row in table.rows}
    return [
        Kind(
            type=code,
            head=head,
            unit=unit,
            reach=reach,
            weight=float(row["weight"]),
            median=float(row["median"]),
            spread=float(row["spread"]),
            smallest=row["smallest"],
            largest=row["largest"],
            step=row["step"],
            need_titles=tuple(row["need_titles"]),
            offer_titles=tuple(row["offer_titles"]),
            givers=row["givers"],
        )
        for code, (head, unit, reach) in types.items()
        if (row := rows.get(code)) is not None
    ]
