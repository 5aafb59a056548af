"""Files: what was uploaded, by whom, and to whose record it belongs."""

from typing import ClassVar

from tortoise import fields

from server.kit.schema import CODE_LENGTH, Record, choice, one_of, optional_choice, rule

HASH_LENGTH = 64


class File(Record):
    """One uploaded file, kept under `content_hash`; a picture has its size in points and a small copy.

    Until it is put to a record it is its uploader's alone; from then on whoever may read that record reads the file,
    which the record's two sides and its county say.
    """

    uploaded_by = fields.UUIDField(db_index=True)
    media_type = choice()
    content_hash = fields.CharField(max_length=HASH_LENGTH, db_index=True)
    thumbnail_hash = fields.CharField(max_length=HASH_LENGTH, null=True)
    size = fields.IntField()
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    record_kind = optional_choice()
    record_id = fields.UUIDField(null=True, db_index=True)
    county_id = fields.UUIDField(null=True)
    giver_id = fields.UUIDField(null=True)
    county_code = fields.CharField(max_length=CODE_LENGTH, null=True)

    class Meta:
        table = "file"
        constraints: ClassVar = [
            one_of("file", "media_type", "image/jpeg", "image/png", "image/webp", "application/pdf"),
            rule("file", "size", "size > 0"),
            rule(
                "file",
                "record",
                "num_nulls(record_kind, record_id, county_id, giver_id, county_code) IN (0, 5)",
            ),
        ]
