"""How people are told beside the inbox, each for themselves, and what is on its way out."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SYSTEM = "(SELECT jiedui_is_system())"
OWN = f"{SYSTEM} OR user_id::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE notice_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON notice_setting TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON notice_setting FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON notice_setting FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON notice_setting FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY app_remove ON notice_setting FOR DELETE TO jiedui_app USING ({SYSTEM});
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_setting TO jiedui_app;
ALTER TABLE notice_sending ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_sending FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON notice_sending TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON notice_sending FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON notice_sending FOR INSERT TO jiedui_app WITH CHECK ({SYSTEM});
CREATE POLICY app_change ON notice_sending FOR UPDATE TO jiedui_app USING ({SYSTEM}) WITH CHECK ({SYSTEM});
CREATE POLICY app_remove ON notice_sending FOR DELETE TO jiedui_app USING ({SYSTEM});
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_sending TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0050_joint_meetings")]

    initial = False

    operations = [
        CreateTable(
            name='NoticeSending',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('notice', fields.ForeignKeyField('models.Notice', source_field='notice_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('channel', fields.CharField(max_length=40)),
                ('after', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('state', fields.CharField(default='waiting', db_default=SqlDefault("'waiting'"), max_length=40)),
            ],
            options={'table': 'notice_sending', 'app': 'models', 'constraints': [UniqueConstraint(fields=('notice_id', 'channel'), name='uq_notice_sending_notice_id_channel'), CheckConstraint(check='"channel" IN (\'email\', \'sms\')', name='ck_notice_sending_channel'), CheckConstraint(check='"state" IN (\'waiting\', \'written\', \'dropped\')', name='ck_notice_sending_state')], 'indexes': [PartialIndex(fields=['after'], condition={'state': 'waiting'})], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='NoticeSetting',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('user', fields.OneToOneField('models.User', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('email', fields.CharField(default='', db_default=SqlDefault("''"), max_length=120)),
                ('sms', fields.CharField(default='', db_default=SqlDefault("''"), max_length=20)),
                ('quiet_from', fields.IntField(null=True, default=22, db_default=SqlDefault('22'))),
                ('quiet_to', fields.IntField(null=True, default=7, db_default=SqlDefault('7'))),
                ('digest_hour', fields.IntField(default=8, db_default=SqlDefault('8'))),
                ('digest_weekday', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('choices', fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'notice_setting', 'app': 'models', 'constraints': [CheckConstraint(check='(quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to AND quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23', name='ck_notice_setting_quiet'), CheckConstraint(check='digest_hour BETWEEN 0 AND 23 AND digest_weekday BETWEEN 1 AND 7', name='ck_notice_setting_digest')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        ops.RunSQL(WALL),
    ]
