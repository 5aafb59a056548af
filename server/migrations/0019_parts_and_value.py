"""Pledges that are part of larger ones; the value of goods and services with its method and source."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0018_unit_pairings_for_governments')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Pledge',
            name='part_of',
            field=fields.ForeignKeyField('models.Pledge', source_field='part_of_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Pledge',
            name='value_confirmed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Pledge',
            name='value_confirmed_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='value_method',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddField(
            model_name='Pledge',
            name='value_source',
            field=fields.CharField(default='', db_default=SqlDefault("''"), max_length=200),
        ),
        ops.AddIndex(
            model_name='Pledge',
            index=Index(fields=['part_of_id']),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='part_of_id <> id', name='ck_pledge_part_of'),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='"value_method" IN (\'invoice\', \'market_price\', \'agreed_price\', \'cost\', \'budget_price\', \'appraisal\')', name='ck_pledge_value_method'),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='value_method IS NULL OR value_fen IS NOT NULL', name='ck_pledge_value_of_method'),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='value_confirmed_at IS NULL OR value_method IS NOT NULL', name='ck_pledge_value_confirmed'),
        ),
    ]
