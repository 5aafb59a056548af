"""Identities at an OpenID Connect provider, a person's own and the platform's while somebody signs in."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

OWN = "(SELECT jiedui_is_system()) OR user_id::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE openid_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE openid_identity FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON openid_identity TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON openid_identity FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON openid_identity FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_remove ON openid_identity FOR DELETE TO jiedui_app USING ({OWN});
GRANT SELECT, INSERT, DELETE ON openid_identity TO jiedui_app;
"""

# As before, and a session whose identity provider asked for a second factor has one.
LOOK_UP = """
CREATE OR REPLACE FUNCTION jiedui_session(hash bytea, at timestamptz, idle_since timestamptz)
RETURNS TABLE (id uuid, csrf_token text, last_seen_at timestamptz, user_id uuid, grants text, has_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.csrf_token, s.last_seen_at, u.id,
        COALESCE((SELECT json_agg(json_build_array(g.role, g.participant_id, g.place_code)
                                  ORDER BY g.role, g.participant_id, g.place_code)
                  FROM role_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL), '[]')::text,
        s.has_factor OR EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
    FROM session s JOIN account_user u ON u.id = s.user_id AND u.is_active
    WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at > idle_since
$$;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0034_apart_from_the_field')]

    initial = False

    operations = [
        CreateTable(
            name='OpenIdIdentity',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('issuer', fields.CharField(max_length=300)),
                ('subject', fields.CharField(max_length=255)),
                ('shown_as', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
            ],
            options={'table': 'openid_identity', 'app': 'models', 'constraints': [UniqueConstraint(fields=('issuer', 'subject'), name='uq_openid_identity_issuer_subject'), UniqueConstraint(fields=('user_id', 'issuer'), name='uq_openid_identity_user_id_issuer')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='Session',
            name='by_openid',
            field=fields.BooleanField(default=False, db_default=SqlDefault('false')),
        ),
        ops.AddField(
            model_name='Session',
            name='has_factor',
            field=fields.BooleanField(default=False, db_default=SqlDefault('false')),
        ),
        ops.RunSQL(WALL),
        ops.RunSQL(LOOK_UP),
    ]
