"""A history for the demo: what its people proposed, signed, delivered and accepted in the weeks before it begins.

The services make it, each step on its own business day, so the books, the trail and the notices are what use leaves.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple
from uuid import UUID

from server import wiring
from server.accounts import service as accounts
from server.accounts.actor import SYSTEM, Actor
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.deliveries import service as deliveries
from server.deliveries.models import Delivery
from server.deliveries.schemas import AcceptShort, Check, DeliveryCreate, Explained, StageNote, StageWrite
from server.deliveries.schemas import Step as Stage
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import NotFound, Problem
from server.kit.quantity import Amount, amount
from server.kit.uow import UnitOfWork
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.proposals import service as proposals
from server.proposals.models import Proposal
from server.proposals.rules import Side
from server.proposals.schemas import Counter, Decline
from server.seed import demo_meetings
from server.seed.demo import DEMO_COUNTY
from server.settings import Settings


class Step(NamedTuple):
    """What happens so many business days before the demo begins; `share` is of the promised quantity."""

    days_ago: int
    what: str
    share: str = "1"


PROMISED = (Step(22, "propose"), Step(20, "agree"), Step(18, "sign_giver"), Step(17, "sign_county"))
STORIES: tuple[tuple[Step, ...], ...] = (
    (*PROMISED, Step(14, "send", "0.5"), Step(11, "accept"), Step(3, "send", "0.3")),
    (*PROMISED, Step(13, "send"), Step(9, "accept")),
    (*PROMISED, Step(12, "send", "0.6"), Step(8, "accept_short")),
    (*PROMISED, Step(15, "send", "0.4"), Step(12, "accept"), Step(6, "send", "0.6"), Step(4, "dispute")),
    (
        Step(21, "propose"),
        Step(19, "counter"),
        Step(16, "agree_giver"),
        Step(15, "sign_giver"),
        Step(14, "sign_county"),
    ),
    (*PROMISED, Step(14, "send", "0.5"), Step(10, "accept"), Step(7, "send", "0.5"), Step(2, "accept")),
    (Step(16, "propose"), Step(13, "decline")),
    (Step(6, "propose"), Step(3, "counter")),
    (Step(9, "propose"), Step(7, "agree"), Step(5, "sign_giver")),
)
"""Told in turn, for one need and one offer each; some leave something to do."""

DEALS = 36
HEADS = ("funds", "goods", "talent", "consumption", "education", "health")
"""Heads whose deliveries can be accepted within these weeks."""

MATCHES = """
WITH signatory AS (
    SELECT participant_id, min(user_id::text)::uuid AS user_id FROM role_grant
    WHERE role = 'signatory' AND revoked_at IS NULL GROUP BY participant_id
), demo AS (
    SELECT participant_id FROM role_grant g JOIN account_user u ON u.id = g.user_id WHERE u.identifier = ANY($7)
), pair AS (
    SELECT DISTINCT ON (n.id) n.id AS need, o.id AS offer, n.resource_type_id AS kind, n.county_code,
           least(n.quantity, o.quantity) AS quantity, there.user_id AS signs_there, here.user_id AS signs_here
    FROM need n
    JOIN resource_type t ON t.code = n.resource_type_id
    JOIN offer o ON o.resource_type_id = n.resource_type_id AND coalesce(o.min_lot, 0) <= n.quantity
     AND coalesce(n.min_part, 0) <= o.quantity
    JOIN signatory there ON there.participant_id = n.participant_id
    JOIN signatory here ON here.participant_id = o.participant_id
    WHERE n.status = 'published' AND o.status = 'published' AND t.head = ANY($1) AND NOT n.title = ANY($2)
      AND NOT t.evidence @> '[{"needed": true}]'
      AND greatest(n.published_at, o.published_at) < $3 AND least(n.window_to, o.window_to) > $4
      AND greatest(n.window_from, o.window_from) < $4 - 14
      AND CASE WHEN n.county_code = $5 THEN o.participant_id IN (SELECT participant_id FROM demo)
               ELSE o.restriction = 'none' AND t.reach = 'open' END
    ORDER BY n.id, o.id
)
SELECT DISTINCT ON (county_code <> $5, offer) * FROM pair ORDER BY county_code <> $5, offer LIMIT $6
"""
"""Needs with one offer each that may fit, the demo county's first; an offer once beyond it."""

