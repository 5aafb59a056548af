"""Everything that Jiedui keeps about one person, for that person to take out: one file, one part for each kind of record."""

from datetime import UTC
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from server.accounts import service as accounts
from server.kit import clock
from server.kit.uow import UnitOfWork

PARTS = {
    "account": "SELECT id, identifier, name, name_en, language, theme, is_active, created_at, erase_at"
    " FROM account_user WHERE id = $1",
    "roles": "SELECT g.role, p.name_zh AS participant, g.place_code, g.created_at AS since, g.revoked_at AS until"
    " FROM role_grant g LEFT JOIN participant p ON p.id = g.participant_id WHERE g.user_id = $1 ORDER BY g.id",
    "sessions": "SELECT created_at, last_seen_at, expires_at, revoked_at, user_agent FROM session WHERE user_id = $1 ORDER BY id",
    "api_keys": "SELECT name, scopes, created_at, expires_at, revoked_at, last_used_at FROM api_key WHERE user_id = $1 ORDER BY id",
    "second_factor": "SELECT created_at, confirmed_at, cardinality(recovery_hashes) AS recovery_codes_left"
    " FROM second_factor WHERE user_id = $1",
    "openid_identities": "SELECT issuer, subject, shown_as, created_at FROM openid_identity WHERE user_id = $1 ORDER BY id",
    "failed_sign_ins": "SELECT f.client, f.at FROM sign_in_failure f JOIN account_user u ON u.identifier = f.identifier"
    " WHERE u.id = $1 ORDER BY f.at",
    "letters": "SELECT l.channel, l.created_at, l.ended_at, l.outcome FROM letter l"
    " JOIN account_user u ON u.identifier = l.address WHERE u.id = $1 ORDER BY l.id",
    "invitations_received": "SELECT i.identifier, i.roles, i.place_code, i.created_at, i.accepted_at FROM invitation i"
    " JOIN account_user u ON u.identifier = i.identifier OR i.accepted_by = u.id WHERE u.id = $1 ORDER BY i.id",
    "invitations_given": "SELECT roles, place_code, created_at, accepted_at, withdrawn_at FROM invitation"
    " WHERE invited_by_id = $1 ORDER BY id",
    "drafts": "SELECT key, title, payload, changed_at FROM draft WHERE user_id = $1 ORDER BY key",
    "inbox": "SELECT topic, kind, subject_kind, subject_id, title, at, read_at FROM notice WHERE user_id = $1 ORDER BY id",
    "notice_settings": "SELECT email, sms, quiet_from, quiet_to, digest_hour, digest_weekday, choices FROM notice_setting"
    " WHERE user_id = $1",
    "notices_sent": "SELECT notice_id, channel, after, state FROM notice_sending WHERE user_id = $1 ORDER BY id",
    "exports": "SELECT list_name, format, query, created_at, made_at FROM export WHERE created_by = $1 ORDER BY id",
    "files": "SELECT id, media_type, size, record_kind, record_id, created_at FROM file WHERE uploaded_by = $1 ORDER BY id",
    "sheets": "SELECT id, kind, participant_id, file_name, created_at FROM sheet_import WHERE created_by = $1 ORDER BY id",
    "trail": "SELECT kind, subject_kind, subject_id, business_at, before, after FROM event"
    " WHERE actor = ($1::uuid)::text OR acting_for = $1 OR (subject_kind = 'user' AND subject_id = $1) ORDER BY id",
}
"""Each part with its statement; secrets are in none of them, and other people neither."""


class Written(NamedTuple):
    """Rows of one table in which columns say that this person wrote, decided or recorded them, and what is shown of each."""

    table: str
    by: tuple[str, ...]
    shown: str
    order: str = "id"


