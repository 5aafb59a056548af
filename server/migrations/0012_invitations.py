"""Invitations into participants and offices; only members of the participant see those to it."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

OWN = (
    "(SELECT jiedui_is_system())"
    " OR COALESCE(participant_id = ANY ((SELECT jiedui_participants())::uuid[]), false)"
)
WALL = f"""
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON invitation TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON invitation FOR SELECT TO jiedui_app USING ({OWN});
CREATE POLICY app_add ON invitation FOR INSERT TO jiedui_app WITH CHECK ({OWN});
CREATE POLICY app_change ON invitation FOR UPDATE TO jiedui_app USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON invitation TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0011_reopened_accounts')]

    initial = False

    operations = [
        CreateTable(
            name='Invitation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('identifier', fields.CharField(max_length=120)),
                ('participant', fields.ForeignKeyField('models.Participant', source_field='participant_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('place_code', fields.CharField(null=True, max_length=6)),
                ('roles', ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type='TEXT')),
                ('token_hash', fields.BinaryField()),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('invited_by', fields.ForeignKeyField('models.User', source_field='invited_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('accepted_by', fields.UUIDField(null=True)),
                ('accepted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'invitation', 'app': 'models', 'constraints': [UniqueConstraint(fields=('token_hash',), name='uq_invitation_token_hash'), CheckConstraint(check="roles <> '{}'", name='ck_invitation_roles'), CheckConstraint(check='participant_id IS NULL OR place_code IS NULL', name='ck_invitation_place'), CheckConstraint(check='(accepted_at IS NULL) = (accepted_by IS NULL)', name='ck_invitation_accepted'), CheckConstraint(check='accepted_at IS NULL OR withdrawn_at IS NULL', name='ck_invitation_over')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(WALL),
    ]
