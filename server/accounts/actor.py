"""The Actor: who asks, in what roles. Everything that is visible or allowed starts from here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal
from uuid import UUID

NATIONAL = "%"

# Roles that read (and coordinate) over places rather than act for a participant.
OVERSEEING = frozenset({"coordinator", "leading_group_office", "supervisor", "auditor"})

PLATFORM = "platform_administrator"
"""Looks after accounts and offices, and reads no need, offer, project or promise."""

NO_ROLES = frozenset[str]()

Kind = Literal["anonymous", "user", "key", "system"]


@dataclass(frozen=True)
class Grant:
    """One role: at a participant, over a place and all below it, or national (neither named).

    `instead_of` is whose role it is where its holder only stands in for them.
    """

    role: str
    participant_id: UUID | None = None
    place_code: str | None = None
    instead_of: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks. `id` is the user's id; None for anonymous callers and the system itself."""

    kind: Kind
    id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    session_id: UUID | None = None

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def is_signed_in(self) -> bool:
        return self.kind in ("user", "key")

    @property
    def reads_field(self) -> bool:
        """Whether what is published in the field is for the actor's eyes: whoever only looks after the platform sees none."""
        return self._reads_field

    @cached_property
    def _reads_field(self) -> bool:
        return not self.grants or any(grant.role != PLATFORM for grant in self.grants)

    @property
    def principal(self) -> str:
        """The name under which row-level security and idempotency know the actor; '' is nobody."""
        return "system" if self.is_system else str(self.id) if self.id else ""

    @property
    def participants(self) -> frozenset[UUID]:
        """The participants that the actor is a member of."""
        return frozenset(grant.participant_id for grant in self.grants if grant.participant_id)

    @property
    def oversight(self) -> tuple[str, ...]:
        """LIKE patterns over county codes that the actor oversees: `%` national, `61%` a province."""
        over = [grant for grant in self.grants if grant.role in OVERSEEING and grant.participant_id is None]
        return tuple(sorted({code_pattern(grant.place_code) for grant in over}))

    def stands_in(self, may: Callable[["Actor"], bool]) -> UUID | None:
        """For whom the actor does what `may` asks about: a person whose role it takes, None where it is one's own.

        Only where somebody's own roles do not suffice does a substitute act for the person.
        """
        lent = sorted({grant.instead_of for grant in self.grants if grant.instead_of})
        if not lent or may(self._with(None)):
            return None
        return next((person for person in lent if may(self._with(person))), lent[0])

    def _with(self, person: UUID | None) -> "Actor":
        return replace(self, grants=tuple(grant for grant in self.grants if grant.instead_of in (None, person)))

    def roles_at(self, participant_id: UUID | None) -> frozenset[str]:
        """The roles that the actor has at one participant."""
        return self._at.get(participant_id, NO_ROLES) if participant_id else NO_ROLES

    @cached_property
    def _at(self) -> dict[UUID, frozenset[str]]:
        places = {grant.participant_id for grant in self.grants if grant.participant_id}
        return {at: frozenset(grant.role for grant in self.grants if grant.participant_id == at) for at in places}

    def roles_over(self, code: str | None) -> frozenset[str]:
        """The overseeing roles that cover a county or province code; national ones cover everything."""
        return (
            frozenset(grant.role for grant in self._over if _covers(grant.place_code, code)) if self._over else NO_ROLES
        )

    @cached_property
    def _over(self) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.participant_id is None)

    @property
    def national_roles(self) -> frozenset[str]:
        """The roles that are bound to no participant and no place."""
        return frozenset(grant.role for grant in self.grants if not grant.participant_id and not grant.place_code)


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system")


def code_pattern(code: str | None) -> str:
    """The LIKE pattern of all codes at or below a GB/T 2260 code (610000 -> 61%, 611000 -> 6110%)."""
    if code is None:
        return NATIONAL
    return code.removesuffix("00").removesuffix("00") + "%"


def _covers(granted: str | None, code: str | None) -> bool:
    if granted is None:
        return True
    return code is not None and code.startswith(code_pattern(granted)[:-1])
