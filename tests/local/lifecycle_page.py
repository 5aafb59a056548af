"""docs/lifecycles.md, written from the tables in each domain's rules.py and policy.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.agreements.policy import POLICY as AGREEMENTS
from server.agreements.rules import LIFECYCLE as AGREEMENT
from server.campaigns.policy import POLICY as CAMPAIGNS
from server.campaigns.rules import LIFECYCLE as CAMPAIGN
from server.deliveries.policy import POLICY as DELIVERIES
from server.deliveries.rules import LIFECYCLE as DELIVERY
from server.docking.policy import RUNS, SUGGESTIONS
from server.docking.rules import RUN, SUGGESTION
from server.imports.policy import POLICY as IMPORTS
from server.imports.rules import LIFECYCLE as IMPORT
from server.intents.policy import POLICY as INTENTS
from server.intents.rules import LIFECYCLE as INTENT
from server.kit.lifecycle import Lifecycle
from server.kit.policy import SIGNED_IN, SYSTEM, Policy, Rule
from server.meetings.policy import DECISIONS
from server.meetings.policy import POLICY as MEETINGS
from server.meetings.rules import DECISION
from server.meetings.rules import LIFECYCLE as MEETING
from server.needs.policy import POLICY as NEEDS
from server.needs.rules import LIFECYCLE as NEED
from server.offers.policy import POLICY as OFFERS
from server.offers.rules import LIFECYCLE as OFFER
from server.pairings.policy import POLICY as PAIRINGS
from server.pairings.rules import LIFECYCLE as PAIRING
from server.participants.policy import POLICY as PARTICIPANTS
from server.participants.rules import LIFECYCLE as PARTICIPANT
from server.pledges.policy import POLICY as PLEDGES
from server.pledges.rules import LIFECYCLE as PLEDGE
from server.projects.policy import POLICY as PROJECTS
from server.projects.rules import LIFECYCLE as PROJECT
from server.proposals.policy import POLICY as PROPOSALS
from server.proposals.rules import LIFECYCLE as PROPOSAL
from server.secondments.policy import POLICY as SECONDMENTS
from server.secondments.rules import LIFECYCLE as SECONDMENT
from server.summaries.policy import POLICY as SUMMARIES
from server.summaries.rules import LIFECYCLE as SUMMARY
from server.tasks.policy import POLICY as TASKS
from server.tasks.rules import CONDITION
from server.tasks.rules import LIFECYCLE as TASK

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycles.md"


@dataclass(frozen=True)
class Record:
    """A kind of record with a procedure: its names, its tables, the folder in which they stand."""

    name: str
    name_zh: str
    folder: str
    lifecycle: Lifecycle
    policy: Policy


RECORDS = (
    Record("Participant", "参与主体", "participants", PARTICIPANT, PARTICIPANTS),
    Record("Pairing", "结对关系", "pairings", PAIRING, PAIRINGS),
    Record("Yearly agreement", "年度协作协议", "agreements", AGREEMENT, AGREEMENTS),
    Record("Joint meeting", "联席会议", "meetings", MEETING, MEETINGS),
    Record("Decision of a meeting", "议定事项", "meetings", DECISION, DECISIONS),
    Record("Secondment", "挂职干部、专业技术人才", "secondments", SECONDMENT, SECONDMENTS),
    Record("Year-end material", "年度总结", "summaries", SUMMARY, SUMMARIES),
    Record("Project", "项目", "projects", PROJECT, PROJECTS),
    Record("Need", "需求", "needs", NEED, NEEDS),
    Record("Offer", "帮扶资源", "offers", OFFER, OFFERS),
    Record("Docking run", "对接测算", "docking", RUN, RUNS),
    Record("Suggestion", "对接建议", "docking", SUGGESTION, SUGGESTIONS),
    Record("Proposal", "对接方案", "proposals", PROPOSAL, PROPOSALS),
    Record("Intent", "意向", "intents", INTENT, INTENTS),
    Record("Pledge", "认捐、协议事项", "pledges", PLEDGE, PLEDGES),
    Record("Delivery", "落实、验收", "deliveries", DELIVERY, DELIVERIES),
    Record("Campaign", "行动", "campaigns", CAMPAIGN, CAMPAIGNS),
    Record("Condition of a unit", "部队帮扶条件", "tasks", CONDITION, TASKS),
    Record("Task of a unit", "部队帮扶任务", "tasks", TASK, TASKS),
    Record("Import", "表格导入", "imports", IMPORT, IMPORTS),
)

TOWARDS = {
    "own": "at the record's participant",
    "county": "on the county's side",
    "giver": "on the giver's side",
    "sides": "on either side",
    "responsible": "on the side that is responsible",
    "receiver": "on the side that receives",
    "consulted": "on the side that is consulted",
    "writer": "on the side that writes",
    "department": "at the line department that the county asks",
    "over": "over the place",
    "partner": "at another county of the project",
    "host": "at the host county's government",
    "joiner": "at a participant that joins",
    "registrar": "over the place, who registered it",
    "platform": "of the platform",
    "anywhere": "over any place",
    "throughout": "over every county of the run",
}
"""How a role stands towards the record, by the name of the relation in policy.py."""

INTRODUCTION = """\
# Lifecycles

