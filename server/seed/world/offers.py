"""What givers offer: the columns of table `offer`, drawn whole."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from server.seed.world import words
from server.seed.world.atlas import Atlas
from server.seed.world.cast import Cast, Member, paired_counties
from server.seed.world.chance import Chance, at_work
from server.seed.world.kinds import GIVERS, Kind
from server.seed.world.needs import TALENT, spread_kinds, window

COLUMNS = (
    *("id", "participant_id", "giver_code", "resource_type_id", "title", "description", "quantity", "declared_value"),
    *("declared_unit", "min_lot", "max_receivers", "window_from", "window_to", "skills", "restriction", "place_codes"),
    *("status", "written_by", "published_at"),
)

GIVER_SPREAD = 1.0
SIZE_FACTOR = {"eastern_partner": 1.3, "designated_unit": 1.2, "enterprise": 1.0, "citizen": 0.05}
OTHERS_FACTOR = 0.8
CITIZENS_MOST = 0.25
"""The most that a citizen offers, as a share of the kind's median."""

RESTRICTIONS: dict[str, tuple[float, float, float]] = {
    "eastern_partner": (0.15, 0.75, 0.10),
    "designated_unit": (0.25, 0.55, 0.20),
    "armed_forces_unit": (0.2, 0.6, 0.2),
    "line_department": (0.3, 0.0, 0.7),
    "enterprise": (0.8, 0.05, 0.15),
    "social_organisation": (0.8, 0.0, 0.2),
    "democratic_party": (0.8, 0.0, 0.2),
    "citizen": (0.9, 0.0, 0.1),
}
"""How often an offer of each kind of giver is open to all, to paired counties, or to listed places."""


def make_offers(atlas: Atlas, kinds: list[Kind], cast: Cast, chance: Chance, count: int) -> list[tuple[Any, ...]]:
    """So many published offers, in COLUMNS. Every kind occurs when there are enough of them."""
    paired = paired_counties(atlas, cast)
    givers = {kind: _Givers(cast.of_kind(kind), paired, chance) for kind in GIVERS}
    draw = _Draw(atlas, paired, chance, count)
    rows: list[tuple[Any, ...]] = []
    for kind, places in spread_kinds(kinds, chance, count):
        shares = [kind.givers.get(name, 0.0) if givers[name].can_give(kind) else 0.0 for name in GIVERS]
        if not any(shares):
            continue
        of_kind = [GIVERS[at] for at in chance.index(shares, len(places))]
        for at, name, plain in zip(places, of_kind, kind.sizes(chance, len(places)), strict=True):
            giver = givers[name].draw(kind)
            rows.append(draw.row(at, kind, giver, _sized(kind, plain, name)))
    return rows


def _sized(kind: Kind, quantity: Decimal, giver: str) -> Decimal:
    """A size as this kind of giver has it."""
    steps = float(quantity / kind.step) * SIZE_FACTOR.get(giver, OTHERS_FACTOR)
    if giver == "citizen":
        steps = min(steps, kind.median * CITIZENS_MOST / float(kind.step))
    return min(kind.largest, max(kind.smallest, kind.step, kind.step * round(steps)))


class _Givers:
    """Givers of one kind; a few give much more often than most. What stays inside pairings comes from paired ones."""

    def __init__(self, members: Sequence[Member], paired: dict[UUID, list[int]], chance: Chance) -> None:
        self.chance = chance
        often = chance.heavy(len(members), GIVER_SPREAD)
        self.all, self.all_shares = list(members), often
        kept = [at for at, member in enumerate(members) if paired.get(member.id)]
        self.paired = [members[at] for at in kept]
        # A partner of many counties brings more money than a partner of one.
        self.paired_shares = np.array([float(len(paired[members[at].id])) for at in kept])
        self.waiting: dict[bool, list[int]] = {True: [], False: []}

    def can_give(self, kind: Kind) -> bool:
        return bool(self.paired if kind.reach == "pairing" else self.all)

    def draw(self, kind: Kind) -> Member:
        inside = kind.reach == "pairing"
        if not self.waiting[inside]:
            shares = self.paired_shares if inside else self.all_shares
            self.waiting[inside] = self.chance.index(shares, 256)
        return (self.paired if inside else self.all)[self.waiting[inside].pop()]


