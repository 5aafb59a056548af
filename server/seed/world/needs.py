"""What counties ask for: the columns of table `need`, drawn whole."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from server.seed.world import words
from server.seed.world.atlas import Atlas
from server.seed.world.cast import Member
from server.seed.world.chance import Chance, Floats, at_work
from server.seed.world.kinds import Kind

COLUMNS = (
    *("id", "place_id", "county_code", "participant_id", "resource_type_id", "title", "description", "quantity"),
    *("declared_value", "declared_unit", "min_part", "max_sources", "window_from", "window_to", "priority", "skills"),
    *("households", "persons", "villages", "necessity", "status", "written_by", "reviewed_by", "submitted_at"),
    *("decided_at", "published_at"),
)

POOR_WEIGHS = 3.0
"""How many times more a county asks that is still on the list."""

COUNTY_SPREAD = 0.8
TALENT = "talent"


def county_weights(atlas: Atlas, chance: Chance) -> Floats:
    """How much each county asks: a few ask for far more than most."""
    base = np.array([POOR_WEIGHS if atlas.is_poor(county) else 1.0 for county in atlas.counties])
    return base * chance.heavy(len(base), COUNTY_SPREAD)


def make_needs(
    atlas: Atlas, kinds: list[Kind], governments: dict[str, Member], chance: Chance, count: int
) -> list[tuple[Any, ...]]:
    """So many published needs, in COLUMNS. Every kind occurs when there are enough of them."""
    counties = chance.index(county_weights(atlas, chance), count)
    draw = _Draw(atlas, chance, count)
    rows: list[tuple[Any, ...]] = []
    for kind, places in spread_kinds(kinds, chance, count):
        sizes = kind.sizes(chance, len(places))
        for at, quantity in zip(places, sizes, strict=True):
            rows.append(draw.row(at, kind, quantity, counties[at], governments))
    return rows


def spread_kinds(kinds: list[Kind], chance: Chance, count: int) -> list[tuple[Kind, list[int]]]:
    """Which of `count` rows are of which kind: each kind once as far as it goes, the rest by weight."""
    once = min(len(kinds), count)
    drawn = [*range(once), *chance.index([kind.weight for kind in kinds], count - once)]
    places: list[list[int]] = [[] for _ in kinds]
    for at, kind in enumerate(drawn):
        places[kind].append(at)
    return [(kind, found) for kind, found in zip(kinds, places, strict=True) if found]


class _Draw:
    """The columns that do not depend on the kind, drawn once for all rows."""

    def __init__(self, atlas: Atlas, chance: Chance, count: int) -> None:
        self.atlas = atlas
        self.published = _published_days(atlas.today, chance, count)
        self.minutes = chance.whole(0, 480, count)
        moments = [at_work(day, minute) for day, minute in zip(self.published, self.minutes, strict=True)]
        self.moments, self.ids = moments, chance.ids(moments)
        self.titles = chance.whole(0, 10**6, count)
        self.villages = village_names(chance, count)
        self.towns = town_names(chance, count)
        self.crops = chance.pick(words.CROPS, count)
        self.priority = [1 + at for at in chance.index((1, 2, 4, 2, 1), count)]
        self.starts = chance.whole(-30, 75, count)
        self.lasts = chance.whole(60, 210, count)
        self.households = [max(3, round(size * 45)) for size in chance.heavy(count, 1.0).tolist()]
        self.per_household = chance.whole(28, 45, count)
        self.has_part = chance.happens(0.15, count)
        self.parts = chance.whole(5, 30, count)
        self.few_sources = chance.happens(0.25, count)
        self.sources = chance.whole(1, 3, count)
        self.skills = chance.whole(0, 10**6, count)
        self.unskilled = chance.happens(0.35, count)

    def row(
        self, at: int, kind: Kind, quantity: Decimal, county_at: int, governments: dict[str, Member]
    ) -> tuple[Any, ...]:
        seat = self.atlas.counties[county_at].seat
        government = governments[seat.code]
        named = {
            "village": self.villages[at],
            "town": self.towns[at],
            "county": seat.name_zh,
            "crop": self.crops[at],
            "year": self.atlas.today.year,
        }
        template = kind.need_titles[self.titles[at] % len(kind.need_titles)]
        in_village = "{village}" in template
        reasons = words.VILLAGE_NECESSITY if in_village else words.COUNTY_NECESSITY
        first, last = window(self.atlas.today, self.starts[at], self.lasts[at])
        writer, reviewer = (person.id for person in government.people[:2])
        moment = self.moments[at]
        return (
            self.ids[at],
            seat.id,
            seat.code,
            government.id,
            kind.type,
            template.format(**named),
            "模拟数据。",
            quantity,
            quantity,
            kind.unit,
            kind.part(quantity, self.parts[at]) if self.has_part[at] else None,
            self.sources[at] if self.few_sources[at] else 6,
            first,
            last,
            self.priority[at],
            self._skills(at, kind),
            self.households[at],
            self.households[at] * self.per_household[at] // 10,
            [self.villages[at] + "村"] if in_village else [],
            reasons[self.titles[at] // 7 % len(reasons)].format(**named),
            "published",
            writer,
            reviewer,
            moment - timedelta(days=6),
            moment,
            moment,
        )

    def _skills(self, at: int, kind: Kind) -> list[str]:
        known = words.SKILLS.get(kind.type, ())
        if kind.head != TALENT or not known or self.unskilled[at]:
            return []
        return [known[self.skills[at] % len(known)]]


def _published_days(today: date, chance: Chance, count: int) -> list[date]:
    """Mostly months ago, some in the last weeks, when a need is still kept for its own pair."""
    recent = chance.happens(0.15, count)
    old, new = chance.whole(31, 140, count), chance.whole(1, 30, count)
    return [today - timedelta(days=new[at] if recent[at] else old[at]) for at in range(count)]


def window(today: date, start: int, last: int) -> tuple[date, date]:
    """A window that is open today or soon, cut to the end of the year where that leaves a month at least."""
    first = today + timedelta(days=start)
    end = max(first, today) + timedelta(days=last)
    year_end = date(today.year, 12, 31)
    return first, min(end, year_end) if (year_end - max(first, today)).days >= 30 else end


def village_names(chance: Chance, count: int) -> list[str]:
    """Made-up villages, without 村."""
    firsts, lasts = chance.pick(words.VILLAGE_FIRST, count), chance.pick(words.VILLAGE_LAST, count)
    return [first + last for first, last in zip(firsts, lasts, strict=True)]


def town_names(chance: Chance, count: int) -> list[str]:
    """Made-up towns."""
    firsts, lasts = chance.pick(words.TOWN_FIRST, count), chance.pick(words.TOWN_LAST, count)
    return [first + last for first, last in zip(firsts, lasts, strict=True)]