<!-- Generated from server/*/rules.py and server/*/policy.py by `make generated`; `make check` finds it stale. -->

A record's status says where its *procedure* stands. How much of it is covered is never a status: it is read from the
[books](glossary.md#books-and-quantities). Each table below is the record's `LIFECYCLE` in `rules.py`: a verb that is not
there for the present status is refused with 409 `step-not-allowed`. A change of the row itself is guarded
([decision 4](reliability.md)): of two verbs at once one wins, the other gets 412.

*Who may* comes from the domain's `policy.py`: a role and how it stands towards the record. *Jiedui itself* means that no
person asks for the step under that name: it follows from another verb, or from time. Rules beyond status and role (whose
turn it is, what is still held) are in `rules.py` and its tests. Steps that leave the status as it is are left out of the
diagrams.
"""


def page() -> bytes:
    """The whole page."""
    index = "\n".join(f"- [{record.name}](#{_anchor(record)}) {record.name_zh}" for record in RECORDS)
    return "\n".join([INTRODUCTION, index, *map(_section, RECORDS)]).encode()


def _anchor(record: Record) -> str:
    return record.name.lower().replace(" ", "-")


def _section(record: Record) -> str:
    table = record.lifecycle
    verbs = dict.fromkeys(verb for _, verb, _ in table.steps)
    lines = [f"\n## {record.name}\n", f"{record.name_zh}, `server/{record.folder}`. Begins as `{table.initial}`.\n"]
    lines += ["```mermaid", "stateDiagram-v2", *_arrows(table), "```\n"]
    lines += ["| verb | from | to | who may |", "|---|---|---|---|"]
    lines += [line for verb in verbs for line in _rows(record, verb)]
    return "\n".join(lines)


def _rows(record: Record, verb: str) -> Iterable[str]:
    ends: dict[str, list[str]] = {}
    for start, step, end in record.lifecycle.steps:
        if step == verb:
            ends.setdefault("as before" if start == end else f"`{end}`", []).append(f"`{start}`")
    who = _who(record, verb)
    for end, starts in ends.items():
        yield f"| `{verb}` | {', '.join(starts)} | {end} | {who} |"


def _arrows(table: Lifecycle) -> Iterable[str]:
    yield f"    [*] --> {table.initial}"
    edges: dict[tuple[str, str], list[str]] = {}
    for start, verb, end in table.steps:
        if start != end:
            edges.setdefault((start, end), []).append(verb)
    for (start, end), verbs in edges.items():
        yield f"    {start} --> {end}: {', '.join(verbs)}"
    for status in table.statuses:
        if status in table.final:
            yield f"    {status} --> [*]"


def _who(record: Record, verb: str) -> str:
    """Everybody whom a rule grants the verb; a status stands there only where it narrows the table."""
    granted: dict[str, set[str]] = {}
    possible = set(record.lifecycle.sources(verb))
    for rule in record.policy.rules:
        if verb in rule.actions:
            granted.setdefault(_grant(rule), set()).update(possible if rule.states is None else rule.states & possible)
    return "; ".join(who + _narrowed(states, possible) for who, states in granted.items()) or "Jiedui itself"


def _grant(rule: Rule) -> str:
    if SYSTEM in rule.roles:
        return "Jiedui itself"
    if SIGNED_IN in rule.roles:
        return "whoever is signed in"
    roles = " or ".join(sorted(role.replace("_", " ") for role in rule.roles))
    return f"{roles} {TOWARDS[rule.relation]}"


def _narrowed(states: set[str], possible: set[str]) -> str:
    return "" if states == possible else " while " + " or ".join(f"`{status}`" for status in sorted(states))
