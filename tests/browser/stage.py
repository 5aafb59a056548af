"""The records that a visit to every page needs: a run and, from its suggestions, negotiations, pledges and deliveries.

All of it is done through the interface by the demo accounts, in Chinese as they would.
"""

import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2

from tests.browser.paperwork import RUN_SECONDS
from tests.local.running import on_a_quiet_machine
from tests.support.live import Live, verb

WINDOW = {"from": "2019-07-01", "to": "2019-12-20"}
NECESSITY = "村民代表会议提出，镇审核公示无异议；价格依据为上年度政府采购中标价。"


class Wish(NamedTuple):
    """A need of the demo county, the offer that meets it, and on which terms."""

    resource_type: str
    unit: str
    need: str
    offer: str
    terms: str = ""


EQUIPMENT = Wish(
    "cold_chain_equipment",
    "set",
    "大桥乡苹果产地冷藏库设备",
    "果蔬预冷和冷藏设备捐赠",
    "设备由捐赠方负责运输、安装和调试，村集体负责场地平整和三相电接入；质保期两年。",
)
ROAD = Wish(
    "village_road",
    "km",
    "野马村通组道路硬化",
    "通组道路援建",
    "路面宽四米五，水泥混凝土厚二十厘米；由援建方委托当地有资质的单位施工，用工优先聘用脱贫户。",
)
DOCTOR = Wish("doctor", "person", "县中医院支医医生（康复、针灸）", "三甲医院支医专家")

COUNTER = "运输由捐赠方承担，安装由县里统一组织；请在八月底前到货，赶上苹果采收。"
MESSAGE = "八月二十日前可以发货，请县里确认冷库的场地和用电容量。"


@dataclass
class Stage:
    """A running Jiedui with something on every page; `records` gives a record's id by what it is there for."""

    live: Live
    records: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx2.Client] = field(default_factory=dict)

    def client(self, who: str) -> httpx2.Client:
        """The client of a demo account, signed in once."""
        if who not in self.clients:
            self.clients[who] = self.live.client(who)
        return self.clients[who]

    def get(self, who: str, path: str, **query: Any) -> Any:
        """What the interface answers."""
        return _done(self.client(who).get(path, params=query))

    def act(self, who: str, path: str, body: Any = None) -> Any:
        """A verb on a record as it stands."""
        return _done(verb(self.client(who), path, body))

    def create(self, who: str, path: str, body: Any) -> Any:
        """A new record."""
        return _done(self.client(who).post(path, json=body))


def set_stage(live: Live) -> Stage:
    """Make the records and find those that the scenario has."""
    stage = Stage(live)
    run = _finished_run(stage)
    suggestion = stage.get("coordinator", f"/docking-runs/{run}/suggestions", limit=1)["items"][0]
    stage.records |= {"run": run, "suggestion": suggestion["id"]}
    _find(stage)
    _met(stage)
    _sent(stage)
    _negotiate(stage)
    _deliver(stage)
    _invite(stage)
    _bring_sheets(stage)
    stage.records["pledge unsigned"] = _agree(stage, "east", DOCTOR, asked="3", given="2")["id"]
    return stage


SHEET = """2019年需求清单,,,,,,,,
编号,资源类型,项目名称,数量,单位,开始日期,截止日期,必要性,受益户数
XQ-01,村组道路硬化,野马村至白坪组道路硬化,2.6,公里,2019年7月1日,2019-12-20,村民代表会议提出,64
XQ-02,太阳能路灯,大桥乡集镇路灯,一百二十,盏,2019-07-01,2019年12月,乡政府提出,310
XQ-03,农村电脑,中心小学电脑教室,45台,,2019-07-01,2019-11-30,学校提出,
小计,,,,,,,,374
XQ-04,安全饮水管网,白坪组饮水管网,4.2,公里,2019-07-01,2019-06-20,村委会提出,57
"""
SHEET_OF_PROJECTS = """类别,项目名称,实施地点,建设期限,概算投资（万元）,资金来源,绩效目标
基础设施,三组产业路,青树村,2019年6月1日至2019年12月31日,五十万,东西部协作资金,硬化 3 公里
产业发展,茶园提升,红岩村,2019-06-01至2019-11-30,30,东西部协作资金20万元、县级资金10万元,茶园 200 亩
"""
SHEET_OF_PLEDGES = """项目名称,承诺数量,已到位
没有登记的认捐,10,5
"""
SHEET_OF_DELIVERIES = """项目名称,发货数量,发货日期,运单号
没有登记的认捐,10,2019年6月1日,V-1
"""
SHEET_OF_OFFERS = """编号,资源类型,资源名称,数量,单位,开始日期,截止日期
ZY-01,太阳能路灯,路灯捐赠,200,盏,2019-07-01,2019-12-20
ZY-02,图书,图书捐赠,约五千,册,2019-07-01,2019-12-20
"""


