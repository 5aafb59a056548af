"""When a pledge is late, for lists, the calendar and every screen alike.

What was accepted, and what is on its way or at the door, fills the earliest parts first: the giver is late with the
first part that this does not fill. What is sent waits for the county's decision, which is lateness of its own; what is
only planned has not been sent.
"""

from server.catalogue.rules import KEPT_DAYS

# Of a pledge `p`: what is declared and not decided yet, and how much of that was sent.
UNDER_WAY = """CROSS JOIN LATERAL (SELECT coalesce(sum(d.declared), 0) AS under_way,
        coalesce(sum(d.declared) FILTER (WHERE d.status <> 'planned'), 0) AS sent
        FROM delivery d WHERE d.pledge_id = p.id
        AND d.status IN ('planned', 'sent', 'arrived', 'inspected', 'disputed')) AS moving"""
TO_SEND = "p.quantity - p.accepted - moving.under_way"
"""What is to be sent and not in any delivery yet."""
NOT_SENT = "p.quantity - p.accepted - moving.sent"
"""The same with what is planned."""

SENT = """(SELECT coalesce(sum(d.declared), 0) FROM delivery d
        WHERE d.pledge_id = p.id AND d.status IN ('sent', 'arrived', 'inspected', 'disputed'))"""
"""`moving.sent` where nothing else of UNDER_WAY is wanted."""

PARTS = """SELECT i.due, sum(i.quantity) OVER (ORDER BY i.due, i.id) AS promised
        FROM instalment i WHERE i.pledge_id = p.id"""
UNFILLED = "part.promised > p.accepted + moving.sent"

NEXT = f"""CROSS JOIN LATERAL (SELECT coalesce((SELECT min(part.due) FROM ({PARTS}) AS part
        WHERE {UNFILLED}), p.due) AS due) AS next"""  # noqa: S608  # no input in it
"""After UNDER_WAY: the day of the first part that is not filled, else the pledge's last day."""

DECIDABLE_FROM = f"""coalesce((SELECT max(placed.at) + interval '{KEPT_DAYS} days' FROM delivery_stage placed
        WHERE placed.delivery_id = d.id AND placed.kind = 'placed'), d.sent_at)"""  # noqa: S608  # no input in it
"""Of a delivery `d`: since when the county can decide. Whether a job is kept shows long after somebody was placed in it."""
