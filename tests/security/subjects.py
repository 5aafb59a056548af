"""What the tests of rights ask about: one record each, and the world that all of them make up."""

from dataclasses import dataclass, field
from typing import Any

from server.accounts.models import User
from server.participants.models import Participant
from tests.security.people import COUNTY, Person
from tests.support.http import Api

OVER = f"over:{COUNTY}"


ALIAS = "某部队甲"


OWNER = "editor of the county"


@dataclass(frozen=True)
class Subject:
    """One record: the values of the path's names, who may see it, and whom the policies' relations mean by it."""

    name: str
    ids: dict[str, str]
    seen_by: tuple[str, ...]
    relations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    status: str | None = None
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Everybody and everything."""

    api: Api
    people: dict[str, Person]
    users: dict[str, User]
    participants: dict[str, Participant]
    subjects: dict[str, Subject]

    def id(self, name: str) -> str:
        """The id of a record by its name here."""
        return next(iter(self.subjects[name].ids.values()))

    async def sign_in_again(self) -> None:
        """Give everybody a new session, because they signed out."""
        for name, user in self.users.items():
            self.people[name].client = await self.api.signed_in(user)
