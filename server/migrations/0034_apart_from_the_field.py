"""Whoever only looks after the platform reads nothing of the field, and a key is looked up as a session is.

`jiedui.apart` is `on` for such an actor. Without it an actor reads what is published, so that servers of the version
before go on while this is applied.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

READER = """
CREATE FUNCTION jiedui_reads_field() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN jiedui_signed_in() AND COALESCE(current_setting('jiedui.apart', true), '') <> 'on';
"""

READS = "(SELECT jiedui_reads_field())"
SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
OPEN_TO_ALL = f"({READS} AND published_at IS NOT NULL AND status IN ('published', 'suspended', 'closed'))"
MINE = f"{SYSTEM} OR COALESCE(participant_id = ANY ({PARTICIPANTS}), false)"
NEED = f"{OPEN_TO_ALL} OR {MINE} OR COALESCE(county_code, '') LIKE ANY ({OVERSIGHT})"
OFFER = f"{OPEN_TO_ALL} OR {MINE} OR (status <> 'draft' AND COALESCE(giver_code, '') LIKE ANY ({OVERSIGHT}))"
PROJECT = (
    f"({READS} AND notice_from IS NOT NULL) OR {MINE} OR partner_ids && {PARTICIPANTS}"
    f" OR EXISTS (SELECT FROM unnest(county_codes) AS code WHERE code LIKE ANY ({OVERSIGHT}))"
)
PAIRING = f"""
({READS} AND kind <> 'armed_forces') OR {SYSTEM}
OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false) OR jiedui_oversees_place(place_id)
OR (giver_place_id IS NOT NULL AND jiedui_oversees_place(giver_place_id))
OR EXISTS (SELECT FROM participant AS seated WHERE seated.place_id = pairing.place_id
    AND seated.kind IN ('western_government', 'line_department', 'coordinating_office')
    AND seated.status IN ('verified', 'suspended') AND COALESCE(seated.id = ANY ({PARTICIPANTS}), false))
"""
AUDIENCE = (
    f"{SYSTEM} OR (public AND {READS}) OR audience_participants && {PARTICIPANTS}"
    f" OR EXISTS (SELECT FROM unnest(audience_codes) AS code WHERE code LIKE ANY ({OVERSIGHT}))"
)
POLICIES = {
    "need": ("app_read", "app_change"),
    "offer": ("app_read", "app_change"),
    "project": ("app_read",),
    "pairing": ("app_read",),
    "event": ("app_read",),
    "stream_entry": ("app_read",),
    "account": ("app_read", "app_change"),
}
CONDITIONS = {
    "need": NEED,
    "offer": OFFER,
    "project": PROJECT,
    "pairing": PAIRING,
    "event": AUDIENCE,
    "stream_entry": AUDIENCE,
    "account": f"{SYSTEM} OR {READS}",
}

KEY = """
CREATE FUNCTION jiedui_key(hash bytea, at timestamptz)
RETURNS TABLE (id uuid, scopes text[], last_used_at timestamptz, user_id uuid, grants text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.scopes, k.last_used_at, u.id,
        COALESCE((SELECT json_agg(json_build_array(g.role, g.participant_id, g.place_code)
                                  ORDER BY g.role, g.participant_id, g.place_code)
                  FROM role_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL), '[]')::text
    FROM api_key k JOIN account_user u ON u.id = k.user_id AND u.is_active
    WHERE k.key_hash = hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > at)
$$;
REVOKE EXECUTE ON FUNCTION jiedui_key(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_key(bytea, timestamptz) TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0033_export_integration")]

    initial = False

    operations = [
        ops.RunSQL(READER),
        ops.RunSQL(
            [
                f"ALTER POLICY {policy} ON {table} USING ({CONDITIONS[table]})"
                for table, policies in POLICIES.items()
                for policy in policies
            ]
        ),
        ops.RunSQL(KEY),
    ]
