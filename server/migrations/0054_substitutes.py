"""Substitutes: who stands in for whom, whose roles a session then has, and in whose place something was done."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

OWN = (
    "(SELECT jiedui_is_system())"
    " OR COALESCE(participant_id = ANY ((SELECT jiedui_participants())::uuid[]), false)"
)
WALL = f"""
ALTER TABLE substitution ENABLE ROW LEVEL SECURITY;
ALTER TABLE substitution FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON substitution TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON substitution FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON substitution FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON substitution FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON substitution TO jiedui_app;
"""

# A substitute has the person's own roles, so nothing is lent on; and only while both belong there and may sign in.
# It runs as who asks: row-level security decides whose roles are seen.
GRANTS = """
CREATE FUNCTION jiedui_grants(who uuid, today date) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT COALESCE(json_agg(json_build_array(held.role, held.participant_id, held.place_code, held.instead_of)
                             ORDER BY held.role, held.participant_id, held.place_code, held.instead_of NULLS FIRST), '[]')::text
    FROM (
        SELECT g.role, g.participant_id, g.place_code, NULL::uuid AS instead_of
        FROM role_grant g WHERE g.user_id = who AND g.revoked_at IS NULL
        UNION ALL
        SELECT g.role, g.participant_id, NULL, s.person_id
        FROM substitution s
        JOIN account_user person ON person.id = s.person_id AND person.is_active
        JOIN role_grant g ON g.user_id = s.person_id AND g.participant_id = s.participant_id AND g.revoked_at IS NULL
            AND g.role IN ('editor', 'reviewer', 'signatory')
        WHERE s.substitute_id = who AND s.ended_at IS NULL AND today BETWEEN s.from_day AND s.until_day
            AND EXISTS (SELECT FROM role_grant own WHERE own.user_id = who AND own.participant_id = s.participant_id
                        AND own.revoked_at IS NULL)
    ) AS held
$$;
REVOKE EXECUTE ON FUNCTION jiedui_grants(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_grants(uuid, date) TO jiedui_app;
"""

# Beside the one before, which the version before calls. A machine's key has the roles of its user alone.
LOOK_UP = """
CREATE FUNCTION jiedui_session(hash bytea, at timestamptz, idle_since timestamptz, today date)
RETURNS TABLE (id uuid, csrf_token text, last_seen_at timestamptz, user_id uuid, grants text, has_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.csrf_token, s.last_seen_at, u.id, jiedui_grants(u.id, today),
        s.has_factor OR EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
    FROM session s JOIN account_user u ON u.id = s.user_id AND u.is_active
    WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at > idle_since
$$;
REVOKE EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz, date) TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0053_secondments")]

    initial = False

    operations = [
        CreateTable(
            name='Substitution',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('substitute', fields.ForeignKeyField('models.User', source_field='substitute_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('from_day', fields.DateField()),
                ('until_day', fields.DateField()),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('named_by', fields.UUIDField()),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'substitution', 'app': 'models', 'constraints': [CheckConstraint(check='person_id <> substitute_id', name='ck_substitution_people'), CheckConstraint(check='from_day <= until_day', name='ck_substitution_days')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='AgreementSignature',
            name='for_user_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Event',
            name='acting_for',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='PledgeSignature',
            name='for_user_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='ProposalTurn',
            name='for_user_id',
            field=fields.UUIDField(null=True),
        ),
        ops.RunSQL(WALL),
        ops.RunSQL(GRANTS),
        ops.RunSQL(LOOK_UP),
    ]
