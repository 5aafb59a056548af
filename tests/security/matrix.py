"""What the declared policy says of every person, operation and record, and what the running application answers."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx2

from server.kit.endpoint import PREFIX, Operation
from server.kit.policy import ANYONE, READER, SIGNED_IN
from tests.files.pictures import picture
from tests.security.bodies import body_of
from tests.security.people import Person
from tests.security.subjects import Subject, World

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")

BY_PARAMETER: dict[str, tuple[str, ...]] = {
    "need_id": ("need", "need draft", "need submitted"),
    "open_need_id": ("open need",),
    "open_campaign_id": ("open campaign",),
    "number": ("certificate",),
    "offer_id": ("offer", "offer draft", "offer of the unit"),
    "participant_id": ("participant A", "participant applied", "participant E", "participant U"),
    "project_id": ("project", "project proposal"),
    "campaign_id": ("campaign", "campaign draft"),
    "pairing_id": ("pairing", "pairing of the unit"),
    "agreement_id": ("agreement", "agreement of the unit"),
    "summary_id": ("summary", "summary of the unit"),
    "secondment_id": ("secondment", "secondment of the unit"),
    "meeting_id": ("meeting", "meeting of the unit"),
    "condition_id": ("condition",),
    "task_id": ("task", "task finished"),
    "run_id": ("run",),
    "suggestion_id": ("suggestion", "suggestion of the unit"),
    "intent_id": ("intent",),
    "proposal_id": ("proposal", "proposal of the unit"),
    "pledge_id": ("pledge", "pledge to sign", "pledge of the unit"),
    "delivery_id": ("delivery", "delivery of the unit"),
    "job_id": ("job_id",),
    "session_id": ("session_id",),
    "key_id": ("key_id",),
    "identity_id": ("identity_id",),
    "file_id": ("file_id",),
    "key": ("draft",),
    "code": ("place",),
    "import_id": ("import",),
    "export_id": ("export",),
    "kind": ("kind",),
    "user_id": ("user",),
    "invitation_id": ("office invitation",),
}
"""Which records stand for a name in a path; an operation on another kind of record fails until it is listed."""

BY_OPERATION: dict[str, tuple[str, ...]] = {
    "write_draft": ("self",),
    "discard_draft": ("self",),
    "draft_agreement": ("two sides", "two sides of the unit"),
    "select_secondment": ("two sides", "two sides of the unit"),
    "begin_summary": ("two sides", "two sides of the unit"),
    "call_meeting": ("two sides", "two sides of the unit"),
    "read_decision": ("decision", "decision of the unit"),
    "settle_decision": ("decision", "decision of the unit"),
    "reopen_decision": ("decision", "decision of the unit"),
    "record_condition": ("pairing", "pairing of the unit"),
    "assign_task": ("task sides",),
    "change_member": ("member",),
    "remove_member": ("member",),
    "issue_member_reset": ("member",),
    "read_open_work": ("member",),
    "withdraw_invitation": ("invitation",),
    "end_substitute": ("substitution",),
    "paste_import": ("county as writer",),
    "read_ledger_pledge": ("pledge", "pledge of the unit"),
    "list_risks": ("flagged",),
    "set_risk": ("flagged",),
    "lift_risk": ("risk flag",),
    "reveal_contact": ("contact",),
    "remove_contact": ("contact to forget",),
    "create_need": ("county as writer",),
    "preview_fitting_offers": ("county as writer",),
    "create_project": ("county as writer",),
    "create_campaign": ("organiser",),
    "join_campaign": ("joiner of campaign", "joiner of campaign draft"),
    "count_pledge_for_campaign": ("campaign pledge",),
    "read_papers": ("papers",),
    "issue_certificate": ("papers",),
    "record_receipt": ("papers",),
    "create_offer": ("giver as writer",),
    "preview_fitting_needs": ("giver as writer",),
    "create_proposal": ("pair",),
    "state_intent": ("intending",),
    "register_for_office": ("seat",),
    "create_delivery": ("part", "part of the unit"),
}
"""Operations whose record is named in the body, or is not every one that the path's name suggests (no books before a signature)."""

ENDLESS = "follow_stream"
SIGNS_IN = "sign_in"
LAST = ("create_delivery", "create_proposal", "sign_out", "sign_out_openid")
"""Operations that change what others look at come at the end."""

DESTROYS = {"remove_contact"}
"""Operations after which the record is gone: whoever is refused asks first, and one of those who may."""


@dataclass(frozen=True)
class Case:
    """One person, one operation, one record."""

    operation: Operation
    subject: Subject
    person: Person

    def __str__(self) -> str:
        return f"{self.person.name}: {self.operation.name} on {self.subject.name}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    case: Case
    reply: httpx2.Response

    @property
    def verdict(self) -> int:
        """401, 403 or 404 for a refusal; 200 for whatever gets past the guards, also to be refused by a rule."""
        return self.reply.status_code if self.reply.status_code in (401, 403, 404) else 200


