"""The records that a visit to every page needs: a run and, from its suggestions, negotiations, pledges and deliveries.

All of it is done through the interface by the demo accounts, in Chinese as they would.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.support.live import Live, verb

RUN_SECONDS = 120
TERMS = {
    "cold_chain_equipment": "设备由捐赠方负责运输、安装和调试，村集体负责场地平整和三相电接入；质保期两年。",
    "village_road": "路面宽四米五，水泥混凝土厚二十厘米；由援建方委托当地有资质的单位施工，用工优先聘用脱贫户。",
}
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
        return self.clients.setdefault(who, self.live.client(who))

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
    _negotiate(stage)
    _deliver(stage)
    stage.records["pledge unsigned"] = _agree(stage, "east", "doctor", {"value": "2", "unit": "person"})["id"]
    return stage


def _done(reply: httpx2.Response) -> Any:
    assert reply.is_success, f"{reply.request.method} {reply.request.url}: {reply.text}"
    return reply.json()


def _finished_run(stage: Stage) -> str:
    run = stage.create("coordinator", "/docking-runs", {})
    until = time.monotonic() + RUN_SECONDS
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < until, run
        time.sleep(0.2)
        run = stage.get("coordinator", f"/docking-runs/{run['id']}")
    assert run["status"] == "done", run
    return run["id"]


def _propose(stage: Stage, giver: str, resource_type: str, quantity: Any) -> Any:
    """The giver proposes its own offer to the demo county's own need."""
    need = _own(stage, "clerk", "/needs", resource_type)
    offer = _own(stage, giver, "/offers", resource_type)
    wanted = {"need_id": need, "offer_id": offer, "quantity": quantity, "terms": TERMS.get(resource_type, "")}
    return stage.create(giver, "/proposals", wanted)


def _own(stage: Stage, who: str, path: str, resource_type: str) -> str:
    return _first(stage, who, path, status="published", resource_type=resource_type)


def _negotiate(stage: Stage) -> None:
    """A proposal with an answer and a message, waiting for the giver."""
    proposal = _propose(stage, "enterprise", "cold_chain_equipment", {"value": "4", "unit": "set"})
    stage.act("clerk", f"/proposals/{proposal['id']}/counter", {"terms": COUNTER})
    stage.create("enterprise", f"/proposals/{proposal['id']}/messages", {"text": MESSAGE})
    stage.records |= {"proposal": proposal["id"], "participant": proposal["giver"]["id"]}


def _agree(stage: Stage, giver: str, resource_type: str, quantity: Any) -> Any:
    """A pledge that awaits its signatures."""
    proposal = _propose(stage, giver, resource_type, quantity)
    stage.act("clerk", f"/proposals/{proposal['id']}/agree")
    pledges = stage.get(giver, "/pledges", need_id=proposal["need_id"])["items"]
    return next(pledge for pledge in pledges if pledge["proposal_id"] == proposal["id"])


def _deliver(stage: Stage) -> None:
    """A signed pledge: a delivery accepted, one on its way."""
    agreed = _agree(stage, "east", "village_road", {"value": "6", "unit": "km"})
    pledge = agreed["id"]
    text = stage.get("east", f"/pledges/{pledge}")["text_hash"]
    stage.act("reviewer", f"/pledges/{pledge}/sign", {"text_hash": text})
    stage.act("east", f"/pledges/{pledge}/sign", {"text_hash": text})
    first = _send(stage, pledge, "2.5", "县交通运输局签收单 2019-0611")
    for step in ("arrive", "inspect"):
        if step in stage.get("reviewer", f"/deliveries/{first}")["can"]:
            stage.act("reviewer", f"/deliveries/{first}/{step}", {"note": "路面宽度和厚度已复测，符合设计。"})
    stage.act("reviewer", f"/deliveries/{first}/accept", {"voucher": "验收单 2019-37"})
    sent = _send(stage, pledge, "1.5", "施工日志 2019-06")
    stage.records |= {"pledge": pledge, "delivery": first, "delivery sent": sent, "pairing": agreed["pairing_id"]}


def _send(stage: Stage, pledge: str, kilometres: str, voucher: str) -> str:
    part = {"pledge_id": pledge, "declared": {"value": kilometres, "unit": "km"}, "voucher": voucher}
    return stage.create("east", "/deliveries", part)["id"]


def _find(stage: Stage) -> None:
    """Records of the scenario: a need and an offer to read, and drafts to go on writing."""
    need = _own(stage, "clerk", "/needs", "village_road")
    stage.records |= {
        "need": need,
        "need under review": _first(stage, "reviewer", "/needs", status="under_review"),
        "need draft": _first(stage, "clerk", "/needs", status="draft"),
        "offer": _own(stage, "enterprise", "/offers", "cold_chain_equipment"),
        "offer draft": _first(stage, "east", "/offers", status="draft"),
        "place": stage.get("clerk", f"/needs/{need}")["place"]["code"],
    }


def _first(stage: Stage, who: str, path: str, **query: str) -> str:
    return stage.get(who, path, mine=True, **query)["items"][0]["id"]
