"""The demo county's projects: one in each part of the way through its library, with sources and gaps."""

from datetime import timedelta
from typing import Any, NamedTuple

import orjson

from server.seed.demo import Stage
from server.seed.world.atlas import Atlas
from server.seed.world.chance import Chance, at_work

WAN = 10_000_00
"""万元 in fen."""

COLUMNS = (
    *("id", "created_at", "place_id", "county_code", "county_codes", "participant_id", "title", "head", "nature"),
    *("villages", "window_from", "window_to", "responsible_unit", "responsible_post", "description", "tasks"),
    *("cost_fen", "subsidy_standard", "households", "persons", "performance_target", "participation", "status"),
    *("plan_year", "notice_from", "notice_to", "notice_at", "entered_on", "started_on", "completed_on", "written_by"),
)
SOURCE_COLUMNS = ("id", "project_id", "kind", "name", "amount_fen")


class _Project(NamedTuple):
    status: str
    head: str
    title: str
    unit: str
    cost: int
    """万元."""
    sources: tuple[tuple[str, str, int], ...]
    target: str
    tasks: tuple[str, ...]
    days_ago: int
    nature: str = "new"


PROJECTS = (
    _Project(
        "proposal",
        "education",
        "青石镇中学学生食堂改扩建",
        "县教育体育局",
        260,
        (("county", "县级教育资金", 60),),
        "新增就餐位 400 个，寄宿学生全部在校就餐",
        ("食堂主体加固", "厨房设备"),
        2,
        "rebuilt",
    ),
    _Project(
        "notice",
        "works",
        "松家坪村安全饮水巩固提升工程",
        "县水务局",
        180,
        (("central", "中央财政专项扶贫资金", 90),),
        "12.5 公里管网，186 户 742 人饮水达标",
        ("取水口", "输水管网", "入户水表"),
        4,
    ),
    _Project(
        "review",
        "health",
        "云岭镇三个村卫生室改（扩）建",
        "县卫生健康局",
        96,
        (("provincial", "省级财政专项扶贫资金", 60),),
        "3 个村卫生室达标，配齐合格村医",
        ("土建", "设备购置"),
        24,
        "rebuilt",
    ),
    _Project(
        "library",
        "industry",
        "大桥乡苹果产地冷藏库",
        "县农业农村局",
        820,
        (("central", "中央财政专项扶贫资金", 300), ("loan", "产业扶贫贷款", 120)),
        "新增冷藏能力 2,000 吨，带动 320 户",
        ("库体", "制冷设备", "三相电接入"),
        70,
    ),
    _Project(
        "library",
        "works",
        "杨家坪村村组道路硬化",
        "县交通运输局",
        430,
        (("prefecture", "市级配套资金", 100),),
        "硬化村组道路 8.6 公里，惠及 126 户",
        ("路基", "路面", "排水沟"),
        82,
    ),
    _Project(
        "planned",
        "consumption",
        "马铃薯产地初加工和电商服务点",
        "县商务局",
        300,
        (("east_west", "东西部扶贫协作资金", 200), ("own", "合作社自筹", 40)),
        "年加工 3,000 吨，户均增收 1,500 元",
        ("分拣线", "电商服务点"),
        120,
    ),
    _Project(
        "implementing",
        "works",
        "易地搬迁安置点配套道路和管网",
        "县发展改革局",
        1260,
        (("central", "中央预算内投资", 800), ("county", "县级配套资金", 160), ("social", "定向捐赠", 100)),
        "安置点 412 户通路通水",
        ("道路", "供排水管网", "照明"),
        150,
        "continued",
    ),
    _Project(
        "completed",
        "training",
        "农村劳动力技能实训基地",
        "县人力资源和社会保障局",
        210,
        (("east_west", "东西部扶贫协作资金", 150), ("county", "县级配套资金", 60)),
        "年培训 1,200 人次，取证率 80%",
        ("实训场地", "实训设备"),
        210,
    ),
)
"""Sums are in 万元."""

ENTERED = ("library", "planned", "implementing", "completed")
PLANNED = ("planned", "implementing", "completed")


def demo_projects(atlas: Atlas, stage: Stage, chance: Chance) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The demo county's projects and their sources, in the columns of COLUMNS and SOURCE_COLUMNS."""
    moments = [at_work(atlas.today - timedelta(days=project.days_ago), 60) for project in PROJECTS]
    rows: list[tuple[Any, ...]] = []
    sources: list[tuple[Any, ...]] = []
    for project, moment, own in zip(PROJECTS, moments, chance.ids(moments), strict=True):
        row = _dated(atlas, project) | {
            "id": own,
            "created_at": moment,
            "place_id": stage.county.id,
            "county_code": stage.county.code,
            "county_codes": [stage.county.code],
            "participant_id": stage.government.id,
            "title": project.title,
            "head": project.head,
            "nature": project.nature,
            "villages": [],
            "responsible_unit": project.unit,
            "responsible_post": "项目股股长",
            "description": "演示数据，由演示账号编写。",
            "tasks": orjson.dumps([{"title": task, "villages": [], "detail": ""} for task in project.tasks]).decode(),
            "cost_fen": project.cost * WAN,
            "subsidy_standard": "",
            "households": 126,
            "persons": 438,
            "performance_target": project.target,
            "participation": "优先聘用建档立卡贫困劳动力，收益分配经村民代表会议议定。",
            "status": project.status,
            "written_by": stage.people["clerk"].id,
        }
        rows.append(tuple(row[name] for name in COLUMNS))
        ids = chance.ids([moment] * len(project.sources))
        sources += [
            (source, own, kind, name, amount * WAN)
            for source, (kind, name, amount) in zip(ids, project.sources, strict=True)
        ]
    return rows, sources


def _dated(atlas: Atlas, project: _Project) -> dict[str, Any]:
    """Days that follow from where a project stands and since when."""
    begun = atlas.today - timedelta(days=project.days_ago)
    noticed = project.status != "proposal"
    entered = begun + timedelta(days=14) if project.status in ENTERED else None
    started = begun + timedelta(days=40) if project.status in ("implementing", "completed") else None
    return {
        "window_from": begun.replace(month=1, day=1),
        "window_to": atlas.today + timedelta(days=300),
        "plan_year": atlas.today.year if project.status in PLANNED else None,
        "notice_from": begun if noticed else None,
        "notice_to": begun + timedelta(days=9) if noticed else None,
        "notice_at": "村、乡镇公示栏和县政府网站" if noticed else "",
        "entered_on": entered,
        "started_on": started,
        "completed_on": atlas.today - timedelta(days=20) if project.status == "completed" else None,
    }