WRITTEN = {
    "needs": Written("need", ("written_by", "reviewed_by"), "id, title, status, created_at"),
    "offers": Written("offer", ("written_by",), "id, title, status, created_at"),
    "projects": Written("project", ("written_by",), "id, title, status, created_at"),
    "campaigns": Written("campaign", ("written_by", "consented_by"), "id, title, status, created_at"),
    "intents": Written("intent", ("written_by",), "id, need_id, status, created_at"),
    "participants_registered": Written("participant", ("registered_by",), "id, kind, name_zh, status, created_at"),
    "turns": Written("proposal_turn", ("user_id", "for_user_id"), "proposal_id, sequence, kind, by_side, at", "at"),
    "endorsements": Written("proposal", ("endorsed_by",), "id, status, created_at"),
    "messages": Written("proposal_message", ("user_id",), "proposal_id, side, body, at", "at"),
    "threads_read": Written("proposal_reading", ("user_id",), "proposal_id", "proposal_id"),
    "signatures": Written(
        "pledge_signature", ("user_id", "for_user_id"), "pledge_id, revision, side, text_hash, at", "at"
    ),
    "pledge_versions": Written("pledge_version", ("user_id",), "pledge_id, revision, by_side, note, at", "at"),
    "pledges_valued": Written("pledge", ("value_confirmed_by",), "id, status, created_at"),
    "urges": Written("pledge_urge", ("user_id",), "pledge_id, addressee, remark, at", "at"),
    "stages": Written("delivery_stage", ("user_id",), "delivery_id, kind, voucher, note, at", "at"),
    "surplus_agreed": Written("delivery", ("surplus_user",), "id, status, created_at"),
    "evidence": Written("delivery_evidence", ("user_id",), "delivery_id, file_id, kind, caption, at", "at"),
    "certificates": Written("certificate", ("issued_by",), "number, delivery_id, issued_on"),
    "receipts": Written("donation_receipt", ("recorded_by",), "delivery_id, number, issued_on"),
    "agreements": Written("agreement", ("written_by",), "id, year, status, created_at"),
    "agreement_versions": Written("agreement_version", ("user_id",), "agreement_id, revision, by_side, note, at", "at"),
    "agreement_signatures": Written(
        "agreement_signature", ("user_id", "for_user_id"), "agreement_id, revision, side, text_hash, at", "at"
    ),
    "meetings": Written("meeting", ("written_by", "recorded_by"), "id, title, held_on"),
    "decisions_settled": Written("meeting_decision", ("settled_by",), "meeting_id, what, settled_at"),
    "unit_conditions": Written("unit_condition", ("written_by",), "id, words, status, created_at"),
    "tasks": Written("task", ("written_by",), "id, title, status, created_at"),
    "task_entries": Written("task_entry", ("user_id",), "task_id, kind, words, at", "at"),
    "year_summaries": Written("year_summary", ("written_by", "opinion_by"), "id, year, side, revision, created_at"),
    "secondments": Written("secondment", ("written_by",), "id, post, term_from, term_to, created_at"),
    "substitutions": Written(
        "substitution",
        ("person_id", "substitute_id", "named_by"),
        "participant_id, from_day, until_day, remark, ended_at, person_id = $1 AS stood_in_for",
    ),
    "risk_flags": Written("risk_flag", ("set_by", "lifted_by"), "id, participant_id, reason, set_at, lifted_at"),
    "docking_runs": Written("docking_run", ("started_by",), "id, status, created_at"),
    "pledge_calendars": Written("pledge_calendar", ("set_by",), "remark, set_at"),
    "docking_settings": Written("docking_settings", ("set_by",), "remark, set_at"),
    "decline_lists": Written("decline_list", ("set_by",), "remark, set_at"),
    "ledger_entries": Written(
        "ledger_entry", ("recorded_by",), "id, movement, reference_kind, reference_id, business_at"
    ),
    "jobs": Written("job", ("created_by",), "name, status, created_at"),
}
"""What stays with the records of the field, by the table that it stands in."""


def statement(written: Written) -> str:
    """The rows of one table by this person; ids are text in some tables."""
    mine = " OR ".join(f"{column}::text = ($1::uuid)::text" for column in written.by)
    return f"SELECT {written.shown} FROM {written.table} WHERE {mine} ORDER BY {written.order}"  # names of the code


async def take_out(uow: UnitOfWork, user_id: UUID) -> bytes:
    """One person's data as JSON, times in UTC."""
    async with accounts.as_system(uow):
        every = PARTS | {part: statement(written) for part, written in WRITTEN.items()}
        found = {part: [_plain(row) for row in await uow.fetch(sql, user_id)] for part, sql in every.items()}
    return orjson.dumps(
        {"taken_out_at": clock.real_now().astimezone(UTC), **found}, default=str, option=orjson.OPT_INDENT_2
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row in which what PostgreSQL gives as JSON text is JSON again."""
    return {
        name: _json(value) if name in {"payload", "query", "before", "after"} else value for name, value in row.items()
    }


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value
