"""Short messages leave beside letters."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0047_certificates')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Letter',
            name='ck_letter_channel',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='Letter',
            constraint=CheckConstraint(check='"channel" IN (\'email\', \'sms\')', name='ck_letter_channel'),
        ),
    ]
