"""The funding of projects can be exported."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0032_merged_participants')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Export',
            name='ck_export_list_name',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Export',
            constraint=CheckConstraint(check='"list_name" IN (\'needs\', \'offers\', \'proposals\', \'pledges\', \'deliveries\', \'coverage\', \'overdue\', \'ledger\', \'ledger_sums\', \'ledger_pledges\', \'projects\', \'integration\')', name='ck_export_list_name'),
        ),
    ]