def _bring_sheets(stage: Stage) -> None:
    """A sheet of every kind, checked, with rows to be mended."""
    for who, kind, text, name in (
        ("clerk", "needs", SHEET, "sheet"),
        ("enterprise", "offers", SHEET_OF_OFFERS, "sheet of offers"),
        ("clerk", "projects", SHEET_OF_PROJECTS, "sheet of projects"),
        ("clerk", "pledges", SHEET_OF_PLEDGES, "sheet of pledges"),
        ("east", "deliveries", SHEET_OF_DELIVERIES, "sheet of deliveries"),
    ):
        query = {"kind": kind, "file_name": "2019年清单.csv"}
        sent = stage.client(who).post(
            "/imports", params=query, content=text.encode("gbk"), headers={"Content-Type": "text/csv"}
        )
        sheet = _done(sent)
        stage.act(who, f"/imports/{sheet['id']}/check", {"mapping": sheet["mapping"]})
        until = time.monotonic() + on_a_quiet_machine(RUN_SECONDS)
        while (sheet := stage.get(who, f"/imports/{sheet['id']}"))["busy"]:
            assert time.monotonic() < until, sheet
            time.sleep(0.2)
        assert sheet["rows"]["bad"] > 0, sheet
        stage.records[name] = sheet["id"]


def _done(reply: httpx2.Response) -> Any:
    assert reply.is_success, f"{reply.request.method} {reply.request.url}: {reply.text}"
    return reply.json()


def _finished_run(stage: Stage) -> str:
    run = stage.create("coordinator", "/docking-runs", {})
    until = time.monotonic() + on_a_quiet_machine(RUN_SECONDS)
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < until, run
        time.sleep(0.2)
        run = stage.get("coordinator", f"/docking-runs/{run['id']}")
    assert run["status"] == "done", run
    return run["id"]


def _propose(stage: Stage, giver: str, wish: Wish, asked: str, given: str) -> Any:
    """A need and an offer are published, and the giver proposes to give so much of what is asked."""
    need = _publish_need(stage, wish, asked)
    offer = _publish_offer(stage, giver, wish, asked)
    quantity = {"value": given, "unit": wish.unit}
    wanted = {"need_id": need, "offer_id": offer, "quantity": quantity, "terms": wish.terms}
    return stage.create(giver, "/proposals", wanted)


def _publish_need(stage: Stage, wish: Wish, quantity: str) -> str:
    place = stage.get("clerk", "/me/memberships")["items"][0]["place"]["code"]
    draft = _draft(wish, wish.need, quantity) | {"place_code": place, "necessity": NECESSITY, "villages": ["野马村"]}
    draft |= {"beneficiaries": {"households": 126, "persons": 438}, "priority": 4}
    need = stage.create("clerk", "/needs", draft)["id"]
    stage.act("clerk", f"/needs/{need}/submit")
    stage.act("reviewer", f"/needs/{need}/review", {})
    stage.act("reviewer", f"/needs/{need}/publish", {})
    return need


def _publish_offer(stage: Stage, giver: str, wish: Wish, quantity: str) -> str:
    offer = stage.create(giver, "/offers", _draft(wish, wish.offer, quantity))["id"]
    stage.act(giver, f"/offers/{offer}/publish", {})
    return offer


def _draft(wish: Wish, title: str, quantity: str) -> dict[str, Any]:
    amount = {"value": quantity, "unit": wish.unit}
    return {"resource_type": wish.resource_type, "title": title, "quantity": amount, "window": WINDOW}


def _negotiate(stage: Stage) -> None:
    """A proposal with an answer and a message, waiting for the giver."""
    proposal = _propose(stage, "enterprise", EQUIPMENT, asked="6", given="4")
    stage.act("clerk", f"/proposals/{proposal['id']}/counter", {"terms": COUNTER})
    stage.create("enterprise", f"/proposals/{proposal['id']}/messages", {"text": MESSAGE})
    stage.records |= {"proposal": proposal["id"], "participant": proposal["giver"]["id"], "offer": proposal["offer_id"]}


