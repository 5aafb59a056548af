"""A small market in which every rule bites now and then, and the stream entries that tell a worker of changes."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from server.docking.service import set_cool_down
from server.kit import clock
from server.needs.models import Need
from server.offers.models import Offer
from server.participants.models import Participant
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EAST, OTHER_COUNTY, PREFECTURE
from tests.support.database import within

SKILLS = ("数学", "英语", "物理")


@dataclass(frozen=True)
class Market:
    """Everything that was made."""

    counties: dict[str, Participant]
    givers: list[Participant]
    needs: list[Need]
    offers: list[Offer]


async def make_market(seed: int, size: int = 12) -> Market:
    """`size` needs of two counties and as many offers of three givers, two types; the same for the same seed."""
    chance = Random(seed)  # noqa: S311  # a test's market keeps no secret
    counties = {code: await make_county_government(code) for code in (COUNTY, OTHER_COUNTY)}
    givers = [await make_participant(), await make_eastern_partner(EAST), await make_participant(place_code="330100")]
    await make_pairing(PREFECTURE, giver_place_code=EAST)
    await make_pairing(OTHER_COUNTY, giver_id=givers[2].id)

    def window() -> dict[str, Any]:
        first = date(2019, 5, 1) + timedelta(days=chance.randrange(120))
        return {"window_from": first, "window_to": max(clock.today(), first + timedelta(days=chance.randrange(3, 200)))}

    needs, offers = [], []
    for number in range(size):
        talent = chance.random() < 0.4
        code = chance.choice(sorted(counties))
        skills = chance.sample(SKILLS, chance.randrange(3)) if talent else []
        common: dict[str, Any] = {"resource_type": "teacher" if talent else "village_road", "skills": skills}
        published = clock.now() - timedelta(days=chance.randrange(40))
        needs.append(
            await make_need(
                counties[code],
                place_code=code,
                title=f"需求{number}",
                quantity=chance.randrange(5, 30),
                min_part=chance.choice((None, 2, 5)),
                priority=chance.randrange(1, 6),
                published_at=published,
                **common,
                **window(),
            )
        )
        restriction = chance.choice(("none", "none", "paired", "places"))
        talent = chance.random() < 0.4
        offers.append(
            await make_offer(
                chance.choice(givers),
                title=f"供给{number}",
                resource_type="teacher" if talent else "village_road",
                skills=chance.sample(SKILLS, chance.randrange(4)) if talent else [],
                quantity=chance.randrange(8, 30),
                min_lot=chance.choice((None, 3, 8)),
                restriction=restriction,
                place_codes=[COUNTY] if restriction == "places" else [],
                **window(),
            )
        )
    until = clock.now() + timedelta(days=30)
    for need, offer in zip(needs[::4], offers[1::4], strict=False):
        await within(lambda uow, n=need.id, o=offer.id: set_cool_down(uow, n, o, "too_far", until))
    return Market(counties, givers, needs, offers)


async def told(kind: str, subject_id: UUID) -> None:
    """The stream tells of something, as the relay numbers it after a commit."""
    await within(
        lambda uow: uow.fetch(
            "INSERT INTO stream_entry (seq, kind, subject_kind, subject_id)"
            " SELECT coalesce(max(seq), 0) + 1, $1, $2, $3 FROM stream_entry RETURNING seq",
            kind,
            kind.split(".", maxsplit=1)[0],
            subject_id,
        )
    )
