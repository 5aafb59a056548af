"""Under which version of the list of reasons a proposal was declined."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0044_intents')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Proposal',
            name='decline_version',
            field=fields.IntField(null=True),
        ),
    ]
