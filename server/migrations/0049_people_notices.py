from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0048_short_messages')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Notice',
            name='ck_notice_topic',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Notice',
            constraint=CheckConstraint(check='"topic" IN (\'negotiation\', \'signing\', \'urging\', \'delivery\', \'publishing\', \'people\')', name='ck_notice_topic'),
        ),
    ]
