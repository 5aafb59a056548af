"""Risk flags: for the participant's members, the offices over its seat, and the other side of a proposal with it that stands."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

SYSTEM = "(SELECT jiedui_is_system())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
# A unit's row is seen by national offices alone, so others find no seat here.
OVER = "jiedui_oversees_place((SELECT seated.place_id FROM participant AS seated WHERE seated.id = participant_id))"
DEALING = f"""EXISTS (SELECT FROM proposal AS dealt
    WHERE dealt.status IN ('proposed', 'countered', 'agreed', 'pledged') AND NOT dealt.awaits_verification
      AND (dealt.giver_id = participant_id AND dealt.county_id = ANY ({PARTICIPANTS})
           OR dealt.county_id = participant_id AND dealt.giver_id = ANY ({PARTICIPANTS})))"""
READ = f"{SYSTEM} OR COALESCE(participant_id = ANY ({PARTICIPANTS}), false) OR {OVER} OR {DEALING}"
WRITE = f"{SYSTEM} OR {OVER}"
WALL = f"""
ALTER TABLE risk_flag ENABLE ROW LEVEL SECURITY;
ALTER TABLE risk_flag FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON risk_flag TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON risk_flag FOR SELECT TO jiedui_app USING ({READ});
CREATE POLICY app_add ON risk_flag FOR INSERT TO jiedui_app WITH CHECK ({WRITE});
CREATE POLICY app_change ON risk_flag FOR UPDATE TO jiedui_app USING ({WRITE}) WITH CHECK ({WRITE});
GRANT SELECT, INSERT, UPDATE ON risk_flag TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0042_yearly_agreements')]

    initial = False

    operations = [
        CreateTable(
            name='RiskFlag',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('reason', fields.CharField(default='', db_default=SqlDefault("''"), max_length=1000)),
                ('file_id', fields.UUIDField(null=True)),
                ('set_by', fields.UUIDField()),
                ('set_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('lifted_by', fields.UUIDField(null=True)),
                ('lifted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('lift_remark', fields.CharField(default='', db_default=SqlDefault("''"), max_length=1000)),
            ],
            options={'table': 'risk_flag', 'app': 'models', 'constraints': [CheckConstraint(check='(lifted_by IS NULL) = (lifted_at IS NULL)', name='ck_risk_flag_lifted')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]
