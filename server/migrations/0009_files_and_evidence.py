"""Files, and the evidence of deliveries; each kind of evidence of a type gets its code."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from server.kit.clock import real_now
from server.kit.migrations import CreateTable
from server.kit.schema import new_id

SYSTEM = "(SELECT jiedui_is_system())"
UPLOADER = f"{SYSTEM} OR uploaded_by::text = (SELECT jiedui_actor())"
PARTICIPANTS = "(SELECT jiedui_participants())::uuid[]"
# A file that belongs to no record yet has no county: national oversight does not see it either.
READER = (
    f"{UPLOADER} OR COALESCE(county_id = ANY ({PARTICIPANTS}), false) OR COALESCE(giver_id = ANY ({PARTICIPANTS}), false)"
    " OR COALESCE(county_code LIKE ANY ((SELECT jiedui_oversight())::text[]), false)"
)
DELIVERY = "EXISTS (SELECT FROM delivery AS parent WHERE parent.id = delivery_id)"


def wall(table: str, read: str, add: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON {table} TO jiedui_owner USING (true) WITH CHECK (true);
CREATE POLICY app_read ON {table} FOR SELECT TO jiedui_app USING ({read});
CREATE POLICY app_add ON {table} FOR INSERT TO jiedui_app WITH CHECK ({add});
GRANT SELECT, INSERT ON {table} TO jiedui_app;
"""


CHANGE = f"""
CREATE POLICY app_change ON file FOR UPDATE TO jiedui_app USING ({UPLOADER}) WITH CHECK ({UPLOADER});
GRANT UPDATE ON file TO jiedui_app;
"""
CODES = """
UPDATE resource_type SET evidence = coalesce((
    SELECT jsonb_agg(kind || jsonb_build_object('code', replace(lower(kind ->> 'en'), ' ', '_'), 'needed', false))
    FROM jsonb_array_elements(evidence) AS kind), '[]')
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0008_client_references')]

    initial = False

    operations = [
        CreateTable(
            name='File',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('created_at', fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False)),
                ('uploaded_by', fields.UUIDField(db_index=True)),
                ('media_type', fields.CharField(max_length=40)),
                ('content_hash', fields.CharField(db_index=True, max_length=64)),
                ('thumbnail_hash', fields.CharField(null=True, max_length=64)),
                ('size', fields.IntField()),
                ('width', fields.IntField(null=True)),
                ('height', fields.IntField(null=True)),
                ('record_kind', fields.CharField(null=True, max_length=40)),
                ('record_id', fields.UUIDField(null=True, db_index=True)),
                ('county_id', fields.UUIDField(null=True)),
                ('giver_id', fields.UUIDField(null=True)),
                ('county_code', fields.CharField(null=True, max_length=6)),
            ],
            options={'table': 'file', 'app': 'models', 'constraints': [CheckConstraint(check='"media_type" IN (\'image/jpeg\', \'image/png\', \'image/webp\', \'application/pdf\')', name='ck_file_media_type'), CheckConstraint(check='size > 0', name='ck_file_size'), CheckConstraint(check='num_nulls(record_kind, record_id, county_id, giver_id, county_code) IN (0, 5)', name='ck_file_record')], 'pk_attr': 'id'},
            bases=['Record'],
        ),
        CreateTable(
            name='DeliveryEvidence',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault('uuidv7()'))),
                ('delivery', fields.ForeignKeyField('models.Delivery', source_field='delivery_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('file', fields.OneToOneField('models.File', source_field='file_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=40)),
                ('caption', fields.CharField(default='', db_default=SqlDefault("''"), max_length=200)),
                ('side', fields.CharField(max_length=40)),
                ('user_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'delivery_evidence', 'app': 'models', 'constraints': [CheckConstraint(check='"side" IN (\'county\', \'giver\')', name='ck_delivery_evidence_side')], 'pk_attr': 'id'},
            bases=['Identified'],
        ),
        ops.RunSQL(wall("file", READER, UPLOADER)),
        ops.RunSQL(CHANGE),
        ops.RunSQL(wall("delivery_evidence", DELIVERY, DELIVERY)),
        ops.RunSQL(CODES),
    ]
