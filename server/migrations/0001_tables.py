from decimal import Decimal

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from server.kit.clock import real_now
from server.kit.migrations import CreateTable
from server.kit.schema import GivenNumberField, new_id


class Migration(migrations.Migration):
    initial = True

    operations = [
        CreateTable(
            name="Account",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("subject_kind", fields.CharField(max_length=40)),
                ("subject_id", fields.UUIDField(unique=True)),
                ("owner_id", fields.UUIDField(db_index=True)),
                ("unit", fields.CharField(max_length=20)),
                ("bound", fields.CharField(max_length=40)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                (
                    "held",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                (
                    "pledged",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                (
                    "accepted",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                ("is_closed", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                ("entries", fields.IntField(default=0, db_default=SqlDefault("0"))),
                ("head", fields.BinaryField(default=b"", db_default=SqlDefault("''"))),
            ],
            options={
                "table": "account",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="\"subject_kind\" IN ('need', 'offer')", name="ck_account_subject_kind"),
                    CheckConstraint(check="\"bound\" IN ('cap', 'floor')", name="ck_account_bound"),
                    CheckConstraint(check="quantity >= 0", name="ck_account_quantity"),
                    CheckConstraint(check="held >= 0", name="ck_account_held"),
                    CheckConstraint(check="pledged >= 0", name="ck_account_pledged"),
                    CheckConstraint(check="accepted >= 0", name="ck_account_accepted"),
                    CheckConstraint(
                        check="bound = 'floor' OR held + pledged + accepted <= quantity", name="ck_account_cap"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="Dispatch",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("event_id", fields.UUIDField(null=True, db_index=True)),
                ("target", fields.CharField(max_length=40)),
                ("job_name", fields.CharField(null=True, max_length=80)),
                (
                    "payload",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("attempts", fields.IntField(default=0, db_default=SqlDefault("0"))),
                (
                    "next_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("state", fields.CharField(default="waiting", db_default=SqlDefault("'waiting'"), max_length=40)),
                ("last_error", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
            ],
            options={
                "table": "dispatch",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="\"target\" IN ('stream', 'job')", name="ck_dispatch_target"),
                    CheckConstraint(check="\"state\" IN ('waiting', 'sent', 'done', 'dead')", name="ck_dispatch_state"),
                    CheckConstraint(check="(target = 'job') = (job_name IS NOT NULL)", name="ck_dispatch_job_name"),
                    CheckConstraint(check="attempts >= 0", name="ck_dispatch_attempts"),
                ],
                "indexes": [Index(fields=["state", "next_at"])],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="DockingRun",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                ("status", fields.CharField(db_index=True, max_length=40)),
                (
                    "settings",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                (
                    "scope",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("snapshot_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("input_digest", fields.CharField(default="", db_default=SqlDefault("''"), max_length=64)),
                ("engine_version", fields.CharField(default="", db_default=SqlDefault("''"), max_length=40)),
                (
                    "progress",
                    fields.DecimalField(default=0, db_default=SqlDefault("0"), max_digits=4, decimal_places=3),
                ),
                (
                    "totals",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                (
                    "stages",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("error", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("job_id", fields.UUIDField(null=True)),
                ("started_by", fields.UUIDField(null=True)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "docking_run",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('queued', 'running', 'done', 'failed', 'cancelled')",
                        name="ck_docking_run_status",
                    ),
                    CheckConstraint(check="progress BETWEEN 0 AND 1", name="ck_docking_run_progress"),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Event",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                ("kind", fields.CharField(max_length=80)),
                ("subject_kind", fields.CharField(max_length=40)),
                ("subject_id", fields.UUIDField()),
                ("actor", fields.CharField(max_length=64)),
                (
                    "recorded_at",
                    fields.DatetimeField(
                        default=real_now, db_index=True, db_default=Now(), auto_now=False, auto_now_add=False
                    ),
                ),
                ("business_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("before", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("after", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("audience_participants", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="UUID")),
                ("audience_codes", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("public", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
            ],
            options={
                "table": "event",
                "app": "models",
                "indexes": [Index(fields=["subject_id", "recorded_at"])],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="Job",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("name", fields.CharField(max_length=80)),
                (
                    "payload",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("status", fields.CharField(default="queued", db_default=SqlDefault("'queued'"), max_length=40)),
                (
                    "progress",
                    fields.DecimalField(default=0, db_default=SqlDefault("0"), max_digits=4, decimal_places=3),
                ),
                ("message", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("result", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("error", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("cancel_requested", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                ("created_by", fields.CharField(db_index=True, max_length=64)),
                ("heartbeat_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "job",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="ck_job_status"
                    ),
                    CheckConstraint(check="progress BETWEEN 0 AND 1", name="ck_job_progress"),
                ],
                "indexes": [Index(fields=["status", "heartbeat_at"])],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sequence", fields.IntField()),
                ("movement", fields.CharField(max_length=40)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                (
                    "quantity_delta",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                (
                    "held_delta",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                (
                    "pledged_delta",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                (
                    "accepted_delta",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                ("counter_account_id", fields.UUIDField(null=True, db_index=True)),
                ("reference_kind", fields.CharField(max_length=40)),
                ("reference_id", fields.UUIDField(db_index=True)),
                ("business_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("recorded_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("recorded_by", fields.CharField(max_length=64)),
                ("previous_hash", fields.BinaryField()),
                ("hash", fields.BinaryField()),
                ("reverses", fields.UUIDField(null=True)),
            ],
            options={
                "table": "ledger_entry",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("account_id", "sequence"), name="uq_ledger_entry_account_id_sequence"),
                    CheckConstraint(
                        check="\"movement\" IN ('open', 'amend', 'hold', 'release', 'pledge', 'unpledge', 'accept', 'close', 'reverse')",
                        name="ck_ledger_entry_movement",
                    ),
                    CheckConstraint(check="sequence > 0", name="ck_ledger_entry_sequence"),
                    CheckConstraint(check="quantity >= 0 OR movement = 'amend'", name="ck_ledger_entry_quantity"),
                    CheckConstraint(
                        check="(movement = 'reverse') = (reverses IS NOT NULL)", name="ck_ledger_entry_reverses"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="Place",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                ("level", fields.CharField(db_index=True, max_length=40)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="parent_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=12)),
                ("name_zh", fields.CharField(max_length=60)),
                ("name_en", fields.CharField(default="", db_default=SqlDefault("''"), max_length=120)),
                ("initials", fields.CharField(default="", db_default=SqlDefault("''"), max_length=40)),
                ("longitude", fields.FloatField(null=True)),
                ("latitude", fields.FloatField(null=True)),
            ],
            options={
                "table": "place",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"level\" IN ('province', 'prefecture', 'county', 'township', 'village')",
                        name="ck_place_level",
                    ),
                    CheckConstraint(check="code ~ '^[0-9]{6,12}$'", name="ck_place_code"),
                    CheckConstraint(
                        check="longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90", name="ck_place_point"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="FiscalRevenue",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                ("amount_fen", fields.DecimalField(max_digits=24, decimal_places=0)),
                ("preliminary", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
            ],
            options={
                "table": "fiscal_revenue",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("place_id", "year"), name="uq_fiscal_revenue_place_id_year"),
                    CheckConstraint(check="amount_fen >= 0", name="ck_fiscal_revenue_amount_fen"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="Participant",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                ("kind", fields.CharField(db_index=True, max_length=40)),
                ("name_zh", fields.CharField(max_length=200)),
                ("name_en", fields.CharField(default="", db_default=SqlDefault("''"), max_length=200)),
                ("credit_code", fields.CharField(null=True, unique=True, max_length=18)),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("status", fields.CharField(db_index=True, max_length=40)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("alias", fields.CharField(null=True, max_length=100)),
                ("remarks", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="parent_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "participant",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"kind\" IN ('eastern_partner', 'western_government', 'line_department', 'designated_unit', 'armed_forces_unit', 'democratic_party', 'enterprise', 'social_organisation', 'citizen', 'coordinating_office', 'supervisor')",
                        name="ck_participant_kind",
                    ),
                    CheckConstraint(
                        check="\"status\" IN ('applied', 'verified', 'returned', 'rejected', 'suspended')",
                        name="ck_participant_status",
                    ),
                    CheckConstraint(
                        check="status <> 'verified' OR verified_at IS NOT NULL", name="ck_participant_verified"
                    ),
                    CheckConstraint(check="parent_id <> id", name="ck_participant_parent"),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Pairing",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                ("kind", fields.CharField(db_index=True, max_length=40)),
                (
                    "giver_place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="giver_place_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="giver_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("giver_name", fields.CharField(null=True, max_length=200)),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("policy", fields.CharField(max_length=40)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField(null=True)),
                ("status", fields.CharField(db_index=True, max_length=40)),
                ("verified", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                (
                    "successor",
                    fields.ForeignKeyField(
                        "models.Pairing",
                        source_field="successor_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reference", fields.CharField(null=True, unique=True, max_length=80)),
            ],
            options={
                "table": "pairing",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"kind\" IN ('east_west', 'counterpart', 'county_county', 'designated', 'armed_forces', 'party_supervision', 'enterprise_village')",
                        name="ck_pairing_kind",
                    ),
                    CheckConstraint(check="\"policy\" IN ('2016', '2021', '2022', '2026')", name="ck_pairing_policy"),
                    CheckConstraint(
                        check="\"status\" IN ('proposed', 'confirmed', 'active', 'adjusting', 'ended')",
                        name="ck_pairing_status",
                    ),
                    CheckConstraint(
                        check="giver_place_id IS NOT NULL OR giver_id IS NOT NULL OR giver_name IS NOT NULL",
                        name="ck_pairing_giver",
                    ),
                    CheckConstraint(check="valid_from <= valid_to", name="ck_pairing_dates"),
                    CheckConstraint(check="status <> 'ended' OR valid_to IS NOT NULL", name="ck_pairing_ended"),
                    CheckConstraint(check="successor_id <> id", name="ck_pairing_successor"),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="PlaceCode",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(max_length=12)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField(null=True)),
            ],
            options={
                "table": "place_code",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code", "valid_from"), name="uq_place_code_code_valid_from"),
                    CheckConstraint(check="valid_from < valid_to", name="ck_place_code_dates"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="PovertyStatus",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "place",
                    fields.OneToOneField(
                        "models.Place",
                        source_field="place_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("listed_from", fields.DateField()),
                ("exit_year", fields.IntField()),
            ],
            options={
                "table": "poverty_status",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="exit_year BETWEEN 2016 AND 2020", name="ck_poverty_status_exit_year")
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="PublishedRecord",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                ("reference", fields.CharField(unique=True, max_length=20)),
                ("kind", fields.CharField(max_length=40)),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("area_level", fields.CharField(default="", db_default=SqlDefault("''"), max_length=20)),
                ("area_code", fields.CharField(null=True, max_length=12)),
                ("county_name", fields.CharField(default="", db_default=SqlDefault("''"), max_length=200)),
                ("giver_kind", fields.CharField(null=True, max_length=40)),
                ("giver_name", fields.CharField(null=True, max_length=200)),
                ("year", fields.IntField(null=True)),
                ("period", fields.CharField(default="", db_default=SqlDefault("''"), max_length=60)),
                ("head", fields.CharField(max_length=40)),
                ("title_zh", fields.CharField(max_length=200)),
                ("title_en", fields.CharField(default="", db_default=SqlDefault("''"), max_length=300)),
                ("quantity", fields.DecimalField(null=True, max_digits=20, decimal_places=3)),
                ("unit", fields.CharField(default="", db_default=SqlDefault("''"), max_length=40)),
                ("funds_fen", fields.DecimalField(null=True, max_digits=20, decimal_places=0)),
                ("households", fields.IntField(null=True)),
                ("persons", fields.IntField(null=True)),
                ("status", fields.CharField(null=True, max_length=40)),
                ("fund_source", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("record_level", fields.CharField(default="", db_default=SqlDefault("''"), max_length=40)),
                ("grade", fields.CharField(max_length=40)),
                ("source_url", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("linkable", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                ("note", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
            ],
            options={
                "table": "published_record",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="\"kind\" IN ('need', 'assistance')", name="ck_published_record_kind"),
                    CheckConstraint(check="\"grade\" IN ('A', 'A-m', 'B')", name="ck_published_record_grade"),
                    CheckConstraint(
                        check="\"status\" IN ('planned', 'pledged', 'delivered')", name="ck_published_record_status"
                    ),
                    CheckConstraint(
                        check="\"head\" IN ('funds', 'industry', 'labour', 'talent', 'training', 'goods', 'works', 'consumption', 'education', 'health')",
                        name="ck_published_record_head",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="ResourceType",
            fields=[
                ("code", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ("head", fields.CharField(db_index=True, max_length=40)),
                ("name_zh", fields.CharField(max_length=60)),
                ("name_en", fields.CharField(default="", db_default=SqlDefault("''"), max_length=120)),
                ("unit", fields.CharField(max_length=20)),
                ("decimals", fields.IntField(default=0, db_default=SqlDefault("0"))),
                ("bound", fields.CharField(max_length=40)),
                ("reach", fields.CharField(max_length=40)),
                ("is_money", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                (
                    "checklist",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                (
                    "evidence",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                (
                    "accepted_units",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("position", fields.IntField(default=0, db_default=SqlDefault("0"))),
            ],
            options={
                "table": "resource_type",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"head\" IN ('funds', 'industry', 'labour', 'talent', 'training', 'goods', 'works', 'consumption', 'education', 'health')",
                        name="ck_resource_type_head",
                    ),
                    CheckConstraint(check="\"bound\" IN ('cap', 'floor')", name="ck_resource_type_bound"),
                    CheckConstraint(check="\"reach\" IN ('pairing', 'open')", name="ck_resource_type_reach"),
                    CheckConstraint(check="decimals BETWEEN 0 AND 3", name="ck_resource_type_decimals"),
                    CheckConstraint(
                        check="NOT is_money OR (unit = 'fen' AND decimals = 0)", name="ck_resource_type_money"
                    ),
                ],
                "pk_attr": "code",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Need",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "place",
                    fields.ForeignKeyField(
                        "models.Place",
                        source_field="place_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_code", fields.CharField(db_index=True, max_length=6)),
                (
                    "participant",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="participant_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("project_id", fields.UUIDField(null=True)),
                (
                    "resource_type",
                    fields.ForeignKeyField(
                        "models.ResourceType",
                        source_field="resource_type_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="code",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=200)),
                ("description", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("declared_value", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("declared_unit", fields.CharField(max_length=20)),
                ("min_part", fields.DecimalField(null=True, max_digits=20, decimal_places=3)),
                ("max_sources", fields.IntField(default=6, db_default=SqlDefault("6"))),
                ("window_from", fields.DateField()),
                ("window_to", fields.DateField()),
                ("priority", fields.IntField(default=3, db_default=SqlDefault("3"))),
                ("skills", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("households", fields.IntField(null=True)),
                ("persons", fields.IntField(null=True)),
                ("villages", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("necessity", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("status", fields.CharField(max_length=40)),
                ("close_reason", fields.CharField(null=True, max_length=40)),
                ("remark", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("written_by", fields.UUIDField()),
                ("reviewed_by", fields.UUIDField(null=True)),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "need",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('draft', 'submitted', 'under_review', 'returned', 'rejected', 'published', 'suspended', 'closed')",
                        name="ck_need_status",
                    ),
                    CheckConstraint(
                        check="\"close_reason\" IN ('satisfied', 'part_satisfied', 'withdrawn', 'expired')",
                        name="ck_need_close_reason",
                    ),
                    CheckConstraint(check="status <> 'closed' OR close_reason IS NOT NULL", name="ck_need_closed"),
                    CheckConstraint(
                        check="status NOT IN ('published', 'suspended') OR published_at IS NOT NULL",
                        name="ck_need_published",
                    ),
                    CheckConstraint(check="quantity >= 0 AND declared_value >= 0", name="ck_need_quantity"),
                    CheckConstraint(check="quantity > 0 OR status IN ('draft', 'closed')", name="ck_need_nothing"),
                    CheckConstraint(check="min_part > 0 AND min_part <= quantity", name="ck_need_min_part"),
                    CheckConstraint(check="max_sources > 0", name="ck_need_max_sources"),
                    CheckConstraint(check="window_from <= window_to", name="ck_need_window"),
                    CheckConstraint(check="priority BETWEEN 1 AND 5", name="ck_need_priority"),
                    CheckConstraint(check="households >= 0 AND persons >= 0", name="ck_need_beneficiaries"),
                ],
                "indexes": [Index(fields=["status", "published_at"])],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Offer",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "participant",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="participant_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("giver_code", fields.CharField(null=True, db_index=True, max_length=6)),
                (
                    "resource_type",
                    fields.ForeignKeyField(
                        "models.ResourceType",
                        source_field="resource_type_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="code",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=200)),
                ("description", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("declared_value", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("declared_unit", fields.CharField(max_length=20)),
                ("min_lot", fields.DecimalField(null=True, max_digits=20, decimal_places=3)),
                ("max_receivers", fields.IntField(null=True)),
                ("window_from", fields.DateField()),
                ("window_to", fields.DateField()),
                ("skills", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("restriction", fields.CharField(max_length=40)),
                ("place_codes", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("status", fields.CharField(max_length=40)),
                ("close_reason", fields.CharField(null=True, max_length=40)),
                ("remark", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("written_by", fields.UUIDField()),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "offer",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"restriction\" IN ('none', 'paired', 'places')", name="ck_offer_restriction"
                    ),
                    CheckConstraint(
                        check="\"status\" IN ('draft', 'published', 'suspended', 'closed')", name="ck_offer_status"
                    ),
                    CheckConstraint(
                        check="\"close_reason\" IN ('exhausted', 'withdrawn', 'expired')", name="ck_offer_close_reason"
                    ),
                    CheckConstraint(check="status <> 'closed' OR close_reason IS NOT NULL", name="ck_offer_closed"),
                    CheckConstraint(
                        check="status NOT IN ('published', 'suspended') OR published_at IS NOT NULL",
                        name="ck_offer_published",
                    ),
                    CheckConstraint(check="quantity >= 0 AND declared_value >= 0", name="ck_offer_quantity"),
                    CheckConstraint(check="quantity > 0 OR status IN ('draft', 'closed')", name="ck_offer_nothing"),
                    CheckConstraint(check="min_lot > 0 AND min_lot <= quantity", name="ck_offer_min_lot"),
                    CheckConstraint(check="max_receivers > 0", name="ck_offer_max_receivers"),
                    CheckConstraint(check="window_from <= window_to", name="ck_offer_window"),
                ],
                "indexes": [Index(fields=["status", "published_at"])],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="CoolDown",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                (
                    "need",
                    fields.ForeignKeyField(
                        "models.Need",
                        source_field="need_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason_code", fields.CharField(null=True, max_length=40)),
            ],
            options={"table": "cool_down", "app": "models", "pk_attr": "id"},
            bases=["Record"],
        ),
        CreateTable(
            name="Setting",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ("value", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={"table": "setting", "app": "models", "pk_attr": "key"},
            bases=["Model"],
        ),
        CreateTable(
            name="SignInFailure",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                ("identifier", fields.CharField(max_length=120)),
                ("client", fields.CharField(default="", db_default=SqlDefault("''"), max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sign_in_failure",
                "app": "models",
                "indexes": [Index(fields=["identifier", "client", "at"])],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="StoredReply",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("principal", fields.CharField(max_length=64)),
                ("route", fields.CharField(max_length=200)),
                ("key", fields.CharField(max_length=200)),
                ("body_hash", fields.CharField(max_length=64)),
                ("status", fields.IntField()),
                ("body", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "headers",
                    fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=JSON_DUMPS, decoder=loads),
                ),
            ],
            options={
                "table": "stored_reply",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("principal", "route", "key"), name="uq_stored_reply_principal_route_key"),
                    CheckConstraint(check="status BETWEEN 200 AND 299", name="ck_stored_reply_status"),
                ],
                "indexes": [Index(fields=["created_at"])],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="StreamEntry",
            fields=[
                ("seq", GivenNumberField(primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=80)),
                ("subject_kind", fields.CharField(max_length=40)),
                ("subject_id", fields.UUIDField()),
                ("audience_participants", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="UUID")),
                ("audience_codes", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("public", fields.BooleanField(default=False, db_default=SqlDefault("false"))),
                (
                    "created_at",
                    fields.DatetimeField(
                        default=real_now, db_index=True, db_default=Now(), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "stream_entry",
                "app": "models",
                "constraints": [CheckConstraint(check="seq > 0", name="ck_stream_entry_seq")],
                "pk_attr": "seq",
            },
            bases=["Model"],
        ),
        CreateTable(
            name="Suggestion",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "run",
                    fields.ForeignKeyField(
                        "models.DockingRun",
                        source_field="run_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "need",
                    fields.ForeignKeyField(
                        "models.Need",
                        source_field="need_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_id", fields.UUIDField(db_index=True)),
                ("giver_id", fields.UUIDField(db_index=True)),
                ("county_code", fields.CharField(max_length=6)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("score", fields.IntField()),
                (
                    "reasons",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                (
                    "alternatives",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
                ("status", fields.CharField(max_length=40)),
                ("dismissed_reason", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("proposal_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "suggestion",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('open', 'proposed', 'dismissed', 'superseded')", name="ck_suggestion_status"
                    ),
                    CheckConstraint(check="quantity > 0", name="ck_suggestion_quantity"),
                    CheckConstraint(
                        check="(status = 'proposed') = (proposal_id IS NOT NULL)", name="ck_suggestion_proposed"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Proposal",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "need",
                    fields.ForeignKeyField(
                        "models.Need",
                        source_field="need_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "suggestion",
                    fields.ForeignKeyField(
                        "models.Suggestion",
                        source_field="suggestion_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "pairing",
                    fields.ForeignKeyField(
                        "models.Pairing",
                        source_field="pairing_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "county",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="county_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="giver_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_code", fields.CharField(db_index=True, max_length=6)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("window_from", fields.DateField()),
                ("window_to", fields.DateField()),
                ("terms", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("hold_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("renewals", fields.IntField(default=0, db_default=SqlDefault("0"))),
                ("status", fields.CharField(max_length=40)),
                ("proposed_by_side", fields.CharField(max_length=40)),
                ("agreed_by", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("decline_code", fields.CharField(null=True, max_length=40)),
                ("remark", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
            ],
            options={
                "table": "proposal",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('proposed', 'countered', 'agreed', 'pledged', 'declined', 'withdrawn', 'lapsed', 'superseded')",
                        name="ck_proposal_status",
                    ),
                    CheckConstraint(
                        check="\"proposed_by_side\" IN ('county', 'giver', 'coordinator')",
                        name="ck_proposal_proposed_by_side",
                    ),
                    UniqueConstraint(
                        fields=("need_id", "offer_id"),
                        name="uq_proposal_need_id_offer_id",
                        condition="status IN ('proposed', 'countered', 'agreed')",
                    ),
                    CheckConstraint(
                        check="status <> 'declined' OR decline_code IS NOT NULL", name="ck_proposal_declined"
                    ),
                    CheckConstraint(check="agreed_by <@ ARRAY['county', 'giver']", name="ck_proposal_agreed_by"),
                    CheckConstraint(check="quantity > 0", name="ck_proposal_quantity"),
                    CheckConstraint(check="window_from <= window_to", name="ck_proposal_window"),
                    CheckConstraint(check="renewals >= 0", name="ck_proposal_renewals"),
                ],
                "indexes": [Index(fields=["status", "hold_until"])],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Pledge",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "proposal",
                    fields.OneToOneField(
                        "models.Proposal",
                        source_field="proposal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "need",
                    fields.ForeignKeyField(
                        "models.Need",
                        source_field="need_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "pairing",
                    fields.ForeignKeyField(
                        "models.Pairing",
                        source_field="pairing_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "county",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="county_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="giver_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_code", fields.CharField(db_index=True, max_length=6)),
                (
                    "resource_type",
                    fields.ForeignKeyField(
                        "models.ResourceType",
                        source_field="resource_type_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="code",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                (
                    "accepted",
                    fields.DecimalField(
                        default=Decimal("0"), db_default=SqlDefault("0"), max_digits=20, decimal_places=3
                    ),
                ),
                ("status", fields.CharField(max_length=40)),
                ("sign_by", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due", fields.DateField()),
                ("text_zh", fields.TextField(unique=False)),
                ("text_en", fields.TextField(unique=False)),
                ("text_hash", fields.CharField(max_length=64)),
                ("revision", fields.IntField(default=1, db_default=SqlDefault("1"))),
                ("value_fen", fields.DecimalField(null=True, max_digits=20, decimal_places=0)),
                ("paid_by", fields.CharField(default="", db_default=SqlDefault("''"), max_length=200)),
                ("mobilised_by", fields.CharField(null=True, max_length=200)),
                ("remark", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("effective_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "pledge",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('awaiting_verification', 'awaiting_signature', 'effective', 'fulfilled', 'closed', 'suspended', 'cancelled', 'terminated', 'written_off')",
                        name="ck_pledge_status",
                    ),
                    CheckConstraint(check="quantity > 0", name="ck_pledge_quantity"),
                    CheckConstraint(check="accepted >= 0", name="ck_pledge_accepted"),
                    CheckConstraint(check="status <> 'cancelled' OR accepted = 0", name="ck_pledge_cancelled"),
                    CheckConstraint(
                        check="status <> 'effective' OR effective_at IS NOT NULL", name="ck_pledge_effective"
                    ),
                    CheckConstraint(check="revision > 0", name="ck_pledge_revision"),
                    CheckConstraint(check="value_fen >= 0", name="ck_pledge_value"),
                ],
                "indexes": [Index(fields=["status", "sign_by"]), Index(fields=["status", "due"])],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="Delivery",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                (
                    "pledge",
                    fields.ForeignKeyField(
                        "models.Pledge",
                        source_field="pledge_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "county",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="county_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "models.Participant",
                        source_field="giver_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_code", fields.CharField(db_index=True, max_length=6)),
                ("declared", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("accepted", fields.DecimalField(null=True, max_digits=20, decimal_places=3)),
                ("status", fields.CharField(db_index=True, max_length=40)),
                ("shortfall_reason", fields.CharField(null=True, max_length=40)),
                ("remark", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("client_ref", fields.CharField(null=True, max_length=80)),
                ("participant_id", fields.UUIDField()),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delivery",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"status\" IN ('planned', 'sent', 'arrived', 'inspected', 'accepted', 'accepted_short', 'rejected', 'disputed', 'lost')",
                        name="ck_delivery_status",
                    ),
                    UniqueConstraint(
                        fields=("participant_id", "client_ref"),
                        name="uq_delivery_participant_id_client_ref",
                        condition="client_ref IS NOT NULL",
                    ),
                    CheckConstraint(check="declared > 0", name="ck_delivery_declared"),
                    CheckConstraint(check="accepted >= 0", name="ck_delivery_accepted"),
                    CheckConstraint(
                        check="status NOT IN ('accepted', 'accepted_short') OR (accepted IS NOT NULL AND decided_at IS NOT NULL)",
                        name="ck_delivery_decided",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="DeliveryStage",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "delivery",
                    fields.ForeignKeyField(
                        "models.Delivery",
                        source_field="delivery_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=40)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("user_id", fields.UUIDField()),
                ("voucher", fields.CharField(null=True, max_length=100)),
                ("note", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
            ],
            options={
                "table": "delivery_stage",
                "app": "models",
                "constraints": [CheckConstraint(check="kind <> ''", name="ck_delivery_stage_kind")],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="Instalment",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "pledge",
                    fields.ForeignKeyField(
                        "models.Pledge",
                        source_field="pledge_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("due", fields.DateField()),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
            ],
            options={
                "table": "instalment",
                "app": "models",
                "constraints": [CheckConstraint(check="quantity > 0", name="ck_instalment_quantity")],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="PledgeSignature",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "pledge",
                    fields.ForeignKeyField(
                        "models.Pledge",
                        source_field="pledge_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revision", fields.IntField()),
                ("side", fields.CharField(max_length=40)),
                ("user_id", fields.UUIDField()),
                ("text_hash", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "pledge_signature",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("pledge_id", "revision", "side"), name="uq_pledge_signature_pledge_id_revision_side"
                    ),
                    CheckConstraint(check="\"side\" IN ('county', 'giver')", name="ck_pledge_signature_side"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="ProposalMessage",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="proposal_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("side", fields.CharField(max_length=40)),
                ("body", fields.TextField(unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "proposal_message",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"side\" IN ('county', 'giver', 'coordinator')", name="ck_proposal_message_side"
                    ),
                    CheckConstraint(check="body <> ''", name="ck_proposal_message_body"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="ProposalTurn",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "proposal",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="proposal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sequence", fields.IntField()),
                ("by_side", fields.CharField(max_length=40)),
                ("user_id", fields.UUIDField()),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=3)),
                ("window_from", fields.DateField()),
                ("window_to", fields.DateField()),
                ("terms", fields.TextField(default="", db_default=SqlDefault("''"), unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "proposal_turn",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("proposal_id", "sequence"), name="uq_proposal_turn_proposal_id_sequence"),
                    CheckConstraint(
                        check="\"by_side\" IN ('county', 'giver', 'coordinator')", name="ck_proposal_turn_by_side"
                    ),
                    CheckConstraint(check="quantity > 0", name="ck_proposal_turn_quantity"),
                    CheckConstraint(check="window_from <= window_to", name="ck_proposal_turn_window"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="Unmet",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "run",
                    fields.ForeignKeyField(
                        "models.DockingRun",
                        source_field="run_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "need",
                    fields.ForeignKeyField(
                        "models.Need",
                        source_field="need_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("county_code", fields.CharField(null=True, max_length=6)),
                ("owner_id", fields.UUIDField(db_index=True)),
                ("open", fields.DecimalField(max_digits=20, decimal_places=3)),
                (
                    "reasons",
                    fields.JSONField(default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads),
                ),
            ],
            options={
                "table": "unmet",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="(need_id IS NULL) <> (offer_id IS NULL)", name="ck_unmet_subject"),
                    CheckConstraint(check="open >= 0", name="ck_unmet_open"),
                ],
                "pk_attr": "id",
            },
            bases=["Identified"],
        ),
        CreateTable(
            name="User",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("version", fields.IntField(default=1, db_default=SqlDefault("1"))),
                ("identifier", fields.CharField(unique=True, max_length=120)),
                ("name", fields.CharField(max_length=120)),
                ("name_en", fields.CharField(default="", db_default=SqlDefault("''"), max_length=120)),
                ("password_hash", fields.CharField(null=True, max_length=255)),
                ("language", fields.CharField(default="zh-CN", db_default=SqlDefault("'zh-CN'"), max_length=40)),
                ("theme", fields.CharField(default="system", db_default=SqlDefault("'system'"), max_length=40)),
                ("is_active", fields.BooleanField(default=True, db_default=SqlDefault("true"))),
            ],
            options={
                "table": "account_user",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="\"language\" IN ('zh-CN', 'en')", name="ck_account_user_language"),
                    CheckConstraint(check="\"theme\" IN ('system', 'light', 'dark')", name="ck_account_user_theme"),
                    CheckConstraint(
                        check="identifier = lower(identifier) AND identifier <> ''", name="ck_account_user_identifier"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["VersionedRecord"],
        ),
        CreateTable(
            name="ApiKey",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("key_hash", fields.BinaryField()),
                ("scopes", ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT")),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "api_key",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("key_hash",), name="uq_api_key_key_hash")],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=40)),
                ("participant_id", fields.UUIDField(null=True, db_index=True)),
                ("place_code", fields.CharField(null=True, max_length=6)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "role_grant",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="\"role\" IN ('administrator', 'editor', 'reviewer', 'signatory', 'viewer', 'coordinator', 'leading_group_office', 'supervisor', 'auditor', 'platform_administrator')",
                        name="ck_role_grant_role",
                    ),
                    CheckConstraint(
                        check="(role IN ('administrator', 'editor', 'reviewer', 'signatory', 'viewer')) = (participant_id IS NOT NULL)",
                        name="ck_role_grant_participant",
                    ),
                    CheckConstraint(check="participant_id IS NULL OR place_code IS NULL", name="ck_role_grant_place"),
                    UniqueConstraint(
                        fields=("user_id", "role", "participant_id"),
                        name="uq_role_grant_user_id_role_participant_id",
                        condition="revoked_at IS NULL AND participant_id IS NOT NULL",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
        CreateTable(
            name="Session",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=new_id, unique=True, db_index=True, db_default=SqlDefault("uuidv7()")
                    ),
                ),
                (
                    "created_at",
                    fields.DatetimeField(default=real_now, db_default=Now(), auto_now=False, auto_now_add=False),
                ),
                ("token_hash", fields.BinaryField()),
                ("csrf_token", fields.CharField(max_length=64)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("user_agent", fields.CharField(default="", db_default=SqlDefault("''"), max_length=400)),
            ],
            options={
                "table": "session",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("token_hash",), name="uq_session_token_hash")],
                "pk_attr": "id",
            },
            bases=["Record"],
        ),
    ]
