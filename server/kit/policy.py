"""Who may do what to which object: one readable table per domain (role × action × relation × state → fields).

The kit knows no role: a relation is a function that says which roles the actor has *towards* a subject, so a
clerk of another county has none here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ANYONE = "anyone"
SIGNED_IN = "signed_in"
READER = "reader"
"""Whoever is signed in and reads the field: not who only looks after the platform."""
SYSTEM = "system"


class Principal(Protocol):
    """What the kit needs to know of an actor."""

    @property
    def is_system(self) -> bool: ...
    @property
    def is_signed_in(self) -> bool: ...
    @property
    def reads_field(self) -> bool: ...


Relation = Callable[[Any, Any], frozenset[str]]


@dataclass(frozen=True)
class Rule:
    """Whoever has one of `roles` towards the subject through `relation` may do `actions` in `states`.

    `fields` limits what the body may set; None means every field of the input schema. Of an action `see_…` they are the
    fields of the reply that only those see whom the rule names: the service asks `Policy.fields` for them.
    """

    actions: tuple[str, ...]
    roles: frozenset[str]
    relation: str
    states: frozenset[str] | None = None
    fields: frozenset[str] | None = None


def rule(actions: str, roles: str, relation: str = "any", states: str | None = None, fields: str | None = None) -> Rule:
    """A Rule from space-separated words, so that a table of rules reads as a table."""
    return Rule(
        tuple(actions.split()),
        frozenset(roles.split()),
        relation,
        None if states is None else frozenset(states.split()),
        None if fields is None else frozenset(fields.split()),
    )


def _any(actor: Principal) -> frozenset[str]:
    key = (actor.is_signed_in, actor.is_system, actor.is_signed_in and actor.reads_field)
    roles = _ROLES_OF_ANYBODY.get(key)
    if roles is None:
        named = zip((SIGNED_IN, SYSTEM, READER), key, strict=True)
        roles = _ROLES_OF_ANYBODY[key] = frozenset([ANYONE, *(role for role, held in named if held)])
    return roles


_ROLES_OF_ANYBODY: dict[tuple[bool, bool, bool], frozenset[str]] = {}


@dataclass(frozen=True)
class Policy:
    """The table of one domain."""

    kind: str
    rules: tuple[Rule, ...]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    _asked: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _found: dict[tuple[Any, ...], list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {"any", *self.relations}
        for entry in self.rules:
            if entry.relation not in known:
                raise ValueError(f"policy {self.kind}: relation {entry.relation} is not defined")

    @property
    def actions(self) -> frozenset[str]:
        """Every action that some rule grants; an operation with another one stops the start."""
        return frozenset(action for entry in self.rules for action in entry.actions)

    def is_open(self, action: str) -> bool:
        """Whether callers who are not signed in may do `action` to something at least."""
        return any(action in entry.actions and ANYONE in entry.roles for entry in self.rules)

    def grants(self, actor: Any, action: str, subject: Any) -> Rule | None:
        """The first rule that lets `actor` do `action` to `subject` in its present status, or None."""
        return next(self._granting(actor, action, subject), None)

    def fields(self, actor: Any, action: str, subject: Any) -> frozenset[str] | None:
        """The fields that the actor may set (of `see_…`: is shown): what any granting rule allows; None means every field."""
        allowed: frozenset[str] = frozenset()
        for entry in self._granting(actor, action, subject):
            if entry.fields is None:
                return None
            allowed |= entry.fields
        return allowed

    def _granting(self, actor: Any, action: str, subject: Any) -> Iterator[Rule]:
        held: dict[str, frozenset[str]] = {"any": _any(actor)}
        status = getattr(subject, "status", None)
        for entry in self.rules:
            if action not in entry.actions or (entry.states is not None and status not in entry.states):
                continue
            if entry.relation not in held:
                held[entry.relation] = self.relations[entry.relation](actor, subject)
            if held[entry.relation] & entry.roles:
                yield entry

    def can(self, actor: Any, subject: Any, verbs: Iterable[str]) -> list[str]:
        """Those of `verbs` that the actor may do to the subject now: a record's `can`.

        It depends on the roles held towards the subject and on its status alone, of which a page has few.
        """
        wanted = tuple(verbs)
        relations = self._asked.get(wanted)
        if relations is None:
            named = {entry.relation for entry in self.rules if not frozenset(wanted).isdisjoint(entry.actions)}
            relations = self._asked[wanted] = tuple(sorted(named - {"any"}))
        held = tuple([self.relations[name](actor, subject) for name in relations])
        key = (wanted, getattr(subject, "status", None), _any(actor), held)
        found = self._found.get(key)
        if found is None:
            granted = [verb for verb in dict.fromkeys(wanted) if self.grants(actor, verb, subject)]
            found = self._found[key] = granted
        return list(found)
