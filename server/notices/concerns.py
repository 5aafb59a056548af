"""Which events stand in whose inbox. Pure.

`other` is the side that did not act, `both` are both sides but whoever acted, `urged` is whom a reminder is for. The
line department that a proposal asks is told with `other`, and alone as `department`; `named` is who takes over or stands in;
`verification` are a participant's own people and the office that verifies it.
"""

from typing import Literal

Topic = Literal["negotiation", "signing", "urging", "delivery", "publishing", "people"]
To = Literal["other", "both", "county", "giver", "department", "urged", "named", "verification"]

CONCERNS: dict[str, tuple[Topic, To]] = {
    "proposal.proposed": ("negotiation", "other"),
    "proposal.side_agreed": ("negotiation", "department"),
    "proposal.endorsed": ("negotiation", "both"),
    "proposal.countered": ("negotiation", "other"),
    "proposal.agreed": ("negotiation", "other"),
    "proposal.declined": ("negotiation", "other"),
    "proposal.withdrawn": ("negotiation", "other"),
    "proposal.lapsed": ("negotiation", "both"),
    "pledge.made": ("signing", "both"),
    "pledge.signed": ("signing", "other"),
    "pledge.amendment_proposed": ("signing", "other"),
    "pledge.urged": ("urging", "urged"),
    "delivery.sent": ("delivery", "county"),
    "delivery.accepted": ("delivery", "giver"),
    "delivery.accepted_short": ("delivery", "giver"),
    "delivery.rejected": ("delivery", "giver"),
    "delivery.disputed": ("delivery", "other"),
    "need.returned": ("publishing", "county"),
    "need.published": ("publishing", "county"),
    "offer.published": ("publishing", "giver"),
    "agreement.submitted": ("signing", "both"),
    "agreement.signed": ("signing", "other"),
    "agreement.amendment_proposed": ("signing", "other"),
    "task.assigned": ("negotiation", "other"),
    "task.changed": ("negotiation", "giver"),
    "task.taken_on": ("negotiation", "county"),
    "task.returned": ("negotiation", "county"),
    "task.finished": ("delivery", "county"),
    "task.sent_back": ("delivery", "giver"),
    "task.accepted": ("delivery", "giver"),
    "task.withdrawn": ("negotiation", "giver"),
    "task.urged": ("urging", "urged"),
    "campaign.consent_asked": ("publishing", "county"),
    "campaign.consented": ("publishing", "giver"),
    "campaign.refused": ("publishing", "giver"),
    "campaign.closed": ("publishing", "both"),
    "project.agreed": ("publishing", "county"),
    "project.returned": ("publishing", "county"),
    "project.rejected": ("publishing", "county"),
    "project.entered": ("publishing", "county"),
    "project.planned": ("publishing", "county"),
    "project.unplanned": ("publishing", "county"),
    "participant.reverification_urged": ("urging", "verification"),
    "participant.verification_lapsed": ("urging", "verification"),
    "participant.handed_over": ("people", "named"),
    "member.substitute_named": ("people", "named"),
    "need.taken_over": ("people", "named"),
    "offer.taken_over": ("people", "named"),
    "project.taken_over": ("people", "named"),
    "agreement.taken_over": ("people", "named"),
    "campaign.taken_over": ("people", "named"),
}

SIGNING = (
    "pledge.made",
    "pledge.signed",
    "pledge.amendment_proposed",
    "agreement.submitted",
    "agreement.signed",
    "agreement.amendment_proposed",
)
"""What only signatories can answer."""
