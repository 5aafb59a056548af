"""A participant that was there twice says where it went."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0031_projects_in_lists')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Participant',
            name='merged_into',
            field=fields.ForeignKeyField('models.Participant', source_field='merged_into_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Participant',
            constraint=CheckConstraint(check="merged_into_id IS NULL OR (status = 'suspended' AND merged_into_id <> id)", name='ck_participant_merged'),
        ),
    ]
