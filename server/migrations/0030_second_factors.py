"""Second factors: a person's own, and the platform's while somebody signs in."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields

OWN = "(SELECT jiedui_is_system()) OR user_id::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE second_factor ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factor FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON second_factor TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON second_factor FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON second_factor FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON second_factor FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY app_remove ON second_factor FOR DELETE TO jiedui_app USING ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor TO jiedui_app;
"""

# As before, and whether the user has a second factor: a function's columns are changed by making it anew.
LOOK_UP = """
DROP FUNCTION jiedui_session(bytea, timestamptz, timestamptz);
CREATE FUNCTION jiedui_session(hash bytea, at timestamptz, idle_since timestamptz)
RETURNS TABLE (id uuid, csrf_token text, last_seen_at timestamptz, user_id uuid, grants text, has_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.csrf_token, s.last_seen_at, u.id,
        COALESCE((SELECT json_agg(json_build_array(g.role, g.participant_id, g.place_code)
                                  ORDER BY g.role, g.participant_id, g.place_code)
                  FROM role_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL), '[]')::text,
        EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
    FROM session s JOIN account_user u ON u.id = s.user_id AND u.is_active
    WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at > idle_since
$$;
REVOKE EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jiedui_session(bytea, timestamptz, timestamptz) TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0029_look_ups')]

    initial = False

    operations = [
        CreateTable(
            name='SecondFactor',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('user', fields.OneToOneField('models.User', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sealed', fields.BinaryField()),
                ('key_id', fields.CharField(max_length=40)),
                ('last_step', fields.BigIntField(default=0, db_default=SqlDefault('0'))),
                ('recovery_hashes', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'second_factor', 'app': 'models', 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
        ops.RunSQL(LOOK_UP),
    ]
