"""Contacts of participants, sealed; those may be seen whose participant may, and its members alone keep them."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields

SYSTEM = "(SELECT jiedui_is_system())"
MEMBER = f"{SYSTEM} OR COALESCE(participant_id = ANY ((SELECT jiedui_participants())::uuid[]), false)"
VISIBLE = "EXISTS (SELECT FROM participant AS parent WHERE parent.id = participant_id)"
WALL = f"""
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON contact TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON contact FOR SELECT TO jiedui_app USING ({VISIBLE});
CREATE POLICY app_add ON contact FOR INSERT TO jiedui_app WITH CHECK ({MEMBER});
CREATE POLICY app_remove ON contact FOR DELETE TO jiedui_app USING ({MEMBER});
GRANT SELECT, INSERT, DELETE ON contact TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0022_threads')]

    initial = False

    operations = [
        CreateTable(
            name='Contact',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('position', fields.CharField(default='', db_default=SqlDefault("''"), max_length=80)),
                ('sealed', fields.BinaryField()),
                ('key_id', fields.CharField(max_length=40)),
            ],
            options={'table': 'contact', 'app': 'models', 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]
