"""Inboxes, each for its owner and nobody else; the stream says of which event an entry tells."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SYSTEM = "(SELECT jiedui_is_system())"
OWN = f"{SYSTEM} OR user_id::text = (SELECT jiedui_actor())"
WALL = f"""
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON notice TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON notice FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON notice FOR INSERT TO jiedui_app WITH CHECK ({SYSTEM});
CREATE POLICY app_change ON notice FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON notice TO jiedui_app;
ALTER TABLE notice_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON notice_mark TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON notice_mark FOR SELECT TO jiedui_app USING ({SYSTEM});
CREATE POLICY app_add ON notice_mark FOR INSERT TO jiedui_app WITH CHECK ({SYSTEM});
CREATE POLICY app_remove ON notice_mark FOR DELETE TO jiedui_app USING ({SYSTEM});
GRANT SELECT, INSERT, DELETE ON notice_mark TO jiedui_app;
INSERT INTO notice_mark (seq) SELECT max(seq) FROM stream_entry HAVING max(seq) IS NOT NULL;
"""
"""What happened before there were inboxes is put into none."""


class Migration(migrations.Migration):
    dependencies = [('models', '0023_contacts')]

    initial = False

    operations = [
        CreateTable(
            name='Notice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('event_id', fields.UUIDField()),
                ('topic', fields.CharField(max_length=40)),
                ('kind', fields.CharField(max_length=80)),
                ('subject_kind', fields.CharField(max_length=40)),
                ('subject_id', fields.UUIDField()),
                ('title', fields.CharField(max_length=200)),
                ('county_code', fields.CharField(null=True, max_length=6)),
                ('due', fields.DateField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('read_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notice', 'app': 'models', 'constraints': [UniqueConstraint(fields=('user_id', 'event_id'), name='uq_notice_user_id_event_id'), CheckConstraint(check='"topic" IN (\'negotiation\', \'signing\', \'urging\', \'delivery\', \'publishing\')', name='ck_notice_topic')], 'indexes': [Index(fields=['user_id', 'id'])], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='NoticeMark',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('seq', fields.BigIntField()),
            ],
            options={'table': 'notice_mark', 'app': 'models', 'constraints': [CheckConstraint(check='seq >= 0', name='ck_notice_mark_seq')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='StreamEntry',
            name='event_id',
            field=fields.UUIDField(null=True),
        ),
        ops.RunSQL(WALL),
    ]
