"""Certificates of accepted deliveries, and the numbers of donation receipts, with their walls."""

from server.kit.migrations import CreateTable
from tortoise import migrations
from tortoise.migrations import operations as ops
from server.kit.clock import real_now
from server.kit.schema import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
OVERSIGHT = "(SELECT jiedui_oversight())::text[]"
SYSTEM = "(SELECT jiedui_is_system())"
SIDES = (
    f"{SYSTEM} OR county_id = ANY ({PARTICIPANTS}) OR giver_id = ANY ({PARTICIPANTS}) OR county_code LIKE ANY ({OVERSIGHT})"
)
CHARITY = f"COALESCE(charity_id = ANY ({PARTICIPANTS}), false)"


def wall(table: str, readers: str) -> str:
    """Both sides and who oversees read; what is written, the system writes, once the policy has let it."""
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({readers});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({SYSTEM});
CREATE POLICY app_change ON {table} FOR UPDATE TO jiedui_app USING ({SYSTEM}) WITH CHECK ({SYSTEM});
GRANT SELECT, INSERT, UPDATE ON {table} TO jiedui_app;
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0046_entries_seen_by_set')]

    initial = False

    operations = [
        CreateTable(
            name='Certificate',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('delivery', fields.ForeignKeyField('models.Delivery', source_field='delivery_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(max_length=6)),
                ('kind', fields.CharField(max_length=40)),
                ('number', fields.CharField(unique=True, max_length=30)),
                ('quantity', fields.DecimalField(max_digits=20, decimal_places=3)),
                ('text_zh', fields.TextField(unique=False)),
                ('text_en', fields.TextField(unique=False)),
                ('text_hash', fields.CharField(max_length=64)),
                ('nonce', fields.CharField(max_length=32)),
                ('issued_on', fields.DateField()),
                ('issued_by', fields.UUIDField()),
                ('replaced_on', fields.DateField(null=True)),
            ],
            options={'table': 'certificate', 'app': 'models', 'constraints': [UniqueConstraint(fields=('delivery_id',), name='uq_certificate_delivery_id', condition='replaced_on IS NULL'), CheckConstraint(check='"kind" IN (\'donation\', \'aid\')', name='ck_certificate_kind'), CheckConstraint(check='quantity > 0', name='ck_certificate_quantity')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='DonationReceipt',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('delivery', fields.OneToOneField('models.Delivery', source_field='delivery_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county', fields.ForeignKeyField('models.Participant', source_field='county_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('giver', fields.ForeignKeyField('models.Participant', source_field='giver_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('county_code', fields.CharField(max_length=6)),
                ('charity', fields.ForeignKeyField('models.Participant', source_field='charity_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(default='', db_default=SqlDefault("''"), max_length=60)),
                ('issued_on', fields.DateField(null=True)),
                ('recorded_by', fields.UUIDField()),
            ],
            options={'table': 'donation_receipt', 'app': 'models', 'constraints': [UniqueConstraint(fields=('charity_id', 'number'), name='uq_donation_receipt_charity_id_number', condition="number <> ''"), CheckConstraint(check="(number = '') = (issued_on IS NULL)", name='ck_donation_receipt_issued')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        ops.RunSQL(wall("certificate", SIDES)),
        ops.RunSQL(wall("donation_receipt", f"{SIDES} OR {CHARITY}")),
    ]
