"""Letters and codes: the platform's own, nobody reads them through it."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SYSTEM = "(SELECT jiedui_is_system())"
WALL = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({SYSTEM});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({SYSTEM});
CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({SYSTEM}) WITH CHECK ({SYSTEM});
CREATE POLICY app_remove ON {table} FOR DELETE TO jiedui_app USING ({SYSTEM});
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO jiedui_app;
"""
    for table in ("letter", "address_code")
)


class Migration(migrations.Migration):
    dependencies = [('models', '0025_projects')]

    initial = False

    operations = [
        CreateTable(
            name='AddressCode',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('address', fields.CharField(max_length=120)),
                ('purpose', fields.CharField(max_length=40)),
                ('code_hash', fields.BinaryField()),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('wrong_tries', fields.IntField(default=0, db_default=SqlDefault('0'))),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'address_code', 'app': 'models', 'indexes': [Index(fields=['address', 'purpose', 'id'])], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='Letter',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('channel', fields.CharField(max_length=40)),
                ('key', fields.CharField(max_length=200)),
                ('address', fields.CharField(max_length=120)),
                ('subject', fields.CharField(max_length=200)),
                ('body', fields.TextField(unique=False)),
                ('started_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('outcome', fields.CharField(null=True, max_length=40)),
            ],
            options={'table': 'letter', 'app': 'models', 'constraints': [UniqueConstraint(fields=('channel', 'key'), name='uq_letter_channel_key'), CheckConstraint(check='"channel" IN (\'email\')', name='ck_letter_channel'), CheckConstraint(check='"outcome" IN (\'sent\', \'refused\', \'unknown\')', name='ck_letter_outcome')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]
