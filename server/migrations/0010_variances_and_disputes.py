"""What the giver declared beside what the county accepted, per pledge; disputes and what settles them."""

from decimal import Decimal

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

DECLARED = """
UPDATE pledge SET declared = decided.declared
FROM (SELECT pledge_id, sum(declared) AS declared FROM delivery
    WHERE status IN ('accepted', 'accepted_short', 'rejected', 'lost') GROUP BY pledge_id) AS decided
WHERE pledge.id = decided.pledge_id
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0009_files_and_evidence")]

    initial = False

    operations = [
        ops.AddField(
            model_name='Delivery',
            name='county_says',
            field=fields.DecimalField(null=True, max_digits=20, decimal_places=3),
        ),
        ops.AddField(
            model_name='Delivery',
            name='giver_says',
            field=fields.DecimalField(null=True, max_digits=20, decimal_places=3),
        ),
        ops.AddField(
            model_name='Delivery',
            name='settled_by',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddConstraint(
            model_name='Delivery',
            constraint=CheckConstraint(check='"settled_by" IN (\'sides\', \'coordinator\')', name='ck_delivery_settled_by'),
        ),
        ops.AddField(
            model_name='Pledge',
            name='declared',
            field=fields.DecimalField(default=Decimal('0'), db_default=SqlDefault('0'), max_digits=20, decimal_places=3),
        ),
        ops.AddField(
            model_name='Pledge',
            name='variance_note',
            field=fields.TextField(default='', db_default=SqlDefault("''"), unique=False),
        ),
        ops.AddField(
            model_name='Pledge',
            name='variance_owner',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='declared >= 0', name='ck_pledge_declared'),
        ),
        ops.AddConstraint(
            model_name='Pledge',
            constraint=CheckConstraint(check='"variance_owner" IN (\'county\', \'giver\')', name='ck_pledge_variance_owner'),
        ),
        ops.RunSQL(DECLARED),
    ]