GIVERS = ["east", "enterprise"]
"""Who gives to the demo county."""

LEFT_ALONE = ["金石坎村苹果产地冷链设备"]
"""What the README's tour brings together."""

TERMS = "由帮扶方负责运输和费用，受援县落实接收单位和管护责任；具体事项双方经办人随时沟通。"
COUNTER = "先按八成办理，其余视落实情况再议；请提前三天通知到货时间。"
DECLINE = "本年度已由县财政统筹安排，感谢支持，明年再商。"
DISPUTE = "到场清点数量与发货单不一致，请双方经办人共同复核。"


@dataclass
class Deal:
    """One need, one offer, who speaks for each side, and what becomes of them."""

    need: UUID
    offer: UUID
    kind: ResourceType
    quantity: Decimal
    people: dict[Side, UUID]
    proposal: UUID | None = None
    delivery: UUID | None = None

    async def take(self, step: Step) -> None:
        """Take one step. Raises Problem where a rule of the field stands in its way."""
        verb, _, side = step.what.rpartition("_") if step.what.endswith(("_giver", "_county")) else (step.what, "", "")
        if verb in ("propose", "send"):
            await self._by("giver", getattr(self, verb), Decimal(step.share))
            return
        if verb in ("accept", "accept_short"):
            await self._bring_to_the_door()
        await self._by("giver" if side == "giver" else "county", getattr(self, verb))

    async def propose(self, uow: UnitOfWork, actor: Actor, share: Decimal) -> None:
        """A share of what both have, with terms."""
        asked = self._part(share)
        pair = await proposals.pair(uow, self.need, self.offer)
        made = await proposals.propose(uow, actor, pair, quantity=asked, terms=TERMS)
        self.proposal = made.id

    async def counter(self, uow: UnitOfWork, actor: Actor) -> None:
        """Four fifths of it, on other terms."""
        answer = Counter(quantity=self._part(Decimal("0.8")), terms=COUNTER)
        await proposals.counter(uow, actor, await self._proposal(uow, actor), answer)

    async def agree(self, uow: UnitOfWork, actor: Actor) -> None:
        """To what stands."""
        await proposals.agree(uow, actor, await self._proposal(uow, actor))

    async def decline(self, uow: UnitOfWork, actor: Actor) -> None:
        """With a reason."""
        answer = Decline(code="already_arranged", remark=DECLINE)
        await proposals.decline(uow, actor, await self._proposal(uow, actor), answer)

    async def sign(self, uow: UnitOfWork, actor: Actor) -> None:
        """The pledge that came of it."""
        pledge = await self._pledge(uow, actor)
        await pledges.sign(uow, actor, pledge, pledge.text_hash)

    async def send(self, uow: UnitOfWork, actor: Actor, share: Decimal) -> None:
        """A share of what is promised."""
        pledge = await self._pledge(uow, actor)
        declared = amount(_rounded(pledge.quantity * share, self.kind.decimals), self.kind.unit)
        sent = DeliveryCreate(pledge_id=pledge.id, declared=declared, voucher=_voucher("FH"))
        self.delivery = (await deliveries.create(uow, actor, pledge, sent)).id

    async def accept(self, uow: UnitOfWork, actor: Actor) -> None:
        """All that was sent last."""
        note = StageNote(voucher=_voucher("YS"))
        await deliveries.accept(uow, actor, await self._delivery(uow, actor), note)

    async def accept_short(self, uow: UnitOfWork, actor: Actor) -> None:
        """Three quarters of it, where it can be parted."""
        delivery = await self._delivery(uow, actor)
        taken = amount(_rounded(delivery.declared * Decimal("0.75"), self.kind.decimals), self.kind.unit)
        if delivery.declared == _rounded(Decimal(0), self.kind.decimals):
            await self.accept(uow, actor)
            return
        answer = AcceptShort(accepted=taken, reason="quantity_short", voucher=_voucher("YS"))
        await deliveries.accept_short(uow, actor, delivery, answer)

    async def dispute(self, uow: UnitOfWork, actor: Actor) -> None:
        """What was sent last."""
        await deliveries.dispute(uow, actor, await self._delivery(uow, actor), Explained(note=DISPUTE))

    async def _bring_to_the_door(self) -> None:
        """Record the stages that acceptance needs, each by the side that may."""
        while waiting := [one for one in await self._stages() if one.state == "next" and one.when == "before"]:
            stage = waiting[0]
            checks = [Check(item=at, ok=True) for at in range(len(self.kind.checklist))] if stage.checks else None
            body = StageWrite(kind=stage.kind, voucher=_voucher("DZ") if stage.voucher else None, checks=checks)

            async def record(uow: UnitOfWork, actor: Actor, body: StageWrite = body) -> None:
                await deliveries.record_stage(uow, actor, await self._delivery(uow, actor), body)

            await self._by(stage.by, record)

    async def _stages(self) -> list[Stage]:
        async def work(uow: UnitOfWork) -> list[Stage]:
            return (await deliveries.read(uow, SYSTEM, (await self._delivery(uow, SYSTEM)).id)).steps

        return await units.run(work, SYSTEM)

    async def _by(self, side: Side, work: Callable[..., Awaitable[None]], *values: Decimal) -> None:
        actor = await units.run(lambda uow: accounts.actor_of(uow, self.people[side]), SYSTEM)
        await units.run(lambda uow: work(uow, actor, *values), actor)

    async def _proposal(self, uow: UnitOfWork, actor: Actor) -> Proposal:
        if self.proposal is None:
            raise NotFound
        return await proposals.get(uow, actor, self.proposal)

    async def _pledge(self, uow: UnitOfWork, actor: Actor) -> Pledge:
        found = await uow.fetch_one("SELECT id FROM pledge WHERE proposal_id = $1", self.proposal)
        if found is None:
            raise NotFound
        return await pledges.get(uow, actor, found["id"])

    async def _delivery(self, uow: UnitOfWork, actor: Actor) -> Delivery:
        if self.delivery is None:
            raise NotFound
        return await deliveries.get(uow, actor, self.delivery)

    def _part(self, share: Decimal) -> Amount:
        return amount(_rounded(self.quantity * share, self.kind.decimals), self.kind.unit)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    least = Decimal(1).scaleb(-decimals)
    return max(value.quantize(least, ROUND_DOWN), least)


