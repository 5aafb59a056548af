"""Joint meetings of pairings and what they decided, with their walls: both sides, and those above read."""

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
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SIDES = f"{SYSTEM} OR county_id = ANY ({PARTICIPANTS}) OR giver_id = ANY ({PARTICIPANTS})"
VISIBLE = "EXISTS (SELECT FROM meeting AS parent WHERE parent.id = meeting_id)"
OURS = f"EXISTS (SELECT FROM meeting AS parent WHERE parent.id = meeting_id AND ({SIDES}))"


def wall(table: str, read: str, ours: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({read});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({ours});
CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({ours}) WITH CHECK ({ours});
GRANT SELECT, INSERT, UPDATE ON {table} TO jiedui_app;
"""


# Minutes are written anew until they are confirmed; what is done stays.
FORGET = f"""
CREATE POLICY app_forget ON meeting_decision FOR DELETE TO jiedui_app USING (status = 'open' AND {OURS});
GRANT DELETE ON meeting_decision TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0049_people_notices")]

    initial = False

    operations = [
        CreateTable(
            name='Meeting',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('title', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('held_on', fields.DateField()),
                ('venue', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('level', fields.CharField(max_length=40)),
                ('chair', fields.CharField(max_length=40)),
                ('chair_post', fields.CharField(default='', db_default=SqlDefault("''"), max_length=100)),
                ('agenda', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('status', fields.CharField(max_length=40)),
                ('attendance', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('county_others', fields.IntField(default=0, db_default=SqlDefault('0'))),
                ('giver_others', fields.IntField(default=0, db_default=SqlDefault('0'))),
                ('minutes', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('minutes_file_id', fields.UUIDField(null=True)),
                ('recorded_side', fields.CharField(null=True, max_length=40)),
                ('recorded_by', fields.UUIDField(null=True)),
                ('written_by', fields.UUIDField()),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
            ],
            options={'table': 'meeting', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'planned\', \'held\', \'confirmed\', \'cancelled\')', name='ck_meeting_status'), CheckConstraint(check='"level" IN (\'province\', \'prefecture\', \'county\')', name='ck_meeting_level'), CheckConstraint(check='"chair" IN (\'county\', \'giver\', \'both\')', name='ck_meeting_chair'), CheckConstraint(check='"recorded_side" IN (\'county\', \'giver\')', name='ck_meeting_recorded_side'), CheckConstraint(check='county_others >= 0 AND giver_others >= 0', name='ck_meeting_others'), CheckConstraint(check="status NOT IN ('held', 'confirmed') OR recorded_by IS NOT NULL", name='ck_meeting_recorded')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='MeetingDecision',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('meeting', fields.ForeignKeyField('models.Meeting', source_field='meeting_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('position', fields.IntField()),
                ('what', fields.CharField(default='', db_default=SqlDefault("''"), max_length=1000)),
                ('responsible', fields.CharField(max_length=40)),
                ('post', fields.CharField(default='', db_default=SqlDefault("''"), max_length=100)),
                ('due', fields.DateField()),
                ('status', fields.CharField(max_length=40)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('settled_by', fields.UUIDField(null=True)),
                ('settled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'meeting_decision', 'app': 'models', 'constraints': [UniqueConstraint(fields=('meeting_id', 'position'), name='uq_meeting_decision_meeting_id_position'), CheckConstraint(check='"status" IN (\'open\', \'done\')', name='ck_meeting_decision_status'), CheckConstraint(check='"responsible" IN (\'county\', \'giver\', \'both\')', name='ck_meeting_decision_responsible'), CheckConstraint(check="status <> 'done' OR (settled_by IS NOT NULL AND settled_at IS NOT NULL)", name='ck_meeting_decision_settled')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        ops.RunSQL(
            wall("meeting", f"{SIDES} OR county_code LIKE ANY ({OVERSIGHT})", SIDES)
            + wall("meeting_decision", VISIBLE, OURS)
            + FORGET
        ),
    ]
