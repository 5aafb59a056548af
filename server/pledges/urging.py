"""Urging (催办): by hand with one click, and by calendar, from the side that is late up to the leading group's office.

What is late: a part that was due, a signature that is missing, a delivery that the county has not decided, a surplus
that waits for the other side's consent (where it raises the pledge, that is a signature). Each step of each of them is
taken once; the table's unique key sees to it, however often the job runs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.lifecycle import StepNotAllowed
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.sides import sides_of
from server.pledges import lateness, recording, repository, rules
from server.pledges.models import Pledge, PledgeUrge
from server.pledges.schemas import Urge
from server.settings import get_settings

# Of each pledge what is late: about, key, side, days. $1 today, $2 days to answer, $3 days to sign, $4 a pledge or null.
LATE = f"""
    SELECT p.id AS pledge_id, 'instalment' AS about, part.due::text AS key, 'giver' AS side, $1::date - part.due AS days
    FROM pledge p {lateness.UNDER_WAY} CROSS JOIN LATERAL ({lateness.PARTS}) AS part
    WHERE p.status = 'effective' AND {lateness.UNFILLED} AND part.due < $1 AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT p.id, 'signature', p.revision::text, missing.side,
        $1::date - (p.sign_by AT TIME ZONE 'Asia/Shanghai')::date + $3::int
    FROM pledge p CROSS JOIN LATERAL (SELECT CASE array_agg(s.side::text) WHEN '{{county}}' THEN 'giver'
        WHEN '{{giver}}' THEN 'county' ELSE 'both' END AS side
        FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = p.revision) AS missing
    WHERE p.status = 'awaiting_signature' AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT p.id, 'signature', v.revision::text, missing.side, $1::date - (v.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM pledge_version v JOIN pledge p ON p.id = v.pledge_id AND p.status = 'effective'
    CROSS JOIN LATERAL (SELECT CASE array_agg(s.side::text) WHEN '{{county}}' THEN 'giver'
        WHEN '{{giver}}' THEN 'county' ELSE 'both' END AS side
        FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = v.revision) AS missing
    WHERE v.status = 'proposed' AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT d.pledge_id, 'decision', d.id::text, 'county',
        $1::date - ({lateness.DECIDABLE_FROM} AT TIME ZONE 'Asia/Shanghai')::date - $2::int
    FROM delivery d WHERE d.status IN ('sent', 'arrived', 'inspected') AND d.surplus IS NULL
        AND ($4::uuid IS NULL OR d.pledge_id = $4)
    UNION ALL
    SELECT d.pledge_id, 'decision', d.id::text || '+', CASE d.surplus_by WHEN 'county' THEN 'giver' ELSE 'county' END,
        $1::date - (coalesce((SELECT max(asked.at) FROM delivery_stage asked WHERE asked.delivery_id = d.id
            AND asked.kind = 'surplus_asked'), d.sent_at) AT TIME ZONE 'Asia/Shanghai')::date - $2::int
    FROM delivery d WHERE d.status IN ('sent', 'arrived', 'inspected') AND d.surplus IS NOT NULL
        AND d.surplus_beyond = 0 AND ($4::uuid IS NULL OR d.pledge_id = $4)"""  # noqa: S608  # no input in it


async def by_hand(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Urge) -> None:
    """Remind whoever is late with a deadline; the reminder is on record."""
    if "urge" not in rules.ALSO.get(pledge.status, ()):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="urge")
    deadline = body.deadline or clock.today() + timedelta(days=get_settings().urge_days)
    addressee = await _whose(uow, actor, pledge)
    kept = PledgeUrge(
        id=new_id(),
        pledge_id=pledge.id,
        about="hand",
        key=str(new_id()),
        step=0,
        addressee=addressee,
        deadline=deadline,
        at=clock.now(),
        user_id=actor.id,
        remark=body.remark,
    )
    await repository.insert_urge(uow, kept)
    said = {"addressee": addressee, "remark": body.remark}
    recording.record(uow, pledge, "urged", None, deadline=deadline.isoformat(), **said)


async def _whose(uow: UnitOfWork, actor: Actor, pledge: Pledge) -> str:
    if sides_of(actor, pledge.county_id, pledge.giver_id) == ["county"]:
        return "giver"  # the other side; nobody urges their own
    rows = await uow.fetch(LATE, *_asked(clock.today(), pledge.id))
    return rules.urged_side([(row["side"], row["days"]) for row in rows])


async def late(uow: UnitOfWork, today: date) -> Sequence[UUID]:
    """The pledges of which something is so late that a step of the calendar is due and not taken."""
    steps = rules.urge_steps(get_settings())
    rows = await uow.fetch(
        f"SELECT DISTINCT x.pledge_id FROM ({LATE}) AS x"  # noqa: S608  # no input in it
        " JOIN unnest($5::int[]) WITH ORDINALITY AS step (days, number) ON step.days <= x.days"
        " WHERE NOT EXISTS (SELECT FROM pledge_urge u WHERE u.pledge_id = x.pledge_id AND u.about = x.about"
        " AND u.key = x.key AND u.step = step.number)",
        *_asked(today, None),
        [days for days, _ in steps],
    )
    return [row["pledge_id"] for row in rows]


async def by_calendar(uow: UnitOfWork, pledge_id: UUID, today: date) -> bool:
    """Take the steps that are due for one pledge; says whether there was one."""
    pledge = await repository.find(uow, uow.actor, pledge_id)
    if pledge is None:
        return False
    taken = False
    for row in await uow.fetch(LATE, *_asked(today, pledge_id)):
        for number, (days, addressee) in enumerate(rules.urge_steps(get_settings()), 1):
            if row["days"] >= days:
                taken |= await _step(uow, pledge, row, number, addressee or row["side"], today)
    return taken


def _asked(today: date, pledge_id: UUID | None) -> tuple[date, int, int, UUID | None]:
    return today, get_settings().urge_days, get_settings().sign_days, pledge_id


async def _step(uow: UnitOfWork, pledge: Pledge, row: dict[str, str], number: int, addressee: str, today: date) -> bool:
    deadline = today + timedelta(days=get_settings().urge_days)
    kept = PledgeUrge(
        id=new_id(),
        pledge_id=pledge.id,
        about=row["about"],
        key=row["key"],
        step=number,
        addressee=addressee,
        deadline=deadline,
        at=clock.now(),
    )
    if not await repository.insert_urge(uow, kept):
        return False
    said = {"about": row["about"], "key": row["key"], "step": number, "addressee": addressee}
    recording.record(uow, pledge, "urged", None, deadline=deadline.isoformat(), **said)
    return True
