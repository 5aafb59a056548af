"""The demo accounts, and the records that give each of them something to do on the first day."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from server.seed.world import needs, offers
from server.seed.world.atlas import Atlas, Seat, stem
from server.seed.world.cast import Cast, Member, Person
from server.seed.world.chance import Chance, at_work

DEMO_PASSWORD = "jiedui-demo-2019"  # noqa: S105  # printed at every start, no secret
"""The password of every demo account."""

DEMO_COUNTY = "530326"
"""会泽县: on the list until 2020, in 云南省 with which 上海市 is paired, and with many published records of its own."""

DEMO_FIRM_SEAT = "310115"


class DemoAccount(NamedTuple):
    """An account to sign in with; `at` is the participant (county, partner, firm), nothing for a national role."""

    identifier: str
    name_zh: str
    name_en: str
    role_zh: str
    role_en: str
    roles: tuple[str, ...]
    at: str


SIDE = ("administrator", "editor", "signatory")
DEMO_ACCOUNTS = (
    DemoAccount("clerk", "县经办人", "County clerk", "编写需求", "writes needs", ("editor",), "county"),
    DemoAccount(
        "reviewer",
        "县审核人",
        "County reviewer",
        "审核需求、签约、验收",
        "reviews needs, signs, accepts",
        ("administrator", "reviewer", "signatory"),
        "county",
    ),
    DemoAccount("east", "东部干部", "Eastern official", "东部协作方", "the county's eastern partner", SIDE, "partner"),
    DemoAccount("enterprise", "企业代表", "Enterprise", "民营企业", "a private enterprise", SIDE, "firm"),
    DemoAccount("coordinator", "协调员", "Coordinator", "对接测算、看板", "docking runs, board", ("coordinator",), ""),
    DemoAccount("supervisor", "督查员", "Supervisor", "全国监督", "oversees all", ("supervisor",), ""),
    DemoAccount(
        "admin", "平台管理员", "Administrator", "平台管理", "runs the platform", ("platform_administrator",), ""
    ),
)


class NothingToStandOn(Exception):
    """The reference tables lack what a scenario needs; the message says what."""


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: the county, its government, its eastern partner, a firm, and who acts for them."""

    county: Seat
    government: Member
    partner: Member
    firm: Member
    people: dict[str, Person]


def set_stage(atlas: Atlas, cast: Cast, chance: Chance) -> Stage:
    """Choose the demo's county and partner, and add its firm and the demo accounts to the cast."""
    governments = cast.governments()
    code = DEMO_COUNTY if DEMO_COUNTY in governments else next(iter(governments), "")
    giver = next((pair.giver for pair in atlas.east_west if code.startswith(stem(pair.place))), None)
    partner = next((one for one in cast.of_kind("eastern_partner") if one.seat and one.seat.code == giver), None)
    if not code or partner is None:
        raise NothingToStandOn("no poor county with an East-West pair on the business date: run `jiedui load` first")
    verified = at_work(atlas.today - timedelta(days=120), 0)
    own, *ids = chance.ids([verified] * (1 + len(DEMO_ACCOUNTS)))
    places = {"county": governments[code].id, "partner": partner.id, "firm": own}
    people = {
        account.identifier: Person(person, *account[:3], account.roles, places.get(account.at))
        for account, person in zip(DEMO_ACCOUNTS, ids, strict=True)
    }
    name = ("上海晨禾冷链设备（模拟）有限公司", "Chenhe Cold Chain (simulated), Shanghai")
    seat = atlas.places.get(DEMO_FIRM_SEAT, partner.seat)
    firm = Member(own, "enterprise", *name, seat, "verified", verified, people=(people["enterprise"],))
    cast.members.append(firm)
    cast.others += [person for person in people.values() if person.participant_id != firm.id]
    return Stage(atlas.places[code], governments[code], partner, firm, people)


class _Need(NamedTuple):
    status: str
    type: str
    title: str
    quantity: str
    village: str
    days_ago: int
    priority: int = 3
    skills: tuple[str, ...] = ()
    remark: str = ""


NEEDS = (
    _Need("draft", "computers", "石门镇中心小学教学电脑", "60", "柳树湾", 2),
    _Need("draft", "teacher", "青石镇中学支教教师（数学）", "3", "青泉沟", 1, 4, ("数学",)),
    _Need("submitted", "drinking_water", "松家坪村安全饮水工程", "12.5", "松家坪", 4, 5),
    _Need("submitted", "cold_chain_equipment", "柳林乡马铃薯产地冷链设备", "4", "栗花坪", 3, 4),
    _Need("under_review", "village_clinic", "云岭镇村卫生室改（扩）建", "3", "云水塘", 8),
    _Need("returned", "street_lamps", "溪山脚村太阳能路灯", "180", "溪山脚", 9, 2, (), "请补充价格依据。"),
    _Need("published", "village_road", "杨家坪村村组道路硬化", "8.6", "杨家坪", 55, 5),
    _Need("published", "cold_chain_equipment", "金石坎村苹果产地冷链设备", "6", "金石坎", 48, 4),
    _Need("published", "fiscal_assistance_funds", "镇级产业园东西部扶贫协作财政援助资金", "3000000000", "永兴", 60, 4),
    _Need("published", "doctor", "县人民医院支医医生（儿科、影像）", "3", "县城", 45, 5, ("儿科", "影像")),
    _Need("published", "jobs_partner_area", "点对点劳务输出岗位", "260", "县城", 41),
    _Need("published", "goods_purchase", "马铃薯和苹果集中采购", "200000000", "梨泉沟", 38),
)
"""The demo county's own needs: some wait for the clerk or the reviewer, some can be docked. Funds are in fen."""

