"""Who takes part: participants of all kinds, their people, and the pairings that some of them bring."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from server.seed.world import words
from server.seed.world.atlas import Atlas, Seat
from server.seed.world.chance import Chance, at_work

MADE_UP = "（模拟）"
"""Stands in every made-up name, so that nobody takes it for a real firm, unit or person."""

PARTY_NAMES = {
    "民革中央": "Central Committee of the Revolutionary Committee of the Kuomintang",
    "民盟中央": "Central Committee of the China Democratic League",
    "民建中央": "Central Committee of the China National Democratic Construction Association",
    "民进中央": "Central Committee of the China Association for Promoting Democracy",
    "农工党中央": "Central Committee of the Chinese Peasants' and Workers' Democratic Party",
    "致公党中央": "Central Committee of the China Zhi Gong Party",
    "九三学社中央": "Central Committee of the Jiusan Society",
    "台盟中央": "Central Committee of the Taiwan Democratic Self-Government League",
}


class Person(NamedTuple):
    """Somebody who works for a participant, or oversees places (`place_code`, none for the whole country)."""

    id: UUID
    identifier: str
    name_zh: str
    name_en: str
    roles: tuple[str, ...]
    participant_id: UUID | None
    place_code: str | None = None


@dataclass(frozen=True)
class Member:
    """A participant. `people[0]` writes; a county's `people[1]` reviews and signs."""

    id: UUID
    kind: str
    name_zh: str
    name_en: str
    seat: Seat | None
    status: str = "verified"
    verified_at: datetime | None = None
    alias: str | None = None
    parent_id: UUID | None = None
    people: tuple[Person, ...] = ()


class NewPair(NamedTuple):
    """A pairing that a made-up participant brings."""

    id: UUID
    kind: str
    giver: Member
    place: Seat
    reference: str


@dataclass
class Cast:
    """Everybody, in a fixed order."""

    members: list[Member] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    """People beside those whom the participants came with: overseers, demo accounts."""
    pairs: list[NewPair] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Member]:
        """The verified participants of a kind."""
        return [member for member in self.members if member.kind == kind and member.status == "verified"]

    def governments(self) -> dict[str, Member]:
        """County governments by the county's code."""
        return {member.seat.code: member for member in self.of_kind("western_government") if member.seat}

    @property
    def people(self) -> Iterator[Person]:
        """Everybody who has a user."""
        for member in self.members:
            yield from member.people
        yield from self.others


