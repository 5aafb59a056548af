"""Each kind of delivery as a giver and a county record it: what is promised, at which width, and the ways of both sides."""

from dataclasses import dataclass, field
from typing import Any

from tests.browser.pages import DESKTOP, PHONE
from tests.browser.stage import NECESSITY, WINDOW, Stage

GIVER, COUNTY = "east", "reviewer"


@dataclass(frozen=True)
class Step:
    """One stage as somebody records it: its name, the fields of its dialog, whether the checklist is answered in it."""

    name: str
    fields: dict[str, str] = field(default_factory=dict)
    checks: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of delivery; `shown` is the quantity as a Chinese page writes it.

    `sent` fills in the giver's form; `given` is what the giver records afterwards, `received` what the county does before
    it accepts, `accepted` what the acceptance asks, `after` what follows it.
    """

    name: str
    width: int
    type: str
    title: str
    quantity: dict[str, Any]
    shown: str
    sent: dict[str, str]
    evidence: tuple[tuple[str, str], ...]
    given: tuple[Step, ...] = ()
    received: tuple[Step, ...] = ()
    accepted: dict[str, str] = field(default_factory=dict)
    after: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}-{self.width}"


def _many(value: str, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


KINDS = (
    Kind(
        "money",
        DESKTOP,
        "fiscal_assistance_funds",
        "乐业镇特色产业财政援助资金",
        {"amount_fen": 50_000_000},
        "50万元",
        {"发出情况": "先作计划，逐项登记", "备注": "按年度协作协议安排。"},
        (("下达文件", "下达通知"),),
        given=(
            Step("下达", {"凭证号": "沪合作办〔2019〕41 号", "日期": "2019-05-20"}),
            Step("拨付", {"凭证号": "拨 2019-0528", "日期": "2019-05-28"}),
        ),
        received=(Step("到账", {"凭证号": "收 2019-0530", "日期": "2019-05-30"}),),
        after=(
            Step("支出", {"支出金额": "30", "凭证号": "支 2019-11"}),
            Step("支出", {"支出金额": "20", "凭证号": "支 2019-17"}),
            Step("绩效评价", {"凭证号": "会财评 2019-3", "备注": "绩效目标全部达到。"}),
        ),
    ),
    Kind(
        "goods",
        PHONE,
        "desks",
        "乐业镇中学课桌椅",
        _many("60", "set"),
        "60 套",
        {"凭证号": "沪晨 2019-0601", "备注": "两车，司机电话见运单。"},
        (("到货验收单", "签收单"),),
        received=(Step("到达"), Step("查验", checks=True)),
        accepted={"凭证号": "会教验 2019-21"},
    ),
    Kind(
        "works",
        DESKTOP,
        "drinking_water",
        "乐业镇新河村安全饮水管网",
        _many("4.2", "km"),
        "4.2 公里",
        {"凭证号": "施工日志 2019-05"},
        (("现场照片", "入户通水"), ("检测报告", "水质检测")),
        received=(Step("查验", {"备注": "管线复测 4.2 公里，水质合格。"}, checks=True),),
        accepted={"凭证号": "会水验 2019-8"},
    ),
    Kind(
        "professionals",
        PHONE,
        "teacher",
        "乐业镇中学支教教师",
        _many("3", "person"),
        "3 人",
        {"发出日期": "2019-05-27", "备注": "数学两人、英语一人。"},
        (("证明材料", "教师资格"),),
        received=(Step("到岗", {"日期": "2019-05-30"}),),
        after=(Step("考核", {"备注": "三人均为合格以上。"}, checks=True), Step("期满")),
    ),
    Kind(
        "training",
        PHONE,
        "farmer_skills_training",
        "乐业镇苹果栽培技术培训",
        _many("40", "person_time"),
        "40 人次",
        {"发出日期": "2019-05-20"},
        (("现场照片", "开班"),),
        received=(
            Step("参训", {"实到": "40", "日期": "2019-05-24"}),
            Step("结业", {"结业": "37", "备注": "三人补考。"}, checks=True),
        ),
    ),
    Kind(
        "jobs",
        DESKTOP,
        "jobs_partner_area",
        "乐业镇转移就业岗位",
        _many("10", "person"),
        "10 人",
        {"发出日期": "2019-02-25"},
        (("合同", "劳动合同"),),
        received=(
            Step("上岗", {"到帮扶方所在地就业": "7", "省内就业": "2", "就近就业": "1", "日期": "2019-03-01"}),
            Step("稳定就业", {"稳定就业": "10", "日期": "2019-06-01"}, checks=True),
        ),
    ),
    Kind(
        "purchases",
        PHONE,
        "goods_purchase",
        "乐业镇马铃薯采购",
        {"amount_fen": 80_000_000},
        "80万元",
        {"凭证号": "购销合同 2019-5"},
        (("合同", "购销合同"),),
        received=(Step("付款", {"凭证号": "收款 2019-5"}),),
    ),
    Kind(
        "industry",
        DESKTOP,
        "poverty_workshop",
        "乐业镇扶贫车间",
        _many("2", "workshop"),
        "2 个",
        {"凭证号": "投资协议 2019-2", "发出日期": "2019-04-01"},
        (("现场照片", "车间"),),
        received=(
            Step("投入", {"日期": "2019-04-20"}),
            Step("投产", {"备注": "已正常生产满一个月。"}, checks=True),
        ),
    ),
)


def promise(stage: Stage, kind: Kind) -> tuple[str, str]:
    """A pledge of this kind that both sides signed: the ids of its need and its own."""
    need, pledge = agree(stage, kind)
    text = stage.get(GIVER, f"/pledges/{pledge}")["text_hash"]
    for side in (COUNTY, GIVER):
        stage.act(side, f"/pledges/{pledge}/sign", {"text_hash": text})
    return need, pledge


def agree(stage: Stage, kind: Kind) -> tuple[str, str]:
    """A pledge of this kind that both sides agreed to and nobody signed: the ids of its need and its own."""
    place = stage.get("clerk", "/me/memberships")["items"][0]["place"]["code"]
    draft = {"resource_type": kind.type, "title": kind.title, "quantity": kind.quantity, "window": WINDOW}
    need = stage.create("clerk", "/needs", draft | {"place_code": place, "necessity": NECESSITY})["id"]
    stage.act("clerk", f"/needs/{need}/submit")
    for verb in ("review", "publish"):
        stage.act(COUNTY, f"/needs/{need}/{verb}", {})
    offer = stage.create(GIVER, "/offers", draft | {"restriction": {"kind": "paired"}})["id"]
    stage.act(GIVER, f"/offers/{offer}/publish", {})
    wanted = {"need_id": need, "offer_id": offer, "quantity": kind.quantity}
    proposal = stage.create(GIVER, "/proposals", wanted)["id"]
    stage.act("clerk", f"/proposals/{proposal}/agree")
    return need, stage.get(GIVER, "/pledges", need_id=need)["items"][0]["id"]
