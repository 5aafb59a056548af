"""Pledges are amended: every version of the text is kept, and more than was promised can be agreed to."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from orjson import loads
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

PLEDGE = "EXISTS (SELECT FROM pledge AS parent WHERE parent.id = pledge_id)"
WALL = f"""
ALTER TABLE pledge_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE pledge_version FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON pledge_version TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON pledge_version FOR SELECT TO jiedui_app USING ({PLEDGE});
CREATE POLICY app_add ON pledge_version FOR INSERT TO jiedui_app WITH CHECK ({PLEDGE});
CREATE POLICY app_change ON pledge_version FOR UPDATE TO jiedui_app USING ({PLEDGE}) WITH CHECK ({PLEDGE});
GRANT SELECT, INSERT, UPDATE ON pledge_version TO jiedui_app;
"""
# The text as it stands; what stood before it was not kept until now.
KEPT = """
INSERT INTO pledge_version (pledge_id, revision, status, quantity, window_from, window_to, terms, parts, text_zh, text_en,
    text_hash, at)
SELECT p.id, p.revision, 'standing', p.quantity, r.window_from, r.window_to, r.terms,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.due, i.quantity::text) ORDER BY i.due), '[]') FROM instalment i
     WHERE i.pledge_id = p.id),
    p.text_zh, p.text_en, p.text_hash, coalesce(p.effective_at, p.sign_by)
FROM pledge p JOIN proposal r ON r.id = p.proposal_id
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0012_invitations')]

    initial = False

    operations = [
        CreateTable(
            name='PledgeVersion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('pledge', fields.ForeignKeyField('models.Pledge', source_field='pledge_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('revision', fields.IntField()),
                ('status', fields.CharField(max_length=40)),
                ('quantity', fields.DecimalField(max_digits=20, decimal_places=3)),
                ('window_from', fields.DateField()),
                ('window_to', fields.DateField()),
                ('terms', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('parts', fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads)),
                ('text_zh', fields.TextField(unique=False)),
                ('text_en', fields.TextField(unique=False)),
                ('text_hash', fields.CharField(max_length=64)),
                ('note', fields.TextField(default='', db_default=SqlDefault("''"), unique=False)),
                ('by_side', fields.CharField(null=True, max_length=40)),
                ('user_id', fields.UUIDField(null=True)),
                ('delivery_id', fields.UUIDField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pledge_version', 'app': 'models', 'constraints': [UniqueConstraint(fields=('pledge_id', 'revision'), name='uq_pledge_version_pledge_id_revision'), UniqueConstraint(fields=('pledge_id',), name='uq_pledge_version_pledge_id', condition="status = 'proposed'"), CheckConstraint(check='"status" IN (\'standing\', \'proposed\', \'replaced\', \'declined\')', name='ck_pledge_version_status'), CheckConstraint(check='"by_side" IN (\'county\', \'giver\')', name='ck_pledge_version_by_side'), CheckConstraint(check='quantity > 0', name='ck_pledge_version_quantity')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.AddField(
            model_name='Delivery',
            name='surplus',
            field=fields.DecimalField(null=True, max_digits=20, decimal_places=3),
        ),
        ops.AddField(
            model_name='Delivery',
            name='surplus_beyond',
            field=fields.DecimalField(default=Decimal('0'), db_default=SqlDefault('0'), max_digits=20, decimal_places=3),
        ),
        ops.AddField(
            model_name='Delivery',
            name='surplus_by',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddField(
            model_name='Delivery',
            name='surplus_user',
            field=fields.UUIDField(null=True),
        ),
        ops.AddConstraint(
            model_name='Delivery',
            constraint=CheckConstraint(check='surplus IS NULL OR (surplus > 0 AND surplus_by IS NOT NULL)', name='ck_delivery_surplus'),
        ),
        ops.AddConstraint(
            model_name='Delivery',
            constraint=CheckConstraint(check='surplus_beyond BETWEEN 0 AND coalesce(surplus, 0)', name='ck_delivery_surplus_beyond'),
        ),
        ops.AddConstraint(
            model_name='Delivery',
            constraint=CheckConstraint(check='"surplus_by" IN (\'county\', \'giver\')', name='ck_delivery_surplus_by'),
        ),
        ops.RemoveConstraint(
            model_name='LedgerEntry',
            name='ck_ledger_entry_movement',
            fields=None,
        ),
        ops.AddConstraint(
            model_name='LedgerEntry',
            constraint=CheckConstraint(check='"movement" IN (\'open\', \'amend\', \'hold\', \'release\', \'pledge\', \'unpledge\', \'raise\', \'accept\', \'close\', \'reopen\', \'reverse\')', name='ck_ledger_entry_movement'),
        ),
        ops.AddField(
            model_name='Pledge',
            name='terms',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Pledge',
            name='window_from',
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='window_to',
            field=fields.DateField(null=True),
        ),
        ops.RunSQL(WALL),
        ops.RunSQL(KEPT),
    ]
