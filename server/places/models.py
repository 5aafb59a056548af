"""Places, their dated codes, and public facts about them. Reference data: everyone may read it."""

from typing import ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    Identified,
    belongs_to,
    belongs_to_only,
    choice,
    flag,
    one_of,
    optional_choice,
    optional_fen,
    optional_quantity_field,
    rule,
    text,
    unique,
)


class Place(Identified):
    """An administrative division. `code` is its current GB/T 2260 code; the point is in degrees (WGS 84)."""

    level = choice(db_index=True)
    parent: fields.ForeignKeyNullableRelation["Place"] = belongs_to("Place", null=True)
    parent_id: UUID | None
    code = fields.CharField(max_length=12, unique=True)
    name_zh = fields.CharField(max_length=60)
    name_en = text(120)
    initials = text(40)
    longitude = fields.FloatField(null=True)
    latitude = fields.FloatField(null=True)

    class Meta:
        table = "place"
        constraints: ClassVar = [
            one_of(
                "place",
                "level",
                "province",
                "prefecture",
                "county",
                "township",
                "village",
            ),
            rule("place", "code", "code ~ '^[0-9]{6,12}$'"),
            rule(
                "place",
                "point",
                "longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90",
            ),
        ]


class PlaceCode(Identified):
    """A code that a place had between two dates (`valid_to` is exclusive, none while it holds)."""

    place: fields.ForeignKeyRelation[Place] = belongs_to("Place")
    place_id: UUID
    code = fields.CharField(max_length=12)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)

    class Meta:
        table = "place_code"
        constraints: ClassVar = [
            unique("place_code", "code", "valid_from"),
            rule("place_code", "dates", "valid_from < valid_to"),
        ]


class PovertyStatus(Identified):
    """When a county came on the list of poor counties, and the year of its exit (摘帽)."""

    place: fields.OneToOneRelation[Place] = belongs_to_only("Place")
    place_id: UUID
    listed_from = fields.DateField()
    exit_year = fields.IntField()

    class Meta:
        table = "poverty_status"
        constraints: ClassVar = [rule("poverty_status", "exit_year", "exit_year BETWEEN 2016 AND 2020")]


class FiscalRevenue(Identified):
    """General public budget revenue of a province in one year, in fen."""

    place: fields.ForeignKeyRelation[Place] = belongs_to("Place", db_index=False)
    place_id: UUID
    year = fields.IntField()
    amount_fen = fields.DecimalField(max_digits=24, decimal_places=0)
    preliminary = flag()

    class Meta:
        table = "fiscal_revenue"
        constraints: ClassVar = [
            unique("fiscal_revenue", "place_id", "year"),
            rule("fiscal_revenue", "amount_fen", "amount_fen >= 0"),
        ]


class PublishedRecord(Identified):
    """A need or assistance that others published (公开资料): read-only, outside books and docking.

    `grade` says how well its source was checked; a record that is not `linkable` is shown without a link. Figures are
    as published and must not be added up.
    """

    reference = fields.CharField(max_length=20, unique=True)
    kind = choice()
    place: fields.ForeignKeyNullableRelation[Place] = belongs_to("Place", null=True)
    place_id: UUID | None
    area_level = text(20)
    area_code = fields.CharField(max_length=12, null=True)
    county_name = text(200)
    giver_kind = optional_choice()
    giver_name = fields.CharField(max_length=200, null=True)
    year = fields.IntField(null=True)
    period = text(60)
    head = choice()
    title_zh = fields.CharField(max_length=200)
    title_en = text(300)
    quantity = optional_quantity_field()
    unit = text(40)
    funds_fen = optional_fen()
    households = fields.IntField(null=True)
    persons = fields.IntField(null=True)
    status = optional_choice()
    fund_source = text()
    record_level = text(40)
    grade = choice()
    source_url = text()
    linkable = flag()
    note = text()

    class Meta:
        table = "published_record"
        constraints: ClassVar = [
            one_of("published_record", "kind", "need", "assistance"),
            one_of("published_record", "grade", "A", "A-m", "B"),
            one_of("published_record", "status", "planned", "pledged", "delivered"),
            one_of(
                "published_record",
                "head",
                "funds",
                "industry",
                "labour",
                "talent",
                "training",
                "goods",
                "works",
                "consumption",
                "education",
                "health",
            ),
        ]
