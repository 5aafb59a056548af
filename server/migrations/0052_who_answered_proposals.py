from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0051_notice_settings")]

    initial = False

    operations = [
        ops.AddField(
            model_name='Proposal',
            name='declined_by',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddConstraint(
            model_name='Proposal',
            constraint=CheckConstraint(check="declined_by IS NULL OR (status = 'declined' AND declined_by IN ('county', 'giver', 'department'))", name='ck_proposal_declined_by'),
        ),
        ops.RemoveConstraint(
            model_name='ProposalTurn',
            name='ck_proposal_turn_by_side',
            fields=None,
        ),
        ops.AddField(
            model_name='ProposalTurn',
            name='kind',
            field=fields.CharField(default='terms', db_default=SqlDefault("'terms'"), max_length=40),
        ),
        ops.AddConstraint(
            model_name='ProposalTurn',
            constraint=CheckConstraint(check='"kind" IN (\'terms\', \'agreed\', \'declined\')', name='ck_proposal_turn_kind'),
        ),
        ops.AddConstraint(
            model_name='ProposalTurn',
            constraint=CheckConstraint(check='"by_side" IN (\'county\', \'giver\', \'coordinator\', \'department\')', name='ck_proposal_turn_by_side'),
        ),
    ]
