"""The demo pairing's yearly agreements, of last year and of this one, signed by both sides' demo accounts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from server.agreements.rules import Target, Terms
from server.agreements.text import Facts, write
from server.kit import signing
from server.kit.shapes import Name
from server.seed.demo import Stage
from server.seed.world.atlas import Atlas, stem
from server.seed.world.chance import Chance, at_work

COLUMNS = (
    *("id", "created_at", "pairing_id", "county_id", "giver_id", "county_code", "year", "status", "effective_at"),
    "written_by",
)
VERSION_COLUMNS = (
    *("id", "agreement_id", "revision", "status", "window_from", "window_to", "targets", "terms", "text_zh", "text_en"),
    *("text_hash", "by_side", "user_id", "at"),
)
SIGNATURE_COLUMNS = ("id", "agreement_id", "revision", "side", "user_id", "text_hash", "at")
TERMS = "财政援助资金于六月底前全部下达；干部互访每季度至少一次；年底前双方共同核对台账。"


class _Wish(NamedTuple):
    type: str | None
    head: str
    title: str
    last: str
    this: str
    unit: str = ""
    counted_by: str | None = None


WISHES = (
    _Wish("fiscal_assistance_funds", "funds", "", "2400000000", "3000000000"),
    _Wish("village_road", "works", "通组道路", "6", "8.6"),
    _Wish("doctor", "talent", "支医", "2", "3"),
    _Wish("jobs_partner_area", "labour", "点对点输出", "220", "260"),
    _Wish("goods_purchase", "consumption", "马铃薯和苹果", "150000000", "200000000"),
    _Wish(None, "talent", "", "2", "4", "session", "leader_meetings"),
)
"""Targets of last year and of this; money is in fen."""


class Agreements(NamedTuple):
    """Rows of three tables."""

    agreements: list[tuple[Any, ...]]
    versions: list[tuple[Any, ...]]
    signatures: list[tuple[Any, ...]]


def demo_agreements(
    atlas: Atlas, stage: Stage, units: dict[str, str], names: dict[str, Name], chance: Chance
) -> Agreements:
    """What the demo county and its eastern partner agreed, in the columns of the three tables."""
    made = Agreements([], [], [])
    pairing = next(pair for pair in atlas.east_west if stage.county.code.startswith(stem(pair.place)))
    for year in (atlas.today.year - 1, atlas.today.year):
        at = at_work(date(year, 2, 20) if date(year, 2, 22) < atlas.today else atlas.today - timedelta(days=2), 30)
        said = Terms(date(year, 1, 1), date(year, 12, 31), _targets(units, this_year=year == atlas.today.year), TERMS)
        _agree(made, stage, pairing.id, year, said, at, names, chance)
    return made


def _targets(units: dict[str, str], *, this_year: bool) -> tuple[Target, ...]:
    return tuple(
        Target(wish.head, wish.type, wish.title, Decimal(wish.this if this_year else wish.last), unit, wish.counted_by)
        for wish in WISHES
        if (unit := wish.unit or units.get(wish.type or "", ""))
    )


def _agree(
    made: Agreements,
    stage: Stage,
    pairing: UUID,
    year: int,
    said: Terms,
    at: datetime,
    names: dict[str, Name],
    chance: Chance,
) -> None:
    own, version, *signatures = chance.ids([at] * 4)
    facts = Facts(year, _name(stage.partner), _name(stage.government), _name(stage.county), names, said, 1)
    zh, en = write(facts)
    text_hash = signing.text_hash(zh, en)
    east = stage.people["east"].id
    later = at + timedelta(days=1)
    parties = (pairing, stage.government.id, stage.partner.id, stage.county.code)
    made.agreements.append((own, at, *parties, year, "effective", later, east))
    targets = orjson.dumps([{**vars(each), "value": str(each.value)} for each in said.targets]).decode()
    days = (said.first, said.last)
    made.versions.append(
        (version, own, 1, "standing", *days, targets, said.terms, zh, en, text_hash, "giver", east, at)
    )
    signers = (("giver", east, at), ("county", stage.people["reviewer"].id, later))
    made.signatures.extend(
        (each, own, 1, side, person, text_hash, when)
        for each, (side, person, when) in zip(signatures, signers, strict=True)
    )


def _name(named: Any) -> Name:
    return Name(zh=named.name_zh, en=named.name_en)
