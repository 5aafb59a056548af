"""Conditions and tasks of armed-forces units, and what happened to each, with their walls."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
OVER = f"county_code LIKE ANY ({OVERSIGHT})"
UNIT = f"{SYSTEM} OR giver_id = ANY ({PARTICIPANTS})"
# Who may see a unit's pairing is the circle that knows of its conditions.
CIRCLE = f"{UNIT} OR EXISTS (SELECT FROM pairing AS parent WHERE parent.id = pairing_id AND parent.kind = 'armed_forces')"
SIDES = f"{UNIT} OR county_id = ANY ({PARTICIPANTS}) OR {OVER}"
VISIBLE = "EXISTS (SELECT FROM task AS parent WHERE parent.id = task_id)"
BY_SELF = f"{VISIBLE} AND ({SYSTEM} OR user_id::text = (SELECT jiedui_actor()))"


def wall(table: str, read: str, add: str, change: str | None) -> str:
    grants = "SELECT, INSERT, UPDATE" if change else "SELECT, INSERT"
    changing = f"CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({change}) WITH CHECK ({change});"
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({read});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({add});
{changing if change else ""}
GRANT {grants} ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0054_substitutes")]

    initial = False

    operations = [
        CreateTable(
            name='UnitCondition',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(max_length=6)),
                ('head', fields.CharField(max_length=40)),
                ('words', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('valid_from', fields.DateField(null=True)),
                ('valid_to', fields.DateField(null=True)),
                ('status', fields.CharField(max_length=40)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'unit_condition', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'recorded\', \'withdrawn\')', name='ck_unit_condition_status'), CheckConstraint(check='length(trim(words)) > 0', name='ck_unit_condition_words'), CheckConstraint(check='valid_from <= valid_to', name='ck_unit_condition_days')], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='Task',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=SqlDefault('1'))),
                ('pairing', fields.ForeignKeyField('models.Pairing', source_field='pairing_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('condition', fields.ForeignKeyField('models.UnitCondition', source_field='condition_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(db_index=True, max_length=6)),
                ('title', fields.CharField(max_length=200)),
                ('description', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('villages', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('answer_by', fields.DateField()),
                ('due', fields.DateField()),
                ('status', fields.CharField(db_index=True, max_length=40)),
                ('percent', fields.IntField(default=0, db_default=SqlDefault('0'))),
                ('finished_on', fields.DateField(null=True)),
                ('decided_on', fields.DateField(null=True)),
                ('remark', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('written_by', fields.UUIDField()),
            ],
            options={'table': 'task', 'app': 'models', 'constraints': [CheckConstraint(check='"status" IN (\'assigned\', \'returned\', \'under_way\', \'finished\', \'accepted\', \'withdrawn\')', name='ck_task_status'), CheckConstraint(check='answer_by <= due', name='ck_task_days'), CheckConstraint(check='percent BETWEEN 0 AND 100', name='ck_task_percent'), CheckConstraint(check="status NOT IN ('finished', 'accepted') OR finished_on IS NOT NULL", name='ck_task_finished'), CheckConstraint(check="status <> 'accepted' OR decided_on IS NOT NULL", name='ck_task_decided')], 'indexes': [Index(fields=['created_at', 'id'])], 'pk_attr': 'id'},
            bases=['VersionedRecord'],
        ),
        CreateTable(
            name='TaskEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=40)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('user_id', fields.UUIDField(null=True)),
                ('words', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('percent', fields.IntField(null=True)),
                ('about', fields.CharField(null=True, max_length=40)),
                ('key', fields.CharField(null=True, max_length=40)),
                ('step', fields.IntField(null=True)),
                ('addressee', fields.CharField(null=True, max_length=40)),
                ('deadline', fields.DateField(null=True)),
            ],
            options={'table': 'task_entry', 'app': 'models', 'constraints': [CheckConstraint(check='"kind" IN (\'assigned\', \'changed\', \'taken_on\', \'returned\', \'reported\', \'finished\', \'sent_back\', \'accepted\', \'withdrawn\', \'urged\')', name='ck_task_entry_kind'), UniqueConstraint(fields=('task_id', 'about', 'key', 'step'), name='uq_task_entry_task_id_about_key_step', condition="kind = 'urged'"), CheckConstraint(check='"about" IN (\'hand\', \'answer\', \'work\', \'acceptance\')', name='ck_task_entry_about'), CheckConstraint(check='"addressee" IN (\'giver\', \'county\', \'coordinator\', \'leading_group_office\')', name='ck_task_entry_addressee'), CheckConstraint(check='percent BETWEEN 0 AND 100', name='ck_task_entry_percent'), CheckConstraint(check="(kind = 'urged') = (about IS NOT NULL AND key IS NOT NULL AND step IS NOT NULL AND addressee IS NOT NULL AND deadline IS NOT NULL)", name='ck_task_entry_urged')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.RunSQL(
            wall("unit_condition", CIRCLE, UNIT, UNIT)
            + wall("task", SIDES, SIDES, SIDES)
            + wall("task_entry", VISIBLE, BY_SELF, None)
        ),
    ]
