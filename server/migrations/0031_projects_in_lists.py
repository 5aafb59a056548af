"""Projects can be exported, and the needs that were grown from one are found by it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0030_second_factors')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Export',
            name='ck_export_list_name',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Export',
            constraint=CheckConstraint(check='"list_name" IN (\'needs\', \'offers\', \'proposals\', \'pledges\', \'deliveries\', \'coverage\', \'overdue\', \'ledger\', \'ledger_sums\', \'ledger_pledges\', \'projects\')', name='ck_export_list_name'),
        ),
        ops.AlterField(
            model_name='Need',
            name='project_id',
            field=fields.UUIDField(null=True, db_index=True),
        ),
    ]
