"""Every column that may point to a person is in what that person takes out, and gone or nobody's once they are forgotten.

The columns are read from the database: a new one fails here until it is in the download, or stands below with its reason.
"""

import re

import pytest

from server.kit import clock
from server.reports import own_data
from tests.factories.accounts import make_member
from tests.factories.participants import make_participant
from tests.support.database import Database
from tests.support.http import Api
from workers import upkeep

pytestmark = pytest.mark.usefixtures("clean", "application")

COLUMNS = """
SELECT c.table_name || '.' || c.column_name AS name FROM information_schema.columns c
JOIN pg_tables t ON t.tablename = c.table_name AND t.schemaname = 'public'
LEFT JOIN LATERAL (
    SELECT f.confrelid::regclass::text AS target FROM pg_constraint f
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    WHERE f.contype = 'f' AND f.conrelid = c.table_name::regclass AND a.attname = c.column_name LIMIT 1) f ON true
WHERE c.table_schema = 'public' AND c.column_name <> 'id' AND (
    f.target = 'account_user' OR (c.udt_name = 'uuid' AND f.target IS NULL)
    OR (c.udt_name IN ('varchar', 'text') AND c.column_name ~ '(_by|actor|principal|identifier|address|email|sms|client|phone)$'))"""
"""Ids that no foreign key says anything of, those of users, and words by which somebody could be known."""

RECORDS = frozenset(
    [
        "account.owner_id",
        "account.subject_id",
        "dispatch.event_id",
        "docking_run.job_id",
        "event.subject_id",
        "export.job_id",
        "file.county_id",
        "file.giver_id",
        "file.record_id",
        "ledger_entry.counter_account_id",
        "ledger_entry.reference_id",
        "ledger_entry.reverses",
        "meeting.minutes_file_id",
        "need.project_id",
        "notice.event_id",
        "notice.subject_id",
        "pledge_version.delivery_id",
        "delivery.participant_id",
        "risk_flag.file_id",
        "role_grant.participant_id",
        "sheet_import.job_id",
        "sheet_row.participant_id",
        "sheet_row.record_id",
        "stream_entry.event_id",
        "stream_entry.subject_id",
        "suggestion.county_id",
        "suggestion.giver_id",
        "suggestion.proposal_id",
        "unmet.owner_id",
        "client_reference.record_id",
    ]
)
"""They point to records, not to persons."""

SIDES = frozenset(
    {"delivery.settled_by", "delivery.surplus_by", "proposal.agreed_by", "proposal.declined_by", "sheet_row.settled_by"}
)
"""They say which side, county or giver."""

NOT_TAKEN_OUT = {
    "stored_reply.principal": "a reply that was sent already, for a week, to be sent again",
    "client_reference.owner_id": "a hash that keeps a resent form from counting twice",
    "sign_in_failure.client": "wrong codes of a second factor, for a day",
    "address_code.address": "the hash of a code, for a day",
}

IDS_STAY = "the record stays in the books or the trail; nobody is behind the id any more"
STAYS = {
    "account_user.identifier": "withdrawn-… from then on",
    "client_reference.owner_id": IDS_STAY,
    "event.acting_for": IDS_STAY,
    "event.actor": IDS_STAY,
    "file.uploaded_by": IDS_STAY,
    "invitation.accepted_by": IDS_STAY,
    "invitation.invited_by_id": IDS_STAY,
    "job.created_by": "goes after 30 days by itself",
    "role_grant.user_id": IDS_STAY,
    "sheet_import.created_by": "goes after 180 days by itself",
} | dict.fromkeys(
    (f"{one.table}.{column}" for one in own_data.WRITTEN.values() for column in one.by if one.table != "job"), IDS_STAY
)

