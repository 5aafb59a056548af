"""Rows of people as the interface shows them."""

from collections.abc import Mapping
from typing import Any

from server.kit.shapes import Name
from server.participants.schemas import ParticipantRef
from server.people import repository
from server.people.schemas import HeldRole, InvitationRead, MemberRead, UserRow
from server.places.schemas import PlaceRef


def member(row: Mapping[str, Any]) -> MemberRead:
    """A member of a participant."""
    plain = {name: row[name] for name in ("id", "identifier", "roles", "since", "is_active")}
    return MemberRead(**plain, name=Name(zh=row["name"], en=row["name_en"]))


def at(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a role is at: a participant, a place, or neither."""
    return {
        "participant": ParticipantRef.of(row, "participant_") if row["participant_id"] else None,
        "place": PlaceRef.of(row) if row["place_code"] else None,
    }


def invitation(row: Mapping[str, Any]) -> InvitationRead:
    """An invitation, without its link."""
    plain = {name: row[name] for name in ("id", "identifier", "roles", "created_at", "expires_at")}
    return InvitationRead(**plain, **at(row), invited_by=Name(zh=row["host_zh"], en=row["host_en"]))


def user(row: dict[str, Any], own: bool) -> UserRow:
    """A user, for the platform administrator."""
    same = ("id", "version", "identifier", "is_active", "created_at", "last_seen_at", "erase_at")
    plain = {name: row[name] for name in same}
    others = ["deactivate" if row["is_active"] else "reactivate"] + ["forget-second-factor"] * row["second_factor"]
    others += ["erase"] * (not row["is_active"] or row["erase_at"] is not None)
    grants = [
        HeldRole(id=held["id"], role=held["role"], since=held["since"], **at(held))
        for held in repository.grants_in(row)
    ]
    return UserRow(
        **plain,
        name=Name(zh=row["name"], en=row["name_en"]),
        second_factor=row["second_factor"],
        grants=grants,
        can=[] if row["erased_at"] else ["grant", *([] if own else others)],
    )
