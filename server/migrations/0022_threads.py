"""Files beside the messages of a proposal, and until when each person has read its thread."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

PROPOSAL = "EXISTS (SELECT FROM proposal AS parent WHERE parent.id = proposal_id)"
OWN = f"(user_id::text = (SELECT jiedui_actor()) OR (SELECT jiedui_is_system())) AND {PROPOSAL}"
WALL = f"""
ALTER TABLE proposal_reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal_reading FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON proposal_reading TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON proposal_reading FOR SELECT TO jiedui_app USING ({PROPOSAL});
CREATE POLICY app_add ON proposal_reading FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON proposal_reading FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON proposal_reading TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0021_registration')]

    initial = False

    operations = [
        CreateTable(
            name='ProposalReading',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('proposal', fields.ForeignKeyField('models.Proposal', source_field='proposal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user_id', fields.UUIDField()),
                ('side', fields.CharField(max_length=40)),
                ('read_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'proposal_reading', 'app': 'models', 'constraints': [UniqueConstraint(fields=('proposal_id', 'user_id'), name='uq_proposal_reading_proposal_id_user_id'), CheckConstraint(check='"side" IN (\'county\', \'giver\', \'coordinator\')', name='ck_proposal_reading_side')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.AddField(
            model_name='ProposalMessage',
            name='file_ids',
            field=ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT'),
        ),
        ops.RunSQL(WALL),
    ]