def _agree(stage: Stage, giver: str, wish: Wish, asked: str, given: str) -> Any:
    """A pledge that awaits its signatures."""
    proposal = _propose(stage, giver, wish, asked, given)
    stage.act("clerk", f"/proposals/{proposal['id']}/agree")
    return stage.get(giver, "/pledges", need_id=proposal["need_id"])["items"][0]


def _deliver(stage: Stage) -> None:
    """A signed pledge: a delivery accepted, one on its way."""
    agreed = _agree(stage, "east", ROAD, asked="8.6", given="6")
    pledge = agreed["id"]
    text = stage.get("east", f"/pledges/{pledge}")["text_hash"]
    stage.act("reviewer", f"/pledges/{pledge}/sign", {"text_hash": text})
    stage.act("east", f"/pledges/{pledge}/sign", {"text_hash": text})
    first = _send(stage, pledge, "2.5", "县交通运输局签收单 2019-0611")
    for step in ("arrive", "inspect"):
        if step in stage.get("reviewer", f"/deliveries/{first}")["can"]:
            stage.act("reviewer", f"/deliveries/{first}/{step}", {"note": "路面宽度和厚度已复测，符合设计。"})
    stage.act("reviewer", f"/deliveries/{first}/accept", {"voucher": "验收单 2019-37"})
    papers = stage.create("east", f"/deliveries/{first}/certificate", {})
    stage.records["certificate"] = papers["certificate"]["number"]
    sent = _send(stage, pledge, "1.5", "施工日志 2019-06")
    stage.records |= {"pledge": pledge, "delivery": first, "delivery sent": sent, "pairing": agreed["pairing_id"]}
    stage.records |= {"need": agreed["need_id"], "place": agreed["place"]["code"]}


def _send(stage: Stage, pledge: str, kilometres: str, voucher: str) -> str:
    part = {"pledge_id": pledge, "declared": {"value": kilometres, "unit": "km"}, "voucher": voucher}
    return stage.create("east", "/deliveries", part)["id"]


def _invite(stage: Stage) -> None:
    """Invitations that are still open: into the firm (kept is what stands in its link after the `#`), and into an office."""
    firm = stage.records["participant"]
    body = {"identifier": "zhou.min@chenhe.example", "roles": ["editor", "viewer"]}
    link = stage.create("enterprise", f"/participants/{firm}/invitations", body)["link"]
    office = {"identifier": "13900001111", "role": "leading_group_office", "place_code": stage.records["place"]}
    stage.create("admin", "/users/invitations", office)
    user = stage.get("admin", "/users", q="clerk")["items"][0]
    stage.records |= {"invitation": link.partition("#")[2], "user": user["id"]}


def _draft_agreement(stage: Stage) -> str:
    """Next year's agreement of the demo pairing, drafted by its eastern official."""
    [signed, *_] = stage.get("east", "/agreements", status="effective")["items"]
    targets = [
        {"resource_type": "fiscal_assistance_funds", "title": "", "quantity": {"amount_fen": 32_000_000_00}},
        {"head": "talent", "title": "高层联席会议", "quantity": {"value": "4", "unit": "session"}},
    ]
    sides = {"county_id": signed["county"]["id"], "giver_id": signed["giver"]["id"], "year": signed["year"] + 1}
    path = f"/pairings/{signed['pairing_id']}/agreements"
    return stage.create("east", path, sides | {"targets": targets, "terms": "三月底前下达首批资金。"})["id"]


