"""Accounts that were closed on an acceptance which is taken back are opened again."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0010_variances_and_disputes')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='LedgerEntry',
            name='ck_ledger_entry_movement',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='LedgerEntry',
            constraint=CheckConstraint(check='"movement" IN (\'open\', \'amend\', \'hold\', \'release\', \'pledge\', \'unpledge\', \'accept\', \'close\', \'reopen\', \'reverse\')', name='ck_ledger_entry_movement'),
        ),
    ]