class _Draw:
    """The columns that do not depend on kind and giver, drawn once for all rows."""

    def __init__(self, atlas: Atlas, paired: dict[UUID, list[int]], chance: Chance, count: int) -> None:
        self.atlas, self.paired = atlas, paired
        days, minutes = chance.whole(1, 140, count), chance.whole(0, 480, count)
        self.moments = [at_work(atlas.today - timedelta(days=d), m) for d, m in zip(days, minutes, strict=True)]
        self.ids = chance.ids(self.moments)
        self.titles = chance.whole(0, 10**6, count)
        self.crops = chance.pick(words.CROPS, count)
        self.industries = chance.pick(words.INDUSTRIES, count)
        self.starts = chance.whole(-60, 30, count)
        self.lasts = chance.whole(90, 260, count)
        self.has_lot = chance.happens(0.25, count)
        self.lots = chance.whole(5, 25, count)
        self.has_receivers = chance.happens(0.3, count)
        self.receivers = chance.whole(1, 6, count)
        self.turns = chance.generator.random(count).tolist()
        self.picks = chance.generator.integers(0, 10**9, (count, 5)).tolist()
        self.how_many = chance.whole(1, 5, count)

    def row(self, at: int, kind: Kind, giver: Member, quantity: Decimal) -> tuple[Any, ...]:
        template = kind.offer_titles[self.titles[at] % len(kind.offer_titles)]
        title = template.format(crop=self.crops[at], industry=self.industries[at], year=self.atlas.today.year)
        skills = self._skills(at, kind)
        first, last = window(self.atlas.today, self.starts[at], self.lasts[at])
        restriction, places = self._restriction(at, kind, giver)
        return (
            self.ids[at],
            giver.id,
            giver.seat.code if giver.seat else None,
            kind.type,
            f"{title}（{'、'.join(skills)}）" if skills else title,
            "模拟数据。",
            quantity,
            quantity,
            kind.unit,
            kind.part(quantity, self.lots[at]) if self.has_lot[at] else None,
            self.receivers[at] if self.has_receivers[at] else None,
            first,
            last,
            skills,
            restriction,
            places,
            "published",
            giver.people[0].id,
            self.moments[at],
        )

    def _skills(self, at: int, kind: Kind) -> list[str]:
        known = words.SKILLS.get(kind.type, ())
        if kind.head != TALENT or not known:
            return []
        chosen = {known[pick % len(known)] for pick in self.picks[at][: self.how_many[at]]}
        return [skill for skill in known if skill in chosen]

    def _restriction(self, at: int, kind: Kind, giver: Member) -> tuple[str, list[str]]:
        if kind.reach == "pairing":
            return "paired", []
        free, paired, _ = RESTRICTIONS[giver.kind]
        if self.turns[at] < free:
            return "none", []
        own = self.paired.get(giver.id) or self.paired.get(giver.parent_id or giver.id)
        if own and self.turns[at] < free + paired:
            return "paired", []
        among = own or self._around(giver)
        chosen = {among[pick % len(among)] for pick in self.picks[at][: self.how_many[at]]}
        return "places", sorted(self.atlas.counties[county].seat.code for county in chosen)

    def _around(self, giver: Member) -> Sequence[int]:
        """The counties that an unpaired giver may have in mind: a department its province's, others any."""
        everywhere = range(len(self.atlas.counties))
        if giver.kind != "line_department" or giver.seat is None:
            return everywhere
        province = giver.seat.province
        return [at for at in everywhere if self.atlas.counties[at].seat.province == province] or everywhere
