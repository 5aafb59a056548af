"""Projects, pledges and deliveries are brought in sheets too."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0038_participant_documents')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='SheetImport',
            name='ck_sheet_import_kind',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='SheetImport',
            constraint=CheckConstraint(check='"kind" IN (\'needs\', \'offers\', \'projects\', \'pledges\', \'deliveries\')', name='ck_sheet_import_kind'),
        ),
    ]