def make_cast(atlas: Atlas, chance: Chance, offers: int) -> Cast:
    """Everybody for a world with so many offers; there are as many givers as that many offers plausibly have."""
    casting = _Casting(atlas, chance)
    casting.governments()
    casting.eastern_partners()
    casting.line_departments()
    casting.offices()
    casting.parties()
    casting.units(24 + min(offers // 60, 300), 8 + min(offers // 200, 80))
    casting.enterprises(40 + min(offers // 6, 8000))
    casting.charities(15 + min(offers // 30, 1500))
    casting.citizens(15 + min(offers // 25, 2000))
    casting.applicants()
    return casting.cast


class _Casting:
    """Makes one kind of participant after the other."""

    def __init__(self, atlas: Atlas, chance: Chance) -> None:
        self.atlas, self.chance, self.cast = atlas, chance, Cast()
        self.began = date(atlas.today.year - 2, 1, 1)
        """About when most took part: well before the business date."""

    def _add(
        self,
        kind: str,
        name: tuple[str, str],
        seat: Seat | None,
        login: str,
        *,
        status: str = "verified",
        alias: str | None = None,
        parent_id: UUID | None = None,
        roles: tuple[tuple[str, ...], ...] = (("editor", "signatory"),),
    ) -> Member:
        (days,) = self.chance.whole(0, 300, 1)
        verified = at_work(self.began + timedelta(days=days), days)
        ids = self.chance.ids([verified] * (1 + len(roles)))
        titles = (("经办人", "desk"), ("审核人", "reviewer"))
        people = tuple(
            Person(
                ids[1 + at], f"{login}.{at + 1}", name[0] + titles[at][0], f"{name[1]} ({titles[at][1]})", own, ids[0]
            )
            for at, own in enumerate(roles)
        )
        verified_at = verified if status == "verified" else None
        member = Member(ids[0], kind, *name, seat, status, verified_at, alias, parent_id, people)
        self.cast.members.append(member)
        return member

    def governments(self) -> None:
        for county in self.atlas.counties:
            seat = county.seat
            name = (seat.name_zh + "人民政府", f"Government of {seat.name_en}")
            self._add(
                "western_government", name, seat, f"county.{seat.code}", roles=(("editor",), ("reviewer", "signatory"))
            )

    def eastern_partners(self) -> None:
        provinces: dict[str, Member] = {}
        for seat in self.atlas.givers:
            name = (seat.name_zh + "人民政府", f"Government of {seat.name_en}")
            member = self._add("eastern_partner", name, seat, f"partner.{seat.code}")
            if seat.level == "province":
                provinces[seat.province] = member
        for seat in self.atlas.giver_cities:
            name = (seat.name_zh + "人民政府", f"Government of {seat.name_en}")
            above = provinces.get(seat.province)
            self._add("eastern_partner", name, seat, f"partner.{seat.code}", parent_id=above.id if above else None)

    def _western_provinces(self) -> list[Seat]:
        codes = sorted({county.seat.province + "0000" for county in self.atlas.counties})
        return [self.atlas.places[code] for code in codes if code in self.atlas.places]

    def line_departments(self) -> None:
        for seat in self._western_provinces():
            for at, department in enumerate(self.chance.generator.choice(words.DEPARTMENTS, 2, replace=False).tolist()):
                name = (
                    f"{seat.name_zh}{department}{MADE_UP}",
                    f"Line department {at + 1} of {seat.name_en} (simulated)",
                )
                self._add("line_department", name, seat, f"department.{seat.code}.{at + 1}")

    def offices(self) -> None:
        for seat in self._western_provinces():
            name = (f"{seat.name_zh}扶贫协作办公室{MADE_UP}", f"Coordinating office of {seat.name_en} (simulated)")
            office = self._add("coordinating_office", name, seat, f"office.{seat.code}", roles=())
            self._overseer(office, f"office.{seat.code}", "coordinator", seat.code)
        office = self._add(
            "coordinating_office", (f"全国扶贫协作办公室{MADE_UP}", "National office (simulated)"), None, "office"
        )
        self._overseer(office, "office.national", "coordinator", None)
        for at in range(2):
            name = (f"脱贫攻坚督查组{at + 1:02}{MADE_UP}", f"Inspection group {at + 1} (simulated)")
            group = self._add("supervisor", name, None, f"supervisor.{at + 1}", roles=())
            self._overseer(group, f"supervisor.{at + 1}", "supervisor", None)

    def _overseer(self, of: Member, login: str, role: str, place_code: str | None) -> None:
        (user,) = self.chance.ids([of.verified_at or at_work(self.began, 0)])
        person = Person(user, login, of.name_zh + "工作人员", f"{of.name_en} (staff)", (role,), None, place_code)
        self.cast.others.append(person)

    def parties(self) -> None:
        supervised = {pair.giver_name for pair in self.atlas.pairs if pair.kind == "party_supervision"}
        for at, name in enumerate(sorted(name for name in supervised if name)):
            self._add("democratic_party", (name, PARTY_NAMES.get(name, name)), None, f"party.{at + 1}")

    def units(self, designated: int, armed: int) -> None:
        """Designated units and units of the armed forces, each paired with counties that are still on the list."""
        poor = [county for county in self.atlas.counties if self.atlas.is_poor(county)] or self.atlas.counties
        beijing = self.atlas.places.get("110000")
        forms = self.chance.pick(words.UNIT_FORMS, designated)
        for at, (form, many) in enumerate(zip(forms, self.chance.whole(1, 2, designated), strict=True)):
            name = (f"{form}{at + 1:03}{MADE_UP}", f"Designated unit {at + 1:03} (simulated)")
            unit = self._add("designated_unit", name, beijing, f"unit.{at + 1:03}")
            for county in self.chance.pick(poor, many):
                self._pair("designated", unit, county.seat)
        for at in range(armed):
            name = (f"模拟部队{at + 1:03}", f"Simulated unit {at + 1:03}")
            unit = self._add("armed_forces_unit", name, None, f"forces.{at + 1:03}", alias=f"某部 {at + 1:03}")
            self._pair("armed_forces", unit, self.chance.pick(poor, 1)[0].seat)

    def _pair(self, kind: str, giver: Member, place: Seat) -> None:
        reference = f"scenario/{kind}/{giver.people[0].identifier}/{place.code}"
        if reference not in {pair.reference for pair in self.cast.pairs[-2:]}:
            (own,) = self.chance.ids([giver.verified_at or at_work(self.began, 0)])
            self.cast.pairs.append(NewPair(own, kind, giver, place, reference))

    def _eastern_seats(self, count: int) -> list[Seat]:
        """Seats of firms and charities: richer provinces have more, which the number of their cities stands for."""
        cities = [seat for seat in (*self.atlas.givers, *self.atlas.giver_cities) if seat.level != "province"]
        return self.chance.pick(cities or list(self.atlas.places.values()), count)

    def enterprises(self, count: int) -> None:
        firms = zip(
            self._eastern_seats(count),
            self.chance.pick(words.FIRM_WORDS, count),
            self.chance.pick(words.FIRM_WORDS, count),
            self.chance.pick(words.FIRM_FIELDS, count),
            strict=True,
        )
        for at, (seat, first, second, trade) in enumerate(firms):
            name = (
                f"{short(seat)}{first}{second}{trade}（模拟{at + 1:04}）有限公司",
                f"Simulated company {at + 1:04}, {seat.name_en}",
            )
            firm = self._add("enterprise", name, seat, f"firm.{at + 1:04}")
            if at % 25 == 0 and self.atlas.counties:
                self._pair("enterprise_village", firm, self.chance.pick(self.atlas.counties, 1)[0].seat)

    def charities(self, count: int) -> None:
        found = zip(
            self._eastern_seats(count),
            self.chance.pick(words.CHARITY_WORDS, count),
            self.chance.pick(words.CHARITY_FORMS, count),
            strict=True,
        )
        for at, (seat, word, form) in enumerate(found):
            name = (f"{short(seat)}{word}{form}（模拟{at + 1:04}）", f"Simulated charity {at + 1:04}, {seat.name_en}")
            self._add("social_organisation", name, seat, f"charity.{at + 1:04}")

    def citizens(self, count: int) -> None:
        for at, seat in enumerate(self._eastern_seats(count)):
            name = (f"热心市民（模拟{at + 1:04}）", f"Simulated citizen {at + 1:04}")
            self._add("citizen", name, seat, f"citizen.{at + 1:04}")

    def applicants(self) -> None:
        """A few who have applied and wait to be verified."""
        for at, seat in enumerate(self._eastern_seats(6)):
            name = (
                f"{short(seat)}待核验企业（模拟{at + 1:02}）有限公司",
                f"Simulated applicant {at + 1:02}, {seat.name_en}",
            )
            self._add("enterprise", name, seat, f"applicant.{at + 1:02}", status="applied")


def short(seat: Seat) -> str:
    """A place's name as firms carry it: 南京 for 南京市."""
    name = seat.name_zh
    return name[:-1] if len(name) > 2 and name[-1] in "市区县省" else name


def paired_counties(atlas: Atlas, cast: Cast) -> dict[UUID, list[int]]:
    """Which counties (by index in the atlas) each giver is paired with, parties' supervision left aside."""
    by_place = {member.seat.code: member for member in cast.of_kind("eastern_partner") if member.seat}
    at_code = {county.seat.code: at for at, county in enumerate(atlas.counties)}
    result: dict[UUID, set[int]] = {}
    for pair in atlas.east_west:
        if pair.giver in by_place:
            result.setdefault(by_place[pair.giver].id, set()).update(atlas.counties_of([pair]))
    for new in cast.pairs:
        result.setdefault(new.giver.id, set()).add(at_code[new.place.code])
    return {giver: sorted(counties) for giver, counties in result.items()}