class NotInTheMatrix(Exception):
    """An operation on a kind of record that no test of rights knows."""


def subjects_of(world: World, operation: Operation) -> list[Subject]:
    """The records on which an operation is tried. Raises NotInTheMatrix."""
    if operation.name in BY_OPERATION:
        return [world.subjects[name] for name in BY_OPERATION[operation.name]]
    names = PARAMETER.findall(operation.path)
    if not names:
        return [world.subjects["settings" if operation.path.startswith(f"{PREFIX}/settings") else _general(operation)]]
    if names[0] not in BY_PARAMETER:
        raise NotInTheMatrix(f"{operation.method} {operation.path}: say in BY_PARAMETER which records are {names[0]}")
    return [world.subjects[name] for name in BY_PARAMETER[names[0]]]


def _general(operation: Operation) -> str:
    return "settings" if "anywhere" in operation.policy.relations else "self"


def expected(case: Case) -> int:
    """By the declared table alone: 401, 404 for what is not visible, 403, or 200."""
    operation, subject, person = case.operation, case.subject, case.person
    if not (person.is_signed_in or operation.policy.is_open(operation.action)):
        return 401
    if operation.loads and not person.sees(subject.seen_by):
        return 404
    if operation.name == SIGNS_IN:
        return 401  # the credentials of the smallest body are nobody's
    return 200 if granted(case, operation.action) else 403 if person.is_signed_in else 401


def granted(case: Case, action: str) -> bool:
    """Whether some rule of the table grants an action, by the relations as the world states them."""
    return any(True for _ in granting(case, action))


def granting(case: Case, action: str) -> Iterable[Any]:
    """The rules of the table that grant an action."""
    for rule in case.operation.policy.rules:
        in_state = rule.states is None or case.subject.status in rule.states
        if action in rule.actions and in_state and rule.roles & _roles(case, rule.relation):
            yield rule


def _roles(case: Case, relation: str) -> frozenset[str]:
    if relation == "any":
        if not case.person.is_signed_in:
            return frozenset({ANYONE})
        return frozenset({ANYONE, SIGNED_IN, READER} if case.person.reads_field else {ANYONE, SIGNED_IN})
    if relation not in case.subject.relations:
        raise NotInTheMatrix(f"{case.subject.name}: whom does relation {relation} mean?")
    return frozenset(role for party in case.subject.relations[relation] for role in case.person.roles(party))


async def ask(world: World, case: Case) -> Answer:
    """Send the request. Verbs name a version that never was, so that what is allowed changes nothing."""
    operation, ids = case.operation, case.subject.ids

    def value(match: re.Match[str]) -> str:
        return ids[match[1]] if match[1] in ids else world.id(BY_PARAMETER[match[1]][0])

    path = PARAMETER.sub(value, operation.path.removeprefix(PREFIX))
    headers = {"If-Match": '"0"'} if operation.if_match else {}
    if operation.receives:
        content, headers = picture(size=(20, 20)), {"Content-Type": "image/jpeg"}
        return Answer(case, await case.person.client.request(operation.method, path, content=content, headers=headers))
    body = body_of(operation, case.subject.body)
    return Answer(case, await case.person.client.request(operation.method, path, json=body, headers=headers))


async def answers(world: World, operations: Iterable[Operation], people: Iterable[Person]) -> list[Answer]:
    """Ask everything: every operation on each of its records, everybody at once."""
    found: list[Answer] = []
    asking = list(people)
    for operation in sorted(operations, key=lambda one: LAST.index(one.name) + 1 if one.name in LAST else 0):
        for subject in subjects_of(world, operation):
            cases = [Case(operation, subject, person) for person in asking]
            if operation.name in (ENDLESS, SIGNS_IN):
                cases = [case for case in cases if not case.person.is_signed_in]
            if operation.name in DESTROYS:
                found += [await ask(world, case) for case in _refused_first(cases)]
                continue
            found += await asyncio.gather(*(ask(world, case) for case in cases))
    return found


def _refused_first(cases: list[Case]) -> list[Case]:
    """Those who are refused, then the first of those who are not."""
    allowed = [case for case in cases if expected(case) == 200]
    return [case for case in cases if expected(case) != 200] + allowed[:1]


def differences(found: Iterable[Answer]) -> list[str]:
    """Where the application and its table disagree."""
    return [
        f"{each.case}: the table says {expected(each.case)}, the application {each.reply.status_code}"
        for each in found
        if each.verdict != expected(each.case)
    ]
