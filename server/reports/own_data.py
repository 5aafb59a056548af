"""Everything that Jiedui keeps about one person, for that person to take out: one file, one part for each kind of record."""

from datetime import UTC
from typing import Any
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
    "invitations_taken": "SELECT identifier, roles, place_code, created_at, accepted_at FROM invitation"
    " WHERE accepted_by = $1 ORDER BY id",
    "invitations_given": "SELECT roles, place_code, created_at, accepted_at, withdrawn_at FROM invitation"
    " WHERE invited_by_id = $1 ORDER BY id",
    "substitutions": "SELECT participant_id, from_day, until_day, remark, ended_at, person_id = $1 AS stood_in_for"
    " FROM substitution WHERE $1 IN (person_id, substitute_id) ORDER BY id",
    "drafts": "SELECT key, title, payload, changed_at FROM draft WHERE user_id = $1 ORDER BY key",
    "inbox": "SELECT topic, kind, subject_kind, subject_id, title, at, read_at FROM notice WHERE user_id = $1 ORDER BY id",
    "notice_settings": "SELECT email, sms, quiet_from, quiet_to, digest_hour, digest_weekday, choices FROM notice_setting"
    " WHERE user_id = $1",
    "notices_sent": "SELECT notice_id, channel, after, state FROM notice_sending WHERE user_id = $1 ORDER BY id",
    "exports": "SELECT list_name, format, query, created_at, made_at FROM export WHERE created_by = $1 ORDER BY id",
    "files": "SELECT id, media_type, size, record_kind, record_id, created_at FROM file WHERE uploaded_by = $1 ORDER BY id",
    "sheets": "SELECT id, kind, participant_id, file_name, created_at FROM sheet_import WHERE created_by = $1 ORDER BY id",
    "turns": "SELECT proposal_id, sequence, kind, by_side, at FROM proposal_turn WHERE user_id = $1 ORDER BY at",
    "messages": "SELECT proposal_id, side, body, at FROM proposal_message WHERE user_id = $1 ORDER BY at",
    "signatures": "SELECT pledge_id, revision, side, text_hash, at FROM pledge_signature"
    " WHERE user_id = $1 ORDER BY at",
    "evidence": "SELECT delivery_id, file_id, kind, caption, at FROM delivery_evidence WHERE user_id = $1 ORDER BY at",
    "meetings": "SELECT id, title, held_on, written_by = $1 AS called, recorded_by = $1 AS wrote_minutes FROM meeting"
    " WHERE $1 IN (written_by, recorded_by) ORDER BY id",
    "decisions_settled": "SELECT meeting_id, what, settled_at FROM meeting_decision WHERE settled_by = $1 ORDER BY id",
    "secondments": "SELECT id, post, term_from, term_to, created_at FROM secondment WHERE written_by = $1 ORDER BY id",
    "trail": "SELECT kind, subject_kind, subject_id, business_at, before, after FROM event"
    " WHERE actor = ($1::uuid)::text OR (subject_kind = 'user' AND subject_id = $1) ORDER BY id",
}
"""Each part with its statement; secrets are in none of them, and other people neither."""


async def take_out(uow: UnitOfWork, user_id: UUID) -> bytes:
    """One person's data as JSON, times in UTC."""
    async with accounts.as_system(uow):
        found = {part: [_plain(row) for row in await uow.fetch(sql, user_id)] for part, sql in PARTS.items()}
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
