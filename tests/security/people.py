"""Who asks: one person for each standing that the rules tell apart, with what they hold said in plain words.

A *party* is who a relation of a policy points at: a participant of the world by its letter, `over:610925` for those
who oversee a code, `office` for whoever oversees anything, `member` for whoever belongs
anywhere, `wide` for the country or a province, `platform` for who
looks after accounts, `user:NAME` for one person's own things, `reader` for whoever is signed in and does not only look
after the platform.
"""

from dataclasses import dataclass

import httpx2

ANYONE = "anyone"
SIGNED_IN = "signed_in"
READER = "reader"
MEMBERS = ("administrator", "editor", "reviewer", "signatory", "viewer")
OFFICES = ("coordinator", "leading_group_office", "supervisor", "auditor")

COUNTY, SIBLING, PREFECTURE, PROVINCE = "610925", "610924", "610900", "610000"
FOREIGN, EAST, OTHER_EAST = "532324", "320100", "330100"

# A: the county that asks, B: its neighbour, C: a county elsewhere; E: the giver, F: another of its city, G: one elsewhere;
# U: an armed-forces unit, paired with A; D: the line department that A asks.
STANDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    **{f"{role} of the county": ((role, "A"),) for role in MEMBERS},
    **{f"{role} of the giver": ((role, "E"),) for role in ("editor", "signatory", "viewer")},
    "everything at a sibling county": tuple((role, "B") for role in MEMBERS),
    "everything at a foreign county": tuple((role, "C") for role in MEMBERS),
    "everything at a sibling giver": tuple((role, "F") for role in MEMBERS),
    "everything at a foreign giver": tuple((role, "G") for role in MEMBERS),
    "everything at the line department": tuple((role, "D") for role in MEMBERS),
    "everything at the unit": tuple((role, "U") for role in MEMBERS),
    "front-line group": (("editor", "A"), ("signatory", "A"), ("editor", "E"), ("signatory", "E")),
    "coordinator of the prefecture": (("coordinator", f"over:{PREFECTURE}"),),
    **{f"{role} of the province": ((role, f"over:{PROVINCE}"),) for role in OFFICES[1:]},
    "coordinator of a foreign province": (("coordinator", "over:530000"),),
    "coordinator of the giver's city": (("coordinator", f"over:{EAST}"),),
    "national coordinator": (("coordinator", "over:"),),
    "national auditor": (("auditor", "over:"),),
    "platform administrator": (("platform_administrator", "platform"),),
    "signed in, without a role": (),
}
ANONYMOUS = "anonymous"


@dataclass
class Person:
    """One who asks."""

    name: str
    held: tuple[tuple[str, str], ...]
    client: httpx2.AsyncClient

    def roles(self, party: str) -> frozenset[str]:
        """The roles that this person has at or over a party."""
        if party.startswith("user:"):
            return frozenset({"person"} if party in ("user:", f"user:{self.name}") and self.is_signed_in else ())
        return frozenset(role for role, where in self.held if _reaches(where, party))

    def sees(self, parties: tuple[str, ...]) -> bool:
        """Whether what these parties may see is visible to this person."""
        return ANYONE in parties or (
            self.is_signed_in
            and (
                SIGNED_IN in parties
                or (READER in parties and self.reads_field)
                or any(self.roles(party) for party in parties)
            )
        )

    @property
    def reads_field(self) -> bool:
        """Everybody but who only looks after the platform."""
        return self.is_signed_in and {role for role, _ in self.held} != {"platform_administrator"}

    @property
    def is_signed_in(self) -> bool:
        return self.name != ANONYMOUS


def _reaches(where: str, party: str) -> bool:
    if where == "platform":
        return party == "platform"
    if not where.startswith("over:"):
        return party in (where, "member")
    code = where.removeprefix("over:")
    if party == "office":
        return True
    if party == "wide":
        return not code or code.endswith("0000")
    stem = code.removesuffix("00").removesuffix("00")
    return party.startswith("over:") and party.removeprefix("over:").startswith(stem)
