"""Events, what is still to be delivered, the stream, jobs, stored replies and settings."""

from typing import Any, ClassVar

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from server.kit.clock import real_now
from server.kit.schema import (
    GivenNumberField,
    Identified,
    Record,
    choice,
    count,
    flag,
    ids,
    json_object,
    one_of,
    rule,
    text,
    texts,
    unique,
)


class Event(Identified):
    """Who did what to which record, with its state before and after. Append-only.

    `audience_participants` and `audience_codes` (county and giver place codes, matched by oversight) say who may see
    it; `public` means every signed-in user. `recorded_at` is real, `business_at` business time. `acting_for` is the
    person in whose place a substitute did it.
    """

    kind = fields.CharField(max_length=80)
    subject_kind = choice()
    subject_id = fields.UUIDField()
    actor = fields.CharField(max_length=64)
    acting_for = fields.UUIDField(null=True)
    recorded_at = fields.DatetimeField(default=real_now, db_default=Now(), db_index=True)
    business_at = fields.DatetimeField()
    before: fields.JSONField[Any] = fields.JSONField(null=True)
    after: fields.JSONField[Any] = fields.JSONField(null=True)
    audience_participants = ids()
    audience_codes = texts()
    public = flag()

    class Meta:
        table = "event"
        indexes = (("subject_id", "recorded_at"),)


class Dispatch(Record):
    """Something still to be delivered: a stream entry for an event, or a job to start. Drained by the relay."""

    event_id = fields.UUIDField(null=True, db_index=True)
    target = choice()
    job_name = fields.CharField(max_length=80, null=True)
    payload: fields.JSONField[dict[str, Any]] = json_object()
    attempts = count()
    next_at = fields.DatetimeField(default=real_now, db_default=Now())
    state = choice(default="waiting", db_default=SqlDefault("'waiting'"))
    last_error = text()

    class Meta:
        table = "dispatch"
        indexes = (("state", "next_at"),)
        constraints: ClassVar = [
            one_of("dispatch", "target", "stream", "job"),
            one_of("dispatch", "state", "waiting", "sent", "done", "dead"),
            rule("dispatch", "job_name", "(target = 'job') = (job_name IS NOT NULL)"),
            rule("dispatch", "attempts", "attempts >= 0"),
        ]


class StreamEntry(Model):
    """One numbered notice that a record changed: kind and id only, the client fetches again if it may.

    `seq` is global and without gaps: the relay alone gives it.
    """

    seq = GivenNumberField()
    event_id = fields.UUIDField(null=True)
    kind = fields.CharField(max_length=80)
    subject_kind = choice()
    subject_id = fields.UUIDField()
    audience_participants = ids()
    audience_codes = texts()
    public = flag()
    created_at = fields.DatetimeField(default=real_now, db_default=Now(), db_index=True)

    class Meta:
        table = "stream_entry"
        constraints: ClassVar = [rule("stream_entry", "seq", "seq > 0")]


class Job(Record):
    """Long work done by a worker in many short transactions, with its progress from 0 to 1."""

    name = fields.CharField(max_length=80)
    payload: fields.JSONField[dict[str, Any]] = json_object()
    status = choice(default="queued", db_default=SqlDefault("'queued'"))
    progress = fields.DecimalField(max_digits=4, decimal_places=3, default=0, db_default=SqlDefault("0"))
    message: fields.JSONField[Any] = fields.JSONField(null=True)
    result: fields.JSONField[Any] = fields.JSONField(null=True)
    error = text()
    cancel_requested = flag()
    created_by = fields.CharField(max_length=64, db_index=True)
    heartbeat_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job"
        indexes = (("status", "heartbeat_at"),)
        constraints: ClassVar = [
            one_of("job", "status", "queued", "running", "done", "failed", "cancelled"),
            rule("job", "progress", "progress BETWEEN 0 AND 1"),
        ]


class StoredReply(Record):
    """The reply to a request with an idempotency key, given again when the same request comes again."""

    principal = fields.CharField(max_length=64)
    route = fields.CharField(max_length=200)
    key = fields.CharField(max_length=200)
    body_hash = fields.CharField(max_length=64)
    status = fields.IntField()
    body: fields.JSONField[Any] = fields.JSONField(null=True)
    headers: fields.JSONField[dict[str, Any]] = json_object()

    class Meta:
        table = "stored_reply"
        indexes = (("created_at",),)
        constraints: ClassVar = [
            unique("stored_reply", "principal", "route", "key"),
            rule("stored_reply", "status", "status BETWEEN 200 AND 299"),
        ]


class ClientReference(Record):
    """The record of a kind that a form made under its client's own reference, for good.

    `owner_id` is the participant for whom it was sent, or the user who belongs to neither side; `body_hash` is the
    SHA-256 of the form.
    """

    owner_id = fields.UUIDField()
    kind = choice()
    client_ref = fields.CharField(max_length=80)
    record_id = fields.UUIDField()
    body_hash = fields.CharField(max_length=64)

    class Meta:
        table = "client_reference"
        constraints: ClassVar = [unique("client_reference", "owner_id", "kind", "client_ref")]


class Setting(Model):
    """A value that the platform keeps for itself, such as the offset of the business clock."""

    key = fields.CharField(max_length=80, primary_key=True)
    value: fields.JSONField[Any] = fields.JSONField()

    class Meta:
        table = "setting"