REVIEWED = ("published", "returned")
SUBMITTED = (*REVIEWED, "submitted", "under_review")


def demo_needs(atlas: Atlas, stage: Stage, units: dict[str, str], chance: Chance) -> list[tuple[Any, ...]]:
    """The demo county's needs, in the columns of `needs.COLUMNS` and a remark; types that are not loaded are left out."""
    moments = [at_work(atlas.today - timedelta(days=need.days_ago), 60) for need in NEEDS]
    rows: list[tuple[Any, ...]] = []
    for need, moment, own in zip(NEEDS, moments, chance.ids(moments), strict=True):
        if need.type not in units:
            continue
        quantity = Decimal(need.quantity)
        row = {
            "id": own,
            "place_id": stage.county.id,
            "county_code": stage.county.code,
            "participant_id": stage.government.id,
            "resource_type_id": need.type,
            "title": need.title,
            "description": "演示数据，由演示账号编写。",
            "quantity": quantity,
            "declared_value": quantity,
            "declared_unit": units[need.type],
            "min_part": None,
            "max_sources": 6,
            "window_from": atlas.today - timedelta(days=20),
            "window_to": needs.window(atlas.today, 0, 200)[1],
            "priority": need.priority,
            "skills": list(need.skills),
            "households": 126,
            "persons": 438,
            "villages": [f"{need.village}村"],
            "necessity": "村民代表会议提出，镇审核公示无异议；价格依据为上年度政府采购中标价。",
            "status": need.status,
            "written_by": stage.people["clerk"].id,
            "reviewed_by": stage.people["reviewer"].id if need.status in REVIEWED else None,
            "submitted_at": moment - timedelta(days=2) if need.status in SUBMITTED else None,
            "decided_at": moment if need.status in REVIEWED else None,
            "published_at": moment if need.status == "published" else None,
        }
        rows.append((*(row[name] for name in needs.COLUMNS), need.remark))
    return rows


class _Offer(NamedTuple):
    by: str
    type: str
    title: str
    quantity: str
    restriction: str
    min_lot: str | None = None
    skills: tuple[str, ...] = ()
    status: str = "published"


OFFERS = (
    _Offer("east", "fiscal_assistance_funds", "年度东西部扶贫协作财政援助资金（沪滇）", "8000000000", "paired"),
    _Offer("east", "doctor", "三甲医院专家支医", "12", "paired", None, ("内科", "儿科", "影像")),
    _Offer("east", "village_road", "通组道路援建里程", "30", "paired", "1"),
    _Offer("east", "teacher", "骨干教师支教", "20", "paired", None, ("数学", "英语"), "draft"),
    _Offer("enterprise", "cold_chain_equipment", "产地冷链设备捐赠", "10", "places", "2"),
    _Offer("enterprise", "goods_purchase", "食堂定向采购农产品", "300000000", "none", "10000000"),
    _Offer("enterprise", "jobs_partner_area", "冷链仓储用工岗位", "80", "none", None, (), "draft"),
)
"""What the demo's eastern partner and firm offer: it fits what the demo county asks for. Funds are in fen."""


def demo_offers(atlas: Atlas, stage: Stage, units: dict[str, str], chance: Chance) -> list[tuple[Any, ...]]:
    """The demo givers' offers, in the columns of `offers.COLUMNS`."""
    givers = {"east": stage.partner, "enterprise": stage.firm}
    moments = [at_work(atlas.today - timedelta(days=30 - at), 90) for at in range(len(OFFERS))]
    rows: list[tuple[Any, ...]] = []
    for offer, moment, own in zip(OFFERS, moments, chance.ids(moments), strict=True):
        if offer.type not in units:
            continue
        giver, quantity = givers[offer.by], Decimal(offer.quantity)
        row = {
            "id": own,
            "participant_id": giver.id,
            "giver_code": giver.seat.code if giver.seat else None,
            "resource_type_id": offer.type,
            "title": offer.title,
            "description": "演示数据，由演示账号编写。",
            "quantity": quantity,
            "declared_value": quantity,
            "declared_unit": units[offer.type],
            "min_lot": Decimal(offer.min_lot) if offer.min_lot else None,
            "max_receivers": None,
            "window_from": atlas.today - timedelta(days=30),
            "window_to": needs.window(atlas.today, 0, 210)[1],
            "skills": list(offer.skills),
            "restriction": offer.restriction,
            "place_codes": [stage.county.code] if offer.restriction == "places" else [],
            "status": offer.status,
            "written_by": stage.people[offer.by].id,
            "published_at": moment if offer.status == "published" else None,
        }
        rows.append(tuple(row[name] for name in offers.COLUMNS))
    return rows


def demo_ids(stage: Stage) -> set[UUID]:
    """The users that can sign in with the demo password."""
    return {person.id for person in stage.people.values()}