PLANTED = {
    "address_code.address": "(address, purpose, code_hash, expires_at) VALUES ($2, 'commit', 'x', now())",
    "api_key.user_id": "(user_id, name, key_hash) VALUES ($1, 'x', 'x')",
    "draft.user_id": "(user_id, key, payload, revision, changed_at) VALUES ($1, 'k', '{}', 1, now())",
    "export.created_by": "(created_by, list_name, format, language, file_name) VALUES ($1, 'needs', 'xlsx', 'en', 'x')",
    "invitation.identifier": "(identifier, roles, token_hash, expires_at, invited_by_id) VALUES ($2, '{viewer}', 'x', now(), $1)",
    "letter.address": "(channel, key, address, subject, body) VALUES ('email', 'x', $2, '', '')",
    "notice.user_id": (
        "(user_id, event_id, topic, kind, subject_kind, subject_id, title, at)"
        " VALUES ($1, uuidv7(), 'publishing', 'x', 'need', $1, 'x', now())"
    ),
    "notice_sending.user_id": "(notice_id, user_id, channel, after) SELECT id, $1, 'email', now() FROM notice",
    "notice_setting.user_id": "(user_id, email, choices) VALUES ($1, 'other@post.example', '{}')",
    "openid_identity.user_id": "(user_id, issuer, subject) VALUES ($1, 'https://id.example', 'x')",
    "second_factor.user_id": "(user_id, sealed, key_id) VALUES ($1, 'x', 'x')",
    "session.user_id": (
        "(user_id, token_hash, csrf_token, last_seen_at, expires_at) VALUES ($1, 'x', 'x', now(), now() + interval '1 day')"
    ),
    "sign_in_failure.client": "(identifier, client, at) VALUES ('other', $1::text, now())",
    "sign_in_failure.identifier": "(identifier, client, at) VALUES ($2, 'x', now())",
    "stored_reply.principal": "(principal, route, key, body_hash, status) VALUES ($1::text, 'r', 'k', 'h', 200)",
}
"""What goes with the person: one row of each, of user $1 who signs in as $2."""
GO_WITH_THEIR_ROW = frozenset({"notice_setting.email", "notice_setting.sms"})


async def _columns(database: Database) -> set[str]:
    """The columns that may say who somebody is."""
    found = {row["name"] for row in await database.fetch(COLUMNS)} - RECORDS - SIDES
    assert len(found) > 50
    return found


def _taken_out() -> set[str]:
    """The columns by which the download finds a person's rows."""
    found = {f"{one.table}.{column}" for one in own_data.WRITTEN.values() for column in one.by}
    for sql in own_data.PARTS.values():
        tables = dict(re.findall(r"(?:FROM|JOIN) (\w+)(?: (\w)\b)?", sql))
        aliases = {alias: table for table, alias in tables.items() if alias}
        first = re.findall(r"FROM (\w+)", sql)[0]
        for alias, column in re.findall(r"(?:\b(\w)\.)?(\w+) =", sql) + re.findall(r"= (\w)\.(\w+)", sql):
            found.add(f"{aliases.get(alias, first)}.{column}")
    return found


async def test_every_column_that_points_to_a_person_is_in_the_download_or_has_a_reason(database: Database):
    columns = await _columns(database)
    left = columns - _taken_out() - set(NOT_TAKEN_OUT) - GO_WITH_THEIR_ROW
    assert sorted(left) == [], "neither in server/reports/own_data.py nor with a reason here"
    assert sorted(set(NOT_TAKEN_OUT) - columns) == [], "no such column"


async def test_of_every_column_that_points_to_a_person_it_is_said_what_erasure_does(database: Database):
    columns = await _columns(database)
    assert sorted(columns - set(STAYS) - set(PLANTED) - GO_WITH_THEIR_ROW) == [], (
        "neither goes nor has a reason to stay"
    )
    assert sorted((set(STAYS) | set(PLANTED)) - columns) == [], "no such column"
    assert set(STAYS) & set(PLANTED) == set()


async def test_control_a_table_that_nobody_thought_of_is_found(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(own_data.WRITTEN, "risk_flags")
    assert (await _columns(database)) - _taken_out() - set(NOT_TAKEN_OUT) - GO_WITH_THEIR_ROW == {
        "risk_flag.set_by",
        "risk_flag.lifted_by",
    }


async def test_what_goes_with_a_person_is_gone(database: Database):
    await make_member((await make_participant()).id, "administrator")
    identifier = "sun.li@county.example"
    user = await make_member((await make_participant()).id, "viewer", identifier=identifier)

    async def standing() -> set[str]:
        found = set()
        for name in PLANTED:
            table, column = name.split(".")
            sql = f"SELECT FROM {table} WHERE {column}::text IN ($1::uuid::text, $2)"  # named above
            found |= {name} if await database.fetch(sql, user.id, identifier) else set()
        return found

    for name, values in PLANTED.items():
        given = [user.id, identifier][: 1 + ("$2" in values)]
        text = (
            values.replace("$1", "$1::uuid") if "$1" in values else values.replace("$2", "coalesce($2, $1::uuid::text)")
        )
        await database.fetch(f"INSERT INTO {name.split('.')[0]} {text}", *given)  # named above
    assert await standing() == set(PLANTED)
    await database.fetch("UPDATE account_user SET erase_at = $2 WHERE id = $1", user.id, clock.real_now())
    await upkeep.erase_people()
    assert await standing() == set()


async def test_every_part_of_the_download_is_a_statement_that_runs(api: Api):
    member = await make_member((await make_participant()).id, "viewer")
    taken = (await (await api.signed_in(member)).get("/me/data")).json()
    assert set(taken) == {"taken_out_at", *own_data.PARTS, *own_data.WRITTEN}
