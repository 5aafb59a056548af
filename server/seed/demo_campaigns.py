"""A campaign that is open in the demo: the firm may join it, and its link can be tried without an account."""

from datetime import timedelta
from typing import Any, NamedTuple

from server.seed.demo import Stage
from server.seed.world.atlas import Atlas
from server.seed.world.cast import Cast
from server.seed.world.chance import Chance, at_work

COLUMNS = (
    *("id", "created_at", "organiser_id", "host_id", "county_code", "charity_id", "title", "description", "conditions"),
    *(
        "villages",
        "window_from",
        "window_to",
        "status",
        "consented_on",
        "consented_by",
        "opened_on",
        "remark",
        "written_by",
    ),
)
AIM_COLUMNS = ("id", "campaign_id", "resource_type_id", "quantity")


class _Campaign(NamedTuple):
    status: str
    title: str
    description: str
    conditions: str
    villages: tuple[str, ...]
    aims: tuple[tuple[str, int], ...]
    days_ago: int
    days: int


CAMPAIGNS = (
    _Campaign(
        "open",
        "苹果马铃薯冷链帮扶行动",
        "为县里的苹果和马铃薯产地配齐冷链设备，请企业认捐。演示数据。",
        "新设备或使用不满两年的设备；运到乡镇，由县里验收。",
        ("金石坎村", "梨泉沟村"),
        (("cold_chain_equipment", 10), ("village_road", 12)),
        20,
        120,
    ),
    _Campaign(
        "consent_asked",
        "爱心课桌椅行动",
        "为乡镇中心小学更换课桌椅。演示数据。",
        "全新课桌椅，成套。",
        ("青泉沟村",),
        (("desks", 600),),
        5,
        90,
    ),
    _Campaign(
        "draft",
        "暖冬医疗设备行动",
        "为乡镇卫生院添置检查设备。演示数据。",
        "",
        (),
        (("medical_equipment", 30),),
        1,
        150,
    ),
)


def demo_campaigns(
    atlas: Atlas, cast: Cast, stage: Stage, chance: Chance
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Campaigns for the demo's county and their aims, in the columns of COLUMNS and AIM_COLUMNS."""
    organiser = cast.of_kind("social_organisation")[0]
    moments = [at_work(atlas.today - timedelta(days=campaign.days_ago), 30) for campaign in CAMPAIGNS]
    rows: list[tuple[Any, ...]] = []
    aims: list[tuple[Any, ...]] = []
    for campaign, moment, own in zip(CAMPAIGNS, moments, chance.ids(moments), strict=True):
        begun = atlas.today - timedelta(days=campaign.days_ago)
        opened = campaign.status == "open"
        row = {
            "id": own,
            "created_at": moment,
            "organiser_id": organiser.id,
            "host_id": stage.government.id,
            "county_code": stage.county.code,
            "charity_id": None,
            "title": campaign.title,
            "description": campaign.description,
            "conditions": campaign.conditions,
            "villages": list(campaign.villages),
            "window_from": begun,
            "window_to": begun + timedelta(days=campaign.days),
            "status": campaign.status,
            "consented_on": begun + timedelta(days=3) if opened else None,
            "consented_by": stage.people["reviewer"].id if opened else None,
            "opened_on": begun + timedelta(days=4) if opened else None,
            "remark": "",
            "written_by": organiser.people[0].id,
        }
        rows.append(tuple(row[name] for name in COLUMNS))
        ids = chance.ids([moment] * len(campaign.aims))
        aims += [(aim, own, code, quantity) for aim, (code, quantity) in zip(ids, campaign.aims, strict=True)]
    return rows, aims
