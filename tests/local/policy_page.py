"""docs/policy.md, written from the policies of the declared operations: role × action × relation × state → fields."""

import re
from collections.abc import Iterable
from pathlib import Path

from server.kit.endpoint import PREFIX, Operation
from server.kit.policy import ANYONE, READER, SIGNED_IN, SYSTEM, Policy, Rule
from server.operations import all_operations
from tests.local.lifecycle_page import TOWARDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"

RELATIONS = TOWARDS | {
    "any": "",
    "self": "for themselves",
    "writer": "at the participant that writes it",
    "wide": "over a province or the country",
    "platform": "of the platform",
}
"""How a role stands towards the record; a relation that is missing here stands under its own name."""

INTRODUCTION = """\
# Who may do what

<!-- Generated from server/*/policy.py by `make generated`; `make check` finds it stale. -->

One table for each policy, as the running application asks it. An action that stands in no table is granted to nobody, and
an operation with such an action stops the start. Who *sees* a record at all is asked before: what is not visible is 404,
what is visible and not allowed is 403, and nobody but those in the first column of a table may do anything. `while` is a
status of the record in which alone the rule holds; in which status a verb is possible at all stands in
[lifecycles](lifecycles.md). `fields` are those that the role may set, or (of an action `see_…`) those of the reply that only
these roles see; empty means every field of the operation's schema. What is asked here is held against the running
application for every standing (`tests/security/test_matrix.py`). Whoever reads the field is everybody who is signed in but
the platform administrator, who looks after accounts and sees no business content.
"""


def page() -> bytes:
    """The whole page."""
    policies: dict[str, tuple[Policy, list[Operation]]] = {}
    for operation in all_operations():
        policies.setdefault(operation.policy.kind, (operation.policy, []))[1].append(operation)
    sections = [_section(policy, operations) for policy, operations in sorted(policies.values(), key=_name)]
    index = "\n".join(f"- [{title}](#{title.lower().replace(' ', '-')})" for title in map(_title, sorted(policies)))
    return ("\n".join([INTRODUCTION, index, *sections]) + "\n").encode()


def _name(entry: tuple[Policy, list[Operation]]) -> str:
    return entry[0].kind


def _title(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _section(policy: Policy, operations: list[Operation]) -> str:
    lines = [f"\n## {_title(policy.kind)}\n", "| who | may | while | fields |", "|---|---|---|---|"]
    lines += [_row(rule) for rule in policy.rules]
    lines += ["", "| action | operations |", "|---|---|", *_operations(operations)]
    return "\n".join(lines)


def _row(rule: Rule) -> str:
    may, states, fields = (_list(each) for each in (rule.actions, sorted(rule.states or ()), sorted(rule.fields or ())))
    return f"| {_who(rule)} | {may} | {states} | {fields} |"


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _who(rule: Rule) -> str:
    plain = {
        ANYONE: "anyone",
        SIGNED_IN: "whoever is signed in",
        READER: "whoever reads the field",
        SYSTEM: "Jiedui itself",
    }
    names = [plain.get(role) or role.replace("_", " ") for role in sorted(rule.roles)]
    return f"{', '.join(names)} {RELATIONS.get(rule.relation, rule.relation)}".strip()


def _operations(operations: list[Operation]) -> Iterable[str]:
    by_action: dict[str, list[str]] = {}
    for operation in operations:
        path = re.sub(r"{(\w+)(?::\w+)?}", r"{\1}", operation.path.removeprefix(PREFIX))
        by_action.setdefault(operation.action, []).append(f"`{operation.method} {path}`")
    for action, paths in by_action.items():
        yield f"| `{action}` | {', '.join(paths)} |"