def _met(stage: Stage) -> None:
    """Two joint meetings of the demo pairing: one on record with two decisions, one that is to be written down."""
    [signed, *_] = stage.get("east", "/agreements", status="effective")["items"]
    path = f"/pairings/{signed['pairing_id']}/meetings"
    called = {
        "county_id": signed["county"]["id"],
        "giver_id": signed["giver"]["id"],
        "level": "county",
        "chair": "both",
    }
    held = stage.create("east", path, called | {"title": "2019 年第一次高层联席会议", "held_on": "2019-04-18"})
    came = [
        {"side": "giver", "post": "区委书记", "leader": True},
        {"side": "county", "post": "县委书记", "leader": True},
        {"side": "county", "post": "县扶贫办主任", "leader": False},
    ]
    decided = [
        {
            "what": "首批财政援助资金 800 万元于 5 月底前拨付到位",
            "responsible": "giver",
            "post": "区财政局",
            "due": "2019-05-31",
        },
        {
            "what": "联合开展劳务招聘，新增转移就业 100 人",
            "responsible": "both",
            "post": "双方人社部门",
            "due": "2019-09-30",
        },
    ]
    minutes = {"attendance": came, "county_others": 6, "giver_others": 5, "decisions": decided}
    stage.act(
        "east", f"/meetings/{held['id']}/record", minutes | {"minutes": "双方通报了一季度进展，商定上半年重点工作。"}
    )
    planned = {"title": "2019 年年中工作会商", "held_on": "2019-06-01", "venue": "县政府二楼会议室"}
    stage.records |= {"meeting": held["id"], "meeting called": stage.create("east", path, called | planned)["id"]}


def _sent(stage: Stage) -> None:
    """Two people sent to the demo county: a cadre on post, whose term ends soon, and a doctor who was selected."""
    [signed, *_] = stage.get("east", "/agreements", status="effective")["items"]
    path = f"/pairings/{signed['pairing_id']}/secondments"
    sides = {"county_id": signed["county"]["id"], "giver_id": signed["giver"]["id"], "direction": "to_county"}
    offices = {"sending_office": "区委组织部", "receiving_office": "县人民政府"}
    term = {"from": "2017-07-01", "to": "2019-06-30"}
    cadre = {"name": "周明远", "kind": "cadre", "post": "县委常委、副县长", "term": term}
    path_of = f"/secondments/{stage.create('east', path, sides | offices | cadre)['id']}"
    stage.act("reviewer", f"{path_of}/appoint")
    stage.act("reviewer", f"{path_of}/take-up", {"on": "2017-07-05"})
    stage.act("reviewer", f"{path_of}/review", {"year": 2018, "text": "分管协作工作，引进农产品加工企业两家。"})
    term = {"from": "2019-07-01", "to": "2019-12-31"}
    doctor = {
        "name": "林晓岚",
        "kind": "professional",
        "field_of_work": "儿科医生",
        "post": "县人民医院儿科副主任",
        "term": term,
    }
    selected = stage.create("east", path, sides | offices | doctor)
    told = stage.create(
        "east",
        f"/pairings/{signed['pairing_id']}/summaries",
        {k: sides[k] for k in ("county_id", "giver_id")} | {"year": 2019},
    )
    stage.act("east", f"/summaries/{told['id']}/consult", {})
    stage.act(
        "reviewer",
        f"/summaries/{told['id']}/answer",
        {"opinion": "remarks", "remark": "劳务协作数据请按到岗人数核对。"},
    )
    stage.records["summary"] = told["id"]
    stage.records |= {"secondment": path_of.rsplit("/", 1)[1], "secondment selected": selected["id"]}


def _find(stage: Stage) -> None:
    """Records of the scenario that wait for somebody."""
    stage.records |= {
        "need under review": _first(stage, "reviewer", "/needs", status="under_review"),
        "need draft": _first(stage, "clerk", "/needs", status="draft"),
        "project": _first(stage, "reviewer", "/projects", status="library"),
        "agreement": stage.get("reviewer", "/agreements", status="effective")["items"][0]["id"],
        "agreement draft": _draft_agreement(stage),
        "task": stage.get("reviewer", "/tasks", status="finished")["items"][0]["id"],
        "task under way": stage.get("reviewer", "/tasks", status="under_way")["items"][0]["id"],
        "pairing of a unit": stage.get("reviewer", "/tasks")["items"][0]["pairing_id"],
        "project proposal": _first(stage, "clerk", "/projects", status="proposal"),
        "campaign": _first(stage, "reviewer", "/campaigns", status="open"),
        "campaign to consent": _first(stage, "reviewer", "/campaigns", status="consent_asked"),
        "campaign draft": _first(stage, "reviewer", "/campaigns", status="draft"),
        "offer draft": _first(stage, "east", "/offers", status="draft"),
    }


def _first(stage: Stage, who: str, path: str, **query: str) -> str:
    return stage.get(who, path, mine=True, **query)["items"][0]["id"]
