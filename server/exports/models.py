"""Exported files: each for the person who asked for it, and for a week."""

from typing import Any, ClassVar

from tortoise import fields

from server.kit.schema import Record, choice, json_object, one_of, rule, text


class Export(Record):
    """One exported list. `content` is the file once it is made; `query` and `language` are how it was asked for."""

    created_by = fields.UUIDField(db_index=True)
    list_name = choice()
    format = choice()
    language = choice()
    query: fields.JSONField[dict[str, Any]] = json_object()
    job_id = fields.UUIDField(null=True)
    rows = fields.IntField(null=True)
    file_name = text(200)
    content = fields.BinaryField(null=True)
    made_at = fields.DatetimeField(null=True)

    class Meta:
        table = "export"
        constraints: ClassVar = [
            one_of(
                "export",
                "list_name",
                "needs",
                "offers",
                "proposals",
                "pledges",
                "deliveries",
                "coverage",
                "overdue",
                "ledger",
                "ledger_sums",
                "ledger_pledges",
                "projects",
                "integration",
                "targets",
                "money",
                "project_form",
                "monthly_progress",
                "year_report",
                "agreement_form",
                "meetings",
                "pairing_health",
            ),
            one_of("export", "format", "xlsx", "print"),
            one_of("export", "language", "zh-CN", "en"),
            rule("export", "made", "(content IS NULL) = (made_at IS NULL)"),
        ]