def _voucher(kind: str) -> str:
    return f"{kind}-{clock.today():%Y%m%d}"


async def run(settings: Settings) -> int:
    """Tell every story on its days and come back to the present; how many steps were taken.

    Nothing is done where somebody has proposed something already. A deal that a rule forbids ends where it stands.
    """
    wiring.wire()
    async with wiring.database(settings, name="jiedui history", time_limits=False):
        present = clock.offset()
        try:
            deals = await units.run(_deals, SYSTEM)
            if deals:
                await demo_meetings.meet(present)
            return await _tell(deals, present)
        finally:
            clock.set_offset(present)


async def _tell(deals: list[Deal], present: timedelta) -> int:
    steps = [(step, at) for at in range(len(deals)) for step in STORIES[at % len(STORIES)]]
    broken: set[int] = set()
    taken = 0
    for step, at in sorted(steps, key=lambda each: -each[0].days_ago):
        if at in broken:
            continue
        clock.set_offset(present - timedelta(days=step.days_ago))
        try:
            await deals[at].take(step)
            taken += 1
        except Problem:  # two that only seemed to fit, such as one within the days of the county's own pair
            broken.add(at)
    return taken


async def _deals(uow: UnitOfWork) -> list[Deal]:
    if await uow.fetch_one("SELECT 1 FROM proposal LIMIT 1"):
        return []
    begins = clock.now() - timedelta(days=max(step.days_ago for story in STORIES for step in story))
    rows = await uow.fetch(MATCHES, list(HEADS), LEFT_ALONE, begins, clock.today(), DEMO_COUNTY, DEALS, GIVERS)
    return [
        Deal(
            row["need"],
            row["offer"],
            await catalogue.get_type(uow, row["kind"]),
            row["quantity"],
            {"county": row["signs_there"], "giver": row["signs_here"]},
        )
        for row in rows
    ]
