from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_row_level_security')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='DockingRun',
            name='started_by',
            field=fields.UUIDField(null=True),
        ),
    ]
