"""What every request looks up, in one statement each: whose a session is, and with how many an account has dealings.

Both look past the wall for what is needed and no more, where the platform acted as `system` before: three statements.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index, PartialIndex

LOOK_UPS = """
CREATE FUNCTION jiedui_session(hash bytea, at timestamptz, idle_since timestamptz)
RETURNS TABLE (id uuid, csrf_token text, last_seen_at timestamptz, user_id uuid, grants text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.csrf_token, s.last_seen_at, u.id,
        COALESCE((SELECT json_agg(json_build_array(g.role, g.participant_id, g.place_code)
                                  ORDER BY g.role, g.participant_id, g.place_code)
                  FROM role_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL), '[]')::text
    FROM session s JOIN account_user u ON u.id = s.user_id AND u.is_active
    WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at > idle_since
$$;

CREATE FUNCTION jiedui_partners(subject uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM (
        SELECT FROM ledger_entry e JOIN account a ON a.id = e.account_id
        WHERE a.subject_id = subject AND e.counter_account_id IS NOT NULL
            AND (jiedui_signed_in() OR jiedui_is_system())
        GROUP BY e.counter_account_id HAVING sum(e.held_delta + e.pledged_delta + e.accepted_delta) > 0
    ) AS partner
$$;

REVOKE EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz), jiedui_partners(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz), jiedui_partners(uuid) TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0028_decline_list')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Pledge',
            index=Index(fields=['effective_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Suggestion',
            index=PartialIndex(fields=['offer_id', 'need_id'], condition={'status': 'open'}),
        ),
        ops.RunSQL(LOOK_UPS),
    ]
